package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/source"
)

func instance(t *testing.T, s backend.DataSourceInstanceSettings) *Instance {
	m, err := NewMetrics(prometheus.NewRegistry())
	require.NoError(t, err)
	i, err := Factory(m, "1.2.3", "")(context.Background(), s)
	require.NoError(t, err)
	t.Cleanup(i.(*Instance).Dispose)
	return i.(*Instance)
}

func call(t *testing.T, i *Instance, role, method, path string) (int, map[string]any) {
	var status int
	var body bytes.Buffer
	pc := backend.PluginContext{}
	if role != "" {
		pc.User = &backend.User{Role: role}
	}
	ctx := backend.WithUser(backend.WithPluginContext(context.Background(), pc), pc.User)
	err := i.CallResource(ctx, &backend.CallResourceRequest{PluginContext: pc, Method: method, Path: path, URL: path}, backend.CallResourceResponseSenderFunc(func(r *backend.CallResourceResponse) error {
		status = r.Status
		body.Write(r.Body)
		return nil
	}))
	require.NoError(t, err)
	out := map[string]any{}
	if body.Len() > 0 {
		require.NoError(t, json.Unmarshal(body.Bytes(), &out))
	}
	return status, out
}

func TestAViewerMayReadAndNotChange(t *testing.T) {
	i := instance(t, backend.DataSourceInstanceSettings{})
	for _, c := range []struct {
		role, method, path string
		want               int
	}{
		{"Viewer", "GET", "algorithms", 200}, {"Viewer", "GET", "status", 200}, {"Viewer", "DELETE", "cache", 403}, {"", "DELETE", "cache", 403},
		{"None", "DELETE", "cache", 403}, {"Editor", "DELETE", "cache", 204}, {"Admin", "DELETE", "cache", 204}, {"Admin", "GET", "nothing", 404},
	} {
		status, body := call(t, i, c.role, c.method, c.path)
		require.Equal(t, c.want, status, "%v", c)
		if status >= 400 {
			require.NotEmpty(t, body["error"])
		}
	}
}

func TestAlgorithmsDeclareTheirParameters(t *testing.T) {
	_, body := call(t, instance(t, backend.DataSourceInstanceSettings{}), "Viewer", "GET", "algorithms")
	for _, purpose := range []string{"forecast", "anomaly", "outlier"} {
		for _, one := range body[purpose].([]any) {
			a := one.(map[string]any)
			for _, field := range []string{"id", "title", "summary", "reference"} {
				require.NotEmpty(t, a[field], "%v", a)
			}
			params, _ := a["params"].([]any)
			for _, p := range params {
				spec := p.(map[string]any)
				require.NotEmpty(t, spec["help"], "%v of %v", spec["name"], a["id"])
				if spec["kind"] == "duration" {
					require.IsType(t, "", spec["default"])
				}
			}
		}
	}
}

func TestStatusSaysWhatIsThere(t *testing.T) {
	status, body := call(t, instance(t, backend.DataSourceInstanceSettings{}), "Viewer", "GET", "status")
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, "1.2.3", body["version"])
	require.Equal(t, false, body["mysql"].(map[string]any)["configured"])
	require.Equal(t, "memory", body["store"].(map[string]any)["kind"])
}

func TestHealthNamesTheSideThatFails(t *testing.T) {
	for name, c := range map[string]struct {
		settings backend.DataSourceInstanceSettings
		says     string
	}{
		"nothing configured": {backend.DataSourceInstanceSettings{}, "No source is configured"},
		"prometheus down":    {backend.DataSourceInstanceSettings{URL: "http://127.0.0.1:1"}, "prometheus fails"},
		"bad address":        {backend.DataSourceInstanceSettings{URL: "nonsense"}, "must look like http://host:9090"},
		"mysql down":         {backend.DataSourceInstanceSettings{JSONData: []byte(`{"mysql": {"url": "127.0.0.1:1", "user": "u"}}`)}, "mysql fails"},
		"mysql without user": {backend.DataSourceInstanceSettings{JSONData: []byte(`{"mysql": {"url": "127.0.0.1:1"}}`)}, "host and user are needed"},
		"a bad time-out":     {backend.DataSourceInstanceSettings{URL: "http://127.0.0.1:1", JSONData: []byte(`{"queryTimeout": "soon"}`)}, "queryTimeout"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := instance(t, c.settings).CheckHealth(context.Background(), nil)
			require.NoError(t, err)
			require.Equal(t, backend.HealthStatusError, r.Status)
			require.Contains(t, r.Message, c.says)
		})
	}
}

func TestErrorsHaveTheStatusAndSourceThatFit(t *testing.T) {
	for _, c := range []struct {
		err    error
		status backend.Status
		origin backend.ErrorSource
	}{
		{source.ErrTimeout, backend.StatusTimeout, backend.ErrorSourceDownstream}, {source.ErrDenied, backend.StatusForbidden, backend.ErrorSourceDownstream},
		{source.ErrUnreachable, backend.StatusBadGateway, backend.ErrorSourceDownstream}, {source.ErrBadQuery, backend.StatusBadRequest, backend.ErrorSourceDownstream},
		{source.ErrTooLarge, backend.StatusBadRequest, backend.ErrorSourceDownstream}, {query.ErrInvalid, backend.StatusBadRequest, backend.ErrorSourceDownstream},
		{query.ErrNoModel, backend.StatusNotFound, backend.ErrorSourceDownstream}, {fmt.Errorf("our own"), backend.StatusInternal, backend.ErrorSourcePlugin},
		{context.Canceled, 499, backend.ErrorSourceDownstream},
	} {
		r := failure(fmt.Errorf("wrapped: %w", c.err))
		require.Equal(t, c.status, r.Status, c.err)
		require.Equal(t, c.origin, r.ErrorSource, c.err)
	}
}

func TestSettingsThatAreNoJSONAreRefused(t *testing.T) {
	m, err := NewMetrics(prometheus.NewRegistry())
	require.NoError(t, err)
	_, err = Factory(m, "", "")(context.Background(), backend.DataSourceInstanceSettings{JSONData: []byte(`{"mysql": 7}`)})
	require.ErrorContains(t, err, "settings cannot be read")
}
