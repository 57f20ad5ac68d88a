package tests

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// preparedRule is a provisioned rule as the app installs it, with the user's data source in the place of sourceUID.
type preparedRule struct {
	Title         string            `json:"title"`
	For           string            `json:"for"`
	KeepFiringFor string            `json:"keepFiringFor"`
	Condition     string            `json:"condition"`
	Labels        map[string]string `json:"labels"`
	Annotations   map[string]string `json:"annotations"`
	Data          []preparedNode    `json:"data"`
}

type preparedNode struct {
	RefID string         `json:"refId"`
	From  int            `json:"from"`
	To    int            `json:"to"`
	Model map[string]any `json:"model"`
	Asks  bool           `json:"asks"` // the data source; the others are Grafana's expressions
}

type preparedGroup struct {
	Name  string         `json:"name"`
	Rules []preparedRule `json:"rules"`
}

// The app has the very rules of provisioning/alerting, to be installed with another data source; with -update its file is written.
func TestTheAppHasTheProvisionedRules(t *testing.T) {
	var groups []preparedGroup
	for _, path := range files(t, "provisioning", "alerting", "rules-*.yaml") {
		var f ruleFile
		readYAML(t, path, &f)
		for _, g := range f.Groups {
			require.Equal(t, "1m", g.Interval, "what the app installs is evaluated every minute")
			out := preparedGroup{Name: g.Name}
			for _, r := range g.Rules {
				require.Equal(t, "OK KeepLast", r.NoDataState+" "+r.ExecErrState, r.UID)
				one := preparedRule{Title: r.Title, For: r.For, KeepFiringFor: r.KeepFiringFor, Condition: r.Condition, Labels: r.Labels, Annotations: r.Annotations}
				for _, n := range r.Data {
					require.True(t, slices.Contains([]string{sourceUID, "__expr__"}, n.DatasourceUID), r.UID)
					one.Data = append(one.Data, preparedNode{n.RefID, n.RelativeTimeRange["from"], n.RelativeTimeRange["to"], n.Model, n.DatasourceUID == sourceUID})
				}
				out.Rules = append(out.Rules, one)
			}
			groups = append(groups, out)
		}
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	require.NoError(t, enc.Encode(groups))
	path := root("src", "rules", "prepared.json")
	if *update {
		require.NoError(t, os.WriteFile(path, b.Bytes(), 0o644))
	}
	require.JSONEq(t, b.String(), string(read(t, path)), "go test ./tests -run Provisioned -update writes it anew")
}
