package series

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var nan = math.NaN()

func TestGapsAreBridgedByLinesAndEndsByTheNearest(t *testing.T) {
	x := []float64{nan, 1, nan, nan, 4, nan}
	require.Equal(t, []float64{1, 1, 2, 3, 4, 4}, Bridge(x))
	require.Equal(t, 2, CountKnown(x), "the series itself keeps its gaps")
	require.Empty(t, Bridge(nil))
	require.Zero(t, CountKnown(Bridge([]float64{nan, nan})), "nothing known stays unknown")
	require.Equal(t, []float64{7, 7, 7}, Bridge([]float64{nan, 7, nan}))
	require.Equal(t, []float64{1, 2, 3, 3}, Bridge([]float64{1, math.Inf(1), 3, math.Inf(-1)}), "an infinite value is not known either")
}

func TestABridgeKeepsWhatIsKnownAndStaysWithinIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 1, 40).Draw(t, "x")
		gaps := rapid.SliceOfN(rapid.Bool(), len(x), len(x)).Draw(t, "gaps")
		gaps[rapid.IntRange(0, len(x)-1).Draw(t, "known")] = false
		lo, hi := math.Inf(1), math.Inf(-1)
		for i, gap := range gaps {
			if gap {
				x[i] = nan
			} else {
				lo, hi = min(lo, x[i]), max(hi, x[i])
			}
		}
		out := Bridge(x)
		require.Len(t, out, len(x))
		for i, v := range out {
			if !gaps[i] {
				require.Equal(t, x[i], v)
			}
			require.GreaterOrEqual(t, v, lo-1e-6)
			require.LessOrEqual(t, v, hi+1e-6)
		}
	})
}

func TestKnownValuesAreFinite(t *testing.T) {
	require.Equal(t, 2, CountKnown([]float64{0, nan, math.Inf(1), math.Inf(-1), -3}))
	require.Zero(t, CountKnown(Missing(4)))
	require.Len(t, Missing(4), 4)
}

func TestTheExtentIsThatOfWhatIsKnown(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		x      []float64
		lo, hi float64
	}{
		"with gaps":    {[]float64{nan, 3, -1, nan, 2}, -1, 3},
		"one value":    {[]float64{nan, 7}, 7, 7},
		"nothing":      {nil, inf, -inf},
		"nothing more": {[]float64{nan}, inf, -inf},
	} {
		lo, hi := Extent(c.x)
		require.Equal(t, [2]float64{c.lo, c.hi}, [2]float64{lo, hi}, name)
	}
}
