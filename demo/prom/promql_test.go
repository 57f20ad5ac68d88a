package prom

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/demo/world"
)

// past is what the generator gave in the last days, minute by minute: what the server's answers are held against, with the arithmetic of
// PromQL done here once more for samples that stand on whole minutes.
type past struct {
	from   time.Time
	series []world.Series
	values [][]float64
}

func newPast(w *world.World, days int) *past {
	k := w.Walk()
	p := &past{from: w.Anchor().Add(-time.Duration(days) * 24 * time.Hour), series: k.Series(), values: make([][]float64, len(k.Series()))}
	for k.To(p.from); !k.Time().After(w.Anchor()); k.Next() {
		for i, v := range k.Values() {
			p.values[i] = append(p.values[i], v)
		}
	}
	return p
}

// of gives the one series that has these labels, written as "name key=value key=value".
func (p *past) of(t *testing.T, what string) []float64 {
	t.Helper()
	fields := strings.Fields(what)
	found := -1
	for i, s := range p.series {
		fits := s.Labels["__name__"] == fields[0]
		for _, pair := range fields[1:] {
			key, value, _ := strings.Cut(pair, "=")
			fits = fits && s.Labels[key] == value
		}
		if fits {
			require.Equal(t, -1, found, "%s are several", what)
			found = i
		}
	}
	require.NotEqual(t, -1, found, what)
	return p.values[found]
}

func (p *past) index(at time.Time) int { return int(at.Sub(p.from) / time.Minute) }

// rate is that of a counter over five minutes without a reset: five samples, of which the first is a minute after the range begins, so
// that the engine extends their slope to it.
func rate(v []float64, i int) float64 { return (v[i] - v[i-4]) / 240 }

// quantile of the classic histogram's buckets as they stand in le's order, linear within the bucket.
func quantile(q float64, le, count []float64) float64 {
	rank := q * count[len(count)-1]
	b := 0
	for count[b] < rank {
		b++
	}
	low, below := 0.0, 0.0
	if b > 0 {
		low, below = le[b-1], count[b-1]
	}
	return low + (le[b]-low)*(rank-below)/(count[b]-below)
}

