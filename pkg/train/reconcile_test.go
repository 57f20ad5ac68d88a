package train

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/store"
)

func list(definitions ...model.Definition) (out []Listed) {
	for _, d := range definitions {
		out = append(out, Listed{Definition: d})
	}
	return out
}

func (w *world) reconcile(listed ...model.Definition) []string {
	w.t.Helper()
	problems, err := w.Reconcile(w.t.Context(), list(listed...))
	require.NoError(w.t, err)
	return problems
}

// other is the same model with another window.
func other(d model.Definition) model.Definition {
	d.Query = json.RawMessage(`{"queryType":"forecast","source":{"kind":"prometheus","expr":"load"},"model":{"algorithm":"ets"},"trainingWindow":"7d","interval":"1h","horizon":"12h"}`)
	return d
}

func TestListedModelsAreAddedAndTrained(t *testing.T) {
	w := made(t)
	require.Empty(t, w.reconcile(forecastOf("a"), forecastOf("b")))
	require.Equal(t, map[string]string{"a": ByProvisions, "b": ByProvisions}, w.waiting())
	d := w.definition("a")
	require.True(t, d.Provisioned)
	m := w.model("a")
	require.Equal(t, "provisioning", m.CreatedBy)
	lines := w.trail("model.create")
	require.Len(t, lines, 2)
	require.Equal(t, "provisioning", lines[0].Who)
}

func TestTheSameListChangesNothing(t *testing.T) {
	w := made(t)
	w.reconcile(forecastOf("a"))
	require.Equal(t, store.Done, w.turn().State)
	before := w.model("a").Revision
	for range 3 {
		require.Empty(t, w.reconcile(forecastOf("a")))
	}
	require.Equal(t, before, w.model("a").Revision)
	require.Empty(t, w.waiting(), "it is trained already")
	require.Empty(t, w.trail("model.change"))
}

func TestAChangedModelIsNotRetrainedSoThatTheDifferenceIsSeenFirst(t *testing.T) {
	w := made(t)
	w.reconcile(forecastOf("a"))
	require.Equal(t, store.Done, w.turn().State)
	require.Empty(t, w.reconcile(other(forecastOf("a"))))
	require.Empty(t, w.waiting())
	require.Equal(t, 1, w.model("a").Live)
	v, err := w.kept.Version(t.Context(), "a", 1)
	require.NoError(t, err)
	var trained model.Definition
	require.NoError(t, json.Unmarshal(v.Definition, &trained))
	require.Equal(t, []model.Change{{Field: "query.trainingWindow", Before: "10d", After: "7d"}}, model.Changes(trained, w.definition("a")))
	lines := w.trail("model.change")
	require.Len(t, lines, 1)
	require.Equal(t, "7d", lines[0].Values["query.trainingWindow"], "the trail says what has changed")
	w.ask("a", ByUser)
	require.Equal(t, store.Done, w.turn().State)
	require.Equal(t, 168, w.results("a", 2)[0].Points)
}

func TestAModelThatNeverTrainedIsTriedAgainWhenItsDefinitionChanges(t *testing.T) {
	w := made(t)
	w.metrics.err = source.ErrBadQuery
	w.reconcile(forecastOf("a"))
	require.Equal(t, store.Failed, w.turn().State)
	w.metrics.set(func(m *metrics) { m.err = nil })
	w.reconcile(other(forecastOf("a")))
	require.Equal(t, map[string]string{"a": ByProvisions}, w.waiting())
	require.Equal(t, store.Done, w.turn().State)
}

func TestAModelThatNeverTrainedIsTriedAgainWithTheNextStart(t *testing.T) {
	w := made(t)
	w.metrics.err = source.ErrDenied
	w.reconcile(forecastOf("a"))
	require.Equal(t, store.Failed, w.turn().State)
	w.metrics.set(func(m *metrics) { m.err = nil })
	w.reconcile(forecastOf("a"))
	require.Equal(t, store.Done, w.turn().State)
}

