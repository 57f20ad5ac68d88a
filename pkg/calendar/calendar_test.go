package calendar

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/series"
)

func calendar(t require.TestingT, d Definition) *Calendar {
	c, err := New(d)
	require.NoError(t, err)
	return c
}

func at(text string) time.Time {
	out, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return out
}

func TestChinaKnowsHolidaysAndTheWorkdaysThatMakeUpForThem(t *testing.T) {
	c := calendar(t, Definition{Timezone: "Asia/Shanghai", Holidays: China})
	for day, want := range map[string]Day{
		"2024-02-09": {Workday, ""}, "2024-02-10": {Holiday, "春节"}, "2024-02-17": {Holiday, "春节"}, "2024-02-18": {MakeUp, "调休上班"},
		"2024-09-14": {MakeUp, "调休上班"}, "2024-09-17": {Holiday, "中秋节"}, "2024-10-08": {Workday, ""},
		"2025-01-01": {Holiday, "元旦"}, "2025-01-26": {MakeUp, "调休上班"}, "2025-01-28": {Holiday, "春节"}, "2025-02-04": {Holiday, "春节"}, "2025-02-05": {Workday, ""},
		"2025-05-31": {Holiday, "端午节"}, "2025-10-08": {Holiday, "国庆节、中秋节"}, "2025-10-11": {MakeUp, "调休上班"},
		"2026-01-04": {MakeUp, "调休上班"}, "2026-02-14": {MakeUp, "调休上班"}, "2026-02-23": {Holiday, "春节"}, "2026-02-24": {Workday, ""},
		"2026-06-19": {Holiday, "端午节"}, "2026-09-20": {MakeUp, "调休上班"}, "2026-09-26": {Holiday, "中秋节"}, "2026-10-07": {Holiday, "国庆节"},
		"2026-11-21": {Weekend, ""}, "2026-11-20": {Workday, ""},
	} {
		require.Equal(t, want, c.Day(at(day+"T12:00:00+08:00")), day)
	}
}

// What the notices say of every year: each make-up workday is a Saturday or Sunday, and each swap is even: holidays that fall
// on workdays are either statutory (11 days until 2024, 13 since) or worked for.
func TestTheListsAreConsistent(t *testing.T) {
	for _, n := range chinaNotices {
		c := calendar(t, Definition{Holidays: China})
		for _, m := range n.makeUps {
			d := time.Date(n.year, time.Month(m[0]), m[1], 0, 0, 0, 0, time.UTC)
			require.True(t, weekend(d), "%s is no weekend", d)
			require.Equal(t, MakeUp, c.Day(d).Kind)
		}
		workdaysOff := 0
		for d := time.Date(n.year, 1, 1, 0, 0, 0, 0, time.UTC); d.Year() == n.year; d = d.AddDate(0, 0, 1) {
			if c.Day(d).Kind == Holiday && !weekend(d) {
				workdaysOff++
			}
		}
		gained := workdaysOff - len(n.makeUps)
		require.True(t, gained >= 8 && gained <= 14, "%d: %d workdays off for %d worked", n.year, workdaysOff, len(n.makeUps))
	}
}

func TestADayBeginsWhereItsPeopleLive(t *testing.T) {
	c := calendar(t, Definition{Timezone: "Asia/Shanghai", Holidays: China})
	require.Equal(t, Workday, c.Day(at("2026-09-30T15:59:59Z")).Kind)
	require.Equal(t, Holiday, c.Day(at("2026-09-30T16:00:00Z")).Kind, "midnight in Shanghai")
}

func TestOwnDaysWinOverTheList(t *testing.T) {
	c := calendar(t, Definition{Holidays: China, Days: []DateRange{
		{Date: "2026-10-01", Kind: "workday"}, {Date: "2026-11-09", To: "2026-11-12", Kind: "holiday", Name: "sale"}, {Date: "2026-11-14", Kind: "workday"}}})
	require.Equal(t, Day{Workday, ""}, c.Day(at("2026-10-01T01:00:00Z")))
	require.Equal(t, Day{Holiday, "sale"}, c.Day(at("2026-11-12T23:00:00Z")))
	require.Equal(t, Workday, c.Day(at("2026-11-13T00:00:00Z")).Kind)
	require.Equal(t, MakeUp, c.Day(at("2026-11-14T00:00:00Z")).Kind, "a Saturday")
}

func TestYearsWithoutAListAreNamed(t *testing.T) {
	c := calendar(t, Definition{Holidays: China})
	require.Empty(t, c.Uncovered(at("2024-01-01T00:00:00Z"), at("2026-12-31T00:00:00Z")))
	require.Equal(t, []int{2027}, c.Uncovered(at("2026-12-01T00:00:00Z"), at("2027-02-01T00:00:00Z")))
	require.Contains(t, c.Notice(at("2027-01-01T00:00:00Z"), at("2027-02-01T00:00:00Z")), "2027")
	require.Empty(t, calendar(t, Definition{}).Notice(at("2030-01-01T00:00:00Z"), at("2031-02-01T00:00:00Z")))
}

