package plugin

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/trail"
)

func forecastOf(name, expr string) api.Definition {
	return api.Definition{Name: name, Query: json.RawMessage(fmt.Sprintf(
		`{"queryType":"forecast","source":{"kind":"prometheus","expr":%q,"legendFormat":"{{host}}"},"model":{"algorithm":"ets"},"trainingWindow":"4d","interval":"30m","horizon":"12h"}`, expr))}
}

func anomalyOf(name string, budget float64) api.Definition {
	return api.Definition{Name: name, AlertBudget: budget, Query: json.RawMessage(
		`{"queryType":"anomaly","source":{"kind":"prometheus","expr":"ab","legendFormat":"{{host}}"},"trainingWindow":"7d","interval":"30m"}`)}
}

// trained creates a model, waits until it is trained, and gives it.
func trained(t testing.TB, i *Instance, d api.Definition) api.Model {
	t.Helper()
	var made api.CreatedModel
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: d, Train: true}, &made))
	require.NotNil(t, made.Job)
	require.Equal(t, api.StateTraining, made.Model.State)
	done(t, i, made.Job.ID)
	return modelNamed(t, i, d.Name)
}

func done(t testing.TB, i *Instance, job string) api.Job {
	t.Helper()
	var j api.Job
	until(t, "the job ends", func() bool {
		require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "jobs/"+job, nil, &j))
		return j.State != api.JobQueued && j.State != api.JobRunning
	})
	require.Equal(t, api.JobDone, j.State, j.Error)
	return j
}

func modelNamed(t testing.TB, i *Instance, name string) (m api.Model) {
	t.Helper()
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "models/"+name, nil, &m))
	return m
}

func TestAModelFromDefinitionToAnswer(t *testing.T) {
	i := served(t, nil)
	m := trained(t, i, forecastOf("cpu", "abc"))
	require.Equal(t, api.StateReady, m.State)
	require.Equal(t, []int{1, 1, 3}, []int{m.Live, m.Latest, m.Series})
	require.NotNil(t, m.TrainedAt)
	require.NotNil(t, m.Error.Skill)
	require.Greater(t, m.Bytes, 0)
	require.Equal(t, "anna", m.CreatedBy)

	now := time.Now()
	query := func(text string) backend.DataResponse {
		return i.answer(t.Context(), backend.DataQuery{RefID: "A", JSON: []byte(text), TimeRange: backend.TimeRange{From: now.Add(-6 * time.Hour), To: now}}, false, trail.Rule{})
	}
	r := query(`{"model":{"name":"cpu"}}`)
	require.NoError(t, r.Error)
	f := r.Frames[0]
	require.Len(t, f.Fields, 1+3*5, "time, and per series actual, expected, forecast and the two bounds")
	require.Equal(t, 12+24, f.Rows())
	raw, err := json.Marshal(f.Meta.Custom)
	require.NoError(t, err)
	require.Contains(t, string(raw), `"model":"cpu","version":1`)
	require.Contains(t, string(raw), "Version 1 of the model cpu")
	for _, field := range f.Fields[1:] {
		n := 0
		for k := range field.Len() {
			if v, _ := field.At(k).(*float64); v != nil {
				n++
				require.InDelta(t, 50, *v, 70)
			}
		}
		require.Greater(t, n, 10, "%v", field.Labels)
	}
	require.ErrorContains(t, query(`{"model":{"name":"cpu"},"interval":"5m"}`).Error, "30m")
	require.ErrorContains(t, query(`{"model":{"name":"cpu"},"queryType":"anomaly"}`).Error, "queryType")
	require.ErrorContains(t, query(`{"model":{"name":"none"}}`).Error, "no model")
	require.ErrorContains(t, query(`{"model":{"name":"cpu","version":7}}`).Error, "version")
	require.NoError(t, query(`{"model":{"name":"cpu","version":1},"queryType":"warning","threshold":{"value":90,"direction":"above"}}`).Error)
	more := query(`{"model":{"name":"cpu"},"source":{"kind":"prometheus","expr":"abcd","legendFormat":"{{host}}"}}`)
	require.NoError(t, more.Error)
	require.Len(t, more.Frames[0].Fields, 1+4*5)
	require.Contains(t, fmt.Sprint(more.Frames[0].Meta.Notices), "fitted on request", "a series that is newer than the model")
}

