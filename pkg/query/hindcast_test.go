package query

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

const hindcastOf = `{"source":{"kind":"prometheus","expr":"load"},"trainingWindow":"10d","interval":"1h","horizon":"12h","output":"hindcast"%s}`

func hindcasted(l *lab, fields string, from, to time.Duration) *Answer {
	return l.ask(fmt.Sprintf(hindcastOf, fields), from, to)
}

func TestAHindcastIsWhatWasForecastThen(t *testing.T) {
	for _, lead := range []int{1, 12, 24} {
		l := newLab(t)
		a := hindcasted(l, fmt.Sprintf(`,"lead":"%dh","model":{"algorithm":"seasonal-naive"}`, lead), -48*time.Hour, 0)
		require.Equal(t, 48, a.Past)
		require.Equal(t, 48, a.Grid.Len, "no future")
		for host, r := range a.Results {
			for i, v := range r.Ahead {
				require.InDelta(t, rhythm(host, a.Grid.Time(i).Add(-24*time.Hour)), v, 1e-9, "the day before, %d h ahead", lead)
				require.LessOrEqual(t, r.Lower[i], v)
				require.GreaterOrEqual(t, r.Upper[i], v)
			}
			h := r.Hindcast
			require.InDelta(t, h.Twin, h.MAE, 1e-9, "it is its own twin")
			require.InDelta(t, 0, h.Skill(), 1e-9)
			require.Equal(t, 48, h.Points)
			require.Equal(t, []time.Duration{time.Duration(lead) * time.Hour, time.Hour, 24 * time.Hour}, []time.Duration{h.Lead, h.OriginEvery, h.RefitEvery})
			require.InDelta(t, 3, h.Fits, 1, "one at each midnight")
			require.Greater(t, h.Coverage, 0.8)
		}
	}
}

func TestAHindcastKnowsThePastOnly(t *testing.T) {
	l := newLab(t)
	calm := hindcasted(l, `,"lead":"6h"`, -24*time.Hour, 0)
	changed := began.Add(-12 * time.Hour)
	l = newLab(t)
	l.source.value = func(host int, at time.Time) float64 {
		if !at.Before(changed) {
			return 500
		}
		return rhythm(host, at)
	}
	other := hindcasted(l, `,"lead":"6h"`, -24*time.Hour, 0)
	for i, v := range other.Results[0].Ahead {
		made := other.Grid.Time(i).Add(-5 * time.Hour) // the bucket that ended when it was made
		if !made.After(changed) {
			require.InDelta(t, calm.Results[0].Ahead[i], v, 1e-9, "%d", i)
		} else if made.After(changed.Add(2 * time.Hour)) {
			require.Greater(t, math.Abs(calm.Results[0].Ahead[i]-v), 1.0, "what is known changes what is forecast, %d", i)
		}
	}
}

func TestTheLeadIsTheHorizonUnlessAskedFor(t *testing.T) {
	a := hindcasted(newLab(t), "", -6*time.Hour, 0)
	require.Equal(t, 12*time.Hour, a.Results[0].Hindcast.Lead)
	require.Less(t, a.Results[0].Hindcast.MAE, a.Results[0].Hindcast.Twin, "noise is averaged")
	require.NotEmpty(t, a.Results[0].Algorithm)
}

func TestTheNextRefreshFindsTheFits(t *testing.T) {
	l := newLab(t)
	one := hindcasted(l, `,"lead":"6h"`, -48*time.Hour, 0)
	held, _ := l.states.Stats()
	require.Equal(t, 2*one.Results[0].Hindcast.Fits, held)
	l.clock = l.clock.Add(time.Hour)
	two := hindcasted(l, `,"lead":"6h"`, -48*time.Hour, 0)
	again, _ := l.states.Stats()
	require.LessOrEqual(t, again-held, 2, "a midnight at most")
	require.InDeltaSlice(t, one.Results[0].Ahead[1:], two.Results[0].Ahead[:47], 1e-9)
}

func TestGapsStayGapsAndAShortHistoryIsSaid(t *testing.T) {
	l := newLab(t)
	l.source.value = func(host int, at time.Time) float64 {
		if at.Before(began.Add(-10*time.Hour)) || at.Hour() == 9 {
			return math.NaN()
		}
		return rhythm(host, at)
	}
	a := hindcasted(l, `,"lead":"2h","model":{"algorithm":"ets"}`, -24*time.Hour, 0)
	require.Contains(t, noticesOf(a), "point")
	r := a.Results[0]
	require.True(t, math.IsNaN(r.Ahead[0]), "nothing was known yet")
	require.Less(t, r.Hindcast.Points, 24)
	require.False(t, math.IsInf(r.Hindcast.MAE, 0))
}

