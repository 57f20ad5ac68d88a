package detect

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/calendar"
)

// monday is a Monday, 00:00 UTC.
var monday = time.Date(2026, 8, 31, 0, 0, 0, 0, time.UTC)

func calendarOf(t require.TestingT, d calendar.Definition) *calendar.Calendar {
	c, err := calendar.New(d)
	require.NoError(t, err)
	return c
}

// office is busy on workdays between 8 and 18 o'clock local time and quiet else, n points at 5 minutes from monday on.
func office(n int, c *calendar.Calendar, seed uint64) []float64 {
	out := noise(n, 0.3, seed)
	for i := range out {
		now := monday.Add(time.Duration(i) * fiveMinutes).In(c.Zone())
		if h := now.Hour(); h >= 8 && h < 18 && !c.Day(now).Kind.Off() {
			out[i] += 100
		}
		out[i] += 20
	}
	return out
}

func TestAHolidayIsJudgedAsADayOffAndAWorkedWeekendAsAWorkday(t *testing.T) {
	c := calendarOf(t, calendar.Definition{Timezone: "Asia/Shanghai", Holidays: calendar.China})
	n := 42 * 288 // August 31 to October 11: Mid-Autumn, National Day, and the worked Sunday of September 20
	x := office(n, c, 1)
	in := Input{Values: x, Start: monday, From: 14 * 288, Direction: Both}
	blind := detectRun(t, in, "seasonal-residual", nil)
	require.Greater(t, flags(blind), 100, "without a calendar every holiday is an incident")
	in.Calendar = c
	knowing := detectRun(t, in, "seasonal-residual", nil)
	require.LessOrEqual(t, flags(knowing), 6, "noise at the edges of the working day at most")
	for i := in.From; i < n; i++ {
		if knowing.Score[i] < 1 {
			require.True(t, x[i] >= knowing.Lower[i]-1e-9 && x[i] <= knowing.Upper[i]+1e-9, "a score below 1 lies in the band")
		}
	}
	incident := append([]float64{}, x...)
	for i := 32*288 + 60; i < 32*288+90; i++ { // October 2, 13:00 there
		incident[i] += 150
	}
	in.Values = incident
	require.Greater(t, flagsIn(detectRun(t, in, "seasonal-residual", nil), 32*288+60, 32*288+90), 20, "an incident on a holiday is one")
}

func TestAHolidayIsNotLearnt(t *testing.T) {
	c := calendarOf(t, calendar.Definition{Holidays: calendar.China})
	x := office(42*288, c, 2)
	in := Input{Values: x, Start: monday, From: 40 * 288, Calendar: c} // October 10, a worked Saturday, and Sunday
	wild := append([]float64{}, x...)
	for i := 31 * 288; i < 38*288; i++ { // the National Day week
		wild[i] = 5000
	}
	a := detectRun(t, in, "seasonal-residual", nil)
	in.Values = wild
	b := detectRun(t, in, "seasonal-residual", nil)
	requireSame(t, a.Score, b.Score)
}

func TestTheNightOfTheChangingClockRaisesNothing(t *testing.T) {
	zone := calendarOf(t, calendar.Definition{Timezone: "Europe/Berlin"})
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	x := noise(35*288, 0.3, 3) // the clock goes forward on March 29
	for i := range x {
		if h := start.Add(time.Duration(i) * fiveMinutes).In(zone.Zone()).Hour(); h >= 8 && h < 18 {
			x[i] += 100
		}
	}
	in := Input{Values: x, Start: start, From: 26 * 288}
	require.Greater(t, flags(detectRun(t, in, "seasonal-residual", nil)), 10, "an hour of each morning is new in UTC")
	in.Calendar = zone
	require.LessOrEqual(t, flags(detectRun(t, in, "seasonal-residual", nil)), 2)
}

