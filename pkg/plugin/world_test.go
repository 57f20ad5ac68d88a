package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/mariaserver"
)

// fakePrometheus answers range queries with as many series as the expression is long: a day's season, noise, and a spike every
// five days. The expression "none" has none, "fail" fails.
func fakePrometheus(t testing.TB) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		expr := r.Form.Get("query")
		w.Header().Set("Content-Type", "application/json")
		if !strings.HasSuffix(r.URL.Path, "/query_range") {
			_, _ = w.Write([]byte(`{"status":"success","data":{"version":"3.0.0"}}`))
			return
		}
		if expr == "fail" {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		start, _ := strconv.ParseFloat(r.Form.Get("start"), 64)
		end, _ := strconv.ParseFloat(r.Form.Get("end"), 64)
		step, _ := strconv.ParseFloat(r.Form.Get("step"), 64)
		var out strings.Builder
		out.WriteString(`{"status":"success","data":{"resultType":"matrix","result":[`)
		for k := range len(expr) {
			if expr == "none" {
				break
			}
			if k > 0 {
				out.WriteByte(',')
			}
			fmt.Fprintf(&out, `{"metric":{"host":"h%d"},"values":[`, k)
			for i := 0; start+float64(i)*step <= end; i++ {
				if i > 0 {
					out.WriteByte(',')
				}
				at := int64(start + float64(i)*step)
				fmt.Fprintf(&out, `[%d,"%g"]`, at, value(at, k))
			}
			out.WriteString("]}")
		}
		out.WriteString("]}}")
		_, _ = w.Write([]byte(out.String()))
	}))
	t.Cleanup(s.Close)
	return s
}

func value(at int64, series int) float64 {
	h := uint64(at)*6364136223846793005 + uint64(series)
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	noise := float64(h>>40)/float64(1<<24) - 0.5
	v := 50 + 20*math.Sin(2*math.Pi*float64(at)/86400) + 2*noise
	if at%(5*86400) < 1800 {
		v += 60
	}
	return v
}

// served is a data source with a fake Prometheus and an SQLite file.
func served(t testing.TB, more map[string]any) *Instance {
	conf := map[string]any{"storePath": filepath.Join(t.TempDir(), "models.db")}
	maps.Copy(conf, more)
	return started(t, conf, nil)
}

// servedFrom is a data source whose models are in a database of its own on a MySQL server at an address.
func servedFrom(t testing.TB, address string) *Instance {
	databases++
	name := fmt.Sprint("plugin", databases)
	require.NoError(t, maria.Exec(t.Context(), fmt.Sprintf("CREATE DATABASE %s; CREATE OR REPLACE USER keeper@'127.0.0.1' IDENTIFIED BY 'secret'; GRANT ALL ON *.* TO keeper@'127.0.0.1'", name)))
	return started(t, map[string]any{"store": map[string]any{"kind": "mysql", "url": address, "user": "keeper", "database": name}}, map[string]string{"storePassword": "secret"})
}

func started(t testing.TB, conf map[string]any, secrets map[string]string) *Instance {
	raw, err := json.Marshal(conf)
	require.NoError(t, err)
	m, err := NewMetrics(prometheus.NewRegistry())
	require.NoError(t, err)
	i, err := Factory(m, "1.2.3", "")(context.Background(), backend.DataSourceInstanceSettings{UID: "ds", URL: fakePrometheus(t).URL, JSONData: raw, DecryptedSecureJSONData: secrets})
	require.NoError(t, err)
	t.Cleanup(i.(*Instance).Dispose)
	return i.(*Instance)
}

// maria is a real server that the tests of this package share; nil where this machine has none.
var (
	maria     *mariaserver.Server
	databases int
)

func TestMain(m *testing.M) { mariaserver.Main(m, &maria) }

// inBoth runs a test over a data source that keeps its models in a file, and over one that keeps them on a server.
func inBoth(t *testing.T, test func(t *testing.T, i *Instance)) {
	t.Run("sqlite", func(t *testing.T) { test(t, served(t, nil)) })
	t.Run("mysql", func(t *testing.T) {
		mariaserver.Need(t, maria)
		test(t, servedFrom(t, maria.Address))
	})
}

// as sends a request as a user and reads the answer into the value, if any. It gives the status.
func as(t testing.TB, i *Instance, login, role, method, path string, body, into any) int {
	t.Helper()
	status, raw := sendAs(t, i, login, role, method, path, body)
	if into != nil && status < 400 {
		require.NoError(t, json.Unmarshal(raw, into), string(raw))
	}
	return status
}

func sendAs(t testing.TB, i *Instance, login, role, method, path string, body any) (int, []byte) {
	t.Helper()
	var raw []byte
	switch b := body.(type) {
	case nil:
	case string:
		raw = []byte(b)
	default:
		var err error
		raw, err = json.Marshal(b)
		require.NoError(t, err)
	}
	var status int
	var answer bytes.Buffer
	pc := backend.PluginContext{User: &backend.User{Login: login, Role: role}}
	ctx := backend.WithUser(backend.WithPluginContext(context.Background(), pc), pc.User)
	bare, _, _ := strings.Cut(path, "?")
	err := i.CallResource(ctx, &backend.CallResourceRequest{PluginContext: pc, Method: method, Path: bare, URL: path, Body: raw},
		backend.CallResourceResponseSenderFunc(func(r *backend.CallResourceResponse) error {
			if status == 0 {
				status = r.Status
			}
			answer.Write(r.Body)
			return nil
		}))
	require.NoError(t, err)
	return status, answer.Bytes()
}

// until waits for what happens in the background.
func until(t testing.TB, what string, done func() bool) {
	t.Helper()
	require.Eventually(t, done, 60*time.Second, 20*time.Millisecond, what)
}
