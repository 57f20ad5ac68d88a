package train

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/store"
)

func TestAJobMakesTheNextVersionAndPutsItToUse(t *testing.T) {
	w := made(t)
	m := w.trained(forecastOf("cpu"))
	require.Equal(t, []int{1, 1}, []int{m.Latest, m.Live})
	v, err := w.kept.Version(t.Context(), "cpu", 1)
	require.NoError(t, err)
	require.Equal(t, "anna", v.TrainedBy)
	require.Equal(t, noon, v.To)
	s, err := Summary(v)
	require.NoError(t, err)
	require.Equal(t, 2, s.Series)
	lines := w.trail("model.trained")
	require.Len(t, lines, 1)
	require.Equal(t, []any{"anna", "cpu", 1, "user", true}, []any{lines[0].Who, lines[0].Model, lines[0].Version, lines[0].Values["reason"], lines[0].Values["live"]})
}

func TestTheWorkerFindsJobsByItself(t *testing.T) {
	w := made(t).working()
	w.save(forecastOf("cpu"))
	require.Equal(t, store.Done, w.job(w.ask("cpu", ByUser).ID).State)
	other := w.ask("cpu", ByUser)
	done := w.job(other.ID)
	require.Equal(t, []any{2, 2, 2}, []any{done.Version, done.Progress.Done, done.Progress.Total})
}

func TestOnlyTheNewestVersionsAreKept(t *testing.T) {
	w := made(t, func(o *Options) { o.Keep = 2 })
	w.trained(forecastOf("cpu"))
	require.NoError(t, w.kept.SetLive(t.Context(), "cpu", 1, store.Entry{Who: "anna", Action: "version.promote"}))
	for range 3 {
		w.ask("cpu", BySchedule)
		w.metrics.set(func(m *metrics) { m.value = func(int, time.Time) float64 { return 1 } })
		require.Equal(t, store.Done, w.turn().State)
	}
	versions, err := w.kept.Versions(t.Context(), "cpu")
	require.NoError(t, err)
	var numbers []int
	for _, v := range versions {
		numbers = append(numbers, v.Number)
	}
	live := w.model("cpu").Live
	require.Contains(t, numbers, live, "the one that answers is never taken away")
	require.Contains(t, numbers, 4)
	require.Contains(t, numbers, 3)
	require.LessOrEqual(t, len(numbers), 3)
}

func TestWhatNoFurtherAttemptCanMendFailsAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		change func(w *world)
		says   string
	}{
		"a query that the source rejects": {func(w *world) { w.metrics.err = fmt.Errorf("%w: parse error", source.ErrBadQuery) }, "parse error"},
		"a statement that writes":         {func(w *world) { w.metrics.err = source.ErrRefused }, "refused"},
		"too much":                        {func(w *world) { w.metrics.err = source.ErrTooLarge }, "too large"},
		"a password that is wrong":        {func(w *world) { w.metrics.err = source.ErrDenied }, "denied"},
		"a source that is not set up":     {func(w *world) { w.metrics.err = source.ErrNotConfigured }, "not configured"},
		"nothing to learn from":           {func(w *world) { w.metrics.hosts = 0 }, "no series"},
		"a definition nobody can read":    {func(w *world) { w.overwrite("cpu", "{") }, "cannot be read"},
		"a definition that is wrong": {func(w *world) {
			w.overwrite("cpu", `{"name":"cpu","query":{"source":{"kind":"prometheus","expr":"x"},"interval":"soon"}}`)
		}, `"interval"`},
	} {
		t.Run(name, func(t *testing.T) {
			w := made(t)
			w.save(forecastOf("cpu"))
			w.ask("cpu", ByUser)
			c.change(w)
			j := w.turn()
			require.Equal(t, []any{store.Failed, 1}, []any{j.State, j.Attempt})
			require.Contains(t, j.Error, c.says)
			lines := w.trail("model.failed")
			require.Len(t, lines, 1)
			require.Contains(t, lines[0].Note, c.says)
			require.Equal(t, 0, w.model("cpu").Latest)
		})
	}
}

// overwrite puts a definition into the store that was not checked.
func (w *world) overwrite(name, definition string) {
	m := w.model(name)
	m.Definition = []byte(definition)
	require.NoError(w.t, w.kept.ChangeModel(w.t.Context(), m, store.Entry{Who: "x", Action: "model.change"}))
}

