package tests

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// The app has the very rules of provisioning/alerting, to be installed with another data source; with -update its file is written.
func TestTheAppHasTheProvisionedRules(t *testing.T) {
	groups := ruleGroups(t)
	for _, g := range groups {
		require.Equal(t, "1m", g.Interval, "what the app installs is evaluated every minute")
		for _, r := range g.Rules {
			require.Equal(t, "OK KeepLast", r.NoDataState+" "+r.ExecErrState, r.UID)
			for i, n := range r.Data {
				require.Contains(t, []string{sourceUID, "__expr__"}, n.DatasourceUID, r.UID)
				r.Data[i].Asks = n.DatasourceUID == sourceUID
			}
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
