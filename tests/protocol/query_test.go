package protocol

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"
)

const cpu = `"source": {"kind": "prometheus", "expr": "cpu", "legendFormat": "{{host}}"}`

func TestForecastOfAPanel(t *testing.T) {
	world.Need(t)
	now := world.now
	r := ask(t, source(), false, now.Add(-12*time.Hour), now.Add(24*time.Hour), `{"queryType": "forecast", `+cpu+`, "horizon": "6h"}`)
	require.NoError(t, r.Error)
	require.Len(t, r.Frames, 1, "one wide frame for all series")
	f := r.Frames[0]
	require.Equal(t, data.FrameTypeTimeSeriesWide, f.Meta.Type)
	require.Equal(t, data.FrameTypeVersion{0, 1}, f.Meta.TypeVersion)
	require.Equal(t, 1+6*5, len(f.Fields), "time, and actual, expected, forecast, lower, upper of six hosts")
	require.Equal(t, 144, known(field(t, f, "actual", "host-1")))
	require.Equal(t, 72, known(field(t, f, "forecast", "host-1")))
	require.Equal(t, 72+144, known(field(t, f, "upper", "host-1")))
	labels := map[string]bool{}
	for _, one := range f.Fields[1:] {
		require.False(t, labels[one.Labels.String()], "labels must be unique: %s", one.Labels)
		labels[one.Labels.String()] = true
	}
	require.NotEmpty(t, f.Meta.ExecutedQueryString)
	require.NotNil(t, f.Meta.Custom)
	upper := field(t, f, "upper", "host-1").Config
	require.Equal(t, "host-1 lower", upper.Custom["fillBelowTo"])
}

func TestTheForecastFollowsTheDailyPattern(t *testing.T) {
	world.Need(t)
	now := world.now
	f := ask(t, source(), false, now.Add(-time.Hour), now, `{"queryType": "forecast", "source": {"kind": "prometheus", "expr": "cpu{host=\"host-1\"}"}, "horizon": "24h"}`).Frames[0]
	values := field(t, f, "forecast", "")
	n := 21 * 288
	worst, at := 0.0, 0
	for i := range values.Len() {
		if v, _ := values.At(i).(*float64); v != nil {
			want := 40 + 15*math.Sin(2*math.Pi*float64(n+at)/288)
			worst = math.Max(worst, math.Abs(*v-want))
			at++
		}
	}
	require.Equal(t, 288, at)
	require.Less(t, worst, 6.0, "noise has a standard deviation of 2")
}

func TestEarlyWarning(t *testing.T) {
	world.Need(t)
	disk := `"queryType": "warning", "source": {"kind": "prometheus", "expr": "disk_used", "legendFormat": "{{disk}}"}, "threshold": {"value": 89}`
	now := world.now
	r := ask(t, source(), true, now.Add(-10*time.Minute), now, `{`+disk+`, "output": "eta_early"}`)
	require.NoError(t, r.Error)
	f := r.Frames[0]
	require.Equal(t, data.FrameTypeNumericWide, f.Meta.Type, "numbers that feed a threshold without a reduce")
	require.Len(t, f.Fields, 2)
	for _, one := range f.Fields {
		v := *one.At(0).(*float64)
		if one.Labels["disk"] == "filling" {
			require.InDelta(t, 48, v, 14, "2 % a day, 4 % left")
		} else {
			require.GreaterOrEqual(t, v, 1e6, "never")
		}
	}
	table := ask(t, source(), false, now.Add(-10*time.Minute), now, `{`+disk+`, "output": "table"}`).Frames[0]
	require.Equal(t, "filling", table.Fields[0].At(0), "the most urgent first")
	panel := ask(t, source(), false, now.Add(-time.Hour), now.Add(72*time.Hour), `{`+disk+`}`)
	require.Len(t, panel.Frames, 2)
	require.Equal(t, data.DataTopicAnnotations, panel.Frames[1].Meta.DataTopic)
}

func TestOutlierNamesTheHotHostAndNobodyBefore(t *testing.T) {
	world.Need(t)
	now := world.now
	query := `{"queryType": "outlier", ` + cpu + `, "output": "outlier"}`
	for shift, want := range map[time.Duration]float64{0: 1, 24 * time.Hour: 0} {
		f := ask(t, source(), true, now.Add(-time.Hour-shift), now.Add(-shift), query).Frames[0]
		require.Len(t, f.Fields, 6)
		for _, one := range f.Fields {
			v := *one.At(0).(*float64)
			if one.Labels["host"] == "host-4" {
				require.Equal(t, want, v, "%s ago", shift)
			} else {
				require.Zero(t, v, "%s, %s ago", one.Labels["host"], shift)
			}
		}
	}
}

