package grafana

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var now = time.Date(2026, 3, 11, 9, 41, 30, 0, time.UTC)

const dashboard = `{
  "uid": "d", "title": "D", "time": {"from": "now-2d", "to": "now+24h"},
  "templating": {"list": [
    {"name": "ds", "type": "datasource", "current": {}},
    {"name": "host", "type": "custom", "current": {"value": ["a", "b's"]}, "options": [{"value": "a"}, {"value": "b's"}]},
    {"name": "all", "type": "custom", "current": {"value": "$__all"}, "options": [{"value": "$__all"}, {"value": "x"}, {"value": "y"}]}]},
  "panels": [
    {"id": 3, "type": "timeseries", "title": "Low", "gridPos": {"x": 0, "y": 9}, "timeFrom": "8d", "datasource": {"type": "forewarn-earlywarning-datasource", "uid": "${ds}"},
     "fieldConfig": {"defaults": {"unit": "percent"}},
     "targets": [{"refId": "A", "queryType": "series", "source": {"rawSql": "region IN (${all:sqlstring}) AND $__timeFilter(ts)"}}]},
    {"id": 1, "type": "timeseries", "title": "CPU of $host", "repeat": "host", "gridPos": {"x": 0, "y": 0},
     "targets": [{"refId": "A", "datasource": {"type": "forewarn-earlywarning-datasource", "uid": "${ds}"}, "queryType": "forecast",
       "source": {"expr": "up{instance=~\"${host:pipe}\"}"}, "trainingWindow": "14d", "confidence": 0.95},
      {"refId": "B", "hide": true, "datasource": {"type": "forewarn-earlywarning-datasource"}}]},
    {"id": 2, "type": "row", "title": "Row", "gridPos": {"x": 0, "y": 5}, "panels": [
      {"id": 4, "type": "table", "title": "Other", "gridPos": {"x": 3, "y": 6}, "targets": [{"refId": "A", "datasource": {"type": "prometheus", "uid": "p"}}]},
      {"id": 5, "type": "table", "title": "In a row", "gridPos": {"x": 0, "y": 6}, "targets": [{"refId": "A", "datasource": {"type": "forewarn-earlywarning-datasource"}, "x": "${all}"}]}]}
  ]}`

func TestADashboardIsReadAsItIsSeen(t *testing.T) {
	d, err := ParseDashboard([]byte(dashboard), now)
	require.NoError(t, err)
	var titles []string
	for _, p := range d.Panels {
		titles = append(titles, p.Title)
	}
	require.Equal(t, []string{"CPU of a", "CPU of b's", "In a row", "Low"}, titles, "from top to bottom, repeats apart, others left out")
	first := d.Panels[0]
	require.Len(t, first.Queries, 1, "hidden queries are not asked")
	require.JSONEq(t, `{"refId": "A", "datasource": {"type": "forewarn-earlywarning-datasource", "uid": "${ds}"}, "queryType": "forecast",
		"source": {"expr": "up{instance=~\"a\"}"}, "trainingWindow": "14d", "confidence": 0.95}`, string(first.Queries[0].Model))
	require.Equal(t, now.Add(-48*time.Hour), first.From)
	require.Equal(t, now.Add(24*time.Hour), first.To)
	low := d.Panels[3]
	require.Equal(t, now.Add(-8*24*time.Hour), low.From)
	require.Equal(t, now, low.To, "a panel's own range ends now")
	require.Equal(t, "percent", low.Unit)
	require.Contains(t, string(low.Queries[0].Model), `region IN ('x','y') AND $__timeFilter(ts)`, "macros are left to the plugin")
	require.Contains(t, string(d.Panels[2].Queries[0].Model), `{x,y}`)
}

func TestFormatsOfVariables(t *testing.T) {
	two, one := variable{[]string{"a.b", "c'd"}}, variable{[]string{"a.b"}}
	for format, want := range map[string]string{
		"pipe": "a.b|c'd", "csv": "a.b,c'd", "raw": "a.b,c'd", "text": "a.b + c'd", "sqlstring": "'a.b','c''d'", "singlequote": `'a.b','c\'d'`,
		"doublequote": `"a.b","c'd"`, "regex": `(a\.b|c'd)`, "glob": "{a.b,c'd}",
	} {
		require.Equal(t, want, two.write(format), format)
	}
	require.Equal(t, `a\.b`, one.write("regex"))
	require.Equal(t, "a.b", one.write("glob"))
	set := variableSet{"v": one}
	require.Equal(t, "a.b a.b ${w} $__interval $", set.fill("$v ${v} ${w} $__interval $", "glob"))
}

func TestBrokenDashboardsAreTold(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":       `{`,
		"no time":       `{"title": "x"}`,
		"odd time":      `{"time": {"from": "yesterday", "to": "now"}}`,
		"odd duration":  `{"time": {"from": "now-2y2", "to": "now"}}`,
		"odd sign":      `{"time": {"from": "now/2d", "to": "now"}}`,
		"odd panel":     `{"time": {"from": "now-1h", "to": "now"}, "panels": [{"timeFrom": "x", "targets": [{"refId": "A"}]}]}`,
		"odd target":    `{"time": {"from": "now-1h", "to": "now"}, "panels": [{"targets": [7]}]}`,
		"empty seconds": `{"time": {"from": "now-", "to": "now"}}`,
	} {
		_, err := ParseDashboard([]byte(text), now)
		require.ErrorIs(t, err, ErrFormat, name)
	}
	_, err := Dashboards(t.TempDir(), now)
	require.ErrorIs(t, err, ErrFormat)
	_, err = DataSources(t.TempDir())
	require.ErrorIs(t, err, ErrFormat)
	_, err = Rules(t.TempDir())
	require.ErrorIs(t, err, ErrFormat)
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{"90s": 90 * time.Second, "5m": 5 * time.Minute, "1h30m": 90 * time.Minute, "8d": 192 * time.Hour, "2w": 336 * time.Hour, "0s": 0} {
		got, err := Duration(text)
		require.NoError(t, err)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "5", "m", "5x", "-5m", "5m3", "99999999999h"} {
		_, err := Duration(text)
		require.ErrorIs(t, err, ErrFormat, text)
	}
	at, err := moment("2026-03-11T09:00:00Z", now)
	require.NoError(t, err)
	require.Equal(t, 9, at.Hour())
}

