package plugin

import (
	"encoding/json"
	"net/http"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/source"
)

// routes of the resource API. Reading is for everybody who may query the data source; each route that changes something
// checks the role itself, because Grafana asks for no more than the right to query.
func (i *Instance) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /algorithms", only("Viewer", i.algorithms))
	mux.HandleFunc("GET /status", only("Viewer", i.status))
	mux.HandleFunc("DELETE /cache", only("Editor", i.clearCache))
	i.modelRoutes(mux)
	i.jobRoutes(mux)
	i.labelRoutes(mux)
	mux.HandleFunc("POST /preview", only("Viewer", i.preview))
	mux.HandleFunc("POST /replay", only("Viewer", i.replay))
	mux.HandleFunc("GET /audit", only("Viewer", i.audit))
	mux.HandleFunc("GET /audit/verify", only("Viewer", i.verifyAudit))
	mux.HandleFunc("GET /audit/export", only("Viewer", i.exportAudit))
	mux.HandleFunc("POST /trail", only("Editor", i.recordAlerts))
	mux.HandleFunc("POST /warnings", only("Editor", i.recordWarning))
	mux.HandleFunc("POST /relay/{name}", only("Editor", i.deliver))
	mux.HandleFunc("GET /channels", only("Editor", i.listChannels))
	mux.HandleFunc("POST /channels/{name}/test", only("Admin", i.testChannel))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		reply(w, http.StatusNotFound, api.Problem{Error: "no such resource: " + r.Method + " " + r.URL.Path})
	})
	return mux
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// only lets users of the given role or a higher one through.
func only(role string, next http.HandlerFunc) http.HandlerFunc {
	rank := map[string]int{"Viewer": 1, "Editor": 2, "Admin": 3}
	return func(w http.ResponseWriter, r *http.Request) {
		user := backend.UserFromContext(r.Context())
		if user == nil || rank[user.Role] < rank[role] {
			reply(w, http.StatusForbidden, api.Problem{Error: "this needs the role " + role + " or a higher one"})
			return
		}
		next(w, r)
	}
}

func (i *Instance) status(w http.ResponseWriter, r *http.Request) {
	reply(w, http.StatusOK, api.Status{Version: i.version, Prometheus: i.check(r.Context(), source.Prometheus), MySQL: i.check(r.Context(), source.MySQL),
		Store: i.storeState(r.Context()), Cache: api.Cache(i.engine.CacheStats())})
}

func (i *Instance) clearCache(w http.ResponseWriter, r *http.Request) {
	i.engine.ClearCache()
	backend.Logger.FromContext(r.Context()).Debug("Cache cleared")
	w.WriteHeader(http.StatusNoContent)
}
