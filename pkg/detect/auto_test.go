package detect

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// feedBoth learns values into the two baselines of auto.
func feedBoth(step time.Duration, x []float64) (season, local *baseline) {
	season, local = newBaseline(step), newLocal(step)
	feed(season, x)
	feed(local, x)
	season.days.habit, local.days.habit = 0, 0
	return season, local
}

func TestTheScoreIsOneAtTheEdgeOfTheBand(t *testing.T) {
	for name, x := range map[string][]float64{"season": daily(14*288, 1), "none": noise(14*288, 0.5, 1)} {
		season, local := feedBoth(fiveMinutes, x)
		usual, newest := season.expect(), local.expect()
		for _, shift := range []float64{-5, -1, 0, 0.1, 1, 2, 3, 5} { // how far the two disagree
			newest.lo = usual.lo + shift*usual.scale
			for s, d := range automatics {
				at := func(v float64) bounds { return d.combine(season, local, usual, newest, v) }
				b := at(0)
				require.Less(t, b.lower, b.expected, "%s %s %v", name, s, shift)
				require.Less(t, b.expected, b.upper)
				width := b.upper - b.lower
				for k := range 100 {
					require.Less(t, at(b.lower+width*(float64(k)+0.5)/100).score, 1.0, "%s %s %v: inside", name, s, shift)
				}
				for _, edge := range []float64{b.lower, b.upper} {
					require.InDelta(t, 1, at(edge).score, 1e-9, "%s %s %v", name, s, shift)
				}
				require.Greater(t, at(b.lower-width/2).score, 1.2)
				require.Greater(t, at(b.upper+width/2).score, 1.2)
			}
		}
	}
}

func TestTheExpectationLiesBetweenTheTwoByTheirPrecision(t *testing.T) {
	season, local := feedBoth(fiveMinutes, noise(14*288, 0, 2))
	season.days.total = math.MaxInt32 // no caution any more
	d := automatics["medium"]
	for _, c := range []struct {
		scale, other, at float64
	}{
		{1, 1, 0.5}, {1, 2, 0.2}, {2, 1, 0.8},
	} {
		b := d.combine(season, local, around(10, c.scale), around(11, c.other), 30)
		require.InDelta(t, 10+c.at, b.expected, 1e-6)
		u, w := 1/(c.scale*c.scale), 1/(c.other*c.other)
		require.InDelta(t, math.Sqrt((u*20*20+w*19*19)/2)/d.scales, b.score, 1e-6, "20 from the first and 19 from the second")
		require.InDelta(t, b.expected+math.Sqrt((2*d.scales*d.scales-u*w/(u+w))/(u+w)), b.upper, 1e-6)
	}
}

func TestNothingNearTheUsualIsAbnormal(t *testing.T) {
	season, local := feedBoth(fiveMinutes, noise(14*288, 0, 2))
	season.days.total = math.MaxInt32
	d := automatics["medium"]
	usual, newest := around(10, 1), around(500, 0.01)
	require.Zero(t, d.combine(season, local, usual, newest, 10).score, "the way back from an incident")
	near := d.scales / nearUsual
	require.InDelta(t, 1, d.combine(season, local, usual, newest, 10-near).score, 1e-6)
	require.Greater(t, d.combine(season, local, usual, newest, 10-near-0.1).score, 1.0)
}

func TestOneOfTheTwoAloneGivesTheBand(t *testing.T) {
	season, local := feedBoth(fiveMinutes, noise(14*288, 0, 2))
	season.days.total = math.MaxInt32
	d, nan := automatics["medium"], math.NaN()
	band := 2 * d.scales
	for name, c := range map[string]struct {
		usual, newest expectation
		want          bounds
	}{
		"the newest say nothing":       {around(10, 2), around(30, nan), bounds{10 - band, 10, 10 + band, 10 / band}},
		"the newest never moved":       {around(10, 2), around(30, 0), bounds{10 - band, 10, 10 + band, 10 / band}},
		"the usual is unknown":         {around(nan, nan), around(30, 2), bounds{30 - band, 30, 30 + band, 10 / band}},
		"nothing ever moved":           {around(20, 0), around(20, 0), bounds{20, 20, 20, 0}},
		"nothing moved before this":    {around(10, 0), around(10, 0), bounds{10, 10, 10, math.Inf(1)}},
		"neither knows how far is far": {around(10, nan), around(10, nan), bounds{nan, 10, nan, nan}},
	} {
		t.Run(name, func(t *testing.T) {
			got := d.combine(season, local, c.usual, c.newest, 20)
			want, have := []float64{c.want.lower, c.want.expected, c.want.upper, c.want.score}, []float64{got.lower, got.expected, got.upper, got.score}
			for i := range want {
				if math.IsNaN(want[i]) || math.IsInf(want[i], 0) {
					requireSame(t, want[i:i+1], have[i:i+1])
					continue
				}
				require.InDelta(t, want[i], have[i], 1e-5)
			}
		})
	}
}

