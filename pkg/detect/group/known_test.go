package group

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/detect"
)

func calendarOf(t *testing.T, d calendar.Definition) *calendar.Calendar {
	c, err := calendar.New(d)
	require.NoError(t, err)
	return c
}

// byTime are the requests of two sources at half an hour, up to end, the first of which has the share that a time says.
func byTime(end time.Time, days int, share func(time.Time) float64) Input {
	const half = 30 * time.Minute
	in := Input{Step: half, Start: end.AddDate(0, 0, -days).UTC(), Values: make([][]float64, 2)}
	for i := 0; in.Start.Add(time.Duration(i) * half).Before(end); i++ {
		s := share(in.Start.Add(time.Duration(i)*half)) + 0.01*math.Sin(float64(i*i))
		in.Values[0], in.Values[1] = append(in.Values[0], 1000*s), append(in.Values[1], 1000*(1-s))
	}
	in.From = len(in.Values[0]) - 2
	return in
}

// accused tells who is, by which algorithm, with and without what the calendar knows.
func accused(t *testing.T, in Input, algorithm string, c *calendar.Calendar) *Output {
	in.Calendar = c
	out, err := Run(t.Context(), in, detect.Options{Algorithm: algorithm})
	require.NoError(t, err)
	return out
}

func TestSharesFollowPeoplesClocks(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	office := func(at time.Time) float64 { // changes steeply at nine, on the clocks of those who work
		if h := at.In(zone).Hour(); h >= 9 && h < 17 {
			return 0.8
		}
		return 0.3
	}
	berlin := calendarOf(t, calendar.Definition{Timezone: "Europe/Berlin"})
	// Clocks were put back on 25 October 2026: nine in the morning is an hour later in UTC than it was.
	for name, end := range map[string]time.Time{
		"an hour into the morning": time.Date(2026, 10, 27, 9, 0, 0, 0, zone), "an hour before the evening": time.Date(2026, 10, 27, 17, 0, 0, 0, zone),
		"the day of the change": time.Date(2026, 10, 25, 9, 0, 0, 0, zone),
	} {
		in := byTime(end, 14, office)
		weekdays := calendarOf(t, calendar.Definition{Timezone: "Europe/Berlin", Days: []calendar.DateRange{{Date: "2026-10-25", Kind: "workday"}}})
		require.NotEmpty(t, outliers(accused(t, in, "shares", nil)), "%s, without a zone", name)
		require.Empty(t, outliers(accused(t, in, "shares", weekdays)), name)
	}
	in := byTime(time.Date(2026, 10, 27, 12, 0, 0, 0, zone), 14, office)
	for i := in.From; i < len(in.Values[0]); i++ {
		in.Values[0][i], in.Values[1][i] = in.Values[1][i], in.Values[0][i]
	}
	require.NotEmpty(t, outliers(accused(t, in, "shares", berlin)), "a shift is one with a zone, too")
}

func TestSharesOfAHolidayAreThoseOfDaysOff(t *testing.T) {
	china := calendarOf(t, calendar.Definition{Timezone: "Asia/Shanghai", Holidays: "CN"})
	rests := func(at time.Time) float64 {
		if china.Day(at).Kind.Off() {
			return 0.75
		}
		return 0.25
	}
	shanghai := china.Zone()
	for name, day := range map[string]time.Time{
		"National Day, a Thursday": time.Date(2026, 10, 1, 15, 0, 0, 0, shanghai),
		"a worked Sunday":          time.Date(2026, 9, 20, 15, 0, 0, 0, shanghai),
		"a plain Monday":           time.Date(2026, 9, 21, 15, 0, 0, 0, shanghai),
		"a plain Saturday":         time.Date(2026, 9, 12, 15, 0, 0, 0, shanghai),
	} {
		in := byTime(day, 21, rests)
		require.Empty(t, outliers(accused(t, in, "shares", china)), name)
		for i := in.From; i < len(in.Values[0]); i++ {
			in.Values[0][i], in.Values[1][i] = in.Values[1][i], in.Values[0][i]
		}
		require.NotEmpty(t, outliers(accused(t, in, "shares", china)), "%s, like a day of the other kind", name)
	}
	in := byTime(time.Date(2026, 9, 7, 15, 0, 0, 0, shanghai), 3, rests) // no day like it in three: all are asked
	require.NotPanics(t, func() { accused(t, in, "shares", china) })
}