func TestVersionsPromotionAndRollback(t *testing.T) {
	i := served(t, nil)
	d := forecastOf("cpu", "a")
	trained(t, i, d)
	d.Query = json.RawMessage(`{"queryType":"forecast","source":{"kind":"prometheus","expr":"a"},"model":{"algorithm":"theta"},"trainingWindow":"4d","interval":"30m","horizon":"12h"}`)
	require.Equal(t, 200, as(t, i, "anna", "Editor", "PUT", "models/cpu", api.ChangeModel{Definition: d}, nil))
	m := modelNamed(t, i, "cpu")
	require.Equal(t, api.StateStale, m.State)
	require.Equal(t, "query.model.algorithm", m.Pending[0].Field, "what training would change is shown before")
	var j api.Job
	require.Equal(t, 202, as(t, i, "ben", "Editor", "POST", "models/cpu/train", nil, &j))
	require.Equal(t, 2, done(t, i, j.ID).Version)

	var list api.Versions
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "models/cpu/versions", nil, &list))
	require.Len(t, list.Versions, 2)
	require.True(t, list.Versions[0].Live)
	require.Contains(t, fmt.Sprint(list.Versions[0].Changes), "theta")
	var detail api.VersionDetail
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "models/cpu/versions/2", nil, &detail))
	require.Len(t, detail.Results, 1)
	require.Equal(t, "theta", detail.Results[0].Algorithm)
	require.Equal(t, 192, detail.Results[0].Points)

	require.Equal(t, 200, as(t, i, "ben", "Editor", "POST", "models/cpu/rollback", nil, &m))
	require.Equal(t, 1, m.Live)
	require.Equal(t, 409, as(t, i, "ben", "Editor", "POST", "models/cpu/rollback", nil, nil), "there is none before")
	require.Equal(t, 200, as(t, i, "ben", "Editor", "POST", "models/cpu/promote", api.Promote{Version: 2}, &m))
	require.Equal(t, 2, m.Live)
	require.Equal(t, 404, as(t, i, "ben", "Editor", "POST", "models/cpu/promote", api.Promote{Version: 3}, nil))
	require.Equal(t, 400, as(t, i, "ben", "Editor", "POST", "models/cpu/promote", api.Promote{}, nil))
	require.Equal(t, 404, as(t, i, "v", "Viewer", "GET", "models/cpu/versions/9", nil, nil))
	require.Equal(t, 400, as(t, i, "v", "Viewer", "GET", "models/cpu/versions/x", nil, nil))

	var audit api.Audit
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "audit?model=cpu", nil, &audit))
	var actions []string
	for _, e := range audit.Entries {
		actions = append([]string{e.Who + " " + e.Action}, actions...)
	}
	require.Equal(t, []string{"anna model.create", "anna model.train", "anna model.trained", "anna model.change", "ben model.train", "ben model.trained", "ben version.rollback", "ben version.promote"}, actions)
	var v api.Verified
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "audit/verify", nil, &v))
	require.True(t, v.OK)
	status, file := sendAs(t, i, "v", "Viewer", "GET", "audit/export?format=csv&kind=version", nil)
	require.Equal(t, 200, status)
	require.Contains(t, string(file), "version.rollback")
	require.NotContains(t, string(file), "model.create")
}

func TestNobodyButThoseWhoMayChangesAnything(t *testing.T) {
	i := served(t, nil)
	trained(t, i, forecastOf("cpu", "a"))
	for _, c := range []struct{ method, path, body string }{
		{"POST", "models", `{}`}, {"PUT", "models/cpu", `{}`}, {"DELETE", "models/cpu", ``}, {"POST", "models/cpu/train", ``}, {"POST", "models/cpu/promote", `{"version":1}`},
		{"POST", "models/cpu/rollback", ``}, {"POST", "models/cpu/pause", `{"paused":true}`}, {"GET", "models/cpu/export", ``}, {"POST", "models/import", `{}`}, {"POST", "jobs", `{}`},
		{"POST", "jobs/x/cancel", ``}, {"POST", "labels", `{}`}, {"DELETE", "labels/x", ``}, {"DELETE", "cache", ``},
	} {
		for _, role := range []string{"Viewer", "None", ""} {
			require.Equal(t, 403, as(t, i, "eve", role, c.method, c.path, c.body, nil), "%s %s as %q", c.method, c.path, role)
		}
	}
	for _, path := range []string{"models", "models/cpu", "models/cpu/versions", "models/cpu/versions/1", "jobs", "labels", "precision", "audit", "audit/verify", "audit/export", "status", "algorithms"} {
		require.Equal(t, 200, as(t, i, "eve", "Viewer", "GET", path, nil, nil), path)
	}
	require.Equal(t, 403, as(t, i, "eve", "None", "GET", "models", nil, nil))
	require.Equal(t, 403, as(t, i, "ben", "Editor", "DELETE", "models/cpu", nil, nil), "an editor does not delete what others have made")
	require.Equal(t, 204, as(t, i, "anna", "Editor", "DELETE", "models/cpu", nil, nil))
	require.Equal(t, 404, as(t, i, "root", "Admin", "DELETE", "models/cpu", nil, nil))
	require.Equal(t, 404, as(t, i, "eve", "Viewer", "GET", "models/cpu", nil, nil))
}