func TestTheNewestPointsAreBelievedUpToALimit(t *testing.T) {
	season, local := feedBoth(fiveMinutes, noise(14*288, 0, 2))
	season.days.total = math.MaxInt32
	near := automatics["high"].combine(season, local, around(0, 1), around(localReach, 0.1), 9)
	far := automatics["high"].combine(season, local, around(0, 1), around(100, 0.1), 9)
	require.InDelta(t, near.expected, far.expected, 1e-4, "an incident is not expected to go on")
	require.InDelta(t, near.score, far.score, 1e-3)
	for s, d := range automatics {
		require.Less(t, localReach*localReach/2.0, d.scales*d.scales, "%s: there is a band wherever the two disagree", s)
	}
}

func TestLessHistoryMakesAWiderBand(t *testing.T) {
	x := noise(30*288, 0, 3)
	width := func(days int) float64 {
		out := detectRun(t, Input{Values: x[:days*288], From: days*288 - 1}, Auto, nil)
		return out.Upper[days*288-1] - out.Lower[days*288-1]
	}
	require.InDelta(t, 1.5, width(2)/width(28), 0.3)
	require.InDelta(t, 1, width(14)/width(28), 0.2)
}

func TestTheFirstDayRaisesNoFlag(t *testing.T) {
	for name, at := range map[string]int{"in the first day": 200, "after it": 400} {
		t.Run(name, func(t *testing.T) {
			x := daily(600, 2)
			for i := at; i < at+6; i++ {
				x[i] += 500
			}
			out := detectRun(t, Input{Values: x}, Auto, nil)
			require.Equal(t, at > 288, flagsIn(out, at, at+6) > 0)
			require.Greater(t, out.Score[at], 0.99)
		})
	}
}

func TestReadinessIsSaid(t *testing.T) {
	for points, says := range map[int]string{100: "less than a day of history is known (100 of 288 points)", 600: "only 2 days", 900: ""} {
		out := detectRun(t, Input{Values: daily(points, 1)}, Auto, nil)
		if says == "" {
			require.Empty(t, out.Notices)
			continue
		}
		require.Len(t, out.Notices, 1)
		require.Contains(t, out.Notices[0], says)
	}
}

func TestAfterAGapTheNewestLevelIsForgotten(t *testing.T) {
	x := daily(12*288, 3)
	for i := 10*288 + 72; i < 10*288+216; i++ { // from the top of the day to its bottom
		x[i] = math.NaN()
	}
	out := detectRun(t, Input{Values: x, From: 10 * 288}, Auto, nil)
	require.Zero(t, flags(out))
	require.InDelta(t, 30, out.Expected[10*288+216], 3, "the season's, not that of before the gap")
}

func TestAJumpWithinTheUsualRangeIsFound(t *testing.T) {
	// At night 20 below the usual and no lower than noon is high: what counts is this time of the day and the points just before.
	x := daily(14*288, 4)
	for i := 13*288 + 60; i < 13*288+72; i++ {
		x[i] = 45
	}
	out := detectRun(t, Input{Values: x, From: 12 * 288}, Auto, nil)
	require.GreaterOrEqual(t, flagsIn(out, 13*288+60, 13*288+72), 10)
	require.Equal(t, 1, episodes(out))
}

func TestARestlessHourIsFoundThoughNoPointIsFar(t *testing.T) {
	x := heavy(20*288, 8)
	for i := 19 * 288; i < 19*288+24; i++ {
		x[i] = math.Copysign(5, x[i])
	}
	require.Zero(t, flagsIn(detectRun(t, Input{Values: x, From: 15 * 288}, "seasonal-residual", nil), 19*288, 19*288+24))
	out := detectRun(t, Input{Values: x, From: 15 * 288}, Auto, nil)
	require.Positive(t, flagsIn(out, 19*288, 19*288+24))
	require.Zero(t, flagsIn(out, 15*288, 19*288))
}

