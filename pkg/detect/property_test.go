package detect

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/order"
)

// wild draws a series with seasons, gaps, spikes, level shifts and constant stretches. What is left of it may be too little for a
// detector.
func wild(t *rapid.T, n int) []float64 {
	x := daily(n, rapid.Uint64().Draw(t, "seed"))
	for range rapid.IntRange(0, 6).Draw(t, "events") {
		from := rapid.IntRange(0, n-1).Draw(t, "from")
		to := min(n, from+rapid.IntRange(1, 400).Draw(t, "length"))
		kind := rapid.IntRange(0, 4).Draw(t, "kind")
		by := rapid.Float64Range(-100, 100).Draw(t, "by")
		for i := from; i < to; i++ {
			switch kind {
			case 0:
				x[i] = math.NaN()
			case 1:
				x[i] += by
			case 2:
				x[i] = by
			case 3:
				x[i] *= by
			default:
				x[i] = math.Inf(1)
			}
		}
	}
	return x
}

// The merge of the slots' short lists gives what gathering and sorting all of them gives.
func TestSlotsAreMedians(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		period := rapid.IntRange(12, 30).Draw(t, "period")
		x := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 {
			return rapid.SampledFrom([]float64{math.NaN(), 0, 0, 1, 2, 3.5, -7, 100}).Draw(t, "v")
		}), 1, 400).Draw(t, "x")
		s := newSlots(period, fiveMinutes)
		for i, v := range x {
			middle, scale := s.expect()
			h := s.near
			if s.entered < fewCycles*period {
				h = s.wide
			}
			var pool []float64
			for c := 1; c <= slotCycles; c++ {
				for k := i - c*period - h; k <= i-c*period+h; k++ {
					if k >= 0 && k < i-s.wide && !math.IsNaN(x[k]) {
						pool = append(pool, x[k])
					}
				}
			}
			// At the rim of the look-back a neighbour may be one cycle older; compare where all are inside.
			if i >= slotCycles*period-2*h {
				s.learn(v)
				continue
			}
			if len(pool) < leastPool {
				require.True(t, math.IsNaN(middle))
			} else {
				want := order.Median(pool)
				require.Equal(t, want, middle)
				for k := range pool {
					pool[k] = math.Abs(pool[k] - want)
				}
				require.InDelta(t, 1.4826*order.Median(pool), scale, 1e-12)
			}
			s.learn(v)
		}
	})
}

func requireSame(t require.TestingT, want, got []float64) {
	require.Len(t, got, len(want))
	for i := range want {
		if want[i] != got[i] && !(math.IsNaN(want[i]) && math.IsNaN(got[i])) {
			require.Equal(t, want[i], got[i], "at %d", i)
		}
	}
}
