package forecast

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Clocks that change, in any zone, on any date, in any step.

var someZones = []string{"Europe/Berlin", "America/New_York", "Australia/Sydney", "Australia/Lord_Howe", "Asia/Shanghai", "Asia/Kolkata", "America/St_Johns", "Pacific/Chatham", "Africa/Casablanca"}

func zoneNamed(t require.TestingT, name string) *time.Location {
	zone, err := time.LoadLocation(name)
	require.NoError(t, err)
	return zone
}

// drawnWalk is a stretch of steps somewhere in two years of some zone.
func drawnWalk(t *rapid.T, most int) (zone *time.Location, start time.Time, step time.Duration, n int) {
	zone = zoneNamed(t, rapid.SampledFrom(someZones).Draw(t, "zone"))
	step = rapid.SampledFrom([]time.Duration{5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}).Draw(t, "step")
	start = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC).Add(step * time.Duration(rapid.IntRange(0, int(2*365*24*time.Hour/step)).Draw(t, "start")))
	return zone, start, step, rapid.IntRange(1, most).Draw(t, "steps")
}

// Two steps at one time of day by the clocks on the wall are a whole number of the grid's days apart, whatever lies between.
func TestPlacesOfTheGridFollowTheClocksOnTheWall(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone, start, step, n := drawnWalk(t, 9000)
		c, ok := clockChanges(zone, start, step, n)
		if !ok {
			return
		}
		day := int(24 * time.Hour / step)
		at := func(i int) (minutes int) {
			local := start.Add(time.Duration(i) * step).In(zone)
			return local.Hour()*60 + local.Minute()
		}
		first := at(0)
		for i, place := range c.place {
			moved := (at(i) - first + 2*24*60) % (24 * 60)
			want := moved / int(step/time.Minute)
			got := ((place-c.place[0])%day + day) % day
			require.Equal(t, want, got, "step %d at %s", i, start.Add(time.Duration(i)*step).In(zone))
		}
	})
}

// Point by point a stored forecaster's clock takes as many places as the grid of all steps has, and knows the hours that come twice.
func TestAStoredClockCountsAsTheGridDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone, start, step, n := drawnWalk(t, 9000)
		seen := rapid.IntRange(1, n).Draw(t, "seen")
		k := newClock(Input{Values: make([]float64, seen), Start: start, Step: step, Zone: zone})
		places := seen
		c, changed := clockChanges(zone, start, step, seen)
		if changed {
			places = c.length(seen)
		}
		for i := seen; i < n; i++ {
			if again := k.advance(start.Add(time.Duration(i)*step), step, func() { places++ }); !again {
				places++
			}
		}
		all, ok := clockChanges(zone, start, step, n)
		switch {
		case ok:
			require.Equal(t, all.length(n), places)
		case changes(zone, start, start.Add(time.Duration(n-1)*step)):
			// Half an hour's change is no whole number of hours: the grid is that of the steps.
		default:
			require.Equal(t, n, places)
		}
	})
}

// Where no clock changes, a zone is as good as none.
func TestAZoneWithoutAChangeChangesNothing(t *testing.T) {
	x := dayWeek(24*10, 24, 0, 0.01, 1, 3)
	rapid.Check(t, func(t *rapid.T) {
		zone, start, _, _ := drawnWalk(t, 1)
		in := Input{Values: x, Step: time.Hour, Start: start}
		opt := Options{Algorithm: rapid.SampledFrom([]string{"seasonal-naive", "theta", "linear", "ar"}).Draw(t, "algorithm"), Horizon: 12, Confidence: 0.9}
		want, err := Run(context.Background(), in, opt)
		require.NoError(t, err)
		in.Zone = zone
		got, err := Run(context.Background(), in, opt)
		require.NoError(t, err)
		require.Len(t, got.Mean, 12)
		require.Len(t, got.Fitted, len(x))
		if !changes(zone, start, start.Add(252*time.Hour)) {
			require.Equal(t, want.Mean, got.Mean)
			require.Equal(t, want.Upper, got.Upper)
		}
	})
}

// What keeps strictly to the clocks on the wall is forecast without a miss through every change of them, but for the hour that comes
// twice or is left out, and the hours around it.
func TestWhatFollowsTheClocksIsForecastThroughTheirChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone := zoneNamed(t, rapid.SampledFrom([]string{"Europe/Berlin", "America/New_York", "Australia/Sydney", "Pacific/Chatham"}).Draw(t, "zone"))
		_, change := time.Date(2026, time.Month(rapid.SampledFrom([]int{2, 7}).Draw(t, "half of the year")), 1, 0, 0, 0, 0, time.UTC).In(zone).ZoneBounds()
		before := rapid.IntRange(49, 24*12).Draw(t, "hours before")
		start := change.Truncate(time.Hour).Add(-time.Duration(before) * time.Hour)
		n := max(before+rapid.IntRange(-30, 30).Draw(t, "and the data end"), 48)
		wall := func(i int) float64 {
			local := start.Add(time.Duration(i) * time.Hour).In(zone)
			return float64(local.Hour())
		}
		x := make([]float64, n)
		for i := range x {
			x[i] = wall(i)
		}
		in := Input{Values: x, Step: time.Hour, Start: start, Zone: zone, Periods: []int{24}}
		r, err := Run(context.Background(), in, Options{Algorithm: "seasonal-naive", Horizon: 48, Confidence: 0.9})
		require.NoError(t, err)
		off := 0
		for h, v := range r.Mean {
			off += int(indicator(math.Abs(v-wall(n+h)) > 1e-9))
		}
		require.LessOrEqual(t, off, 2, "%s, %d hours of data, the change after %d", zone, n, before)
	})
}

// An event stays on the hours that it was set on: with or without a zone the same steps are covered before the first change.
func TestEventsBeforeAChangeStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone, start, step, n := drawnWalk(t, 5000)
		c, ok := clockChanges(zone, start, step, n)
		if !ok {
			return
		}
		steps := rapid.SliceOfNDistinct(rapid.IntRange(0, n-1), 1, 20, rapid.ID[int]).Draw(t, "steps")
		for _, at := range steps {
			moved := c.events([]Event{{Name: "e", Steps: []int{at}}})[0].Steps
			require.Equal(t, []int{c.place[at]}, moved, "an event lies where its step does")
		}
	})
}
