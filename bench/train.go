package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"runtime"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/tests/pluginproc"
	"github.com/forewarn/earlywarning/tests/promserver"
)

const trainUsage = `usage: go run ./bench train [flags]

Fills a real Prometheus with series of four weeks at five minutes, and lets the built plugin, over the plugin protocol and with an
SQLite file as its store, train one model of all of them while panels ask it. It prints the time of the training, the quantiles of
the queries' times before and during it, the size of the stored version, and the time of the first query after a restart, which
loads it. A query asks for forecasts of ten series fitted on request, another horizon each time so that none is cached.
flags:
`

// Sizes of the benchmark.
const (
	trainStep    = 5 * time.Minute
	trainHistory = 28 * 24 * time.Hour
)

// trainRun is what one run measures with.
type trainRun struct {
	ctx     context.Context
	pc      backend.PluginContext
	binary  string
	models  string // the store's file
	plugin  *pluginproc.Process
	asked   int
	between time.Duration
	end     time.Time
}

func training(ctx context.Context, args []string) error {
	flags := newFlags("train", trainUsage)
	n := flags.Int("series", 500, "series of the model")
	algorithm := flags.String("algorithm", "auto", "forecaster")
	calm := flags.Int("queries", 40, "queries before the training")
	between := flags.Duration("every", 500*time.Millisecond, "pause between two queries")
	if err := flags.Parse(args); err != nil {
		return err
	}
	end := time.Now().Truncate(time.Hour)
	prom, err := serve(ctx, "train", coarse(usage([]int{*n}, end.Add(-trainHistory), trainHistory)))
	if prom == nil {
		return err
	}
	defer prom.close()
	r := &trainRun{ctx: ctx, between: *between, end: end, models: filepath.Join(prom.dir, "models.db")}
	progress("building the plugin")
	if r.binary, err = pluginproc.Build(ctx, prom.dir); err != nil {
		return err
	}
	if r.pc, err = (pluginproc.DataSource{URL: prom.URL, JSONData: map[string]any{"storePath": r.models}}).Context(pluginproc.Admin); err != nil {
		return err
	}
	return r.measure(*n, *calm, *algorithm)
}

// coarse keeps every fifth minute.
func coarse(metrics []promserver.Metric) []promserver.Metric {
	every := int(trainStep / time.Minute)
	for i, m := range metrics {
		values := make([]float64, 0, len(m.Values)/every)
		for k := 0; k < len(m.Values); k += every {
			values = append(values, m.Values[k])
		}
		metrics[i].Values, metrics[i].Step = values, trainStep
	}
	return metrics
}

func (r *trainRun) measure(n, calm int, algorithm string) (err error) {
	if r.plugin, err = pluginproc.Start(r.binary, pluginproc.Options{}); err != nil {
		return err
	}
	defer func() { r.plugin.Close() }()
	var before, during []time.Duration
	progress("asking %d queries without a training", calm)
	for range calm {
		d, err := r.query()
		if err != nil {
			return err
		}
		before = append(before, d)
	}
	progress("training %d series", n)
	job, err := r.start(algorithm)
	for start := time.Now(); err == nil && (job.State == api.JobQueued || job.State == api.JobRunning); {
		var d time.Duration
		if d, err = r.query(); err == nil {
			during = append(during, d)
			err = r.call(http.MethodGet, "jobs/"+job.ID, nil, &job)
		}
		if time.Since(start) > 10*time.Minute {
			err = errors.New("the training has not ended after 10 minutes")
		}
	}
	if err != nil {
		return err
	}
	if job.State != api.JobDone {
		return fmt.Errorf("the training is %s: %s", job.State, job.Error)
	}
	var m api.Model
	if err := r.call(http.MethodGet, "models/bench", nil, &m); err != nil {
		return err
	}
	peak, _ := r.plugin.PeakMemory()
	fmt.Printf("%d series of %d points, %s, %s, %d processors\n", m.Series, m.Points/max(m.Series, 1), algorithm, runtime.Version(), runtime.NumCPU())
	fmt.Printf("training        %.1f s, from the start of the job to the stored version\n", job.Finished.Sub(*job.Started).Seconds())
	fmt.Printf("queries before  median %.0f ms, 95 %% %.0f ms (%d)\n", ms(quantile(before, 0.5)), ms(quantile(before, 0.95)), len(before))
	fmt.Printf("queries during  median %.0f ms, 95 %% %.0f ms (%d), ratio of the 95 %% %.2f\n", ms(quantile(during, 0.5)), ms(quantile(during, 0.95)), len(during),
		float64(quantile(during, 0.95))/float64(quantile(before, 0.95)))
	fmt.Printf("stored          %.2f MB; error against the seasonal-naive twin: skill %s; peak memory %.0f MiB\n", float64(m.Bytes)/1e6, orDash(m.Error.Skill), float64(peak)/(1<<20))
	if err := r.restart(); err != nil {
		return err
	}
	return r.load()
}

