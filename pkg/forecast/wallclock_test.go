package forecast

import (
	"context"
	"math"
	"testing"
	"time"
	_ "time/tzdata" // for machines without a zone database

	"github.com/stretchr/testify/require"
)

func berlin(t require.TestingT) *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	return zone
}

// office is load that follows people's clocks: it rises from eight to eighteen o'clock, local time.
func office(zone *time.Location, start time.Time, step time.Duration, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		local := start.Add(time.Duration(i) * step).In(zone)
		hour := float64(local.Hour()) + float64(local.Minute())/60
		out[i] = 20 + 0.3*math.Sin(float64(i)*1.7)
		if hour >= 8 && hour < 18 {
			out[i] += 60
		}
	}
	return out
}

// In 2026 clocks in Berlin went forward on 29 March and go back on 25 October, both at 01:00 UTC.
var changeovers = map[string]time.Time{
	"forward": time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC), "back": time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC),
}

func TestPlacesOnTheWallClock(t *testing.T) {
	zone := berlin(t)
	c, ok := clockChanges(zone, changeovers["forward"].Add(-2*time.Hour), time.Hour, 5)
	require.True(t, ok)
	require.Equal(t, []int{0, 1, 3, 4, 5}, c.place, "two o'clock is left out")
	c, ok = clockChanges(zone, changeovers["back"].Add(-2*time.Hour), time.Hour, 5)
	require.True(t, ok)
	require.Equal(t, []int{0, 1, 1, 2, 3}, c.place, "two o'clock comes twice")
	x := c.local([]float64{1, 2, 3, 4, math.NaN()})
	require.Equal(t, []float64{1, 3, 4}, x[:3])
	require.Equal(t, []float64{1, 3, 3, 4}, c.past(x, 4))

	for name, c := range map[string]struct {
		zone  *time.Location
		start time.Time
		step  time.Duration
		n     int
	}{
		"no zone":                   {nil, changeovers["back"], time.Hour, 100},
		"UTC":                       {time.UTC, changeovers["back"].Add(-time.Hour), time.Hour, 100},
		"between the changes":       {zone, changeovers["forward"], time.Hour, 24 * 200},
		"steps of a day":            {zone, changeovers["back"].Add(-72 * time.Hour), 24 * time.Hour, 10},
		"steps that do not fit":     {zone, changeovers["back"].Add(-72 * time.Minute), 7 * time.Minute, 100},
		"a zone that never changes": {time.FixedZone("CST", 8*3600), changeovers["back"].Add(-time.Hour), time.Hour, 100},
		"nothing":                   {zone, changeovers["back"], time.Hour, 0},
	} {
		_, ok := clockChanges(c.zone, c.start, c.step, c.n)
		require.False(t, ok, name)
	}
}

func TestTheDaysCourseKeepsToPeoplesClocks(t *testing.T) {
	zone := berlin(t)
	for _, step := range []time.Duration{time.Hour, 5 * time.Minute} {
		day := int(24 * time.Hour / step)
		for name, change := range changeovers {
			for where, after := range map[string]time.Duration{"in the horizon": -6 * time.Hour, "in the history": 12 * time.Hour, "in the hour": step} {
				t.Run(name+" "+where+" "+step.String(), func(t *testing.T) {
					start := change.Add(after).Add(-14 * 24 * time.Hour)
					all := office(zone, start, step, 16*day)
					in := Input{Values: all[:14*day], Step: step, Start: start, Zone: zone}
					opt := Options{Algorithm: "seasonal-naive", Horizon: 2 * day, Confidence: 0.9, Components: true}
					r, err := Run(context.Background(), in, opt)
					require.NoError(t, err)
					require.Equal(t, []int{day}, r.Periods)
					missed := meanAbsolute([][]float64{misses(all[14*day:], r.Mean)})
					require.Less(t, missed, 3.0)
					require.Less(t, meanAbsolute([][]float64{r.Residuals}), 3.0)
					in.Zone = nil
					plain, err := Run(context.Background(), in, opt)
					require.NoError(t, err)
					require.Greater(t, meanAbsolute([][]float64{misses(all[14*day:], plain.Mean)}), missed)
					for _, x := range [][]float64{r.Fitted, r.FittedLower, r.FittedUpper, r.Residuals, r.Components[0].Past} {
						require.Len(t, x, 14*day)
					}
					for _, x := range append([][]float64{r.Mean, r.Lower, r.Upper, r.Sigma, r.Components[0].Future}, r.Errors...) {
						require.Len(t, x, 2*day)
					}
					require.True(t, finite(r.Mean) && finite(r.Lower) && finite(r.Upper))
					require.Len(t, paths(r, 2, 1)[0], 2*day)
				})
			}
		}
	}
}

