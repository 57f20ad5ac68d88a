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
)

// The estimators that the models are built from, one by one. Reference values: numpy 2.4.6, scipy 1.17.1 and statsmodels 0.15.0 on the
// series of data_test.go.

// statsmodels: WLS of nile[2:72] on a constant and the two values before, weights fade^(rows behind the newest).
func TestARecursiveRegressionIsWeightedLeastSquares(t *testing.T) {
	for fade, want := range map[float64][3]float64{
		1:    {350.332759, 0.414526893, 0.205156731},
		0.97: {405.180876, 0.39482278, 0.140826768},
		0.9:  {677.382076, 0.308295001, -0.121784143},
	} {
		centre := meanOf(nile[:72])
		r := newRecursive(2, fade)
		for i := 2; i < 72; i++ {
			r.add([]float64{1, nile[i-1] - centre, nile[i-2] - centre, nile[i] - centre})
		}
		require.True(t, r.solve())
		require.InDeltaSlice(t, want[1:], r.coef, 1e-5, "fade %v", fade)
		constant := r.constant + centre - centre*(r.coef[0]+r.coef[1])
		require.InDelta(t, want[0], constant, 1e-2, "fade %v", fade)
	}
}

func TestARecursiveRegressionIsNotMisledByWildRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 9))
	r := newRecursive(1, 0.99)
	for i := range 2000 {
		x := rng.NormFloat64()
		y := 3*x + 0.1*rng.NormFloat64()
		if i > 500 && i%40 == 0 {
			y += 50 * x
		}
		r.add([]float64{1, x, y})
	}
	require.True(t, r.solve())
	require.InDelta(t, 3, r.coef[0], 0.15, "least squares with those rows gives 4.2")
	require.False(t, newRecursive(3, 1).solve(), "no rows, no coefficients")
	same := newRecursive(1, 1)
	for range 100 {
		same.add([]float64{1, 5, 7})
	}
	require.False(t, same.solve(), "regressors that never move tell nothing")
}

func TestARegressionForgetsAtTheRateAskedFor(t *testing.T) {
	// The coefficient turns from 1 to -1; a memory of 50 rows has forgotten it after 300.
	follow := func(fade float64) float64 {
		rng := rand.New(rand.NewPCG(4, 4))
		r := newRecursive(1, fade)
		for i := range 900 {
			x, b := rng.NormFloat64(), 1.0
			if i >= 600 {
				b = -1
			}
			r.add([]float64{1, x, b*x + 0.5*rng.NormFloat64()})
		}
		require.True(t, r.solve())
		return r.coef[0]
	}
	require.InDelta(t, -1, follow(0.98), 0.2)
	require.Greater(t, follow(1), 0.0, "who forgets nothing still believes the first 600")
}

// scipy: theilslopes(nile) and (air) over their positions.
func TestTheilSenIsThatOfScipy(t *testing.T) {
	for want, y := range map[float64][]float64{-2.6: nile, 2.451216287678477: airPassengers} {
		at, mid := BlockMedians(y, 1)
		require.InDelta(t, want, TheilSen(at, mid), 1e-12)
	}
	require.True(t, math.IsNaN(TheilSen([]float64{1}, []float64{2})))
}

func TestBlocksEndWithTheDataAndLeaveGapsOut(t *testing.T) {
	nan := math.NaN()
	at, mid := BlockMedians([]float64{9, 9, 1, 2, 30, nan, nan, nan, 4, nan, 6}, 3)
	require.Equal(t, []float64{3, 9}, at)
	require.Equal(t, []float64{2, 5}, mid)
	at, _ = BlockMedians(nil, 3)
	require.Empty(t, at)
}

// statsmodels: OLS of z[:-1] on z[1:] without a constant, z = nile less its mean.
func TestPersistenceIsTheRegressionOnTheNeighbour(t *testing.T) {
	z := moved(nile, -meanOf(nile), 1)
	require.InDelta(t, 0.50558774, lagOne(z), 1e-8)
	require.Zero(t, lagOne([]float64{1, -1, 1, -1}), "what turns at every step does not persist")
	require.Equal(t, 0.99, lagOne([]float64{1, 1, 1, 1}))
	require.Zero(t, lagOne([]float64{1, math.NaN(), 1}))
	require.Zero(t, lagOne(nil))
}

