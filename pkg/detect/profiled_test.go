package detect

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/calendar"
)

// officeHours rise and fall once a day, steeply, from 8 to 18 o'clock.
func officeHours(n int, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 3))
	return times(n, func(i int) float64 {
		v := 50.0
		if h := i % 288 / 12; h >= 8 && h < 18 {
			v = 90
		}
		return v + rng.NormFloat64()
	})
}

func TestADaysCourseIsNoLevelShift(t *testing.T) {
	for seed := range uint64(5) {
		out := detectRun(t, Input{Values: officeHours(28*288, seed), From: 7 * 288}, "level-shift", nil)
		require.Zero(t, flags(out))
	}
}

func TestAShiftBesideADaysCourseIsFoundAndBecomesTheLevel(t *testing.T) {
	for _, by := range []float64{3, -3, 40} {
		x := officeHours(28*288, 2)
		at := 14*288 + 50
		for i := at; i < len(x); i++ {
			x[i] += by
		}
		out := detectRun(t, Input{Values: x}, "level-shift", map[string]any{"adopt": "1d"})
		require.Zero(t, flagsIn(out, 7*288, at))
		require.Positive(t, flagsIn(out, at, at+30))
		require.Zero(t, flagsIn(out, at+288+40, len(x)), "it is the level, at every hour and for good")
		for _, i := range []int{at + 2*288, at + 6*288 + 100, at + 10*288 + 200} {
			require.InDelta(t, x[i], out.Expected[i], 4)
		}
	}
}

func TestAShiftThatEndsTeachesNothing(t *testing.T) {
	x := officeHours(28*288, 4)
	for i := 14 * 288; i < 14*288+140; i++ {
		x[i] += 20
	}
	out := detectRun(t, Input{Values: x}, "level-shift", nil)
	require.Greater(t, flagsIn(out, 14*288, 14*288+140), 120)
	require.Zero(t, flagsIn(out, 14*288+200, len(x)))
}

func TestTheProfileLeavesTheNoise(t *testing.T) {
	x := officeHours(20*288, 1)
	p := newProfiled(fiveMinutes)
	sum, n := 0.0, 0.0
	for i, v := range x {
		left, changed := p.review(x[:i], 100)
		require.Equal(t, changed, left != nil)
		require.LessOrEqual(t, len(left), 100)
		if usual := p.expect(); i > 10*288 {
			sum += math.Abs(v - usual)
			n++
		}
		p.learn(v)
	}
	require.Equal(t, []int{288}, p.periods)
	require.Less(t, sum/n, 1.2, "a normal value's mean distance is 0.8")
	before := p.expect()
	require.True(t, p.raise(5))
	require.InDelta(t, before+5, p.expect(), 1e-9)
	require.False(t, newProfiled(fiveMinutes).raise(5), "there is nothing to raise without a season")
}

func TestTheClocksChangeIsKnownForAWeek(t *testing.T) {
	berlin := calendarOf(t, calendar.Definition{Timezone: "Europe/Berlin"})
	in := Input{Values: make([]float64, 40*288), Step: fiveMinutes, Start: time.Date(2026, 3, 20, 0, 0, 0, 0, time.UTC), Calendar: berlin}
	c := in.clockChanges()
	change := 9*288 + 12 // on March 29, 1:00 UTC
	for i := range in.Values {
		want := 0
		if i >= change && i < change+7*288 {
			want = 12
		}
		if got := c.at(i); i%12 == 0 || i < change-12 || i > change+7*288+12 {
			require.Equal(t, want, got, "at %d", i)
		}
	}
	in.Calendar = nil
	require.Zero(t, in.clockChanges().at(change+5))
	x := make([]float64, 0, 8*288)
	p := newProfiled(fiveMinutes)
	for i, v := range officeHours(8*288, 1) {
		p.review(x, 10)
		p.expect()
		p.learn(v)
		x = append(x, v)
		if i == 7*288+7*12+5 { // 7:30
			require.InDelta(t, 50, p.expect(), 2)
			require.InDelta(t, 90, p.expectBy(12), 2)
			require.InDelta(t, 50, p.expect(), 2, "asking changes nothing")
		}
	}
}

func TestAfterTheClocksChangeValuesTellWhichHourTheyKeep(t *testing.T) {
	for keeps, want := range map[string]float64{"old": 10, "local": 20} {
		c := &clockChanges{hour: 12}
		require.Equal(t, want, c.nearer(want+1, 0, 10, 20), "at first the nearer one")
		require.Equal(t, 20.0, (&clockChanges{hour: 12}).nearer(25, 6, 10, 20), "beside what is usual anyway")
		for i := range 40 {
			v := want + float64(i%3) - 1
			if i == 30 {
				v = 30 - want // one wild value
			}
			require.Equal(t, want, c.nearer(v, 0, 10, 20), "%s at %d", keeps, i)
		}
		c.nearer(math.NaN(), 0, 10, 20)
		require.Equal(t, want, c.nearer(15, 0, 10, 20))
	}
}
