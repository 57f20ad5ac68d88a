package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/trail"
	"github.com/forewarn/earlywarning/tests/certs"
	"github.com/forewarn/earlywarning/tests/mariaserver"
)

// maker makes instances of one process.
func maker(t *testing.T, storePath string) func(uid string, conf map[string]any) *Instance {
	m, err := NewMetrics(prometheus.NewRegistry())
	require.NoError(t, err)
	factory := Factory(m, "1.2.3", storePath)
	url := fakePrometheus(t).URL
	return func(uid string, conf map[string]any) *Instance {
		raw, err := json.Marshal(conf)
		require.NoError(t, err)
		i, err := factory(context.Background(), backend.DataSourceInstanceSettings{UID: uid, URL: url, JSONData: raw})
		require.NoError(t, err)
		return i.(*Instance)
	}
}

func statusOf(t *testing.T, i *Instance) (s api.Status) {
	t.Helper()
	require.Equal(t, 200, as(t, i, "eve", "Viewer", "GET", "status", nil, &s))
	return s
}

func TestWithoutAPathPagesSayThatModelsAreLostAndHowToKeepThem(t *testing.T) {
	i := maker(t, "")("a", nil)
	defer i.Dispose()
	s := statusOf(t, i).Store
	require.Equal(t, []any{"memory", true, ""}, []any{s.Kind, s.OK, s.Path})
	require.Contains(t, s.Message, "lost when Grafana restarts")
	require.Contains(t, s.Message, "storePath")
	require.Contains(t, s.Message, "[plugin.forewarn-earlywarning-datasource]")
	var all api.Models
	require.Equal(t, 200, as(t, i, "eve", "Viewer", "GET", "models", nil, &all))
	require.Equal(t, s, all.Store, "on the models' page as well")
}

func TestModelsInMemoryOutliveAChangeOfTheSettings(t *testing.T) {
	make := maker(t, "")
	i := make("a", nil)
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a")}, nil))
	i.Dispose()
	i = make("a", map[string]any{"queryTimeout": "10s"})
	defer i.Dispose()
	require.Equal(t, "cpu", modelNamed(t, i, "cpu").Definition.Name)
}