// statsmodels: ETSModel(log(air), error="add", seasonal="add", seasonal_periods=12, ...).fit(maxiter=5000): sse and forecasts; our
// initial states are profiled out exactly, so that the errors are as small or smaller.
func TestSeasonalETSIsAtLeastAsCloseAsThatOfStatsmodels(t *testing.T) {
	for name, c := range map[string]struct {
		form     etsForm
		sse      float64
		forecast []float64
	}{
		"AAdA": {etsForm{trend: true, damped: true, period: 12}, 0.20560858570117513, []float64{6.10036436, 6.04226881}},
		"ANA":  {etsForm{period: 12}, 0.20850798465596498, []float64{6.08323012, 6.06176722}},
	} {
		y := logs(airPassengers)
		m := estimate(y, c.form)
		sse, _ := squaresOf(y, m)
		require.LessOrEqual(t, sse, c.sse*(1+1e-3), name)
		require.InDeltaSlice(t, c.forecast, m.Forecast(2), 0.03, name)
	}
}

// statsmodels: ThetaModel(nile, deseasonalize=False).fit(): alpha .246542, slope -2.714305, forecasts; its smoothing starts from
// another level, which has died away after a hundred points but for a trace in alpha.
func TestStandardThetaIsThatOfStatsmodels(t *testing.T) {
	m, err := fitStandardTheta(nile)
	require.NoError(t, err)
	for h, want := range []float64{799.53942864, 798.18227593, 796.82512321} {
		require.InEpsilon(t, want, m.Forecast(3)[h], 0.003)
	}
	require.InDelta(t, -2.714305/2, m.(*standardTheta).drift, 1e-6)
	require.InDelta(t, 0.246542, m.(*standardTheta).alpha, 0.005)
}

func TestTheLowestPointIsFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at, kink, cubic := rapid.Float64Range(0.1, 0.4).Draw(t, "at"), rapid.SampledFrom([]float64{0, 0.1, 1}).Draw(t, "kink"), rapid.Float64Range(-0.5, 2).Draw(t, "cubic")
		best, least, tried := math.NaN(), math.Inf(1), 0
		f := func(x float64) float64 {
			d := x - at
			v := kink*math.Abs(d) + d*d + cubic*d*d*d
			if tried++; v < least {
				best, least = x, v
			}
			require.True(t, 0.1 <= x && x <= 0.4)
			return v
		}
		start := rapid.Float64Range(0.11, 0.39).Draw(t, "start")
		lowest(f, 0.1, start, 0.4, f(start))
		require.InDelta(t, at, best, 3*thetaClose)
		if kink == 0 && at > 0.15 && at < 0.35 {
			require.Less(t, tried, 14, "parabolas need fewer")
		}
	})
	tried := 0
	lowest(func(x float64) float64 { tried++; return x }, 0.1, 0.1, 0.17, 0.1) // the best of the trials may be the least allowed
	require.LessOrEqual(t, tried, thetaTrials)
}

func TestAMovingAverageIsTheMeanOfItsWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-100, 100), 1, 50).Draw(t, "x")
		k := rapid.IntRange(1, len(x)).Draw(t, "k")
		out := make([]float64, len(x)-k+1)
		movingAverage(x, k, out)
		for i, v := range out {
			require.InDelta(t, meanOf(x[i:i+k]), v, 1e-9)
		}
	})
}

func TestALocalLineOfALineIsTheLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 60).Draw(t, "n")
		a, b := rapid.Float64Range(-10, 10).Draw(t, "a"), rapid.Float64Range(-10, 10).Draw(t, "b")
		y, out := make([]float64, n), make([]float64, n)
		for i := range y {
			y[i] = a + b*float64(i)
		}
		s := prepared(2*rapid.IntRange(2, 20).Draw(t, "half")+1, 1, rapid.IntRange(1, 5).Draw(t, "jump"))
		s.smooth(y, nil, out)
		require.InDeltaSlice(t, y, out, 1e-8)
		weights := make([]float64, n)
		for i := range weights {
			weights[i] = 1
		}
		again := make([]float64, n)
		s.smooth(y, weights, again)
		require.InDeltaSlice(t, out, again, 1e-8, "weights of 1 are no weights")
	})
}

func TestSeasonsWithoutNoiseAreTakenOutWhole(t *testing.T) {
	x := make([]float64, 24*28)
	for i := range x {
		x[i] = 10*math.Sin(2*math.Pi*float64(i)/24) + 3*math.Cos(2*math.Pi*float64(i)/168) + 40
	}
	for _, robust := range []bool{false, true} {
		d := mstl(x, []int{24, 168}, robust, nil)
		for i, v := range d.adjusted(x) {
			require.InDelta(t, 40, v, 0.1, "point %d", i)
		}
		for h := range 200 {
			i := len(x) + h
			want := 10*math.Sin(2*math.Pi*float64(i)/24) + 3*math.Cos(2*math.Pi*float64(i)/168)
			require.InDelta(t, want, d.season(i), 0.1, "the last cycles go on")
		}
	}
	work := &stlWork{}
	first := mstl(x, []int{24, 168}, false, work)
	mstl(x[:300], []int{24}, true, work)
	requireSame(t, first.trend, mstl(x, []int{24, 168}, false, work).trend)
}

