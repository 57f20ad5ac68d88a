package pluginproc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"
)

// echo is built once; every test starts a process of its own.
var echo = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "pluginproc")
	if err != nil {
		return "", err
	}
	return buildPackage(context.Background(), ".", "./testdata/echo", filepath.Join(dir, Executable()))
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := echo(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

func start(t *testing.T, o Options) *Process {
	t.Helper()
	path, err := echo()
	require.NoError(t, err)
	p, err := Start(path, o)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

func sourceContext(t *testing.T, d DataSource, role Role) backend.PluginContext {
	t.Helper()
	pc, err := d.Context(role)
	require.NoError(t, err)
	return pc
}

func TestSettingsReachTheProcess(t *testing.T) {
	p := start(t, Options{})
	d := DataSource{URL: "http://127.0.0.1:1", BasicAuthUser: "me", JSONData: map[string]any{"httpMethod": "GET"}, Secure: map[string]string{"password": "s3cret"}}
	res, err := p.CheckHealth(t.Context(), sourceContext(t, d, Admin))
	require.NoError(t, err)
	require.Equal(t, backend.HealthStatusOk, res.Status)
	require.Equal(t, "http://127.0.0.1:1", res.Message)
	require.JSONEq(t, `{"instance":1,"secret":"s3cret","jsonData":{"httpMethod":"GET"},"user":"me"}`, string(res.JSONDetails))

	res, err = p.CheckHealth(t.Context(), sourceContext(t, DataSource{}, Admin))
	require.NoError(t, err)
	require.Equal(t, backend.HealthStatusError, res.Status)
}

func TestAnInstanceIsMadeAnewExactlyWhenSettingsChange(t *testing.T) {
	p := start(t, Options{})
	instance := func(d DataSource, role Role) (n int) {
		res, err := p.CheckHealth(t.Context(), sourceContext(t, d, role))
		require.NoError(t, err)
		var details struct{ Instance int }
		require.NoError(t, json.Unmarshal(res.JSONDetails, &details))
		return details.Instance
	}
	first := DataSource{URL: "http://a", Secure: map[string]string{"x": "1", "y": "2"}}
	require.Equal(t, 1, instance(first, Admin))
	require.Equal(t, 1, instance(DataSource{URL: "http://a", Secure: map[string]string{"y": "2", "x": "1"}}, Viewer))
	require.Equal(t, 2, instance(DataSource{URL: "http://b"}, Viewer))
	require.Equal(t, 3, instance(DataSource{URL: "http://b", JSONData: map[string]int{"n": 1}}, Viewer))
	require.Equal(t, 4, instance(DataSource{URL: "http://b", UID: "other"}, Viewer), "another data source has an instance of its own")
}

func TestQueriesAndTheirErrors(t *testing.T) {
	p := start(t, Options{})
	from := time.Unix(1_700_000_000, 0)
	good, err := Query("A", from, from.Add(time.Hour), map[string]any{"queryType": "forecast", "horizon": "24h"})
	require.NoError(t, err)
	bad, err := Query("B", from, from.Add(time.Hour), `{"queryType":"bad"}`)
	require.NoError(t, err)
	req := &backend.QueryDataRequest{PluginContext: sourceContext(t, DataSource{URL: "http://a"}, Viewer), Queries: []backend.DataQuery{good, bad}, Headers: AlertHeaders()}
	res, err := p.QueryData(t.Context(), req)
	require.NoError(t, err)

	frame := res.Responses["A"].Frames[0]
	require.Equal(t, "forecast", frame.Name, "the query's type is set beside its JSON")
	require.Equal(t, []any{from.Unix(), from.Unix() + 3600}, []any{frame.Fields[0].At(0), frame.Fields[0].At(1)})
	meta, err := json.Marshal(frame.Meta.Custom)
	require.NoError(t, err)
	require.JSONEq(t, `{"query":{"queryType":"forecast","horizon":"24h"},"alert":"true"}`, string(meta))

	require.EqualError(t, res.Responses["B"].Error, "a bad query")
	require.Equal(t, backend.StatusBadRequest, res.Responses["B"].Status)
}

func TestAQueryThatIsNoJSONIsRefused(t *testing.T) {
	for name, model := range map[string]any{"text": "{", "bytes": []byte("[1]"), "value": func() {}} {
		_, err := Query("A", time.Time{}, time.Time{}, model)
		require.ErrorContains(t, err, "query A", name)
	}
	_, err := DataSource{JSONData: func() {}}.Context(Admin)
	require.ErrorContains(t, err, "jsonData")
}

func TestResourceAnswersAreJoinedAndCarryTheRole(t *testing.T) {
	p := start(t, Options{})
	for _, c := range []struct {
		role Role
		want string
	}{{Viewer, "Viewer"}, {Editor, "Editor"}, {Admin, "Admin"}, {Nobody, "nobody"}} {
		res, err := p.Resource(t.Context(), sourceContext(t, DataSource{}, c.role), http.MethodPost, "/models?name=a", []byte(`{"x":1}`))
		require.NoError(t, err)
		require.Equal(t, http.StatusTeapot, res.Status)
		require.Equal(t, "POST models?name=a as "+c.want+`: {"x":1}`, strings.TrimRight(string(res.Body), "."))
	}
}

func TestTheProcessSeesOnlyTheEnvironmentGiven(t *testing.T) {
	t.Setenv("SECRET_OF_THE_CALLER", "x")
	var log lockedBuffer
	bare := start(t, Options{})
	one := start(t, Options{Env: []string{"GF_PLUGIN_STORE_PATH=/somewhere"}, Log: &log})
	size := func(p *Process) int {
		res, err := p.Resource(t.Context(), sourceContext(t, DataSource{}, Viewer), http.MethodGet, "env", nil)
		require.NoError(t, err)
		return strings.Count(string(res.Body), ".")
	}
	require.Equal(t, 1, size(one)-size(bare))
	require.Eventually(t, func() bool { return strings.Contains(log.String(), "/somewhere") }, 5*time.Second, 10*time.Millisecond, "the log is passed on")
}

func TestMetricsAndMemory(t *testing.T) {
	p := start(t, Options{})
	text, err := p.CollectMetrics(t.Context())
	require.NoError(t, err)
	require.Contains(t, string(text), "go_goroutines")
	if runtime.GOOS != "linux" {
		_, err := p.PeakMemory()
		require.ErrorIs(t, err, ErrNoMemoryFigure)
		return
	}
	now, err := p.Memory()
	require.NoError(t, err)
	peak, err := p.PeakMemory()
	require.NoError(t, err)
	require.Greater(t, now, int64(1<<20))
	require.GreaterOrEqual(t, peak, now/2)
	p.Close()
	_, err = p.PeakMemory()
	require.ErrorIs(t, err, ErrNoMemoryFigure)
}

func TestCloseEndsTheProcess(t *testing.T) {
	p := start(t, Options{})
	process, err := os.FindProcess(p.PID())
	require.NoError(t, err)
	require.NotEqual(t, os.Getpid(), p.PID())
	p.Close()
	p.Close()
	require.True(t, p.Exited())
	require.Error(t, process.Signal(os.Interrupt), "it is gone")
	_, err = p.CheckHealth(t.Context(), sourceContext(t, DataSource{}, Admin))
	require.Error(t, err)
}

func TestACrashIsAnErrorOfTheCall(t *testing.T) {
	p := start(t, Options{})
	_, err := p.Resource(t.Context(), sourceContext(t, DataSource{}, Admin), http.MethodGet, "die", nil)
	require.Error(t, err)
	require.Eventually(t, p.Exited, 5*time.Second, 10*time.Millisecond)
}

func TestWhatIsNoPluginDoesNotStart(t *testing.T) {
	_, err := Start(filepath.Join(t.TempDir(), "none"), Options{})
	require.ErrorIs(t, err, ErrStart)
	other, err := exec.LookPath("go") // prints its usage and ends
	require.NoError(t, err)
	_, err = Start(other, Options{Timeout: 5 * time.Second})
	require.ErrorIs(t, err, ErrStart)
}

func TestACallEndsWithItsContext(t *testing.T) {
	p := start(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := p.CheckHealth(ctx, sourceContext(t, DataSource{}, Admin))
	require.ErrorContains(t, err, "canceled")
}

func TestTheRealPluginIsBuiltAndAnswers(t *testing.T) {
	p, err := StartBuilt(t.Context(), t.TempDir(), Options{})
	require.NoError(t, err)
	defer p.Close()
	res, err := p.CheckHealth(t.Context(), sourceContext(t, DataSource{}, Admin))
	require.NoError(t, err)
	require.Equal(t, backend.HealthStatusError, res.Status, "no source is configured")
}

func TestABuildThatFailsSaysWhy(t *testing.T) {
	_, err := buildPackage(t.Context(), ".", "./testdata/none", filepath.Join(t.TempDir(), "x"))
	require.ErrorContains(t, err, "testdata/none")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = StartBuilt(ctx, t.TempDir(), Options{})
	require.True(t, errors.Is(err, context.Canceled), "%v", err)
}

// lockedBuffer is a log that is read while the process writes it.
type lockedBuffer struct {
	sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.Lock()
	defer b.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.Lock()
	defer b.Unlock()
	return b.Buffer.String()
}
