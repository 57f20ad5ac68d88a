package detect

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestDynamicThresholdIsThatOfPandas(t *testing.T) {
	// pandas 3.1.1: s.shift(1).rolling(12, min_periods=10).mean() and .std(), NaN where the value is missing.
	x := []float64{112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, math.NaN(), 170, 158, 133, 114, 140}
	for name, c := range map[string]struct {
		params map[string]any
		k      float64
	}{
		"medium": {map[string]any{"window": "12m"}, 3},
		"high":   {map[string]any{"window": "12m", "sensitivity": "high"}, 2},
		"low":    {map[string]any{"window": "12m", "sensitivity": "low"}, 4},
		"own k":  {map[string]any{"window": "12m", "sensitivity": "low", "k": 2.5}, 2.5},
	} {
		t.Run(name, func(t *testing.T) {
			out := detectRun(t, Input{Values: x, Step: time.Minute}, "dynamic-threshold", c.params)
			require.True(t, math.IsNaN(out.Expected[9]), "nine points before are too few")
			for i, want := range map[int][2]float64{
				10: {129.8, 12.398924684557661}, 13: {126.91666666666667, 13.453342493314599}, 19: {128.72727272727272, 14.33939265862337},
				20: {130.72727272727272, 18.28710424911997}, 23: {134.9090909090909, 18.168404142656797},
			} {
				require.InDelta(t, want[0], out.Expected[i], 1e-10)
				require.InDelta(t, want[0]+c.k*want[1], out.Upper[i], 1e-10)
				require.InDelta(t, want[0]-c.k*want[1], out.Lower[i], 1e-10)
				require.InDelta(t, math.Abs(x[i]-want[0])/(c.k*want[1]), out.Score[i], 1e-10)
			}
			require.True(t, math.IsNaN(out.Score[18]), "missing")
			require.False(t, math.IsNaN(out.Expected[18]), "there is an expectation all the same")
		})
	}
}

// direct computes mean and standard deviation of the known values in two passes.
func direct(x []float64) (n, mean, deviation float64) {
	for _, v := range x {
		if !math.IsNaN(v) {
			n++
			mean += v
		}
	}
	mean /= n
	for _, v := range x {
		if !math.IsNaN(v) {
			deviation += (v - mean) * (v - mean)
		}
	}
	return n, mean, math.Sqrt(deviation / (n - 1))
}

func TestSlidingMomentsAreThoseOfTheWindow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.IntRange(2, 30).Draw(t, "window")
		shift := rapid.SampledFrom([]float64{0, 1e6, -1e12}).Draw(t, "shift")
		x := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 {
			if rapid.IntRange(0, 9).Draw(t, "kind") == 0 {
				return math.NaN()
			}
			return shift + rapid.Float64Range(-1, 1).Draw(t, "v")
		}), 1, 120).Draw(t, "x")
		s := newSliding(w)
		for i, v := range x {
			s.push(v)
			m := s.moments()
			n, mean, deviation := direct(x[max(i+1-w, 0) : i+1])
			require.Equal(t, n, m.n)
			if n > 1 {
				require.InDelta(t, mean, m.mean, 1e-15*math.Abs(shift)+1e-12)
				require.InDelta(t, deviation, m.deviation(), 1e-15*math.Abs(shift)+1e-9)
			}
		}
	})
}

func TestAnExtremeValueThatHasLeftCostsNoDigits(t *testing.T) {
	s := newSliding(20)
	s.push(1e100)
	x := noise(20, 0, 1)
	for _, v := range x {
		s.push(v)
	}
	_, mean, deviation := direct(x)
	require.InDelta(t, mean, s.moments().mean, 1e-14)
	require.InDelta(t, deviation, s.moments().deviation(), 1e-14)
}

func TestASpikeHidesNothingThatFollows(t *testing.T) {
	x := noise(600, 0, 1)
	x[400], x[401] = 500, 500
	x[500] = 12
	out := detectRun(t, Input{Values: x, From: 300}, "dynamic-threshold", nil)
	require.True(t, out.Anomalous[400])
	require.True(t, out.Anomalous[500], "score %v", out.Score[500])
	_, _, plain := direct(x[500-288 : 500])
	require.Less(t, out.Upper[500]-out.Expected[500], plain, "a third of what the plain rule would allow")
}

func TestANewLevelIsLearnt(t *testing.T) {
	for name, quiet := range map[string]float64{"noisy": 1, "constant": 0} {
		t.Run(name, func(t *testing.T) {
			x := noise(1200, 0, 2)
			for i := range x {
				x[i] *= quiet
				if i >= 500 {
					x[i] += 40
				}
			}
			out := detectRun(t, Input{Values: x, From: 300}, "dynamic-threshold", nil)
			require.True(t, out.Anomalous[502])
			require.Zero(t, flagsIn(out, 620, 1200), "ten hours later it is normal")
			require.InDelta(t, 40, out.Expected[1100], 1)
		})
	}
}

func TestAConstantThatMovesIsOutside(t *testing.T) {
	x := times(500, func(i int) float64 { return map[bool]float64{true: 6, false: 5}[i >= 497] })
	out := detectRun(t, Input{Values: x, From: 300}, "dynamic-threshold", nil)
	require.Equal(t, 3, flagsIn(out, 497, 500))
	require.Equal(t, scoreCap, out.Score[497])
}

func BenchmarkDynamic4032(b *testing.B) {
	in := Input{Values: daily(4032, 1), Step: fiveMinutes}
	for b.Loop() {
		detectRun(b, in, "dynamic-threshold", nil)
	}
}
