package train

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/store"
)

func TestWhenAScheduleTrainsNext(t *testing.T) {
	day := 24 * time.Hour
	live, never := &store.Model{Live: 1, Created: noon}, &store.Model{Created: noon}
	job := func(state store.JobState, after time.Duration) *store.Job {
		return &store.Job{State: state, Created: noon.Add(after)}
	}
	for name, c := range map[string]struct {
		model  *store.Model
		newest *store.Job
		change func(c *model.Compiled)
		want   time.Time
	}{
		"a day after the newest attempt":    {live, job(store.Done, time.Hour), nil, noon.Add(25 * time.Hour)},
		"failed ones count, not to hammer":  {live, job(store.Failed, time.Hour), nil, noon.Add(25 * time.Hour)},
		"a first training that failed":      {never, job(store.Failed, time.Hour), nil, noon.Add(25 * time.Hour)},
		"a first one that was cancelled":    {never, job(store.Cancelled, time.Hour), nil, time.Time{}},
		"imported, and never trained here":  {live, nil, nil, noon.Add(day)},
		"nobody has asked to train it":      {never, nil, nil, time.Time{}},
		"without a schedule":                {live, job(store.Done, 0), func(c *model.Compiled) { c.RetrainEvery = 0 }, time.Time{}},
		"paused":                            {live, job(store.Done, 0), func(c *model.Compiled) { c.Definition.Paused = true }, time.Time{}},
		"a draft":                           {live, job(store.Done, 0), func(c *model.Compiled) { c.Definition.Draft = true }, time.Time{}},
		"cancelled, and one answers anyway": {live, job(store.Cancelled, time.Hour), nil, noon.Add(25 * time.Hour)},
	} {
		t.Run(name, func(t *testing.T) {
			compiled := &model.Compiled{RetrainEvery: day}
			if c.change != nil {
				c.change(compiled)
			}
			require.Equal(t, c.want, Next(c.model, compiled, c.newest))
		})
	}
}

func scheduled(name string, every string) model.Definition {
	d := forecastOf(name)
	d.RetrainEvery = every
	return d
}

func TestModelsAreTrainedWhenTheirScheduleSaysSo(t *testing.T) {
	// Jobs are dated by the store's clock, which is that of the machine.
	w := made(t)
	w.pass(time.Since(noon))
	w.trained(scheduled("hourly", "1h"))
	w.trained(scheduled("daily", "1d"))
	w.trained(forecastOf("never"))
	paused := scheduled("paused", "1h")
	paused.Paused = true
	w.trained(paused)
	draft := scheduled("draft", "1h")
	draft.Draft = true
	w.trained(draft)
	w.save(scheduled("new", "1h"))

	require.NoError(t, w.Due(t.Context()))
	require.Empty(t, w.waiting(), "nothing is due yet")
	w.pass(2 * time.Hour)
	require.NoError(t, w.Due(t.Context()))
	require.Equal(t, map[string]string{"hourly": BySchedule}, w.waiting())
	require.NoError(t, w.Due(t.Context()))
	require.Len(t, w.waiting(), 1, "it waits once")
	lines := w.trail("model.train")
	require.Equal(t, []any{BySchedule, "hourly", "its schedule of 1h"}, []any{lines[len(lines)-1].Who, lines[len(lines)-1].Model, lines[len(lines)-1].Note})
	w.pass(23 * time.Hour)
	require.NoError(t, w.Due(t.Context()))
	require.Equal(t, map[string]string{"hourly": BySchedule, "daily": BySchedule}, w.waiting())
}

func TestADefinitionThatCannotBeReadKeepsNoOtherModelFromBeingTrained(t *testing.T) {
	w := made(t)
	w.pass(time.Since(noon))
	w.trained(scheduled("a", "1h"))
	w.trained(scheduled("b", "1h"))
	w.trained(scheduled("c", "1h"))
	w.overwrite("a", "{")
	w.overwrite("b", `{"name":"b","query":{"interval":"soon"}}`)
	w.pass(2 * time.Hour)
	require.NoError(t, w.Due(t.Context()))
	require.Equal(t, map[string]string{"c": BySchedule}, w.waiting())
}

func TestAStoreThatIsAwayIsLookedAtAgainNextTime(t *testing.T) {
	w := made(t)
	w.kept.fail("Models", errAway, -1)
	require.ErrorIs(t, w.Due(t.Context()), store.ErrUnavailable)
}

