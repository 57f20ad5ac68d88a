package protocol

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/pluginproc"
)

func TestHealth(t *testing.T) {
	world.Need(t)
	pc, err := source().Context(pluginproc.Viewer)
	require.NoError(t, err)
	h, err := world.plugin.CheckHealth(context.Background(), pc)
	require.NoError(t, err)
	require.Equal(t, backend.HealthStatusOk, h.Status)
	require.Regexp(t, `Prometheus .+ answers; MySQL .+MariaDB.* answers`, h.Message)

	d := source()
	d.Secure = map[string]string{"mysqlPassword": "wrong"}
	pc, err = d.Context(pluginproc.Viewer)
	require.NoError(t, err)
	h, err = world.plugin.CheckHealth(context.Background(), pc)
	require.NoError(t, err)
	require.Equal(t, backend.HealthStatusError, h.Status)
	require.Contains(t, h.Message, `mysql fails`)
	require.Contains(t, h.Message, "check password and grants")
	require.NotContains(t, h.Message, "wrong")
}

func TestBadInputGetsAClearErrorAndTheNextQueryWorks(t *testing.T) {
	world.Need(t)
	const p = `"source": {"kind": "prometheus", "expr": %q}`
	const m = `"source": {"kind": "mysql", "rawSql": %q}`
	prom := func(expr, more string) string { return "{" + fmt.Sprintf(p, expr) + more + "}" }
	sql := func(s string) string { return `{"queryType": "series", ` + fmt.Sprintf(m, s) + "}" }
	for name, c := range map[string]struct {
		query  string
		says   string
		origin backend.ErrorSource
	}{
		"PromQL":             {prom("sum(", ""), "parse error", backend.ErrorSourceDownstream},
		"SQL":                {sql("SELECT ts AS time, nothing FROM kpi"), "nothing", backend.ErrorSourceDownstream},
		"no time column":     {sql("SELECT 1 AS v"), "no column is named time", backend.ErrorSourceDownstream},
		"no number":          {sql("SELECT ts AS time, container FROM app_logs"), "no column is a number", backend.ErrorSourceDownstream},
		"not a SELECT":       {sql("DELETE FROM kpi"), "not allowed", backend.ErrorSourceDownstream},
		"a second statement": {sql("SELECT ts AS time, value FROM kpi; DROP TABLE kpi"), "one statement", backend.ErrorSourceDownstream},
		"another's table":    {sql("SELECT now() AS time, count(*) AS n FROM mysql.user"), "check password and grants", backend.ErrorSourceDownstream},
		"unknown algorithm":  {prom("cpu", `, "model": {"algorithm": "oracle"}`), `no forecaster "oracle"`, backend.ErrorSourceDownstream},
		"horizon of zero":    {prom("cpu", `, "horizon": "0s"`), `field "horizon"`, backend.ErrorSourceDownstream},
		"step of zero":       {prom("cpu", `, "interval": "0s"`), `field "interval"`, backend.ErrorSourceDownstream},
		"a model not there":  {prom("cpu", `, "model": {"name": "disk-root"}`), `no model "disk-root"`, backend.ErrorSourceDownstream},
		"more than 100,000":  {prom("cpu", `, "interval": "1s"`), "at most 100000 points", backend.ErrorSourceDownstream},
	} {
		t.Run(name, func(t *testing.T) {
			r := ask(t, source(), false, world.now.Add(-time.Hour), world.now, c.query)
			require.ErrorContains(t, r.Error, c.says)
			require.Equal(t, c.origin, r.ErrorSource)
		})
	}
	require.NoError(t, ask(t, source(), false, world.now.Add(-time.Hour), world.now, prom("cpu", "")).Error)
}