// What the wizard's outlier and forecast rules tell in their messages: numbers of one evaluation, on the labels of the condition.
func TestTheReasonsOfOutliersAndForecastsAreNumbers(t *testing.T) {
	world.Need(t)
	now := world.now
	numbers := func(query, label, name string) map[string]float64 {
		out := map[string]float64{}
		for _, output := range []string{"outlier", "actual", "expected", "agree", "members", "eta", "crossing", "crossing_lower", "crossing_upper"} {
			if forecast := strings.HasPrefix(output, "eta") || strings.HasPrefix(output, "crossing"); forecast != strings.Contains(query, `"forecast"`) {
				continue
			}
			r := ask(t, source(), true, now.Add(-time.Hour), now, fmt.Sprintf(query, output))
			require.NoError(t, r.Error, output)
			require.Equal(t, data.FrameTypeNumericWide, r.Frames[0].Meta.Type)
			for _, one := range r.Frames[0].Fields {
				if v := one.At(0).(*float64); one.Labels[label] == name && v != nil {
					out[output] = *v
				}
			}
		}
		return out
	}
	hot := numbers(`{"queryType": "outlier", `+cpu+`, "output": %q}`, "host", "host-4")
	require.Equal(t, []float64{1, 5, 6}, []float64{hot["outlier"], hot["agree"], hot["members"]})
	require.Greater(t, hot["actual"], hot["expected"]+10)
	calm := numbers(`{"queryType": "outlier", `+cpu+`, "output": %q}`, "host", "host-1")
	require.InDelta(t, calm["expected"], calm["actual"], 10)

	disk := `{"queryType": "forecast", "source": {"kind": "prometheus", "expr": "disk_used", "legendFormat": "{{disk}}"}, "interval": "30m", "horizon": "72h", "threshold": {"value": 88}, "output": %q}`
	filling := numbers(disk, "disk", "filling")
	require.InDelta(t, 36, filling["eta"], 14, "2 % a day, 3 % left")
	require.GreaterOrEqual(t, filling["crossing"], 88.0)
	require.InDelta(t, 88, filling["crossing"], 1)
	require.Less(t, filling["crossing_lower"], filling["crossing"])
	require.Greater(t, filling["crossing_upper"], filling["crossing"])
	require.Equal(t, map[string]float64{"eta": 1e6}, numbers(disk, "disk", "steady"), "never, and no value of it")
	r := ask(t, source(), true, now.Add(-time.Hour), now, `{"queryType": "forecast", `+cpu+`, "output": "crossing"}`)
	require.ErrorContains(t, r.Error, `field "threshold" is missing`)
}

func TestCompositeJoinsMetricsAndLogs(t *testing.T) {
	world.Need(t)
	now := world.now
	query := `{"queryType": "composite", "interval": "30m", "join": ["container"], "sources": [
		{"name": "load", "kind": "prometheus", "expr": "label_replace(cpu{host=\"host-4\"}, \"container\", \"api\", \"\", \"\")"},
		{"name": "memory errors", "kind": "logs", "table": "app_logs", "time": "ts", "message": "message", "entity": "container", "keywords": ["OutOfMemory"]}]}`
	r := ask(t, source(), false, now.Add(-24*time.Hour), now, query)
	require.NoError(t, r.Error)
	api := field(t, r.Frames[0], "score", "api")
	last := 0.0
	for i := range api.Len() {
		if v, _ := api.At(i).(*float64); v != nil {
			last = *v
		}
	}
	require.Greater(t, last, 1.0, "a hot host and a surge of errors together")
}

func TestAlertsGetOneOutputAndNoAnnotations(t *testing.T) {
	world.Need(t)
	now := world.now
	r := ask(t, source(), true, now.Add(-time.Hour), now, `{"queryType": "anomaly", `+cpu+`, "output": "score"}`)
	require.NoError(t, r.Error)
	require.Len(t, r.Frames, 1)
	require.Len(t, r.Frames[0].Fields, 1+6)
	r = ask(t, source(), true, now.Add(-time.Hour), now, `{"queryType": "anomaly", `+cpu+`}`)
	require.ErrorContains(t, r.Error, `field "output" is "all", an alert rule needs exactly one of`)
	empty := ask(t, source(), true, now.Add(-time.Hour), now, `{"queryType": "anomaly", "source": {"kind": "prometheus", "expr": "nothing_of_this_name"}, "output": "score"}`)
	require.NoError(t, empty.Error)
	require.Empty(t, empty.Frames[0].Fields, "a frame without fields is what Grafana knows as no data")
}