func TestPeriodsThatNobodyNamed(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 1))
	for _, period := range []int{7, 15, 37, 50, 90} {
		x := make([]float64, 1000)
		for i := range x {
			x[i] = 5*math.Sin(2*math.Pi*float64(i)/float64(period)) + rng.NormFloat64()
		}
		require.Contains(t, spectralPeriods(x), period)
		require.Equal(t, []int{period}, DetectPeriods(x, 13*time.Minute), "the clock knows none in steps of 13 minutes")
	}
	require.Nil(t, spectralPeriods(noise(1000, 0, 1, 3)), "Fisher's test")
	require.Nil(t, spectralPeriods(make([]float64, 10)))
	require.Equal(t, 12, spectralPeriods(airPassengers)[0], "the year of the passengers")
}

func TestMeansAndWhatLiesBetweenThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := rapid.IntRange(2, 9).Draw(t, "q")
		n := rapid.IntRange(3*q, 90).Draw(t, "n")
		a, b := rapid.Float64Range(-10, 10).Draw(t, "a"), rapid.Float64Range(-1, 1).Draw(t, "b")
		y := make([]float64, n)
		for i := range y {
			y[i] = a + b*float64(i)
		}
		means := aggregate(y, q)
		require.Len(t, means, n/q)
		lead := n % q
		for i := lead + q; i < n-q; i++ {
			require.InDelta(t, y[i], interpolate(means, i-lead, q), 1e-9, "of a line nothing is lost")
		}
		d := newDetail(y, q, 0)
		tail := y[n-q:]
		ahead := d.refine([]float64{means[len(means)-1] + b*float64(q), means[len(means)-1] + 2*b*float64(q)}, n, tail, q)
		for h, v := range ahead {
			require.InDelta(t, a+b*float64(n+h), v, 1e-6+math.Abs(b)*float64(q))
		}
	})
}

func TestABandTableIsReadBetweenItsKnots(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := rapid.IntRange(1, 300).Draw(t, "h")
		r := &Result{Mean: make([]float64, h), Sigma: make([]float64, h), Errors: make([][]float64, 8)}
		for i := range r.Sigma {
			r.Sigma[i] = 1 + float64(i)/10
		}
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		for k := range r.Errors {
			r.Errors[k] = make([]float64, h)
			for i := range r.Errors[k] {
				r.Errors[k][i] = r.Sigma[i] * rng.NormFloat64()
			}
		}
		r.shape = r.conform()
		table := newBandTable(r)
		require.InDeltaSlice(t, r.Sigma, table.sigma(h), 1e-9, "straight between knots")
		require.InDelta(t, math.Sqrt2*r.Sigma[h-1], table.sigma(2 * h)[2*h-1], 1e-9)
		last := 0.0
		for level := 0.5; level <= 0.99; level += 0.01 {
			below, above := table.halfWidths(level)
			require.GreaterOrEqual(t, below+above, last-1e-12)
			last = below + above
		}
		for _, level := range bandLevels {
			below, above := table.halfWidths(level)
			wantBelow, wantAbove := r.halfWidths(level)
			require.InDelta(t, wantBelow, below, 1e-9)
			require.InDelta(t, wantAbove, above, 1e-9)
		}
		errors := table.errors(h + 3)
		require.Len(t, errors, 8)
		require.True(t, math.IsNaN(errors[0][h]), "nothing is known beyond")
		require.InDelta(t, r.Errors[0][0], errors[0][0], 1e-9)
	})
}

