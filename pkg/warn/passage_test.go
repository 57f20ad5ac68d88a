package warn

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

func TestFirstPassage(t *testing.T) {
	inf := math.Inf(1)
	for name, c := range map[string]struct {
		path []float64
		want float64
	}{
		"at once":                        {[]float64{12, 12, 12}, 1},
		"within the step":                {[]float64{8, 12, 12}, 1.5},
		"exactly on it":                  {[]float64{8, 10, 10}, 2},
		"one point is noise":             {[]float64{8, 12, 8, 8, 8}, inf},
		"two of three":                   {[]float64{8, 12, 8, 12, 8}, 1.5},
		"not two of four":                {[]float64{8, 12, 8, 8, 12, 8}, inf},
		"noise first, then the crossing": {[]float64{12, 8, 8, 8, 12, 12}, 4.5},
		"what is not shown is not known": {[]float64{8, 8, 8, 12}, inf},
		"the last two":                   {[]float64{8, 8, 12, 12}, 2.5},
		"never":                          {[]float64{8, 8, 8}, inf},
		"a path of one step":             {[]float64{12}, 1},
		"a path of two, the last":        {[]float64{8, 12}, 1.5},
		"a path of two, the first":       {[]float64{12, 8}, inf},
		"no path":                        {nil, inf},
		"missing values do not cross":    {[]float64{math.NaN(), 12, math.NaN(), 12}, 2},
	} {
		require.Equal(t, c.want, firstPassage(c.path, 0, 1, 10, 10), name)
		require.Equal(t, c.want, firstPassage(negative(c.path), 0, -1, -10, -10), name+", downwards")
	}
	require.InDelta(t, 0.2, firstPassage([]float64{20, 20, 20}, 0, 1, 4, 0), 1e-12, "interpolated from the value before")
}

func TestQuantileOfCensoredTimes(t *testing.T) {
	inf := math.Inf(1)
	times := []float64{1, 2, 3, 4, inf, inf, inf, inf}
	require.Equal(t, 4.0, quantile(times, 0.5), "half have crossed by then")
	require.Equal(t, inf, quantile(times, 0.51))
	require.Equal(t, 1.0, quantile(times, 0.1))
	require.Equal(t, 0.5, share(times, inf-1), "those that never cross are no part")
	require.Equal(t, 0.25, share(times, 2))
	require.Equal(t, 0.0, share(times, 0.9))
}

// TestBrownianMotion compares the share of crossing paths with the closed form
// P(T <= t) = Phi((mu t - a)/(sigma sqrt t)) + exp(2 mu a/sigma²) Phi((-a - mu t)/(sigma sqrt t)),
// evaluated with scipy 1.17.1 (stats.norm.cdf). Paths are seen at steps only, which moves the barrier by 0.5826 sigma sqrt(dt)
// (Broadie, Glasserman, Kou: "A continuity correction for discrete barrier options", Mathematical Finance 7, 1997).
func TestBrownianMotion(t *testing.T) {
	const a, end, dt, n = 10.0, 100.0, 0.02, 3000
	for _, c := range []struct{ mu, want float64 }{
		{0, 0.31731050786291415}, {0.05, 0.49013833994532985}, {0.1, 0.6681020012231705}, {-0.05, 0.18031181859578638},
	} {
		rng := rand.New(rand.NewPCG(7, math.Float64bits(c.mu)))
		path := make([]float64, int(end/dt))
		crossed := 0.0
		for range n {
			x := 0.0
			for k := range path {
				x += c.mu*dt + math.Sqrt(dt)*rng.NormFloat64()
				path[k] = x
			}
			if !math.IsInf(firstPassage(path, 0, 1, a-0.5826*math.Sqrt(dt), 0), 1) {
				crossed++
			}
		}
		require.InDelta(t, c.want, crossed/n, 4*math.Sqrt(c.want*(1-c.want)/n), "drift %v", c.mu)
	}
}

// TestForecastsOfARandomWalkCrossAsOftenAsIt takes the whole road: forecasts of random walks, their sampled paths and the
// closed form for the same threshold, two standard deviations of the end away.
func TestForecastsOfARandomWalkCrossAsOftenAsIt(t *testing.T) {
	const n, h, walks = 500, 100, 40
	want := 2 * distuv.UnitNormal.Survival(1)
	mean := 0.0
	for seed := range uint64(walks) {
		rng := rand.New(rand.NewPCG(seed, 11))
		values := make([]float64, n)
		x := 0.0
		for i := range values {
			x += rng.NormFloat64()
			values[i] = x
		}
		r, err := forecast.Run(context.Background(), forecast.Input{Values: values, Step: time.Hour, Periods: []int{}},
			forecast.Options{Algorithm: "ets", Horizon: h, Confidence: 0.95})
		require.NoError(t, err)
		a := Evaluate(Input{Values: values, Step: time.Hour, Threshold: x + math.Sqrt(h), Above: true, Forecast: r, Seed: seed}, Guards{})
		mean += a.Probability / walks
	}
	require.InDelta(t, want, mean, 0.1)
}

func TestOnlyWhatMattersIsDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := rapid.IntRange(1, 120).Draw(t, "h")
		slope, spread := rapid.Float64Range(-0.1, 0.3).Draw(t, "slope"), rapid.Float64Range(0.01, 1).Draw(t, "spread")
		r := &forecast.Result{Mean: make([]float64, h), Sigma: make([]float64, h), Residuals: []float64{1, 0.5, 1, 0.7, -1, -0.4}}
		for i := range h {
			r.Mean[i], r.Sigma[i] = slope*float64(i), spread*math.Sqrt(float64(i+1))
		}
		in := Input{Threshold: 10, Forecast: r, Seed: rapid.Uint64().Draw(t, "seed")}
		got := passages(in, 1, 0)
		var want []float64
		whole, path := r.Sampler(in.Seed), make([]float64, h)
		for range samples {
			whole.Next()
			whole.Extend(path, 0, h)
			want = append(want, firstPassage(path, 0, 1, 10, 0))
		}
		slices.Sort(want)
		require.True(t, slices.IsSorted(got))
		require.InDelta(t, share(want, math.Inf(1)), share(got, math.Inf(1)), 0.2, "as often as whole paths")
		if firstInReach(r, 1, 10) <= 1 {
			require.Equal(t, want, got, "the very same draws up to the crossing") // see Sampler
		}
	})
}

func TestAThresholdOutOfReachCostsNothing(t *testing.T) {
	r := &forecast.Result{Mean: make([]float64, 50), Sigma: make([]float64, 50)}
	for i := range r.Sigma {
		r.Sigma[i] = 1
	}
	require.Equal(t, 50, firstInReach(r, 1, 7))
	require.Equal(t, 0, firstInReach(r, 1, 6))
	require.Equal(t, 0, firstInReach(r, -1, -6))
	for _, v := range passages(Input{Threshold: 7, Forecast: r}, 1, 0) {
		require.True(t, math.IsInf(v, 1))
	}
}
