package train

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/store"
)

// turned is the rhythm of a day with day and night exchanged between two times, on one host.
func turned(from, to time.Time) func(int, time.Time) float64 {
	return func(host int, at time.Time) float64 {
		if host == 0 && !at.Before(from) && at.Before(to) {
			return rhythm(host, at.Add(12*time.Hour))
		}
		return rhythm(host, at)
	}
}

// answers asks a trained model for its forecast of the next hours.
func (w *world) answers(name string) *query.Answer {
	w.t.Helper()
	q, err := query.Resolve(w.t.Context(), []byte(`{"model":{"name":"`+name+`"}}`), query.Defaults{}, w.Trainer)
	require.NoError(w.t, err)
	a, err := w.engine.Execute(w.t.Context(), q, query.Range{From: w.now().Add(-6 * time.Hour), To: w.now()})
	require.NoError(w.t, err)
	return a
}

func texts(a *query.Answer) (out []string) {
	for _, n := range a.Notices {
		out = append(out, n.Text)
	}
	return out
}

func TestAModelThatLosesAnswersWithItsTwinUntilItWinsAgain(t *testing.T) {
	w := made(t)
	m := w.trained(forecastOf("cpu"))
	w.metrics.set(func(m *metrics) { m.value = turned(noon, noon.Add(48*time.Hour)) })

	w.pass(6 * time.Hour)
	require.NoError(t, w.Due(t.Context()))
	require.Zero(t, TrialOf(w.model("cpu")), "too early to tell")
	w.pass(34 * time.Hour)
	require.NoError(t, w.Due(t.Context()))
	trial := TrialOf(w.model("cpu"))
	require.Equal(t, m.Live, trial.Version)
	require.Len(t, trial.Demoted, 1)
	require.Equal(t, 2, trial.Series)
	require.Equal(t, w.now(), trial.Demoted[`{host="h0"}`].Since.UTC(), "%v", trial.Demoted)

	w.library.forget("cpu")
	a := w.answers("cpu")
	require.Equal(t, "seasonal-naive", a.Results[0].Algorithm)
	require.Equal(t, "ets", a.Results[1].Algorithm, "only what loses")
	require.Contains(t, texts(a)[0], "h0: the forecasts of version 1 of the model cpu were")
	for k, v := range a.Results[0].Forecast {
		require.InDelta(t, w.metrics.value(0, a.Grid.Time(a.Past+k).Add(-24*time.Hour)), v, 1e-9)
	}
	lines := w.trail("model.demoted")
	require.Len(t, lines, 1)
	require.Equal(t, []any{"trial", "cpu", 1, "h0"}, []any{lines[0].Who, lines[0].Model, lines[0].Version, lines[0].Subject})

	for range 6 { // it is looked at again and again, and said once
		w.pass(11 * time.Minute)
		require.NoError(t, w.Due(t.Context()))
	}
	require.Len(t, w.trail("model.demoted"), 1)
	require.Empty(t, w.trail("model.restored"))

	w.pass(70 * time.Hour) // day and night are as they were when it was trained, and the twin was wrong for a day
	require.NoError(t, w.Due(t.Context()))
	require.Empty(t, TrialOf(w.model("cpu")).Demoted, "%+v", TrialOf(w.model("cpu")))
	require.Len(t, w.trail("model.restored"), 1)
	w.library.forget("cpu")
	require.Equal(t, "ets", w.answers("cpu").Results[0].Algorithm)
}

func TestANewVersionAnswersItself(t *testing.T) {
	w := made(t)
	w.trained(forecastOf("cpu"))
	w.metrics.set(func(m *metrics) { m.value = turned(noon, noon.Add(480*time.Hour)) })
	w.pass(40 * time.Hour)
	require.NoError(t, w.Due(t.Context()))
	require.Len(t, TrialOf(w.model("cpu")).Demoted, 1)
	w.ask("cpu", ByUser)
	require.Equal(t, store.Done, w.turn().State)
	require.NotEqual(t, "seasonal-naive", w.answers("cpu").Results[0].Algorithm, "at once")
	require.NoError(t, w.Due(t.Context()))
	after := TrialOf(w.model("cpu"))
	require.Empty(t, after.Demoted)
	lines := w.trail("model.restored")
	require.Len(t, lines, 1)
	require.Equal(t, "a new version answers", lines[0].Note)
	require.NoError(t, w.Due(t.Context()))
	require.Len(t, w.trail("model.restored"), 1)
}