func TestTheSameTimeYesterdayAcrossAChangeOfTheClock(t *testing.T) {
	c := calendar(t, Definition{Timezone: "Europe/Berlin"})
	for name, hours := range map[string]float64{"2026-03-28T12:00:00+01:00": 24, "2026-03-29T12:00:00+02:00": 23, "2026-10-25T12:00:00+01:00": 25} {
		now := at(name)
		require.Equal(t, hours, now.Sub(c.Back(now, 1)).Hours(), name)
	}
	require.True(t, c.Shifted(at("2026-03-29T12:00:00Z"), 1))
	require.False(t, c.Shifted(at("2026-03-31T12:00:00Z"), 1))
	require.True(t, c.Shifted(at("2026-03-31T12:00:00Z"), 7))
	require.False(t, calendar(t, Definition{Timezone: "Asia/Shanghai"}).Shifted(at("2026-03-29T12:00:00Z"), 7), "no summer time there")
}

func TestRecurringMaintenanceKeepsItsLocalTime(t *testing.T) {
	c := calendar(t, Definition{Timezone: "Europe/Berlin", Maintenance: []Window{{Days: []string{"Sun"}, Start: "04:00", Duration: "90m", Reason: "backup"}}})
	got := c.Marks(at("2026-03-20T00:00:00Z"), at("2026-04-01T00:00:00Z"))
	require.Len(t, got, 2)
	require.Equal(t, at("2026-03-22T03:00:00Z"), got[0].From.UTC())
	require.Equal(t, at("2026-03-29T02:00:00Z"), got[1].From.UTC(), "summer time began that night")
	require.Equal(t, 90*time.Minute, got[1].To.Sub(got[1].From))
	require.Equal(t, "backup", got[1].Reason)
	require.Len(t, c.Marks(at("2026-03-22T04:00:00Z"), at("2026-03-22T04:10:00Z")), 1, "one that began before")
	daily := calendar(t, Definition{Maintenance: []Window{{Start: "23:30", Duration: "1h"}}})
	require.Len(t, daily.Marks(at("2026-03-01T00:00:00Z"), at("2026-03-08T00:00:00Z")), 8, "the first began the day before")
}

func TestMarksOnAGrid(t *testing.T) {
	from, to := at("2026-03-01T01:02:00Z"), at("2026-03-01T01:15:00Z")
	c := calendar(t, Definition{Excluded: []Span{{from, to, "outage"}}, Maintenance: []Window{{From: &to, To: ptr(to.Add(time.Minute))}},
		Events: []Span{{from, to, "v1.2"}}})
	g := series.NewGrid(at("2026-03-01T01:00:00Z"), at("2026-03-01T01:30:00Z"), 5*time.Minute)
	marks := c.Marks(g.Start, g.End())
	require.Len(t, marks, 3)
	i, j := marks[0].Indices(g)
	require.Equal(t, [2]int{0, 3}, [2]int{i, j}, "every bucket it touches")
	x := []float64{1, 2, 3, 4, 5, 6}
	y := c.Learn(g, x)
	require.Equal(t, []float64{1, 2, 3, 4, 5, 6}, x, "the input stays")
	for k := range 4 {
		require.True(t, math.IsNaN(y[k]))
	}
	require.Equal(t, []float64{5, 6}, y[4:])
	same := calendar(t, Definition{Events: []Span{{from, to, "v1.2"}}}).Learn(g, x)
	require.Same(t, &x[0], &same[0], "a deployment is learnt from")
	require.Empty(t, c.Learn(g, nil))
}

func ptr[T any](v T) *T { return &v }