// Card's Delta by its formulas: four sevens of a season of two, whose changes are +4 and -3.
func TestDeltaIsTheMeanChangeWithoutTheLargest(t *testing.T) {
	y := make([]float64, 28)
	for i := range y {
		y[i] = -50 + float64(i/2) + 4*float64(i%2) // below zero: no logs
	}
	m := fitted(t, Input{Values: y, seasons: []int{2}}, delta{seasonal: true})
	want := make([]float64, 6)
	for h := range want {
		i := len(y) + h
		want[h] = -50 + float64(i/2) + 4*float64(i%2)
	}
	require.InDeltaSlice(t, want, m.Forecast(6), 0.6, "the season of the changes, and half a step a step")

	jump := slices.Clone(y)
	for i := 20; i < len(jump); i++ {
		jump[i] += 1000
	}
	after := fitted(t, Input{Values: jump, seasons: []int{2}}, delta{}).Forecast(10)
	require.Less(t, math.Abs(after[9]-jump[27]), 30.0, "one jump is no trend: the plain mean change would add 380")

	require.Equal(t, 2.0, withoutLargest([]float64{1, -100, 3, 90}, 2))
	require.Zero(t, withoutLargest([]float64{5}, 1))
	require.Equal(t, 2.0, smaller(2, 3))
	require.Equal(t, -2.0, smaller(-3, -2))
	require.Zero(t, smaller(-3, 2), "of two directions neither")

	_, err := delta{seasonal: true}.Fit(context.Background(), Input{Values: y})
	require.ErrorIs(t, err, ErrTooShort, "no season")
	_, err = delta{}.Fit(context.Background(), Input{Values: y[:8]})
	require.ErrorIs(t, err, ErrTooShort)
}

func TestLevelsAreRepeatedWhereChangesVaryMore(t *testing.T) {
	x := noise(210, 100, 5, 3) // differences of white noise vary twice as much as its levels
	m := fitted(t, Input{Values: x, seasons: []int{7}}, delta{seasonal: true}).(*deltaModel)
	require.False(t, m.changes)
	for _, f := range m.Forecast(14) {
		require.InDelta(t, 100, f, 10)
	}
	w := 0.0
	for _, v := range levelWeights {
		w += v
	}
	require.InDelta(t, 1, w, 1e-12)
	w = 0
	for _, v := range changeWeights {
		w += v
	}
	require.InDelta(t, 1, w, 1e-12)
}

func TestTheMedianProfileForgetsAnIncident(t *testing.T) {
	x := dayWeek(24*14, 24, 0, 0, 0.1, 2)
	for i := 24 * 11; i < 24*12; i++ {
		x[i] += 500
	}
	m := fitted(t, Input{Values: x, seasons: []int{24}}, medianProfile{7})
	for h, f := range m.Forecast(48) {
		at := 2 * math.Pi * float64(h) / 24
		require.InDelta(t, 50+10*math.Sin(at)+4*math.Cos(2*at), f, 0.5)
	}
	_, err := medianProfile{7}.Fit(context.Background(), Input{Values: x[:40], seasons: []int{24}})
	require.ErrorIs(t, err, ErrTooShort)
}

func TestSmallThings(t *testing.T) {
	nan := math.NaN()
	sum, count := phases([]float64{1, 2, nan, 4, 5}, 2)
	require.Equal(t, []float64{6, 6}, sum)
	require.Equal(t, []float64{2, 2}, count)
	require.Equal(t, []float64{1, 3}, known([]float64{nan, 1, nan, 3}))
	require.True(t, math.IsNaN(firstKnown([]float64{nan})))
	require.Equal(t, 4.0, firstKnown([]float64{nan, 4, 5}))
	require.True(t, math.IsNaN(meanOf([]float64{nan})))
	require.InDelta(t, math.Sqrt(12.5), rms([]float64{3, nan, 4}), 1e-12)
	require.Zero(t, rms(nil))
	require.Equal(t, []float64{2, 3}, newest([]float64{1, 2, 3}, 2))
	require.Equal(t, []float64{1}, newest([]float64{1}, 5))
	require.Equal(t, []float64{1, 2, -4}, difference([]float64{0, 1, 3, -1}, 1))
	require.Equal(t, []float64{1, -6}, difference([]float64{0, 1, 3, -1}, 2))
	require.Equal(t, []int{3, 8}, usable([]int{1, 3, 8, 9}, 17))
	require.Equal(t, 5, gcd(10, 15))
	lo, hi := 1.0, 2.0
	b := Bounds{&lo, &hi}
	x := []float64{0, 1, 1.5, 3, nan, math.Inf(1)}
	require.Equal(t, 3, b.clip(x))
	requireSame(t, []float64{1, 1, 1.5, 2, nan, 2}, x)
	require.Equal(t, []float64{9, 7, 5}, newestSizes([]float64{5, nan, -7, 9}))
	require.True(t, Event{Steps: []int{3, 8}}.Covers(8) && !Event{Steps: []int{3, 8}}.Covers(4))
	require.Equal(t, []int{2, 7}, shifted([]Event{{Steps: []int{3, 8}}}, 1)[0].Steps)
	require.Equal(t, 52, yearSteps(7*24*time.Hour))
	require.Equal(t, 365, yearSteps(24*time.Hour))
}