func TestMistakesNameTheField(t *testing.T) {
	i := served(t, nil)
	create := func(change func(d *api.Definition)) string {
		d := forecastOf("cpu", "a")
		change(&d)
		raw, err := json.Marshal(api.CreateModel{Definition: d})
		require.NoError(t, err)
		return string(raw)
	}
	for name, c := range map[string]struct{ path, body, field string }{
		"no name":       {"models", create(func(d *api.Definition) { d.Name = " " }), "name"},
		"a slash":       {"models", create(func(d *api.Definition) { d.Name = "a/b" }), "name"},
		"no query":      {"models", create(func(d *api.Definition) { d.Query = nil }), "query"},
		"unknown field": {"models", create(func(d *api.Definition) { d.Query = json.RawMessage(`{"sauce":1}`) }), "query.sauce"},
		"bad interval": {"models", create(func(d *api.Definition) {
			d.Query = json.RawMessage(`{"source":{"kind":"prometheus","expr":"a"},"interval":"soon"}`)
		}), "query.interval"},
		"a trained one": {"models", create(func(d *api.Definition) {
			d.Query = json.RawMessage(`{"source":{"kind":"prometheus","expr":"a"},"model":{"name":"x"}}`)
		}), "query.model.name"},
		"nothing to learn": {"models", create(func(d *api.Definition) {
			d.Query = json.RawMessage(`{"queryType":"series","source":{"kind":"prometheus","expr":"a"}}`)
		}), "query.queryType"},
		"a negative budget":  {"models", create(func(d *api.Definition) { d.AlertBudget = -1 }), "alertBudget"},
		"a bad schedule":     {"models", create(func(d *api.Definition) { d.RetrainEvery = "often" }), "retrainEvery"},
		"too often":          {"models", create(func(d *api.Definition) { d.RetrainEvery = "1m" }), "retrainEvery"},
		"an unknown zone":    {"models", create(func(d *api.Definition) { d.Timezone = "Mars/Base" }), "timezone"},
		"unknown holidays":   {"models", create(func(d *api.Definition) { d.Holidays = "XX" }), "holidays"},
		"time goes back":     {"models", create(func(d *api.Definition) { d.Excluded = []api.Excluded{{From: time.Unix(9, 0), To: time.Unix(8, 0)}} }), "excluded[0].to"},
		"an empty label":     {"models", create(func(d *api.Definition) { d.EntityLabels = []string{""} }), "entityLabels[0]"},
		"a wrong type":       {"models", `{"definition":{"name":7}}`, "definition.name"},
		"no JSON":            {"models", `{`, "body"},
		"a label's kind":     {"labels", `{"model":"m","kind":"odd","from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z"}`, "kind"},
		"a label's time":     {"labels", `{"model":"m","kind":"incident","from":"2026-01-02T00:00:00Z","to":"2026-01-01T00:00:00Z"}`, "to"},
		"too many days":      {"replay", `{"model":"m","days":500}`, "days"},
		"nothing to replay":  {"replay", `{"days":5}`, "definition"},
		"a changed file":     {"models/import", `{"format":"forewarn-model/1","checksum":"x"}`, "checksum"},
		"not a model's file": {"models/import", `{"format":"other"}`, "format"},
	} {
		t.Run(name, func(t *testing.T) {
			status, raw := sendAs(t, i, "anna", "Editor", "POST", c.path, c.body)
			require.Equal(t, 400, status, string(raw))
			var p api.Problem
			require.NoError(t, json.Unmarshal(raw, &p))
			require.Equal(t, c.field, p.Field, p.Error)
			require.NotEmpty(t, p.Error)
		})
	}
	for _, path := range []string{"audit?from=yesterday", "audit?limit=0", "audit?before=x", "audit/export?format=xml"} {
		require.Equal(t, 400, as(t, i, "v", "Viewer", "GET", path, nil, nil), path)
	}
}