func TestAPausedModelIsAddedAndNotTrained(t *testing.T) {
	w := made(t)
	d := forecastOf("a")
	d.Paused = true
	require.Empty(t, w.reconcile(d))
	require.Empty(t, w.waiting())
}

func TestWhatIsNoLongerListedIsPausedAndTheUsers(t *testing.T) {
	w := made(t)
	w.reconcile(forecastOf("a"), forecastOf("b"))
	w.save(forecastOf("own"))
	require.Empty(t, w.reconcile(forecastOf("b")))
	d := w.definition("a")
	require.Equal(t, []bool{false, true}, []bool{d.Provisioned, d.Paused})
	require.True(t, w.definition("b").Provisioned)
	own := w.definition("own")
	require.Equal(t, []bool{false, false}, []bool{own.Provisioned, own.Paused}, "users' models are their own")
	lines := w.trail("model.unlisted")
	require.Len(t, lines, 1)
	require.Equal(t, "a", lines[0].Model)
	require.Empty(t, w.reconcile(forecastOf("a"), forecastOf("b")))
	d = w.definition("a")
	require.Equal(t, []bool{true, false}, []bool{d.Provisioned, d.Paused}, "listed again, it is as before")
	require.Empty(t, w.reconcile())
	require.True(t, w.definition("b").Paused)
}

func TestAMistakeIsToldAndTakesNoModelAway(t *testing.T) {
	w := made(t)
	w.reconcile(forecastOf("a"), forecastOf("b"))
	bad := forecastOf(" a ") // the spaces are not part of the name
	bad.RetrainEvery = "often"
	unnamed := forecastOf("")
	problems := w.reconcile(bad, forecastOf("b"), forecastOf("b"), unnamed)
	require.Len(t, problems, 3)
	require.Contains(t, problems[0], `models[0] " a ": `)
	require.Contains(t, problems[0], "retrainEvery")
	require.Equal(t, `models[2]: the name "b" stands twice`, problems[1])
	require.Contains(t, problems[2], "models[3]")
	require.True(t, w.definition("a").Provisioned)
	require.False(t, w.definition("a").Paused, "a slip of the pen does not stop a model")
}

func TestAUsersModelOfTheSameNameIsTakenOver(t *testing.T) {
	w := made(t)
	w.trained(forecastOf("a"))
	require.Empty(t, w.reconcile(forecastOf("a")))
	require.True(t, w.definition("a").Provisioned)
	require.Equal(t, 1, w.model("a").Live, "what it has learnt stays")
	require.Empty(t, w.waiting())
}

func TestTheListCannotMakeADraft(t *testing.T) {
	w := made(t)
	d := forecastOf("a")
	d.Draft = true
	w.reconcile(d)
	require.False(t, w.definition("a").Draft)
}

func TestSeveralReplicasWithTheSameListAgree(t *testing.T) {
	db := opened(t)
	one, two := inStore(t, db.Space("1/ds")), inStore(t, db.Space("1/ds"))
	both := make(chan []string, 2)
	for _, w := range []*world{one, two} {
		go func() {
			p, err := w.Reconcile(t.Context(), list(forecastOf("a"), forecastOf("b")))
			if err != nil {
				p = append(p, err.Error())
			}
			both <- p
		}()
	}
	require.Empty(t, <-both)
	require.Empty(t, <-both)
	jobs, err := one.kept.Jobs(t.Context(), "", 10)
	require.NoError(t, err)
	require.Len(t, jobs, 2, "each is trained once")
}

func TestTheListIsBroughtInLineAsSoonAsTheStoreWorks(t *testing.T) {
	w := made(t)
	w.kept.fail("Models", errAway, 1)
	type report struct {
		problems []string
		err      error
	}
	reports := make(chan report, 4)
	w.KeepReconciled(list(forecastOf("a")), func(p []string, err error) { reports <- report{p, err} })
	t.Cleanup(w.Close)
	require.ErrorIs(t, (<-reports).err, store.ErrUnavailable)
	select {
	case r := <-reports:
		require.NoError(t, r.err)
	case <-time.After(30 * time.Second):
		t.Fatal("nobody tried again")
	}
	require.True(t, w.definition("a").Provisioned)
}
