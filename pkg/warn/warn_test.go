package warn

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

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
	in := Input{Values: values, Step: time.Hour, Threshold: 75.25, Above: true, Modelled: true, Forecast: &forecast.Result{Mean: mean, Sigma: make([]float64, 100)}}
	a := Evaluate(in, DefaultGuards())
	require.InDelta(t, 50.5, a.ETA, 1e-9)
	require.InDelta(t, 50.5, a.ETAEarly, 1e-9)
	require.Equal(t, Rising, a.State)
	require.Equal(t, 0.0, a.Prob24)
	require.Equal(t, 1.0, a.Prob72)
	require.InDelta(t, 12.0, a.GrowthPerDay, 1e-9)

	in.Modelled, in.Forecast = false, nil
	a = Evaluate(in, DefaultGuards())
	require.InDelta(t, 50.5, a.ETA, 2, "from the values alone")
	require.InDelta(t, 12.0, a.GrowthPerDay, 1e-3)
	require.Less(t, a.ETAEarly, 50.5, "a straight past is no promise")
	require.Greater(t, a.ETAEarly, 35.0)
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
	require.GreaterOrEqual(t, a.Probability, 0.5, "the futures are told as they are")
}

func TestWhereNothingIsKnownNothingIsStated(t *testing.T) {
	nan := math.NaN()
	flat := &forecast.Result{Mean: []float64{1, 1}, Sigma: []float64{0, 0}}
	for name, in := range map[string]Input{
		"no values":    {Step: time.Hour, Threshold: 5, Above: true, Forecast: flat},
		"all missing":  {Values: []float64{nan, math.Inf(1)}, Step: time.Hour, Threshold: 5, Above: true, Forecast: flat},
		"no forecast":  {Values: []float64{1, 2, 3}, Step: time.Hour, Threshold: 5, Above: true},
		"no future":    {Values: []float64{1, 2, 3}, Step: time.Hour, Threshold: 5, Above: true, Forecast: &forecast.Result{}},
		"no threshold": {Values: []float64{1, 2, 3}, Step: time.Hour, Threshold: nan, Above: true, Forecast: flat},
		"no step":      {Values: []float64{1, 2, 3}, Threshold: 5, Above: true, Forecast: flat},
	} {
		a := Evaluate(in, DefaultGuards())
		require.Equal(t, UncertainState, a.State, name)
		require.Equal(t, []float64{Uncertain, Uncertain}, []float64{a.ETA, a.ETAEarly}, name)
		require.True(t, math.IsNaN(a.Probability), name)
	}
}

func TestOneNoisyPointIsNoBreach(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		values []float64
		state  State
	}{
		"one of three":                 {[]float64{10, 10, 10, 95}, OK},
		"two of three":                 {[]float64{10, 95, 10, 95}, Breached},
		"gaps do not count":            {[]float64{10, 95, nan, nan, 95, nan}, Breached},
		"the newest is below again":    {[]float64{95, 95, 10}, OK},
		"the only one there is":        {[]float64{nan, 95}, Breached},
		"exactly on it":                {[]float64{90, 90}, Breached},
		"infinite, so a missing value": {[]float64{10, 10, math.Inf(1), math.Inf(1)}, OK},
	} {
		flat := &forecast.Result{Mean: make([]float64, 5), Sigma: make([]float64, 5)}
		in := Input{Values: c.values, Step: time.Hour, Threshold: 90, Above: true, Forecast: flat}
		require.Equal(t, c.state, Evaluate(in, DefaultGuards()).State, name)
		for i := range c.values {
			c.values[i] = -c.values[i]
		}
		in.Threshold, in.Above = -90, false
		require.Equal(t, c.state, Evaluate(in, DefaultGuards()).State, name+", downwards")
	}
}

// beyond is a forecast whose sampled futures are the given share above the threshold of 10 from the third step on.
func beyond(share float64) *forecast.Result {
	level := 10 + distuv.UnitNormal.Quantile(share)
	r := &forecast.Result{Mean: []float64{0, 0, level, level, level, level}, Sigma: []float64{0, 0, 1, 1, 1, 1}}
	r.Errors = [][]float64{{0, 0, 1, 1, 1, 1}} // wholly persistent
	return r
}

