package plugin

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
)

// rights is what the product promises of each route: who may call it. A route that is not here is not to be.
var rights = map[string]string{
	"GET /algorithms": "Viewer", "GET /status": "Viewer", "GET /overview": "Viewer", "GET /accuracy": "Viewer", "DELETE /cache": "Editor",
	"GET /models": "Viewer", "POST /models": "Editor", "POST /models/import": "Editor",
	"GET /models/{name}": "Viewer", "PUT /models/{name}": "Editor", "DELETE /models/{name}": "Editor",
	"POST /models/{name}/train": "Editor", "POST /models/{name}/promote": "Editor", "POST /models/{name}/rollback": "Editor", "POST /models/{name}/pause": "Editor",
	"GET /models/{name}/versions": "Viewer", "GET /models/{name}/versions/{number}": "Viewer", "GET /models/{name}/export": "Editor",
	"POST /jobs": "Editor", "GET /jobs": "Viewer", "GET /jobs/{id}": "Viewer", "POST /jobs/{id}/cancel": "Editor",
	"GET /labels": "Viewer", "POST /labels": "Editor", "DELETE /labels/{id}": "Editor", "GET /precision": "Viewer",
	"POST /filters": "Viewer", "POST /preview": "Viewer", "POST /replay": "Viewer",
	"GET /audit": "Viewer", "GET /audit/verify": "Viewer", "GET /audit/export": "Viewer",
	"POST /trail": "Editor", "POST /warnings": "Editor", "POST /relay/{name}": "Editor", "GET /channels": "Editor", "POST /channels/{name}/test": "Admin",
}

func TestEveryRouteIsOpenToThoseWhoMayAndToNobodyElse(t *testing.T) {
	i := served(t, nil)
	registered := map[string]string{}
	for _, r := range i.table() {
		require.NotContains(t, registered, r.pattern, "a route is there once")
		registered[r.pattern] = r.role
	}
	require.Equal(t, rights, registered)

	order := []string{"", "None", "Viewer", "Editor", "Admin"}
	for pattern, least := range rights {
		method, path, _ := strings.Cut(pattern, " /")
		path = strings.NewReplacer("{name}", "none", "{number}", "1", "{id}", "none").Replace(path)
		open := false
		for _, role := range order {
			open = open || role == least
			status, raw := sendAs(t, i, "eve", role, method, path, "{}")
			if open {
				require.NotEqual(t, http.StatusForbidden, status, "%s as %q", pattern, role)
				continue
			}
			require.Equal(t, http.StatusForbidden, status, "%s as %q", pattern, role)
			var p api.Problem
			require.NoError(t, json.Unmarshal(raw, &p))
			require.Equal(t, "this needs the role "+least+" or a higher one", p.Error)
		}
	}
}

func TestNobodyIsMoreThanAViewerWithoutBeingNamedSo(t *testing.T) {
	i := served(t, nil)
	for _, role := range []string{"editor", "ADMIN", "Grafana Admin", "Editor ", "1"} {
		require.Equal(t, 403, as(t, i, "eve", role, "DELETE", "cache", nil, nil), role)
	}
}

func TestWhatIsRefusedLeavesNoLineInTheTrail(t *testing.T) {
	i := served(t, nil)
	for pattern, least := range rights {
		if least == "Viewer" {
			continue
		}
		method, path, _ := strings.Cut(pattern, " /")
		body, err := json.Marshal(api.CreateModel{Definition: forecastOf("x", "a")})
		require.NoError(t, err)
		sendAs(t, i, "eve", "Viewer", method, strings.NewReplacer("{name}", "x", "{id}", "x").Replace(path), string(body))
	}
	lines, _, err := i.store.Audit(t.Context(), store.AuditFilter{})
	require.NoError(t, err)
	require.Empty(t, lines)
}

func TestWhatIsNoRouteIsNotFound(t *testing.T) {
	i := served(t, nil)
	for _, c := range [][2]string{{"GET", "nothing"}, {"GET", ""}, {"DELETE", "models"}, {"PATCH", "models/a"}, {"GET", "models/a/b/c"}, {"POST", "algorithms"}} {
		status, raw := sendAs(t, i, "root", "Admin", c[0], c[1], nil)
		require.GreaterOrEqual(t, status, 400, "%v", c)
		require.Less(t, status, 500, "%v: %s", c, raw)
	}
}

func TestNamesWithSpacesAndCharactersOfAllLanguagesAreRoutes(t *testing.T) {
	i := served(t, nil)
	d := forecastOf("磁盘 & CPU (web) 95", "a")
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: d}, nil))
	var m api.Model
	path := "models/%E7%A3%81%E7%9B%98%20%26%20CPU%20(web)%2095"
	require.Equal(t, 200, as(t, i, "eve", "Viewer", "GET", path, nil, &m))
	require.Equal(t, d.Name, m.Definition.Name)
	require.Equal(t, 204, as(t, i, "anna", "Editor", "DELETE", path, nil, nil))
}
