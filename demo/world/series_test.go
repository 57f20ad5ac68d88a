package world

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// shapes lists which labels each metric has.
var shapes = map[string]string{
	"node_cpu_seconds_total":                  "cloud cpu instance job mode",
	"node_memory_MemTotal_bytes":              "cloud instance job",
	"node_memory_MemAvailable_bytes":          "cloud instance job",
	"node_filesystem_size_bytes":              "cloud device fstype instance job mountpoint",
	"node_filesystem_avail_bytes":             "cloud device fstype instance job mountpoint",
	"container_cpu_usage_seconds_total":       "container instance job",
	"container_memory_working_set_bytes":      "container instance job",
	"container_spec_memory_limit_bytes":       "container instance job",
	"container_fs_usage_bytes":                "container instance job",
	"container_fs_limit_bytes":                "container instance job",
	"gateway_requests_total":                  "code instance job route",
	"gateway_request_duration_seconds_bucket": "instance job le route",
	"gateway_request_duration_seconds_sum":    "instance job route",
	"gateway_request_duration_seconds_count":  "instance job route",
	"gateway_source_requests_total":           "instance job source",
	"mysql_global_status_queries":             "instance job",
	"mysql_global_status_slow_queries":        "instance job",
	"mysql_global_status_threads_connected":   "instance job",
	"mysql_global_status_threads_running":     "instance job",
	"mysql_global_variables_max_connections":  "instance job",
}

func TestEveryMetricHasItsNameLabelsAndDescription(t *testing.T) {
	values, count := map[string]map[string]bool{}, map[string]int{}
	seen := map[string]bool{}
	for _, s := range New(anchors[0], 1).Walk().Series() {
		name := s.Labels["__name__"]
		labels := slices.Sorted(maps.Keys(s.Labels))
		require.Equal(t, shapes[name], strings.Join(slices.DeleteFunc(labels, func(l string) bool { return l == "__name__" }), " "), name)
		require.False(t, seen[fmt.Sprint(s.Labels)], "twice: %v", s.Labels)
		seen[fmt.Sprint(s.Labels)] = true
		count[name]++
		for k, v := range s.Labels {
			if values[k] == nil {
				values[k] = map[string]bool{}
			}
			values[k][v] = true
		}
		described := slices.ContainsFunc(Metrics(), func(m Metric) bool {
			return (m.Name == name || m.Type == "histogram" && strings.HasPrefix(name, m.Name+"_")) && m.Help != "" && s.Counter == (m.Type != "gauge")
		})
		require.True(t, described, name)
	}
	require.Len(t, count, len(shapes))
	require.Equal(t, 6*4, count["node_cpu_seconds_total"])
	require.Equal(t, 6*2, count["node_filesystem_avail_bytes"])
	require.Equal(t, 4, count["container_memory_working_set_bytes"])
	require.Equal(t, 2*2*4, count["gateway_requests_total"])
	set := func(label string) []string { return slices.Sorted(maps.Keys(values[label])) }
	require.Equal(t, []string{"cadvisor", "gateway", "mysql", "node"}, set("job"))
	require.Equal(t, []string{"aliyun", "azure", "tencent"}, set("cloud"))
	require.Equal(t, []string{"aliyun-hz-01:9100", "aliyun-hz-02:9100", "azure-ea-01:9100", "azure-ea-02:9100", "db-1:9104", "db-2:9104", "db-3:9104", "edge-01:8080", "gw-1:9464", "gw-2:9464",
		"tencent-bj-01:9100", "tencent-bj-02:9100"}, set("instance"))
	require.Equal(t, []string{"idle", "iowait", "system", "user"}, set("mode"))
	require.Equal(t, []string{"/", "/data"}, set("mountpoint"))
	require.Equal(t, []string{"api", "ingest", "scheduler", "trainer"}, set("container"))
	require.Equal(t, []string{"200", "400", "429", "500"}, set("code"))
	require.Equal(t, []string{"/v1/chat/completions", "/v1/generate"}, set("route"))
	require.Equal(t, []string{"campus", "crawler", "mobile", "partner"}, set("source"))
	require.True(t, values["le"]["+Inf"])
}