func TestHowManyFuturesCrossDecidesWhatIsStated(t *testing.T) {
	values := make([]float64, 100)
	for i := range values {
		values[i] = float64(i) / 20
	}
	for _, c := range []struct {
		share float64
		state State
		eta   float64
	}{{0.02, OK, Never}, {0.3, UncertainState, Uncertain}, {0.8, Rising, 3}} {
		a := Evaluate(Input{Values: values, Step: time.Hour, Threshold: 10, Above: true, Modelled: true, Forecast: beyond(c.share)}, DefaultGuards())
		require.Equal(t, c.state, a.State, "%v", c.share)
		require.InDelta(t, c.eta, a.ETA, 1)
		require.InDelta(t, c.share, a.Probability, 0.08)
		require.True(t, math.IsNaN(a.Prob24) && math.IsNaN(a.Prob72), "the forecast ends after 6 h")
		require.Empty(t, a.HeldBack)
	}
}

func TestAnswersAreConsistent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := Input{Step: time.Duration(rapid.IntRange(1, 600).Draw(t, "minutes")) * time.Minute, Threshold: rapid.Float64Range(-50, 50).Draw(t, "threshold"),
			Above: rapid.Bool().Draw(t, "above"), Seed: rapid.Uint64().Draw(t, "seed")}
		value := rapid.OneOf(rapid.Float64Range(-100, 100), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, 1e300}))
		in.Values = rapid.SliceOfN(value, 0, 200).Draw(t, "values")
		h := rapid.IntRange(0, 100).Draw(t, "h")
		in.Forecast = &forecast.Result{Mean: rapid.SliceOfN(rapid.Float64Range(-100, 100), h, h).Draw(t, "mean"), Sigma: rapid.SliceOfN(rapid.Float64Range(0, 50), h, h).Draw(t, "sigma")}
		a := Evaluate(in, DefaultGuards())
		require.False(t, math.IsNaN(a.ETA) || math.IsInf(a.ETA, 0) || math.IsNaN(a.ETAEarly) || math.IsInf(a.ETAEarly, 0))
		require.LessOrEqual(t, a.ETAEarly, a.ETA)
		require.Equal(t, Stated(a.ETA), Stated(a.ETAEarly))
		require.Equal(t, Stated(a.ETA), a.State == Rising || a.State == Breached)
		if a.State == Rising {
			require.LessOrEqual(t, a.ETA, max(float64(h)*in.Step.Hours(), sight)+1e-9)
			require.GreaterOrEqual(t, a.ETAEarly, 0.0)
		}
		require.False(t, a.Prob24 > a.Prob72)
		require.False(t, in.horizon() >= 72 && a.Prob72 > a.Probability)
		require.Equal(t, render(a), render(Evaluate(in, DefaultGuards())), "the same seed gives the same answer")

		mirror := in
		mirror.Above, mirror.Threshold, mirror.Values = !in.Above, -in.Threshold, negative(in.Values)
		mirror.Forecast = &forecast.Result{Mean: negative(in.Forecast.Mean), Sigma: in.Forecast.Sigma}
		b := Evaluate(mirror, DefaultGuards())
		if a.State == Breached || b.State == Breached {
			require.Equal(t, a.State, b.State)
		} else if !math.IsNaN(a.Probability) {
			require.InDelta(t, a.Probability, b.Probability, 0.2, "up and down differ by chance only")
		}
	})
}

func render(a Answer) string { return fmt.Sprintf("%+v", a) }

func negative(x []float64) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = -v
	}
	return out
}

func TestSentinelsDoNotFireAPlainRule(t *testing.T) {
	for _, v := range []float64{Never, Uncertain} {
		require.False(t, v < 72)
		require.False(t, math.IsNaN(v) || math.IsInf(v, 0))
		require.False(t, Stated(v))
	}
}

func TestStateCodes(t *testing.T) {
	require.Equal(t, []float64{0, 1, 2, 3}, []float64{OK.Code(), Rising.Code(), UncertainState.Code(), Breached.Code()})
}

// BenchmarkEvaluate answers two weeks at 5 minutes for three days ahead.
func BenchmarkEvaluate(b *testing.B) {
	for _, c := range []struct {
		name   string
		values []float64
	}{
		{"filling", finer(disk(40, 3, 0.5, 0.2, 1))},
		{"busy", finer(disk(50, 0, 20, 2, 1))},
		{"just under", finer(disk(86, 0, 0.5, 1, 1))},
	} {
		r, err := forecast.Run(context.Background(), forecast.Input{Values: c.values, Step: 5 * time.Minute},
			forecast.Options{Algorithm: forecast.Auto, Horizon: 864, Confidence: 0.95})
		require.NoError(b, err)
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Evaluate(Input{Values: c.values, Step: 5 * time.Minute, Threshold: 88, Above: true, Forecast: r, Seed: 1}, DefaultGuards())
			}
		})
	}
}

// finer puts a point between every two.
func finer(x []float64) []float64 {
	out := make([]float64, 0, 2*len(x))
	for i, v := range x {
		out = append(out, (v+x[max(i-1, 0)])/2, v)
	}
	return out
}
