package group

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheBusyOneExcusesNobody(t *testing.T) {
	for _, algorithm := range every() {
		values := hosts(6, 8)
		for start := 108; start+48 <= week-12; start += 288 {
			add(values[2], start, start+48, 50) // four hours of each day
		}
		require.Empty(t, outliers(runGroup(t, values, algorithm, nil)))
		add(values[4], week-12, week, 60)
		out := runGroup(t, values, algorithm, nil)
		require.Equal(t, []int{4}, outliers(out), "%s: %v", algorithm, out.Score)
	}
}

func TestTheBusyOneMayBeBusy(t *testing.T) {
	values := hosts(6, 8)
	for start := 108; start+48 <= week; start += 288 {
		add(values[2], start, start+48, 50)
	}
	add(values[2], week-12, week, 50)
	require.Empty(t, outliers(runGroup(t, values, "kmeans", nil)))
}

func TestARoleMayBeTakenOverByAnybody(t *testing.T) {
	values := hosts(12, 9)
	for day := range 7 { // a leader that changes each day
		add(values[day], 288*day, min(288*(day+1), week), 70)
	}
	add(values[6], week-24, week, -70)
	add(values[11], week-24, week, 70)
	require.Empty(t, outliers(runGroup(t, values, "kmeans", nil)))
}

func TestHabits(t *testing.T) {
	at := func(home, now float64) func(j, at int) float64 {
		return func(j, at int) float64 {
			if j == 0 && at%2 == 0 {
				return home
			}
			return now
		}
	}
	for name, c := range map[string]struct {
		feature func(j, at int) float64
		asked   float64 // feature of instance 1 that is looked up
		near    bool
	}{
		"where it always is":               {at(50, 0), 0, true},
		"where one other alone is at home": {at(50, 0), 50, false},
		"between":                          {at(50, 0), 25, false},
		"where all take turns":             {func(j, at int) float64 { return map[bool]float64{true: 50}[(at+j)%4 == 0] }, 50, true},
	} {
		t.Run(name, func(t *testing.T) {
			h := past(4, c.feature)
			b := learn(h, grouped(t, h.trained, 2), 4)
			_, score := b.nearest(1, []float64{c.asked, 0, 0})
			require.Equal(t, c.near, score < 1, "score %v", score)
		})
	}
}

func TestWithoutAHistoryThePlacesOfAllCount(t *testing.T) {
	h := past(4, func(j, _ int) float64 { return map[bool]float64{true: 50}[j == 0] })
	b := learn(h, grouped(t, h.trained, 2), 5) // instance 4 is new
	for _, feature := range []float64{0, 50} {
		_, score := b.nearest(4, []float64{feature, 0, 0})
		require.Less(t, score, 1.0)
	}
	_, score := b.nearest(4, []float64{25, 0, 0})
	require.Greater(t, score, 1.0)
	for _, limit := range b.limit {
		for _, v := range limit {
			require.True(t, math.IsNaN(v) || v >= 1)
		}
	}
}

func TestOneThatWasOnlyEverAwayIsMeasuredByWhatIsTypical(t *testing.T) {
	// Instance 3 is known from an incident alone, which is no place; 0, 1 and 2 have a place each.
	h := past(4, func(j, at int) float64 { return float64(100*j + at%2) })
	c := grouped(t, h.trained, 4)
	for i, s := range h.at {
		if s.instance == 3 {
			c.Of[i] = -1
		}
	}
	b := learn(h, c, 4)
	_, score := b.nearest(3, []float64{100, 0, 0})
	require.Less(t, score, 1.0)
	_, score = b.nearest(3, []float64{150, 0, 0})
	require.Greater(t, score, 1.0)
	require.False(t, math.IsInf(score, 0))
}