// A stored forecaster goes through the change as one that is trained after it, whether the change is behind or ahead of it.
func TestAStateKeepsToPeoplesClocks(t *testing.T) {
	zone := berlin(t)
	for name, change := range changeovers {
		t.Run(name, func(t *testing.T) {
			start := change.Add(-10*24*time.Hour - 30*time.Minute).Truncate(time.Hour)
			all := office(zone, start, time.Hour, 14*24)
			trained := 9 * 24
			s, _, err := Train(context.Background(), Input{Values: all[:trained], Step: time.Hour, Start: start, Zone: zone},
				Options{Algorithm: "seasonal-naive", Horizon: 24, Confidence: 0.9})
			require.NoError(t, err)
			for k := trained; k < len(all)-24; k++ {
				require.InDelta(t, all[k], s.Push(all[k]), 1, "at %s", start.Add(time.Duration(k)*time.Hour).In(zone))
				s = stored(t, s)
				r, err := s.Result(24, 0.9)
				require.NoError(t, err)
				require.Len(t, r.Mean, 24)
				missed := 0
				for h, v := range r.Mean {
					if math.Abs(v-all[k+1+h]) > 2 {
						missed++
					}
				}
				require.LessOrEqual(t, missed, 1, "after %s", start.Add(time.Duration(k)*time.Hour).In(zone))
			}
		})
	}
}

func TestAStateOfAZoneThatIsNotKnown(t *testing.T) {
	s, _ := train(t, dayWeek(24*14, 24, 0, 0, 1, 1), time.Hour, nil, 24, "naive")
	s.clock = clock{zone: time.FixedZone("Atlantis/Poseidonis", 3600)}
	b, err := Marshal(s)
	require.NoError(t, err)
	_, err = Unmarshal(b)
	require.ErrorIs(t, err, ErrBadState)
	require.ErrorContains(t, err, "Atlantis/Poseidonis")
}

func TestValuesLieOnPeoplesClocks(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	nan := math.NaN()
	for name, c := range map[string]struct {
		start time.Time
		zone  *time.Location
		want  []float64
	}{
		"no change":      {time.Date(2026, 3, 27, 22, 0, 0, 0, time.UTC), zone, []float64{1, 2, 3, 4, 5}},
		"no zone":        {time.Date(2026, 3, 28, 22, 0, 0, 0, time.UTC), nil, []float64{1, 2, 3, 4, 5}},
		"forward":        {time.Date(2026, 3, 28, 22, 0, 0, 0, time.UTC), zone, []float64{1, 2, 3, nan, 4, 5}},
		"back":           {time.Date(2026, 10, 24, 22, 0, 0, 0, time.UTC), zone, []float64{1, 2, 4, 5}},
		"in the hour":    {time.Date(2026, 10, 24, 21, 0, 0, 0, time.UTC), zone, []float64{1, 2, 3, 5}},
		"just before it": {time.Date(2026, 10, 24, 20, 0, 0, 0, time.UTC), zone, []float64{1, 2, 3, 4, 5}},
		"nothing at all": {time.Date(2026, 3, 28, 22, 0, 0, 0, time.UTC), zone, []float64{}},
		"a fixed zone":   {time.Date(2026, 3, 28, 22, 0, 0, 0, time.UTC), time.FixedZone("x", 3600), []float64{1, 2, 3, 4, 5}},
	} {
		in := []float64{1, 2, 3, 4, 5}
		if len(c.want) == 0 {
			in = nil
		}
		got := OnClocks(in, c.zone, c.start, time.Hour)
		require.Len(t, got, len(c.want), name)
		for i, v := range c.want {
			require.True(t, got[i] == v || math.IsNaN(got[i]) && math.IsNaN(v), "%s: %v", name, got)
		}
	}
}
