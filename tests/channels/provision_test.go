//go:build grafana

package channels

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/forewarn/earlywarning/tests/grafanaserver"
)

// change gives what stands for a value of a provisioning file.
type change func(key string, value any) any

// quick are notification policies that wait for nothing, repeat nothing and know no maintenance.
func quick(key string, value any) any {
	switch key {
	case "group_wait":
		return "1s"
	case "group_interval":
		return "10s"
	case "repeat_interval":
		return "4h"
	case "mute_time_intervals":
		return []any{}
	}
	return value
}

// provision copies the repository's provisioning, with the test's sources and policies, and with rules that need no quarter of an hour.
func provision(t *testing.T, dir string, s *sources, policies change) {
	t.Helper()
	to := filepath.Join(dir, "provisioning")
	require.NoError(t, os.CopyFS(to, os.DirFS(filepath.Join("..", "..", "provisioning"))))
	for _, gone := range []string{"plugins", "alerting/rules-mysql.yaml"} {
		require.NoError(t, os.RemoveAll(filepath.Join(to, gone)))
	}
	rules, err := filepath.Glob(filepath.Join(to, "alerting", "rules-*.yaml"))
	require.NoError(t, err)
	for _, path := range rules {
		edit(t, path, func(key string, value any) any {
			switch key {
			case "for", "keepFiringFor":
				return "0s"
			case "groups":
				value.([]any)[0].(map[string]any)["interval"] = "10s"
			}
			return value
		})
	}
	edit(t, filepath.Join(to, "alerting", "policies.yaml"), policies)
	edit(t, filepath.Join(to, "datasources", "forewarn.yaml"), func(key string, value any) any {
		if mysql, ok := value.(map[string]any); ok && key == "mysql" {
			mysql["url"], mysql["database"] = s.Maria.Address, "metrics"
		}
		if text, ok := value.(string); ok && key == "url" && strings.HasPrefix(text, "http") {
			return s.Prometheus
		}
		return value
	})
}

// edit changes values of a YAML file by their keys.
func edit(t *testing.T, path string, by change) {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	var tree any
	require.NoError(t, yaml.Unmarshal(raw, &tree))
	out, err := json.Marshal(walk(tree, by)) // which is YAML, too
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, out, 0o600))
}

// walk changes the values of a tree by their keys.
func walk(tree any, by change) any {
	switch v := tree.(type) {
	case map[string]any:
		for key, value := range v {
			v[key] = by(key, walk(value, by))
		}
	case []any:
		for i, value := range v {
			v[i] = walk(value, by)
		}
	}
	return tree
}

// start runs Grafana with what was provisioned in dir and gives its log's name.
func start(ctx context.Context, t *testing.T, dir string, ends *receivers, env ...string) (*grafanaserver.Server, string) {
	t.Helper()
	log, err := os.Create(filepath.Join(dir, "grafana.log"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = log.Close() })
	grafana, err := grafanaserver.Start(ctx, dir, grafanaserver.Options{Provisioning: filepath.Join(dir, "provisioning"), Mail: ends.Mail, Env: append(ends.env(), env...), Log: log})
	require.NoError(t, err, strings.Join(troubles(log.Name()), "\n"))
	t.Cleanup(grafana.Close)
	return grafana, log.Name()
}

// troubles are the last errors and warnings in a log of Grafana's.
func troubles(log string) []string {
	raw, _ := os.ReadFile(log)
	lines := slices.DeleteFunc(strings.Split(string(raw), "\n"), func(l string) bool { return !regexp.MustCompile(`level=(error|warn)|Error:`).MatchString(l) })
	return lines[max(0, len(lines)-12):]
}
