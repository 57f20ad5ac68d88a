package warn

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

// disk is two weeks at 10 minutes of a filesystem in percent: start, growth per day, a daily swing, noise.
func disk(start, perDay, swing, noise float64, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 5))
	out := make([]float64, 14*144)
	for i := range out {
		out[i] = start + perDay*float64(i)/144 + swing*math.Sin(2*math.Pi*float64(i)/144) + noise*rng.NormFloat64()
	}
	return out
}

func evaluate(t testing.TB, values []float64, threshold float64, above bool) Answer {
	r, err := forecast.Run(context.Background(), forecast.Input{Values: values, Step: 10 * time.Minute},
		forecast.Options{Algorithm: forecast.Auto, Horizon: 432, Confidence: 0.95})
	require.NoError(t, err)
	return Evaluate(Input{Values: values, Step: 10 * time.Minute, Threshold: threshold, Above: above, Forecast: r, Seed: 1}, DefaultGuards())
}

func TestAStraightLineCrossesExactlyThen(t *testing.T) {
	mean := make([]float64, 100)
	for i := range mean {
		mean[i] = 50 + 0.5*float64(i+1)
	}
	values := make([]float64, 200)
	for i := range values {
		values[i] = 50 - 0.5*float64(199-i)
	}
	in := Input{Values: values, Step: time.Hour, Threshold: 75.25, Above: true, Forecast: &forecast.Result{Mean: mean, Sigma: make([]float64, 100)}}
	a := Evaluate(in, DefaultGuards())
	require.InDelta(t, 50.5, a.ETA, 1e-9)
	require.InDelta(t, 50.5, a.ETAEarly, 1e-9)
	require.Equal(t, Rising, a.State)
	require.Equal(t, 0.0, a.Prob24)
	require.Equal(t, 1.0, a.Prob72)
	require.InDelta(t, 12.0, a.GrowthPerDay, 1e-9)
}

func TestAFillingDiskIsTold(t *testing.T) {
	for seed := range uint64(5) {
		values := disk(40, 3, 0.5, 0.2, seed) // ends near 82, crosses 88 in two days
		a := evaluate(t, values, 88, true)
		require.Equal(t, Rising, a.State)
		require.InDelta(t, 48, a.ETA, 10)
		require.LessOrEqual(t, a.ETAEarly, a.ETA)
		require.Greater(t, a.ETAEarly, 20.0)
		require.InDelta(t, 3, a.GrowthPerDay, 0.2)
		require.Empty(t, a.HeldBack)
	}
}

func TestDownwardsIsTheMirror(t *testing.T) {
	up := disk(40, 3, 0.5, 0.2, 1)
	down := make([]float64, len(up))
	for i, v := range up {
		down[i] = 100 - v
	}
	a, b := evaluate(t, up, 88, true), evaluate(t, down, 12, false)
	require.Equal(t, Rising, b.State)
	require.InDelta(t, a.ETA, b.ETA, 4)
}

func TestABusyButFlatMetricIsNotTold(t *testing.T) {
	for seed := range uint64(10) {
		a := evaluate(t, disk(50, 0, 30, 2, seed), 88, true)
		require.False(t, Stated(a.ETAEarly), "seed %d: %+v", seed, a)
	}
}

func TestADailyPeakThatReachesTheThresholdIsTold(t *testing.T) {
	a := evaluate(t, disk(50, 0, 40, 1, 1), 85, true)
	require.True(t, a.State == Rising || a.State == Breached)
	require.Less(t, a.ETA, 24.0)
}

func TestBeyondTheThresholdIsBreached(t *testing.T) {
	a := evaluate(t, disk(95, 0, 0, 0.1, 1), 90, true)
	require.Equal(t, Breached, a.State)
	require.Zero(t, a.ETA)
	require.Equal(t, 1.0, a.Probability)
}

func TestShortHistoryIsHeldBack(t *testing.T) {
	values := disk(40, 3, 0, 0.1, 1)[:100]
	for i := range values {
		values[i] += 0.3 * float64(i)
	}
	a := evaluate(t, values, values[99]+3, true)
	require.Contains(t, a.HeldBack, ShortHistory)
	require.Equal(t, Uncertain, a.ETA)
	require.False(t, a.ETAEarly < 72, "a plain rule does not fire on it")
}

func TestSentinelsDoNotFireAPlainRule(t *testing.T) {
	for _, v := range []float64{Never, Uncertain} {
		require.False(t, v < 72)
		require.False(t, math.IsNaN(v) || math.IsInf(v, 0))
		require.False(t, Stated(v))
	}
}

func TestMannKendallOfTheReferenceSeries(t *testing.T) {
	// R: S 37, Var 125 gives Z = 36/sqrt(125); the residuals of the line are not positively autocorrelated.
	y := []float64{16, 20, 22, 21, 25, 24, 30, 29, 35, 33}
	require.InDelta(t, 36/math.Sqrt(125), MannKendall(y), 1e-12)
	require.Zero(t, MannKendall([]float64{1, 1, 1, 1}))
	require.Zero(t, MannKendall([]float64{1}))
}

func TestPathsCrossAsOftenAsBrownianMotion(t *testing.T) {
	// With errors that persist wholly and a spread that grows as the square root of time, first passage beyond a high
	// threshold is bracketed by the end-point probability and the reflection principle's twice that.
	const h = 100
	mean, sigma := make([]float64, h), make([]float64, h)
	errors := make([]float64, h)
	for i := range sigma {
		sigma[i] = math.Sqrt(float64(i + 1))
		errors[i] = sigma[i]
	}
	r := &forecast.Result{Mean: mean, Sigma: sigma, Errors: [][]float64{errors}}
	times := crossings(Input{Forecast: r, Threshold: 15, Seed: 3}, 1, 0)
	end := 1 - distuv.UnitNormal.CDF(1.5)
	p := share(times, math.Inf(1), 1)
	require.Greater(t, p, end-3*math.Sqrt(end/samples))
	require.Less(t, p, 2*end+3*math.Sqrt(2*end/samples))
}

func TestStateCodes(t *testing.T) {
	require.Equal(t, []float64{0, 1, 2, 3}, []float64{OK.Code(), Rising.Code(), UncertainState.Code(), Breached.Code()})
}

func BenchmarkEvaluate(b *testing.B) {
	values := disk(40, 3, 0.5, 0.2, 1)
	r, err := forecast.Run(context.Background(), forecast.Input{Values: values, Step: 10 * time.Minute},
		forecast.Options{Algorithm: forecast.Auto, Horizon: 432, Confidence: 0.95})
	require.NoError(b, err)
	for b.Loop() {
		Evaluate(Input{Values: values, Step: 10 * time.Minute, Threshold: 88, Above: true, Forecast: r, Seed: 1}, DefaultGuards())
	}
}
