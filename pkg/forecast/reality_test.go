package forecast

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What a monitoring metric does and a textbook series does not; shifts of level are in shift_test.go, changes of the clock in
// wallclock_test.go, what few points allow in options_test.go.

// A share that is often at its ceiling: forecast and band stay inside, the forecast does not sit on the ceiling, and the band still
// holds what comes.
func TestAMetricAtItsCeilingHasNoPileUp(t *testing.T) {
	lo, hi := 0.0, 100.0
	const n, h, seeds = 24 * 21, 48, 20
	inside, onTop := 0.0, 0.0
	for seed := range uint64(seeds) {
		all := dayWeek(n+h, 24, 0, 0, 2, seed)
		for i, v := range all {
			all[i] = min(35+v, 100) // up to 11 beyond the ceiling at midday
		}
		r, err := Run(context.Background(), Input{Values: all[:n], Step: time.Hour, Bounds: Bounds{Min: &lo, Max: &hi}},
			Options{Algorithm: Auto, Horizon: h, Confidence: 0.95})
		require.NoError(t, err)
		for k, v := range all[n:] {
			require.True(t, lo <= r.Lower[k] && r.Lower[k] <= r.Mean[k] && r.Mean[k] <= r.Upper[k] && r.Upper[k] <= hi)
			if r.Lower[k] <= v && v <= r.Upper[k] {
				inside++
			}
			if r.Mean[k] == hi && v < hi-1 {
				onTop++
			}
			require.Less(t, r.Lower[k], hi, "the band has a width at the ceiling")
		}
	}
	require.InDelta(t, 0.955, inside/(h*seeds), 0.04)
	require.Less(t, onTop/(h*seeds), 0.01)
}

// An incident that is left out of the training data leaves no trace, not even where it is longer than a day and large.
func TestAnExcludedStretchIsNotLearntFrom(t *testing.T) {
	const day = 24
	all := dayWeek(22*day, day, 0, 0, 1, 8)
	incident := append([]float64(nil), all[:21*day]...)
	excluded := append([]float64(nil), incident...)
	for i := 18 * day; i < 20*day; i++ {
		incident[i] += 200
		excluded[i] = math.NaN()
	}
	missed := func(x []float64) float64 {
		return meanAbsolute([][]float64{misses(all[21*day:], run(t, x, time.Hour, day, Auto).Mean)})
	}
	clean, without, with := missed(all[:21*day]), missed(excluded), missed(incident)
	require.Less(t, without, 1.15*clean)
	require.Less(t, without, with)
}

// Counters' restarts and scrapes that fail: single missing and single wild points change little.
func TestSingleWildPointsChangeLittle(t *testing.T) {
	x := dayWeek(24*21, 24, 0, 0, 1, 8)
	want := run(t, x, time.Hour, 24, Auto)
	rapid.Check(t, func(t *rapid.T) {
		y := append([]float64(nil), x...)
		for _, k := range rapid.SliceOfNDistinct(rapid.IntRange(24, len(x)-25), 1, 3, rapid.ID[int]).Draw(t, "at") {
			y[k] = rapid.SampledFrom([]float64{math.NaN(), 0, 500}).Draw(t, "value")
		}
		got := run(t, y, time.Hour, 24, Auto)
		require.Less(t, meanAbsolute([][]float64{misses(want.Mean, got.Mean)}), 28.0/5, "a fifth of the swing of 28; a wild point is 18 swings off")
	})
}

func TestBandsWidenWithTheConfidenceForEveryAlgorithm(t *testing.T) {
	x := dayWeek(24*15, 24, 3, 0.01, 1, 2)
	for i := 5; i < len(x); i += 31 {
		x[i] += 25
	}
	for _, id := range everyAlgorithm() {
		r := run(t, x, time.Hour, 30, id)
		rapid.Check(t, func(t *rapid.T) {
			a, b := rapid.Float64Range(0.5, 0.99).Draw(t, "a"), rapid.Float64Range(0.5, 0.99).Draw(t, "b")
			a, b = min(a, b), max(a, b)
			lowA, highA := r.Band(a)
			lowB, highB := r.Band(b)
			for h := range r.Mean {
				require.LessOrEqual(t, lowB[h], lowA[h]+1e-9, id)
				require.GreaterOrEqual(t, highB[h], highA[h]-1e-9, id)
			}
		})
	}
}

func TestTheSameInputGivesTheSameAnswer(t *testing.T) {
	x := dayWeek(24*15, 24, 3, 0.01, 1, 2)
	for _, id := range everyAlgorithm() {
		in := Input{Values: x, Step: time.Hour}
		opt := Options{Algorithm: id, Horizon: 30, Confidence: 0.9, Components: true}
		a, err := Run(context.Background(), in, opt)
		require.NoError(t, err)
		b, err := Run(context.Background(), in, opt)
		require.NoError(t, err)
		require.Equal(t, a.Mean, b.Mean, id)
		require.Equal(t, a.Lower, b.Lower, id)
		require.Equal(t, a.Upper, b.Upper, id)
		require.Equal(t, a.Why, b.Why, id)
		require.Equal(t, a.Explain, b.Explain, id)
		require.Equal(t, paths(a, 2, 3), paths(b, 2, 3), id)
	}
}

// What an iterated or differenced model takes out at the start it puts back at the end.
func TestTransformsAreReversed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 1, 80).Draw(t, "x")
		shifts := []levelShift{
			{rapid.IntRange(0, len(x)).Draw(t, "at"), rapid.Float64Range(0.1, 10).Draw(t, "factor"), 0},
			{rapid.IntRange(0, len(x)).Draw(t, "then at"), 1, rapid.Float64Range(-1e6, 1e6).Draw(t, "add")},
		}
		y := append([]float64(nil), x...)
		for _, s := range shifts {
			s.apply(y)
		}
		undoShifts(shifts, y)
		for i, v := range x {
			require.InDelta(t, v, y[i], 1e-7*(1+math.Abs(v)))
			if v > 1e-6 {
				require.InEpsilon(t, v, math.Exp(logarithms(x[i : i+1])[0]), 1e-12)
			}
		}
		q := rapid.IntRange(2, 6).Draw(t, "steps together")
		if len(x) >= 2*q {
			d := newDetail(x, q, 0)
			rest := deviations(x, q)
			means := aggregate(x, q)
			lead := len(x) % q
			for i := lead; i < len(x); i++ {
				require.InDelta(t, x[i], rest[i]+interpolate(means, i-lead, d.q), 1e-6*(1+math.Abs(x[i])))
			}
		}
	})
}
