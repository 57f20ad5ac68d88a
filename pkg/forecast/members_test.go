package forecast

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The models that a combination consists of, each by itself.

// members gives the pool for an input.
func members(in Input) []candidate {
	in.findSeasons()
	return pool(in)
}

// eachMember runs a test for every member of the pool that two seasons have.
func eachMember(t *testing.T, test func(t *testing.T, in Input, c candidate)) {
	in := weeks()
	in.findSeasons()
	for i, c := range members(in) {
		t.Run(fmt.Sprint(i, " ", c.id), func(t *testing.T) { test(t, in, c) })
	}
}

func TestAMemberGoesOnByItself(t *testing.T) {
	eachMember(t, func(t *testing.T, in Input, c candidate) {
		m, err := c.fit(context.Background(), in)
		require.NoError(t, err)
		before := m.Forecast(30)
		require.Len(t, before, 30)
		require.True(t, finite(before))
		own := m.fork()
		for h := range 20 {
			require.InDelta(t, own.Forecast(1)[0], own.next(), 1e-9, "step %d", h)
			own.push([]float64{50, math.NaN(), 61, 40}[h%4])
		}
		require.Equal(t, before, m.Forecast(30), "the model itself stays")
		require.True(t, finite(own.Forecast(30)))
	})
}

// A member that goes on for longer than what it keeps of the past is as one that kept all.
func TestAMemberNeedsNoMoreThanItKeeps(t *testing.T) {
	eachMember(t, func(t *testing.T, in Input, c candidate) {
		m, err := c.fit(context.Background(), in)
		require.NoError(t, err)
		newer := dayWeek(24*30, 24, 4, 0.01, 1, 77)
		a, b := m.fork(), m.fork()
		for i, v := range newer {
			a.push(v)
			if b.push(v); i%50 == 0 {
				b = b.fork()
			}
		}
		require.InDeltaSlice(t, a.Forecast(48), b.Forecast(48), 1e-6)
	})
}

func TestAMemberIsStoredAsItIs(t *testing.T) {
	eachMember(t, func(t *testing.T, in Input, c candidate) {
		m, err := c.fit(context.Background(), in)
		require.NoError(t, err)
		collect := &writer{collecting: true}
		m.fork().encode(collect)
		w := &writer{}
		w.table(collect.lists, math.MaxInt)
		m.fork().encode(w)
		r := &reader{b: w.b}
		r.table()
		got := r.model(0)
		require.NoError(t, r.err)
		require.Empty(t, r.b)
		require.InDeltaSlice(t, m.Forecast(48), got.Forecast(48), 0.05, "of a swing of 28")
		got.push(50)
		require.True(t, finite(got.Forecast(3)))
	})
}

// Positive values within two decades are taken in logs, whose members never forecast below zero.
func TestMembersInLogsStayPositive(t *testing.T) {
	x := make([]float64, 24*21)
	for i := range x {
		x[i] = math.Exp(1 + math.Sin(2*math.Pi*float64(i)/24) - 0.004*float64(i))
	}
	in := Input{Values: x, Step: time.Hour, Start: monday}
	in.findSeasons()
	logs := 0
	for _, c := range members(in) {
		m, err := c.fit(context.Background(), in)
		require.NoError(t, err)
		one, isRegression := m.(*regressionModel)
		d, isDelta := m.(*deltaModel)
		if isRegression && one.logs || isDelta && d.floor > 0 {
			logs++
			for _, f := range m.Forecast(200) {
				require.Positive(t, f, c.id)
			}
			down := pushed(m, []float64{-5, 0, 1e-9, math.NaN()})
			require.True(t, finite(down.Forecast(5)), "values that have no logarithm count as the least there was")
		}
	}
	require.GreaterOrEqual(t, logs, 2)
}

func TestNoTwoMembersAreTheSame(t *testing.T) {
	for name, in := range map[string]Input{
		"two seasons":   {Values: dayWeek(24*28, 24, 8, 0, 1, 3), Step: time.Hour},
		"one season":    {Values: dayWeek(24*10, 24, 0, 0, 1, 3), Step: time.Hour},
		"no season":     {Values: noise(300, 10, 1, 3), Step: time.Hour},
		"steps of days": {Values: noise(900, 10, 1, 3), Step: 24 * time.Hour},
		"few":           {Values: noise(20, 10, 1, 3), Step: time.Minute},
		"given seasons": {Values: dayWeek(24*28, 24, 8, 0, 1, 3), Step: time.Hour, Periods: []int{24}},
	} {
		t.Run(name, func(t *testing.T) {
			seen := map[string]bool{}
			list := members(in)
			require.GreaterOrEqual(t, len(list), 4)
			require.LessOrEqual(t, len(list), 14, "what the registry says")
			for _, c := range list {
				key := fmt.Sprintf("%T %+v %#v", c.forecaster, c.forecaster, c.periods)
				require.False(t, seen[key], key)
				seen[key] = true
			}
		})
	}
}