// TestCountersCount walks all four weeks: counters fall only where their process was restarted, and nothing is ever negative.
func TestCountersCount(t *testing.T) {
	w := New(anchors[1], 1)
	k := w.Walk()
	list := k.Series()
	prev := slices.Clone(k.Values())
	falls, gaps := map[string]int{}, map[string]int{}
	for k.Time().Before(w.Anchor()) {
		k.Next()
		for i, v := range k.Values() {
			of := list[i].Labels["container"]
			if of == "" {
				of = list[i].Labels["instance"]
			}
			switch {
			case math.IsNaN(v):
				gaps[of]++
				continue
			case v < 0 || math.IsInf(v, 0):
				require.Fail(t, "impossible value", "%v: %g at %s", list[i].Labels, v, k.Time())
			case list[i].Counter && v < prev[i]:
				falls[of]++
				require.Zero(t, v, "a restarted counter begins at 0")
			}
			prev[i] = v
		}
	}
	require.ElementsMatch(t, []string{"azure-ea-02:9100", "gw-1:9464", "ingest", "trainer"}, slices.Collect(maps.Keys(falls)))
	require.Equal(t, 4, falls["azure-ea-02:9100"], "each CPU mode once")
	require.Equal(t, 12*10, gaps["azure-ea-02:9100"], "twelve minutes of ten series are missing")
}

func TestCPUModesFillTheMinuteAndGatewaysAddUp(t *testing.T) {
	w := New(anchors[2], 5)
	k := w.Walk()
	list := k.Series()
	prev := slices.Clone(k.Values())
	for range 2000 {
		k.Next()
		cpu, byCode, inf, count, below := map[string]float64{}, map[string]float64{}, map[string]float64{}, map[string]float64{}, map[string]float64{}
		for i, v := range k.Values() {
			l, added := list[i].Labels, v-prev[i]
			place := l["instance"] + l["route"]
			switch l["__name__"] {
			case "node_cpu_seconds_total":
				require.GreaterOrEqual(t, added, 0.0)
				cpu[l["instance"]] += added
			case "gateway_requests_total":
				byCode[place] += added
			case "gateway_request_duration_seconds_bucket":
				require.GreaterOrEqual(t, added, below[place]-1e-6, "buckets are cumulative")
				below[place] = added
				if l["le"] == "+Inf" {
					inf[place] = added
				}
			case "gateway_request_duration_seconds_count":
				count[place] = added
			}
		}
		for host, seconds := range cpu {
			require.InDelta(t, 60, seconds, 1e-6, host)
		}
		require.Len(t, byCode, 4)
		for place, n := range byCode {
			require.Positive(t, n)
			require.InDelta(t, n, inf[place], 1e-6)
			require.InDelta(t, n, count[place], 1e-6)
		}
		prev = slices.Clone(k.Values())
	}
}

func TestRowsOfTheShop(t *testing.T) {
	w := New(anchors[3], 1)
	total, lastID := 0, int64(0)
	keywords := map[string]int{}
	for when := w.Start(); when.Before(w.Anchor()); when = when.Add(time.Minute) {
		orders := w.Orders(when)
		require.Len(t, orders, 3)
		for i, o := range orders {
			require.Equal(t, Regions[i], o.Region)
			require.Equal(t, when, o.Time)
			require.GreaterOrEqual(t, o.Orders, 0)
			require.Equal(t, o.Orders == 0, o.Cents == 0)
		}
		before := when
		for _, l := range w.Logs(when) {
			require.Greater(t, l.ID, lastID, "ids rise")
			require.False(t, l.Time.Before(before) || !l.Time.Before(when.Add(time.Minute)), "in order, within the minute")
			lastID, before = l.ID, l.Time
			total++
			for _, word := range []string{OutOfMemory, Timeout, ConnectionRefused} {
				if strings.Contains(l.Message, word) {
					keywords[word]++
					require.Equal(t, "ERROR", l.Level)
				}
			}
		}
	}
	require.Greater(t, total, 20_000)
	require.Less(t, total, 80_000, "a demo is to be quick")
	require.Len(t, keywords, 3)
}