func TestTheFasterOfTwoProcessesNotesATrial(t *testing.T) {
	db := opened(t)
	one := inStore(t, db.Space("1/ds"))
	one.trained(forecastOf("cpu"))
	two := inStore(t, db.Space("1/ds"))
	for _, w := range []*world{one, two} {
		w.metrics.set(func(m *metrics) { m.value = turned(noon, noon.Add(480*time.Hour)) })
		w.pass(40 * time.Hour)
	}
	seen := two.model("cpu")
	require.NoError(t, one.Due(t.Context()))
	require.NoError(t, two.trial(t.Context(), seen, compiled(t, forecastOf("cpu"))), "it read the model before")
	require.NoError(t, two.Due(t.Context()))
	require.Len(t, one.trail("model.demoted"), 1)
	require.Equal(t, "seasonal-naive", two.answers("cpu").Results[0].Algorithm, "and both answer alike")
}

func TestWhatIsNoForecastIsNotOnTrial(t *testing.T) {
	w := made(t)
	w.trained(anomalyOf("odd", 0))
	w.pass(40 * time.Hour)
	require.NoError(t, w.Due(t.Context()))
	require.Empty(t, w.model("odd").Trial)
}

// contest is one with the given ratio of errors; NaN has too few points.
func contest(name string, ratio float64) query.Contest {
	c := query.Contest{Key: name, Name: name, Model: ratio, Twin: 1, Points: 48}
	switch {
	case math.IsNaN(ratio):
		c.Points = 3
	case math.IsInf(ratio, 1):
		c.Model, c.Twin = 1, 0
	}
	return c
}

func TestBetweenTheMarksNothingChanges(t *testing.T) {
	now := noon
	held := Trial{Version: 1, Demoted: map[string]query.Demoted{"a": {Name: "a", Ratio: 1.5, Since: noon.Add(-time.Hour)}}}
	for name, c := range map[string]struct {
		before     Trial
		version    int
		ratio      float64
		demoted    bool
		down, up   []string
		ratioAfter float64
	}{
		"it wins":                        {Trial{Version: 1}, 1, 0.7, false, nil, nil, 0},
		"about as good":                  {Trial{Version: 1}, 1, 1.15, false, nil, nil, 0},
		"it loses":                       {Trial{Version: 1}, 1, 1.3, true, []string{"a"}, nil, 1.3},
		"the twin is never wrong":        {Trial{Version: 1}, 1, math.Inf(1), true, []string{"a"}, nil, math.MaxFloat64},
		"too little is known":            {Trial{Version: 1}, 1, math.NaN(), false, nil, nil, 0},
		"demoted, and still loses":       {held, 1, 1.4, true, nil, nil, 1.4},
		"demoted, and about as good":     {held, 1, 1.1, true, nil, nil, 1.1},
		"demoted, and wins":              {held, 1, 0.99, false, nil, []string{"a"}, 0},
		"demoted, and nothing is known":  {held, 1, math.NaN(), true, nil, nil, 1.5},
		"demoted, and trained anew":      {held, 2, math.NaN(), false, nil, []string{"a"}, 0},
		"demoted, anew, and loses again": {held, 2, 2, false, nil, []string{"a"}, 0},
	} {
		after, down, up := judge(c.before, c.version, []query.Contest{contest("a", c.ratio)}, now)
		require.Equal(t, c.down, down, name)
		require.Equal(t, c.up, up, name)
		d, ok := after.Demoted["a"]
		require.Equal(t, c.demoted, ok, name)
		require.InDelta(t, c.ratioAfter, d.Ratio, 1e-9, name)
		require.Equal(t, c.version, after.Version)
	}
	after, _, up := judge(held, 2, nil, now)
	require.Empty(t, after.Demoted)
	require.Equal(t, []string{"a"}, up, "it is gone, and so is its demotion")
}

func TestASeriesAroundTheMarkIsNotSentToAndFro(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		trial, changes := Trial{Version: 1}, 0
		for _, r := range rapid.SliceOfN(rapid.Float64Range(restoreAt+1e-6, demoteFrom+1), 1, 60).Draw(t, "ratios") {
			after, down, up := judge(trial, 1, []query.Contest{contest("a", r)}, noon)
			changes += len(down) + len(up)
			require.Equal(t, len(trial.Demoted)+len(down)-len(up), len(after.Demoted))
			trial = after
		}
		require.LessOrEqual(t, changes, 1, "once demoted it must be as good as its twin to come back")
	})
}
