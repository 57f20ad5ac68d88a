// Package usecases replays the founding use cases over Grafana's own plugin protocol: the built plugin, a real Prometheus and a real
// MariaDB. Values are real where the benchmark's data have such a thing (data_test.go says which), and made by a stated generator where not.
package usecases

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/mariaserver"
	"github.com/forewarn/earlywarning/tests/pluginproc"
	"github.com/forewarn/earlywarning/tests/promserver"
)

const step = 5 * time.Minute

// world is what the tests share: one plugin process, one Prometheus, one MariaDB, with all histories ending at the same time.
var world struct {
	plugin  *pluginproc.Process
	prom    *promserver.Server
	maria   *mariaserver.Server
	missing error
	now     time.Time
}

func TestMain(m *testing.M) {
	code, err := func() (int, error) {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
		defer cancel()
		if _, err := os.Stat(benchDir); err != nil {
			world.missing = fmt.Errorf("the benchmark's data are not beside the repository (%s)", benchDir)
			return m.Run(), nil
		}
		if world.missing = errors.Join(promserver.Available(), mariaserver.Available()); world.missing != nil {
			if os.Getenv("CI") == "true" {
				return 1, fmt.Errorf("in CI the real servers must be there: %w", world.missing)
			}
			return m.Run(), nil
		}
		dir, err := os.MkdirTemp("", "forewarn-usecases-")
		if err != nil {
			return 1, err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		// A Monday's midnight, so that hours and weekdays are the same whenever the tests run.
		world.now = time.Now().UTC().Truncate(7 * 24 * time.Hour)
		if world.plugin, err = pluginproc.StartBuilt(ctx, dir, pluginproc.Options{}); err != nil {
			return 1, err
		}
		defer world.plugin.Close()
		metrics, err := metrics()
		if err != nil {
			return 1, err
		}
		if err := promserver.Fill(ctx, dir, metrics); err != nil {
			return 1, err
		}
		if world.prom, err = promserver.Start(ctx, dir, nil); err != nil {
			return 1, err
		}
		defer world.prom.Close()
		if world.maria, err = mariaserver.Start(ctx); err != nil {
			return 1, err
		}
		defer world.maria.Close()
		if err := fillLogs(ctx); err != nil {
			return 1, err
		}
		return m.Run(), nil
	}()
	if err != nil {
		log.Print(err)
	}
	os.Exit(code)
}

// ask sends one query for [from, to], as a panel or as an alert rule, and gives its first frame.
func ask(t *testing.T, alert bool, from, to time.Time, query string) *data.Frame {
	t.Helper()
	if world.missing != nil {
		t.Skipf("SKIP: %v", world.missing)
	}
	pc, err := pluginproc.DataSource{URL: world.prom.URL, Secure: map[string]string{"mysqlPassword": "forewarn"},
		JSONData: map[string]any{"mysql": map[string]any{"url": world.maria.Address, "user": "forewarn", "database": "metrics"}}}.Context(pluginproc.Viewer)
	require.NoError(t, err)
	q, err := pluginproc.Query("A", from, to, query)
	require.NoError(t, err)
	req := &backend.QueryDataRequest{PluginContext: pc, Queries: []backend.DataQuery{q}}
	if alert {
		req.Headers = pluginproc.AlertHeaders()
	}
	resp, err := world.plugin.QueryData(context.Background(), req)
	require.NoError(t, err)
	r := resp.Responses["A"]
	require.NoError(t, r.Error)
	require.NotEmpty(t, r.Frames)
	return r.Frames[0]
}

// numbers are the newest known values of a frame by the value of a label.
func numbers(f *data.Frame, label string) map[string]float64 {
	out := map[string]float64{}
	for _, field := range f.Fields {
		for i := field.Len() - 1; i >= 0; i-- {
			if v, ok := field.At(i).(*float64); ok && v != nil {
				out[field.Labels[label]] = *v
				break
			}
		}
	}
	return out
}

// over gives the times at which the field of a label's value is at least limit, the first one first.
func over(f *data.Frame, label, value string, limit float64) (at []time.Time) {
	for _, field := range f.Fields[1:] {
		if field.Labels[label] != value {
			continue
		}
		for i := range field.Len() {
			if v, ok := field.At(i).(*float64); ok && v != nil && *v >= limit {
				when, _ := f.Fields[0].ConcreteAt(i)
				at = append(at, when.(time.Time))
			}
		}
	}
	return at
}
