//go:build grafana

package channels

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/grafanaserver"
	"github.com/forewarn/earlywarning/tests/mariaserver"
)

// Without any of the values that switch channels on Grafana starts, has every contact point and rule, and every channel but Grafana's own e-mail
// says that it is off.
func TestGrafanaStartsWithoutAnyToken(t *testing.T) {
	require.NoError(t, grafanaserver.Available())
	for _, value := range os.Environ() {
		require.False(t, strings.HasPrefix(value, "FOREWARN_"), "%s is set", value)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	dir := t.TempDir()
	provision(t, dir, &sources{Prometheus: "http://127.0.0.1:1", Maria: &mariaserver.Server{Address: "127.0.0.1:1"}}, quick)
	g, err := grafanaserver.Start(ctx, dir, grafanaserver.Options{Provisioning: filepath.Join(dir, "provisioning"), Mail: "127.0.0.1:1"})
	require.NoError(t, err)
	t.Cleanup(g.Close)

	var points []struct{ Name string }
	require.NoError(t, g.Call(ctx, http.MethodGet, "/api/v1/provisioning/contact-points", &points))
	have := map[string]bool{}
	for _, p := range points {
		have[p.Name] = true
	}
	for _, name := range append([]string{"trail"}, every...) {
		require.True(t, have[name], name)
	}
	var rules []struct{ UID string }
	require.NoError(t, g.Call(ctx, http.MethodGet, "/api/v1/provisioning/alert-rules", &rules))
	require.Greater(t, len(rules), 10)
	var channels struct {
		Channels []struct {
			Name    string
			Enabled bool
		}
	}
	require.NoError(t, g.Call(ctx, http.MethodGet, resources+"channels", &channels))
	require.Len(t, channels.Channels, len(every)-1)
	for _, c := range channels.Channels {
		require.False(t, c.Enabled, c.Name)
	}
}
