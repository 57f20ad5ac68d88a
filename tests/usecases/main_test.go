// Package usecases replays the founding use cases over Grafana's own plugin protocol: the built plugin, a real Prometheus and a real
// MariaDB. Values are real where the benchmark's data have such a thing (data_test.go says which), and made by a stated generator where not.
package usecases

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/pluginproc"
	"github.com/forewarn/earlywarning/tests/servers"
)

const step = 5 * time.Minute

// world is what the tests share: one plugin process and the servers, with all histories ending at the same time.
var world struct {
	servers.Servers
	plugin *pluginproc.Process
	now    time.Time
}

func TestMain(m *testing.M) {
	if _, err := os.Stat(benchDir); err != nil {
		world.Missing = fmt.Errorf("the benchmark's data are not beside the repository (%s)", benchDir)
	}
	// A Monday's midnight, so that hours and weekdays are the same whenever the tests run.
	world.now = time.Now().UTC().Truncate(7 * 24 * time.Hour)
	world.Main(m, servers.Setup{Prepare: func(ctx context.Context, dir string) (end func(), err error) {
		world.plugin, err = pluginproc.StartBuilt(ctx, dir, pluginproc.Options{})
		return func() { world.plugin.Close() }, err
	}, Metrics: metrics, Rows: rows})
}

// ask sends one query for [from, to], as a panel or as an alert rule, and gives its first frame.
func ask(t *testing.T, alert bool, from, to time.Time, query string) *data.Frame {
	t.Helper()
	world.Need(t)
	pc, err := pluginproc.DataSource{URL: world.Prom.URL, Secure: map[string]string{"mysqlPassword": "forewarn"},
		JSONData: map[string]any{"mysql": map[string]any{"url": world.Maria.Address, "user": "forewarn", "database": "metrics"}}}.Context(pluginproc.Viewer)
	require.NoError(t, err)
	r, err := world.plugin.Ask(t.Context(), pc, alert, from, to, query)
	require.NoError(t, err)
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

// sample is which of n values, a step apart, an answer's time is about: an answer tells a value with the beginning of the step at whose end it
// was.
func sample(at time.Time, n int) int { return int(at.Sub(start(n, step))/step) + 1 }
