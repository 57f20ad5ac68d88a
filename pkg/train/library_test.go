package train

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/store"
)

func TestQueriesGetTheLiveVersionOrTheOneTheyName(t *testing.T) {
	w := made(t)
	w.trained(forecastOf("cpu"))
	w.pass(24 * time.Hour)
	w.ask("cpu", ByUser)
	require.Equal(t, store.Done, w.turn().State)
	for asked, want := range map[int]int{0: 2, 1: 1, 2: 2} {
		got, err := w.Trained(t.Context(), "cpu", asked)
		require.NoError(t, err)
		require.Equal(t, want, got.Version)
		require.Equal(t, noon.Add(time.Duration(want-1)*24*time.Hour), got.To)
		require.Equal(t, []any{query.Forecast, time.Hour}, []any{got.Type, got.Interval})
		require.Contains(t, got.Series, `{host="h0"}`)
	}
}

func TestWhatIsNotThereIsSaidByField(t *testing.T) {
	w := made(t)
	w.save(forecastOf("new"))
	for _, c := range []struct {
		name    string
		version int
		says    string
	}{
		{"none", 0, `field "model.name": no model "none"`},
		{"new", 0, `field "model.name": the model "new" has not been trained yet`},
		{"new", 3, `field "model.version": the model "new" has no version 3`},
	} {
		_, err := w.Trained(t.Context(), c.name, c.version)
		require.ErrorIs(t, err, query.ErrNoModel)
		require.ErrorContains(t, err, c.says)
	}
}

func TestAModelThatWasUsedGoesOnAnsweringWhileTheStoreIsAway(t *testing.T) {
	w := made(t)
	w.trained(forecastOf("cpu"))
	_, err := w.Trained(t.Context(), "cpu", 0)
	require.NoError(t, err)
	w.kept.fail("Model", errAway, -1)
	w.kept.fail("Version", errAway, -1)
	w.expire("cpu")
	got, err := w.Trained(t.Context(), "cpu", 0)
	require.NoError(t, err)
	require.Equal(t, 1, got.Version)
	w.library.forget("cpu")
	got, err = w.Trained(t.Context(), "cpu", 0)
	require.NoError(t, err, "one that has just been changed here, too")
	require.Equal(t, 1, got.Version)
	_, err = w.Trained(t.Context(), "other", 0)
	require.ErrorIs(t, err, store.ErrUnavailable, "one that was not, cannot")
	_, err = w.Trained(t.Context(), "cpu", 9)
	require.ErrorIs(t, err, store.ErrUnavailable, "nor another version of it")
}

// expire makes what is known of a model old.
func (w *world) expire(name string) {
	w.library.mu.Lock()
	defer w.library.mu.Unlock()
	h := w.library.heads[name]
	h.at = h.at.Add(-time.Minute)
	w.library.heads[name] = h
}

func TestAPromotionOnAnotherReplicaIsSeenWithinSeconds(t *testing.T) {
	db := opened(t)
	one, two := inStore(t, db.Space("1/ds")), inStore(t, db.Space("1/ds"))
	one.trained(forecastOf("cpu"))
	one.ask("cpu", ByUser)
	require.Equal(t, store.Done, one.turn().State)
	got, err := two.Trained(t.Context(), "cpu", 0)
	require.NoError(t, err)
	require.Equal(t, 2, got.Version)
	require.NoError(t, one.kept.SetLive(t.Context(), "cpu", 1, store.Entry{Who: "anna", Action: "version.promote"}))
	require.LessOrEqual(t, freshFor, 5*time.Second)
	two.expire("cpu")
	got, err = two.Trained(t.Context(), "cpu", 0)
	require.NoError(t, err)
	require.Equal(t, 1, got.Version)
}

