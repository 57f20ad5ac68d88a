package training

import (
	"encoding/json"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	frame "github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/source/prometheus"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/train"
	"github.com/forewarn/earlywarning/tests/promserver"
)

// ago is how long before the tests the model was trained, after which the first of its two series exchanged day and night: the same as
// last season is right again after a day, a model that learns slowly is not.
const ago = 40 * time.Hour

const shifts = `{"queryType":"forecast","source":{"kind":"prometheus","expr":"shift_percent","legendFormat":"{{host}}"},"model":{"algorithm":"ets"},"trainingWindow":"10d","interval":"1h","horizon":"12h"}`

// shiftData are the two series.
func shiftData(start time.Time) (out []promserver.Metric) {
	turned := time.Now().Add(-ago)
	for k, host := range []string{"turned", "steady"} {
		values := make([]float64, history/step)
		seed := uint64(k + 77)
		for i := range values {
			seed = seed*6364136223846793005 + 1442695040888963407
			at := float64(i) / 288
			if k == 0 && start.Add(time.Duration(i)*step).After(turned) {
				at += 0.5
			}
			values[i] = 50 + 20*math.Sin(2*math.Pi*at) + float64(seed>>40)/float64(1<<24)
		}
		out = append(out, promserver.Metric{Name: "shift_percent", Labels: map[string]string{"host": host}, Start: start, Step: step, Values: values})
	}
	return out
}

// trainThen lets a trainer with the clock of then train a model in the store that a plugin is started over afterwards.
func trainThen(t *testing.T, path string, then time.Time, d model.Definition) {
	t.Helper()
	client, err := prometheus.New(prometheus.Config{URL: world.Prom.URL, HTTP: http.DefaultClient})
	require.NoError(t, err)
	defer client.Close()
	db, err := store.Open(store.Config{Path: path})
	require.NoError(t, err)
	defer db.Close()
	kept := db.Space("1/ds")
	now := func() time.Time { return then }
	trainer := train.New(kept, query.NewEngine(map[source.Kind]source.Source{source.Prometheus: client}, now, 1<<26, 1<<26), &train.Gate{}, train.Options{Now: now, Poll: 20 * time.Millisecond})
	c, err := model.Compile(d, query.Defaults{})
	require.NoError(t, err)
	raw, err := json.Marshal(c.Definition)
	require.NoError(t, err)
	require.NoError(t, kept.CreateModel(t.Context(), &store.Model{Name: d.Name, Definition: raw, CreatedBy: "anna"}, store.Entry{Who: "anna", Action: "model.create", Model: d.Name}))
	j, _, err := kept.Enqueue(t.Context(), d.Name, "anna", train.ByUser, store.Entry{Who: "anna", Action: "model.train", Model: d.Name})
	require.NoError(t, err)
	trainer.Start()
	defer trainer.Close()
	require.Eventually(t, func() bool {
		j, err = kept.Job(t.Context(), j.ID)
		require.NoError(t, err)
		return j.State == store.Done || j.State == store.Failed
	}, time.Minute, 20*time.Millisecond)
	require.Equal(t, store.Done, j.State, j.Error)
}

// A model that was good when it was trained and loses to its twin since is answered by the twin, and that is to be seen wherever
// people look; a new version answers itself.
func TestAModelThatLosesIsDemotedAndANewVersionAnswersItself(t *testing.T) {
	t.Parallel()
	world.Need(t)
	settings, path := sqlite(t)
	trainThen(t, path, time.Now().Add(-ago), model.Definition{Name: "shifts", Query: json.RawMessage(shifts)})
	r := start(t, settings, nil)

	before := r.accuracy()
	require.Equal(t, "shifts", before.Model)
	require.Zero(t, before.Version, "not measured yet")
	require.Nil(t, before.Ratio)
	require.Eventually(t, func() bool { return r.accuracy().Version == 1 }, 2*time.Minute, time.Second, "the plugin looks once a minute")

	trial := r.accuracy()
	require.Equal(t, 2, trial.Series)
	require.InDelta(t, 2*ago.Hours(), trial.Points, 4, "an hour a point, of two series")
	require.WithinDuration(t, time.Now(), *trial.Measured, 2*time.Minute)
	require.Len(t, trial.Demoted, 1, "%+v", trial)
	require.Contains(t, trial.Demoted[0].Series, "turned")
	require.Greater(t, trial.Demoted[0].Ratio, 1.2)

	lines := r.lines("model.demoted")
	require.Len(t, lines, 1)
	require.Equal(t, []any{"trial", "shifts", 1, "turned"}, []any{lines[0].Who, lines[0].Model, lines[0].Version, lines[0].Subject})
	require.InDelta(t, *trial.Ratio, lines[0].Values["ratio"], 1e-9)
	r.whole()
	require.Contains(t, r.metrics(), `forewarn_model_demoted_series{datasource="ds",model="shifts"} 1`)
	require.Contains(t, r.metrics(), `forewarn_model_live_error_ratio{datasource="ds",model="shifts"} `)
	var m api.Model
	require.Equal(t, http.StatusOK, r.call("GET", "models/shifts", nil, &m))
	require.Equal(t, 1, m.Live)

	algorithms, notices := r.answered()
	require.Equal(t, map[string]string{"turned": "seasonal-naive", "steady": "ets"}, algorithms, "only what loses")
	require.Contains(t, notices, "turned: the forecasts of version 1 of the model shifts were ")
	report := r.ask(`{"queryType":"trail","report":"models"}`)
	require.NoError(t, report.Error)
	require.Equal(t, 1, report.Frames[0].Rows())
	require.Equal(t, int64(1), count(t, report.Frames[0], "demoted series"))

	r.done(r.retrain("shifts"))
	algorithms, notices = r.answered()
	require.NotContains(t, algorithms["turned"], "naive", "at once")
	require.NotContains(t, notices, "last season")
	require.Eventually(t, func() bool { return len(r.lines("model.restored")) > 0 }, 2*time.Minute, time.Second)
	restored := r.lines("model.restored")
	require.Len(t, restored, 1)
	require.Equal(t, 2, restored[0].Version)
	require.Equal(t, "a new version answers", restored[0].Note)
	require.Empty(t, r.accuracy().Demoted)
}

