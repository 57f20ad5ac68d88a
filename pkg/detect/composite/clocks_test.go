package composite

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/calendar"
)

// byTheClock are four signals over four weeks at five minutes that follow people's working day in a zone, off on the days that people rest.
func byTheClock(c *calendar.Calendar, start time.Time, n int, seed uint64) []Signal {
	rng := rand.New(rand.NewPCG(seed, 8))
	out := make([]Signal, 4)
	for k := range out {
		out[k] = Signal{Name: string(rune('a' + k)), Values: make([]float64, n)}
	}
	for i := range n {
		at := start.Add(time.Duration(i) * fiveMinutes).In(c.Zone())
		hour := float64(at.Hour()) + float64(at.Minute())/60
		load := 1 / (1 + math.Exp(-4*(hour-8))) / (1 + math.Exp(4*(hour-19))) // up at eight, down at seven
		if c.Day(at).Kind.Off() {
			load *= 0.15
		}
		for k := range out {
			out[k].Values[i] = 20 + 10*float64(k) + 40*load + rng.NormFloat64()
		}
	}
	return out
}

const fourWeeks = 28 * 288

// after is three days that follow on four weeks of history, in that calendar; know says whether the composite has it too.
func after(t *testing.T, c *calendar.Calendar, from time.Time, method string, know bool, change func(s []Signal)) *Output {
	t.Helper()
	start := from.Add(-28 * 24 * time.Hour)
	in := Input{Signals: byTheClock(c, start, fourWeeks+3*288, 1), Step: fiveMinutes, Start: start, From: fourWeeks, Method: method}
	if know {
		in.Calendar = c
	}
	change(in.Signals)
	out, err := Run(context.Background(), in)
	require.NoError(t, err)
	sane(t, out, fourWeeks)
	return out
}

// A night on which clocks change, the Chinese New Year and a Sunday that is worked are no incident to whoever knows of them, by no method;
// what goes wrong on such a day is one all the same.
func TestDaysThatMisleadAreKnown(t *testing.T) {
	for name, c := range map[string]struct {
		zone, holidays string
		from           time.Time
		told           bool // it is an alarm to whoever does not know
	}{
		"the clock goes forward":    {"Europe/Berlin", "", time.Date(2026, 3, 28, 23, 0, 0, 0, time.UTC), true},
		"the clock goes back":       {"Europe/Berlin", "", time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC), true},
		"the Chinese New Year":      {"Asia/Shanghai", calendar.China, time.Date(2026, 2, 14, 16, 0, 0, 0, time.UTC), false},
		"a Sunday that is worked":   {"Asia/Shanghai", calendar.China, time.Date(2026, 9, 19, 16, 0, 0, 0, time.UTC), true},
		"a Saturday that is worked": {"Asia/Shanghai", calendar.China, time.Date(2026, 5, 8, 16, 0, 0, 0, time.UTC), false},
		"days like any other":       {"Asia/Shanghai", calendar.China, time.Date(2026, 8, 9, 16, 0, 0, 0, time.UTC), false},
	} {
		t.Run(name, func(t *testing.T) {
			cal, err := calendar.New(calendar.Definition{Timezone: c.zone, Holidays: c.holidays})
			require.NoError(t, err)
			nothing := func([]Signal) {}
			for _, method := range Methods() {
				require.Zero(t, flags(after(t, cal, c.from, method, true, nothing)), method)
			}
			if c.told {
				require.Positive(t, flags(after(t, cal, c.from, Auto, false, nothing)))
			}
			at := fourWeeks + 13*12 // one o'clock in the afternoon of the day
			out := after(t, cal, c.from, Auto, true, func(s []Signal) {
				for i := at; i < at+24; i++ {
					s[1].Values[i] += 35
					s[2].Values[i] += 35
				}
			})
			require.Contains(t, out.Anomalous[at:at+24], true, "an incident on the day")
			require.NotContains(t, out.Anomalous[fourWeeks:at], true)
		})
	}
}

func TestPlacesFollowClocksAndDays(t *testing.T) {
	berlin, err := calendar.New(calendar.Definition{Timezone: "Europe/Berlin"})
	require.NoError(t, err)
	hours := func(c *calendar.Calendar, start time.Time, n int) *clocks {
		in := Input{Signals: []Signal{{Values: make([]float64, n)}}, Step: time.Hour, Start: start, Calendar: c}
		return in.clocks()
	}
	nights := hours(berlin, time.Date(2026, 3, 28, 23, 0, 0, 0, time.UTC), 6) // midnight in Berlin; at two it is three
	require.Equal(t, []int{0, 0, 1, 1, 1, 1}, nights.ahead)
	require.Equal(t, []int{0, 1, 3, 4, 5, 6}, []int{nights.place(0, 24), nights.place(1, 24), nights.place(2, 24), nights.place(3, 24), nights.place(4, 24), nights.place(5, 24)})
	laid := nights.laid([]float64{1, 2, 3, 4, 5, 6})
	require.Equal(t, []float64{1, 2}, laid[:2])
	require.True(t, math.IsNaN(laid[2]), "the hour that was left out")
	require.Equal(t, []float64{3, 4, 5, 6}, laid[3:])

	back := hours(berlin, time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC), 5) // at three it is two again
	require.Equal(t, []int{0, 0, 0, -1, -1}, back.ahead)
	require.Equal(t, []float64{1, 2, 4, 5}, back.laid([]float64{1, 2, 3, 4, 5})[:4], "of the hour that comes twice the newer counts")

	require.Nil(t, hours(berlin, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), 48), "no clock changes in June")
	require.Nil(t, hours(nil, began(), 48))
	var none *clocks
	require.Equal(t, 3, none.place(27, 24))

	china, err := calendar.New(calendar.Definition{Timezone: "Asia/Shanghai", Holidays: calendar.China})
	require.NoError(t, err)
	day := 24
	october := hours(china, time.Date(2026, 9, 27, 16, 0, 0, 0, time.UTC), 14*day) // from Monday, 28 September; a holiday from Thursday on, 10 October is worked
	require.Equal(t, 0, october.like[2*day])
	require.Equal(t, -4*day, october.like[3*day], "Thursday is a Sunday")
	require.Equal(t, -3*day, october.like[12*day], "Saturday is a Wednesday")
	require.Equal(t, (3*day-4*day+7*day)%(7*day), october.place(3*day, 7*day))
	require.Equal(t, 3, october.place(3*day+3, day), "a season of a day knows no days")
	learnt := october.laid(make([]float64, 14*day))
	require.Zero(t, learnt[2*day])
	require.True(t, math.IsNaN(learnt[3*day]), "a holiday says nothing of Thursdays")
}

func began() time.Time { return time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC) }
