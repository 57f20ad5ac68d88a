package forecast

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestALengthThatTransformsFastIsNear(t *testing.T) {
	for n, want := range map[int]int{1: 1, 23: 22, 24: 24, 207: 200, 2039: 2028, 4092: 4056, 4095: 4095, 4096: 4096} {
		require.Equal(t, want, smoothLength(n), "of %d", n)
	}
	for n := 23; n <= spectralPoints; n++ {
		require.GreaterOrEqual(t, float64(smoothLength(n)), 0.94*float64(n), "of %d", n)
	}
}

func TestAutocorrelationIsTheMeanOfTheProducts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-100, 100), 24, 90).Draw(t, "x")
		got := autocorrelation(x, len(x)/3+1)
		require.Len(t, got, len(x)/3+2)
		mean := meanOf(x)
		for lag, v := range got {
			sum := 0.0
			for i := lag; i < len(x); i++ {
				sum += (x[i] - mean) * (x[i-lag] - mean)
			}
			require.InDelta(t, sum/float64(len(x)-lag), v, 1e-8, "lag %d", lag)
		}
	})
}

// statsmodels 0.15.0: acovf(y, adjusted=True, demean=True, fft=False).
func TestAutocorrelationIsThatOfStatsmodels(t *testing.T) {
	for _, c := range []struct {
		y    []float64
		want map[int]float64
	}{
		{airPassengers, map[int]float64{0: 14291.973331, 1: 13644.218831, 6: 10166.94102, 12: 11855.504362, 30: 5208.238535}},
		{nile, map[int]float64{0: 28351.5675, 1: 14273.387146, 6: 6855.679947, 12: 6859.862273, 30: -534.500357}},
	} {
		got := autocorrelation(c.y, 30)
		for lag, want := range c.want {
			require.InDelta(t, want, got[lag], 1e-5, "lag %d", lag)
		}
	}
}

// A season that no clock has is found whatever the length is: prime, twice a prime, or a power of two.
func TestAPeriodIsFoundAtAnyLength(t *testing.T) {
	for _, n := range []int{500, 504, 1000, 1010, 2040, 2048, 4094, 4096, 6000} {
		for _, period := range []int{17, 43, 101} {
			x := dayWeek(n, period, 0, 0, 1, uint64(n))
			require.Contains(t, spectralPeriods(x), period, "%d points", n)
			require.Equal(t, []int{period}, DetectPeriods(x, 13*time.Minute), "%d points", n)
		}
	}
}

func TestAPeakBesideAnotherIsNoPeriod(t *testing.T) {
	similar := []float64{9, 5, 1, -2, -1, 3, 6, 4, 2, 0, -3, 8}
	require.Equal(t, 6, refinePeriod(similar, 4, 24), "the highest between 24/4.5 and 24/3.5, and both beside it are lower")
	require.Zero(t, refinePeriod(similar, 3, 25), "from 25/3.5 to 25/2.5 it only falls: the peak belongs to another")
	require.Zero(t, refinePeriod([]float64{9, 5, 1, -2, -1, -3, -1, -2, -3, -4}, 4, 24), "opposite is not alike")
	nan := math.NaN()
	require.Zero(t, refinePeriod([]float64{nan, nan, nan, nan, nan, nan, nan, nan, nan}, 4, 24))
}

func TestNumbersTooLargeForATransformHaveNoPeriod(t *testing.T) {
	x := moved(dayWeek(500, 37, 0, 0, 1, 1), 0, 1e148)
	require.NotPanics(t, func() { DetectPeriods(x, 13*time.Minute) })
	require.Equal(t, []int{37}, DetectPeriods(moved(x, 0, 1e-40), 13*time.Minute), "on any scale that squares can be taken of")
}

func BenchmarkSpectralPeriods(b *testing.B) {
	for _, n := range []int{2040, 2048, 4094, 4096} {
		x := dayWeek(n, 51, 0, 0, 1, 3)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				spectralPeriods(x)
			}
		})
	}
}