func TestThinDataIsAnsweredWithANotice(t *testing.T) {
	world.Need(t)
	for name, c := range map[string]struct{ expr, says string }{
		"one point": {"one_point", "at least 3"}, "all NaN": {"cpu * NaN", "0 known values"}, "constant": {"constant", ""}, "empty": {"nothing_here", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := ask(t, source(), false, world.now.Add(-time.Hour), world.now, fmt.Sprintf(`{"source": {"kind": "prometheus", "expr": %q}}`, c.expr))
			require.NoError(t, r.Error)
			text := ""
			for _, n := range r.Frames[0].Meta.Notices {
				text += n.Text
			}
			require.Contains(t, text, c.says)
		})
	}
	f := ask(t, source(), false, world.now.Add(-time.Hour), world.now, `{"source": {"kind": "prometheus", "expr": "constant"}}`).Frames[0]
	require.Equal(t, 5.0, *field(t, f, "forecast", "").At(f.Rows() - 1).(*float64))
}

func TestASourceThatIsDownOrSlowIsNamed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	down := l.Addr().String()
	require.NoError(t, l.Close())
	const query = `{"source": {"kind": "prometheus", "expr": "up"}}`
	r := ask(t, pluginproc.DataSource{URL: "http://" + down}, false, world.now.Add(-time.Hour), world.now, query)
	require.ErrorContains(t, r.Error, down)
	require.Equal(t, backend.ErrorSourceDownstream, r.ErrorSource)

	leave := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-leave }))
	defer slow.Close()
	defer close(leave)
	r = ask(t, pluginproc.DataSource{URL: slow.URL, JSONData: map[string]any{"queryTimeout": "1s"}}, false, world.now.Add(-time.Hour), world.now, query)
	require.ErrorContains(t, r.Error, "no answer within 1s")
	require.Equal(t, backend.StatusTimeout, r.Status)

	r = ask(t, pluginproc.DataSource{JSONData: map[string]any{"mysql": map[string]any{"url": down, "user": "u"}}}, false, world.now.Add(-time.Hour), world.now,
		`{"source": {"kind": "mysql", "rawSql": "SELECT 1 AS time, 2 AS v"}}`)
	require.ErrorContains(t, r.Error, "source cannot be reached: mysql at "+down)
}

func TestASlowStatementIsStoppedByTheServer(t *testing.T) {
	world.Need(t)
	d := source()
	d.JSONData.(map[string]any)["mysql"].(map[string]any)["queryTimeout"] = "1s"
	r := ask(t, d, false, world.now.Add(-time.Hour), world.now, `{"queryType": "series", "source": {"kind": "mysql", "rawSql": "SELECT a.ts AS time, count(*) AS n FROM app_logs a JOIN app_logs b JOIN app_logs c GROUP BY 1"}}`)
	require.Error(t, r.Error)
	require.Equal(t, backend.StatusTimeout, r.Status)
	require.Eventually(t, func() bool {
		var n int
		err := world.Maria.Admin.QueryRow("SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'SELECT a.ts%'").Scan(&n)
		return err == nil && n == 0
	}, 20*time.Second, 200*time.Millisecond, "the server must not go on with it")
}

func TestAViewerCannotChangeAnything(t *testing.T) {
	for role, want := range map[pluginproc.Role]int{pluginproc.Viewer: 403, pluginproc.Nobody: 403, pluginproc.Editor: 204, pluginproc.Admin: 204} {
		pc, err := pluginproc.DataSource{}.Context(role)
		require.NoError(t, err)
		r, err := world.plugin.Resource(context.Background(), pc, http.MethodDelete, "cache", nil)
		require.NoError(t, err)
		require.Equal(t, want, r.Status, "%q", role)
	}
}

func TestMetricsOfTheProcess(t *testing.T) {
	world.Need(t)
	ask(t, source(), false, world.now.Add(-time.Hour), world.now, `{"source": {"kind": "prometheus", "expr": "cpu"}}`)
	text, err := world.plugin.CollectMetrics(context.Background())
	require.NoError(t, err)
	for _, name := range []string{`forewarn_queries_total{result="ok",type="forecast"}`, "forewarn_fit_duration_seconds_count", `forewarn_source_read_duration_seconds_count{source="prometheus"}`} {
		require.Contains(t, string(text), name)
	}
}
