package detect

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// lifted is a daily series whose points from at on, so many, are several bands above what is expected, but within the range of its
// days, so that only the band speaks; and so many before them are missing.
func lifted(t require.TestingT, at, points, missing int, bands float64) []float64 {
	x := daily(14*288, 3)
	for i := at - missing; i < at; i++ {
		x[i] = math.NaN()
	}
	free := detectRun(t, Input{Values: x[:at+1], From: at}, Auto, nil)
	for i := at; i < at+points; i++ {
		x[i] = free.Expected[at] + bands*(free.Upper[at]-free.Expected[at])
	}
	return x
}

const bottom = 216 // of the day: what lies above is within the range

func TestAPointAloneHasToLieFurtherOutUntilASeriesIsKnown(t *testing.T) {
	for day, alone := range map[int]bool{1: false, 2: false, 4: true, 10: true} {
		at := day*288 + bottom
		require.True(t, detectRun(t, Input{Values: lifted(t, at, 1, 0, 1.2*earlyAlone*autoUrgent), From: at}, Auto, nil).Anomalous[at], "day %d: far enough for any", day)
		out := detectRun(t, Input{Values: lifted(t, at, 1, 0, 4), From: at - 50}, Auto, nil)
		require.Equal(t, alone, out.Anomalous[at], "day %d: score %v", day, out.Score[at])
		if !alone {
			require.Equal(t, heldPersistence, out.Held[at], "day %d: it is said what kept it", day)
			require.Contains(t, detectRun(t, Input{Values: lifted(t, at, 1, 0, 4)[:at+1], From: at - 50}, Auto, nil).Notices[0], "one point alone has to lie further out")
		}
		out = detectRun(t, Input{Values: lifted(t, at, 2, 0, 4), From: at - 50}, Auto, nil)
		require.True(t, out.Anomalous[at+1], "day %d: two are", day)
	}
}

func TestAPointBehindAGapIsNotBelievedAlone(t *testing.T) {
	const at = 12*288 + bottom
	for missing, alone := range map[int]bool{0: true, 1: true, 2: false, 5: false, 40: false} {
		out := detectRun(t, Input{Values: lifted(t, at, 1, missing, 4), From: 11 * 288}, Auto, nil)
		require.Equal(t, alone, out.Anomalous[at], "%d missing before: score %v", missing, out.Score[at])
		require.GreaterOrEqual(t, out.Score[at], 1.0, "it is outside all the same")
		out = detectRun(t, Input{Values: lifted(t, at, 2, missing, 4), From: 11 * 288}, Auto, nil)
		require.True(t, out.Anomalous[at+1], "%d missing before: the next agrees", missing)
	}
}

// The first bucket behind a gap may hold a part of its time only, or all that was kept back meanwhile.
func TestAnythingInTheFirstBucketBehindAGapRaisesNoFlag(t *testing.T) {
	clean := daily(14*288, 3)
	require.Zero(t, flags(detectRun(t, Input{Values: clean, From: 4 * 288}, Auto, nil)))
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(4*288, 14*288-1).Draw(t, "at")
		x := append([]float64{}, clean...)
		for i := at - rapid.IntRange(noNeighbour, 100).Draw(t, "missing"); i < at; i++ {
			x[i] = math.NaN()
		}
		x[at] *= rapid.SampledFrom([]float64{-1, 0, 0.1, 0.5, 1, 2, 10, 1e6}).Draw(t, "times")
		sensitivity := rapid.SampledFrom([]string{"medium", "low"}).Draw(t, "sensitivity")
		out := detectRun(t, Input{Values: x, From: 4 * 288}, Auto, map[string]any{"sensitivity": sensitivity})
		require.Zero(t, flagsIn(out, at-200, min(at+1, len(x))), "score %v", out.Score[at])
	})
}

func TestWhateverComesInTheFirstDayRaisesNoFlag(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := wild(t, rapid.IntRange(leastKnown, 288).Draw(t, "points"))
		in := Input{Values: x, From: rapid.IntRange(0, len(x)).Draw(t, "from")}
		known := 0
		for _, v := range x {
			if finite(v) {
				known++
			}
		}
		if known < leastKnown {
			return
		}
		sensitivity := rapid.SampledFrom([]string{"high", "medium", "low"}).Draw(t, "sensitivity")
		require.Zero(t, flags(detectRun(t, in, Auto, map[string]any{"sensitivity": sensitivity})))
	})
}

// What moves by less than a hair's breadth of its value, or not at all, is never far: at any height, with any part missing, and
// whether it jitters, drifts or goes from one level to another.
func TestWhatHardlyMovesRaisesNoFlag(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		height := math.Pow(10, rapid.Float64Range(-30, 30).Draw(t, "height")) * float64(2*rapid.IntRange(0, 1).Draw(t, "sign")-1)
		breadth := rapid.SampledFrom([]float64{0, 1e-12, 1e-6, leastScale / 4, 0.49 * leastScale}).Draw(t, "breadth")
		every := rapid.IntRange(1, 12).Draw(t, "known")
		rough := noise(4*288, rapid.SampledFrom([]float64{0, 0.9, 0.999}).Draw(t, "memory"), rapid.Uint64().Draw(t, "seed"))
		for i := rapid.IntRange(0, len(rough)).Draw(t, "from"); i < len(rough); i++ {
			rough[i] += 10 // as far up as it may go
		}
		x := times(len(rough), func(i int) float64 {
			if i%every != 0 {
				return math.NaN()
			}
			return height * (1 + breadth*math.Tanh(rough[i]))
		})
		sensitivity := rapid.SampledFrom([]string{"high", "medium", "low"}).Draw(t, "sensitivity")
		require.Zero(t, flags(detectRun(t, Input{Values: x}, Auto, map[string]any{"sensitivity": sensitivity})))
	})
}
