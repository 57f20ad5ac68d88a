package evaluate

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var nan = math.NaN()

// Three years of Box & Jenkins' airline passengers.
var air = []float64{112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140, 145, 150,
	178, 163, 172, 178, 199, 199, 184, 162, 146, 166}

// sklearn 1.9.1: mean_absolute_error(x[12:], x[:-12]), (x[1:], x[:-1]) and (x[12:24], x[24:]).
func TestErrorsAreThoseOfSklearn(t *testing.T) {
	require.InDelta(t, 21.75, NaiveError(air, 12), 1e-12)
	require.InDelta(t, 12.857142857142858, NaiveError(air, 1), 1e-12)
	require.InDelta(t, 30.5, MeanError(air[12:24], air[24:]), 1e-12)
}

func TestWhatIsNotKnownIsLeftOut(t *testing.T) {
	inf := math.Inf(1)
	for name, c := range map[string]struct {
		x      []float64
		season int
		want   float64
	}{
		"pairs with a gap do not count": {[]float64{1, nan, 3, 7, inf, 8}, 1, 4},
		"two steps apart":               {[]float64{1, nan, 3, 7, 4, nan}, 2, 1.5},
		"no pair":                       {[]float64{1, nan, 2, nan}, 1, nan},
		"too short for the season":      {[]float64{1, 2, 3}, 3, nan},
		"repeats itself":                {[]float64{1, 2, 1, 2}, 2, nan},
		"no season is a step":           {[]float64{1, 2, 4}, 0, 1.5},
		"nothing":                       {nil, 7, nan},
	} {
		got := NaiveError(c.x, c.season)
		require.True(t, got == c.want || math.IsNaN(got) && math.IsNaN(c.want), "%s: %v, not %v", name, got, c.want)
	}
	require.Equal(t, 2.0, MeanError([]float64{1, nan, 3, inf}, []float64{2, 5, 6, 1}))
	require.Equal(t, 1.0, MeanError([]float64{1, 2}, []float64{nan, 3}))
	require.True(t, math.IsNaN(MeanError([]float64{nan}, []float64{1})))
	require.True(t, math.IsNaN(MeanError(nil, nil)))
}

func TestTheShareInsideABand(t *testing.T) {
	for name, c := range map[string]struct {
		actual, lower, upper []float64
		want                 float64
	}{
		"edges belong to it":   {[]float64{1, 2, 3, 4}, []float64{1, 1, 1, 1}, []float64{3, 3, 3, 3}, 0.75},
		"gaps do not count":    {[]float64{1, nan, 9}, []float64{0, 0, 0}, []float64{2, 2, 2}, 0.5},
		"bands may have gaps":  {[]float64{1, 1, 1}, []float64{0, nan, 0}, []float64{2, 2, nan}, 1},
		"open on one side":     {[]float64{-1e300, 5}, []float64{math.Inf(-1), math.Inf(-1)}, []float64{0, 0}, 0.5},
		"nothing is known":     {[]float64{nan}, []float64{0}, []float64{1}, nan},
		"there is nothing":     {nil, nil, nil, nan},
		"an infinite value is": {[]float64{math.Inf(1)}, []float64{0}, []float64{1}, 0},
	} {
		got := Inside(c.actual, c.lower, c.upper)
		require.True(t, got == c.want || math.IsNaN(got) && math.IsNaN(c.want), "%s: %v, not %v", name, got, c.want)
	}
}

func TestErrorsFollowTheUnitAndNotTheZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-1000, 1000), 3, 40).Draw(t, "x")
		season := rapid.IntRange(1, 5).Draw(t, "season")
		scale, shift := rapid.Float64Range(0.01, 100).Draw(t, "scale"), rapid.Float64Range(-1000, 1000).Draw(t, "shift")
		y := make([]float64, len(x))
		for i, v := range x {
			y[i] = shift + scale*v
		}
		want, got := scale*NaiveError(x, season), NaiveError(y, season)
		if math.IsNaN(want) || math.IsNaN(got) || want < 1e-9 {
			return // repeats itself, but for rounding
		}
		require.InEpsilon(t, want, got, 1e-6)
		require.Equal(t, MeanError(x, y), MeanError(y, x))
		require.Zero(t, MeanError(x, x))
	})
}
