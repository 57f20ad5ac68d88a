package query

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/composite"
	"github.com/forewarn/earlywarning/pkg/series"
)

func TestScoresAreMadeOnceAndErrorsNotKept(t *testing.T) {
	e, runs := newLab(t).Engine, 0
	work := func() (Result, []string, error) {
		runs++
		return Result{Algorithm: "mad", Score: []float64{0, 1, 2}[1:], Anomalous: []bool{true, false}}, []string{"told"}, nil
	}
	for range 3 {
		r, notices, err := e.score("a", work)
		require.NoError(t, err)
		require.Equal(t, []any{"mad", []float64{1, 2}, []bool{true, false}, []string{"told"}}, []any{r.Algorithm, r.Score, r.Anomalous, notices})
	}
	require.Equal(t, 1, runs)
	for range 2 {
		_, _, err := e.score("", work)
		require.NoError(t, err)
	}
	require.Equal(t, 3, runs, "what has no name is worked out each time")
	gone := errors.New("gone")
	for range 2 {
		_, _, err := e.score("b", func() (Result, []string, error) { runs++; return Result{}, nil, gone })
		require.ErrorIs(t, err, gone)
	}
	require.Equal(t, 5, runs)
	e.ClearCache()
	_, _, err := e.score("a", work)
	require.NoError(t, err)
	require.Equal(t, 6, runs)
}

// The outputs of a rule are those of one scoring: each says what it would have said alone, and one entry is held for each series.
func TestTheOutputsOfARuleShareTheirScores(t *testing.T) {
	for name, c := range map[string]struct {
		query   string
		outputs []string
	}{
		"anomaly":   {`{"queryType":"anomaly","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"10d","interval":"1h","guards":{"minDeviation":1}`, []string{"anomalous", "score", "expected", "actual", "upper"}},
		"composite": {strings.TrimSuffix(joined, "}"), []string{"anomalous", "score", `share","signal":"cpu`, `share","signal":"io`}},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.source.hosts = 3
			l.source.value = func(host int, at time.Time) float64 {
				if host == 1 && !at.Before(began.Add(-2*time.Hour)) {
					return 900 + rhythm(host, at)
				}
				return rhythm(host, at)
			}
			for _, output := range c.outputs {
				ask := c.query + `,"output":"` + output + `"}`
				got := l.ask(ask, -3*time.Hour, 0)
				entries, bytes := l.scores.Stats()
				require.Equal(t, 3, entries, output)
				require.Greater(t, bytes, int64(3*4<<10))
				l.ClearCache()
				alone := l.ask(ask, -3*time.Hour, 0)
				require.Equal(t, alone.Results, got.Results, output)
				require.Equal(t, alone.Notices, got.Notices, output)
			}
			require.NotEmpty(t, l.ask(c.query+"}", -3*time.Hour, 0).Results[1].Episodes)
			other := l.ask(strings.Replace(c.query, `"1h"`, `"2h"`, 1)+"}", -4*time.Hour, 0)
			require.NotEmpty(t, other.Results)
			entries, _ := l.scores.Stats()
			require.Equal(t, 6, entries, "another step is another score")
		})
	}
}

// All outputs of an outlier's rule are those of one comparison, with its reasons.
func TestTheOutputsOfAnOutliersRuleShareTheComparison(t *testing.T) {
	for _, algorithm := range []string{"kmeans", "mad", "dbscan"} {
		l := trouble(t)
		for _, output := range []string{"outlier", "score", "actual", "expected", "agree", "members"} {
			ask := `{"queryType":"outlier","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"7d","interval":"30m","model":{"algorithm":"` + algorithm + `","options":{"window":"2h"}},"output":"` + output + `"}`
			got := l.ask(ask, -2*time.Hour, 0)
			entries, _ := l.groups.Stats()
			require.Equal(t, 1, entries, "%s of %s", output, algorithm)
			l.ClearCache()
			alone := l.ask(ask, -2*time.Hour, 0)
			require.Equal(t, alone.Results, got.Results)
			require.Equal(t, alone.Notices, got.Notices)
			require.Equal(t, alone.Band, got.Band)
			require.NotEmpty(t, got.Results[5].Episodes)
		}
		other := l.ask(`{"queryType":"outlier","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"7d","interval":"30m","model":{"algorithm":"`+algorithm+`","options":{"window":"1h"}}}`, -2*time.Hour, 0)
		require.NotEmpty(t, other.Results)
		entries, _ := l.groups.Stats()
		require.Equal(t, 2, entries, "another window is another comparison")
	}
}

