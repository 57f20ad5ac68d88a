package chart

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var t0 = time.Date(2026, 3, 11, 9, 0, 0, 0, time.UTC)

func times(n int) []time.Time {
	out := make([]time.Time, n)
	for i := range out {
		out[i] = t0.Add(time.Duration(i) * 5 * time.Minute)
	}
	return out
}

// parse checks that a drawing is well-formed and gives how often each class occurs.
func parse(t require.TestingT, svg string) map[string]int {
	classes := map[string]int{}
	dec := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return classes
		}
		require.NoError(t, err)
		if e, ok := token.(xml.StartElement); ok {
			for _, a := range e.Attr {
				require.NotContains(t, a.Value, "NaN")
				require.NotContains(t, a.Value, "Inf")
				if a.Name.Local == "class" {
					classes[a.Value]++
				}
			}
		}
	}
}

func TestAChartHasItsParts(t *testing.T) {
	nan := math.NaN()
	c := Chart{Title: `a <b> & "c"`, Unit: "percent", Times: times(6), Now: t0.Add(15 * time.Minute),
		Lines: []Line{{Name: "actual", Kind: Actual, Values: []float64{1, 2, 3, nan, nan, nan}}, {Name: "more", Kind: Actual, Colour: 9, Values: []float64{1, nan, 3, nan, nan, nan}},
			{Name: "forecast", Kind: Forecast, Values: []float64{nan, nan, nan, 4, 5, 6}}, {Name: "limit", Kind: Limit, Values: []float64{5, 5, 5, 5, 5, 5}},
			{Name: "none", Kind: Expected, Values: []float64{nan, nan, nan, nan, nan, nan}}},
		Lower: []float64{0, 1, nan, 3, 4, 5}, Upper: []float64{2, 3, nan, 5, 6, 7}, Marks: []float64{nan, 2, nan, nan, nan, nan}}
	svg := c.SVG()
	classes := parse(t, svg)
	require.Equal(t, 1, classes["actual c0"])
	require.Equal(t, 1, classes["actual c1"], "colours begin anew after eight")
	require.Equal(t, 1, classes["forecast"])
	require.Equal(t, 1, classes["limit"])
	require.Zero(t, classes["expected"], "a line without values is none")
	require.Equal(t, 2, classes["band"], "the gap parts the band")
	require.Equal(t, 1, classes["mark"])
	require.Equal(t, 1, classes["now"])
	require.NotContains(t, svg, "style=", "colours are the page's")
	require.Contains(t, svg, "&lt;b&gt;")
}

func TestChartsWithoutValuesSaySo(t *testing.T) {
	for name, c := range map[string]Chart{
		"nothing":   {},
		"no values": {Times: times(3), Lines: []Line{{Kind: Actual, Values: []float64{math.NaN(), math.Inf(1), math.NaN()}}}},
		"one point": {Times: times(1), Lines: []Line{{Kind: Actual, Values: []float64{1}}}},
	} {
		svg := c.SVG()
		parse(t, svg)
		require.Contains(t, svg, "no data", name)
	}
}

func TestAnyChartIsWellFormed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 30).Draw(t, "points")
		value := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, 1, math.NaN(), math.Inf(1), math.Inf(-1)}), rapid.Float64Range(-100, 100))
		values := func(label string) []float64 { return rapid.SliceOfN(value, n, n).Draw(t, label) }
		c := Chart{Title: rapid.String().Draw(t, "title"), Times: times(n), Lines: []Line{{Name: "x", Kind: Actual, Values: values("line")}}, Now: t0.Add(time.Hour),
			FromZero: rapid.Bool().Draw(t, "zero")}
		if strings.IndexFunc(c.Title, func(r rune) bool { return r < ' ' || r >= 0xfffe && r <= 0xffff }) >= 0 {
			c.Title = ""
		}
		if rapid.Bool().Draw(t, "marked") {
			c.Marks = values("marks")
		}
		parse(t, c.SVG())
	})
}

func TestScalesAreRoundAndHoldTheRange(t *testing.T) {
	for _, c := range []struct {
		low, high, from, to float64
		marks               int
	}{{0, 100, 0, 100, 6}, {13, 87, 0, 100, 6}, {0.12, 0.19, 0.12, 0.2, 9}, {-3, 8, -4, 8, 7}, {5, 5, 4, 6, 5}, {0, 0, -1, 1, 5}} {
		from, to, marks := niceScale(c.low, c.high, 5)
		require.True(t, from <= c.low && to >= c.high, "%v holds its range: %g to %g", c, from, to)
		require.InDelta(t, from, marks[0], 1e-9)
		require.InDelta(t, to, marks[len(marks)-1], 1e-9)
		require.True(t, len(marks) >= 3 && len(marks) <= 12, "%v: %v", c, marks)
	}
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(-1e9, 1e9).Draw(t, "low")
		high := low + rapid.Float64Range(1e-3, 1e9).Draw(t, "span")
		from, to, marks := niceScale(low, high, 5)
		slack := 1e-6 * (high - low)
		require.LessOrEqual(t, from, low+slack)
		require.GreaterOrEqual(t, to, high-slack)
		require.True(t, len(marks) >= 3 && len(marks) <= 14)
	})
}

func TestTimeMarksAreFew(t *testing.T) {
	for span := 10 * time.Minute; span < 60*24*time.Hour; span += span / 3 {
		n := span / timeStep(span)
		require.True(t, n >= 2 && n <= 11, "%s has %d", span, n)
	}
}

func TestNumbersAreShort(t *testing.T) {
	for _, c := range []struct {
		v    float64
		unit string
		want string
	}{
		{0, "", "0"}, {86.53, "percent", "86.5 %"}, {0.931, "percentunit", "93.1 %"}, {1234.4, "reqps", "1234 /s"}, {36812, "currency:¥", "¥36.8k"}, {3.5e6, "", "3.5M"},
		{7.2e9, "bytes", "7.2G bytes"}, {-0.0004, "", "-0.0004"}, {2.75, "s", "2.75 s"}, {-12.3, "short", "-12.3"}, {4e12, "", "4T"}, {1024, "locale", "1024"}, {math.NaN(), "s", "–"},
	} {
		require.Equal(t, c.want, Number(c.v, c.unit))
	}
}
