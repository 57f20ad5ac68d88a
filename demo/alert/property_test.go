package alert

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// tree draws a formula over $A and $B, and what it comes to.
func tree(t *rapid.T, depth int, a, b float64) (string, float64) {
	if depth == 0 {
		switch rapid.IntRange(0, 3).Draw(t, "leaf") {
		case 0:
			return "$A", a
		case 1:
			return "${B}", b
		default:
			n := rapid.IntRange(0, 50).Draw(t, "number")
			return fmt.Sprint(n), float64(n)
		}
	}
	left, x := tree(t, depth-1, a, b)
	right, y := tree(t, depth-1, a, b)
	truth := map[bool]float64{true: 1}
	switch rapid.SampledFrom([]string{"+", "-", "*", "/", ">", "<", ">=", "<=", "abs", "neg"}).Draw(t, "operator") {
	case "+":
		return "(" + left + " + " + right + ")", x + y
	case "-":
		return "(" + left + " - " + right + ")", x - y
	case "*":
		return "(" + left + " * " + right + ")", x * y
	case "/":
		return "(" + left + " / (" + right + " * " + right + " + 1))", x / (y*y + 1)
	case ">":
		return "(" + left + " > " + right + ")", truth[x > y]
	case "<":
		return "(" + left + " < " + right + ")", truth[x < y]
	case ">=":
		return "(" + left + " >= " + right + ")", truth[x >= y]
	case "<=":
		return "(" + left + " <= " + right + ")", truth[x <= y]
	case "abs":
		return "abs(" + left + ")", math.Abs(x)
	default:
		return "(-" + left + ")", -x
	}
}

// A formula comes to what its arithmetic comes to, however deep it is, for each series on its own.
func TestFormulasComeToTheirArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Float64Range(-100, 100)
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		text, want := tree(t, rapid.IntRange(0, 4).Draw(t, "depth"), a, b)
		web := map[string]string{"instance": "web"}
		got, err := formula(text+" + 0 * $A", map[string][]Dimension{
			"A": {{Labels: web, Number: a}, {Labels: map[string]string{"instance": "alone"}, Number: 1}},
			"B": {{Labels: web, Number: b}},
		})
		require.NoError(t, err, text)
		require.Equal(t, web, got[0].Labels)
		require.InDelta(t, want, got[0].Number, 1e-9*(1+math.Abs(want)), text)
		if strings.Contains(text, "B") {
			require.Len(t, got, 1, "the other series has no B")
		}
	})
}

// What stands without parentheses binds as in arithmetic: times before plus, plus before comparing, from left to right.
func TestOperatorsBindAsInArithmetic(t *testing.T) {
	nodes := map[string][]Dimension{"A": {{Number: 7}}, "B": {{Number: 2}}}
	for text, want := range map[string]float64{
		"$A + $B * 3": 13, "$A - $B - 1": 4, "$A / $B / 7": 0.5, "-$A + $B": -5, "$A > $B + 4": 1, "$A * -1 < $B": 1, "abs(-$A) - $B": 5, "$A - $B > 4 * 2": 0, "1e2 * $B": 200, ".5 * $B": 1,
	} {
		got, err := formula(text, nodes)
		require.NoError(t, err, text)
		require.InDelta(t, want, got[0].Number, 1e-12, text)
	}
	got, err := formula("$A / ($B - 2)", nodes)
	require.NoError(t, err)
	require.True(t, math.IsInf(got[0].Number, 1), "dividing by nothing is no mistake of the rule")
}

// Thresholds come in pairs of which always one holds.
func TestOneOfTwoThresholdsHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := float64(rapid.IntRange(-3, 3).Draw(t, "value"))
		low := float64(rapid.IntRange(-3, 3).Draw(t, "low"))
		high := low + float64(rapid.IntRange(0, 3).Draw(t, "width"))
		met := func(kind string) float64 {
			e := expression{Conditions: []struct{ Evaluator evaluator }{{evaluator{kind, []float64{low, high}}}}}
			got, err := threshold(&e, Dimension{Number: v})
			require.NoError(t, err)
			return got
		}
		require.InDelta(t, 1, met("gt")+met("lte"), 0)
		require.InDelta(t, 1, met("lt")+met("gte"), 0)
		require.InDelta(t, 1, met("eq")+met("ne"), 0)
		inner, edge := met("within_range")+met("outside_range"), v == low || v == high
		require.InDelta(t, map[bool]float64{true: 0, false: 1}[edge], inner, 0, "the edges are in neither")
	})
}

// Reducers agree with one another, whatever is missing.
func TestReducersAgree(t *testing.T) {
	value := rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.Just(math.NaN()), rapid.Just(math.Inf(1)))
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(value, 0, 20).Draw(t, "values")
		by := func(reducer, mode string) float64 {
			e := expression{Reducer: reducer}
			e.Settings.Mode = mode
			instead := 5.0
			e.Settings.ReplaceWithValue = &instead
			got, err := reduce(&e, Dimension{Values: values, Time: true})
			require.NoError(t, err)
			return got
		}
		require.InDelta(t, float64(len(values)), by("count", "replaceNN"), 0, "none is lost")
		n := by("count", "dropNN")
		if n == 0 {
			for _, reducer := range []string{"last", "mean", "min", "max", "sum"} {
				require.True(t, math.IsNaN(by(reducer, "dropNN")), reducer)
			}
			return
		}
		low, mean, high := by("min", "dropNN"), by("mean", "dropNN"), by("max", "dropNN")
		require.True(t, low <= mean+1e-6 && mean <= high+1e-6, "%g %g %g", low, mean, high)
		require.InDelta(t, by("sum", "dropNN"), n*mean, 1e-6*(1+math.Abs(n*mean)))
		last := by("last", "dropNN")
		require.True(t, last >= low && last <= high)
		missing := float64(len(values)) - n
		require.InDelta(t, by("sum", "dropNN")+5*missing, by("sum", "replaceNN"), 1e-6*(1+math.Abs(n*mean)))
		if missing == 0 {
			require.InDelta(t, mean, by("mean", "strict"), 0, "where nothing is missing the modes are alike")
		}
	})
}

// Series of two nodes are one where their labels are, but for the output; names and values cannot be taken for each other.
func TestWhichSeriesAreOne(t *testing.T) {
	same := key(map[string]string{"instance": "a", "mountpoint": "/", "output": "eta"})
	require.Equal(t, same, key(map[string]string{"mountpoint": "/", "instance": "a", "output": "probability"}))
	require.Equal(t, same, key(map[string]string{"mountpoint": "/", "instance": "a"}))
	for _, other := range []map[string]string{{"instance": "a"}, {"instance": "/", "mountpoint": "a"}, {"instance": `a",mountpoint="/`}, {}} {
		require.NotEqual(t, same, key(other), "%v", other)
	}
	_, err := Fields(data.Frames{data.NewFrame("", data.NewField("x", nil, []int64{}))})
	require.ErrorIs(t, err, ErrUnknown, "a table without rows is no number either")
	list, err := Fields(data.Frames{data.NewFrame("", data.NewField("name", nil, []string{"a"}), data.NewField("n", nil, []int64{3}))})
	require.NoError(t, err)
	require.InDelta(t, 3, list[0].Number, 0, "texts beside it are passed over, whole numbers are numbers")
}
