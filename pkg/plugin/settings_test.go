package plugin

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/source"
)

func TestWhatIsFilledInIsASource(t *testing.T) {
	for name, c := range map[string]struct {
		url  string
		conf string
		want []source.Kind
	}{
		"nothing":    {"", `{}`, nil},
		"prometheus": {"http://h:9090", `{}`, []source.Kind{source.Prometheus}},
		"mysql":      {"", `{"mysql":{"url":"h:3306","user":"u"}}`, []source.Kind{source.MySQL, source.Logs}},
		"both":       {"http://h:9090", `{"mysql":{"url":"h:3306","user":"u"}}`, []source.Kind{source.Prometheus, source.MySQL, source.Logs}},
	} {
		i := instance(t, backend.DataSourceInstanceSettings{URL: c.url, JSONData: []byte(c.conf)})
		require.Len(t, i.sources, len(c.want), name)
		for _, k := range c.want {
			require.Contains(t, i.sources, k, name)
		}
	}
}

func TestAMistakeInOneConnectionLeavesTheOtherAlone(t *testing.T) {
	prom := fakePrometheus(t).URL
	for says, conf := range map[string]string{
		`mysql.queryTimeout`: `{"mysql":{"url":"h:1","user":"u","queryTimeout":"soon"}}`,
		`host and user`:      `{"mysql":{"url":"h:1"}}`,
		`timezone "Mars"`:    `{"mysql":{"url":"h:1","user":"u","timezone":"Mars"}}`,
		`CA certificate`:     `{"mysql":{"url":"h:1","user":"u","tlsAuthWithCACert":true}}`,
		`do not fit`:         `{"mysql":{"url":"h:1","user":"u","tlsAuth":true}}`,
	} {
		i := instance(t, backend.DataSourceInstanceSettings{URL: prom, JSONData: []byte(conf),
			DecryptedSecureJSONData: map[string]string{"mysqlTLSCACert": "no PEM", "mysqlTLSClientCert": "x", "mysqlTLSClientKey": "y"}})
		require.Contains(t, i.check(t.Context(), source.MySQL).Message, says)
		_, err := i.sources[source.MySQL].Read(t.Context(), source.Request{})
		require.ErrorIs(t, err, source.ErrNotConfigured, "each use of it says the same")
		require.True(t, i.check(t.Context(), source.Prometheus).OK)
		r, err := i.CheckHealth(t.Context(), nil)
		require.NoError(t, err)
		require.Contains(t, r.Message, "Prometheus 3.0.0 answers; mysql fails: ")
	}
	for says, conf := range map[string]string{"queryTimeout": `{"queryTimeout":"soon"}`, "timeInterval": `{"timeInterval":"often"}`, "customQueryParameters": `{"customQueryParameters":"%zz"}`} {
		i := instance(t, backend.DataSourceInstanceSettings{URL: prom, JSONData: []byte(conf)})
		require.Contains(t, i.check(t.Context(), source.Prometheus).Message, says)
	}
}

// heard gives what a Prometheus with these settings is sent.
func heard(t *testing.T, conf map[string]any, secret map[string]string, change ...func(s *backend.DataSourceInstanceSettings)) *http.Request {
	t.Helper()
	var got *http.Request
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		got = r
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"status":"success","data":{"resultType":"matrix","result":[]}}`))
	}))
	defer s.Close()
	raw, err := json.Marshal(conf)
	require.NoError(t, err)
	settings := backend.DataSourceInstanceSettings{URL: s.URL, JSONData: raw, DecryptedSecureJSONData: secret}
	for _, c := range change {
		c(&settings)
	}
	i := instance(t, settings)
	_, err = i.sources[source.Prometheus].Read(t.Context(), source.Request{Spec: source.Spec{Kind: source.Prometheus, Expr: "x[$__rate_interval]"}, From: time.Unix(0, 0), To: time.Unix(600, 0), Step: time.Minute})
	require.NoError(t, err)
	require.NotNil(t, got)
	return got
}

func TestThePrometheusConnectionIsThatOfGrafanasOwnSource(t *testing.T) {
	r := heard(t, map[string]any{"timeInterval": "1m"}, nil)
	require.Equal(t, "POST", r.Method)
	require.Equal(t, "x[4m]", r.Form.Get("query"), "the scrape interval makes the rate's")
	r = heard(t, map[string]any{"httpMethod": "GET", "customQueryParameters": "dedup=true&max_source_resolution=5m"}, nil)
	require.Equal(t, []string{"GET", "true", "5m"}, []string{r.Method, r.URL.Query().Get("dedup"), r.URL.Query().Get("max_source_resolution")})
	r = heard(t, nil, map[string]string{"bearerToken": "abc"})
	require.Equal(t, "Bearer abc", r.Header.Get("Authorization"))
	r = heard(t, map[string]any{"httpHeaderName1": "X-Scope-OrgID"}, map[string]string{"httpHeaderValue1": "tenant"})
	require.Equal(t, "tenant", r.Header.Get("X-Scope-OrgID"))
	r = heard(t, nil, map[string]string{"basicAuthPassword": "secret"}, func(s *backend.DataSourceInstanceSettings) {
		s.BasicAuthEnabled, s.BasicAuthUser = true, "reader"
	})
	user, password, ok := r.BasicAuth()
	require.Equal(t, []any{"reader", "secret", true}, []any{user, password, ok})
}

func TestTimeoutsAreDurationsOrTheUsual(t *testing.T) {
	l := source.Limits{Timeout: time.Second}
	require.NoError(t, timeout(&l, "queryTimeout", ""))
	require.Equal(t, time.Second, l.Timeout)
	require.NoError(t, timeout(&l, "queryTimeout", "2m"))
	require.Equal(t, 2*time.Minute, l.Timeout)
	require.ErrorContains(t, timeout(&l, "queryTimeout", "2 minutes"), "queryTimeout")
}

func TestTheDataSourcesDefaultsHoldForItsModels(t *testing.T) {
	i := served(t, map[string]any{"defaults": map[string]any{"trainingWindow": "3d", "interval": "1h"}})
	d := forecastOf("cpu", "a")
	d.Query = json.RawMessage(`{"source":{"kind":"prometheus","expr":"a"},"model":{"algorithm":"naive"},"horizon":"2h"}`)
	require.Equal(t, 72, trained(t, i, d).Points)
}

func TestNoSettingsAtAllAreFine(t *testing.T) {
	conf, err := loadSettings(backend.DataSourceInstanceSettings{})
	require.NoError(t, err)
	require.Equal(t, settings{}, conf)
	require.Empty(t, sources(context.Background(), backend.DataSourceInstanceSettings{}, conf))
}
