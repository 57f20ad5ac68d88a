package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
)

// together sends a request of each of several users at the same time, and gives the statuses.
func together(t *testing.T, n int, send func(k int) int) map[int]int {
	t.Helper()
	var mu sync.Mutex
	var wg sync.WaitGroup
	got := map[int]int{}
	for k := range n {
		wg.Go(func() {
			status := send(k)
			mu.Lock()
			defer mu.Unlock()
			got[status]++
		})
	}
	wg.Wait()
	return got
}

func TestWhoeverComesFirstHasTheName(t *testing.T) {
	inBoth(t, func(t *testing.T, i *Instance) {
		got := together(t, 8, func(k int) int {
			return as(t, i, fmt.Sprint("user", k), "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a")}, nil)
		})
		require.Equal(t, map[int]int{201: 1, 409: 7}, got)
		require.Equal(t, 1, audited(t, i))
	})
}

func TestAModelThatSeveralTrainIsTrainedOnce(t *testing.T) {
	inBoth(t, func(t *testing.T, i *Instance) {
		require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a")}, nil))
		ids := make([]string, 6)
		got := together(t, len(ids), func(k int) int {
			var j api.Job
			status := as(t, i, fmt.Sprint("user", k), "Editor", "POST", "models/cpu/train", nil, &j)
			ids[k] = j.ID
			return status
		})
		require.Equal(t, map[int]int{202: len(ids)}, got)
		for _, id := range ids {
			done(t, i, id)
		}
		slices.Sort(ids)
		require.Equal(t, len(slices.Compact(ids)), modelNamed(t, i, "cpu").Latest, "a version for each job, and for those who met in one, one")
	})
}

func TestALabelIsTakenAwayOnce(t *testing.T) {
	inBoth(t, func(t *testing.T, i *Instance) {
		require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a")}, nil))
		var l api.Label
		require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "labels", api.NewLabel{Model: "cpu", Kind: api.KindIncident, From: time.Unix(0, 0), To: time.Unix(60, 0)}, &l))
		got := together(t, 5, func(int) int { return as(t, i, "anna", "Editor", "DELETE", "labels/"+l.ID, nil, nil) })
		require.Equal(t, map[int]int{204: 1, 404: 4}, got)
	})
}

// Whatever text comes as a body, the answer is a refusal that says why, never a failure of ours, and nothing is done.
func TestNoBodyMakesARouteFail(t *testing.T) {
	i := served(t, nil)
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a")}, nil))
	before := audited(t, i)
	var paths []string
	for pattern := range rights {
		method, path, _ := strings.Cut(pattern, " /")
		if method != "POST" && method != "PUT" || strings.HasSuffix(path, "/train") || strings.HasSuffix(path, "/rollback") || strings.HasSuffix(path, "/cancel") || strings.HasSuffix(path, "/test") {
			continue // these read no body
		}
		paths = append(paths, method+" "+strings.NewReplacer("{name}", "cpu", "{id}", "none").Replace(path))
	}
	slices.Sort(paths)
	words := rapid.SampledFrom([]string{"{", "}", "[", "]", `"definition":`, `"name":`, `"query":`, `"model":`, `"version":`, `"from":`, `"cpu"`, `"x"`, "1", "-1e999", "null", "true", ",", ":", "\x00", "é", `"\ud800"`})
	rapid.Check(t, func(t *rapid.T) {
		method, path, _ := strings.Cut(rapid.SampledFrom(paths).Draw(t, "path"), " ")
		body := strings.Join(rapid.SliceOfN(words, 0, 12).Draw(t, "body"), "")
		status, raw := sent(i, method, path, body)
		require.GreaterOrEqual(t, status, 400, "%s %s %s: %s", method, path, body, raw)
		require.Less(t, status, 500, "%s %s %s: %s", method, path, body, raw)
		var p api.Problem
		require.NoError(t, json.Unmarshal([]byte(raw), &p), raw)
		require.NotEmpty(t, p.Error)
	})
	require.Equal(t, before, audited(t, i))
}

// sent sends a text as an administrator.
func sent(i *Instance, method, path, body string) (int, string) {
	r := httptest.NewRequest(method, "/"+path, strings.NewReader(body))
	r = r.WithContext(backend.WithUser(r.Context(), &backend.User{Login: "root", Role: "Admin"}))
	w := httptest.NewRecorder()
	i.routes().ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// A page that was left is answered to nobody: each route that asks the store or a source stops, and says so to whoever counts.
func TestARequestThatNobodyWaitsForIsCountedAsSuch(t *testing.T) {
	i := served(t, nil)
	trained(t, i, forecastOf("cpu", "a"))
	before := audited(t, i)
	ctx, cancel := context.WithCancel(backend.WithUser(t.Context(), &backend.User{Login: "root", Role: "Admin"}))
	cancel()
	definition, err := json.Marshal(map[string]any{"definition": forecastOf("new", "a")})
	require.NoError(t, err)
	for request, body := range map[string]string{
		"GET models": "", "GET models/cpu": "", "GET models/cpu/versions": "", "GET models/cpu/versions/1": "", "GET models/cpu/export": "", "GET jobs": "", "GET jobs/x": "", "GET labels": "",
		"GET precision": "", "GET audit": "", "GET audit/verify": "", "GET audit/export": "", "GET overview": "", "GET accuracy": "",
		"POST models": string(definition), "PUT models/cpu": string(definition), "DELETE models/cpu": "", "POST models/cpu/train": "", "POST models/cpu/promote": `{"version":1}`, "POST models/cpu/pause": `{"paused":true}`,
		"POST jobs": string(definition), "POST preview": `{"query":{"source":{"kind":"prometheus","expr":"a"}}}`, "POST replay": `{"model":"cpu"}`, "POST warnings": `{"state":"raised","key":"k","rule":"r"}`,
	} {
		method, path, _ := strings.Cut(request, " ")
		r := httptest.NewRequest(method, "/"+path, strings.NewReader(body)).WithContext(ctx)
		w := httptest.NewRecorder()
		i.routes().ServeHTTP(w, r)
		require.Equal(t, statusClientLeft, w.Code, "%s: %s", request, w.Body.String())
	}
	require.Equal(t, before, audited(t, i), "and nothing was done")
}

func TestWhoeverHasNoLoginIsUnknownInTheTrail(t *testing.T) {
	i := served(t, nil)
	require.Equal(t, http.StatusCreated, as(t, i, "", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a")}, nil))
	lines, _, err := i.store.Audit(t.Context(), store.AuditFilter{})
	require.NoError(t, err)
	require.Equal(t, "unknown", lines[0].Who)
	require.Equal(t, 403, as(t, i, "", "Editor", "DELETE", "models/cpu", nil, nil), "and owns nothing")
}
