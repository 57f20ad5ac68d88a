//go:build grafana

package channels

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/grafanaserver"
)

const resources = "/api/datasources/uid/forewarn/resources/"

// wizardRule is a rule as the app's wizard writes it for a trained model: the golden files that src/rules/build.test.ts holds it to, with another
// model and title, and without waiting.
func wizardRule(t *testing.T, kind, model string, change ...string) map[string]any {
	t.Helper()
	golden := func(name string, into any) {
		raw, err := os.ReadFile(filepath.Join("..", "..", "src", "rules", "golden", name+".json"))
		require.NoError(t, err)
		text := strings.NewReplacer(append([]string{`"fw"`, `"forewarn"`, `"name": "m"`, `"name": "` + model + `"`, `"model": "m"`, `"model": "` + model + `"`, `“m”`, `“` + model + `”`}, change...)...).Replace(string(raw))
		require.NoError(t, json.Unmarshal([]byte(text), into))
	}
	var rule map[string]any
	var sentences map[string]map[string]any
	golden(kind, &rule)
	golden("sentences", &sentences)
	rule["annotations"], rule["for"], rule["keep_firing_for"] = sentences[kind], "0s", "0s"
	rule["annotations"].(map[string]any)["__dashboardUid__"], rule["annotations"].(map[string]any)["__panelId__"] = "forewarn-hosts", "3"
	rule["grafana_alert"].(map[string]any)["title"] = model
	return rule
}

// trained waits until a model has a version.
func trained(ctx context.Context, t *testing.T, g *grafanaserver.Server, name string, version int) {
	t.Helper()
	require.Eventually(t, func() bool {
		var model struct{ Live int }
		return g.Call(ctx, http.MethodGet, resources+"models/"+name, &model) == nil && model.Live >= version
	}, time.Minute, 300*time.Millisecond, name)
}

// The rules that the wizard writes for an outlier and for a forecast fire in a Grafana, and what the channels are told of them says why, in
// numbers and in both languages, at the beginning and at the end.
func TestTheWizardsRulesTellWhy(t *testing.T) {
	require.NoError(t, grafanaserver.Available())
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	dir := t.TempDir()
	world, ends := serve(ctx, t, dir), receive(t)
	provision(t, dir, world, quick)
	own, err := filepath.Glob(filepath.Join(dir, "provisioning", "alerting", "rules-*.yaml"))
	require.NoError(t, err)
	for _, path := range own {
		require.NoError(t, os.Remove(path))
	}
	grafana, log := start(ctx, t, dir, ends)

	for _, definition := range []map[string]any{{"name": "hosts-alike", "entityLabels": []string{"instance"}, "query": map[string]any{"queryType": "outlier",
		"source": map[string]any{"kind": "prometheus", "expr": `100 * (1 - sum by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) / sum by (instance) (rate(node_cpu_seconds_total[5m])))`},
		"model":  map[string]any{"algorithm": "auto"}, "trainingWindow": "7d", "interval": "5m"}}, {"name": "disks-ahead", "entityLabels": []string{"instance"}, "query": map[string]any{"queryType": "forecast",
		"source": map[string]any{"kind": "prometheus", "expr": `100 * (1 - node_filesystem_avail_bytes{mountpoint="/data"} / node_filesystem_size_bytes{mountpoint="/data"})`},
		"model":  map[string]any{"algorithm": "auto"}, "trainingWindow": "14d", "interval": "10m", "horizon": "48h", "bounds": map[string]any{"min": 0, "max": 100}}}} {
		require.NoError(t, grafana.Post(ctx, resources+"models", map[string]any{"definition": definition, "train": true}, nil))
		trained(ctx, t, grafana, definition["name"].(string), 1)
	}
	var folder struct{ UID string }
	require.NoError(t, grafana.Post(ctx, "/api/folders", map[string]any{"title": "Forewarn"}, &folder))
	rules := []any{wizardRule(t, "outlier", "hosts-alike"), wizardRule(t, "forecast", "disks-ahead", " 80", " 90", "越过 80", "越过 90", "限值 80", "限值 90", `"value": 80`, `"value": 90`, "                  80\n", "                  90\n")}
	require.NoError(t, grafana.Post(ctx, "/api/ruler/grafana/api/v1/rules/"+folder.UID, map[string]any{"name": "models", "interval": "10s", "rules": rules}, nil))

	wait(ctx, t, ends, wizards, "firing", log)
	world.calmDown(ctx, t)
	require.NoError(t, grafana.Call(ctx, http.MethodDelete, resources+"cache", nil))
	require.NoError(t, grafana.Post(ctx, resources+"models/disks-ahead/train", nil, nil)) // the past has become another, which models do not read again
	trained(ctx, t, grafana, "disks-ahead", 2)
	wait(ctx, t, ends, wizards, "resolved", log)
	heard(t, ends)
}