func TestWhatMayPassIsTriedAgainLaterEachTime(t *testing.T) {
	w := made(t, func(o *Options) { o.Backoff = []time.Duration{time.Hour, 2 * time.Hour} })
	w.save(forecastOf("cpu"))
	asked := w.ask("cpu", ByUser)
	w.metrics.err = fmt.Errorf("%w: connection refused", source.ErrUnreachable)
	for attempt := 1; attempt <= 2; attempt++ {
		j := w.turn()
		require.Equal(t, []any{asked.ID, store.Queued, attempt}, []any{j.ID, j.State, j.Attempt})
		require.Contains(t, j.Error, "connection refused", "people see why meanwhile")
		require.Empty(t, w.trail("model.failed"), "it has not failed yet")
	}
	require.Equal(t, store.Failed, w.turn().State)
	require.Len(t, w.trail("model.failed"), 1)
	require.Equal(t, []time.Duration{time.Hour, 2 * time.Hour, -1}, w.kept.delays)
}

func TestAfterARetryTheTrainingSucceeds(t *testing.T) {
	w := made(t, func(o *Options) { o.Backoff = make([]time.Duration, 10_000) }).working()
	w.save(forecastOf("cpu"))
	w.metrics.set(func(m *metrics) { m.err = source.ErrTimeout })
	j := w.ask("cpu", ByUser)
	require.Eventually(t, func() bool {
		got, err := w.kept.Job(t.Context(), j.ID)
		require.NoError(t, err)
		return got.Attempt > 0 && got.Error != ""
	}, 10*time.Second, time.Millisecond)
	w.metrics.set(func(m *metrics) { m.err = nil })
	require.Equal(t, store.Done, w.job(j.ID).State)
}

func TestAJobThatKillsItsWorkersIsGivenUp(t *testing.T) {
	w := made(t) // two retries: three workers may end in the middle of it
	w.save(forecastOf("cpu"))
	w.ask("cpu", ByUser)
	for range 3 {
		j, err := w.kept.Claim(t.Context(), "dead", -time.Second)
		require.NoError(t, err)
		require.NotNil(t, j)
	}
	j := w.turn()
	require.Equal(t, []any{store.Failed, 4}, []any{j.State, j.Attempt})
	require.Contains(t, j.Error, "3 workers ended in the middle of it")
}

// block lets reads of the source wait until the test ends or they are given up, and tells when the first one waits.
func (w *world) block() (begun chan struct{}) {
	begun = make(chan struct{})
	var once sync.Once
	w.metrics.set(func(m *metrics) {
		m.wait = func(ctx context.Context) {
			once.Do(func() { close(begun) })
			<-ctx.Done()
		}
	})
	return begun
}

func TestACancelledTrainingStopsAndLeavesNothing(t *testing.T) {
	w := made(t).working()
	w.save(forecastOf("cpu"))
	begun := w.block()
	j := w.ask("cpu", ByUser)
	<-begun
	_, err := w.kept.Cancel(t.Context(), j.ID, store.Entry{Who: "anna", Action: "job.cancel"})
	require.NoError(t, err)
	require.Equal(t, store.Cancelled, w.job(j.ID).State)
	require.Equal(t, 0, w.model("cpu").Latest)
	require.Empty(t, w.trail("model.failed"), "what was cancelled has not failed")
	w.metrics.set(func(m *metrics) { m.wait = nil })
	require.Equal(t, store.Done, w.job(w.ask("cpu", ByUser).ID).State, "and the next one is done")
}

func TestATrainingThatWasCancelledAtItsVeryEndLeavesNoVersionEither(t *testing.T) {
	w := made(t)
	w.save(forecastOf("cpu"))
	asked := w.ask("cpu", ByUser)
	j, err := w.kept.Claim(t.Context(), "test", time.Minute)
	require.NoError(t, err)
	_, err = w.kept.Cancel(t.Context(), asked.ID, store.Entry{Who: "anna", Action: "job.cancel"})
	require.NoError(t, err)
	w.run(t.Context(), j, func() {})
	got, err := w.kept.Job(t.Context(), j.ID)
	require.NoError(t, err)
	require.Equal(t, store.Cancelled, got.State)
	require.Equal(t, 0, w.model("cpu").Latest)
}

func TestATrainerThatClosesPutsItsJobBackForOthers(t *testing.T) {
	db := opened(t)
	one := inStore(t, db.Space("1/ds"))
	one.save(forecastOf("cpu"))
	begun := one.block()
	one.Start()
	j := one.ask("cpu", ByUser)
	<-begun
	one.Close()
	got, err := one.kept.Job(t.Context(), j.ID)
	require.NoError(t, err)
	require.Equal(t, []any{store.Queued, 0}, []any{got.State, got.Attempt}, "as if it had not been tried")
	two := inStore(t, db.Space("1/ds")).working()
	require.Equal(t, store.Done, two.job(j.ID).State)
}

