//go:build grafana

package channels

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/mariaserver"
	"github.com/forewarn/earlywarning/tests/promserver"
)

// step of the history, which begins days ago and goes on for a while, so that time can pass.
const (
	step  = 2 * time.Minute
	days  = 15
	ahead = 90 * time.Minute
)

// sources are real Prometheuses, one of a world in trouble and one where nothing happens, and a real MariaDB. The address in front shows one of
// the two.
type sources struct {
	Prometheus string
	Maria      *mariaserver.Server
	calm       atomic.Bool
}

func serve(ctx context.Context, t *testing.T, dir string) *sources {
	t.Helper()
	now := time.Now().UTC().Truncate(10 * time.Minute)
	s, shown := &sources{}, map[bool]*url.URL{}
	for _, trouble := range []bool{true, false} {
		at := filepath.Join(dir, fmt.Sprint("trouble-", trouble))
		require.NoError(t, os.Mkdir(at, 0o755))
		require.NoError(t, promserver.Fill(ctx, at, metrics(now, trouble)))
		prom, err := promserver.Start(ctx, at, nil)
		require.NoError(t, err)
		t.Cleanup(prom.Close)
		shown[trouble], err = url.Parse(prom.URL)
		require.NoError(t, err)
	}
	front := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(shown[!s.calm.Load()]) }})
	t.Cleanup(front.Close)
	s.Prometheus = front.URL
	var err error
	s.Maria, err = mariaserver.Start(ctx)
	require.NoError(t, err)
	t.Cleanup(s.Maria.Close)
	require.NoError(t, s.Maria.Exec(ctx, "CREATE TABLE app_logs (id BIGINT AUTO_INCREMENT PRIMARY KEY, ts DATETIME, container VARCHAR(32), level VARCHAR(8), message TEXT)"))
	require.NoError(t, s.Maria.Exec(ctx, "INSERT INTO app_logs (ts, container, level, message) VALUES "+strings.Join(logs(now), ",")))
	return s
}

// calmDown ends all trouble at once.
func (s *sources) calmDown(ctx context.Context, t *testing.T) {
	t.Helper()
	s.calm.Store(true)
	require.NoError(t, s.Maria.Exec(ctx, "DELETE FROM app_logs WHERE level = 'ERROR'"))
}

// grid fills values over the whole stretch; fraction is how far before now a step is, in hours, negative behind it.
func grid(now time.Time, value func(hours float64) float64) (time.Time, []float64) {
	begin := now.Add(-days * 24 * time.Hour)
	out := make([]float64, (days*24*time.Hour+ahead)/step)
	for i := range out {
		out[i] = value(now.Sub(begin.Add(time.Duration(i) * step)).Hours())
	}
	return begin, out
}

// counter sums a rate a second up.
func counter(now time.Time, rate func(hours float64) float64) (time.Time, []float64) {
	sum := 0.0
	return grid(now, func(hours float64) float64 {
		sum += rate(hours) * step.Seconds()
		return sum
	})
}

