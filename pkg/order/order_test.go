package order

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Reference values: numpy 2.4.6, numpy.quantile(x, p) and numpy.median.
func TestQuantilesAreNumpys(t *testing.T) {
	x := []float64{3, 1, 4, 1, 5, 9, 2, 6}
	for _, c := range []struct{ p, want float64 }{
		{0, 1}, {0.1, 1}, {0.25, 1.75}, {0.5, 3.5}, {0.9, 6.9}, {0.95, 7.95}, {1, 9},
	} {
		require.InDelta(t, c.want, Quantile(slices.Sorted(slices.Values(x)), c.p), 1e-12, "p %v", c.p)
		require.InDelta(t, c.want, QuantileOf(slices.Clone(x), c.p), 1e-12, "p %v", c.p)
	}
	require.Equal(t, 3.5, Median(slices.Clone(x)))
	require.Equal(t, 3.0, Median([]float64{9, 3, 1}))
	require.Equal(t, 2.0, Deviation(slices.Clone(x)), "of .5 .5 .5 1.5 2.5 2.5 2.5 5.5")
}

func TestOfNothingAndOfOne(t *testing.T) {
	for name, f := range map[string]func([]float64) float64{
		"median": Median, "deviation": Deviation,
		"quantile":    func(x []float64) float64 { return Quantile(x, 0.3) },
		"quantile of": func(x []float64) float64 { return QuantileOf(x, 0.3) },
	} {
		require.True(t, math.IsNaN(f(nil)), name)
		want := 7.0
		if name == "deviation" {
			want = 0
		}
		require.Equal(t, want, f([]float64{7}), name)
	}
}

func TestPickSplitsAtTheRank(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-5, 5), 1, 60).Draw(t, "x")
		if rapid.Bool().Draw(t, "ties") {
			for i, v := range x {
				x[i] = math.Round(v)
			}
		}
		k := rapid.IntRange(0, len(x)-1).Draw(t, "k")
		sorted := slices.Sorted(slices.Values(x))
		require.Equal(t, sorted[k], Pick(x, k))
		for i, v := range x {
			if i < k {
				require.LessOrEqual(t, v, x[k])
			} else {
				require.GreaterOrEqual(t, v, x[k])
			}
		}
		require.Equal(t, sorted, slices.Sorted(slices.Values(x)), "nothing is lost")
	})
}

func TestOrderedAndUnorderedAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-1e9, 1e9), 1, 60).Draw(t, "x")
		p := rapid.Float64Range(0, 1).Draw(t, "p")
		sorted := slices.Sorted(slices.Values(x))
		require.InDelta(t, Quantile(sorted, p), QuantileOf(slices.Clone(x), p), 1e-6)
		require.InDelta(t, Quantile(sorted, 0.5), Median(slices.Clone(x)), 1e-6)
	})
}

// Sorted, reversed and constant input is where a careless pivot makes the search quadratic.
func TestOrderedAndConstantInputIsAnsweredToo(t *testing.T) {
	up, down, same := make([]float64, 4001), make([]float64, 4001), make([]float64, 4001)
	for i := range up {
		up[i], down[i] = float64(i), float64(4000-i)
	}
	for _, k := range []int{0, 1, 2000, 4000} {
		require.Equal(t, float64(k), Pick(slices.Clone(up), k))
		require.Equal(t, float64(k), Pick(slices.Clone(down), k))
		require.Zero(t, Pick(same, k))
	}
}

func BenchmarkMedian(b *testing.B) {
	x, buf := make([]float64, 2016), make([]float64, 2016)
	for i := range x {
		x[i] = math.Sin(float64(i) * 7919)
	}
	for b.Loop() {
		copy(buf, x)
		Median(buf)
	}
}

// A quantile rises with its share, stays within the values, and has their scale and zero.
func TestAQuantileFollowsItsShareAndTheValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-1e3, 1e3), 1, 40).Draw(t, "x")
		p := rapid.Float64Range(0, 1).Draw(t, "p")
		q := rapid.Float64Range(p, 1).Draw(t, "q")
		low, high := QuantileOf(slices.Clone(x), p), QuantileOf(slices.Clone(x), q)
		require.LessOrEqual(t, low, high+1e-9)
		require.True(t, low >= slices.Min(x)-1e-9 && high <= slices.Max(x)+1e-9)
		scale, shift := rapid.Float64Range(0.01, 50).Draw(t, "scale"), rapid.Float64Range(-1e3, 1e3).Draw(t, "shift")
		y, turned := make([]float64, len(x)), make([]float64, len(x))
		for i, v := range x {
			y[i], turned[i] = scale*v+shift, -v
		}
		require.InDelta(t, scale*low+shift, QuantileOf(slices.Clone(y), p), 1e-6)
		require.InDelta(t, -low, QuantileOf(turned, 1-p), 1e-6, "from the other end it is the other quantile")
		require.InDelta(t, scale*Deviation(slices.Clone(x)), Deviation(y), 1e-6, "the zero does not matter to a distance")
	})
}

// Half the values may be anything without moving median or deviation beyond the others.
func TestTheMedianStaysWithTheMajority(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "n")
		good := rapid.SliceOfN(rapid.Float64Range(-1, 1), n+1, n+1).Draw(t, "good")
		wild := rapid.SliceOfN(rapid.Float64Range(-1e12, 1e12), 0, n).Draw(t, "wild")
		x := slices.Concat(wild, good)
		require.LessOrEqual(t, math.Abs(Median(slices.Clone(x))), 1.0)
		require.LessOrEqual(t, Deviation(x), 2.0)
	})
}
