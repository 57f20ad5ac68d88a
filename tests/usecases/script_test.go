package usecases

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/pluginproc"
)

const cpu = `100 - avg by(fleet, instance)(irate(node_cpu_seconds_total{mode="idle"}[5m])) * 100`

// script is what a small script does every five minutes: it asks Prometheus and compares each host with 80. What it finds at the end of five
// minutes is told with their beginning, as Forewarn does.
func script(t *testing.T, from, to time.Time) map[string]bool {
	t.Helper()
	form := url.Values{"query": {cpu}, "start": {strconv.FormatInt(from.Unix(), 10)}, "end": {strconv.FormatInt(to.Unix(), 10)}, "step": {"300"}}
	res, err := http.PostForm(world.Prom.URL+"/api/v1/query_range", form)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	var answer struct {
		Data struct {
			Result []struct {
				Metric struct{ Fleet, Instance string }
				Values [][2]any
			}
		}
	}
	require.NoError(t, json.NewDecoder(res.Body).Decode(&answer))
	out := map[string]bool{}
	for _, host := range answer.Data.Result {
		for _, sample := range host.Values {
			v, err := strconv.ParseFloat(sample[1].(string), 64)
			require.NoError(t, err)
			if v > 80 {
				out[fmt.Sprint(host.Metric.Fleet, " ", host.Metric.Instance, " ", time.Unix(int64(sample[0].(float64)), 0).Add(-step).UTC().Format(time.RFC3339))] = true
			}
		}
	}
	return out
}

// Use case 4: the small script that grew, an 80 % check every five minutes. One pasted query finds the same hosts at the same times, with
// nothing trained and nothing kept.
func TestTheScriptIsOneQuery(t *testing.T) {
	world.Need(t)
	from, to := world.now.Add(-23*time.Hour), world.now.Add(-5*time.Minute)
	want := script(t, from.Add(step), to)
	require.Greater(t, len(want), 10, "of real machines some are busy")
	f := ask(t, false, from, to, fmt.Sprintf(`{"queryType": "anomaly", "interval": "5m", "trainingWindow": "1h", "model": {"algorithm": "threshold"}, "threshold": {"value": 80, "direction": "above"}, "output": "anomalous",
		"source": {"kind": "prometheus", "expr": %q}}`, cpu))
	got := map[string]bool{}
	for _, field := range f.Fields[1:] {
		for i := range field.Len() {
			at, _ := f.Fields[0].ConcreteAt(i)
			if v, ok := field.At(i).(*float64); ok && v != nil && *v == 1 && !at.(time.Time).Before(from) && at.(time.Time).Before(to) {
				got[fmt.Sprint(field.Labels["fleet"], " ", field.Labels["instance"], " ", at.(time.Time).UTC().Format(time.RFC3339))] = true
			}
		}
	}
	require.Equal(t, want, got)
}

// Its Slack message and its log file are one channel and the trail: one address in the settings, one message that names the hosts, one line
// that says what Slack answered, to be read here or downloaded as CSV.
func TestTheScriptsMessageAndItsLog(t *testing.T) {
	world.Need(t)
	var told []string
	slack := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		told = append(told, string(raw))
		_, _ = io.WriteString(w, "ok")
	}))
	defer slack.Close()
	pc, err := pluginproc.DataSource{URL: world.Prom.URL, JSONData: map[string]any{
		"relay":    map[string]any{"privateHosts": []string{strings.TrimPrefix(slack.URL, "http://")}},
		"channels": []map[string]any{{"name": "slack", "kind": "slack", "url": slack.URL + "/services/T0/B0/x"}},
	}}.Context(pluginproc.Editor)
	require.NoError(t, err)
	resource := func(method, path string, body any) []byte {
		raw, err := json.Marshal(body)
		require.NoError(t, err)
		res, err := world.plugin.Resource(t.Context(), pc, method, path, raw)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, res.Status, "%s", res.Body)
		return res.Body
	}
	hosts := []string{"tencent-3:9100", "azure-1:9100"}
	var alerts []map[string]any
	for _, host := range hosts {
		alerts = append(alerts, map[string]any{"status": "firing", "startsAt": world.now.Format(time.RFC3339), "labels": map[string]string{"alertname": "CPU over 80 %", "instance": host},
			"annotations": map[string]string{"summary": host + ": CPU 93 %, limit 80 %."}})
	}
	resource("POST", "relay/slack", map[string]any{"status": "firing", "groupKey": "g", "commonLabels": map[string]string{"alertname": "CPU over 80 %"}, "alerts": alerts})
	require.Len(t, told, 1)
	for _, host := range hosts {
		require.Contains(t, told[0], host+": CPU 93 %, limit 80 %.")
	}

	var log struct {
		Entries []struct {
			Action, Subject, Note string
			Values                struct{ Rule string }
		}
	}
	require.NoError(t, json.Unmarshal(resource("GET", "audit", nil), &log))
	require.Len(t, log.Entries, 1)
	require.Equal(t, "delivery.sent slack ok CPU over 80 %", fmt.Sprint(log.Entries[0].Action, " ", log.Entries[0].Subject, " ", log.Entries[0].Note, " ", log.Entries[0].Values.Rule))
	rows, err := csv.NewReader(strings.NewReader(string(resource("GET", "audit/export?format=csv", nil)))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 2, "a heading and a line")
	require.Contains(t, rows[1], "delivery.sent")
}
