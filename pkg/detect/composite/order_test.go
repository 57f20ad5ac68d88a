package composite

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestNthIsWhatSortingGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(-1e9, 1e9), rapid.Float64Range(0, 3), rapid.SampledFrom([]float64{0, 1, 2})), 1, 200).Draw(t, "x")
		k := rapid.IntRange(0, len(x)-1).Draw(t, "k")
		sorted, n := slices.Sorted(slices.Values(x)), len(x)
		require.Equal(t, (sorted[(n-1)/2]+sorted[n/2])/2, middle(slices.Clone(x)))
		require.Equal(t, sorted[k], nth(x, k))
		for i, v := range x {
			require.True(t, i < k && v <= sorted[k] || i > k && v >= sorted[k] || i == k)
		}
		require.Equal(t, sorted, slices.Sorted(slices.Values(x)), "nothing is lost")
	})
}

func TestNthOfSortedAndEqualValues(t *testing.T) {
	up, same := make([]float64, 1001), make([]float64, 1001)
	for i := range up {
		up[i] = float64(i)
	}
	for _, k := range []int{0, 1, 500, 999, 1000} {
		require.Equal(t, float64(k), nth(slices.Clone(up), k))
		down := slices.Clone(up)
		slices.Reverse(down)
		require.Equal(t, float64(k), nth(down, k))
		require.Zero(t, nth(same, k))
	}
	require.Equal(t, 500.0, middle(up))
}
