// Package protocol tests the built plugin over Grafana's own protocol, against real servers with real data.
package protocol

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/pluginproc"
	"github.com/forewarn/earlywarning/tests/servers"
)

// world is what the tests of this package share: one plugin process and the servers.
var world struct {
	servers.Servers
	plugin *pluginproc.Process
	now    time.Time
}

func TestMain(m *testing.M) {
	world.now = time.Now().UTC().Truncate(5 * time.Minute)
	world.Main(m, servers.Setup{Prepare: func(ctx context.Context, dir string) (end func(), err error) {
		world.plugin, err = pluginproc.StartBuilt(ctx, dir, pluginproc.Options{})
		return func() { world.plugin.Close() }, err
	}, Metrics: history, Rows: fillMaria})
}

// source is the data source over both real servers.
func source() pluginproc.DataSource {
	d := pluginproc.DataSource{}
	if world.Missing == nil {
		d.URL = world.Prom.URL
		d.JSONData = map[string]any{"mysql": map[string]any{"url": world.Maria.Address, "user": "forewarn", "database": "metrics"}}
		d.Secure = map[string]string{"mysqlPassword": "forewarn"}
	}
	return d
}

// ask sends one query for [from, to] and gives its answer.
func ask(t *testing.T, d pluginproc.DataSource, alert bool, from, to time.Time, query string) backend.DataResponse {
	pc, err := d.Context(pluginproc.Viewer)
	require.NoError(t, err)
	r, err := world.plugin.Ask(t.Context(), pc, alert, from, to, query)
	require.NoError(t, err)
	return r
}

// trace is a labelled series of the benchmark data.
type trace struct {
	values []float64
	labels []bool
}

var benchDir = filepath.Join("..", "..", "..", "shared", "bench", "dev")

// read loads a file with the columns value and label, last; it is empty where the benchmark data is not on this machine.
func read(path string) (trace, error) {
	f, err := os.Open(filepath.Join(benchDir, path))
	if err != nil {
		return trace{}, err
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		return trace{}, err
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		return trace{}, err
	}
	var out trace
	for _, row := range rows[1:] {
		v, err := strconv.ParseFloat(row[len(row)-2], 64)
		if err != nil {
			v = math.NaN()
		}
		out.values, out.labels = append(out.values, v), append(out.labels, row[len(row)-1] == "1")
	}
	return out, nil
}

// field finds a value field by output label and, where given, a part of its display name.
func field(t *testing.T, f *data.Frame, output, name string) *data.Field {
	for _, one := range f.Fields {
		if one.Labels["output"] == output && (name == "" || strings.Contains(one.Config.DisplayNameFromDS, name)) {
			return one
		}
	}
	require.Failf(t, "no such field", "output %s of %q", output, name)
	return nil
}

// known counts values that are not null.
func known(f *data.Field) (n int) {
	for i := range f.Len() {
		if v, ok := f.At(i).(*float64); ok && v != nil {
			n++
		}
	}
	return n
}
