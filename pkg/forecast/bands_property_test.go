package forecast

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What a band says, whoever asks, at any level: of a new forecast, of a stored one, of the past, and of the futures that are drawn.

// requireNested checks that bands at ascending levels lie within each other about the forecast, and inside the bounds.
func requireNested(t require.TestingT, mean []float64, b Bounds, levels []float64, band func(level float64) (lower, upper []float64)) {
	slices.Sort(levels)
	inner, outer := mean, mean
	for _, level := range levels {
		lower, upper := band(level)
		require.Len(t, lower, len(mean))
		for h := range mean {
			require.LessOrEqual(t, lower[h], inner[h]+1e-9*(1+math.Abs(inner[h])), "step %d at %v", h+1, level)
			require.GreaterOrEqual(t, upper[h], outer[h]-1e-9*(1+math.Abs(outer[h])), "step %d at %v", h+1, level)
			require.True(t, b.inside(lower[h]) == lower[h] && b.inside(upper[h]) == upper[h], "step %d at %v", h+1, level)
		}
		inner, outer = lower, upper
	}
}

func TestBandsOfAnyForecasterAreNestedFreshAndStored(t *testing.T) {
	lo, hi := 40.0, 62.0 // the series goes from 36 to 64
	in := weeks()
	in.Bounds = Bounds{&lo, &hi}
	type made struct {
		state *State
		fresh *Result
	}
	all := map[string]made{}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SampledFrom(variants()).Draw(t, "variant")
		m, ok := all[v.String()]
		if !ok {
			s, r, err := Train(context.Background(), in, v.options(30))
			require.NoError(t, err)
			m = made{stored(t, s), r}
			all[v.String()] = m
		}
		levels := rapid.SliceOfN(rapid.Float64Range(0.5, 0.99), 2, 5).Draw(t, "levels")
		requireNested(t, m.fresh.Mean, in.Bounds, levels, m.fresh.Band)
		ahead := rapid.IntRange(1, 70).Draw(t, "steps")
		one, err := m.state.Result(ahead, levels[0])
		require.NoError(t, err)
		requireNested(t, one.Mean, in.Bounds, levels, func(level float64) ([]float64, []float64) {
			r, err := m.state.Result(ahead, level)
			require.NoError(t, err)
			return r.Lower, r.Upper
		})
	})
}

// The interval asked for is the band at that level.
func TestTheIntervalIsTheBandAtItsConfidence(t *testing.T) {
	for _, id := range everyAlgorithm() {
		for _, confidence := range []float64{0.5, 0.8, 0.99} {
			r, err := Run(context.Background(), weeks(), Options{Algorithm: id, Horizon: 24, Confidence: confidence})
			require.NoError(t, err)
			lower, upper := r.Band(confidence)
			require.Equal(t, r.Lower, lower, id)
			require.Equal(t, r.Upper, upper, id)
		}
	}
}

// Of the newest points at least the stated share lies in the past's interval: it is their conformal quantile.
func TestThePastsIntervalHoldsItsShare(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		in := weeks()
		in.Bounds = far()
		for _, confidence := range []float64{0.5, 0.9} {
			opt := v.options(5)
			opt.Confidence = confidence
			r, err := Run(context.Background(), in, opt)
			require.NoError(t, err)
			inside, known := 0.0, 0.0
			for i, x := range in.Values {
				if !math.IsNaN(r.Residuals[i]) {
					known++
					inside += indicator(r.FittedLower[i]-1e-9 <= x && x <= r.FittedUpper[i]+1e-9)
				}
			}
			require.GreaterOrEqual(t, inside/known, confidence, "at %v", confidence)
			require.Less(t, inside/known, confidence+2/known, "and hardly more")
		}
	})
}

// Futures are drawn from the same spread that the band has: about as many of them lie inside as it says. Fewer do where errors are
// one-sided, which the band follows and a future does not, where the band ends with the range that the series has had, and where
// one origin erred far more than the others, whose size a future has in full and the band in part.
func TestFuturesLieInTheBandAsOftenAsItSays(t *testing.T) {
	const draws = 2000
	each(t, func(t *testing.T, v variant) {
		if v.saturates() {
			return // its capacity is nowhere near, and it errs one-sidedly
		}
		in := weeks()
		in.Bounds = far()
		r, err := v.forecast(in, 12)
		require.NoError(t, err)
		futures := paths(r, draws, 3)
		for _, level := range []float64{0.8, 0.95} {
			lower, upper := r.Band(level)
			mean := 0.0
			for h := range r.Mean {
				inside := 0.0
				for _, p := range futures {
					inside += indicator(lower[h] <= p[h] && p[h] <= upper[h]) / draws
				}
				require.Greater(t, inside, level-0.35, "step %d at %v", h+1, level)
				mean += inside / float64(len(r.Mean))
			}
			require.Greater(t, mean, level-0.25, "at %v", level)
			require.Less(t, mean, level+0.4*(1-level), "at %v", level)
		}
	})
}

// The wider the noise, the wider the band, in proportion; and noise that is not there has no band to speak of.
func TestABandIsAsWideAsTheNoise(t *testing.T) {
	width := func(id string, size float64) float64 {
		x := noise(24*21, 0, size, 7)
		for i := range x {
			x[i] += 50 + 10*math.Sin(2*math.Pi*float64(i)/24)
		}
		r, err := Run(context.Background(), Input{Values: x, Step: time.Hour, Periods: []int{24}}, Options{Algorithm: id, Horizon: 24, Confidence: 0.95})
		require.NoError(t, err)
		return meanOf(r.Upper) - meanOf(r.Lower)
	}
	for _, id := range []string{Auto, "seasonal-naive", "ets", "theta", "mstl", "ar", "linear", "piecewise"} {
		require.InEpsilon(t, 4, width(id, 2)/width(id, 0.5), 0.3, id)
		require.Less(t, width(id, 1e-9), 0.1*width(id, 0.5), id)
		require.InDelta(t, 4, width(id, 1), 2.5, "%s: 1.96 standard deviations to either side, and more where the model errs", id)
	}
}

// What jumps about more at one hour of the day than at another is known to: a step's spread is that of its neighbours in the backtest.
func TestStepsHaveTheirOwnSpread(t *testing.T) {
	const day = 24
	x := noise(40*day, 0, 1, 3)
	for i := range x {
		if x[i] += 50; i%day >= 12 {
			x[i] += 6 * noise(1, 0, 1, uint64(i))[0]
		}
	}
	r, err := Run(context.Background(), Input{Values: x, Step: time.Hour, Periods: []int{day}}, Options{Algorithm: "mstl", Horizon: day, Confidence: 0.9})
	require.NoError(t, err)
	require.Less(t, r.Sigma[3], 0.6*r.Sigma[20])
}

// A longer look ahead is never a surer one, and a stored forecaster knows no more than the fresh one did.
func TestUncertaintyDoesNotShrinkWithTheHorizon(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		s, r, _ := kept(t, v, 0)
		long, err := s.Result(96, 0.9)
		require.NoError(t, err)
		for h := 1; h < len(long.Sigma); h++ {
			require.GreaterOrEqual(t, long.Sigma[h], 0.97*long.Sigma[h-1], "step %d", h+1)
		}
		require.InEpsilon(t, 2*long.Sigma[23], long.Sigma[95], 1e-9, "four times as far as it was trained for is twice as wide")
		require.InEpsilon(t, r.Sigma[23], long.Sigma[23], 1e-6)
	})
}