func TestAnotherTrainerTakesUpWhatADeadOneLeft(t *testing.T) {
	w := made(t)
	w.save(forecastOf("cpu"))
	w.ask("cpu", ByUser)
	dead, err := w.kept.Claim(t.Context(), "dead", -time.Second)
	require.NoError(t, err)
	j := w.turn()
	require.Equal(t, []any{dead.ID, store.Done, 2}, []any{j.ID, j.State, j.Attempt})
	w.run(t.Context(), dead, func() {}) // it was only slow, and comes late
	versions, err := w.kept.Versions(t.Context(), "cpu")
	require.NoError(t, err)
	require.Len(t, versions, 1, "once only")
	require.Empty(t, w.trail("model.failed"))
}

func TestALeaseIsProlongedWhileTheWorkGoesOn(t *testing.T) {
	w := made(t, func(o *Options) { o.Lease = 250 * time.Millisecond }).working()
	w.save(forecastOf("cpu"))
	begun, release := make(chan struct{}, 1), make(chan struct{})
	w.metrics.set(func(m *metrics) {
		m.wait = func(context.Context) {
			begun <- struct{}{}
			<-release
		}
	})
	j := w.ask("cpu", ByUser)
	<-begun
	until := time.Now().Add(4 * 250 * time.Millisecond)
	for time.Now().Before(until) {
		taken, err := w.kept.Claim(t.Context(), "other", time.Minute)
		require.NoError(t, err)
		require.Nil(t, taken, "it is still that worker's")
		time.Sleep(20 * time.Millisecond)
	}
	seen, err := w.kept.Job(t.Context(), j.ID)
	require.NoError(t, err)
	require.Equal(t, "reading the source", seen.Progress.Current, "people see what it does")
	close(release)
	require.Equal(t, []any{store.Done, 1}, []any{w.job(j.ID).State, w.job(j.ID).Attempt})
}

func TestWhatWasLearntIsNotGivenUpBecauseTheStoreIsAwayForAMoment(t *testing.T) {
	w := made(t)
	w.save(forecastOf("cpu"))
	w.ask("cpu", ByUser)
	w.kept.fail("Complete", errAway, 2)
	require.Equal(t, store.Done, w.turn().State)
	require.Equal(t, 1, w.model("cpu").Live)
	seen := map[time.Time]bool{}
	for _, r := range w.metrics.reads {
		require.False(t, seen[r.From], "learnt once")
		seen[r.From] = true
	}
}

func TestAnErrorOfTheStoreThatStaysEndsTheAttempt(t *testing.T) {
	w := made(t)
	w.save(forecastOf("cpu"))
	w.ask("cpu", ByUser)
	w.kept.fail("Complete", store.ErrConflict, -1)
	j := w.turn()
	require.Equal(t, []any{store.Queued, 1}, []any{j.State, j.Attempt})
}

func TestTwoTrainersDoEachJobOnce(t *testing.T) {
	db := opened(t)
	one, two := inStore(t, db.Space("1/ds")), inStore(t, db.Space("1/ds"))
	var ids []string
	for i := range 8 {
		d := forecastOf(fmt.Sprintf("m%d", i))
		one.save(d)
		ids = append(ids, one.ask(d.Name, ByUser).ID)
	}
	one.working()
	two.working()
	for _, id := range ids {
		j := one.job(id)
		require.Equal(t, []any{store.Done, 1, 1}, []any{j.State, j.Attempt, j.Version})
	}
}

func TestAVersionIsPackedWithTheDefinitionItWasTrainedFrom(t *testing.T) {
	w := made(t)
	d := forecastOf("cpu")
	d.Description = "first"
	w.trained(d)
	changed := w.definition("cpu")
	changed.Description = "second"
	raw, err := json.Marshal(changed)
	require.NoError(t, err)
	w.overwrite("cpu", string(raw))
	v, err := w.kept.Version(t.Context(), "cpu", 1)
	require.NoError(t, err)
	var kept model.Definition
	require.NoError(t, json.Unmarshal(v.Definition, &kept))
	require.Equal(t, "first", kept.Description)
}

func TestAConstantMetricIsLearntToo(t *testing.T) {
	w := made(t)
	w.metrics.value = func(int, time.Time) float64 { return 7 }
	w.trained(forecastOf("cpu"))
	r := w.results("cpu", 1)[0]
	require.Equal(t, 240, r.Points)
	if r.MASE != nil {
		require.False(t, math.IsNaN(*r.MASE))
	}
}
