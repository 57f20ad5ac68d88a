package usecases

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/tests/promserver"
)

var benchDir = filepath.Join("..", "..", "..", "shared", "bench", "dev")

// table reads a compressed file of the benchmark's data.
func table(path ...string) ([][]string, error) {
	f, err := os.Open(filepath.Join(append([]string{benchDir}, path...)...))
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		return nil, err
	}
	return rows[1:], nil
}

func number(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return math.NaN()
	}
	return v
}

func start(n int, step time.Duration) time.Time { return world.now.Add(-time.Duration(n) * step) }

// metrics are all series in Prometheus.
func metrics() ([]promserver.Metric, error) {
	var all []promserver.Metric
	for _, of := range []func() ([]promserver.Metric, error){cloudHosts, service, gateway, containers} {
		list, err := of()
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// hot is the host whose CPU is raised in the last hour.
const hot = "tencent-3:9100"

// fleets are groups of twelve hosts, four at each of three vendors.
const fleets = 6

// cloudHosts are the idle counters of real machines: CPU of PlanetLab's over a day (288 samples; the first with a median between 10 and
// 50 %). Planted: the hot one of each fleet has 60 points more in the last hour. The metric `…_without_incident` is the same day
// without it.
func cloudHosts() ([]promserver.Metric, error) {
	rows, err := table("planetlab", "20110303.csv.gz")
	if err != nil {
		return nil, err
	}
	var list [2][]promserver.Metric
	for _, row := range rows {
		k := len(list[0])
		if k == 12*fleets {
			break
		}
		cpu := []float64{}
		for _, v := range strings.Split(row[1], ";") {
			cpu = append(cpu, number(v))
		}
		sorted := slices.Sorted(slices.Values(cpu))
		if m := sorted[len(sorted)/2]; m < 10 || m > 50 {
			continue
		}
		cloud := []string{"tencent", "aliyun", "azure"}[k%12/4]
		labels := map[string]string{"job": "node", "mode": "idle", "cpu": "0", "fleet": strconv.Itoa(k / 12), "cloud": cloud, "instance": fmt.Sprintf("%s-%d:9100", cloud, k%4+1)}
		for n, name := range []string{"node_cpu_seconds_total", "node_cpu_seconds_total_without_incident"} {
			idle, values := 0.0, make([]float64, 5*len(cpu)) // a sample a minute
			for i := range values {
				busy := cpu[i/5]
				if n == 0 && labels["instance"] == hot && i >= len(values)-60 {
					busy = min(100, busy+60)
				}
				idle += 60 * (1 - busy/100)
				values[i] = idle
			}
			list[n] = append(list[n], promserver.Metric{Name: name, Labels: labels, Start: start(len(values), time.Minute), Step: time.Minute, Values: values})
		}
	}
	return append(list[0], list[1]...), nil
}

// latency is NAB's request latency of a service on EC2 with three labelled failures, on a grid of five minutes.
func latency() (values []float64, failure []bool, err error) {
	rows, err := table("nab", "data", "realKnownCause", "ec2_request_latency_system_failure.csv.gz")
	for _, row := range rows {
		values, failure = append(values, number(row[1])), append(failure, row[2] == "1")
	}
	return values, failure, err
}

func service() ([]promserver.Metric, error) {
	values, _, err := latency()
	return []promserver.Metric{{Name: "http_request_duration_milliseconds", Labels: map[string]string{"service": "orders", "quantile": "0.95"}, Start: start(len(values), step), Step: step, Values: values}}, err
}

// traffic is a real curve of requests to a web service (WSD), three weeks at five minutes, with its labelled anomalies.
func traffic() (values []float64, anomaly []bool, err error) {
	rows, err := table("wsd", "data", wsdFile)
	if err != nil {
		return nil, nil, err
	}
	for i := 0; i+5 <= len(rows); i += 5 {
		sum, n, bad := 0.0, 0, false
		for _, row := range rows[i : i+5] {
			if v := number(row[0]); !math.IsNaN(v) {
				sum, n = sum+v, n+1
			}
			bad = bad || row[1] == "1"
		}
		values, anomaly = append(values, sum/float64(n)), append(anomaly, bad)
	}
	for i := len(values) - surgeFrom; i < len(values)-surgeTo; i++ {
		values[i] *= 2
		anomaly[i] = true
	}
	return values, anomaly, nil
}

const (
	wsdFile   = "14.csv.gz"
	surgeFrom = 2*288 + 18 // points before the end
	surgeTo   = 2 * 288
)

// gateway shares the traffic out among four sources and two codes. Made: the sources' shares follow the day, with noise of 6 %; a
// crawler takes a third in the last 40 minutes while the sum stays; half a percent of the answers are errors, and for the last
// 20 minutes nine percent.
func gateway() ([]promserver.Metric, error) {
	total, _, err := traffic()
	if err != nil {
		return nil, err
	}
	n := len(total)
	rng := rand.New(rand.NewPCG(5, 5))
	sources := []string{"campus", "mobile", "partner", "crawler"}
	values, codes := make([][]float64, len(sources)), [2][]float64{make([]float64, n), make([]float64, n)}
	for j := range values {
		values[j] = make([]float64, n)
	}
	for i, sum := range total {
		day := math.Sin(2 * math.Pi * float64(i) / 288)
		part, all := []float64{0.4 + 0.2*day, 0.3 - 0.15*day, 0.25, 0.05}, 0.0
		for j := range part {
			part[j] *= math.Exp(0.06 * rng.NormFloat64())
			all += part[j]
		}
		if i >= n-8 {
			part[3] += all * 0.5
			all *= 1.5
		}
		for j := range part {
			values[j][i] = sum * part[j] / all
		}
		errors := 0.005 * math.Exp(0.2*rng.NormFloat64())
		if i >= n-4 {
			errors = 0.09
		}
		codes[0][i], codes[1][i] = sum*(1-errors), sum*errors
	}
	var list []promserver.Metric
	for j, source := range sources {
		list = append(list, promserver.Metric{Name: "gateway_source_rps", Labels: map[string]string{"source": source, "route": "/v1/generate"}, Start: start(n, step), Step: step, Values: values[j]})
	}
	for j, code := range []string{"200", "500"} {
		list = append(list, promserver.Metric{Name: "gateway_rps", Labels: map[string]string{"code": code, "route": "/v1/generate"}, Start: start(n, step), Step: step, Values: codes[j]})
	}
	return list, nil
}

const days = 15 // of the containers' history

// containers are the memory, in percent of the limit. Made: a daily swing of six points and noise that lasts; those that leak
// gain a point and a half an hour for eight hours.
func containers() ([]promserver.Metric, error) {
	var list []promserver.Metric
	const n = days * 288
	rng := rand.New(rand.NewPCG(7, 7))
	for k, name := range components {
		values, e := make([]float64, n), 0.0
		for i := range values {
			e = 0.7*e + rng.NormFloat64()
			values[i] = 50 + float64(k) + 6*math.Sin(2*math.Pi*float64(i)/288) + e
			if hours := float64(i-(n-leakPoints)) / 12; leaks(name) && hours > 0 {
				values[i] += leakPerHour * hours
			}
		}
		list = append(list, promserver.Metric{Name: "container_memory_percent", Labels: map[string]string{"container": name}, Start: start(n, step), Step: step, Values: values})
	}
	return list, nil
}

// components are eight that leak and four that do not.
var components = []string{"ingest-1", "ingest-2", "ingest-3", "ingest-4", "ingest-5", "ingest-6", "ingest-7", "ingest-8", "api", "scheduler", "trainer", "web"}

func leaks(name string) bool { return strings.HasPrefix(name, "ingest") }

const (
	leakPoints  = 8 * 12 // values before the end
	leakPerHour = 1.5    // points
	moreLines   = 1      // an hour, with each hour
)

// fillLogs makes the log table: each component writes a line a minute, of which twenty in an hour say OutOfMemory; one that leaks says
// so once an hour more, with each hour.
func fillLogs(ctx context.Context) error {
	if err := world.Maria.Exec(ctx, "CREATE TABLE app_logs (id BIGINT AUTO_INCREMENT PRIMARY KEY, ts DATETIME, container VARCHAR(32), level VARCHAR(8), message TEXT, INDEX (ts))"); err != nil {
		return err
	}
	rng := rand.New(rand.NewPCG(9, 9))
	var rows []string
	flush := func() error {
		if len(rows) == 0 {
			return nil
		}
		err := world.Maria.Exec(ctx, "INSERT INTO app_logs (ts, container, level, message) VALUES "+strings.Join(rows, ","))
		rows = rows[:0]
		return err
	}
	for at := world.now.Add(-days * 24 * time.Hour); at.Before(world.now); at = at.Add(time.Minute) {
		left := world.now.Sub(at).Hours()
		for _, name := range components {
			perHour := 20.0
			if leaks(name) && left < float64(leakPoints)/12 {
				perHour += moreLines * (float64(leakPoints)/12 - left)
			}
			level, text := "INFO", fmt.Sprintf("batch %d done", rng.IntN(1e6))
			if rng.Float64() < perHour/60 {
				level, text = "ERROR", fmt.Sprintf("java.lang.OutOfMemoryError: worker %d", rng.IntN(64))
			}
			rows = append(rows, fmt.Sprintf("('%s','%s','%s','%s')", at.Add(time.Second).Format(time.DateTime), name, level, text))
		}
		if len(rows) >= 4000 {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}
