package forecast

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/series"
)

// backtested draws a result with the errors of a backtest: of any size, many of them alike, some wild, some unknown.
func backtested(t *rapid.T) *Result {
	horizon := rapid.IntRange(1, 30).Draw(t, "horizon")
	value := rapid.OneOf(rapid.Float64Range(-10, 10), rapid.SampledFrom([]float64{0, 1, -1, 300, -300, math.NaN()}))
	r := &Result{Mean: make([]float64, horizon), Residuals: []float64{1, -2, math.NaN(), 0.5}, reach: reach{math.Inf(-1), math.Inf(1)}}
	for range rapid.IntRange(0, maxOrigins).Draw(t, "origins") {
		r.Errors = append(r.Errors, rapid.SliceOfN(value, horizon, horizon).Draw(t, "errors"))
	}
	for h := range r.Mean {
		r.Mean[h] = 100 + float64(h)
	}
	r.judge(rms(r.Residuals))
	return r
}

func TestABandLiesWithinTheNextWider(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := backtested(t)
		levels := []float64{0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99}
		lower, upper := r.Band(levels[0])
		for _, level := range levels[1:] {
			l, u := r.Band(level)
			for h, f := range r.Mean {
				require.True(t, l[h] <= lower[h] && lower[h] <= f && f <= upper[h] && upper[h] <= u[h], "step %d at %v: %v %v %v %v %v", h+1, level, l[h], lower[h], f, upper[h], u[h])
			}
			lower, upper = l, u
		}
	})
}

// Four times the errors are a band four times as wide, to the last bit; and where the forecast is does not matter.
func TestABandHasTheScaleOfTheErrors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := backtested(t)
		level := rapid.Float64Range(0.5, 0.99).Draw(t, "level")
		lower, upper := r.Band(level)
		large := &Result{Mean: make([]float64, len(r.Mean)), Residuals: moved(r.Residuals, 0, 4), reach: r.reach}
		for _, row := range r.Errors {
			large.Errors = append(large.Errors, moved(row, 0, 4))
		}
		large.judge(rms(large.Residuals))
		l, u := large.Band(level)
		for h, f := range r.Mean {
			require.InDelta(t, 4*(lower[h]-f), l[h], 1e-9)
			require.InDelta(t, 4*(upper[h]-f), u[h], 1e-9)
		}
	})
}

// Errors turned round are the band turned round.
func TestABandKnowsNoUpAndDown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := backtested(t)
		lower, upper := r.Band(0.9)
		turned := &Result{Mean: r.Mean, Residuals: moved(r.Residuals, 0, -1), reach: r.reach}
		for _, row := range r.Errors {
			turned.Errors = append(turned.Errors, moved(row, 0, -1))
		}
		turned.judge(rms(turned.Residuals))
		l, u := turned.Band(0.9)
		for h, f := range r.Mean {
			require.InDelta(t, f-lower[h], u[h]-f, 1e-9*(1+u[h]-f), "step %d", h+1)
			require.InDelta(t, upper[h]-f, f-l[h], 1e-9*(1+f-l[h]), "step %d", h+1)
		}
	})
}

func TestTheOrderOfTheOriginsBeforeTheNewestDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := backtested(t)
		lower, upper := r.Band(0.8)
		inside := leaveOneOut(r.Errors, windowsOf(r.Errors), 1, 2, 1)
		slices.Reverse(r.Errors[:max(len(r.Errors)-1, 0)])
		r.judge(rms(r.Residuals))
		l, u := r.Band(0.8)
		require.InDeltaSlice(t, lower, l, 1e-9)
		require.InDeltaSlice(t, upper, u, 1e-9)
		if again := leaveOneOut(r.Errors, windowsOf(r.Errors), 1, 2, 1); math.IsNaN(inside) {
			require.True(t, math.IsNaN(again))
		} else {
			require.InDelta(t, inside, again, 1e-9)
		}
	})
}

// Leaving an origin out is making the spread from the others, and counting which of its errors that holds.
func TestCoverageIsThatOfTheOthersSpread(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := backtested(t)
		below, above := rapid.Float64Range(0, 3).Draw(t, "below"), rapid.Float64Range(0, 3).Draw(t, "above")
		inside, known := 0.0, 0.0
		for k, row := range r.Errors {
			others := slices.Concat(r.Errors[:k], r.Errors[k+1:])
			sigma := spreadAhead(others, -1, 1, make([]float64, len(row)), nil)
			require.InDeltaSlice(t, sigma, spreadAhead(r.Errors, k, 1, make([]float64, len(row)), nil), 1e-9)
			for h, e := range row {
				known += indicator(!math.IsNaN(e))
				inside += indicator(e >= -below*sigma[h] && e <= above*sigma[h])
			}
		}
		got := leaveOneOut(r.Errors, windowsOf(r.Errors), 1, below, above)
		if len(r.Errors) < 2 || known == 0 {
			require.True(t, math.IsNaN(got), "one origin has no others")
			return
		}
		require.InDelta(t, inside/known, got, 1e-12)
	})
}

func TestStepsWithoutAKnownErrorHaveTheirNeighboursSpread(t *testing.T) {
	rows := make([][]float64, maxOrigins)
	for k := range rows {
		rows[k] = series.Missing(40)
		for h := 10; h < 30; h++ {
			rows[k][h] = 2
		}
	}
	sigma := spreadAhead(rows, -1, 0.1, make([]float64, 40), nil)
	require.InDelta(t, 0.1*math.Sqrt(3), sigma[2], 1e-9, "no neighbour within four steps: the residuals'")
	require.InDelta(t, 1.2*2, sigma[6], 1e-9, "the first known is four steps on")
	require.InDelta(t, 1.2*2, sigma[20], 1e-9)
	require.GreaterOrEqual(t, sigma[39], 0.98*sigma[38])
}

func TestFewOriginsWidenTheBand(t *testing.T) {
	rows := func(n int) [][]float64 { return slices.Repeat([][]float64{slices.Repeat([]float64{3}, 10)}, n) }
	require.InDelta(t, 1.2*3, spreadAhead(rows(manyOrigins), -1, 0, make([]float64, 10), nil)[5], 1e-9)
	require.InDelta(t, 1.4*3, spreadAhead(rows(manyOrigins-1), -1, 0, make([]float64, 10), nil)[5], 1e-9)
	require.InDelta(t, 1.4*3, spreadAhead(rows(manyOrigins), 2, 0, make([]float64, 10), nil)[5], 1e-9, "and one left out is one fewer")
	require.Greater(t, fewOrigins(0.95, 5), fewOrigins(0.95, 6))
	require.Greater(t, fewOrigins(0.95, 6), fewOrigins(0.8, 6), "more so far out, where less is known")
}