func TestAModelThatWasDeletedAndMadeAnewIsNotTheOldOne(t *testing.T) {
	w := made(t)
	w.trained(forecastOf("cpu"))
	old, err := w.Trained(t.Context(), "cpu", 0)
	require.NoError(t, err)
	m, err := w.kept.Model(t.Context(), "cpu")
	require.NoError(t, err)
	require.NoError(t, w.kept.DeleteModel(t.Context(), m, store.Entry{Who: "anna", Action: "model.delete"}))
	w.Forget("cpu")
	_, err = w.Trained(t.Context(), "cpu", 0)
	require.ErrorIs(t, err, query.ErrNoModel)
	w.trained(other(forecastOf("cpu")))
	got, err := w.Trained(t.Context(), "cpu", 0)
	require.NoError(t, err)
	require.NotEqual(t, string(old.Query), string(got.Query))
}

func TestARenamedModelAnswersUnderItsNewName(t *testing.T) {
	w := made(t)
	m := w.trained(forecastOf("cpu"))
	_, err := w.Trained(t.Context(), "cpu", 0)
	require.NoError(t, err)
	m.Name = "processor"
	require.NoError(t, w.kept.ChangeModel(t.Context(), m, store.Entry{Who: "anna", Action: "model.change"}))
	got, err := w.Trained(t.Context(), "processor", 0)
	require.NoError(t, err)
	require.Equal(t, "processor", got.Name)
}

func TestAVersionIsDecodedOnceForManyQueries(t *testing.T) {
	w := made(t)
	w.trained(forecastOf("cpu"))
	w.kept.fail("Version", errAway, -1)
	_, err := w.Trained(t.Context(), "cpu", 0)
	require.ErrorIs(t, err, store.ErrUnavailable)
	w.kept.fail("Version", nil, 0)
	var all sync.WaitGroup
	got := make([]*query.Trained, 8)
	for i := range got {
		all.Go(func() { got[i], _ = w.Trained(t.Context(), "cpu", 0) })
	}
	all.Wait()
	w.kept.fail("Version", errAway, -1)
	held, err := w.Trained(t.Context(), "cpu", 0)
	require.NoError(t, err)
	for _, g := range got {
		require.Same(t, held, g)
	}
}

func TestAVersionThatCannotBeReadSaysWhatToDo(t *testing.T) {
	good := func() *store.Version {
		states, err := model.EncodeStates(nil)
		require.NoError(t, err)
		return &store.Version{Number: 3, Definition: []byte(`{"query":{"source":{}}}`), Summary: []byte(`{"type":"forecast","interval":3600}`), States: states}
	}
	_, err := decode("cpu", good())
	require.NoError(t, err)
	for says, damage := range map[string]func(v *store.Version){
		`version 3 of model "cpu": definition`: func(v *store.Version) { v.Definition = []byte("{") },
		`version 3 of model "cpu": summary`:    func(v *store.Version) { v.Summary = nil },
		"train it again, or roll back":         func(v *store.Version) { v.States = v.States[:5] },
	} {
		v := good()
		damage(v)
		_, err := decode("cpu", v)
		require.ErrorContains(t, err, says)
	}
}

func TestWhatTrainingFoundIsWhatQueriesGet(t *testing.T) {
	w := made(t)
	w.metrics.value = spikes(53*time.Hour, rhythm)
	d := anomalyOf("cpu", 0.5)
	d.Timezone, d.Holidays = "Asia/Shanghai", "CN"
	w.trained(d)
	at := noon.Add(-time.Hour)
	require.NoError(t, w.kept.AddLabel(t.Context(), &store.Label{Model: "cpu", From: at, To: noon, Kind: "incident"}, store.Entry{Who: "anna", Action: "label.add"}))
	w.ask("cpu", ByUser)
	require.Equal(t, store.Done, w.turn().State)
	got, err := w.Trained(t.Context(), "cpu", 0)
	require.NoError(t, err)
	require.Greater(t, got.Threshold, 1.0)
	require.Len(t, got.Unlearnt, 1)
	require.Equal(t, at, got.Unlearnt[0].From)
	require.Contains(t, string(got.Query), `"timezone":"Asia/Shanghai"`)
	v, err := w.kept.Version(t.Context(), "cpu", 2)
	require.NoError(t, err)
	s, err := Summary(v)
	require.NoError(t, err)
	require.Equal(t, got.Threshold, s.Threshold)
	_, err = Summary(&store.Version{Summary: []byte("x")})
	require.Error(t, err)
}
