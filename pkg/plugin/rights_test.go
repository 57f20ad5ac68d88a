package plugin

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
)

// person is a user with a role.
type person struct{ login, role string }

var (
	viewing = person{"eve", "Viewer"}
	owner   = person{"anna", "Editor"}
	another = person{"ben", "Editor"}
	root    = person{"root", "Admin"}
	noLogin = person{"", "Editor"}
)

// TestWhoMayDoWhatWithAModel is the table of docs/models.md: what is put to use can be set right by every editor, what a model is by its
// owner and by administrators.
func TestWhoMayDoWhatWithAModel(t *testing.T) {
	for name, c := range map[string]struct {
		method, path string
		body         any
		allowed      []person
		refused      []person
	}{
		"look":           {"GET", "models/cpu", nil, []person{viewing, owner, another, root, noLogin}, nil},
		"look at one":    {"GET", "models/cpu/versions/1", nil, []person{viewing, owner, another, root}, nil},
		"train":          {"POST", "models/cpu/train", nil, []person{owner, another, root}, []person{viewing}},
		"promote":        {"POST", "models/cpu/promote", api.Promote{Version: 1}, []person{owner, another, root}, []person{viewing}},
		"roll back":      {"POST", "models/cpu/rollback", nil, []person{owner, another, root}, []person{viewing}},
		"export":         {"GET", "models/cpu/export", nil, []person{owner, another, root}, []person{viewing}},
		"label":          {"POST", "labels", json.RawMessage(`{"model":"cpu","kind":"incident","from":"2026-01-01T00:00:00Z","to":"2026-01-02T00:00:00Z"}`), []person{owner, another, root}, []person{viewing}},
		"change":         {"PUT", "models/cpu", api.ChangeModel{Definition: forecastOf("cpu", "a")}, []person{owner, root}, []person{viewing, another, noLogin}},
		"rename":         {"PUT", "models/cpu", api.ChangeModel{Definition: forecastOf("cpu2", "a")}, []person{owner, root}, []person{viewing, another}},
		"pause":          {"POST", "models/cpu/pause", api.Pause{Paused: new(true)}, []person{owner, root}, []person{viewing, another, noLogin}},
		"delete":         {"DELETE", "models/cpu", nil, []person{owner, root}, []person{viewing, another, noLogin}},
		"test a channel": {"POST", "channels/none/test", nil, []person{root}, []person{viewing, owner, another}},
	} {
		t.Run(name, func(t *testing.T) {
			fresh := func() *Instance {
				i := served(t, nil)
				require.Equal(t, 201, as(t, i, owner.login, owner.role, "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a")}, nil))
				for range 2 {
					var j api.Job
					require.Equal(t, 202, as(t, i, owner.login, owner.role, "POST", "models/cpu/train", nil, &j))
					done(t, i, j.ID)
				}
				return i
			}
			i := fresh()
			before := audited(t, i)
			for _, p := range c.refused {
				require.Equal(t, http.StatusForbidden, as(t, i, p.login, p.role, c.method, c.path, c.body, nil), p.login)
			}
			require.Equal(t, before, audited(t, i), "what is refused is not done")
			for k, p := range c.allowed {
				if k > 0 && c.method != "GET" {
					i = fresh()
				}
				require.NotEqual(t, http.StatusForbidden, as(t, i, p.login, p.role, c.method, c.path, c.body, nil), p.login)
			}
		})
	}
}

func audited(t *testing.T, i *Instance) int {
	lines, _, err := i.store.Audit(t.Context(), store.AuditFilter{Limit: 1000})
	require.NoError(t, err)
	return len(lines)
}

func TestARefusalSaysWhoMay(t *testing.T) {
	i := served(t, nil)
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a")}, nil))
	_, raw := sendAs(t, i, "ben", "Editor", "PUT", "models/cpu", api.ChangeModel{Definition: forecastOf("cpu", "b")})
	var p api.Problem
	require.NoError(t, json.Unmarshal(raw, &p))
	require.Equal(t, `not allowed: the model "cpu" is anna's; they or an administrator may change or delete it: save yours under another name`, p.Error)
}

func TestADraftIsItsMakersUntilItIsSaved(t *testing.T) {
	i := served(t, nil)
	var j api.Job
	require.Equal(t, 202, as(t, i, "anna", "Editor", "POST", "jobs", api.TrainDraft{Definition: forecastOf("cpu", "a")}, &j))
	done(t, i, j.ID)
	for path, body := range map[string]any{"jobs": api.TrainDraft{Definition: forecastOf("cpu", "b")}, "models": api.CreateModel{Definition: forecastOf("cpu", "b")}} {
		status, raw := sendAs(t, i, "ben", "Editor", "POST", path, body)
		require.Equal(t, http.StatusConflict, status, path)
		require.Contains(t, string(raw), "as a draft of anna's: give yours another name")
	}
	require.Contains(t, string(modelNamed(t, i, "cpu").Definition.Query), `"a"`)
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a")}, nil))
	for _, path := range []string{"jobs", "models"} {
		status, raw := sendAs(t, i, "anna", "Editor", "POST", path, api.CreateModel{Definition: forecastOf("cpu", "a")})
		if path == "jobs" {
			status, raw = sendAs(t, i, "anna", "Editor", "POST", path, api.TrainDraft{Definition: forecastOf("cpu", "a")})
		}
		require.Equal(t, http.StatusConflict, status)
		require.Contains(t, string(raw), "train it from its page, or give yours another name")
	}
}

func TestAnAdministratorTakesOverADraft(t *testing.T) {
	i := served(t, nil)
	var j api.Job
	require.Equal(t, 202, as(t, i, "anna", "Editor", "POST", "jobs", api.TrainDraft{Definition: forecastOf("cpu", "a")}, &j))
	done(t, i, j.ID)
	require.Equal(t, 201, as(t, i, "root", "Admin", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a")}, nil))
	m := modelNamed(t, i, "cpu")
	require.Equal(t, []string{"anna", "root"}, []string{m.CreatedBy, m.UpdatedBy})
	require.False(t, m.Definition.Draft)
}