func TestADraftIsTrainedLookedAtAndSavedWithWhatItLearnt(t *testing.T) {
	i := served(t, nil)
	var j api.Job
	require.Equal(t, 202, as(t, i, "anna", "Editor", "POST", "jobs", api.TrainDraft{Definition: forecastOf("cpu", "a")}, &j))
	done(t, i, j.ID)
	require.True(t, modelNamed(t, i, "cpu").Definition.Draft)
	var made api.CreatedModel
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a"), Train: true}, &made))
	require.Nil(t, made.Job, "what was learnt for the draft is what would be learnt now")
	require.Equal(t, 1, made.Model.Live)
	require.False(t, made.Model.Definition.Draft)
	require.Equal(t, 409, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a")}, nil))
	require.Equal(t, 409, as(t, i, "anna", "Editor", "POST", "jobs", api.TrainDraft{Definition: forecastOf("cpu", "a")}, nil))
	require.Equal(t, 200, as(t, i, "anna", "Editor", "PUT", "models/cpu", api.ChangeModel{Definition: forecastOf("cpu 2", "a")}, nil), "renamed")
	require.Equal(t, 1, modelNamed(t, i, "cpu%202").Live)
	require.Equal(t, 404, as(t, i, "v", "Viewer", "GET", "models/cpu", nil, nil))
}

func TestATrainingThatCannotWorkSaysWhy(t *testing.T) {
	i := served(t, nil)
	var made api.CreatedModel
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "none"), Train: true}, &made))
	until(t, "it fails", func() bool { return modelNamed(t, i, "cpu").State == api.StateFailed })
	require.Contains(t, modelNamed(t, i, "cpu").Job.Error, "no series")

	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("down", "fail"), Train: true}, &made))
	until(t, "it is tried again later", func() bool {
		var j api.Job
		as(t, i, "v", "Viewer", "GET", "jobs/"+made.Job.ID, nil, &j)
		return j.State == api.JobQueued && j.Attempt == 1 && j.Error != ""
	})
	var j api.Job
	require.Equal(t, 200, as(t, i, "anna", "Editor", "POST", "jobs/"+made.Job.ID+"/cancel", nil, &j))
	require.Equal(t, api.JobCancelled, j.State)
	require.Equal(t, 409, as(t, i, "anna", "Editor", "POST", "jobs/"+made.Job.ID+"/cancel", nil, nil))
	require.Equal(t, api.StateEmpty, modelNamed(t, i, "down").State)
}

func TestModelsMoveAsFiles(t *testing.T) {
	from, to := served(t, nil), served(t, nil)
	trained(t, from, forecastOf("cpu", "ab"))
	status, file := sendAs(t, from, "anna", "Editor", "GET", "models/cpu/export", nil)
	require.Equal(t, 200, status)
	var m api.Model
	require.Equal(t, 201, as(t, to, "ben", "Editor", "POST", "models/import", string(file), &m))
	require.Equal(t, []any{"cpu", 1, 2, "ben"}, []any{m.Definition.Name, m.Live, m.Series, m.CreatedBy})
	require.Equal(t, 409, as(t, to, "ben", "Editor", "POST", "models/import", string(file), nil))
	require.Equal(t, 201, as(t, to, "ben", "Editor", "POST", "models/import?name=copy", string(file), &m))
	require.Equal(t, "copy", m.Definition.Name)
	now := time.Now()
	for _, i := range []*Instance{from, to} {
		r := i.answer(t.Context(), backend.DataQuery{RefID: "A", JSON: []byte(`{"model":{"name":"cpu"}}`), TimeRange: backend.TimeRange{From: now.Add(-time.Hour), To: now}}, false, trail.Rule{})
		require.NoError(t, r.Error)
		require.Empty(t, r.Frames[0].Meta.Notices, "answered from the states, not fitted")
	}
	other := "x"
	if file[len(file)/2] == 'x' {
		other = "y"
	}
	broken := string(file[:len(file)/2]) + other + string(file[len(file)/2+1:])
	require.Equal(t, 400, as(t, to, "ben", "Editor", "POST", "models/import?name=x", broken, nil))
}

