package forecast

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/series"
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
	s := spreadAhead(rows, -1, 0, make([]float64, 40), nil)
	for h := range s[1:] {
		require.GreaterOrEqual(t, s[h+1], 0.98*s[h])
	}
	require.InDelta(t, s[19]*math.Sqrt2, s[39], 1e-9, "beyond the backtest it grows with the root of the step")
}

func TestWithoutABacktestTheBandGrowsFromTheResiduals(t *testing.T) {
	s := spreadAhead(nil, -1, rms([]float64{math.NaN(), 2, -2, 2}), make([]float64, 9), nil)
	require.InDelta(t, 2, s[0], 1e-9)
	require.InDelta(t, 6, s[8], 1e-9)
}

// unequal are 40 errors each of so many origins: half of them 0.1 in size, half 1, on both sides.
func unequal(origins int) *Result {
	r := &Result{Sigma: make([]float64, 40), Errors: make([][]float64, origins)}
	for k := range r.Errors {
		r.Errors[k] = make([]float64, 40)
		for h := range r.Sigma {
			r.Sigma[h], r.Errors[k][h] = 1, 1
			if h%2 == 0 {
				r.Errors[k][h] = 0.1
			}
			if h%4 < 2 {
				r.Errors[k][h] *= -1
			}
		}
	}
	r.shape = r.conform()
	return r
}

// Student's quantile with four degrees of freedom at 97.5 % is 2.776445 and at 90 % 1.533206, with eight at 90 % 1.396815 (tables).
func TestOtherLevelsFollowTheErrorsOwnShape(t *testing.T) {
	r := unequal(6)
	below, above := r.halfWidths(0.95)
	require.InDelta(t, 2.776445/1.959964*1.396815/1.533206, below, 1e-5)
	require.InDelta(t, below, above, 1e-12)
	narrow, _ := r.halfWidths(0.45)
	require.Less(t, narrow, 0.13, "a band for less than half is much narrower than the normal one")
	few := &Result{Sigma: []float64{1}, Errors: [][]float64{{1}, {1}, {1}, {1}, {1}}}
	few.shape = few.conform()
	below, above = few.halfWidths(0.8)
	require.InDelta(t, 1.533206*1.959964/2.776445, below, 1e-5)
	require.Equal(t, below, above)
}

// How many origins there are widens the centre of the band only as far as errors go on, and its tails in any case.
func TestErrorsThatAreIndependentTellTheCentreOfTheBand(t *testing.T) {
	r := unequal(6)
	student := 1.396815 / 1.281552
	for persistence, want := range map[float64]float64{0: 1, 0.3: (1 + student) / 2, 0.6: student, 0.9: 1.5*student - 0.5} {
		r.shape.persistence = persistence
		below, above := r.halfWidths(0.8)
		require.InDelta(t, want, below, 1e-5, "a lag-one autocorrelation of %v", persistence)
		require.InDelta(t, want, above, 1e-5)
		tail, _ := r.halfWidths(0.95)
		require.InDelta(t, 2.776445/1.959964*1.396815/1.533206, tail, 1e-5)
	}
	five := unequal(5)
	below, _ := five.halfWidths(0.8)
	require.InDelta(t, 1.533206/1.281552, below, 1e-5, "few origins: all of it")
}

// Nine tenths of the errors are small and negative, the others large: with independent ones the centre of the band follows them,
// with lasting ones it is that of their sizes.
func TestTheCentreFollowsSkewnessAsFarAsErrorsAreIndependent(t *testing.T) {
	errors := make([]float64, 100)
	for i := range errors {
		errors[i] = -0.2 - float64(i)/1000
		if i >= 80 {
			errors[i] = float64(i) / 50
		}
	}
	slices.Sort(errors)
	at := func(own float64) form { return newForm(errors, scored(errors, 1, 1), centreLevel, own) }
	own, either := at(1), at(0)
	require.Less(t, own.below, 0.25*own.above)
	require.Equal(t, either.below, either.above)
	for _, f := range []form{own, either, at(0.5)} {
		require.True(t, slices.IsSorted(f.scores))
		below, above := f.sides(0.8, 1)
		inside := 0.0
		for _, e := range errors {
			inside += indicator(e >= -below && e <= above) / 100
		}
		require.InDelta(t, 0.8, inside, 0.011)
	}
}

