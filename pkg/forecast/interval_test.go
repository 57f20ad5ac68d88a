package forecast

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// noisy is four weeks of hours with a daily rhythm and autocorrelated noise from the given source.
func noisy(n int, seed uint64, noise func(*rand.Rand) float64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 77))
	out, e := make([]float64, n), 0.0
	for i := range out {
		e = 0.6*e + noise(rng)
		out[i] = 40 + 8*math.Sin(2*math.Pi*float64(i)/24) + e
	}
	return out
}

func TestBandsHoldAsOftenAsTheySay(t *testing.T) {
	normal := func(r *rand.Rand) float64 { return r.NormFloat64() }
	heavy := func(r *rand.Rand) float64 { // mostly quiet, at times ten times as large
		if r.Float64() < 0.05 {
			return 5 * r.NormFloat64()
		}
		return 0.5 * r.NormFloat64()
	}
	const n, h, seeds = 24 * 28, 48, 40
	for name, noise := range map[string]func(*rand.Rand) float64{"normal": normal, "heavy tails": heavy} {
		for _, want := range []float64{0.5, 0.8, 0.95} {
			inside := 0.0
			for seed := range uint64(seeds) {
				all := noisy(n+h, seed, noise)
				r, err := Run(context.Background(), Input{Values: all[:n], Step: time.Hour}, Options{Algorithm: Auto, Horizon: h, Confidence: want})
				require.NoError(t, err)
				for k, v := range all[n:] {
					if v >= r.Lower[k] && v <= r.Upper[k] {
						inside++
					}
				}
			}
			got := inside / (h * seeds)
			require.InDelta(t, want, got, 0.35*(1-want)+0.03, "%s at %v", name, want)
		}
	}
}

func TestSpreadDoesNotShrinkWithTheStep(t *testing.T) {
	rows := [][]float64{{1, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, {1, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}}
	s := spreadAhead(rows, nil, 40)
	for h := range s[1:] {
		require.GreaterOrEqual(t, s[h+1], 0.98*s[h])
	}
	require.InDelta(t, s[19]*math.Sqrt2, s[39], 1e-9, "beyond the backtest it grows with the root of the step")
}

func TestWithoutABacktestTheBandGrowsFromTheResiduals(t *testing.T) {
	s := spreadAhead(nil, []float64{math.NaN(), 2, -2, 2}, 9)
	require.InDelta(t, 2, s[0], 1e-9)
	require.InDelta(t, 6, s[8], 1e-9)
}

func TestOtherLevelsFollowTheErrorsOwnShape(t *testing.T) {
	// Half the errors are 0.1, half are 1: a band for one half is much narrower than the normal one.
	r := &Result{Sigma: make([]float64, 40), Errors: [][]float64{make([]float64, 40)}}
	for h := range r.Sigma {
		r.Sigma[h], r.Errors[0][h] = 1, 1
		if h%2 == 0 {
			r.Errors[0][h] = 0.1
		}
	}
	require.InDelta(t, 1.96, r.halfWidth(0.95), 0.001)
	require.Less(t, r.halfWidth(0.4), 0.25)
	few := &Result{Sigma: []float64{1}, Errors: [][]float64{{1}}}
	// Student's quantile with six degrees of freedom at 97.5 % is 2.446912 and at 90 % 1.439756 (tables)
	require.InDelta(t, 1.439756*1.959964/2.446912, few.halfWidth(0.8), 1e-5)
}

func TestQuantileWithinTheSampleIsConformal(t *testing.T) {
	// Of 9 absolute errors the 0.8 quantile is the 8th smallest: ceil(10 x 0.8).
	require.Equal(t, 8.0, withinSample([]float64{1, -2, 3, -4, 5, -6, 7, -8, 9, math.NaN()}, 0.8))
	require.Equal(t, 9.0, withinSample([]float64{1, -2, 3, -4, 5, -6, 7, -8, 9}, 0.99))
	require.True(t, math.IsNaN(withinSample(nil, 0.8)))
}
