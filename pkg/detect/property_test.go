package detect

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/order"
)

// wild draws a series with seasons, gaps, spikes, level shifts and constant stretches.
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

var learners = []string{Auto, "dynamic-threshold", "seasonal-residual"}

func TestScoresDoNotDependOnTheFuture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := wild(t, 2000)
		from := rapid.IntRange(0, 1500).Draw(t, "from")
		n := rapid.IntRange(from+100, 2000).Draw(t, "n")
		for _, algorithm := range append(learners, "threshold") {
			limit := Threshold{Value: rapid.SampledFrom([]float64{0, 60}).Draw(t, "limit")}
			whole, err := Run(t.Context(), Input{Values: x, Step: fiveMinutes, From: from, Threshold: &limit}, Options{Algorithm: algorithm})
			if err != nil {
				t.Skip("too few known values")
			}
			part, err := Run(t.Context(), Input{Values: x[:n], Step: fiveMinutes, From: from, Threshold: &limit}, Options{Algorithm: algorithm})
			if err != nil {
				t.Skip("too few known values")
			}
			for _, rows := range [][2][]float64{{whole.Score, part.Score}, {whole.Expected, part.Expected}, {whole.Lower, part.Lower}, {whole.Upper, part.Upper}} {
				requireSame(t, rows[0][:n], rows[1])
			}
			require.Equal(t, whole.Anomalous[:n], part.Anomalous)
		}
	})
}

func TestExpectationDoesNotDependOnTheValueItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := daily(1500, rapid.Uint64().Draw(t, "seed"))
		i := rapid.IntRange(600, 1499).Draw(t, "i")
		y := slices.Clone(x)
		y[i] = rapid.Float64Range(-1e6, 1e6).Draw(t, "value")
		for _, algorithm := range learners {
			a, b := detectRun(t, Input{Values: x, From: 500}, algorithm, nil), detectRun(t, Input{Values: y, From: 500}, algorithm, nil)
			requireSame(t, a.Expected[:i+1], b.Expected[:i+1])
			requireSame(t, a.Upper[:i+1], b.Upper[:i+1])
		}
	})
}

// A replay from earlier on gives what the live run gave: From says what is asked for, not what is learnt.
func TestScoresDoNotDependOnFrom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := wild(t, 1500)
		from := rapid.IntRange(1, 1499).Draw(t, "from")
		for _, algorithm := range learners {
			all, err := Run(t.Context(), Input{Values: x, Step: fiveMinutes}, Options{Algorithm: algorithm})
			if err != nil {
				t.Skip("too few known values")
			}
			late, err := Run(t.Context(), Input{Values: x, Step: fiveMinutes, From: from}, Options{Algorithm: algorithm})
			require.NoError(t, err)
			requireSame(t, all.Score[from:], late.Score[from:])
		}
	})
}

func TestShiftAndScaleDoNotMoveScores(t *testing.T) {
	x := daily(1500, 4)
	x[1200] = 90
	rapid.Check(t, func(t *rapid.T) {
		// Upside down and any unit; a shift only as far as the noise stays above the hair's breadth that is ignored.
		scale := rapid.Float64Range(0.01, 1000).Draw(t, "scale") * rapid.SampledFrom([]float64{1, -1}).Draw(t, "sign")
		shift := rapid.Float64Range(-30, 30).Draw(t, "shift")
		moved := times(len(x), func(i int) float64 { return scale * (x[i] + shift) })
		for _, algorithm := range learners {
			a, b := detectRun(t, Input{Values: x}, algorithm, nil), detectRun(t, Input{Values: moved}, algorithm, nil)
			for i := 300; i < len(x); i++ {
				require.InDelta(t, a.Score[i], b.Score[i], 1e-6*(1+a.Score[i]), "%s at %d", algorithm, i)
				require.InDelta(t, scale*(a.Expected[i]+shift), b.Expected[i], 1e-6*math.Abs(scale))
			}
		}
	})
}

func TestFlagsKeepTheirPromise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := wild(t, 1200)
		dir := rapid.SampledFrom([]Direction{Both, Above, Below}).Draw(t, "direction")
		for _, algorithm := range learners {
			out, err := Run(t.Context(), Input{Values: x, Step: fiveMinutes, Direction: dir}, Options{Algorithm: algorithm})
			if err != nil {
				t.Skip("too few known values")
			}
			for i, flagged := range out.Anomalous {
				require.True(t, math.IsNaN(out.Score[i]) || out.Score[i] >= 0 && out.Score[i] <= scoreCap)
				if flagged {
					require.True(t, finite(x[i]))
					require.GreaterOrEqual(t, out.Score[i], recovered)
				}
			}
		}
	})
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
