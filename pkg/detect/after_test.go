package detect

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// steady is two weeks of normal noise around 100, with a swing of so much a day.
func steady(memory, swing float64, seed uint64) []float64 {
	x := noise(14*288, memory, seed)
	for i := range x {
		x[i] = 100 + math.Sqrt(1-memory*memory)*x[i] + swing*math.Sin(2*math.Pi*float64(i)/288)
	}
	return x
}

// An alert ends where its incident does: values that are as they were for long are none, however far and long the newest ones were off.
// Noise with a memory strays by itself, so a few more points are flagged.
func TestAnAlertEndsWithItsIncident(t *testing.T) {
	const from = 10*288 + 120
	for name, c := range map[string]struct {
		memory, swing float64
		most          int
	}{"noise": {0, 0, 8}, "a daily season": {0, 10, 6}, "noise with memory": {0.7, 0, 12}} {
		for _, by := range []float64{-20, 6, 20, 100} {
			for _, points := range []int{12, 72, 288} {
				t.Run(fmt.Sprintf("%s, %v for %d points", name, by, points), func(t *testing.T) {
					for seed := range uint64(6) {
						x := steady(c.memory, c.swing, seed)
						quiet := flagsIn(detectRun(t, Input{Values: x}, Auto, nil), from+points, len(x))
						for i := from; i < from+points; i++ {
							x[i] += by
						}
						out := detectRun(t, Input{Values: x}, Auto, nil)
						if math.Abs(by) >= 20 {
							require.GreaterOrEqual(t, flagsIn(out, from, from+12), 11, "seed %d: the incident", seed)
						}
						require.LessOrEqual(t, flagsIn(out, from+points, len(x)), c.most+quiet, "seed %d: what comes after", seed)
					}
				})
			}
		}
	}
}

// A level that stays is told at once, and coming back from it is a change of its own once it is known as well as the one before.
func TestALevelThatStaysIsToldAndSoIsLeavingItLater(t *testing.T) {
	const from = 4*288 + 120
	for name, swing := range map[string]float64{"noise": 0, "a daily season": 10} {
		for days, told := range map[int]bool{1: false, 2: false, readyDays + 2: true} {
			t.Run(fmt.Sprintf("%s, back after %d days", name, days), func(t *testing.T) {
				x, back := steady(0, swing, 3), from+days*288
				for i := from; i < back; i++ {
					x[i] += 20
				}
				out := detectRun(t, Input{Values: x}, Auto, nil)
				require.Equal(t, 12, flagsIn(out, from, from+12), "the way there")
				require.Equal(t, told, flagsIn(out, back, back+12) >= 6, "%d on the way back", flagsIn(out, back, back+12))
			})
		}
	}
}

// The band shows what is judged by: during the way back it reaches from the level before to where the incident left the newest one.
func TestTheBandHoldsTheLevelFromBefore(t *testing.T) {
	const from, end = 10 * 288, 10*288 + 72
	x := steady(0, 0, 4)
	for i := from; i < end; i++ {
		x[i] += 20
	}
	out := detectRun(t, Input{Values: x}, Auto, nil)
	require.Less(t, out.Upper[from-1], 106.0)
	require.Greater(t, out.Lower[from-1], 94.0)
	require.Less(t, out.Lower[end], 100.0)
	require.Greater(t, out.Upper[end], 118.0)
	for i, s := range out.Score {
		require.False(t, s >= 1 && out.Lower[i] < x[i] && x[i] < out.Upper[i] && i > end, "point %d scores %v within its band", i, s)
	}
	require.Less(t, out.Upper[end+288]-out.Lower[end+288], 12.0, "and is as narrow as before when the level is back")
}

// While the values are near the level of before that follows them, and nothing that is far pulls it.
func TestWhatWasBeforeFollowsOnlyWhatIsNear(t *testing.T) {
	b := newBaseline(fiveMinutes)
	feed(b, steady(0, 0, 5))
	require.InDelta(t, b.level, b.before, 0.3)
	was := b.before
	feed(b, times(72, func(int) float64 { return 120 }))
	require.Equal(t, was, b.before)
	require.Greater(t, b.level, 115.0)
	feed(b, times(readyDays*288-72, func(int) float64 { return 120 }))
	require.Equal(t, was, b.before, "as long as the new level is not known well")
	feed(b, times(1, func(int) float64 { return 120 }))
	require.InDelta(t, 120, b.before, 0.1)
}

func TestWhatWasBeforeIsUnknownWhereTheSeasonIs(t *testing.T) {
	b := newBaseline(fiveMinutes)
	b.season, b.periods = newSlots(288, fiveMinutes), []int{288}
	e := b.formerly(b.expect())
	require.True(t, math.IsNaN(e.lo) && math.IsNaN(e.hi))
	d := automatics["medium"]
	got, want := bounds{1, 2, 3, 0.5}, bounds{1, 2, 3, 0.5}
	got.or(d.combine(b, newLocal(fiveMinutes), e, e, 7), 7)
	require.Equal(t, want, got, "no band is no benefit")
	got.or(bounds{2, 4, 6, 0.2}, 7)
	require.Equal(t, bounds{1, 2, 6, 0.2}, got)
}
