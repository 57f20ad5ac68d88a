package plugin

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/source"
)

// Roles of users, each with the rights of those before it.
const (
	viewer = "Viewer"
	editor = "Editor"
	admin  = "Admin"
)

// route is one of the resource API, with the least role that it is open to. Grafana itself asks for no more than the right to
// query.
type route struct {
	pattern string
	role    string
	handler handler
}

// handler answers a request, or leaves that to refuse by its error.
type handler func(w http.ResponseWriter, r *http.Request) error

// routes of the resource API. Reading is for everybody who may query the data source.
func (i *Instance) routes() http.Handler {
	mux := http.NewServeMux()
	for _, r := range i.table() {
		mux.HandleFunc(r.pattern, only(r.role, r.handler))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		reply(w, http.StatusNotFound, api.Problem{Error: "no such resource: " + r.Method + " " + r.URL.Path})
	})
	return mux
}

// table lists every route.
func (i *Instance) table() []route {
	return slices.Concat(i.modelRoutes(), i.jobRoutes(), i.labelRoutes(), []route{
		{"GET /algorithms", viewer, i.algorithms},
		{"GET /status", viewer, i.status},
		{"GET /overview", viewer, i.overview},
		{"GET /accuracy", viewer, i.accuracy},
		{"DELETE /cache", editor, i.clearCache},
		{"POST /filters", viewer, i.filterChoice},
		{"POST /preview", viewer, i.preview},
		{"POST /replay", viewer, i.replay},
		{"GET /audit", viewer, i.audit},
		{"GET /audit/verify", viewer, i.verifyAudit},
		{"GET /audit/export", viewer, i.exportAudit},
		{"POST /trail", editor, i.recordAlerts},
		{"POST /warnings", editor, i.recordWarning},
		{"POST /relay/{name}", editor, i.deliver},
		{"GET /channels", editor, i.listChannels},
		{"POST /channels/{name}/test", admin, i.testChannel},
	})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// only lets users of the given role or a higher one through, and answers with the error where there is one.
func only(role string, next handler) http.HandlerFunc {
	rank := map[string]int{viewer: 1, editor: 2, admin: 3}
	return func(w http.ResponseWriter, r *http.Request) {
		user := backend.UserFromContext(r.Context())
		if user == nil || rank[user.Role] < rank[role] {
			reply(w, http.StatusForbidden, api.Problem{Error: "this needs the role " + role + " or a higher one"})
			return
		}
		if r.Body == nil { // Grafana's adapter gives none for a request without one
			r.Body = http.NoBody
		}
		if err := next(w, r); err != nil {
			refuse(w, err)
		}
	}
}

func (i *Instance) status(w http.ResponseWriter, r *http.Request) error {
	reply(w, http.StatusOK, api.Status{Version: i.version, Prometheus: i.check(r.Context(), source.Prometheus), MySQL: i.check(r.Context(), source.MySQL),
		Store: i.storeState(r.Context()), Cache: api.Cache(i.engine.CacheStats())})
	return nil
}

func (i *Instance) clearCache(w http.ResponseWriter, r *http.Request) error {
	i.engine.ClearCache()
	backend.Logger.FromContext(r.Context()).Debug("Cache cleared")
	w.WriteHeader(http.StatusNoContent)
	return nil
}