func TestDataSourcesShareAFileAndNotTheirModels(t *testing.T) {
	path := filepath.Join(t.TempDir(), "models.db")
	make := maker(t, path)
	a, b := make("a", nil), make("b", nil)
	defer b.Dispose()
	require.Equal(t, 201, as(t, a, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a")}, nil))
	require.Equal(t, 404, as(t, b, "anna", "Editor", "GET", "models/cpu", nil, nil))
	require.Same(t, a.db, b.db)
	a.Dispose()
	require.Equal(t, 200, as(t, b, "v", "Viewer", "GET", "models", nil, nil), "what one gives back the other still has")
	a = make("a", nil)
	defer a.Dispose()
	require.Equal(t, "cpu", modelNamed(t, a, "cpu").Definition.Name)
	require.Equal(t, path, statusOf(t, a).Store.Path)
}

func TestTheDataSourcesOwnPathWins(t *testing.T) {
	dir := t.TempDir()
	own := filepath.Join(dir, "own.db")
	i := maker(t, filepath.Join(dir, "grafana.db"))("a", map[string]any{"storePath": " " + own + " "})
	defer i.Dispose()
	s := statusOf(t, i).Store
	require.Equal(t, []any{"sqlite", true, own, ""}, []any{s.Kind, s.OK, s.Path, s.Message})
}

func TestAStoreThatCannotWorkIsSaidAndQueriesGoOn(t *testing.T) {
	dir := t.TempDir()
	damaged := filepath.Join(dir, "damaged.db")
	require.NoError(t, os.WriteFile(damaged, []byte("this is no database, and long enough to be taken for one by its first page"), 0o600))
	for name, c := range map[string]struct {
		conf map[string]any
		says string
	}{
		"no such folder":     {map[string]any{"storePath": filepath.Join(dir, "none", "models.db")}, "cannot be opened: does its folder exist"},
		"a damaged file":     {map[string]any{"storePath": damaged}, "is not a SQLite database"},
		"an unknown kind":    {map[string]any{"store": map[string]any{"kind": "oracle"}}, `store.kind is "oracle"`},
		"mysql without host": {map[string]any{"store": map[string]any{"kind": "mysql"}}, "store.url is empty"},
		"mysql without user": {map[string]any{"store": map[string]any{"kind": "mysql", "url": "127.0.0.1:1"}}, "user and database"},
		"mysql that is away": {map[string]any{"store": map[string]any{"kind": "mysql", "url": "127.0.0.1:1", "user": "u", "database": "d"}}, "127.0.0.1:1/d cannot be reached"},
		"mysql over TLS":     {map[string]any{"store": map[string]any{"kind": "mysql", "url": "127.0.0.1:1", "user": "u", "database": "d", "tls": true}}, "cannot be reached"},
	} {
		t.Run(name, func(t *testing.T) {
			i := maker(t, "")("a", c.conf)
			defer i.Dispose()
			s := statusOf(t, i).Store
			require.False(t, s.OK)
			require.Contains(t, s.Message, c.says)
			now := time.Now()
			r := i.answer(t.Context(), backend.DataQuery{RefID: "A", JSON: []byte(`{"source":{"kind":"prometheus","expr":"a"},"model":{"algorithm":"naive"},"trainingWindow":"2d","interval":"30m","horizon":"1h"}`),
				TimeRange: backend.TimeRange{From: now.Add(-time.Hour), To: now}}, false, trail.Rule{})
			require.NoError(t, r.Error, "a query with its model in it needs no store")
		})
	}
}

func TestAStoreThatDoesNotAnswerIsA503AndSaysWhatToDo(t *testing.T) {
	i := maker(t, "")("a", map[string]any{"storePath": filepath.Join(t.TempDir(), "none", "models.db")})
	defer i.Dispose()
	for _, path := range []string{"models", "models/a", "jobs", "labels", "precision", "audit", "audit/verify", "audit/export"} {
		status, raw := sendAs(t, i, "v", "Viewer", "GET", path, nil)
		require.Equal(t, 503, status, "%s: %s", path, raw)
		require.Contains(t, string(raw), "does its folder exist")
	}
	status, raw := sendAs(t, i, "v", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("cpu", "a"), Train: true})
	require.Equal(t, 503, status, string(raw))
	r := i.answer(t.Context(), backend.DataQuery{RefID: "A", JSON: []byte(`{"model":{"name":"cpu"}}`)}, false, trail.Rule{})
	require.ErrorIs(t, r.Error, store.ErrUnavailable)
	require.Equal(t, backend.ErrorSourceDownstream, r.ErrorSource)
}

func TestSpacesAreOfOneOrganisation(t *testing.T) {
	in := func(org int64) context.Context {
		return backend.WithPluginContext(context.Background(), backend.PluginContext{OrgID: org}) //nolint:staticcheck // the uid is unique within the organisation
	}
	ds := backend.DataSourceInstanceSettings{UID: "x"}
	require.NotEqual(t, spaceOf(in(1), ds), spaceOf(in(2), ds))
	require.Equal(t, "1/x", spaceOf(in(1), ds))
}

func TestASharedStoreIsReachedOverTLS(t *testing.T) {
	mariaserver.Need(t, maria)
	databases++
	name := fmt.Sprint("plugin", databases)
	require.NoError(t, maria.Exec(t.Context(), fmt.Sprintf("CREATE DATABASE %s; CREATE OR REPLACE USER overtls@'127.0.0.1' IDENTIFIED BY 'secret' REQUIRE SSL; GRANT ALL ON *.* TO overtls@'127.0.0.1'", name)))
	other, err := certs.New()
	require.NoError(t, err)
	for told, c := range map[string]struct {
		tls, whoever bool
		ca, says     string
	}{
		"with the server's authority": {true, false, maria.CA.PEM, ""},
		"whoever it is":               {true, true, "", ""},
		"without TLS":                 {false, false, "", `refuses the user "overtls"`},
		"with another's authority":    {true, false, other.PEM, "x509: certificate signed by unknown authority"},
	} {
		i := started(t, map[string]any{"store": map[string]any{"kind": "mysql", "url": maria.Address, "user": "overtls", "database": name, "tls": c.tls, "tlsSkipVerify": c.whoever}},
			map[string]string{"storePassword": "secret", "storeTLSCACert": c.ca})
		s := statusOf(t, i).Store
		require.Equal(t, []any{"mysql", c.says == ""}, []any{s.Kind, s.OK}, "%s: %s", told, s.Message)
		require.Contains(t, s.Message, c.says, told)
		require.NotContains(t, s.Message, "secret'", told)
	}
	broken := started(t, map[string]any{"store": map[string]any{"kind": "mysql", "url": maria.Address, "user": "overtls", "database": name, "tls": true}}, map[string]string{"storeTLSCACert": "no PEM"})
	require.Contains(t, statusOf(t, broken).Store.Message, "the CA certificate is not PEM")
}
