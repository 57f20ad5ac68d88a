package detect

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/evaluate"
)

// jobs is a daily series with a spike of two points every so often, of rising and falling size.
func jobs(n, every int) []float64 {
	x := daily(n, 6)
	for i := 300; i+1 < n; i += every {
		by := 15 + float64(i*7%13)
		x[i] += by
		x[i+1] += by
	}
	return x
}

func perWeek(out *Output, from int) float64 {
	return float64(len(evaluate.Episodes(out.Anomalous, out.Score, 3))) / (float64(len(out.Score)-from) / 2016)
}

func TestABudgetIsKeptToAndSaid(t *testing.T) {
	x := jobs(10*2016, 701)
	from := 8 * 2016
	free := detectRun(t, Input{Values: x, From: from}, Auto, nil)
	require.Greater(t, perWeek(free, from), 2.0)
	tight := detectRun(t, Input{Values: x, From: from}, Auto, map[string]any{budgetParam: 1.0})
	require.LessOrEqual(t, perWeek(tight, from), 1.5, "what is to come may differ a little")
	require.Contains(t, tight.Why, "For at most 1 alerts a week the band is ")
	require.Contains(t, tight.Why, "same time of the cycles before")
	require.Greater(t, tight.Upper[from+100]-tight.Lower[from+100], free.Upper[from+100]-free.Lower[from+100])
	wide := detectRun(t, Input{Values: x, From: from}, Auto, map[string]any{budgetParam: 100.0})
	requireSame(t, free.Upper, wide.Upper)
	require.Contains(t, wide.Why, "the band is 1 times its width")
}

func TestABudgetShowsNoMoreOfThePast(t *testing.T) {
	x := jobs(4*2016, 701)
	from := 3 * 2016
	out := detectRun(t, Input{Values: x, From: from}, Auto, map[string]any{budgetParam: 1.0})
	for i := range from {
		require.True(t, math.IsNaN(out.Score[i]) && math.IsNaN(out.Upper[i]) && math.IsNaN(out.Lower[i]) && math.IsNaN(out.Expected[i]))
		require.False(t, out.Anomalous[i])
	}
	require.False(t, math.IsNaN(out.Score[from]))
}

func TestABudgetThatNothingKeepsIsSaid(t *testing.T) {
	x := make([]float64, 6*288) // any change of a constant is out of proportion
	for i := 3 * 288; i < len(x); i += 40 {
		x[i], x[i+1] = float64(i), float64(i)
	}
	out := &Output{}
	*out = blank(len(x))
	for i, v := range x {
		if i >= 3*288 && v > 0 {
			out.Score[i] = scoreCap
		} else {
			out.Score[i] = 0
		}
	}
	in := Input{Values: x, Step: fiveMinutes, From: 288}
	require.Equal(t, 50.0, out.within(in, Algorithm{Confirm: true}, 5*288, 1))
	require.Contains(t, out.Notices[0], "the series is quarantined")
}

func TestABudgetNeedsHistory(t *testing.T) {
	x := jobs(3*288, 101)
	out := detectRun(t, Input{Values: x, From: 2 * 288}, Auto, map[string]any{budgetParam: 1.0})
	free := detectRun(t, Input{Values: x, From: 2 * 288}, Auto, nil)
	require.Contains(t, out.Notices[len(out.Notices)-1], "too short to keep to 1 alerts a week: 4 days")
	requireSame(t, free.Score, out.Score)
	require.NotContains(t, out.Why, "For at most")
}

func TestTheReplayIsOfTheNewerHistory(t *testing.T) {
	for from, want := range map[int]int{0: 0, 1000: 500, 100 * 288: 72 * 288} {
		require.Equal(t, want, budgetFrom(Input{From: from, Step: fiveMinutes}))
	}
}

func TestABudgetIsANumberFromZeroOn(t *testing.T) {
	_, err := Run(t.Context(), Input{Values: daily(300, 1), Step: fiveMinutes}, Options{Params: map[string]any{budgetParam: -1.0}})
	require.ErrorContains(t, err, budgetParam)
}
