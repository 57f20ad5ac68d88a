package plugin

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
)

func p[T any](v T) *T { return &v }

func TestTheStateOfAModelIsTheFirstThatPeopleMustKnow(t *testing.T) {
	job := func(s store.JobState) *store.Job { return &store.Job{State: s} }
	for name, c := range map[string]struct {
		model api.Model
		job   *store.Job
		want  string
	}{
		"never trained":                   {api.Model{}, nil, api.StateEmpty},
		"asked for":                       {api.Model{}, job(store.Queued), api.StateTraining},
		"being trained":                   {api.Model{Live: 1}, job(store.Running), api.StateTraining},
		"failed the first time":           {api.Model{}, job(store.Failed), api.StateFailed},
		"failed, an older one answers":    {api.Model{Live: 1}, job(store.Failed), api.StateFailed},
		"cancelled before the first":      {api.Model{}, job(store.Cancelled), api.StateEmpty},
		"cancelled, an older one answers": {api.Model{Live: 1}, job(store.Cancelled), api.StateReady},
		"trained":                         {api.Model{Live: 1, Drift: p(0.9)}, job(store.Done), api.StateReady},
		"drifted":                         {api.Model{Live: 1, Drift: p(1.0)}, job(store.Done), api.StateStale},
		"changed since":                   {api.Model{Live: 1, Pending: []api.Change{{Field: "holidays"}}}, job(store.Done), api.StateStale},
		"due in a moment":                 {api.Model{Live: 1, NextTraining: p(time.Now().Add(-time.Minute))}, job(store.Done), api.StateReady},
		"overdue":                         {api.Model{Live: 1, NextTraining: p(time.Now().Add(-time.Hour))}, job(store.Done), api.StateStale},
		"paused":                          {api.Model{Live: 1, Definition: api.Definition{Paused: true}, Drift: p(2.0)}, job(store.Done), api.StatePaused},
	} {
		require.Equal(t, c.want, stateOf(&c.model, c.job), name)
	}
}

// kept is a version as training leaves it, of a definition.
func keptVersion(t *testing.T, number int, d api.Definition) *store.Version {
	t.Helper()
	raw, err := json.Marshal(d)
	require.NoError(t, err)
	return &store.Version{Number: number, Definition: raw, Summary: []byte(`{"series":2,"points":9,"error":{"mase":0.7,"twinMase":0.9,"skill":0.2},"coverage":0.94,"threshold":1,"type":"forecast","interval":300}`)}
}

func TestWhatTrainingWouldChangeIsShownBeforeIt(t *testing.T) {
	i := served(t, nil)
	d := forecastOf("cpu", "a")
	changed := d
	changed.Holidays, changed.Description, changed.Labels = "CN", "new words", map[string]string{"team": "db"}
	raw, err := json.Marshal(changed)
	require.NoError(t, err)
	m, err := i.view(&store.Model{Definition: raw, Live: 1, Latest: 1, Drift: 0.25}, keptVersion(t, 1, d), nil)
	require.NoError(t, err)
	require.Equal(t, []api.Change{{Field: "holidays", Before: "", After: "CN"}}, m.Pending, "words do not matter to a training")
	require.Equal(t, api.StateStale, m.State)
	require.Equal(t, []any{2, 9, 0.7, 0.94, 0.25}, []any{m.Series, m.Points, *m.Error.MASE, *m.Coverage, *m.Drift})
	require.Nil(t, m.Job)

	same, err := i.view(&store.Model{Definition: raw, Live: 1}, keptVersion(t, 1, changed), &store.Job{ID: "j", State: store.Failed, Error: "why"})
	require.NoError(t, err)
	require.Empty(t, same.Pending)
	require.NotNil(t, same.Pending, "an empty list, not null")
	require.Equal(t, "why", same.Job.Error)
}

func TestAVersionSaysWhatChangedSinceTheOneBefore(t *testing.T) {
	before, after := forecastOf("cpu", "a"), forecastOf("cpu", "b")
	v, err := versionOf(keptVersion(t, 2, after), keptVersion(t, 1, before), 1)
	require.NoError(t, err)
	require.Equal(t, []api.Change{{Field: "query.source.expr", Before: "a", After: "b"}}, v.Changes)
	require.False(t, v.Live)
	first, err := versionOf(keptVersion(t, 1, before), nil, 1)
	require.NoError(t, err)
	require.Equal(t, []api.Change{}, first.Changes)
	require.True(t, first.Live)
}

func TestWhatCannotBeReadIsAnErrorAndNotAnEmptyPage(t *testing.T) {
	i := served(t, nil)
	good := forecastOf("cpu", "a")
	raw, err := json.Marshal(good)
	require.NoError(t, err)
	_, err = i.view(&store.Model{Definition: []byte("{")}, nil, nil)
	require.Error(t, err)
	bad := keptVersion(t, 1, good)
	bad.Summary = []byte("{")
	_, err = i.view(&store.Model{Definition: raw, Live: 1}, bad, nil)
	require.Error(t, err)
	_, err = versionOf(bad, nil, 1)
	require.Error(t, err)
	bad = keptVersion(t, 1, good)
	bad.Definition = []byte("{")
	_, err = i.view(&store.Model{Definition: raw, Live: 1}, bad, nil)
	require.Error(t, err)
	_, err = versionOf(keptVersion(t, 2, good), bad, 1)
	require.Error(t, err)
}

func TestOneModelThatCannotBeReadDoesNotHideTheOthers(t *testing.T) {
	i := served(t, nil)
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("good", "a")}, nil))
	require.NoError(t, i.store.CreateModel(t.Context(), &store.Model{Name: "bad", Definition: []byte("{"), CreatedBy: "x"}, store.Entry{Who: "x", Action: "model.create"}))
	var all api.Models
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "models", nil, &all))
	require.Len(t, all.Models, 1)
	require.Len(t, all.Problems, 1)
	require.Contains(t, all.Problems[0], `model "bad" cannot be read`)
}

func TestTimesThatAreNotKnownAreNull(t *testing.T) {
	require.Nil(t, when(time.Time{}))
	j := jobOf(&store.Job{State: store.Queued, Created: time.Unix(1, 0)})
	raw, err := json.Marshal(j)
	require.NoError(t, err)
	require.Contains(t, string(raw), `"started":null,"finished":null`)
}
