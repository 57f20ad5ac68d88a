package warn

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// S, variance and Z are those of pymannkendall 1.4.3 (original_test), with which R's Kendall agrees on the first series.
func TestMannKendallOfReferenceSeries(t *testing.T) {
	for _, c := range []struct {
		y           []float64
		s, variance float64
		z           float64
	}{
		{[]float64{16, 20, 22, 21, 25, 24, 30, 29, 35, 33}, 37, 125, 3.219937887599697},
		{[]float64{3, 3, 5, 4, 7, 7, 7, 9, 8, 12, 11, 11}, 53, 207, 3.6142498436559625}, // with ties
		{[]float64{10, 11.5, 11, 14.2, 15.1, 17.9, 18, 17.2, 21.4}, 30, 92, 3.0234590038275844},
	} {
		s, variance := kendall(c.y)
		require.Equal(t, []float64{c.s, c.variance}, []float64{s, variance})
		require.InDelta(t, c.z*math.Sqrt(shareIndependent(c.y)), MannKendall(c.y), 1e-12)
	}
	require.Equal(t, 1.0, shareIndependent([]float64{16, 20, 22, 21, 25, 24, 30, 29, 35, 33}), "what the line leaves alternates")
	for _, y := range [][]float64{nil, {1}, {1, 2}, {1, 1, 1, 1}} {
		require.InDelta(t, 0, MannKendall(y), 1, "%v", y)
		require.False(t, math.IsNaN(MannKendall(y)))
	}
}

// The slope is that of scipy 1.17.1 (stats.theilslopes) on the daily medians, of which one is missing.
func TestGrowthIsTheTheilSenSlopeOfDailyMedians(t *testing.T) {
	nan := math.NaN()
	days := []float64{10, 11.5, 11, 14.2, nan, 15.1, 17.9, 18, 17.2, 21.4}
	var values []float64
	for _, d := range days {
		for h := range 24 {
			values = append(values, d+0.1*math.Sin(2*math.Pi*float64(h)/24+0.3)) // a season that the median of the day does not see
		}
	}
	require.InDelta(t, 1.2166666666666666, growth(Input{Values: values, Step: time.Hour}), 0.02)
}

func TestNeighboursThatGoTogetherMakeNoTrend(t *testing.T) {
	const n, series = 20, 2000
	alarms := func(phi float64, z func([]float64) float64) (share float64) {
		rng := rand.New(rand.NewPCG(3, 9))
		y := make([]float64, n)
		for range series {
			x := rng.NormFloat64() / math.Sqrt(1-phi*phi)
			for i := range y {
				y[i] = x
				x = phi*x + rng.NormFloat64()
			}
			if math.Abs(z(y)) > 2 {
				share += 1.0 / series
			}
		}
		return share
	}
	plain := func(y []float64) float64 { s, v := kendall(y); return (s - math.Copysign(1, s)) / math.Sqrt(v) }
	require.InDelta(t, 0.045, alarms(0, plain), 0.015)
	require.Less(t, alarms(0, MannKendall), 0.05)
	require.Greater(t, alarms(0.6, plain), 0.2, "the plain test is fooled")
	require.Less(t, alarms(0.6, MannKendall), 0.13)
}

func TestTrendDoesNotDependOnUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.SliceOfN(rapid.Float64Range(-100, 100), 3, 30).Draw(t, "y")
		for i := range y {
			y[i] = math.Round(y[i]*8) / 8 // exact under what follows
		}
		other := make([]float64, len(y))
		for i, v := range y {
			other[i] = 4*v - 16
		}
		require.InDelta(t, MannKendall(y), MannKendall(other), 1e-9)
		require.InDelta(t, -MannKendall(y), MannKendall(negative(y)), 1e-9)
	})
}
