package plugin

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/trail"
)

// again trains a model once more with another algorithm.
func again(t *testing.T, i *Instance, algorithm string) {
	t.Helper()
	d := forecastOf("cpu", "a")
	d.Query = json.RawMessage(strings.Replace(string(d.Query), `"ets"`, `"`+algorithm+`"`, 1))
	require.Equal(t, 200, as(t, i, "anna", "Editor", "PUT", "models/cpu", api.ChangeModel{Definition: d}, nil))
	var j api.Job
	require.Equal(t, 202, as(t, i, "anna", "Editor", "POST", "models/cpu/train", nil, &j))
	done(t, i, j.ID)
}

func TestARollbackIsAPointerAndLosesNothing(t *testing.T) {
	i := served(t, nil)
	trained(t, i, forecastOf("cpu", "a"))
	again(t, i, "theta")
	again(t, i, "naive")
	answer := func() string {
		r := i.answer(t.Context(), backend.DataQuery{RefID: "A", JSON: []byte(`{"model":{"name":"cpu"}}`), TimeRange: backend.TimeRange{From: time.Now().Add(-time.Hour), To: time.Now()}}, false, trail.Rule{})
		require.NoError(t, r.Error)
		raw, err := json.Marshal(r.Frames[0].Meta.Custom)
		require.NoError(t, err)
		return string(raw)
	}
	require.Contains(t, answer(), `"algorithm":"naive"`)
	for _, want := range []string{`"algorithm":"theta"`, `"algorithm":"ets"`} {
		require.Equal(t, 200, as(t, i, "anna", "Editor", "POST", "models/cpu/rollback", nil, nil))
		require.Contains(t, answer(), want, "queries follow at once")
	}
	var list api.Versions
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "models/cpu/versions", nil, &list))
	require.Equal(t, []bool{false, false, true}, []bool{list.Versions[0].Live, list.Versions[1].Live, list.Versions[2].Live})
	require.Equal(t, 200, as(t, i, "anna", "Editor", "POST", "models/cpu/promote", api.Promote{Version: 3}, nil))
	require.Contains(t, answer(), `"algorithm":"naive"`)
	r := i.answer(t.Context(), backend.DataQuery{RefID: "A", JSON: []byte(`{"model":{"name":"cpu","version":2}}`), TimeRange: backend.TimeRange{From: time.Now().Add(-time.Hour), To: time.Now()}}, false, trail.Rule{})
	require.NoError(t, r.Error)
	raw, err := json.Marshal(r.Frames[0].Meta.Custom)
	require.NoError(t, err)
	require.Contains(t, string(raw), `"algorithm":"theta"`, "a query may stay with a version")
}

func TestWhatChangedIsToldFromTheVersionBefore(t *testing.T) {
	i := served(t, nil)
	trained(t, i, forecastOf("cpu", "a"))
	again(t, i, "theta")
	var v api.VersionDetail
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "models/cpu/versions/2", nil, &v))
	require.Equal(t, []api.Change{{Field: "query.model.algorithm", Before: "ets", After: "theta"}}, v.Changes)
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "models/cpu/versions/1", nil, &v))
	require.Empty(t, v.Changes)
	require.Equal(t, []string{"24h"}, v.Results[0].Seasons)
	for _, path := range []string{"models/cpu/versions/0", "models/cpu/versions/-1", "models/cpu/versions/1.5"} {
		require.Equal(t, 400, as(t, i, "v", "Viewer", "GET", path, nil, nil), path)
	}
	require.Equal(t, 404, as(t, i, "v", "Viewer", "GET", "models/none/versions", nil, nil))
	require.Equal(t, 404, as(t, i, "v", "Viewer", "GET", "models/none/versions/1", nil, nil))
	require.Equal(t, 404, as(t, i, "anna", "Editor", "POST", "models/none/promote", api.Promote{Version: 1}, nil))
}

func TestARenamedModelKeepsItsVersionsAndTheTrailItsOldName(t *testing.T) {
	i := served(t, nil)
	trained(t, i, forecastOf("cpu", "a"))
	require.Equal(t, 200, as(t, i, "anna", "Editor", "PUT", "models/cpu", api.ChangeModel{Definition: forecastOf("processor", "a")}, nil))
	m := modelNamed(t, i, "processor")
	require.Equal(t, []any{1, api.StateReady}, []any{m.Live, m.State}, "a name does not matter to a training")
	var audit api.Audit
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "audit?model=cpu&kind=model.change", nil, &audit))
	require.Len(t, audit.Entries, 1)
	require.Equal(t, "processor", audit.Entries[0].Values["name"])
}
