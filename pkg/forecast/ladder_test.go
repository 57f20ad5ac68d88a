package forecast

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What is possible from three points up, at the ends of what a float64 holds, and on series that no model was made for.

// noise is n independent numbers about a level.
func noise(n int, level, size float64, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 31))
	out := make([]float64, n)
	for i := range out {
		out[i] = level + size*rng.NormFloat64()
	}
	return out
}

// The registry says how many values each algorithm needs: with as many it answers, with fewer it says that they are too few.
func TestTheLeastPointsAreThoseThatAreStated(t *testing.T) {
	for _, a := range Algorithms() {
		for n := range 40 {
			x := noise(n, 10, 1, 4)
			_, err := Run(context.Background(), Input{Values: x, Step: time.Hour}, Options{Algorithm: a.ID, Horizon: 2, Confidence: 0.9})
			if n >= max(a.MinPoints, 3) {
				require.NoError(t, err, "%s from %d points", a.ID, n)
			} else {
				require.ErrorIs(t, err, ErrTooShort, "%s from %d points", a.ID, n)
			}
		}
	}
}

// Each further point is answered by auto, whatever it is made of, and what the answer rests on is said.
func TestEveryLengthIsAnsweredByAuto(t *testing.T) {
	for n := 3; n < 60; n++ {
		for name, x := range map[string][]float64{
			"noise": noise(n, 10, 1, uint64(n)), "a line": ramp(n), "alternating": alternating(n), "a season": dayWeek(n, 8, 0, 0, 0.2, 5),
		} {
			r := run(t, x, time.Hour, 5, Auto)
			require.True(t, finite(r.Mean) && finite(r.Lower) && finite(r.Upper), "%s of %d", name, n)
			require.NotEmpty(t, r.Why)
			if r.Backtest.Origins == 0 {
				require.NotEmpty(t, r.Notices, "%s of %d: a band without a backtest is said to be one", name, n)
			}
			if n >= 12 {
				require.Positive(t, r.Backtest.Origins, "%s of %d", name, n)
			}
		}
	}
}

func ramp(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 5 + 2*float64(i)
	}
	return out
}

func alternating(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(i%2) * 10
	}
	return out
}

// A season is used from its second cycle on, not before.
func TestASeasonNeedsTwoCycles(t *testing.T) {
	for _, id := range everyAlgorithm() {
		if id == "naive" || id == "drift" || id == "intermittent" {
			continue
		}
		x := dayWeek(60, 24, 0, 0, 0.1, 3)
		one, err := Run(context.Background(), Input{Values: x[:47], Step: time.Hour, Periods: []int{24}}, Options{Algorithm: id, Horizon: 12, Confidence: 0.9})
		require.NoError(t, err, id)
		require.Empty(t, one.Periods, id)
		two, err := Run(context.Background(), Input{Values: x[:48], Step: time.Hour, Periods: []int{24}}, Options{Algorithm: id, Horizon: 12, Confidence: 0.9})
		require.NoError(t, err, id)
		require.Equal(t, []int{24}, two.Periods, id)
		require.Less(t, meanAbsolute([][]float64{misses(x[48:], two.Mean)}), 3.0, "%s knows the third day", id)
	}
}

// The same series in units so small or so large that squares leave the range of numbers where nobody watches.
func TestTheEndsOfTheNumberRange(t *testing.T) {
	base := dayWeek(24*15, 24, 0, 0.01, 1, 12)
	each(t, func(t *testing.T, v variant) {
		if v.saturates() {
			return
		}
		want, err := v.forecast(Input{Values: base, Step: time.Hour}, 24)
		require.NoError(t, err)
		for _, exponent := range []int{-450, -300, -100, 100, 300, 450} {
			in := Input{Values: make([]float64, len(base)), Step: time.Hour}
			for i, x := range base {
				in.Values[i] = math.Ldexp(x, exponent)
			}
			r, err := v.forecast(in, 24)
			require.NoError(t, err, "2^%d", exponent)
			require.True(t, finite(r.Mean) && finite(r.Lower) && finite(r.Upper), "2^%d", exponent)
			for h := range r.Mean {
				require.True(t, r.Lower[h] <= r.Mean[h] && r.Mean[h] <= r.Upper[h], "2^%d", exponent)
				require.InDelta(t, want.Mean[h], math.Ldexp(r.Mean[h], -exponent), 5, "2^%d, of a swing of 28", exponent)
			}
		}
	})
}

// What is too small to be squared is nothing.
func TestTinyValuesAreZero(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		x := moved(dayWeek(24*15, 24, 0, 0, 1, 12), 0, 1e-300)
		r, err := v.forecast(Input{Values: x, Step: time.Hour}, 3)
		require.NoError(t, err)
		require.Equal(t, []float64{0, 0, 0}, r.Mean)
		require.Equal(t, []float64{0, 0, 0}, r.Upper)
		x[100], x[200] = 1, 2
		r, err = v.forecast(Input{Values: x, Step: time.Hour, Bounds: far()}, 3)
		require.NoError(t, err)
		require.True(t, finite(r.Mean) && finite(r.Lower) && finite(r.Upper))
	})
}

// Beyond the range in which squares can be summed a value counts as missing, and is not forecast.
func TestHugeValuesAreNoData(t *testing.T) {
	x := dayWeek(24*15, 24, 0, 0, 1, 12)
	wild := append([]float64(nil), x...)
	gap := append([]float64(nil), x...)
	for _, k := range []int{50, 51, 200} {
		wild[k], gap[k] = 1e300, math.NaN()
	}
	each(t, func(t *testing.T, v variant) {
		a, err := v.forecast(Input{Values: wild, Step: time.Hour, Bounds: far()}, 24)
		require.NoError(t, err)
		b, err := v.forecast(Input{Values: gap, Step: time.Hour, Bounds: far()}, 24)
		require.NoError(t, err)
		require.Equal(t, b.Mean, a.Mean)
		require.Equal(t, b.Upper, a.Upper)
	})
}

