package query

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// filling is a disk that fills by four points a day from the first of February on, was cleaned at a given time, and breathes a little.
type filling struct{ cleaned time.Time }

func (f filling) Read(_ context.Context, r source.Request) (*series.Set, error) {
	g := series.NewGrid(r.From, r.To, r.Step)
	v := make([]float64, g.Len)
	for i := range v {
		at := g.Time(i)
		h := at.Sub(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)).Hours()
		v[i] = -20 + h/6 + 0.2*math.Sin(2*math.Pi*h/24) + 0.05*math.Sin(h*h)
		if !f.cleaned.IsZero() && !at.Before(f.cleaned) {
			v[i] -= 40
		}
	}
	return &series.Set{Grid: g, Series: []series.Series{{Name: "disk", Values: v}}}, nil
}
func (filling) Check(context.Context) (string, error) { return "filling", nil }
func (filling) Close() error                          { return nil }

const fillingQuery = `{"queryType": "warning", "source": {"kind": "prometheus", "expr": "disk"}, "interval": "30m", "threshold": {"value": %d}, "output": "eta_early"}`

func fillingEngine(f filling) *Engine {
	return NewEngine(map[source.Kind]source.Source{source.Prometheus: f}, func() time.Time { return clock }, 1<<20, 1<<20)
}

// warned is the answer to a query as of some time before the clock.
func warned(t *testing.T, e *Engine, threshold int, ago time.Duration) *warn.Answer {
	a := execute(t, e, fmt.Sprintf(fillingQuery, threshold), -ago-time.Hour, -ago)
	require.NotNil(t, a.Results[0].Warning, a.Results[0].Why)
	return a.Results[0].Warning
}

func TestAWarningStandsOnlyWhenRunsInARowConfirmIt(t *testing.T) {
	e := fillingEngine(filling{})
	far := warned(t, e, 110, 0) // 94 now: 96 h are left
	require.Equal(t, warn.Rising, far.State)
	require.False(t, far.Firing)
	require.False(t, far.ETAEarly < 72, "%+v", far)
	near := warned(t, e, 104, 0)
	require.True(t, near.Firing)
	require.InDelta(t, 60, near.ETA, 6)
	require.Less(t, near.ETAEarly, 72.0)
	require.Empty(t, near.HeldBack)

	first := -1 // the half hour at which it began to fire
	for k := 60; k >= 0 && first < 0; k-- {
		if a := warned(t, e, 104, time.Duration(k)*30*time.Minute); a.Firing {
			first = k
		} else {
			require.False(t, a.ETAEarly < 72, "%d half hours ago: %+v", k, a)
		}
	}
	require.InDelta(t, 20, first, 12, "with about 72 h left")
	held := warned(t, e, 104, time.Duration(first+1)*30*time.Minute)
	require.Contains(t, held.HeldBack, warn.Unconfirmed)
}

func TestTheSameIsToldAfterARestartAndForThePast(t *testing.T) {
	cleaned := filling{clock.Add(-8 * time.Hour)}
	long := fillingEngine(cleaned)
	fired := 0
	for k := 40; k >= 0; k-- { // rules ask every half hour
		ago := time.Duration(k) * 30 * time.Minute
		a, fresh := warned(t, long, 100, ago), warned(t, fillingEngine(cleaned), 100, ago)
		if a.Firing != fresh.Firing { // nothing speaks for it now, and no earlier run was kept
			require.False(t, fresh.Firing)
			require.InDelta(t, 6.5, ago.Hours(), 1.5)
		}
		require.Equal(t, fresh.ETA, a.ETA)
		if a.Firing {
			fired++
			require.GreaterOrEqual(t, ago, 4*time.Hour, "a clean-up ends it within hours")
		}
	}
	require.Greater(t, fired, 20)
}

