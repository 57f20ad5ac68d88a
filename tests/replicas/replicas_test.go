// Package replicas tests what several processes of the built plugin do over one store, as in a Grafana with replicas.
package replicas

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/mariaserver"
	"github.com/forewarn/earlywarning/tests/pluginproc"
)

// start runs three processes of the built plugin.
func start(t *testing.T, executable string) []*pluginproc.Process {
	t.Helper()
	out := make([]*pluginproc.Process, 3)
	for i := range out {
		var err error
		out[i], err = pluginproc.Start(executable, pluginproc.Options{})
		require.NoError(t, err)
		t.Cleanup(out[i].Close)
	}
	return out
}

// report is the body that replica i sends for one alert of a rule, as Grafana 12.3.0 sent it: its evaluations are some
// seconds apart from those of the others.
func report(t *testing.T, status string, i int, starts time.Time) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "..", "pkg", "notify", "testdata", "grafana-"+status+".json"))
	require.NoError(t, err)
	text := strings.ReplaceAll(string(raw), "2026-11-21T08:08:30Z", starts.Add(time.Duration(i)*3*time.Second).Format(time.RFC3339))
	text = strings.ReplaceAll(text, "2026-11-21T08:15:30Z", starts.Add(7*time.Minute+time.Duration(i)*3*time.Second).Format(time.RFC3339))
	return []byte(strings.ReplaceAll(text, "127.0.0.1:3000", fmt.Sprintf("grafana-%d:3000", i)))
}

type call struct {
	process *pluginproc.Process
	source  pluginproc.DataSource
}

func (c call) do(t *testing.T, role pluginproc.Role, method, path string, body []byte) map[string]any {
	t.Helper()
	pc, err := c.source.Context(role)
	require.NoError(t, err)
	res, err := c.process.Resource(context.Background(), pc, method, path, body)
	require.NoError(t, err)
	require.Equal(t, 200, res.Status, "%s", res.Body)
	out := map[string]any{}
	require.NoError(t, json.NewDecoder(bytes.NewReader(res.Body)).Decode(&out))
	return out
}

// Three replicas evaluate one rule, each is told of it by its own alerting, several times: the trail has one line for its beginning
// and one for its end, and the chain holds.
func TestThreeReplicasMakeOneRecord(t *testing.T) {
	stores := map[string]pluginproc.DataSource{"sqlite": {JSONData: map[string]any{"storePath": filepath.Join(t.TempDir(), "forewarn.db")}}}
	if err := mariaserver.Available(); err == nil {
		db, err := mariaserver.Start(context.Background())
		require.NoError(t, err)
		t.Cleanup(db.Close)
		for _, statement := range []string{"CREATE DATABASE keep", "CREATE USER 'keeper'@'%' IDENTIFIED BY 'keeper'", "GRANT ALL ON keep.* TO 'keeper'@'%'"} {
			require.NoError(t, db.Exec(context.Background(), statement))
		}
		stores["mysql"] = pluginproc.DataSource{JSONData: map[string]any{"store": map[string]any{"kind": "mysql", "url": db.Address, "user": "keeper", "database": "keep"}},
			Secure: map[string]string{"storePassword": "keeper"}}
	} else if os.Getenv("CI") == "true" {
		require.NoError(t, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	executable, err := pluginproc.Build(ctx, t.TempDir())
	require.NoError(t, err)
	for kind, source := range stores {
		t.Run(kind, func(t *testing.T) {
			processes := start(t, executable)
			begins := time.Now().UTC().Add(-time.Hour).Truncate(time.Second)
			all := func(status string, starts time.Time) (changed, known float64) {
				var wait sync.WaitGroup
				var mu sync.Mutex
				for k := range 6 {
					wait.Go(func() {
						got := call{processes[k%3], source}.do(t, pluginproc.Editor, "POST", "trail", report(t, status, k%3, starts))
						mu.Lock()
						defer mu.Unlock()
						changed += got["raised"].(float64) + got["resolved"].(float64)
						known += got["known"].(float64)
					})
				}
				wait.Wait()
				return changed, known
			}
			for _, status := range []string{"firing", "resolved"} {
				changed, known := all(status, begins)
				require.Equal(t, 1.0, changed, "%s: recorded once", status)
				require.Equal(t, 5.0, known)
			}
			changed, _ := all("firing", begins)
			require.Zero(t, changed, "a replica that comes late with the beginning begins nothing")
			for _, p := range processes {
				audit := call{p, source}.do(t, pluginproc.Viewer, "GET", "audit?kind=warning", nil)
				require.Len(t, audit["entries"], 2, "every replica reads the same trail")
				require.Equal(t, map[string]any{"ok": true, "entries": 2.0, "firstBroken": 0.0, "message": ""}, call{p, source}.do(t, pluginproc.Viewer, "GET", "audit/verify", nil))
			}
			changed, _ = all("firing", begins.Add(40*time.Minute))
			require.Equal(t, 1.0, changed, "the next warning is a new one")
			processes[0].Close()
			last := call{processes[1], source}.do(t, pluginproc.Viewer, "GET", "audit/verify", nil)
			require.Equal(t, 3.0, last["entries"], "the record outlives a replica")
		})
	}
}
