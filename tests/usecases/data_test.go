package usecases

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
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
	for _, of := range []func() ([]promserver.Metric, error){cloudHosts, service, gateway, sources, services, errorRatio, containers, climbs} {
		list, err := of()
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// hot is the host that runs hot.
const hot = "tencent-3:9100"

// fleets are groups of twelve hosts, four at each of three vendors.
const fleets = 6

const (
	hotFile   = "ec2_cpu_utilization_fe7f93.csv.gz"
	hotBegins = 760 // the first sample of the labelled stretch that is hot
	hotEnds   = hotBegins + 28
)

// hotSince is when the hot one becomes hot.
func hotSince() time.Time { return start(hotEnds-hotBegins, step) }

// cloudHosts are the idle counters of real machines over a day, nothing planted: the hot one of each fleet is an EC2 host (NAB) whose CPU goes
// from 3 to 60 %, which NAB's labels have; the others are PlanetLab's (288 samples of a day; the first with a median between 10 and 50 %, others
// in each fleet). They never stood beside each other: the EC2 host's day is put where PlanetLab's is.
func cloudHosts() ([]promserver.Metric, error) {
	rows, err := table("planetlab", "20110303.csv.gz")
	if err != nil {
		return nil, err
	}
	ec2, err := table("nab", "data", "realAWSCloudwatch", hotFile)
	if err != nil {
		return nil, err
	}
	var others [][]float64
	for _, row := range rows {
		cpu := []float64{}
		for _, v := range strings.Split(row[1], ";") {
			cpu = append(cpu, number(v))
		}
		sorted := slices.Sorted(slices.Values(cpu))
		if m := sorted[len(sorted)/2]; m >= 10 && m <= 50 {
			others = append(others, cpu)
		}
	}
	var day []float64
	for _, row := range ec2[hotEnds-288 : hotEnds] {
		day = append(day, number(row[1]))
	}
	var list []promserver.Metric
	for k := range 12 * fleets {
		cloud := []string{"tencent", "aliyun", "azure"}[k%12/4]
		labels := map[string]string{"job": "node", "mode": "idle", "cpu": "0", "fleet": strconv.Itoa(k / 12), "cloud": cloud, "instance": fmt.Sprintf("%s-%d:9100", cloud, k%4+1)}
		cpu := day
		if labels["instance"] != hot {
			cpu, others = others[0], others[1:]
		}
		list = append(list, idle("node_cpu_seconds_total", labels, cpu))
	}
	return list, nil
}

// idle is the counter of a host's idle seconds, a sample a minute, from its CPU in per cent every five.
func idle(name string, labels map[string]string, cpu []float64) promserver.Metric {
	sum, values := 0.0, make([]float64, 5*len(cpu))
	for i := range values {
		sum += 60 * (1 - cpu[i/5]/100)
		values[i] = sum
	}
	return promserver.Metric{Name: name, Labels: labels, Start: start(len(values), time.Minute), Step: time.Minute, Values: values}
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

// traffic is a real curve of requests to a web service (WSD), at five minutes, until it has been at twice its usual for three hours; its operators
// labelled that. anomaly says where they did.
func traffic() (values []float64, anomaly []bool, err error) {
	values, anomaly, err = wsd("188.csv.gz")
	if err != nil {
		return nil, nil, err
	}
	return values[:surgeEnds], anomaly[:surgeEnds], nil
}

const (
	surgeBegins = 6405 // the first value that is labelled
	surgeEnds   = surgeBegins + 3*12
	surgeGrows  = 13 // values before the labelled ones in which it grows already
)

// wsd is a curve of WSD's, five of its minutes to a value.
func wsd(file string) (values []float64, anomaly []bool, err error) {
	rows, err := table("wsd", "data", file)
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
	return values, anomaly, nil
}

// gateway is the traffic of one route.
func gateway() ([]promserver.Metric, error) {
	values, _, err := traffic()
	return []promserver.Metric{{Name: "gateway_rps", Labels: map[string]string{"route": route}, Start: start(len(values), step), Step: step, Values: values}}, err
}

// sources shares real traffic (WSD, before its surge) out among four sources. Made, as no trace at hand tells requests by where they come from for
// weeks: the shares follow the day, with noise of 6 %, and a crawler takes a third in the last 40 minutes while the sum stays.
func sources() ([]promserver.Metric, error) {
	total, _, err := traffic()
	if err != nil {
		return nil, err
	}
	total = total[:surgeBegins-surgeGrows]
	n := len(total)
	rng := rand.New(rand.NewPCG(5, 5))
	names := []string{"campus", "mobile", "partner", "crawler"}
	values := make([][]float64, len(names))
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
	}
	var list []promserver.Metric
	for j, source := range names {
		list = append(list, promserver.Metric{Name: "gateway_source_rps", Labels: map[string]string{"source": source, "route": "/v1/generate"}, Start: start(n, step), Step: step, Values: values[j]})
	}
	return list, nil
}

// services are three real ones (WSD) whose curves begin at the same minute and whose levels are alike, until the first of them has had half as
// much again as usual for an hour, which its operators labelled.
func services() (list []promserver.Metric, err error) {
	const surge = 4357
	for _, service := range []string{"23", "188", "194"} {
		values, _, err := wsd(service + ".csv.gz")
		if err != nil {
			return nil, err
		}
		n := surge + 12
		list = append(list, promserver.Metric{Name: "service_rps", Labels: map[string]string{"service": service}, Start: start(n, step), Step: step, Values: values[:n]})
	}
	return list, nil
}

// failures is a real share of an application's runs that failed (Microsoft's cloud monitoring), in per cent, hour by hour, until it has been
// growing for eleven hours, which its operators labelled from the first one on.
func failures() (values []float64, labelled []bool, err error) {
	rows, err := table("mscloud", "data", "application-crash-rate-2", "app2-06.csv.gz")
	if err != nil {
		return nil, nil, err
	}
	for _, row := range rows[:failureEnds] {
		values, labelled = append(values, 100*number(row[1])), append(labelled, row[2] == "1")
	}
	return values, labelled, nil
}

const (
	failureBegins = 817
	failureEnds   = failureBegins + 11
)

func errorRatio() ([]promserver.Metric, error) {
	values, _, err := failures()
	return []promserver.Metric{hourly("gateway_error_percent", map[string]string{"route": route}, values)}, err
}

// hourly is a series of means of hours, each told at the hour's end, the last one now.
func hourly(name string, labels map[string]string, values []float64) promserver.Metric {
	return promserver.Metric{Name: name, Labels: labels, Start: start(len(values)-1, time.Hour), Step: time.Hour, Values: values}
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

// rows are all tables in MariaDB.
func rows(ctx context.Context) error {
	return errors.Join(fillLogs(ctx), fillCrashes(ctx))
}

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