func TestNoCalendarIsUTC(t *testing.T) {
	var c *Calendar
	require.True(t, c.Empty())
	require.True(t, calendar(t, Definition{}).Empty())
	require.False(t, calendar(t, Definition{Timezone: "Asia/Tokyo"}).Empty())
	require.Equal(t, time.UTC, c.Zone())
	require.Equal(t, Weekend, c.Day(at("2026-11-21T00:00:00Z")).Kind)
	require.Nil(t, c.Marks(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z")))
	require.False(t, c.Shifted(at("2026-01-01T00:00:00Z"), 300))
	require.Equal(t, at("2025-12-31T00:00:00Z"), c.Back(at("2026-01-01T00:00:00Z"), 1))
}

func TestRefusals(t *testing.T) {
	day := at("2026-01-01T00:00:00Z")
	for says, d := range map[string]Definition{
		"timezone is":                  {Timezone: "Mars/Olympus"},
		"IANA name":                    {Timezone: "Local"},
		"bundled lists are: CN":        {Holidays: "XX"},
		"not a date":                   {Days: []DateRange{{Date: "1.10.2026", Kind: "holiday"}}},
		"days[0]":                      {Days: []DateRange{{Date: "2026-10-02", To: "x", Kind: "holiday"}}},
		"are 0 days":                   {Days: []DateRange{{Date: "2026-10-02", To: "2026-10-01", Kind: "holiday"}}},
		"holiday or workday":           {Days: []DateRange{{Date: "2026-10-02", Kind: "party"}}},
		"excluded[0]":                  {Excluded: []Span{{From: day, To: day}}},
		"events[0]":                    {Events: []Span{{From: day}}},
		"from before to":               {Maintenance: []Window{{From: &day, To: &day}}},
		"both needed":                  {Maintenance: []Window{{From: &day}}},
		"one of the two":               {Maintenance: []Window{{From: &day, To: &day, Start: "01:00"}}},
		"such as 02:30":                {Maintenance: []Window{{Start: "2.30"}}},
		"duration":                     {Maintenance: []Window{{Start: "02:30"}}},
		"at most 1w":                   {Maintenance: []Window{{Start: "02:30", Duration: "8d"}}},
		"sun, mon, tue, wed, thu, fri": {Maintenance: []Window{{Start: "02:30", Duration: "1h", Days: []string{"someday"}}}},
	} {
		_, err := New(d)
		require.ErrorIs(t, err, ErrInvalid)
		require.ErrorContains(t, err, says)
	}
}

func TestDefinitionsSurviveJSON(t *testing.T) {
	text := `{"timezone":"Asia/Shanghai","holidays":"CN","days":[{"date":"2027-01-01","kind":"holiday"}],"excluded":[{"from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z","reason":"outage"}],"maintenance":[{"days":["sun"],"start":"02:00","duration":"2h"}]}`
	var d Definition
	require.NoError(t, json.Unmarshal([]byte(text), &d))
	back, err := json.Marshal(d)
	require.NoError(t, err)
	require.JSONEq(t, text, string(back))
}

// Marks over a long range are those of its parts: no window is lost or told twice at a seam.
func TestMarksOfPartsAreMarksOfTheWhole(t *testing.T) {
	zones := []string{"UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Shanghai"}
	rapid.Check(t, func(t *rapid.T) {
		c := calendar(t, Definition{Timezone: rapid.SampledFrom(zones).Draw(t, "zone"), Maintenance: []Window{
			{Start: rapid.SampledFrom([]string{"00:00", "01:30", "02:30", "23:59"}).Draw(t, "start"), Duration: rapid.SampledFrom([]string{"1m", "2h", "26h"}).Draw(t, "length")}}})
		from := time.Unix(rapid.Int64Range(1.7e9, 1.8e9).Draw(t, "from"), 0)
		middle, to := from.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "a"))*time.Hour), from.Add(80*time.Hour)
		seen := map[int64]bool{}
		for _, part := range [][2]time.Time{{from, middle}, {middle, to}} {
			for _, m := range c.Marks(part[0], part[1]) {
				require.True(t, m.From.Before(part[1]) && m.To.After(part[0]))
				seen[m.From.Unix()] = true
			}
		}
		require.Len(t, c.Marks(from, to), len(seen))
	})
}

// Calendars are told apart by whatever they know, and are the same however often they are made.
func TestKeysTellCalendarsApart(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2026, 3, 1, hour, 0, 0, 0, time.UTC) }
	from, to := at(1), at(2)
	seen := map[string]string{}
	for name, d := range map[string]Definition{
		"nothing":           {},
		"a zone":            {Timezone: "Asia/Shanghai"},
		"another zone":      {Timezone: "Europe/Berlin"},
		"holidays":          {Holidays: China},
		"a day":             {Days: []DateRange{{Date: "2026-12-24", Kind: "holiday"}}},
		"the day as work":   {Days: []DateRange{{Date: "2026-12-24", Kind: "workday"}}},
		"an excluded hour":  {Excluded: []Span{{From: at(1), To: at(2)}}},
		"a longer one":      {Excluded: []Span{{From: at(1), To: at(3)}}},
		"the same as event": {Events: []Span{{From: at(1), To: at(2)}}},
		"as maintenance":    {Maintenance: []Window{{From: &from, To: &to}}},
		"with a reason":     {Maintenance: []Window{{From: &from, To: &to, Reason: "upgrade"}}},
		"each Sunday":       {Maintenance: []Window{{Days: []string{"sun"}, Start: "02:00", Duration: "2h"}}},
		"each Monday":       {Maintenance: []Window{{Days: []string{"mon"}, Start: "02:00", Duration: "2h"}}},
		"an hour longer":    {Maintenance: []Window{{Days: []string{"mon"}, Start: "02:00", Duration: "3h"}}},
	} {
		c, err := New(d)
		require.NoError(t, err)
		again, err := New(d)
		require.NoError(t, err)
		require.Equal(t, c.Key(), again.Key(), name)
		require.Empty(t, seen[c.Key()], "%s and %s", name, seen[c.Key()])
		seen[c.Key()] = name
	}
	var none *Calendar
	require.Empty(t, none.Key())
	span := Span{From: at(5), To: at(6)}
	require.NotEqual(t, none.Key(), none.Excluding([]Span{span}).Key())
	require.NotContains(t, none.Excluding([]Span{span}).Key(), "0x", "by what it knows and not where that lies in memory")
}