// metrics are four sources of a gateway's requests of which a crawler takes far more than its share for an hour, five hosts of which one runs hot
// for an hour, a disk that is 90 % full in about 20 hours, and containers of which one has more CPU and memory than usual for an hour; without
// trouble the same with nothing of that.
func metrics(now time.Time, trouble bool) (out []promserver.Metric) {
	var cpu, size, avail, busy, memory, limit, from []promserver.Metric
	rng := rand.New(rand.NewPCG(7, 7))
	add := func(list *[]promserver.Metric, name string, begin time.Time, values []float64, pairs ...string) {
		labels := map[string]string{}
		for i := 0; i < len(pairs); i += 2 {
			labels[pairs[i]] = pairs[i+1]
		}
		*list = append(*list, promserver.Metric{Name: name, Labels: labels, Start: begin, Step: step, Values: values})
	}
	const node, cadvisor = "node", "cadvisor"
	for k, host := range []string{"tencent-bj-01:9100", "tencent-bj-02:9100", "aliyun-hz-01:9100", "azure-ea-01:9100", "azure-ea-02:9100"} {
		share := make([]float64, 0, 12000)
		begin, _ := grid(now, func(hours float64) float64 {
			v := 0.30 + 0.01*float64(k%3) + 0.006*rng.NormFloat64()
			if trouble && k == 1 && hours < 1 {
				v = 0.93 + 0.003*rng.NormFloat64()
			}
			share = append(share, v)
			return v
		})
		for mode, part := range map[string]func(i int) float64{"idle": func(i int) float64 { return 1 - share[i] }, "user": func(i int) float64 { return share[i] }} {
			i := -1
			_, values := counter(now, func(float64) float64 { i++; return part(i) })
			add(&cpu, "node_cpu_seconds_total", begin, values, "job", node, "instance", host, "cpu", "0", "mode", mode)
		}
	}
	for _, mount := range []string{"/", "/data"} {
		begin, values := grid(now, func(hours float64) float64 {
			used := 30 + 0.05*rng.NormFloat64()
			if trouble && mount == "/data" {
				used = 88.36 - 0.08*hours + 0.05*rng.NormFloat64()
			}
			return 1e12 * (1 - used/100)
		})
		labels := []string{"job", node, "instance", "aliyun-hz-01:9100", "mountpoint", mount, "fstype", "ext4"}
		add(&avail, "node_filesystem_avail_bytes", begin, values, labels...)
		_, full := grid(now, func(float64) float64 { return 1e12 })
		add(&size, "node_filesystem_size_bytes", begin, full, labels...)
	}
	for name, share := range map[string]float64{"campus": 0.45, "mobile": 0.3, "partner": 0.2, "crawler": 0.05} {
		// Parts of a whole wander for hours; not in the hours that the messages tell numbers of.
		own, drift, until := rand.New(rand.NewPCG(3, uint64(100*share))), 1.0, math.Inf(1)
		begin, values := counter(now, func(hours float64) float64 {
			if hours <= until {
				drift, until = math.Exp(0.12*own.NormFloat64()), hours-1
			}
			part := share
			if hours > 3 && math.Abs(hours-7*24) > 3 {
				part *= drift
			}
			if trouble && hours < 1 {
				part *= 0.6
				if name == "crawler" {
					part += 0.4
				}
			}
			return 1000 * part
		})
		add(&from, "gateway_source_requests_total", begin, values, "job", "gateway", "instance", "gw-1:9464", "source", name)
	}
	for _, name := range []string{"api", "ingest", "trainer"} {
		hard := func(hours float64) bool { return trouble && name == "api" && hours < 1.5 }
		begin, values := counter(now, func(hours float64) float64 {
			if hard(hours) {
				return 0.64
			}
			return 0.41 + 0.01*rng.NormFloat64()
		})
		add(&busy, "container_cpu_usage_seconds_total", begin, values, "job", cadvisor, "container", name)
		begin, values = grid(now, func(hours float64) float64 {
			if hard(hours) {
				return 8.4e8
			}
			return 7.1e8 + 3e6*rng.NormFloat64()
		})
		add(&memory, "container_memory_working_set_bytes", begin, values, "job", cadvisor, "container", name)
		_, full := grid(now, func(float64) float64 { return 1e9 })
		add(&limit, "container_spec_memory_limit_bytes", begin, full, "job", cadvisor, "container", name)
	}
	for _, list := range [][]promserver.Metric{cpu, size, avail, busy, memory, limit, from} {
		out = append(out, list...)
	}
	return out
}

// logs are one line an hour and container that waits for something, and forty of the api that ran out of memory in the last half hour.
func logs(now time.Time) (rows []string) {
	row := func(at time.Time, container, level, message string) {
		rows = append(rows, fmt.Sprintf("('%s','%s','%s','%s')", at.Format(time.DateTime), container, level, message))
	}
	for at := now.Add(-days * 24 * time.Hour); at.Before(now.Add(ahead)); at = at.Add(time.Hour) {
		for k, name := range []string{"api", "ingest", "trainer"} {
			row(at.Add(time.Duration(7+11*k)*time.Minute), name, "WARN", fmt.Sprintf("upstream timeout after %d ms, will retry", 500+at.Hour()*13))
		}
	}
	for at := now.Add(-90 * time.Minute); at.Before(now.Add(ahead)); at = at.Add(time.Minute) {
		row(at, "api", "ERROR", fmt.Sprintf("OutOfMemory: killed process %d", 4000+int(math.Abs(now.Sub(at).Minutes()))))
	}
	return rows
}