// A large level leaves few digits for what moves on it: 1e12 with a swing of 28 leaves three behind the point.
func TestASmallSwingOnALargeLevel(t *testing.T) {
	all := dayWeek(24*16, 24, 0, 0, 1, 12)
	blind := map[string]bool{"naive": true, "drift": true, "intermittent": true}
	each(t, func(t *testing.T, v variant) {
		if blind[v.id] || v.saturates() {
			return
		}
		x := moved(all, 1e12, 1)
		r, err := v.forecast(Input{Values: x[:24*15], Step: time.Hour}, 24)
		require.NoError(t, err)
		require.Less(t, meanAbsolute([][]float64{misses(x[24*15:], r.Mean)}), 4.0)
		require.Less(t, r.Upper[12]-r.Lower[12], 30.0)
	})
}

// Odd series of every kind and length, in every option.
func TestOddSeriesInEveryOption(t *testing.T) {
	nan := math.NaN()
	odd := map[string]func(n int) []float64{
		"one peak":         func(n int) []float64 { x := make([]float64, n); x[n/2] = 1; return x },
		"last is another":  func(n int) []float64 { x := make([]float64, n); x[n-1] = -3; return x },
		"first is another": func(n int) []float64 { x := make([]float64, n); x[0] = 1e9; return x },
		"every other known": func(n int) []float64 {
			x := noise(n, 5, 1, 1)
			for i := range x {
				if i%2 == 1 {
					x[i] = nan
				}
			}
			return x
		},
		"half a gap": func(n int) []float64 {
			x := noise(n, 5, 1, 2)
			for i := n / 4; i < n*3/4; i++ {
				x[i] = nan
			}
			return x
		},
		"gap to the end": func(n int) []float64 {
			x := noise(n, 5, 1, 3)
			for i := n * 3 / 4; i < n; i++ {
				x[i] = nan
			}
			return x
		},
		"two levels": alternating,
		"a line":     ramp,
		"a step": func(n int) []float64 {
			x := make([]float64, n)
			for i := n / 2; i < n; i++ {
				x[i] = 100
			}
			return x
		},
		"doubling": func(n int) []float64 {
			x := make([]float64, n)
			for i := range x {
				x[i] = math.Pow(2, float64(i)*20/float64(n))
			}
			return x
		},
		"dying away": func(n int) []float64 {
			x := make([]float64, n)
			for i := range x {
				x[i] = math.Exp(-float64(i))
			}
			return x
		},
		"below zero": func(n int) []float64 { return noise(n, -1e6, 1e3, 4) },
		"counts": func(n int) []float64 {
			x := noise(n, 0, 1, 5)
			for i := range x {
				x[i] = math.Max(0, math.Round(x[i]*2))
			}
			return x
		},
		"ulps": func(n int) []float64 {
			x := make([]float64, n)
			for i := range x {
				x[i] = 1 + float64(i%3)*0x1p-52
			}
			return x
		},
	}
	each(t, func(t *testing.T, v variant) {
		for name, series := range odd {
			for _, n := range []int{8, 30, 100, 400} {
				in := Input{Values: series(n), Step: time.Hour, Bounds: far()}
				if name == "first is another" {
					hi := 1e10
					in.Bounds.Max = &hi
				}
				r, err := v.forecast(in, 20)
				if err != nil {
					require.ErrorIs(t, err, ErrTooShort, "%s of %d", name, n)
					require.NotEqual(t, Auto, v.id)
					continue
				}
				require.True(t, finite(r.Mean) && finite(r.Lower) && finite(r.Upper) && finite(r.Sigma), "%s of %d", name, n)
				for h := range r.Mean {
					require.True(t, r.Lower[h] <= r.Mean[h] && r.Mean[h] <= r.Upper[h], "%s of %d", name, n)
				}
			}
		}
	})
}

// Whatever comes in, in whatever option: numbers of the right length, or too little history.
func TestAnySeriesInAnyOption(t *testing.T) {
	all := variants()
	value := rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.SampledFrom([]float64{0, 0, 1, 1, 1e-300, 1e140, -1e140, math.NaN(), math.Inf(1), 5e-324}))
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SampledFrom(all).Draw(t, "variant")
		in := Input{Values: rapid.SliceOfN(value, 0, 120).Draw(t, "values"), Start: monday,
			Step:    rapid.SampledFrom([]time.Duration{time.Second, time.Minute, time.Hour, 24 * time.Hour}).Draw(t, "step"),
			Periods: rapid.SampledFrom([][]int{nil, {}, {2}, {7}, {4, 12}, {3, 5, 50}}).Draw(t, "periods")}
		if v.saturates() {
			in.Bounds = far()
		}
		h := rapid.IntRange(1, 50).Draw(t, "horizon")
		r, err := v.forecast(in, h)
		if err != nil {
			require.ErrorIs(t, err, ErrTooShort)
			return
		}
		require.True(t, finite(r.Mean) && finite(r.Lower) && finite(r.Upper) && finite(r.Sigma), fmt.Sprint(r.Mean, r.Sigma))
		require.Len(t, r.Upper, h)
		for k := range r.Mean {
			require.True(t, r.Lower[k] <= r.Mean[k] && r.Mean[k] <= r.Upper[k])
		}
	})
}