func TestMaintenanceIsSilentVisiblyAndNotLearnt(t *testing.T) {
	x := daily(2500, 1)
	from, to := monday.Add(2200*fiveMinutes), monday.Add(2260*fiveMinutes)
	for i := 2200; i < 2260; i++ {
		x[i] += 80
	}
	in := Input{Values: x, Start: monday, From: 2016}
	require.Greater(t, flagsIn(detectRun(t, in, Auto, nil), 2200, 2260), 50)
	in.Calendar = calendarOf(t, calendar.Definition{Maintenance: []calendar.Window{{From: &from, To: &to}}})
	out := detectRun(t, in, Auto, nil)
	require.Zero(t, flags(out))
	require.Greater(t, out.HeldBack["maintenance"], 50)
	require.Equal(t, "maintenance", out.Held[2210])
	require.Empty(t, out.Held[2300])
	require.Greater(t, out.Score[2210], 1.0, "what was held back keeps its score")
	require.Less(t, out.Expected[2270], 75.0, "the level after is as before")
}

func TestExcludedHistoryIsNotLearnt(t *testing.T) {
	x := daily(2500, 2)
	y := append([]float64{}, x...)
	for i := 600; i < 1800; i++ {
		y[i] = 500
	}
	c := calendarOf(t, calendar.Definition{Excluded: []calendar.Span{{From: monday.Add(600 * fiveMinutes), To: monday.Add(1800 * fiveMinutes)}}})
	for _, algorithm := range Algorithms() {
		if algorithm.Fixed {
			continue
		}
		a := detectRun(t, Input{Values: x, Start: monday, From: 2016, Calendar: c}, algorithm.ID, nil)
		b := detectRun(t, Input{Values: y, Start: monday, From: 2016, Calendar: c}, algorithm.ID, nil)
		requireSame(t, a.Score, b.Score)
	}
	// What is shown of it is scored all the same.
	y[2300] = 500
	c = calendarOf(t, calendar.Definition{Excluded: []calendar.Span{{From: monday.Add(2300 * fiveMinutes), To: monday.Add(2301 * fiveMinutes)}}})
	out := detectRun(t, Input{Values: y, Start: monday, From: 2016, Calendar: c}, "dynamic-threshold", nil)
	require.False(t, math.IsNaN(out.Score[2300]))
}

func TestADeploymentIsSilentButLearnt(t *testing.T) {
	x := daily(2500, 1)
	for i := 2200; i < 2212; i++ {
		x[i] += 80
	}
	c := calendarOf(t, calendar.Definition{Events: []calendar.Span{{From: monday.Add(2190 * fiveMinutes), To: monday.Add(2220 * fiveMinutes), Reason: "v2"}}})
	in := Input{Values: x, Start: monday, From: 2016}
	plain := detectRun(t, in, Auto, nil)
	in.Calendar = c
	out := detectRun(t, in, Auto, nil)
	require.Zero(t, flagsIn(out, 2190, 2220))
	require.Positive(t, out.HeldBack["deployment"])
	requireSame(t, plain.Score, out.Score)
}

func TestAThresholdIsSilentInMaintenanceAsWell(t *testing.T) {
	to := monday.Add(10 * fiveMinutes)
	c := calendarOf(t, calendar.Definition{Maintenance: []calendar.Window{{From: &monday, To: &to}}})
	x := times(20, func(int) float64 { return 95 })
	out := detectRun(t, Input{Values: x, Start: monday, Threshold: &Threshold{Value: 90}, Calendar: c}, "threshold", nil)
	require.Equal(t, 10, flags(out))
	require.Equal(t, 10, out.HeldBack["maintenance"])
	require.Greater(t, out.Score[5], 1.0)
}

func TestACalendarWithoutAnythingChangesNothing(t *testing.T) {
	x := daily(2500, 5)
	in := Input{Values: x, Start: monday, From: 2016}
	plain := detectRun(t, in, Auto, nil)
	in.Calendar = calendarOf(t, calendar.Definition{Timezone: "Asia/Shanghai", Days: []calendar.DateRange{{Date: "2020-01-01", Kind: "holiday"}}})
	out := detectRun(t, in, Auto, nil)
	requireSame(t, plain.Score, out.Score)
	require.Equal(t, plain.Anomalous, out.Anomalous)
}