// A value that comes late changes the scores at once: they are held under what they were made of.
func TestScoresOfOtherValuesAreOthers(t *testing.T) {
	l := newLab(t)
	high := false
	l.source.value = func(host int, at time.Time) float64 {
		if high && !at.Before(began.Add(-2*time.Hour)) {
			return 900 + rhythm(host, at)
		}
		return rhythm(host, at)
	}
	const ask = `{"queryType":"anomaly","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"10d","interval":"1h"}`
	require.NotContains(t, l.ask(ask, -3*time.Hour, 0).Results[0].Anomalous, true)
	high = true
	l.reader.cache.Clear()
	require.Contains(t, l.ask(ask, -3*time.Hour, 0).Results[0].Anomalous, true)
}

func TestScoresAreToldApartByAllThatChangesThem(t *testing.T) {
	day, err := calendar.New(calendar.Definition{Timezone: "Asia/Shanghai"})
	require.NoError(t, err)
	five := 5.0
	seen := map[string]string{}
	note := func(name, key string) {
		require.NotEmpty(t, key, name)
		require.Empty(t, seen[key], "%s is scored like %s", name, seen[key])
		seen[key] = name
	}
	for name, change := range map[string]func(*Query, *window, *detect.Input){
		"as it is":       func(*Query, *window, *detect.Input) {},
		"a value":        func(_ *Query, _ *window, in *detect.Input) { in.Values = []float64{1, 2, 4} },
		"a gap":          func(_ *Query, _ *window, in *detect.Input) { in.Values = []float64{1, 2, math.NaN()} },
		"a volume":       func(_ *Query, _ *window, in *detect.Input) { in.Volume = []float64{1, 2, 3} },
		"another signal": func(_ *Query, _ *window, in *detect.Input) { in.Other = []float64{1, 2, 3} },
		"a deployment": func(_ *Query, _ *window, in *detect.Input) {
			in.Calendar = in.Calendar.Deploying([]calendar.Span{{From: began, To: began.Add(time.Hour)}})
		},
		"the algorithm": func(q *Query, _ *window, _ *detect.Input) { q.Model.Algorithm = "mad" },
		"an option":     func(q *Query, _ *window, _ *detect.Input) { q.Model.Options = map[string]any{"k": 3} },
		"the version":   func(q *Query, _ *window, _ *detect.Input) { q.Model.Name, q.Model.Version = "cpu", 2 },
		"the budget":    func(q *Query, _ *window, _ *detect.Input) { q.trained = &Trained{Threshold: 1.4} },
		"a guard":       func(_ *Query, _ *window, in *detect.Input) { in.Guards.MinDeviation = 5 },
		"the direction": func(_ *Query, _ *window, in *detect.Input) { in.Direction = detect.Above },
		"a bound":       func(_ *Query, _ *window, in *detect.Input) { in.Max = &five },
		"the limit":     func(_ *Query, _ *window, in *detect.Input) { in.Threshold = &detect.Threshold{Value: 5} },
		"the calendar":  func(_ *Query, _ *window, in *detect.Input) { in.Calendar = day },
		"what is shown": func(_ *Query, w *window, in *detect.Input) { w.shown, in.From = 2, 2 },
		"the time":      func(_ *Query, w *window, in *detect.Input) { w.grid.Start = began; in.Start = began },
	} {
		q := &Query{Type: Anomaly, Model: Model{Algorithm: "auto"}}
		w := &window{grid: series.Grid{Start: began.Add(-time.Hour), Step: time.Minute, Len: 3}, shown: 1}
		in := detect.Input{Values: []float64{1, 2, 3}, Step: time.Minute, Start: w.grid.Start, From: 1, Direction: detect.Both}
		change(q, w, &in)
		note(name, q.anomalyKey(w, "web-1", in))
		require.NotNil(t, in.Values, "what was asked stays as it is")
	}
	for name, change := range map[string]func(*Query, []composite.Signal) []composite.Signal{
		"two signals":  func(_ *Query, s []composite.Signal) []composite.Signal { return s },
		"one":          func(_ *Query, s []composite.Signal) []composite.Signal { return s[:1] },
		"another name": func(_ *Query, s []composite.Signal) []composite.Signal { s[0].Name = "c"; return s },
		"changed places": func(_ *Query, s []composite.Signal) []composite.Signal {
			s[0].Values, s[1].Values = s[1].Values, s[0].Values
			return s
		},
		"a method":   func(q *Query, s []composite.Signal) []composite.Signal { q.Model.Algorithm = "pca"; return s },
		"a calendar": func(q *Query, s []composite.Signal) []composite.Signal { q.Calendar = day; return s },
	} {
		q := &Query{Type: Composite, Model: Model{Algorithm: "auto"}}
		w := &window{grid: series.Grid{Start: began, Step: time.Minute, Len: 2}, shown: 1}
		note(name, q.compositeKey(w, "web-1", change(q, []composite.Signal{{Name: "a", Values: []float64{1, 2}}, {Name: "b", Values: []float64{3, 4}}})))
	}
	q := &Query{Type: Anomaly, Model: Model{Options: map[string]any{"k": math.Inf(1)}}}
	require.Empty(t, q.anomalyKey(&window{}, "web-1", detect.Input{}), "what cannot be written down has no name")
}