// Merging the two sides of sorted errors is sorting what each is in units of its side.
func TestScoresAreTheErrorsInUnitsOfTheirSide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		errors := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(-5, 5), rapid.SampledFrom([]float64{0, 1, -1})), 1, 60).Draw(t, "errors")
		slices.Sort(errors)
		f := newForm(errors, scored(errors, 1, 1), rapid.Float64Range(0.5, 0.99).Draw(t, "level"), rapid.Float64Range(0, 0.9).Draw(t, "own"))
		want := make([]float64, len(errors))
		for i, e := range errors {
			want[i] = max(e/f.above, -e/f.below)
		}
		slices.Sort(want)
		require.Len(t, f.scores, len(want))
		for i, score := range f.scores {
			require.InDelta(t, want[i], score, 1e-12*(1+want[i]))
		}
	})
}

// Seven origins alike, and the newest: where that is as the others, nothing changes; where it was quiet or wild, the spread is
// brought towards it, by at most the share of the distance that goes on.
func TestQuietAndTroubledTimesLast(t *testing.T) {
	rows := func(newest float64) [][]float64 {
		out := slices.Repeat([][]float64{slices.Repeat([]float64{1, -1, 1.5}, 16)}, 7)
		return append(out, slices.Repeat([]float64{newest, -newest, 1.5 * newest}, 16))
	}
	require.Equal(t, 1.0, newestSize(rows(1), 0))
	quiet, wild := newestSize(rows(0.1), 0), newestSize(rows(10), 0)
	require.InDelta(t, 1, quiet*wild, 0.02, "up as down")
	typical := math.Pow(10, 1./8)
	require.Less(t, wild, math.Pow(10/typical, newestShare))
	require.Greater(t, wild, 0.9*math.Pow(10/typical, newestShare), "so wild that hardly any of it is chance")
	require.Less(t, newestSize(rows(10), 0.9), wild, "errors that go on tell less")
	require.Equal(t, 1.0, newestSize(rows(1.2), 0.9), "chance alone would do that")
	require.Equal(t, 1.0, newestSize(rows(10)[4:], 0), "four origins are too few")
	require.Equal(t, 1.0, newestSize(append(rows(10)[4:], series.Missing(48), series.Missing(48)), 0), "nor do unknown ones count")
	require.Equal(t, 1.0, newestSize(append(rows(10), series.Missing(48)), 0), "nothing is known of the newest")
	require.Equal(t, 1.0, newestSize(nil, 0))
	require.Equal(t, 1.0, newestSize(slices.Repeat([][]float64{{0, 0}}, 8), 0), "no errors at all")
}

// skewed has a hundred origins of one step. Their errors are taken as independent, as one step does not go on.
func skewed() *Result {
	r := &Result{Sigma: []float64{1}, Errors: make([][]float64, 100)}
	for k := range r.Errors {
		r.Errors[k] = []float64{-0.2 - float64(k)/1000}
		if k%10 == 0 {
			r.Errors[k] = []float64{2 + float64(k)/100}
		}
	}
	r.shape = r.conform()
	return r
}

func TestSkewedErrorsGiveASkewedBand(t *testing.T) {
	below, above := skewed().halfWidths(0.95)
	require.Less(t, below, 0.65*above)
	require.Positive(t, below, "half of it comes from the sizes")
}

// Whatever their shape, the band without Student's factor holds the share of the backtest's evened errors that it says, and both
// its ends move outwards with the confidence.
func TestTheBandHoldsItsShareOfTheBacktest(t *testing.T) {
	r := skewed()
	last := [2]float64{}
	for _, level := range []float64{0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99} {
		below, above := r.halfWidths(level)
		require.GreaterOrEqual(t, below, last[0], "at %v", level)
		require.GreaterOrEqual(t, above, last[1], "at %v", level)
		last = [2]float64{below, above}
		few := 1.0
		switch {
		case level > centreLevel && level < tailLevel:
			continue // between the two forms
		case level >= tailLevel:
			few = fewOrigins(level, len(r.Errors))
		}
		inside := 0.0
		for k, even := range evened(r.Errors) {
			if e := few * even * r.Errors[k][0]; e >= -below && e <= above {
				inside++
			}
		}
		require.InDelta(t, level, inside/float64(len(r.Errors)), 0.011, "at %v", level)
	}
}

func TestErrorsThatAreMostlyZeroHaveABand(t *testing.T) {
	r := &Result{Sigma: []float64{1}, Errors: make([][]float64, 100)}
	for k := range r.Errors {
		r.Errors[k] = []float64{0}
	}
	r.Errors[7][0], r.Errors[50][0] = 3, -4
	r.shape = r.conform()
	below, above := r.halfWidths(0.99)
	require.Positive(t, below)
	require.Equal(t, below, above)
	below, _ = r.halfWidths(0.8)
	require.Zero(t, below)
	for k := range r.Errors {
		r.Errors[k][0] = math.Copysign(4e-323, float64(k%2)-0.5) // twice this has no inverse
	}
	r.Errors[7][0], r.Errors[50][0] = 3, -4
	r.shape = r.conform()
	for _, level := range []float64{0.5, 0.8, 0.9, 0.95, 0.99} {
		below, above := r.halfWidths(level)
		require.True(t, 0 <= below && below < 10 && 0 <= above && above < 10, "at %v: %v, %v", level, below, above)
	}
}

