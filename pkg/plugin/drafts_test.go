package plugin

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
)

// slowly is a data source whose Prometheus answers only once it is let.
func slowly(t *testing.T) (i *Instance, asked <-chan struct{}, let func()) {
	fast, begun, gate := fakePrometheus(t), make(chan struct{}, 100), make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/query_range") {
			begun <- struct{}{}
			select {
			case <-gate:
			case <-r.Context().Done():
				return
			}
		}
		fast.Config.Handler.ServeHTTP(w, r)
	}))
	var once sync.Once
	let = func() { once.Do(func() { close(gate) }) }
	t.Cleanup(func() { let(); s.Close() })
	m, err := NewMetrics(prometheus.NewRegistry())
	require.NoError(t, err)
	made, err := Factory(m, "1.2.3", "")(context.Background(), backend.DataSourceInstanceSettings{UID: "ds", URL: s.URL})
	require.NoError(t, err)
	t.Cleanup(made.(*Instance).Dispose)
	return made.(*Instance), begun, let
}

func TestADraftThatIsChangedWhileItTrainsIsTrainedAsItIsNow(t *testing.T) {
	i, asked, let := slowly(t)
	var first, second api.Job
	require.Equal(t, 202, as(t, i, "anna", "Editor", "POST", "jobs", api.TrainDraft{Definition: forecastOf("cpu", "a")}, &first))
	<-asked
	require.Equal(t, 202, as(t, i, "anna", "Editor", "POST", "jobs", api.TrainDraft{Definition: forecastOf("cpu", "abc")}, &second))
	require.NotEqual(t, first.ID, second.ID, "the one that runs learns what is no longer wanted")
	let()
	require.Equal(t, 1, done(t, i, second.ID).Version)
	var was api.Job
	require.Equal(t, 200, as(t, i, "anna", "Viewer", "GET", "jobs/"+first.ID, nil, &was))
	require.Equal(t, api.JobCancelled, was.State)
	require.Equal(t, 3, modelNamed(t, i, "cpu").Series)
}

func TestATrainingCanBeCancelledWhileTheSourceIsRead(t *testing.T) {
	i, asked, _ := slowly(t)
	var made api.CreatedModel
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a"), Train: true}, &made))
	<-asked
	var j api.Job
	require.Equal(t, 200, as(t, i, "ben", "Editor", "POST", "jobs/"+made.Job.ID+"/cancel", nil, &j))
	until(t, "it stops", func() bool {
		as(t, i, "v", "Viewer", "GET", "jobs/"+made.Job.ID, nil, &j)
		return j.State == api.JobCancelled
	})
	require.Equal(t, api.StateEmpty, modelNamed(t, i, "cpu").State)
	require.Equal(t, 404, as(t, i, "ben", "Editor", "POST", "jobs/none/cancel", nil, nil))
}

func TestAskingTwiceTrainsOnce(t *testing.T) {
	i, asked, let := slowly(t)
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a")}, nil))
	var one, two api.Job
	require.Equal(t, 202, as(t, i, "anna", "Editor", "POST", "models/cpu/train", nil, &one))
	<-asked
	require.Equal(t, 202, as(t, i, "ben", "Editor", "POST", "models/cpu/train", nil, &two))
	require.Equal(t, one.ID, two.ID)
	let()
	done(t, i, one.ID)
	var list api.Jobs
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "jobs?model=cpu", nil, &list))
	require.Len(t, list.Jobs, 1)
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "jobs?model=other", nil, &list))
	require.Empty(t, list.Jobs)
	require.Equal(t, 404, as(t, i, "anna", "Editor", "POST", "models/none/train", nil, nil))
}

func TestADraftIsNobodysScheduleAndSavedOverItKeepsItsPlace(t *testing.T) {
	i := served(t, nil)
	d := forecastOf("cpu", "a")
	d.RetrainEvery = "24h"
	var j api.Job
	require.Equal(t, 202, as(t, i, "anna", "Editor", "POST", "jobs", api.TrainDraft{Definition: d}, &j))
	done(t, i, j.ID)
	require.Nil(t, modelNamed(t, i, "cpu").NextTraining)
	d.Query = json.RawMessage(strings.Replace(string(d.Query), `"ets"`, `"theta"`, 1))
	var made api.CreatedModel
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: d, Train: true}, &made))
	require.NotNil(t, made.Job, "what was learnt is not what is saved now")
	done(t, i, made.Job.ID)
	m := modelNamed(t, i, "cpu")
	require.Equal(t, []any{2, api.StateReady}, []any{m.Live, m.State})
	require.NotNil(t, m.NextTraining)
}

func TestChangesThatMeetAreRefused(t *testing.T) {
	i := served(t, nil)
	for _, name := range []string{"a", "b"} {
		require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf(name, "a")}, nil))
	}
	require.Equal(t, 409, as(t, i, "anna", "Editor", "PUT", "models/a", api.ChangeModel{Definition: forecastOf("b", "a")}, nil), "the name is taken")
	require.Equal(t, 404, as(t, i, "anna", "Editor", "PUT", "models/none", api.ChangeModel{Definition: forecastOf("none", "a")}, nil))
	require.Equal(t, 400, as(t, i, "anna", "Editor", "PUT", "models/a", api.ChangeModel{Definition: forecastOf("", "a")}, nil))
	require.Equal(t, 404, as(t, i, "anna", "Editor", "POST", "models/none/pause", api.Pause{Paused: new(true)}, nil))
	require.Equal(t, 404, as(t, i, "anna", "Editor", "POST", "models/none/rollback", nil, nil))
	d := forecastOf("a", "a")
	d.Provisioned, d.Draft = true, true
	var m api.Model
	require.Equal(t, 200, as(t, i, "anna", "Editor", "PUT", "models/a", api.ChangeModel{Definition: d}, &m))
	require.Equal(t, []bool{false, false}, []bool{m.Definition.Provisioned, m.Definition.Draft}, "these flags are not the user's")
}
