// Package training tests training over Grafana's plugin protocol with the built plugin, a real Prometheus and a real MariaDB:
// processes that are killed, stores that go away, replicas that share the work.
package training

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/tests/pluginproc"
	"github.com/forewarn/earlywarning/tests/promserver"
	"github.com/forewarn/earlywarning/tests/servers"
)

// world is what the tests share.
var world struct {
	servers.Servers
	binary string
}

const (
	history  = 14 * 24 * time.Hour
	step     = 5 * time.Minute
	instance = 40
)

func TestMain(m *testing.M) {
	world.Main(m, servers.Setup{Prepare: func(ctx context.Context, dir string) (end func(), err error) {
		world.binary, err = pluginproc.Build(ctx, dir)
		return func() {}, err
	}, Metrics: data})
}

// data are series with the rhythm of the day, each with its own level.
func data() ([]promserver.Metric, error) {
	start := time.Now().Add(-history).Truncate(step)
	out := make([]promserver.Metric, instance)
	for k := range out {
		values := make([]float64, history/step)
		seed := uint64(k + 1)
		for i := range values {
			seed = seed*6364136223846793005 + 1442695040888963407
			values[i] = 30 + float64(k) + 10*math.Sin(2*math.Pi*float64(i)/288) + float64(seed>>40)/float64(1<<24)
		}
		out[k] = promserver.Metric{Name: "load_percent", Labels: map[string]string{"host": fmt.Sprintf("h%02d", k)}, Start: start, Step: step, Values: values}
	}
	return append(out, shiftData(start)...), nil
}

// replica is one plugin process of a data source.
type replica struct {
	t       *testing.T
	process *pluginproc.Process
	pc      backend.PluginContext
}

// start runs a process for a data source whose models live where the settings say.
func start(t *testing.T, settings map[string]any, secure map[string]string) *replica {
	t.Helper()
	pc, err := pluginproc.DataSource{UID: "ds", URL: world.Prom.URL, JSONData: settings, Secure: secure}.Context(pluginproc.Admin)
	require.NoError(t, err)
	p, err := pluginproc.Start(world.binary, pluginproc.Options{})
	require.NoError(t, err)
	r := &replica{t, p, pc}
	t.Cleanup(p.Close)
	return r
}

// kill ends the process at once, as a machine that fails does.
func (r *replica) kill() {
	require.NoError(r.t, syscall.Kill(r.process.PID(), syscall.SIGKILL))
	require.Eventually(r.t, r.process.Exited, 10*time.Second, 10*time.Millisecond)
}

func sqlite(t *testing.T) (settings map[string]any, path string) {
	path = filepath.Join(t.TempDir(), "models.db")
	return map[string]any{"storePath": path}, path
}

// mysql gives a store of its own on the real server, reached at the address.
func mysql(t *testing.T, address string) (map[string]any, map[string]string) {
	name := "training_" + fmt.Sprint(time.Now().UnixNano())
	require.NoError(t, world.Maria.Exec(t.Context(), fmt.Sprintf("CREATE DATABASE %s; CREATE USER IF NOT EXISTS keeper@'127.0.0.1' IDENTIFIED BY 'secret'; GRANT ALL ON *.* TO keeper@'127.0.0.1'", name)))
	return map[string]any{"store": map[string]any{"kind": "mysql", "url": address, "user": "keeper", "database": name}}, map[string]string{"storePassword": "secret"}
}

// call asks the resource API and gives the status.
func (r *replica) call(method, path string, body, into any) int {
	r.t.Helper()
	var raw []byte
	if body != nil {
		var err error
		raw, err = json.Marshal(body)
		require.NoError(r.t, err)
	}
	res, err := r.process.Resource(r.t.Context(), r.pc, method, path, raw)
	require.NoError(r.t, err)
	if into != nil && res.Status < 400 {
		require.NoError(r.t, json.Unmarshal(res.Body, into), string(res.Body))
	}
	return res.Status
}

// definition is a model of the first hosts, slow enough to be disturbed.
func definition(name string, hosts int, algorithm string) api.Definition {
	expr := fmt.Sprintf(`load_percent{host=~"h[0-%d]."}`, hosts/10-1)
	interval := "5m"
	if algorithm == slow {
		interval = "1m"
	}
	return api.Definition{Name: name, Query: json.RawMessage(fmt.Sprintf(
		`{"queryType":"forecast","source":{"kind":"prometheus","expr":%q,"legendFormat":"{{host}}"},"model":%s,"trainingWindow":"13d","interval":%q,"horizon":"6h"}`, expr, algorithm, interval))}
}

// slow takes seconds for a few series.
const slow = `{"algorithm":"mstl","options":{"robust":true}}`

// train makes a model and begins its training.
func (r *replica) train(d api.Definition) api.Job {
	r.t.Helper()
	var made api.CreatedModel
	require.Equal(r.t, http.StatusCreated, r.call("POST", "models", api.CreateModel{Definition: d, Train: true}, &made))
	require.NotNil(r.t, made.Job)
	return *made.Job
}

func (r *replica) job(id string) (j api.Job) {
	r.t.Helper()
	require.Equal(r.t, http.StatusOK, r.call("GET", "jobs/"+id, nil, &j))
	return j
}

// under waits until the job has trained some series.
func (r *replica) under(id string) {
	r.t.Helper()
	require.Eventually(r.t, func() bool {
		j := r.job(id)
		require.Contains(r.t, []string{api.JobQueued, api.JobRunning}, j.State, "the training is over before it could be disturbed: %+v", j)
		return j.Progress.Done > 0
	}, 60*time.Second, 50*time.Millisecond)
}

// done waits for the job's good end.
func (r *replica) done(id string) api.Job {
	r.t.Helper()
	var j api.Job
	require.Eventually(r.t, func() bool {
		j = r.job(id)
		return j.State != api.JobQueued && j.State != api.JobRunning
	}, 3*time.Minute, 200*time.Millisecond)
	require.Equal(r.t, api.JobDone, j.State, j.Error)
	return j
}

func (r *replica) versions(name string) []api.Version {
	r.t.Helper()
	var v api.Versions
	require.Equal(r.t, http.StatusOK, r.call("GET", "models/"+url.PathEscape(name)+"/versions", nil, &v))
	return v.Versions
}

// whole checks that the trail has no gap.
func (r *replica) whole() {
	r.t.Helper()
	var v api.Verified
	require.Equal(r.t, http.StatusOK, r.call("GET", "audit/verify", nil, &v))
	require.True(r.t, v.OK, v.Message)
}

// ask runs a query of the last six hours.
func (r *replica) ask(query string) backend.DataResponse {
	r.t.Helper()
	res, err := r.process.Ask(r.t.Context(), r.pc, false, time.Now().Add(-6*time.Hour), time.Now(), query)
	require.NoError(r.t, err)
	return res
}
