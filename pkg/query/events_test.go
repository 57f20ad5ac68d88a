package query

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// China's National Day of 2025 was from 1 to 8 October; 28 September and 11 October were worked instead.
func TestHolidaysMoveThePiecewiseForecast(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Shanghai")
	require.NoError(t, err)
	end := time.Date(2025, 10, 6, 0, 0, 0, 0, zone)
	values := make([]float64, 24*35)
	for i := range values {
		at := end.Add(time.Duration(i-len(values)) * time.Hour)
		values[i] = 100 + 20*math.Sin(2*math.Pi*float64(at.Hour())/24) + math.Sin(float64(i*i))
		if !at.Before(time.Date(2025, 10, 1, 0, 0, 0, 0, zone)) {
			values[i] -= 40
		}
	}
	f := fixed{"orders": {{Name: "a", Values: values}}}
	ask := func(calendar string) *Answer {
		q, err := Parse([]byte(`{"source": {"kind": "prometheus", "expr": "orders"}, "interval": "1h", "trainingWindow": "35d", "horizon": "4d",
			"model": {"algorithm": "piecewise", "options": {"changepoints": 0}}`+calendar+`}`), Defaults{})
		require.NoError(t, err)
		e := NewEngine(map[source.Kind]source.Source{source.Prometheus: f}, func() time.Time { return end }, 1<<20, 1<<20)
		a, err := e.Execute(t.Context(), q, Range{end.Add(-time.Hour), end})
		require.NoError(t, err)
		return a
	}
	known := ask(`, "calendar": {"timezone": "Asia/Shanghai", "holidays": "CN"}`).Results[0].Forecast
	holidays, after := known[:72], known[72:96] // 6 to 8 October, then the 9th
	require.InDelta(t, 60, mean(holidays), 5)
	require.InDelta(t, 100, mean(after), 5)
	plain := ask("").Results[0].Forecast
	require.Greater(t, mean(after), mean(plain[72:96])+5, "without a calendar it cannot know")
}

func TestOnlyPiecewiseHasEvents(t *testing.T) {
	for algorithm, want := range map[string]int{"piecewise": 2, "mstl": 0} {
		q, err := Parse([]byte(`{"source": {"kind": "prometheus", "expr": "x"}, "horizon": "4d", "interval": "1h", "model": {"algorithm": "`+algorithm+`"},
			"calendar": {"timezone": "Asia/Shanghai", "holidays": "CN"}}`), Defaults{})
		require.NoError(t, err)
		g := series.Grid{Start: time.Date(2025, 9, 15, 0, 0, 0, 0, time.UTC), Step: time.Hour, Len: 24 * 20}
		events := q.events(g)
		require.Len(t, events, want)
		if want > 0 {
			require.Equal(t, "holiday", events[0].Name)
			require.Equal(t, 16*24-8, events[0].Steps[0], "1 October begins at 16:00 UTC of the day before")
			require.Equal(t, "make-up workday", events[1].Name)
		}
		q.Calendar = nil
		require.Nil(t, q.events(g))
	}
}

func TestAFitWithOtherEventsIsAnotherFit(t *testing.T) {
	m := &memory{}
	e := engine(m)
	at := func(calendar string) int {
		return execute(t, e, `{`+promSource+`, "model": {"algorithm": "piecewise"}, "calendar": {"days": [{"date": "2026-02-20", "kind": "`+calendar+`"}]}}`, -time.Hour, 0).Stats.FitsCached
	}
	require.Zero(t, at("holiday"))
	require.Equal(t, 1, at("holiday"))
	require.Zero(t, at("workday"))
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}