func TestRulesAreRead(t *testing.T) {
	rules, err := ParseRules([]byte(`
groups:
  - name: forecast
    rules:
      - uid: u
        title: Disk
        condition: C
        for: 5m
        labels: {severity: warning}
        annotations: {summary: full}
        data:
          - refId: A
            datasourceUid: forewarn
            relativeTimeRange: {from: 3600, to: 60}
            model: {refId: A, queryType: warning, horizon: 72h, threshold: {value: 90, direction: above}}
          - refId: C
            datasourceUid: __expr__
            model: {type: threshold, expression: A, conditions: [{evaluator: {type: lt, params: [72]}}]}
`))
	require.NoError(t, err)
	require.Len(t, rules, 1)
	r := rules[0]
	require.Equal(t, []any{"u", "Disk", "forecast", "C", 5 * time.Minute, "warning", "full"}, []any{r.UID, r.Title, r.Group, r.Condition, r.For, r.Labels["severity"], r.Annotations["summary"]})
	require.Equal(t, time.Hour, r.Nodes[0].Back)
	require.Equal(t, time.Minute, r.Nodes[0].Till)
	require.JSONEq(t, `{"refId": "A", "queryType": "warning", "horizon": "72h", "threshold": {"value": 90, "direction": "above"}}`, string(r.Nodes[0].Model))
	require.Equal(t, ExpressionUID, r.Nodes[1].SourceUID)

	none, err := ParseRules([]byte("apiVersion: 1\ncontactPoints: []\n"))
	require.NoError(t, err)
	require.Empty(t, none)
	_, err = ParseRules([]byte("groups: [{rules: [{for: soon}]}]"))
	require.ErrorIs(t, err, ErrFormat)
	_, err = ParseRules([]byte("groups: ["))
	require.ErrorIs(t, err, ErrFormat)
}

func TestDataSourcesAreRead(t *testing.T) {
	t.Setenv("DEMO_SECRET", "s3cret")
	t.Setenv("DEMO_HOST", "hooks.example.com")
	list, err := parseDataSources([]byte(`
datasources:
  - {name: Prometheus, type: prometheus, url: http://other}
  - name: Forewarn
    uid: forewarn
    type: forewarn-earlywarning-datasource
    url: http://127.0.0.1:9190
    jsonData: {httpMethod: POST, storePath: $DEMO_UNSET, relay: {hosts: [$DEMO_HOST]}, mysql: {url: "127.0.0.1:9306", user: forewarn}}
    secureJsonData: {mysqlPassword: $DEMO_SECRET, bearerToken: plain}
`))
	require.NoError(t, err)
	require.Len(t, list, 1)
	d := list[0]
	require.Equal(t, map[string]string{"mysqlPassword": "s3cret", "bearerToken": "plain"}, d.Secure)
	d.Move("http://127.0.0.1:1", "127.0.0.1:2")
	raw, err := json.Marshal(d.JSONData)
	require.NoError(t, err)
	require.JSONEq(t, `{"httpMethod": "POST", "storePath": "", "relay": {"hosts": ["hooks.example.com"]}, "mysql": {"url": "127.0.0.1:2", "user": "forewarn"}}`, string(raw))
	require.Equal(t, "http://127.0.0.1:1", d.URL)
}

// TestTheRepositoryIsRead reads what is provisioned here: nothing may be left that the plugin would not understand.
func TestTheRepositoryIsRead(t *testing.T) {
	root := filepath.Join("..", "..")
	boards, err := Dashboards(filepath.Join(root, "src", "dashboards"), now)
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(boards), 4)
	left := regexp.MustCompile(`\$\{\w|\$[a-z]`)
	for _, d := range boards {
		require.NotEmpty(t, d.Panels, d.Title)
		for _, p := range d.Panels {
			require.NotRegexp(t, left, p.Title)
			for _, q := range p.Queries {
				var model struct{ Source, Sources any }
				require.NoError(t, json.Unmarshal(q.Model, &model))
				text, err := json.Marshal(model)
				require.NoError(t, err)
				require.NotRegexp(t, left, string(text), "%s: %s", d.Title, p.Title)
			}
		}
	}
	rules, err := Rules(filepath.Join(root, "provisioning", "alerting"))
	require.NoError(t, err)
	kinds := map[string]bool{}
	for _, r := range rules {
		kinds[r.Labels["kind"]] = true
		require.NotEmpty(t, r.Nodes, r.Title)
	}
	require.Subset(t, kinds, map[string]bool{"threshold": true, "anomaly": true, "forecast": true})
	sources, err := DataSources(filepath.Join(root, "provisioning", "datasources"))
	require.NoError(t, err)
	require.Equal(t, "forewarn", sources[0].UID)
	require.FileExists(t, filepath.Join(root, "provisioning", "datasources", "forewarn.yaml"))
	_, err = os.Stat(filepath.Join(root, "docker-compose.yml"))
	require.NoError(t, err)
}
