package protocol

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"
)

// toldOf gives how often each stage held back a series' points, and the sentences of its stretches.
func toldOf(t *testing.T, f *data.Frame, name string) (held map[string]int, texts []string) {
	raw, err := json.Marshal(f.Meta.Custom)
	require.NoError(t, err)
	var meta struct {
		Series []struct {
			Name     string         `json:"name"`
			HeldBack map[string]int `json:"heldBack"`
			Episodes []struct {
				Text string `json:"text"`
			} `json:"episodes"`
		} `json:"series"`
	}
	require.NoError(t, json.Unmarshal(raw, &meta))
	for _, s := range meta.Series {
		if s.Name == name {
			for _, e := range s.Episodes {
				texts = append(texts, e.Text)
			}
			return s.HeldBack, texts
		}
	}
	require.Failf(t, "no such series", "%s in %s", name, raw)
	return nil, nil
}

// raised counts the flagged points of a series in the newest hour and a quarter, as a rule sees them.
func raised(t *testing.T, query, host string) (n int) {
	r := ask(t, source(), true, world.now.Add(-75*time.Minute), world.now, query)
	require.NoError(t, r.Error)
	var f *data.Field
	for _, one := range r.Frames[0].Fields[1:] {
		if one.Labels["host"] == host {
			f = one
		}
	}
	require.NotNil(t, f, host)
	for i := range f.Len() {
		if v := f.At(i).(*float64); v != nil && *v > 0 {
			n++
		}
	}
	return n
}

// Host 4 runs hot. Where nobody else does that is held back until another signal agrees, in sight of who looks.
func TestAHotHostWaitsForAnotherSignal(t *testing.T) {
	world.Need(t)
	with := func(other, output string) string {
		return fmt.Sprintf(`{"queryType": "anomaly", %s, "guards": {"agreement": "10m"}, "agreement": {"kind": "prometheus", "expr": %q}, "output": %q}`, cpu, other, output)
	}
	require.Positive(t, raised(t, `{"queryType": "anomaly", `+cpu+`, "output": "anomalous"}`, "host-4"))
	require.Positive(t, raised(t, with(`sum(cpu)`, "anomalous"), "host-4"), "the sum of all is as unusual")
	require.Zero(t, raised(t, with(`cpu{host="host-1"}`, "anomalous"), "host-4"))
	r := ask(t, source(), false, world.now.Add(-75*time.Minute), world.now, with(`cpu{host="host-1"}`, "all"))
	require.NoError(t, r.Error)
	held, texts := toldOf(t, r.Frames[0], "host-4")
	require.GreaterOrEqual(t, held["agreement"], 10)
	require.Contains(t, texts[len(texts)-1], "held back by the other signal")
}

// The annotations of a Grafana that keeps its data in MySQL, as the reference shows it.
func TestDeploymentsAreReadFromAnnotations(t *testing.T) {
	world.Need(t)
	with := func(tag, quiet, output string) string {
		return fmt.Sprintf(`{"queryType": "anomaly", %s, "output": %q, "deployments": {"kind": "mysql", "quiet": %q,
			"rawSql": "SELECT $__unixEpochGroup(epoch / 1000, '5m') AS time, text AS metric, 1 AS value FROM annotation WHERE $__unixEpochFilter(epoch / 1000) AND tags LIKE '%%%s%%' GROUP BY 1, 2 ORDER BY 1"}}`, cpu, output, quiet, tag)
	}
	require.Zero(t, raised(t, with("deployment", "2h", "anomalous"), "host-4"))
	require.Zero(t, raised(t, with("deployment", "20m", "anomalous"), "host-4"), "nor the level that it left behind")
	require.Positive(t, raised(t, with("holiday", "2h", "anomalous"), "host-4"), "there is none of that kind")
	r := ask(t, source(), false, world.now.Add(-75*time.Minute), world.now, with("deployment", "2h", "all"))
	require.NoError(t, r.Error)
	held, texts := toldOf(t, r.Frames[0], "host-4")
	require.GreaterOrEqual(t, held["deployment"], 10)
	require.Contains(t, texts[len(texts)-1], "held back by a deployment (shop 4.2)")
}

// What the form offers for auto, the back end takes.
func TestAutoIsAskedWithItsOptions(t *testing.T) {
	world.Need(t)
	for _, options := range []string{`{"sensitivity": "high"}`, `{"sensitivity": "low"}`, `{"alertBudget": 2}`} {
		require.Positive(t, raised(t, `{"queryType": "anomaly", `+cpu+`, "model": {"algorithm": "auto", "options": `+options+`}, "output": "anomalous"}`, "host-4"), options)
	}
}

// While a host is maintained it is no outlier: grey, with the reason, and told.
func TestMaintenanceHoldsOutliersBack(t *testing.T) {
	world.Need(t)
	window := fmt.Sprintf(`"calendar": {"maintenance": [{"from": %q, "to": %q, "reason": "disk swap"}]}`, world.now.Add(-time.Hour).Format(time.RFC3339), world.now.Add(time.Hour).Format(time.RFC3339))
	r := ask(t, source(), true, world.now.Add(-time.Hour), world.now, `{"queryType": "outlier", `+cpu+`, "output": "outlier", `+window+`}`)
	require.NoError(t, r.Error)
	for _, one := range r.Frames[0].Fields {
		require.Zero(t, *one.At(0).(*float64), one.Labels["host"])
	}
	r = ask(t, source(), false, world.now.Add(-time.Hour), world.now, `{"queryType": "outlier", `+cpu+`, `+window+`}`)
	require.NoError(t, r.Error)
	_, texts := toldOf(t, r.Frames[0], "host-4")
	require.Contains(t, texts[0], "held back by maintenance (disk swap)")
	require.Contains(t, r.Frames[0].Meta.Notices[0].Text, "outliers held back by maintenance: 1")
	require.Len(t, r.Frames, 2)
	require.Equal(t, "#8e8e8e", r.Frames[1].Fields[3].At(0))
}