func TestAHindcastCostsNoMoreThanItMay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := &Query{Interval: time.Duration(rapid.IntRange(1, 7200).Draw(t, "seconds")) * time.Second}
		q.Lead = q.Interval * time.Duration(rapid.IntRange(1, maxHorizon).Draw(t, "lead"))
		n, points := rapid.IntRange(1, 500).Draw(t, "series"), rapid.IntRange(1, 20000).Draw(t, "points")
		r := q.rolls(n, points)
		require.GreaterOrEqual(t, r.stride, 1)
		if r.stride < points {
			require.LessOrEqual(t, points/r.stride*(r.lead+r.stride), max(hindcastSteps/n, 1))
		}
		fits := (points + r.refit - 1) / r.refit
		require.LessOrEqual(t, fits, max(hindcastFits/n, 1)+1)
		require.Zero(t, r.refit%max(int(refitEvery/q.Interval), 1))
	})
}

func TestFarOriginsAreSaid(t *testing.T) {
	l := newLab(t)
	l.source.hosts = 60
	a := l.ask(`{"source":{"kind":"prometheus","expr":"load"},"trainingWindow":"2d","interval":"5m","output":"hindcast","lead":"3d","model":{"algorithm":"seasonal-naive"}}`, -24*time.Hour, 0)
	require.Contains(t, noticesOf(a), "forecast from every 10m on")
	require.Equal(t, 10*time.Minute, a.Results[0].Hindcast.OriginEvery)
	require.Equal(t, 288, a.Results[0].Hindcast.Points)
}

func TestTheTwinRepeatsTheLastSeasonKnown(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		known   []float64
		to      int
		periods []int
		want    float64
	}{
		"next step, no season":    {[]float64{1, 2, 3}, 3, nil, 3},
		"far ahead, no season":    {[]float64{1, 2, 3}, 30, nil, 3},
		"a season before":         {[]float64{1, 2, 3, 4}, 5, []int{4}, 2},
		"two seasons before":      {[]float64{1, 2, 3, 4}, 9, []int{4}, 2},
		"the longest season":      {[]float64{1, 2, 3, 4, 5, 6}, 6, []int{2, 3}, 4},
		"a gap: one more back":    {[]float64{1, 2, 3, nan}, 5, []int{2}, 2},
		"the newest where none":   {[]float64{7, nan, 3, nan}, 5, []int{4}, 3},
		"nothing known":           {[]float64{nan}, 4, []int{2}, nan},
		"too short for a season":  {[]float64{5}, 1, []int{24}, 5},
		"exactly a season behind": {[]float64{1, 2, 3, 4}, 4, []int{4}, 1},
	} {
		got := lastSeason(c.known, c.to, c.periods)
		require.True(t, got == c.want || math.IsNaN(got) && math.IsNaN(c.want), "%s: %v", name, got)
	}
}

func TestALeadIsAskedForOnlyWhereItMeansSomething(t *testing.T) {
	for raw, want := range map[string]string{
		`{"source":{"kind":"prometheus","expr":"x"},"lead":"6h"}`:                                                                             `field "lead"`,
		`{"queryType":"warning","source":{"kind":"prometheus","expr":"x"},"threshold":{"value":1},"output":"hindcast","lead":"6h"}`:           `field "lead"`,
		`{"source":{"kind":"prometheus","expr":"x"},"output":"hindcast","lead":"1m"}`:                                                         `1 to 10000 intervals of 5m`,
		`{"source":{"kind":"prometheus","expr":"x"},"output":"hindcast","lead":"100d"}`:                                                       `1 to 10000 intervals of 5m`,
		`{"source":{"kind":"prometheus","expr":"x"},"output":"hindcast","lead":"soon"}`:                                                       `field "lead"`,
		`{"queryType":"anomaly","source":{"kind":"prometheus","expr":"x"},"output":"hindcast"}`:                                               `field "output"`,
		`{"queryType":"warning","source":{"kind":"prometheus","expr":"x"},"threshold":{"value":1},"output":"hindcast","whatIf":{"growth":5}}`: `field "whatIf"`,
	} {
		_, err := Parse([]byte(raw), Defaults{})
		require.ErrorIs(t, err, ErrInvalid, raw)
		require.ErrorContains(t, err, want, raw)
	}
	require.False(t, Hindcasts.Single(), "no rule can use it")
}