// incidents counts the labelled incidents of a trace that have a flagged point within, and the flagged points outside of all.
func incidents(f *data.Frame, labels []bool) (found, all, outside int) {
	var flag *data.Field
	for _, one := range f.Fields {
		if one.Labels["output"] == "anomaly" {
			flag = one
		}
	}
	shift := len(labels) - flag.Len()
	flagged := func(i int) bool { v, _ := flag.At(i - shift).(*float64); return v != nil }
	for i := shift; i < len(labels); i++ {
		if !labels[i] {
			if flagged(i) {
				outside++
			}
			continue
		}
		hit := false
		for ; i < len(labels) && labels[i]; i++ {
			hit = hit || flagged(i)
		}
		all++
		if hit {
			found++
		}
	}
	return found, all, outside
}

func TestIncidentsOfRealTracesAreMarked(t *testing.T) {
	world.Need(t)
	if _, err := os.Stat(benchDir); err != nil {
		t.Skip("SKIP, the labelled real traces are not beside the repository")
	}
	// How many incidents each detector marks, and how many points outside of any it flags; both are logged for all.
	nab := func(algorithm string) (found, all int) {
		for _, id := range nabFiles {
			tr, err := read(nabPath(id))
			require.NoError(t, err)
			r := ask(t, source(), false, start(len(tr.values)).Add(2*24*time.Hour), world.now, fmt.Sprintf(
				`{"queryType": "anomaly", "trainingWindow": "2d", "model": {"algorithm": %q}, "source": {"kind": "prometheus", "expr": "ec2_cpu{instance=\"%s\"}"}}`, algorithm, id))
			require.NoError(t, r.Error)
			f, n, outside := incidents(r.Frames[0], tr.labels)
			t.Logf("NAB EC2 CPU %s, %s: %d of %d incidents marked, %d points flagged outside", id, algorithm, f, n, outside)
			found, all = found+f, all+n
		}
		return found, all
	}
	found, all := nab("dynamic-threshold")
	require.GreaterOrEqual(t, 2*found, all, "dynamic threshold: at least half of NAB's incidents")
	found, all = nab("auto")
	require.GreaterOrEqual(t, 2*found, all, "auto, which is set to few false alarms: at least half, too")

	tr, err := read(filepath.Join("kpi", "data", kpiFile+".csv.gz"))
	require.NoError(t, err)
	r := ask(t, source(), false, kpiTime(kpiRows/2), world.now, `{"queryType": "anomaly", "interval": "1m", "source": {"kind": "mysql", "rawSql": "SELECT $__timeGroup(ts, $__interval) AS time, host AS metric, avg(value) AS value FROM kpi WHERE $__timeFilter(ts) GROUP BY 1, 2 ORDER BY 1"}}`)
	require.NoError(t, r.Error)
	found, all, outside := incidents(r.Frames[0], tr.labels[len(tr.labels)-kpiRows:])
	t.Logf("KPI %s, auto: %d of %d incidents marked, %d points flagged outside", kpiFile[:8], found, all, outside)
	require.GreaterOrEqual(t, 2*found, all, "at least half of the KPI curve's")
}

func TestEveryTypeOfMySQLBecomesTheNumberItIs(t *testing.T) {
	world.Need(t)
	now := world.now
	for _, at := range []string{"ts", "stamp", "UNIX_TIMESTAMP(stamp)", "epoch", "ms", "ms * 1000000"} {
		r := ask(t, source(), false, now.Add(-time.Hour), now, `{"queryType": "series", "source": {"kind": "mysql", "rawSql": "SELECT `+at+` AS time, t, u, dec1, f, d, y, bits, b FROM kinds"}}`)
		require.NoError(t, r.Error, at)
		for name, want := range map[string]float64{"t": -7, "u": 18446744073709551615, "dec1": 12345678901.2345, "f": 1.5, "d": 2.25, "y": 2026, "bits": 257, "b": 1} {
			found := math.NaN()
			for _, f := range r.Frames[0].Fields[1:] {
				if f.Labels["field"] == name {
					for i := range f.Len() {
						if v, _ := f.At(i).(*float64); v != nil {
							found = *v
						}
					}
				}
			}
			require.Equal(t, want, found, "%s with time %s", name, at)
		}
	}
}

func TestLogKeywordsAreCountedByTheDatabase(t *testing.T) {
	world.Need(t)
	now := world.now
	r := ask(t, source(), false, now.Add(-24*time.Hour), now, `{"queryType": "series", "interval": "1h", "source": {"kind": "logs", "table": "app_logs", "time": "ts", "message": "message", "entity": "container", "keywords": ["OutOfMemory", "100% of heap_", "100_"]}}`)
	require.NoError(t, r.Error)
	names := []string{}
	for _, f := range r.Frames[0].Fields[1:] {
		names = append(names, f.Labels["container"]+"/"+f.Labels["keyword"])
	}
	require.Contains(t, names, "api/OutOfMemory")
	require.Contains(t, names, "api/100% of heap_", "a wildcard in a keyword is a letter")
	require.NotContains(t, strings.Join(names, " "), "100_ ")
}
