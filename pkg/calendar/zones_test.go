package calendar

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Nights on which clocks change, in zones north and south of the equator, by an hour and by half of one.
func TestTheSameTimeADayBeforeOnNightsThatClocksChange(t *testing.T) {
	for name, c := range map[string]struct {
		zone, now string
		hours     float64
	}{
		"Berlin, forward":            {"Europe/Berlin", "2026-03-29T12:00:00+02:00", 23},
		"Berlin, back":               {"Europe/Berlin", "2026-10-25T12:00:00+01:00", 25},
		"New York, forward":          {"America/New_York", "2026-03-08T09:00:00-04:00", 23},
		"New York, back":             {"America/New_York", "2026-11-01T09:00:00-05:00", 25},
		"Sydney, back in April":      {"Australia/Sydney", "2026-04-05T12:00:00+10:00", 25},
		"Sydney, forward":            {"Australia/Sydney", "2026-10-04T12:00:00+11:00", 23},
		"Lord Howe, half an hour":    {"Australia/Lord_Howe", "2026-04-05T12:00:00+10:30", 24.5},
		"Lord Howe, half an hour on": {"Australia/Lord_Howe", "2026-10-04T12:00:00+11:00", 23.5},
		"Santiago, back":             {"America/Santiago", "2026-04-05T12:00:00-04:00", 25},
		"Shanghai, never":            {"Asia/Shanghai", "2026-03-29T12:00:00+08:00", 24},
		"Kolkata, never":             {"Asia/Kolkata", "2026-10-25T12:00:00+05:30", 24},
		"UTC":                        {"", "2026-03-29T12:00:00Z", 24},
	} {
		t.Run(name, func(t *testing.T) {
			cal, now := calendar(t, Definition{Timezone: c.zone}), at(c.now)
			before := cal.Back(now, 1)
			require.Equal(t, c.hours, now.Sub(before).Hours())
			require.Equal(t, now.In(cal.Zone()).Format("15:04"), before.Format("15:04"))
			require.Equal(t, c.hours != 24, cal.Shifted(now, 1))
			require.False(t, cal.Shifted(now.AddDate(0, 0, 40), 7), "forty days later all is as usual")
		})
	}
}

// The hour that is left out in spring and the one that comes twice in autumn.
func TestTimesThatWereNotAndThatWereTwice(t *testing.T) {
	berlin := calendar(t, Definition{Timezone: "Europe/Berlin"})
	gone := berlin.Back(at("2026-03-30T02:30:00+02:00"), 1)
	require.Equal(t, at("2026-03-29T01:30:00Z").UTC(), gone.UTC(), "02:30 did not exist: an hour on, 03:30")
	twice := berlin.Back(at("2026-10-26T02:30:00+01:00"), 1)
	require.Equal(t, "02:30", twice.Format("15:04"))
	require.Contains(t, []time.Time{at("2026-10-25T00:30:00Z").UTC(), at("2026-10-25T01:30:00Z").UTC()}, twice.UTC(), "one of the two")
	howe := calendar(t, Definition{Timezone: "Australia/Lord_Howe"})
	require.Equal(t, "02:15", howe.Back(at("2026-04-06T02:15:00+10:30"), 1).Format("15:04"))
}

func TestADayHasAsManyHoursAsItsClockSays(t *testing.T) {
	for zone, days := range map[string]map[string]int{
		"Europe/Berlin":       {"2026-03-29": 46, "2026-10-25": 50, "2026-06-01": 48},
		"Australia/Lord_Howe": {"2026-04-05": 49, "2026-10-04": 47},
		"Asia/Shanghai":       {"2026-03-29": 48},
	} {
		c := calendar(t, Definition{Timezone: zone, Days: []DateRange{{Date: "2026-03-29", Kind: "holiday"}, {Date: "2026-10-25", Kind: "holiday"},
			{Date: "2026-06-01", Kind: "holiday"}, {Date: "2026-04-05", Kind: "holiday"}, {Date: "2026-10-04", Kind: "holiday"}}})
		for day, half := range days {
			noon, err := time.ParseInLocation("2006-01-02 15:04", day+" 12:00", c.Zone())
			require.NoError(t, err)
			n := 0
			for at := noon.Add(-20 * time.Hour); at.Before(noon.Add(20 * time.Hour)); at = at.Add(30 * time.Minute) {
				if c.Day(at).Kind == Holiday && at.In(c.Zone()).Format(time.DateOnly) == day {
					n++
				}
			}
			require.Equal(t, half, n, "half hours of %s in %s", day, zone)
		}
	}
}

// A nightly window has one start on each local day, also where its time is left out or comes twice.
func TestANightlyWindowOnNightsThatClocksChange(t *testing.T) {
	for zone, from := range map[string]string{"Europe/Berlin": "2026-03-27T12:00:00Z", "America/New_York": "2026-10-30T12:00:00Z", "Australia/Lord_Howe": "2026-04-03T12:00:00Z"} {
		c := calendar(t, Definition{Timezone: zone, Maintenance: []Window{{Start: "02:30", Duration: "2h"}}})
		marks := c.Marks(at(from), at(from).Add(4*24*time.Hour))
		require.Len(t, marks, 4, zone)
		for i, m := range marks {
			require.Equal(t, 2*time.Hour, m.To.Sub(m.From), "it lasts as long as ever")
			if i > 0 {
				require.Equal(t, 1, m.From.In(c.Zone()).YearDay()-marks[i-1].From.In(c.Zone()).YearDay())
			}
		}
	}
}

// Back and forth over any days keeps the local time of day, wherever that exists.
func TestBackKeepsTheTimeOfDay(t *testing.T) {
	zones := []string{"", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Shanghai", "America/Sao_Paulo", "Africa/Casablanca", "Asia/Kathmandu"}
	rapid.Check(t, func(t *rapid.T) {
		c := calendar(t, Definition{Timezone: rapid.SampledFrom(zones).Draw(t, "zone")})
		now := time.Unix(rapid.Int64Range(1700000000, 1800000000).Draw(t, "now"), 0).In(c.Zone())
		n := rapid.IntRange(0, 400).Draw(t, "days")
		before := c.Back(now, n)
		days := now.Sub(before).Hours() / 24
		require.InDelta(t, n, days, 1.0/24+1e-9)
		if h := now.Hour(); h > 4 { // clocks change before
			require.Equal(t, now.Format("15:04:05"), before.Format("15:04:05"))
			require.Equal(t, now.AddDate(0, 0, -n).Format(time.DateOnly), before.Format(time.DateOnly))
		}
	})
}