// load times what a new process does to have the version: read it from the store and decode its states.
func (r *trainRun) load() error {
	db, err := store.Open(store.Config{Path: r.models})
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	space := db.Space(fmt.Sprintf("%d/%s", r.pc.OrgID, r.pc.DataSourceInstanceSettings.UID)) //nolint:staticcheck // as the plugin names it
	var reads, decodes []time.Duration
	for range 9 {
		start := time.Now()
		v, err := space.Version(r.ctx, "bench", 0)
		if err != nil {
			return err
		}
		reads = append(reads, time.Since(start))
		start = time.Now()
		if _, err := model.DecodeStates(v.States); err != nil {
			return err
		}
		decodes = append(decodes, time.Since(start))
	}
	fmt.Printf("loaded          read from the store %.0f ms (first %.0f ms), decoded %.0f ms (first %.0f ms); medians of %d\n", ms(quantile(reads, 0.5)), ms(reads[0]), ms(quantile(decodes, 0.5)), ms(decodes[0]), len(reads))
	return nil
}

// restart times the first query of the trained model in a new process, and the next one.
func (r *trainRun) restart() (err error) {
	r.plugin.Close()
	if r.plugin, err = pluginproc.Start(r.binary, pluginproc.Options{}); err != nil {
		return err
	}
	var s api.Status
	if err := r.call(http.MethodGet, "status", nil, &s); err != nil {
		return err
	}
	one := `{"model":{"name":"bench"},"source":{"kind":"prometheus","expr":"bench_cpu_percent{instance=\"host-000:9100\"}"},"output":"forecast"}`
	var times []time.Duration
	for range 3 {
		d, err := r.ask(one)
		if err != nil {
			return err
		}
		times = append(times, d)
	}
	fmt.Printf("after a restart first query of one series %.0f ms (reads the source, loads all states of the model), then %.1f ms\n", ms(times[0]), ms(times[2]))
	return nil
}

func (r *trainRun) start(algorithm string) (api.Job, error) {
	query := fmt.Sprintf(`{"queryType":"forecast","source":{"kind":"prometheus","expr":"bench_cpu_percent","legendFormat":"{{instance}}"},"model":{"algorithm":%q},"trainingWindow":"28d","interval":"5m","horizon":"24h"}`, algorithm)
	var made api.CreatedModel
	err := r.call(http.MethodPost, "models", api.CreateModel{Definition: api.Definition{Name: "bench", Query: json.RawMessage(query)}, Train: true}, &made)
	if err != nil {
		return api.Job{}, err
	}
	return *made.Job, nil
}

// query asks for ten series with a horizon that was not asked for before.
func (r *trainRun) query() (time.Duration, error) {
	time.Sleep(r.between)
	r.asked++
	return r.ask(fmt.Sprintf(`{"queryType":"forecast","source":{"kind":"prometheus","expr":"bench_cpu_percent{instance=~\"host-00.:9100\"}"},"model":{"algorithm":"auto"},"trainingWindow":"14d","interval":"5m","horizon":"%dm"}`, 600+5*(r.asked%200)))
}

func (r *trainRun) ask(model string) (time.Duration, error) {
	start := time.Now()
	a, err := r.plugin.Ask(r.ctx, r.pc, false, r.end.Add(-24*time.Hour), r.end, model)
	if err != nil {
		return 0, err
	}
	return time.Since(start), a.Error
}

func (r *trainRun) call(method, path string, body, into any) error {
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			return err
		}
	}
	res, err := r.plugin.Resource(r.ctx, r.pc, method, path, raw)
	if err != nil {
		return err
	}
	if res.Status >= 400 {
		return fmt.Errorf("%s %s: %d %s", method, path, res.Status, res.Body)
	}
	return json.Unmarshal(res.Body, into)
}

func orDash(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf("%.2f", *v)
}