// What a model said then beside what came, as its page shows it.
func TestWhatAModelSaidThenIsShownBesideWhatCame(t *testing.T) {
	t.Parallel()
	world.Need(t)
	settings, path := sqlite(t)
	trainThen(t, path, time.Now().Add(-ago), model.Definition{Name: "shifts", Query: json.RawMessage(shifts)})
	r := start(t, settings, nil)
	res, err := r.process.Ask(t.Context(), r.pc, false, time.Now().Add(-ago/2), time.Now(), `{"model":{"name":"shifts"},"output":"hindcast","lead":"6h"}`)
	require.NoError(t, err)
	require.NoError(t, res.Error)
	f := res.Frames[0]
	require.Len(t, f.Fields, 1+4*2)
	require.InDelta(t, ago.Hours()/2, f.Rows(), 1)
	compared := custom(f.Meta.Custom)["series"].([]any)
	for i, name := range []string{"steady", "turned"} {
		h := custom(custom(compared[i])["hindcast"])
		require.Equal(t, "6h", h["lead"], name)
		require.Positive(t, h["points"], name)
		require.Positive(t, h["mae"], name)
	}
	steady, turned := custom(custom(compared[0])["hindcast"]), custom(custom(compared[1])["hindcast"])
	require.Less(t, steady["mae"], 1.5)
	require.Greater(t, turned["mae"], 3*steady["mae"].(float64), "day and night were exchanged")
}

// accuracy gives the one model's trial.
func (r *replica) accuracy() api.ModelTrial {
	r.t.Helper()
	var a api.LiveAccuracy
	require.Equal(r.t, http.StatusOK, r.call("GET", "accuracy", nil, &a))
	require.Len(r.t, a.Models, 1)
	return a.Models[0]
}

func (r *replica) lines(kind string) []api.Entry {
	r.t.Helper()
	var trail api.Audit
	require.Equal(r.t, http.StatusOK, r.call("GET", "audit?kind="+kind, nil, &trail))
	return trail.Entries
}

func (r *replica) metrics() string {
	r.t.Helper()
	text, err := r.process.CollectMetrics(r.t.Context())
	require.NoError(r.t, err)
	return string(text)
}

func (r *replica) retrain(name string) string {
	r.t.Helper()
	var j api.Job
	require.Equal(r.t, http.StatusAccepted, r.call("POST", "models/"+name+"/train", nil, &j))
	return j.ID
}

// answered gives the algorithm that answers for each series of the model, and what the answer says.
func (r *replica) answered() (algorithms map[string]string, notices string) {
	r.t.Helper()
	res := r.ask(`{"model":{"name":"shifts"}}`)
	require.NoError(r.t, res.Error)
	algorithms = map[string]string{}
	for _, one := range custom(res.Frames[0].Meta.Custom)["series"].([]any) {
		s := custom(one)
		algorithms[s["name"].(string)], _ = s["algorithm"].(string)
	}
	var texts []string
	for _, n := range res.Frames[0].Meta.Notices {
		texts = append(texts, n.Text)
	}
	return algorithms, strings.Join(texts, "\n")
}

// count gives the first value of a column of whole numbers.
func count(t *testing.T, f *frame.Frame, name string) int64 {
	t.Helper()
	field, _ := f.FieldByName(name)
	require.NotNil(t, field, name)
	v, ok := field.At(0).(int64)
	require.True(t, ok, "%T", field.At(0))
	return v
}
