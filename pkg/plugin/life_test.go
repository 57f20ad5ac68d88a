package plugin

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/tests/mariaserver"
)

// step is a request of a model's life, the status it gets, and what it answers in short.
type step struct {
	login, role, method, path string
	body                      any
	status                    int
	job                       bool // answers with a job, which is waited for
}

// life is what people do with a model from its first definition to its end.
func life() []step {
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	other := forecastOf("cpu", "ab")
	other.Description, other.RetrainEvery = "two hosts", "24h"
	renamed := other
	renamed.Name = "cpu load"
	return []step{
		{"anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a")}, 201, false},
		{"ben", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "b")}, 409, false},
		{"anna", "Editor", "POST", "models/cpu/rollback", nil, 409, false},
		{"anna", "Editor", "POST", "models/cpu/train", nil, 202, true},
		{"anna", "Editor", "PUT", "models/cpu", api.ChangeModel{Definition: other}, 200, false},
		{"ben", "Editor", "PUT", "models/cpu", api.ChangeModel{Definition: other}, 403, false},
		{"ben", "Editor", "POST", "models/cpu/train", nil, 202, true},
		{"ben", "Editor", "POST", "models/cpu/rollback", nil, 200, false},
		{"ben", "Editor", "POST", "models/cpu/rollback", nil, 409, false},
		{"ben", "Editor", "POST", "models/cpu/promote", api.Promote{Version: 2}, 200, false},
		{"ben", "Editor", "POST", "models/cpu/promote", api.Promote{Version: 3}, 404, false},
		{"anna", "Editor", "POST", "models/cpu/pause", api.Pause{Paused: new(true)}, 200, false},
		{"anna", "Editor", "POST", "models/cpu/pause", api.Pause{Paused: new(false)}, 200, false},
		{"anna", "Editor", "POST", "labels", api.NewLabel{Model: "cpu", Kind: api.KindIncident, From: day(1), To: day(2), Note: "disk swap"}, 201, false},
		{"anna", "Editor", "POST", "labels", api.NewLabel{Model: "none", Kind: api.KindIncident, From: day(1), To: day(2)}, 404, false},
		{"anna", "Editor", "PUT", "models/cpu", api.ChangeModel{Definition: renamed}, 200, false},
		{"anna", "Editor", "POST", "models/cpu/train", nil, 404, false},
		{"anna", "Editor", "POST", "models/cpu%20load/train", nil, 202, true},
		{"relay", "Editor", "POST", "warnings", api.Warning{State: "raised", Key: "k", Rule: "cpu", Model: "cpu load", Version: 3}, 200, false},
		{"relay", "Editor", "POST", "warnings", api.Warning{State: "raised", Key: "k", Rule: "cpu", Model: "cpu load", Version: 3}, 200, false},
		{"relay", "Editor", "POST", "warnings", api.Warning{State: "resolved", Key: "k", Rule: "cpu", Model: "cpu load", Version: 3}, 200, false},
		{"eve", "Viewer", "DELETE", "models/cpu%20load", nil, 403, false},
		{"root", "Admin", "DELETE", "models/cpu%20load", nil, 204, false},
		{"root", "Admin", "DELETE", "models/cpu%20load", nil, 404, false},
	}
}

// seen puts in short what a store tells of a model and its trail after each step, without what differs from run to run.
func seenOf(t *testing.T, i *Instance) (out []string) {
	t.Helper()
	var all api.Models
	require.Equal(t, 200, as(t, i, "eve", "Viewer", "GET", "models", nil, &all))
	for _, m := range all.Models {
		out = append(out, fmt.Sprint(m.Definition.Name, m.Definition.Description, m.State, m.Live, m.Latest, m.Series, m.Points, m.CreatedBy, m.UpdatedBy, m.Definition.Paused, m.TrainedAt != nil, m.NextTraining != nil, len(m.Pending)))
		versions, err := i.store.Versions(t.Context(), m.Definition.Name)
		require.NoError(t, err)
		for _, v := range versions {
			out = append(out, fmt.Sprint(v.Number, v.TrainedBy, v.To.Sub(v.From)))
		}
	}
	lines, _, err := i.store.Audit(t.Context(), store.AuditFilter{Limit: 1000})
	require.NoError(t, err)
	for _, e := range lines {
		out = append(out, fmt.Sprint(e.Seq, e.Who, e.Action, e.Model, e.Version, e.Note))
	}
	labels, err := i.store.Labels(t.Context(), "")
	require.NoError(t, err)
	for _, l := range labels {
		out = append(out, fmt.Sprint(l.Model, l.Kind, l.From, l.To, l.Note, l.By))
	}
	return out
}

// A model's whole life over the resource API is the same in a file and on a server, step by step, and leaves the same trail.
func TestAModelsLifeIsTheSameInEachStore(t *testing.T) {
	mariaserver.Need(t, maria)
	stores := map[string]*Instance{"sqlite": served(t, nil), "mysql": servedFrom(t, maria.Address)}
	for k, s := range life() {
		said := map[string][]string{}
		for name, i := range stores {
			var j api.Job
			into := any(nil)
			if s.job {
				into = &j
			}
			require.Equal(t, s.status, as(t, i, s.login, s.role, s.method, s.path, s.body, into), "step %d in %s: %s %s", k, name, s.method, s.path)
			if s.job {
				done(t, i, j.ID)
			}
			said[name] = seenOf(t, i)
		}
		require.Equal(t, said["sqlite"], said["mysql"], "after step %d: %s %s", k, s.method, s.path)
	}
	for name, i := range stores {
		var v api.Verified
		require.Equal(t, 200, as(t, i, "eve", "Viewer", "GET", "audit/verify", nil, &v))
		require.True(t, v.OK, "%s: %s", name, v.Message)
		var all api.Models
		require.Equal(t, 200, as(t, i, "eve", "Viewer", "GET", "models", nil, &all))
		require.Empty(t, all.Models)
		var labels api.Labels
		require.Equal(t, 200, as(t, i, "eve", "Viewer", "GET", "labels", nil, &labels))
		require.Empty(t, labels.Labels, "the labels of a model go with it")
	}
}
