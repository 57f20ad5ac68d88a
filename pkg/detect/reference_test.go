package detect

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/order"
)

// oracleNoise is made from the linear congruential generator of Numerical Recipes, twelve numbers a value, so that an oracle in
// another language sees the same.
func oracleNoise(n int, seed uint32) []float64 {
	out := make([]float64, n)
	for i := range out {
		for range 12 {
			seed = 1664525*seed + 1013904223
			out[i] += float64(seed) / (1 << 32)
		}
		out[i] -= 6
	}
	return out
}

// Rolling medians, median absolute deviations and quartiles of numpy 2.4.6 over the 40 values before.
func TestRobustBandsAgainstNumpy(t *testing.T) {
	x := oracleNoise(200, 5)
	for i := range x {
		x[i] = 2*x[i] + 10
	}
	x[150], x[151] = 40, math.NaN()
	params := map[string]any{"window": "200m"}
	mad := detectRun(t, Input{Values: x}, "mad", params)
	quantile := detectRun(t, Input{Values: x}, "quantile", params)
	for i, want := range map[int][4]float64{
		100: {10.266169319861, 1.099680136889, 9.107459968887, 11.345129077323},
		151: {10.212954937480, 0.938895851374, 8.665638777427, 10.885548026301},
		152: {10.171638450585, 0.973923452199, 8.645254335366, 10.900096911006},
		199: {10.218975651078, 1.305568289012, 8.384478668682, 11.222521836869},
	} {
		require.InDelta(t, want[0], mad.Expected[i], 1e-9)
		require.InDelta(t, want[0]+6*1.4826022185056018*want[1], mad.Upper[i], 1e-9)
		iqr := want[3] - want[2]
		require.InDelta(t, want[2]-3*iqr, quantile.Lower[i], 1e-9)
		require.InDelta(t, want[3]+3*iqr, quantile.Upper[i], 1e-9)
	}
	require.Greater(t, mad.Score[150], 2.0)
}

func TestPValuesAreThoseOfTheConformalRank(t *testing.T) {
	o := order.NewWindow(1000)
	for i := range 999 {
		o.Push(float64(i))
	}
	require.InDelta(t, (1+499)/1000.0, pValue(o, 500), 1e-12, "499 past errors are as large, and itself")
	require.InDelta(t, 1, pValue(o, 0), 1e-12)
	require.Equal(t, 899.0, limit(o, 0.1), "the 900th of 999")
	require.Less(t, pValue(o, 1500), 1/1000.0, "beyond the largest the tail goes on")
	require.Greater(t, limit(o, 1e-4), 999.0)
	require.InDelta(t, 1e-4, pValue(o, limit(o, 1e-4)), 1e-9, "the band's edge is where the p-value is alpha")
	require.True(t, math.IsNaN(limit(order.NewWindow(10), 0.1)))
	require.True(t, math.IsNaN(pValue(order.NewWindow(10), 0.1)))
}

// A p-value is a probability: among ordinary points no more than one in ten has one below a tenth.
func TestPValuesAreHonest(t *testing.T) {
	x := daily(14*288, 3)
	out := detectRun(t, Input{Values: x, From: 7 * 288}, "forecast-residual", map[string]any{"forecaster": "seasonal-naive"})
	for _, level := range []float64{0.1, 0.01} {
		below, n := 0, 0
		for i := 7 * 288; i < len(x); i++ {
			n++
			if out.P[i] <= level {
				below++
			}
			require.True(t, out.P[i] > 0 && out.P[i] <= 1)
		}
		require.LessOrEqual(t, float64(below)/float64(n), 2*level)
		require.Positive(t, below)
	}
}

// Spectral residual by numpy 2.4.6: fft, log amplitude less its trailing mean of three, inverse; saliency of the newest of 59
// points, five more estimated behind it, and the mean of the 21 before.
func TestSpectralResidualAgainstNumpy(t *testing.T) {
	y := oracleNoise(59, 9)
	for i := range y {
		y[i] = 0.1*y[i] + math.Sin(float64(i)/4)
	}
	y[58] += 3
	s := newSaliency(64)
	require.InDelta(t, 13.363744399200, s.newest(y), 1e-9)
	require.InDelta(t, 0.900972734040, s.salient[58], 1e-11)
	require.InDelta(t, 0.20759852, s.salient[0], 1e-8)
	require.Zero(t, newSaliency(16).newest(make([]float64, 11)))
}

// Distances to the most similar stretch before, by brute force in numpy 2.4.6 (stretches of 8 points, 60 back).
func TestMatrixProfileAgainstBruteForce(t *testing.T) {
	x := oracleNoise(120, 11)
	for i := range x {
		x[i] = 0.2*x[i] + math.Sin(float64(i)/3)
	}
	params := map[string]any{"length": "8m", "window": "60m", "factor": 1.0}
	out := detectRun(t, Input{Values: x, Step: time.Minute}, "matrix-profile", params)
	distance := func(i int) float64 {
		best := math.Inf(1)
		for lag := 8; lag <= min(i, 60) && i-lag >= 7; lag++ {
			sum := 0.0
			for k := range 8 {
				sum += (x[i-k] - x[i-lag-k]) * (x[i-k] - x[i-lag-k])
			}
			best = min(best, math.Sqrt(sum/8))
		}
		return best
	}
	for i, want := range map[int]float64{70: 0.123873409827, 90: 0.189524439468, 119: 0.244813468442} {
		require.InDelta(t, want, distance(i), 1e-9)
		past := order.NewWindow(60)
		for j := 15; j < i; j++ {
			past.Push(distance(j))
		}
		require.InDelta(t, want/past.Quantile(profileLeast), out.Score[i], 1e-6)
	}
}

// Siegmund's approximation for a one-sided cumulative sum with drift 0.5 and limit 5 is a run length of 938 independent normal
// values; two sides halve it.
func TestRunLengthOfTheCumulativeSum(t *testing.T) {
	crossings, n := 0, 200_000
	x := noise(n, 0, 12)
	out := detectRun(t, Input{Values: x, Step: time.Minute}, "level-shift", map[string]any{"limit": 5.0, "adopt": "1m"})
	for i := 1; i < n; i++ {
		if out.Score[i] >= 1 && !(out.Score[i-1] >= 1) {
			crossings++
		}
	}
	length := float64(n) / float64(crossings)
	require.True(t, length > 350 && length < 1100, "%.0f points from one to the next, with some lost to learning anew", length)
}