// shift moves the level of the metric for good.
func (w *world) shift(after time.Time, by float64) {
	w.metrics.set(func(m *metrics) {
		m.value = func(host int, at time.Time) float64 {
			if at.Before(after) {
				return rhythm(host, at)
			}
			return rhythm(host, at) + by*float64(1+host%2)*float64((at.Unix()/3600)%3)
		}
	})
}

func TestDriftIsSeenNotedAndRetrains(t *testing.T) {
	for name, c := range map[string]struct {
		on     bool
		change func(w *world)
		wait   map[string]string
		grown  bool
	}{
		"as in training":               {true, func(*world) {}, map[string]string{}, false},
		"other than in training":       {true, func(w *world) { w.shift(noon, 40) }, map[string]string{"cpu": ByDrift}, true},
		"and nobody wants a retrain":   {false, func(w *world) { w.shift(noon, 40) }, map[string]string{}, true},
		"the source does not answer":   {true, func(w *world) { w.metrics.set(func(m *metrics) { m.err = fmt.Errorf("down") }) }, map[string]string{}, false},
		"all series are gone":          {true, func(w *world) { w.metrics.set(func(m *metrics) { m.hosts = 0 }) }, map[string]string{}, false},
		"the store does not answer":    {true, func(w *world) { w.library.forget("cpu"); w.kept.fail("Model", errAway, -1) }, map[string]string{}, false},
		"the states cannot be decoded": {true, func(w *world) { w.kept.fail("Version", store.ErrNotFound, -1); w.library.versions.Clear() }, map[string]string{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := made(t)
			d := forecastOf("cpu")
			d.RetrainOnDrift = c.on
			w.trained(d)
			c.change(w)
			w.pass(72 * time.Hour)
			require.NoError(t, w.Due(t.Context()))
			require.Equal(t, c.wait, w.waiting())
			if drift := w.model("cpu").Drift; c.grown {
				require.GreaterOrEqual(t, drift, 1.0, "people see it")
			} else {
				require.Less(t, drift, 1.0)
			}
			if c.wait["cpu"] == ByDrift {
				lines := w.trail("model.train")
				require.Contains(t, lines[len(lines)-1].Note, "2 of 2 series: its errors are well above those in training")
			}
		})
	}
}

// watchful has trained a model that is trained anew when it drifts.
func watchful(t *testing.T) *world {
	w := made(t)
	d := forecastOf("cpu")
	d.RetrainOnDrift = true
	w.trained(d)
	return w
}

func TestDriftIsNotJudgedByAFewPoints(t *testing.T) {
	w := watchful(t)
	w.shift(noon, 500)
	w.pass(11 * time.Hour)
	require.NoError(t, w.Due(t.Context()))
	require.Empty(t, w.waiting())
}

func TestATrainingAfterDriftStartsAnew(t *testing.T) {
	w := watchful(t)
	w.shift(noon, 40)
	w.pass(72 * time.Hour)
	require.NoError(t, w.Due(t.Context()))
	require.Equal(t, store.Done, w.turn().State)
	require.Equal(t, 2, w.model("cpu").Live)
	require.Zero(t, w.model("cpu").Drift)
	require.NoError(t, w.Due(t.Context()))
	require.Empty(t, w.waiting(), "the new version has not drifted")
}

func TestDetectorsLearnWithEachQueryAndDoNotDrift(t *testing.T) {
	w := made(t)
	d := anomalyOf("cpu", 0)
	d.RetrainOnDrift = true
	w.trained(d)
	w.shift(noon, 500)
	w.pass(72 * time.Hour)
	require.NoError(t, w.Due(t.Context()))
	require.Empty(t, w.waiting())
	require.Zero(t, w.model("cpu").Drift)
}

// worse gives the metric a noise that no forecaster can follow.
func (w *world) worse() {
	w.metrics.set(func(m *metrics) {
		m.value = func(host int, at time.Time) float64 {
			if at.After(noon.Add(-60 * time.Hour)) {
				return 50 + 400*noise(host, at)
			}
			return rhythm(host, at)
		}
	})
}

