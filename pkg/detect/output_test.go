package detect

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestBandOfOnePoint(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		value, expected, half float64
		want                  [4]float64 // lower, expected, upper, score
	}{
		"as expected":           {10, 10, 4, [4]float64{6, 10, 14, 0}},
		"half way":              {8, 10, 4, [4]float64{6, 10, 14, 0.5}},
		"at the edge":           {14, 10, 4, [4]float64{6, 10, 14, 1}},
		"twice as far":          {2, 10, 4, [4]float64{6, 10, 14, 2}},
		"beyond all measure":    {1e9, 10, 4, [4]float64{6, 10, 14, scoreCap}},
		"no width, as expected": {10, 10, 0, [4]float64{10, 10, 10, 0}},
		"no width, elsewhere":   {10.5, 10, 0, [4]float64{10, 10, 10, scoreCap}},
		"no bounds":             {1e9, 10, inf, [4]float64{-inf, 10, inf, 0}},
		"a missing value":       {nan, 10, 4, [4]float64{6, 10, 14, nan}},
		"nothing expected":      {10, nan, 4, [4]float64{nan, nan, nan, nan}},
		"no idea how far":       {10, 10, nan, [4]float64{nan, nan, nan, nan}},
	} {
		t.Run(name, func(t *testing.T) {
			out := blank(1)
			out.band(0, c.value, c.expected, c.half)
			requireSame(t, c.want[:], []float64{out.Lower[0], out.Expected[0], out.Upper[0], out.Score[0]})
		})
	}
}

// With a width of its own to either side a score is 1 at both edges, and grows outwards from 0.
func TestSidesScoreByTheirOwnWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		expected := rapid.Float64Range(-1e6, 1e6).Draw(t, "expected")
		below, above := rapid.Float64Range(1, 1e6).Draw(t, "below"), rapid.Float64Range(1, 1e6).Draw(t, "above")
		score := func(v float64) float64 {
			out := blank(1)
			out.sides(0, v, expected, below, above)
			require.Equal(t, []float64{expected - below, expected + above}, []float64{out.Lower[0], out.Upper[0]})
			return out.Score[0]
		}
		require.Zero(t, score(expected))
		require.InDelta(t, 1, score(expected-below), 1e-6)
		require.InDelta(t, 1, score(expected+above), 1e-6)
		part := rapid.Float64Range(0, 0.999).Draw(t, "part")
		require.Less(t, score(expected+part*above), 1.0)
		require.Less(t, score(expected-part*below), 1.0)
		require.LessOrEqual(t, score(expected+part*above), score(expected+above))
		require.LessOrEqual(t, score(expected-part*below), score(expected-below))
	})
}

// A limit of the metric cuts the band and never turns it over; what is unknown stays so.
func TestClippedBandsKeepTheirOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Float64Range(-100, 100)
		lo, hi := number.Draw(t, "min"), number.Draw(t, "max")
		in := Input{Min: &lo, Max: &hi}
		switch {
		case lo > hi:
			in.Min, in.Max = &hi, &lo
		case rapid.Bool().Draw(t, "no max"):
			in.Max = nil
		case rapid.Bool().Draw(t, "no min"):
			in.Min = nil
		}
		out := blank(2)
		out.band(0, number.Draw(t, "value"), number.Draw(t, "expected"), rapid.Float64Range(0, 50).Draw(t, "half"))
		score := out.Score[0]
		out.clip(in)
		require.LessOrEqual(t, out.Lower[0], out.Expected[0])
		require.LessOrEqual(t, out.Expected[0], out.Upper[0])
		if in.Min != nil {
			require.GreaterOrEqual(t, out.Lower[0], *in.Min)
		}
		if in.Max != nil {
			require.LessOrEqual(t, out.Upper[0], *in.Max)
		}
		require.Equal(t, score, out.Score[0])
		require.True(t, math.IsNaN(out.Lower[1]) && math.IsNaN(out.Upper[1]))
	})
}

// What auto writes of a point: an alarm of restlessness counts where it is higher, a gap or an unknown band has no score.
func TestAutoWritesOfAPoint(t *testing.T) {
	nan := math.NaN()
	known := bounds{1, 2, 3, 1.5}
	for name, c := range map[string]struct {
		value float64
		band  bounds
		alarm float64
		score float64
		drawn bool
	}{
		"the band":               {3.5, known, 0, 1.5, true},
		"an alarm":               {3.5, known, 3.2, 3.2, true},
		"less of an alarm":       {3.5, known, 0.4, 1.5, true},
		"beyond all measure":     {1e9, bounds{1, 2, 3, math.Inf(1)}, 0, scoreCap, true},
		"missing":                {nan, known, 0, nan, true},
		"alarmed but missing":    {nan, known, 5, nan, true},
		"a band of no width yet": {3.5, bounds{nan, 2, nan, nan}, 5, nan, false},
	} {
		t.Run(name, func(t *testing.T) {
			out := blank(1)
			out.set(0, c.value, c.band, c.alarm)
			requireSame(t, []float64{c.score}, out.Score)
			require.Equal(t, c.drawn, !math.IsNaN(out.Upper[0]))
		})
	}
}

// The side that nobody asked about scores nothing; a limit that expects nothing has a side of its own.
func TestOnlyTheSideAskedAboutScores(t *testing.T) {
	for dir, want := range map[Direction][]float64{Both: {2, 2, 2}, Above: {2, 0, 2}, Below: {0, 2, 2}, "": {2, 2, 2}} {
		out := blank(3)
		copy(out.Score, []float64{2, 2, 2})
		copy(out.Expected, []float64{10, 10, math.NaN()})
		out.side(Input{Values: []float64{15, 5, 15}, Direction: dir})
		require.Equal(t, want, out.Score, dir)
	}
}

// A wider band of the same output: its edges move from what is expected, and every score falls as much.
func TestScaledTwiceIsScaledByTheProduct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		factor := rapid.Custom(func(t *rapid.T) float64 { return math.Exp2(float64(rapid.IntRange(-3, 3).Draw(t, "power"))) })
		a, b := factor.Draw(t, "a"), factor.Draw(t, "b")
		out := blank(3)
		for i, v := range []float64{12, 3, 40} {
			out.sides(i, v, 10, 2, 4)
		}
		was := out.scaled(1, false)
		twice, once := out.scaled(a, false).scaled(b, false), out.scaled(a*b, false)
		requireSame(t, once.Score, twice.Score)
		requireSame(t, once.Upper, twice.Upper)
		requireSame(t, once.Lower, twice.Lower)
		require.Equal(t, 10+4*a*b, once.Upper[0])
		requireSame(t, was.Score, out.Score)
		requireSame(t, was.Upper, out.Upper)
	})
}
