package detect

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/calendar"
)

// The night in which clocks change moves the day's course by an hour against the grid: who knows the zone expects it.
func TestTheForecastResidualFollowsTheClock(t *testing.T) {
	c := calendarOf(t, calendar.Definition{Timezone: "Europe/Berlin"})
	start := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC) // clocks go back on the 25th
	x := noise(28*288, 0.3, 5)
	for i := range x {
		if h := start.Add(time.Duration(i) * fiveMinutes).In(c.Zone()).Hour(); h >= 8 && h < 18 {
			x[i] += 60
		}
	}
	change := 20 * 288
	for _, forecaster := range []string{"seasonal-naive", "mstl"} {
		in := Input{Values: x, Start: start, From: 14 * 288, Direction: Both}
		blind := detectRun(t, in, "forecast-residual", map[string]any{"forecaster": forecaster})
		in.Calendar = c
		knowing := detectRun(t, in, "forecast-residual", map[string]any{"forecaster": forecaster})
		after := 4 * 288
		require.Greater(t, outside(blind, change, change+after), 20, "%s: an hour in the morning and one in the evening are unlike", forecaster)
		require.LessOrEqual(t, outside(knowing, change, change+after), 6, forecaster)
		require.LessOrEqual(t, outside(knowing, in.From, change), 12, forecaster)
	}
}

// outside counts the points outside the band.
func outside(out *Output, from, to int) (n int) {
	for _, s := range out.Score[from:to] {
		if s >= 1 {
			n++
		}
	}
	return n
}

// A deployment trebles the load. The day of it stands out; after another the new level, with its own swing, is what is expected.
func TestTheForecastResidualLearnsALevelWithinTwoDays(t *testing.T) {
	x := daily(28*288, 7)
	at := 20*288 + 60
	for i := at; i < len(x); i++ {
		x[i] *= 3
	}
	for _, forecaster := range []string{"seasonal-naive", "mstl", "theta", "ets"} {
		out := detectRun(t, Input{Values: x, From: 7 * 288, Direction: Both}, "forecast-residual", map[string]any{"forecaster": forecaster})
		require.Greater(t, outside(out, at, 21*288), 200, "%s: at once, until the next forecast", forecaster)
		for i := 22 * 288; i < len(x); i += 12 {
			require.InDelta(t, x[i], out.Expected[i], 0.35*x[i], "%s: at %d the level since is expected", forecaster, i)
		}
		require.Less(t, outside(out, 22*288, len(x)), 6*288/20, forecaster)
	}
}