// The name that people read: the members with the most say, together by name.
func TestTheForemostAreNamed(t *testing.T) {
	m := &combinedModel{ids: []string{"delta", "regression", "naive", "regression"}, shares: shares{near: []float64{0.5, 0.25, 0.25, 0}, far: []float64{0.1, 0.25, 0.25, 0.4}}}
	require.Equal(t, "the combination of 4 models (foremost regression and delta)", describe(m))
	require.Equal(t, "the combination of 1 models (foremost naive)", describe(&combinedModel{ids: []string{"naive"}, shares: always(1)}))
	require.Equal(t, "the model", describe(&naiveModel{}))
}

// Steps within a mean are forecast one by one, and a push at any of them tells what the forecast did.
func TestACombinationOfMeansGoesOnInSingleSteps(t *testing.T) {
	x := dayWeek(288*10, 288, 0, 0, 1, 4)
	s, r := train(t, x[:288*9], 5*time.Minute, nil, 288, Auto)
	require.Equal(t, 6.0, r.Explain["steps in a mean"])
	s = stored(t, s)
	missed := 0.0
	for i, v := range x[288*9:] {
		if i%7 == 0 {
			one, err := s.Result(1, 0.9)
			require.NoError(t, err)
			require.InDelta(t, one.Mean[0], s.Clone().Push(v), 1e-9, "step %d", i)
		}
		if i == 100 {
			s = stored(t, s)
		}
		missed += math.Abs(v-s.Push(v)) / 288
	}
	require.Less(t, missed, 2.5, "the noise alone is 1.1")
}

// Where clocks change, an event stays on its day.
func TestEventsMoveWithTheClocks(t *testing.T) {
	zone := berlin(t)
	for name, change := range changeovers {
		start := change.Add(-7 * 24 * time.Hour)
		c, ok := clockChanges(zone, start, time.Hour, 24*14)
		require.True(t, ok)
		after := 24*7 + 30
		got := c.events([]Event{{Name: "sale", Steps: []int{-3, 10, after, after + 1, 24 * 40}}})
		moved := map[string]int{"forward": 1, "back": -1}[name]
		require.Equal(t, []Event{{Name: "sale", Steps: []int{-3, 10, after + moved, after + 1 + moved, 24 * 40}}}, got, name)
	}
	c, _ := clockChanges(zone, changeovers["back"].Add(-2*time.Hour), time.Hour, 6)
	require.Equal(t, []int{1, 2}, c.events([]Event{{Steps: []int{1, 2, 3}}})[0].Steps, "the hour that comes twice is covered once")
}

// Steps to the grid of local time and back: what is known stays what it was, but for the hour that comes twice.
func TestTheGridOfLocalTimeIsReversed(t *testing.T) {
	zone := berlin(t)
	rapid.Check(t, func(t *rapid.T) {
		change := changeovers[rapid.SampledFrom([]string{"forward", "back"}).Draw(t, "change")]
		step := rapid.SampledFrom([]time.Duration{time.Hour, 30 * time.Minute, 15 * time.Minute, 5 * time.Minute}).Draw(t, "step")
		before, n := rapid.IntRange(1, 40).Draw(t, "before"), rapid.IntRange(42, 120).Draw(t, "n")
		c, ok := clockChanges(zone, change.Add(-time.Duration(before)*step), step, n)
		require.True(t, ok)
		require.Len(t, c.place, n)
		hour := int(time.Hour / step)
		x := make([]float64, n)
		for i := range x {
			x[i] = float64(i)
		}
		back := c.past(c.local(x), n)
		for i, v := range back {
			if v != x[i] {
				require.InDelta(t, x[i]+float64(hour), v, 1e-9, "the second of the two hours counts")
				require.True(t, before-hour <= i && i < before)
			}
		}
		at := rapid.IntRange(1, n-1).Draw(t, "at")
		h := c.horizon(at)
		ahead := make([]float64, h)
		require.Len(t, c.ahead(ahead, at), n-at)
		require.LessOrEqual(t, h, n-at+hour)
	})
}

