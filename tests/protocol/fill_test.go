package protocol

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/tests/promserver"
)

const step = 5 * time.Minute

// nabFiles are NAB's EC2 CPU traces with labelled incidents; kpiFile is the first KPI curve of the AIOps challenge.
var (
	nabFiles = []string{"53ea38", "5f5533", "77c1ca", "fe7f93"}
	kpiFile  = "05f10d3a-239c-3bef-9bdc-a2feeb0037aa"
)

func nabPath(id string) string {
	return filepath.Join("nab", "data", "realAWSCloudwatch", "ec2_cpu_utilization_"+id+".csv.gz")
}

// kpiRows is how much of the KPI curve is used: its newest four weeks, a value a minute.
const kpiRows = 28 * 24 * 60

// kpiTime is when the i-th of them was, the newest a minute ago.
func kpiTime(i int) time.Time { return world.now.Add(time.Duration(i-kpiRows) * time.Minute) }

// history is what Prometheus holds, up to now: made hosts and disks, and where they are there the real traces.
func history() ([]promserver.Metric, error) {
	metrics := hosts()
	for _, id := range nabFiles {
		if t, err := read(nabPath(id)); err == nil {
			metrics = append(metrics, promserver.Metric{Name: "ec2_cpu", Labels: map[string]string{"instance": id}, Start: start(len(t.values)), Step: step, Values: t.values})
		}
	}
	return metrics, nil
}

func start(n int) time.Time { return world.now.Add(-time.Duration(n) * step) }

// rampLen is the length of a series that counts its own samples.
const rampLen = 21 * 288

// hosts are six hosts with a daily CPU pattern of which host-4 runs hot in the last hour, two disks of which one fills, and a
// constant, an empty and a one-point series, a ramp, and a counter that begins anew.
func hosts() []promserver.Metric {
	const n = 21 * 288
	rng := rand.New(rand.NewPCG(1, 1))
	var cpu, disk []promserver.Metric
	for h := range 6 {
		v := make([]float64, n)
		for i := range v {
			v[i] = 40 + 15*math.Sin(2*math.Pi*float64(i)/288) + 2*rng.NormFloat64()
			if h == 4 && i >= n-14 {
				v[i] += 40
			}
		}
		cpu = append(cpu, promserver.Metric{Name: "cpu", Labels: map[string]string{"host": fmt.Sprintf("host-%d", h)}, Start: start(n), Step: step, Values: v})
	}
	for d, perDay := range map[string]float64{"filling": 2, "steady": 0} {
		v := make([]float64, n)
		for i := range v {
			v[i] = 85 - perDay*float64(n-i)/288 + 0.1*rng.NormFloat64()
		}
		disk = append(disk, promserver.Metric{Name: "disk_used", Labels: map[string]string{"disk": d}, Start: start(n), Step: step, Values: v})
	}
	constant := make([]float64, n)
	for i := range constant {
		constant[i] = 5
	}
	out := append(cpu, disk...)
	ramp, jobs := make([]float64, rampLen), make([]float64, 2*288)
	for i := range ramp {
		ramp[i] = float64(i)
	}
	for i := range jobs { // begins anew every six hours, the newest three hours ago
		jobs[i] = 30 * float64((i+36)%72+1)
	}
	out = append(out, promserver.Metric{Name: "ramp", Start: start(rampLen), Step: step, Values: ramp}, promserver.Metric{Name: "jobs_total", Start: start(len(jobs)), Step: step, Values: jobs})
	out = append(out, promserver.Metric{Name: "constant", Labels: map[string]string{"a": "b"}, Start: start(n), Step: step, Values: constant},
		promserver.Metric{Name: "one_point", Labels: map[string]string{"a": "b"}, Start: start(2), Step: step, Values: []float64{1}})
	return out
}

// fillMaria makes a log table, annotations with a deployment before the hot hour, a table of every number and time type, and the KPI curve where it is there.
func fillMaria(ctx context.Context) error {
	var b strings.Builder
	b.WriteString("CREATE TABLE app_logs (id BIGINT AUTO_INCREMENT PRIMARY KEY, ts DATETIME, container VARCHAR(32), level VARCHAR(8), message TEXT, INDEX (ts));")
	b.WriteString("CREATE TABLE kpi (ts DATETIME, host VARCHAR(16), value DOUBLE, INDEX (ts));")
	b.WriteString("CREATE TABLE kinds (ts DATETIME(3), stamp TIMESTAMP NULL, day DATE, epoch INT UNSIGNED, ms BIGINT, t TINYINT, u BIGINT UNSIGNED, dec1 DECIMAL(20,4), f FLOAT, d DOUBLE, y YEAR, bits BIT(9), b BOOLEAN, txt VARCHAR(8));")
	b.WriteString("CREATE TABLE annotation (id BIGINT AUTO_INCREMENT PRIMARY KEY, epoch BIGINT, text TEXT, tags VARCHAR(4096));") // as Grafana's own
	fmt.Fprintf(&b, "INSERT INTO annotation (epoch, text, tags) VALUES (%d, 'shop 4.2', '[\"deployment\",\"shop\"]');", world.now.Add(-74*time.Minute).UnixMilli())
	at := world.now.Add(-10 * time.Minute)
	fmt.Fprintf(&b, "INSERT INTO kinds VALUES ('%s', '%s', '%s', %d, %d, -7, 18446744073709551615, 12345678901.2345, 1.5, 2.25, 2026, b'100000001', TRUE, 'x');",
		at.Format("2006-01-02 15:04:05.000"), at.Format(time.DateTime), at.Format(time.DateOnly), at.Unix(), at.UnixMilli())
	if err := world.Maria.Exec(ctx, b.String()); err != nil {
		return err
	}
	t, err := read(filepath.Join("kpi", "data", kpiFile+".csv.gz"))
	if err == nil {
		values := t.values[len(t.values)-kpiRows:]
		if err := insert(ctx, "kpi (ts, host, value)", len(values), func(i int) string {
			return fmt.Sprintf("('%s','kpi',%g)", kpiTime(i).Format(time.DateTime), values[i])
		}); err != nil {
			return err
		}
	}
	const logs = 20_000 // over two weeks; a surge of OutOfMemory in the last hour
	return insert(ctx, "app_logs (ts, container, level, message)", logs, func(i int) string {
		ts := world.now.Add(-14*24*time.Hour + time.Duration(i)*(14*24*time.Hour/logs))
		text := "request done"
		if i%40 == 0 || i > logs-60 {
			text = "java.lang.OutOfMemory: 100% of heap_used"
		}
		return fmt.Sprintf("('%s','%s','INFO','%s')", ts.Format(time.DateTime), []string{"api", "trainer"}[i%2], text)
	})
}

func insert(ctx context.Context, into string, n int, row func(i int) string) error {
	for from := 0; from < n; from += 2000 {
		rows := make([]string, 0, 2000)
		for i := from; i < min(from+2000, n); i++ {
			rows = append(rows, row(i))
		}
		if err := world.Maria.Exec(ctx, "INSERT INTO "+into+" VALUES "+strings.Join(rows, ",")); err != nil {
			return err
		}
	}
	return nil
}
