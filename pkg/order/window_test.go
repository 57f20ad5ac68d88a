package order

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestAWindowIsThatOfASort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 12).Draw(t, "size")
		w := NewWindow(size)
		var all []float64
		for range rapid.IntRange(1, 60).Draw(t, "n") {
			v := float64(rapid.IntRange(-4, 4).Draw(t, "v"))
			if v == 4 {
				v = math.NaN()
			}
			w.Push(v)
			all = append(all, v)
			want := slices.DeleteFunc(slices.Clone(all[max(len(all)-size, 0):]), math.IsNaN)
			slices.Sort(want)
			require.Equal(t, append([]float64{}, want...), append([]float64{}, w.Sorted()...))
			require.Equal(t, size, w.Size())
			if m := w.Quantile(0.5); len(want) > 0 {
				require.InDelta(t, Median(slices.Clone(want)), m, 1e-12)
				for i := range want {
					want[i] = math.Abs(want[i] - m)
				}
				require.InDelta(t, Median(want), w.Deviation(m), 1e-12)
			}
		}
	})
	require.True(t, math.IsNaN(NewWindow(3).Deviation(0)))
	require.True(t, math.IsNaN(NewWindow(3).Quantile(0.5)))
}

func TestRanksCountWhatIsBelow(t *testing.T) {
	for v, want := range map[float64]int{0: 0, 1: 0, 1.5: 1, 2: 1, 3: 4, 9: 4} {
		require.Equal(t, want, Rank([]float64{1, 2, 2, 2}, v), "below %v", v)
	}
	require.Equal(t, 0, Rank(nil, 1))
}