// answersAreTheWorlds asks for raw values, rates, aggregates, histograms, offsets, subqueries and joins.
func answersAreTheWorlds(t *testing.T, c v1.API, w *world.World) {
	p, at := newPast(w, 10), w.Anchor()
	i := p.index(at)
	hosts := []string{"tencent-bj-01:9100", "tencent-bj-02:9100", "aliyun-hz-01:9100", "aliyun-hz-02:9100", "azure-ea-01:9100", "azure-ea-02:9100"}
	ask := func(query string) model.Vector {
		v, warnings, err := c.Query(t.Context(), query, at)
		require.NoError(t, err, query)
		require.Empty(t, warnings, query)
		return v.(model.Vector)
	}
	memory := p.of(t, "node_memory_MemAvailable_bytes instance=azure-ea-01:9100")
	idle := p.of(t, "node_cpu_seconds_total instance=azure-ea-01:9100 mode=idle")
	for query, want := range map[string]float64{
		`node_memory_MemAvailable_bytes{instance="azure-ea-01:9100"}`:                                     memory[i],
		`node_memory_MemAvailable_bytes{instance="azure-ea-01:9100"} offset 1w`:                           memory[i-7*24*60],
		fmt.Sprintf(`node_memory_MemAvailable_bytes{instance="azure-ea-01:9100"} @ %d`, at.Unix()-3600):   memory[i-60],
		`rate(node_cpu_seconds_total{instance="azure-ea-01:9100",mode="idle"}[5m])`:                       rate(idle, i),
		`irate(node_cpu_seconds_total{instance="azure-ea-01:9100",mode="idle"}[5m])`:                      (idle[i] - idle[i-1]) / 60,
		`max_over_time(node_memory_MemAvailable_bytes{instance="azure-ea-01:9100"}[1h])`:                  slices.Max(memory[i-59 : i+1]),
		`min_over_time(node_memory_MemAvailable_bytes{instance="azure-ea-01:9100"}[1h])`:                  slices.Min(memory[i-59 : i+1]),
		`avg_over_time(node_memory_MemAvailable_bytes{instance="azure-ea-01:9100"}[1h])`:                  mean(memory[i-59 : i+1]),
		`max_over_time(rate(node_cpu_seconds_total{instance="azure-ea-01:9100",mode="idle"}[5m])[1h:1m])`: slices.Max(rates(idle, i-59, i)),
		`changes(node_memory_MemTotal_bytes{instance="azure-ea-01:9100"}[1d])`:                            0,
	} {
		require.InEpsilon(t, 1+want, 1+instant(t, c, query, at), 1e-9, query)
	}

	t.Run("CPU as the usual query has it", func(t *testing.T) {
		got := map[string]float64{}
		for _, s := range ask(`100 - avg by (instance) (irate(node_cpu_seconds_total{mode="idle"}[5m])) * 100`) {
			got[string(s.Metric["instance"])] = float64(s.Value)
		}
		require.Len(t, got, len(hosts))
		hottest := ""
		for _, h := range hosts {
			v := p.of(t, "node_cpu_seconds_total instance="+h+" mode=idle")
			require.InDelta(t, 100-100*(v[i]-v[i-1])/60, got[h], 1e-9, h)
			if got[h] > got[hottest] {
				hottest = h
			}
		}
		top := ask(`topk(1, 100 - avg by (instance) (irate(node_cpu_seconds_total{mode="idle"}[5m])) * 100)`)
		require.Len(t, top, 1)
		require.Equal(t, hottest, string(top[0].Metric["instance"]))
	})
	t.Run("two metrics joined by their labels", func(t *testing.T) {
		all := ask(`100 * (1 - node_filesystem_avail_bytes / node_filesystem_size_bytes)`)
		require.Len(t, all, 2*len(hosts))
		for _, s := range all {
			where := fmt.Sprintf(" instance=%s mountpoint=%s", s.Metric["instance"], s.Metric["mountpoint"])
			require.InDelta(t, 100*(1-p.of(t, "node_filesystem_avail_bytes"+where)[i]/p.of(t, "node_filesystem_size_bytes"+where)[i]), float64(s.Value), 1e-9, where)
		}
	})
	t.Run("sums by a label", func(t *testing.T) {
		want := map[string]float64{}
		for _, h := range hosts {
			cloud, _, _ := strings.Cut(h, "-")
			want[cloud] += p.of(t, "node_memory_MemAvailable_bytes instance="+h)[i]
		}
		all := ask(`sum by (cloud) (node_memory_MemAvailable_bytes)`)
		require.Len(t, all, len(want))
		for _, s := range all {
			require.InEpsilon(t, want[string(s.Metric["cloud"])], float64(s.Value), 1e-12)
		}
	})
	t.Run("quantiles of a histogram", func(t *testing.T) {
		for _, route := range world.Routes {
			var le, count []float64
			for _, s := range p.series {
				bound, err := strconv.ParseFloat(s.Labels["le"], 64)
				if err != nil || s.Labels["route"] != route || s.Labels["instance"] != "gw-1:9464" {
					continue
				}
				of := " route=" + route + " le=" + s.Labels["le"]
				le = append(le, bound)
				count = append(count, rate(p.of(t, "gateway_request_duration_seconds_bucket instance=gw-1:9464"+of), i)+rate(p.of(t, "gateway_request_duration_seconds_bucket instance=gw-2:9464"+of), i))
			}
			require.True(t, slices.IsSorted(le) && math.IsInf(le[len(le)-1], 1), "%v", le)
			require.True(t, slices.IsSorted(count), "buckets hold those below them: %v", count)
			for _, q := range []float64{0.5, 0.95, 0.99} {
				query := fmt.Sprintf(`histogram_quantile(%g, sum by (le) (rate(gateway_request_duration_seconds_bucket{route=%q}[5m])))`, q, route)
				require.InEpsilon(t, quantile(q, le, count), instant(t, c, query, at), 1e-6, query)
			}
		}
	})
	t.Run("a range, with the gap of a machine that was down", func(t *testing.T) {
		gap, name := downtime(p)
		v := p.of(t, name)
		from, to := p.from.Add(time.Duration(gap-30)*time.Minute), p.from.Add(time.Duration(gap+60)*time.Minute)
		fields := strings.Fields(name)
		_, host, _ := strings.Cut(fields[1], "=")
		answer, _, err := c.QueryRange(t.Context(), fmt.Sprintf(`last_over_time(%s{instance=%q}[1m])`, fields[0], host), v1.Range{Start: from, End: to, Step: time.Minute})
		require.NoError(t, err)
		got := map[int]float64{}
		for _, s := range answer.(model.Matrix)[0].Values {
			got[p.index(s.Timestamp.Time())] = float64(s.Value)
		}
		for k := gap - 30; k <= gap+60; k++ {
			value, there := got[k]
			require.Equal(t, !math.IsNaN(v[k]), there, "minute %d", k-gap)
			if there {
				require.Equal(t, v[k], value)
			}
		}
	})
}

// downtime gives the first minute in the last days at which some host has no memory metric, and that series.
func downtime(p *past) (int, string) {
	first, name := math.MaxInt, ""
	for i, s := range p.series {
		if k := slices.IndexFunc(p.values[i], math.IsNaN); s.Labels["__name__"] == "node_memory_MemAvailable_bytes" && k >= 30 && k < first {
			first, name = k, "node_memory_MemAvailable_bytes instance="+s.Labels["instance"]
		}
	}
	return first, name
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

func rates(v []float64, from, to int) (out []float64) {
	for i := from; i <= to; i++ {
		out = append(out, rate(v, i))
	}
	return out
}