func TestTheBandStaysNearWhereTheSeriesHasBeen(t *testing.T) {
	// Never below zero, where it often is; up to 10 with a long tail.
	x := make([]float64, 600)
	for i := range x {
		x[i] = max(float64(i%60)-50, 0)
	}
	reach := reachOf(Input{Values: x})
	require.Equal(t, 0.0, reach.lo, "many values at the limit: nothing is beyond")
	require.Greater(t, reach.hi, 9.0)
	require.Less(t, reach.hi, 12.0)
	r := &Result{Mean: []float64{5, -3}, Sigma: []float64{10, 10}, reach: reach}
	lower, upper := r.Band(0.95)
	require.InDelta(t, 5-0.5*1.96*10, lower[0], 0.01, "half the distance at least")
	require.InDelta(t, 5+0.5*1.96*10, upper[0], 0.01)
	require.Less(t, lower[1], -3.0, "a forecast beyond has its band")
	nothing := reachOf(Input{Values: []float64{1, 2}})
	require.True(t, math.IsInf(nothing.lo, -1) && math.IsInf(nothing.hi, 1))
}

func TestStudentsWidths(t *testing.T) {
	// Tables: two-sided with 4 degrees of freedom.
	for level, want := range map[float64]float64{0.5: 0.740697, 0.95: 2.776445, 0.99: 4.604095} {
		require.InDelta(t, want, studentWidth(level), 1e-6)
	}
	require.InDelta(t, 1.396815/1.281552, fewOrigins(0.8, manyOrigins), 1e-6, "with 8 degrees of freedom: 1.396815")
}

func TestAnIncidentAtOneOriginIsBroughtTowardsTheRest(t *testing.T) {
	rows := make([][]float64, 8)
	for k := range rows {
		rows[k] = []float64{1, -1, math.NaN()}
	}
	for _, even := range evened(rows) {
		require.InDelta(t, 1, even, 1e-9, "all alike")
	}
	rows[2] = []float64{16, math.NaN(), -16} // the typical size is the eighth root of 16
	even := evened(rows)
	require.InDelta(t, math.Pow(math.Sqrt2/16, 0.25), even[2], 1e-2)
	require.InDelta(t, math.Pow(math.Sqrt2, 0.25), even[0], 1e-2)
	rows = append(rows, series.Missing(3))
	require.InDeltaSlice(t, even, evened(rows)[:8], 2e-3, "an origin of which nothing is known does not count")
	require.Equal(t, []float64{1, 1}, evened([][]float64{{0, 0}, {0, 0}}), "forecasts without an error have no size to even")
	require.Empty(t, evened(nil))
}

// A band that seven quiet origins and a wild one give is narrower than that of eight with the same spread, and wider than that of
// eight quiet ones.
func TestOneIncidentDoesNotDecideTheBand(t *testing.T) {
	width := func(sizes ...float64) float64 {
		r := &Result{Mean: make([]float64, 24), Residuals: []float64{1}, reach: reach{math.Inf(-1), math.Inf(1)}}
		for k, size := range sizes {
			rng := rand.New(rand.NewPCG(uint64(k), 9))
			row := make([]float64, len(r.Mean))
			for h := range row {
				row[h] = size * rng.NormFloat64()
			}
			r.Errors = append(r.Errors, row)
		}
		r.judge(rms(r.Residuals))
		lower, upper := r.Band(0.95)
		return upper[12] - lower[12]
	}
	one := width(1, 1, 1, 10, 1, 1, 1, 1)
	spread := math.Sqrt((7. + 100) / 8)
	require.Less(t, one, 0.9*width(spread, spread, spread, spread, spread, spread, spread, spread))
	require.Greater(t, one, 1.5*width(1, 1, 1, 1, 1, 1, 1, 1))
}

func TestQuantileWithinTheSampleIsConformal(t *testing.T) {
	// Of 9 absolute errors the 0.8 quantile is the 8th smallest: ceil(10 x 0.8).
	require.Equal(t, 8.0, withinSample([]float64{1, -2, 3, -4, 5, -6, 7, -8, 9, math.NaN()}, 0.8))
	require.Equal(t, 9.0, withinSample([]float64{1, -2, 3, -4, 5, -6, 7, -8, 9}, 0.99))
	require.True(t, math.IsNaN(withinSample(nil, 0.8)))
}
