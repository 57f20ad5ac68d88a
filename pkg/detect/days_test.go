package detect

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// around is the expectation that allows nothing but v.
func around(v, scale float64) expectation { return expectation{v, v, scale} }

func TestOuterIsThatOfSortingTheDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(0, 100), 1, 1500).Draw(t, "x")
		d := newDays(1440)
		if len(x) >= 1440 {
			x = x[:1439] // the day is not closed
		}
		for _, v := range x {
			d.keep(v)
		}
		slices.Sort(x)
		require.Equal(t, x[int(outerShare*float64(len(x)-1))]/outerNormal, d.outer())
	})
}

func TestTailOfNormalNoiseIsItsStandardDeviation(t *testing.T) {
	d := newDays(1440)
	for _, v := range noise(14*1440, 0, 3) {
		d.learn(v, around(0, math.NaN()))
	}
	require.InDelta(t, 1, d.tail, 0.05)
	require.Equal(t, d.tail, d.widened(d.tail), "nothing is habitual about it")
}

func TestOneDaysIncidentMovesNoScale(t *testing.T) {
	x := noise(10*1440, 0, 3)
	calm, upset := newDays(1440), newDays(1440)
	for i, v := range x {
		calm.learn(v, around(0, 1))
		if i >= 5*1440 && i < 5*1440+600 {
			v += 1000
		}
		upset.learn(v, around(0, 1))
	}
	require.InDelta(t, calm.tail, upset.tail, 0.05)
	require.InDelta(t, calm.habit, upset.habit, 0.1, "only the worst day is upset, and the second-worst counts")
}

func TestWhatHappensOnSeveralDaysIsAHabit(t *testing.T) {
	d := newDays(288)
	for i := range 10 * 288 {
		v := 0.5
		if day := i / 288; day < 2 && (i%288 == 100 || i%288 == 101) {
			v = 40
		}
		d.learn(v, around(0, 1))
	}
	require.InDelta(t, 40.0/habitScales, d.widened(1), 1e-12, "on two of ten days")
	for range 13 * 288 {
		d.learn(0.5, around(0, 1))
	}
	require.Equal(t, 1.0, d.widened(1), "thirteen days later it is none any more")
}

func TestWhatHappensOnMostDaysIsMoreOfAHabit(t *testing.T) {
	for days, want := range map[int]float64{7: 12.0 / habitScales, 8: 12.0 / noisyScales} {
		d := newDays(288)
		d.cautious = true
		for i := range 14 * 288 {
			v := 0.5
			if i/288 < days && i%288 >= 100 && i%288 < 102 {
				v = 12
			}
			d.learn(v, around(0, 1))
		}
		require.InDelta(t, want, d.widened(0), 1e-12, "on %d of 14 days", days)
	}
}

func TestASinglePointIsNoHabitAtItsFullSize(t *testing.T) {
	d := newDays(288)
	for i := range 10 * 288 {
		v := 0.5
		if i/288 < 2 && i%288 == 100 {
			v = 40
		}
		d.learn(v, around(0, 1))
	}
	require.InDelta(t, 40/urgent/habitScales, d.widened(1), 1e-12, "it would be flagged alone only at twice the band")
}

func TestWildDaysAreRememberedWhenQuietOnesFollow(t *testing.T) {
	scale := func(wild int, cautious bool) float64 {
		d := newDays(288)
		d.cautious = cautious
		for i := range 40 * 288 {
			v := float64(i % 2)
			if i/288 >= 5 && i/288 < 5+wild {
				v *= 100
			}
			d.learn(v, around(0, math.NaN()))
		}
		return d.tail * outerNormal
	}
	require.InDelta(t, 1, scale(0, true), 1e-9)
	require.InDelta(t, 1, scale(1, true), 1e-9, "one day may have been an incident")
	require.InDelta(t, 100*longShare*math.Pow(longFade, 34), scale(2, true), 1, "the second of two")
	require.InDelta(t, 1, scale(2, false), 1e-9)
}

func TestScaleIsKnownBeforeTheFirstDayIsOver(t *testing.T) {
	d := newDays(288)
	for i := range 100 {
		require.Equal(t, i >= leastKnown, d.tail > 0, "after %d values", i)
		d.learn(float64(1+i%2), around(0, math.NaN()))
	}
	require.InDelta(t, 2/outerNormal, d.tail, 1e-12)
}

func TestForgetDropsTodayAndTheDayBefore(t *testing.T) {
	d := newDays(24)
	for i := range 5*24 + 10 {
		d.learn(float64(i), around(0, 1))
	}
	d.forget()
	require.Len(t, d.tails, 4)
	require.Len(t, d.worsts, 4)
	require.Zero(t, d.seen)
	empty := newDays(24)
	empty.forget()
	require.Empty(t, empty.tails)
}

func TestLookBackIsAFortnight(t *testing.T) {
	var x []float64
	for i := range 40 {
		x = push(x, float64(i))
	}
	require.Len(t, x, ordinaryDays)
	require.Equal(t, 26.0, x[0])
	require.Equal(t, 39.0, x[13])
}