// Every place on which a kept forecaster and a new one could differ about the clock, hour by hour around both changes.
func TestAStoredForecasterKnowsTheClocksToCome(t *testing.T) {
	zone := berlin(t)
	for name, change := range changeovers {
		for _, from := range []int{-30, -3, -1, 0, 1, 2, 25} {
			start := change.Add(time.Duration(from-24*9) * time.Hour)
			all := office(zone, start, time.Hour, 24*12)
			in := Input{Values: all[:24*9], Step: time.Hour, Start: start, Zone: zone}
			s, r, err := Train(context.Background(), in, Options{Algorithm: "seasonal-naive", Horizon: 48, Confidence: 0.9})
			require.NoError(t, err)
			got, err := stored(t, s).Result(48, 0.9)
			require.NoError(t, err)
			off := 0
			for h := range got.Mean {
				if math.Abs(got.Mean[h]-r.Mean[h]) > 2 {
					off++
				}
			}
			require.LessOrEqual(t, off, 1, "%s, %d hours from it", name, from)
		}
	}
}

// Three seasons, two of them long, need the coarser forms.
func TestAStateOfThreeSeasonsIsCoarserButWorks(t *testing.T) {
	x := dayWeek(28*1440, 1440, 6, 0, 1, 4)
	for i := range x {
		x[i] += 5 * math.Sin(2*math.Pi*float64(i)/60)
	}
	for _, id := range []string{Auto, "mstl", "ar", "ets"} {
		s, want := train(t, x, time.Minute, []int{60, 1440, 10080}, 1440, id)
		b, err := Marshal(s)
		require.NoError(t, err)
		require.Less(t, len(b), 2*StateSize, id)
		got, err := stored(t, s).Result(1440, 0.9)
		require.NoError(t, err)
		require.Less(t, meanAbsolute([][]float64{misses(want.Mean, got.Mean)}), 4.0, "%s: of a swing of 38", id)
	}
}

func TestNoticesSayWhatHappened(t *testing.T) {
	shift := levelShift{at: 24, factor: 2}
	require.Equal(t, "The level changed to 2 times on 2026-03-03 00:00 UTC: what was before is brought to the level since.", shift.tell(monday, time.Hour))
	require.Equal(t, "The level changed by -3.5: what was before is brought to the level since.", levelShift{at: 1, factor: 1, add: -3.5}.tell(time.Time{}, time.Hour))
	low := 20.0
	r, err := Run(context.Background(), Input{Values: noise(9, 10, 1, 1), Step: time.Hour, Bounds: Bounds{Min: &low}}, Options{Algorithm: "naive", Horizon: 4, Confidence: 0.9})
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(r.Notices, func(s string) bool { return strings.Contains(s, "too few for a backtest") }))
	require.True(t, slices.ContainsFunc(r.Notices, func(s string) bool { return strings.Contains(s, "clipped to the bounds at 4 of 4 steps") }))
}

// A series that begins less than an hour before clocks go back has places before its first one.
func TestASeriesMayBeginInTheHourOfTheClocks(t *testing.T) {
	zone := berlin(t)
	for name, change := range changeovers {
		for _, step := range []time.Duration{time.Hour, 30 * time.Minute, 15 * time.Minute, 5 * time.Minute} {
			for from := -13; from <= 2; from++ {
				start := change.Add(time.Duration(from) * step)
				n := int(49 * time.Hour / step)
				all := office(zone, start, step, n)
				in := Input{Values: all[:n-10], Step: step, Start: start, Zone: zone}
				s, r, err := Train(context.Background(), in, Options{Algorithm: "seasonal-naive", Horizon: 10, Confidence: 0.9, Components: true})
				require.NoError(t, err, "%s %s %d", name, step, from)
				require.Len(t, r.Mean, 10)
				require.True(t, finite(r.Mean), "%s %s %d", name, step, from)
				require.InDelta(t, r.Mean[0], stored(t, s).Push(all[n-10]), 2, "%s %s %d", name, step, from)
				require.Len(t, expect(t, in, Options{Algorithm: "naive", Horizon: 10}), 10)
			}
			for left := range 5 { // and it may end there
				n := int(49*time.Hour/step) + left
				start := change.Add(-time.Duration(n-2) * step)
				all := office(zone, start, step, n+int(3*time.Hour/step))
				s, _, err := Train(context.Background(), Input{Values: all[:n], Step: step, Start: start, Zone: zone}, Options{Algorithm: "seasonal-naive", Horizon: 10, Confidence: 0.9})
				require.NoError(t, err)
				for _, v := range all[n:] {
					s = stored(t, s)
					r, err := s.Result(30, 0.9)
					require.NoError(t, err)
					require.True(t, len(r.Mean) == 30 && finite(r.Mean))
					s.Push(v)
				}
			}
		}
	}
}
