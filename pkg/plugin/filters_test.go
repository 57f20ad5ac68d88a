package plugin

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/source"
)

// labelled is a data source over a Prometheus that knows some labels.
func labelled(t *testing.T, url string) *Instance {
	m, err := NewMetrics(prometheus.NewRegistry())
	require.NoError(t, err)
	i, err := Factory(m, "1.2.3", "")(t.Context(), backend.DataSourceInstanceSettings{UID: "ds", URL: url, JSONData: []byte(`{}`)})
	require.NoError(t, err)
	t.Cleanup(i.(*Instance).Dispose)
	return i.(*Instance)
}

func choiceOf(key string, filters ...source.Filter) api.FilterRequest {
	return api.FilterRequest{Key: key, Filters: filters, From: time.Unix(0, 0).UTC(), To: time.Unix(3600, 0).UTC()}
}

func TestADashboardsNextFilterIsOneOfPrometheusLabels(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		answer := `["cloud","instance"]`
		if r.URL.Path == "/api/v1/label/cloud/values" {
			answer = `["aliyun","azure"]`
		}
		if r.Form.Get("match[]") == `{job="node"}` {
			answer = `["azure"]`
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"status":"success","data":` + answer + `}`))
	}))
	defer s.Close()
	i := labelled(t, s.URL)
	for _, c := range []struct {
		ask  api.FilterRequest
		want []string
	}{
		{choiceOf(""), []string{"cloud", "instance"}},
		{choiceOf("cloud"), []string{"aliyun", "azure"}},
		{choiceOf("cloud", source.Filter{Key: "job", Operator: "=", Value: "node"}), []string{"azure"}},
	} {
		var got api.FilterChoice
		require.Equal(t, 200, as(t, i, "eve", "Viewer", "POST", "filters", c.ask, &got))
		require.Equal(t, c.want, got.Values)
	}
}

func TestAFiltersChoiceSaysWhyThereIsNone(t *testing.T) {
	status, raw := sendAs(t, labelled(t, ""), "eve", "Viewer", "POST", "filters", choiceOf(""))
	require.Equal(t, 400, status)
	require.Contains(t, string(raw), "filters pick series of Prometheus; fill in its connection")

	gone := httptest.NewServer(nil)
	gone.Close()
	status, raw = sendAs(t, labelled(t, gone.URL), "eve", "Viewer", "POST", "filters", choiceOf("cloud"))
	require.Equal(t, 502, status)
	require.Contains(t, string(raw), "source cannot be reached")
}
