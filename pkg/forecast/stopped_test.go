package forecast

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
)

// stops is a series of hours that ends with equal values.
func stops(equal int) []float64 {
	x := dayWeek(24*21, 24, 0, 0, 1, 4)
	for range equal {
		x = append(x, 0)
	}
	return x
}

func TestWhenAMetricHasStopped(t *testing.T) {
	idle := stops(40)
	for i := 100; i < 125; i++ { // it was idle for 25 hours before
		idle[i] = 0
	}
	gap := stops(40)
	gap[len(gap)-5], gap[len(gap)-6] = math.NaN(), math.NaN()
	for name, c := range map[string]struct {
		values []float64
		step   time.Duration
		want   int
	}{
		"a day and more at zero":         {stops(40), time.Hour, 40},
		"with values missing":            {gap, time.Hour, 38},
		"a day that a sender filled":     {stops(24), time.Hour, 0},
		"it has been as idle before":     {idle, time.Hour, 0},
		"three hours at 5 minutes":       {stops(40), 5 * time.Minute, 0},
		"thirty hours at 5 minutes":      {stops(360), 5 * time.Minute, 360},
		"thirty days, not yet 30 points": {stops(29), 24 * time.Hour, 0},
		"nothing is known":               {series.Missing(50), time.Hour, 0},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, stoppedFor(Input{Values: c.values, Step: c.step})) })
	}
}

func TestAStoppedMetricIsNotForecastToComeBack(t *testing.T) {
	r := run(t, stops(40), time.Hour, 48, Auto)
	require.Equal(t, "naive", r.Algorithm)
	for _, v := range r.Mean {
		require.Zero(t, v)
	}
	require.Contains(t, r.Why, "The last 40 values are equal")
	require.Contains(t, r.Notices, r.Why)
	require.Greater(t, r.Upper[47], 10.0, "it may come back")
	require.NotEqual(t, "naive", run(t, stops(12), time.Hour, 48, Auto).Algorithm)
}
