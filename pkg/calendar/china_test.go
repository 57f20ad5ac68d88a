package calendar

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
)

// The days of the State Council's notices as they were published, written out day by day: holidays, and the Saturdays and Sundays that are
// worked for them.
var published = map[int]struct{ off, worked []string }{
	2024: {
		[]string{"01-01", "02-10", "02-11", "02-12", "02-13", "02-14", "02-15", "02-16", "02-17", "04-04", "04-05", "04-06", "05-01", "05-02", "05-03", "05-04", "05-05",
			"06-10", "09-15", "09-16", "09-17", "10-01", "10-02", "10-03", "10-04", "10-05", "10-06", "10-07"},
		[]string{"02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"},
	},
	2025: {
		[]string{"01-01", "01-28", "01-29", "01-30", "01-31", "02-01", "02-02", "02-03", "02-04", "04-04", "04-05", "04-06", "05-01", "05-02", "05-03", "05-04", "05-05",
			"05-31", "06-01", "06-02", "10-01", "10-02", "10-03", "10-04", "10-05", "10-06", "10-07", "10-08"},
		[]string{"01-26", "02-08", "04-27", "09-28", "10-11"},
	},
	2026: {
		[]string{"01-01", "01-02", "01-03", "02-15", "02-16", "02-17", "02-18", "02-19", "02-20", "02-21", "02-22", "02-23", "04-04", "04-05", "04-06", "05-01", "05-02", "05-03", "05-04", "05-05",
			"06-19", "06-20", "06-21", "09-25", "09-26", "09-27", "10-01", "10-02", "10-03", "10-04", "10-05", "10-06", "10-07"},
		[]string{"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"},
	},
}

func TestEveryDayOfTheBundledYearsIsAsPublished(t *testing.T) {
	require.Len(t, chinaNotices, len(published), "each bundled year is checked")
	c := calendar(t, Definition{Timezone: "Asia/Shanghai", Holidays: China})
	for year, days := range published {
		for d := time.Date(year, 1, 1, 12, 0, 0, 0, c.Zone()); d.Year() == year; d = d.AddDate(0, 0, 1) {
			want := Workday
			switch text := d.Format("01-02"); {
			case slices.Contains(days.off, text):
				want = Holiday
			case slices.Contains(days.worked, text):
				want = MakeUp
			case d.Weekday() == time.Saturday || d.Weekday() == time.Sunday:
				want = Weekend
			}
			got := c.Day(d)
			require.Equal(t, want, got.Kind, d.Format(time.DateOnly))
			require.Equal(t, want.Special(), got.Name != "", "what is special has a name: %s", d.Format(time.DateOnly))
		}
	}
}

// A festival is named by the day it begins on.
func TestFestivalsHaveTheirNames(t *testing.T) {
	c := calendar(t, Definition{Timezone: "Asia/Shanghai", Holidays: China})
	for name, days := range map[string][]string{
		"元旦": {"2024-01-01", "2025-01-01", "2026-01-01"}, "春节": {"2024-02-10", "2025-01-29", "2026-02-17"}, "清明节": {"2024-04-04", "2025-04-04", "2026-04-05"},
		"劳动节": {"2024-05-01", "2025-05-01", "2026-05-01"}, "端午节": {"2024-06-10", "2025-05-31", "2026-06-19"}, "中秋节": {"2024-09-17", "2026-09-25"}, "国庆节": {"2024-10-01", "2026-10-01"},
	} {
		for _, day := range days {
			require.Equal(t, Day{Holiday, name}, c.Day(at(day+"T08:00:00+08:00")), day)
		}
	}
}

func TestKindsOfDays(t *testing.T) {
	for kind, want := range map[Kind][2]bool{Workday: {false, false}, Weekend: {true, false}, Holiday: {true, true}, MakeUp: {false, true}} {
		require.Equal(t, want, [2]bool{kind.Off(), kind.Special()})
	}
}

// Own days and stretches over midnight and over the end of a year.
func TestRangesOverTheEndOfAYear(t *testing.T) {
	c := calendar(t, Definition{Timezone: "Asia/Shanghai", Holidays: China, Days: []DateRange{{Date: "2026-12-30", To: "2027-01-02", Kind: "holiday", Name: "stocktaking"}},
		Maintenance: []Window{{Start: "23:00", Duration: "3h", Days: []string{"thu"}, Reason: "night shift"}}})
	for day, want := range map[string]Kind{"2026-12-29": Workday, "2026-12-30": Holiday, "2026-12-31": Holiday, "2027-01-01": Holiday, "2027-01-02": Holiday, "2027-01-03": Weekend, "2027-01-04": Workday} {
		require.Equal(t, want, c.Day(at(day+"T12:00:00+08:00")).Kind, day)
	}
	marks := c.Marks(at("2026-12-31T12:00:00+08:00"), at("2027-01-01T12:00:00+08:00"))
	require.Len(t, marks, 1, "31 December 2026 is a Thursday")
	require.Equal(t, []string{"2026-12-31 23:00", "2027-01-01 02:00"}, []string{marks[0].From.In(c.Zone()).Format("2006-01-02 15:04"), marks[0].To.In(c.Zone()).Format("2006-01-02 15:04")})
	require.Len(t, c.Marks(at("2027-01-01T01:00:00+08:00"), at("2027-01-01T01:30:00+08:00")), 1, "in the new year it still runs")
	require.Empty(t, c.Marks(at("2027-01-01T02:00:00+08:00"), at("2027-01-01T03:00:00+08:00")), "its end is not in it")
	require.Equal(t, []int{2027}, c.Uncovered(at("2026-12-31T12:00:00+08:00"), at("2026-12-31T17:00:00Z")), "the year begins where its people live")
}

func TestMaintenanceThatOverlaps(t *testing.T) {
	day := func(hour int) time.Time { return time.Date(2026, 3, 2, hour, 0, 0, 0, time.UTC) }
	c := calendar(t, Definition{
		Maintenance: []Window{{From: new(day(1)), To: new(day(5)), Reason: "disks"}, {From: new(day(3)), To: new(day(8)), Reason: "network"}, {Start: "04:00", Duration: "1h", Reason: "backup"}},
		Excluded:    []Span{{day(4), day(6), "outage"}, {day(4), day(6), "outage"}},
		Events:      []Span{{day(4), day(5), "v2"}},
	})
	var reasons []string
	for _, m := range c.Marks(day(0), day(24)) {
		reasons = append(reasons, m.Reason)
	}
	require.Equal(t, []string{"disks", "network", "outage", "outage", "v2", "backup"}, reasons, "by start, then in the order they were given")
	g := series.Grid{Start: day(0), Step: time.Hour, Len: 24}
	x := make([]float64, 24)
	var gone []int
	for i, v := range c.Learn(g, x) {
		if math.IsNaN(v) {
			gone = append(gone, i)
		}
	}
	require.Equal(t, []int{1, 2, 3, 4, 5, 6, 7}, gone, "once, however many say so")
	more := c.Excluding([]Span{{day(10), day(11), "label"}, {day(12), day(12), "empty"}})
	require.Len(t, more.Marks(day(0), day(24)), 7)
	require.Len(t, c.Marks(day(0), day(24)), 6, "the calendar itself stays")
}