func TestProvisionedModelsAreTrainedAndReadOnly(t *testing.T) {
	bad := forecastOf("bad", "a")
	bad.RetrainEvery = "x"
	i := served(t, map[string]any{"models": []api.Definition{forecastOf("cpu", "a"), bad}})
	until(t, "it is trained", func() bool {
		status, _ := sendAs(t, i, "v", "Viewer", "GET", "models/cpu", nil)
		return status == 200 && modelNamed(t, i, "cpu").Live == 1
	})
	m := modelNamed(t, i, "cpu")
	require.True(t, m.Definition.Provisioned)
	require.Equal(t, "provisioning", m.CreatedBy)
	require.Equal(t, 409, as(t, i, "root", "Admin", "PUT", "models/cpu", api.ChangeModel{Definition: forecastOf("cpu", "b")}, nil))
	require.Equal(t, 409, as(t, i, "root", "Admin", "DELETE", "models/cpu", nil, nil))
	require.Equal(t, 409, as(t, i, "root", "Admin", "POST", "models/cpu/pause", api.Pause{Paused: new(true)}, nil))
	require.Equal(t, 202, as(t, i, "anna", "Editor", "POST", "models/cpu/train", nil, nil), "training is not a change")
	var all api.Models
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "models", nil, &all))
	require.Len(t, all.Models, 1)
	require.Len(t, all.Problems, 1)
	require.Contains(t, all.Problems[0], `models[1] "bad"`)
	require.Equal(t, "sqlite", all.Store.Kind)
	require.True(t, all.Store.OK)

	i = served(t, map[string]any{"models": "none"})
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "models", nil, &all))
	require.Contains(t, all.Problems[0], "cannot be read")
}

func TestAModelIsPausedAndResumed(t *testing.T) {
	i := served(t, nil)
	d := forecastOf("cpu", "a")
	d.RetrainEvery = "24h"
	m := trained(t, i, d)
	require.NotNil(t, m.NextTraining)
	require.Equal(t, 200, as(t, i, "anna", "Editor", "POST", "models/cpu/pause", api.Pause{Paused: new(true)}, &m))
	require.Equal(t, api.StatePaused, m.State)
	require.Nil(t, m.NextTraining)
	for _, empty := range []string{"{}", "null", `{"paused":null}`} {
		status, text := sent(i, "POST", "models/cpu/pause", empty)
		require.Equal(t, 400, status, empty)
		require.Contains(t, text, `field \"paused\" is missing, needed is true or false`)
	}
	require.Equal(t, api.StatePaused, modelNamed(t, i, "cpu").State, "a body that says nothing resumes nothing")
	require.Equal(t, 200, as(t, i, "anna", "Editor", "POST", "models/cpu/pause", api.Pause{Paused: new(false)}, &m))
	require.Equal(t, api.StateReady, m.State)
}

func TestLabelsAreKeptCountedAndLeftOutOfTraining(t *testing.T) {
	i := served(t, nil)
	trained(t, i, anomalyOf("cpu", 0))
	var l api.Label
	for k, kind := range []string{api.KindIncident, api.KindIncident, api.KindIncident, api.KindNotAnomaly} {
		at := time.Now().Add(-time.Duration(k+1) * 24 * time.Hour).UTC().Truncate(30 * time.Minute)
		require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "labels", api.NewLabel{Model: "cpu", Series: map[string]string{"host": "h0"}, From: at, To: at.Add(2 * time.Hour), Kind: kind, Note: "n"}, &l))
		require.Equal(t, "anna", l.By)
	}
	var p api.PrecisionAnswer
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "precision?model=cpu", nil, &p))
	require.Len(t, p.Precision, 1)
	require.Equal(t, 0.75, *p.Precision[0].Precision)
	var first api.VersionDetail
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "models/cpu/versions/1", nil, &first))
	require.Equal(t, first.Results[0].Algorithm, p.Precision[0].Algorithm)
	var j api.Job
	require.Equal(t, 202, as(t, i, "anna", "Editor", "POST", "models/cpu/train", nil, &j))
	done(t, i, j.ID)
	var v api.VersionDetail
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "models/cpu/versions/2", nil, &v))
	require.Equal(t, 16, v.Results[0].Gaps, "four stretches of two hours at half an hour are not learnt")
	require.Equal(t, 0, v.Results[1].Gaps, "the other series is not labelled")
	require.Equal(t, 204, as(t, i, "anna", "Editor", "DELETE", "labels/"+l.ID, nil, nil))
	var all api.Labels
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "labels?model=cpu", nil, &all))
	require.Len(t, all.Labels, 3)
	require.Equal(t, 404, as(t, i, "anna", "Editor", "POST", "labels", api.NewLabel{Model: "none", From: l.From, To: l.To, Kind: api.KindIncident}, nil))
}