// A metric that sways slowly, as a temperature does, leaves its range without a jump, and no faster than it moves on most days.
func TestALevelNeverSeenIsFoundHoweverSlowlyItComes(t *testing.T) {
	sway := times(20*288, func(i int) float64 { return 60 + 10*math.Sin(float64(i)/40) + 8*math.Sin(float64(i)/17.3) })
	top := 15*288 + slices.Index(sway[15*288:], slices.Max(sway[15*288:]))
	for by, found := range map[float64]bool{0: false, 1: false, 12: true} {
		x := times(top+50, func(i int) float64 { return sway[min(i, top)] + by*min(max(float64(i-top)/24, 0), 1) })
		out := detectRun(t, Input{Values: x, From: 14 * 288}, Auto, nil)
		require.Equal(t, found, flags(out) > 0, "up by %v in two hours", by)
	}
}

// A series that goes far on most days is near its usual where it is a little beyond its range; one that never does is not.
func TestANewRangeWithinWhatIsUsualRaisesNoFlag(t *testing.T) {
	const at = 15*288 + 72 // at the peak
	for dip, found := range map[float64]bool{0: true, 5: true, 40: false} {
		x := daily(16*288, 7)
		for d := range 15 {
			for k := range 3 {
				x[d*288+(37*d+k)%288] -= dip
			}
		}
		x[at] = slices.Max(x[:at]) + 1.3*restlessRange*(slices.Max(x[:at])-slices.Min(x[:at]))
		out := detectRun(t, Input{Values: x, From: at - 30}, Auto, nil)
		require.Equal(t, found, out.Anomalous[at], "dips of %v: score %v", dip, out.Score[at])
	}
}

func TestSensitivityOrdersAutosBandsAndFlags(t *testing.T) {
	x := daily(30*288, 5)
	for i := 14 * 288; i < len(x); i += 997 {
		x[i] += 6
		x[i+1] += 6 + float64(i%9)
	}
	var width, found [3]float64
	for k, s := range []string{"high", "medium", "low"} {
		out := detectRun(t, Input{Values: x, From: 14 * 288}, Auto, map[string]any{"sensitivity": s})
		width[k], found[k] = out.Upper[20*288]-out.Lower[20*288], float64(flags(out))
	}
	require.Less(t, width[0], width[1])
	require.Less(t, width[1], width[2])
	require.Greater(t, found[0], found[1])
	require.Greater(t, found[1], found[2])
}

// One point alone is flagged at twice the band at high, at three times at medium, and never at low.
func TestOnePointAloneBySensitivity(t *testing.T) {
	for s, want := range map[string][3]bool{"high": {false, true, true}, "medium": {false, false, true}, "low": {false, false, false}} {
		for k, times := range []float64{1.8, 2.5, 5} {
			x := daily(14*288, 3)
			at := 13*288 + 216 // the bottom of the day: what lies above is within the range
			free := detectRun(t, Input{Values: x[:at+1], From: at}, Auto, map[string]any{"sensitivity": s})
			x[at] = free.Expected[at] + times*(free.Upper[at]-free.Expected[at])
			out := detectRun(t, Input{Values: x, From: 13 * 288}, Auto, map[string]any{"sensitivity": s})
			require.Equal(t, want[k], out.Anomalous[at], "%s at %v times: score %v", s, times, out.Score[at])
			require.False(t, out.Anomalous[at+5])
		}
	}
}

// What a series is wont to do widens the band by as much as a lone point would count.
func TestLonePointsOfSeveralDaysWidenTheBandByWhatTheyCount(t *testing.T) {
	x := daily(20*288, 3)
	for d := 5; d < 15; d++ { // one wild point a day
		x[d*288+70] += 60
	}
	width := func(s string) float64 {
		out := detectRun(t, Input{Values: x, From: len(x) - 1}, Auto, map[string]any{"sensitivity": s})
		return (out.Upper[len(x)-1] - out.Lower[len(x)-1]) / automatics[s].scales
	}
	require.Greater(t, width("high"), 1.2*width("medium"))
	require.Greater(t, width("medium"), width("low"), "at low a lone point counts for nothing")
}

func BenchmarkAuto4032(b *testing.B) {
	in := Input{Values: daily(4032, 1), Step: fiveMinutes}
	for b.Loop() {
		detectRun(b, in, Auto, nil)
	}
}