func TestEarlierRunsAreWorkedOutOnce(t *testing.T) {
	e := fillingEngine(filling{})
	warned(t, e, 104, 0)
	n, _ := e.runs.Stats()
	require.Equal(t, 5, n, "five hours in a row leave no doubt")
	warned(t, e, 104, 0)
	again, _ := e.runs.Stats()
	require.Equal(t, n, again)
	warned(t, e, 500, 0)
	again, _ = e.runs.Stats()
	require.Equal(t, n, again, "where nothing speaks for a warning no earlier run is worked out")
	e.ClearCache()
	again, _ = e.runs.Stats()
	require.Zero(t, again)
}

func TestAnAlgorithmOfOnesChoiceNeedsNoRuns(t *testing.T) {
	e := fillingEngine(filling{})
	a := execute(t, e, strings.Replace(fmt.Sprintf(fillingQuery, 104), `"output"`, `"model": {"algorithm": "drift"}, "output"`, 1), -time.Hour, 0).Results[0].Warning
	require.Equal(t, warn.Rising, a.State)
	require.True(t, a.Firing)
	require.Less(t, a.ETAEarly, 72.0)
	n, _ := e.runs.Stats()
	require.Zero(t, n)
}

func TestTimeBetweenRunsFollowsTheTimeLeft(t *testing.T) {
	for eta, apart := range map[float64]time.Duration{1: 15 * time.Minute, 4: 30 * time.Minute, 5: time.Hour, 100: time.Hour} {
		require.Equal(t, apart, runsApart(warn.Answer{State: warn.Rising, ETA: eta}))
	}
	require.Equal(t, time.Hour, runsApart(warn.Answer{State: warn.UncertainState, ETA: 1}))
}

// seasonal is a load that follows the clocks of Berlin, where they go forward on 29 March 2026 and back on 25 October.
type seasonal struct{ zone *time.Location }

func (s seasonal) Read(_ context.Context, r source.Request) (*series.Set, error) {
	g := series.NewGrid(r.From, r.To, r.Step)
	v := make([]float64, g.Len)
	for i := range v {
		local := g.Time(i).In(s.zone)
		h := float64(local.Hour()) + float64(local.Minute())/60
		v[i] = 20 + 25*max(math.Sin(2*math.Pi*(h-6)/24), 0) + rhythm(0, g.Time(i)) - rhythm(0, g.Time(i).Add(-24*time.Hour))
	}
	return &series.Set{Grid: g, Series: []series.Series{{Name: "load", Values: v}}}, nil
}
func (seasonal) Check(context.Context) (string, error) { return "seasonal", nil }
func (seasonal) Close() error                          { return nil }

// The day after clocks changed a load rises an hour earlier or later than all days before; who knows the zone does not take it for growth.
func TestTheDayAfterClocksChangedIsADayLikeOthers(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for _, changed := range []time.Time{time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC), time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC)} {
		worst := map[string]float64{}
		for h := -6; h <= 36; h += 3 {
			now := changed.Add(time.Duration(h) * time.Hour)
			for _, calendar := range []string{`, "calendar": {"timezone": "Europe/Berlin"}`, ""} {
				e := NewEngine(map[source.Kind]source.Source{source.Prometheus: seasonal{zone}}, func() time.Time { return now }, 1<<20, 1<<20)
				a := execute(t, e, `{"queryType": "warning", "source": {"kind": "prometheus", "expr": "load"}, "interval": "30m", "trainingWindow": "10d", "threshold": {"value": 48}, "output": "eta_early"`+calendar+`}`, now.Sub(clock)-time.Hour, now.Sub(clock))
				w := a.Results[0].Warning
				require.NotEqual(t, warn.Breached, w.State)
				worst[calendar] = max(worst[calendar], w.Prob72)
				if calendar != "" {
					require.Less(t, w.Prob72, 0.5, "%s", now)
					require.False(t, w.Firing)
				}
			}
		}
		require.Greater(t, worst[""], 0.5, "who does not know the zone cannot know better")
	}
}