// A day on which the group was torn apart is no habit of it where it is known for what it was.
func TestWhatIsExcludedIsNoHabitOfAGroup(t *testing.T) {
	for _, algorithm := range []string{"kmeans", "mad", "dbscan"} {
		in := Input{Values: hosts(8, 11), Step: fiveMinutes, Start: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), From: week - 12}
		add(in.Values[2], 400, 1700, 45) // most of the history
		add(in.Values[2], week-12, week, 45)
		g := in.grid()
		bad := calendar.Span{From: g.Time(400), To: g.Time(1700)}
		before := slices.Clone(in.Values[2])
		require.NotContains(t, outliers(accused(t, in, algorithm, nil)), 2, "%s: it is used to it", algorithm)
		for kind, d := range map[string]calendar.Definition{
			"excluded": {Excluded: []calendar.Span{bad}}, "maintenance": {Maintenance: []calendar.Window{{From: &bad.From, To: &bad.To}}},
		} {
			out := accused(t, in, algorithm, calendarOf(t, d))
			require.Equal(t, []int{2}, outliers(out), "%s, %s", algorithm, kind)
			require.Nil(t, out.Held)
		}
		require.NotContains(t, outliers(accused(t, in, algorithm, calendarOf(t, calendar.Definition{Events: []calendar.Span{bad}}))), 2, "what a deployment brought is learnt")
		require.Equal(t, before, in.Values[2], "what was asked stays as it is")
	}
}

func TestOutliersOfAWindowWithMaintenanceAreHeldBack(t *testing.T) {
	in := Input{Values: hosts(8, 12), Step: fiveMinutes, Start: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), From: week - 12}
	add(in.Values[3], week-12, week, 60)
	end := in.grid().End()
	span := func(from, to time.Duration) []calendar.Span {
		return []calendar.Span{{From: end.Add(from), To: end.Add(to)}}
	}
	window := func(from, to time.Duration) []calendar.Window {
		s := span(from, to)[0]
		return []calendar.Window{{From: &s.From, To: &s.To}}
	}
	for name, c := range map[string]struct {
		of   calendar.Definition
		held string
	}{
		"now":                         {calendar.Definition{Maintenance: window(-time.Hour, time.Hour)}, "maintenance"},
		"within the window":           {calendar.Definition{Maintenance: window(-50*time.Minute, -45*time.Minute)}, "maintenance"},
		"before it":                   {calendar.Definition{Maintenance: window(-3*time.Hour, -time.Hour)}, ""},
		"still to come":               {calendar.Definition{Maintenance: window(0, time.Hour)}, ""},
		"a deployment":                {calendar.Definition{Events: span(-10*time.Minute, 0)}, "deployment"},
		"a deployment in maintenance": {calendar.Definition{Events: span(-20*time.Minute, 0), Maintenance: window(-10*time.Minute, 0)}, "maintenance"},
		"excluded":                    {calendar.Definition{Excluded: span(-3*time.Hour, 0)}, ""},
	} {
		for _, algorithm := range []string{"kmeans", "mad", "dbscan"} {
			out := accused(t, in, algorithm, calendarOf(t, c.of))
			require.GreaterOrEqual(t, out.Score[3], 1.0, "%s: the score knows no stages", name)
			if c.held == "" {
				require.Equal(t, []int{3}, outliers(out), "%s, %s", name, algorithm)
				require.Nil(t, out.Held)
				continue
			}
			require.Empty(t, outliers(out), "%s, %s", name, algorithm)
			require.Equal(t, []string{"", "", "", c.held, "", "", "", ""}, out.Held)
			require.Len(t, out.Notices, 1)
			require.Contains(t, out.Notices[0], "outliers held back by")
		}
	}
}

func TestACalendarChangesNothingOfADayLikeOthers(t *testing.T) {
	in := Input{Values: hosts(6, 13), Step: fiveMinutes, Start: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), From: week - 12}
	c := calendarOf(t, calendar.Definition{Timezone: "Asia/Shanghai", Holidays: "CN", Maintenance: []calendar.Window{{Days: []string{"wed"}, Start: "01:00", Duration: "30m"}}})
	for _, algorithm := range []string{"kmeans", "mad", "dbscan"} {
		with, without := accused(t, in, algorithm, c), accused(t, in, algorithm, nil)
		require.Equal(t, without.Outlier, with.Outlier)
		require.Equal(t, without.Notices, with.Notices)
	}
}