func TestAScheduledTrainingThatIsMuchWorseIsKeptBack(t *testing.T) {
	w := made(t)
	w.trained(forecastOf("cpu"))
	w.worse()
	w.ask("cpu", BySchedule)
	require.Equal(t, store.Done, w.turn().State)
	m := w.model("cpu")
	require.Equal(t, []int{1, 2}, []int{m.Live, m.Latest}, "it is there, and the one before goes on answering")
	lines := w.trail("model.trained")
	require.Contains(t, lines[1].Note, "kept back: its error of")
	require.Equal(t, false, lines[1].Values["live"])

	w.ask("cpu", ByUser)
	require.Equal(t, store.Done, w.turn().State)
	require.Equal(t, 3, w.model("cpu").Live, "what a person asks for is put to use")
}

func TestAScheduledTrainingThatIsAsGoodIsPutToUse(t *testing.T) {
	w := made(t)
	w.trained(forecastOf("cpu"))
	w.pass(24 * time.Hour)
	w.ask("cpu", BySchedule)
	require.Equal(t, store.Done, w.turn().State)
	require.Equal(t, 2, w.model("cpu").Live)
}

func TestWhereErrorsCannotBeComparedTheNewVersionIsPutToUse(t *testing.T) {
	w := made(t)
	w.metrics.value = func(int, time.Time) float64 { return 7 } // no error to compare with
	w.trained(forecastOf("cpu"))
	w.metrics.set(func(m *metrics) { m.value = rhythm })
	w.ask("cpu", BySchedule)
	require.Equal(t, store.Done, w.turn().State)
	require.Equal(t, 2, w.model("cpu").Live)
}

func TestTheWatchQueuesWhatIsDue(t *testing.T) {
	w := made(t, func(o *Options) { o.Schedule = 10 * time.Millisecond })
	w.pass(time.Since(noon))
	w.trained(scheduled("cpu", "1h"))
	w.pass(2 * time.Hour)
	w.working()
	require.Eventually(t, func() bool { return w.model("cpu").Latest >= 2 }, 10*time.Second, 10*time.Millisecond)
}

func TestDraftsThatAreLeftBehindAreTakenAwayAndTheTrailSaysSo(t *testing.T) {
	// Rows are dated by the store's clock, which is that of the machine.
	w := made(t)
	w.pass(time.Since(noon))
	draft := func(name string) {
		d := forecastOf(name)
		d.Draft, d.RetrainEvery = true, "1h"
		w.trained(d)
	}
	draft("left")
	draft("trained again")
	w.trained(forecastOf("saved"))
	_, err := w.Trained(t.Context(), "left", 0)
	require.NoError(t, err)

	w.pass(23 * time.Hour)
	require.NoError(t, w.Due(t.Context()))
	require.Len(t, w.models(), 3, "not within a day")

	w.pass(2 * time.Hour)
	w.kept.fail("Jobs", errAway, 3)
	require.NoError(t, w.Due(t.Context()))
	require.Len(t, w.models(), 3, "what cannot be looked at stays")
	require.NoError(t, w.Due(t.Context()))
	require.Equal(t, []string{"saved"}, w.models())
	_, err = w.Trained(t.Context(), "left", 0)
	require.ErrorIs(t, err, query.ErrNoModel, "nor do queries know it any more")

	lines := w.trail("model.expire")
	require.Len(t, lines, 2)
	require.Equal(t, []any{BySchedule, "left", 1, "a draft of anna's that nobody saved within a day"}, []any{lines[0].Who, lines[0].Model, lines[0].Version, lines[0].Note})
	require.NoError(t, w.Due(t.Context()))
	require.Len(t, w.trail("model.expire"), 2, "once")
}

func TestADraftThatIsWorkedOnIsKept(t *testing.T) {
	w := made(t)
	w.pass(time.Since(noon) + 25*time.Hour)
	d := forecastOf("draft")
	d.Draft = true
	w.save(d)
	old := w.model("draft")
	m := *old
	require.NoError(t, w.kept.ChangeModel(t.Context(), &m, store.Entry{Who: "anna", Action: "model.draft"}))
	require.NoError(t, w.Trainer.expire(t.Context(), old), "changed since it was looked at: no error")
	require.Equal(t, []string{"draft"}, w.models())

	w.kept.jobsAre([]store.Job{{Created: w.now().Add(-time.Hour)}})
	require.NoError(t, w.Trainer.expire(t.Context(), w.model("draft")))
	require.Equal(t, []string{"draft"}, w.models(), "trained within the day")
}
