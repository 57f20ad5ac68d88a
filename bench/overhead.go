package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/tests/pluginproc"
)

const overheadUsage = `usage: go run ./bench overhead [flags]

Fills a real Prometheus with 100 series of 15 days at one minute (a day's and a week's season and noise), and times against it,
taking turns: the bare range query of 14 days at 5 minutes, and the built plugin's forecast query over the plugin protocol
(parse, read, fit, frame, transport) for 1, 10 and 100 series. The bare query gets all points; the plugin's answer has as many as the
panel can show, computed from all.
  cold   nothing cached          ratio = cold / bare
  next   one step later: everything is fitted anew, only the newest bucket is read
  warm   the same query again    ratio = warm / bare
Times are medians over the rounds. Peak memory is the process's VmHWM so far.
flags:
`

// Sizes of the benchmark.
const (
	benchStep     = 5 * time.Minute
	benchTraining = 14 * 24 * time.Hour
	benchHistory  = 15 * 24 * time.Hour
)

var benchSizes = []int{1, 10, 100}

// overheadRun is what one run measures with.
type overheadRun struct {
	ctx     context.Context
	bare    v1.API
	plugin  *pluginproc.Process
	admin   backend.PluginContext
	end     time.Time
	shown   time.Duration // range of the panel
	model   string
	horizon string
	points  int // that the panel shows
}

// timing is one size's result.
type timing struct{ bare, cold, next, warm time.Duration }

func overhead(ctx context.Context, args []string) error {
	flags := newFlags("overhead", overheadUsage)
	rounds := flags.Int("rounds", 5, "times each query is run")
	shown := flags.String("shown", "1d,14d", "ranges that the panel shows, one table for each")
	algorithm := flags.String("algorithm", "auto", "forecaster")
	horizon := flags.String("horizon", "24h", "how far the forecast goes")
	points := flags.Int("points", 1000, "points that the panel is wide enough for, as Grafana tells the data source; 0 = all")
	executable := flags.String("plugin", "", "executable to measure; empty = build it")
	env := flags.String("env", "", "environment of the plugin, such as GOGC=50,GOMEMLIMIT=100MiB")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *rounds < 1 {
		return fmt.Errorf("-rounds is %d, at least 1 is needed", *rounds)
	}
	ranges, err := durations(*shown)
	if err != nil {
		return fmt.Errorf("-shown: %w", err)
	}
	end := time.Now().Truncate(time.Hour)
	server, err := serve(ctx, "overhead", usage(benchSizes, end.Add(-benchHistory), benchHistory))
	if server == nil {
		return err
	}
	defer server.close()
	if *executable == "" {
		progress("building the plugin")
		if *executable, err = pluginproc.Build(ctx, server.dir); err != nil {
			return err
		}
	}
	client, err := api.NewClient(api.Config{Address: server.URL})
	if err != nil {
		return err
	}
	admin, err := pluginproc.DataSource{URL: server.URL}.Context(pluginproc.Admin)
	if err != nil {
		return err
	}
	for _, shown := range ranges {
		r := &overheadRun{ctx: ctx, bare: v1.NewAPI(client), admin: admin, end: end.Add(-benchStep), shown: shown, model: *algorithm, horizon: *horizon, points: *points}
		if err := r.inProcess(*executable, strings.FieldsFunc(*env, func(c rune) bool { return c == ',' }), *rounds); err != nil {
			return err
		}
	}
	return nil
}

// durations reads a list such as 1d,14d.
func durations(list string) (out []time.Duration, err error) {
	for text := range strings.SplitSeq(list, ",") {
		d, err := param.ParseDuration(text)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, nil
}

// inProcess prints one table, from a process of its own so that its peak memory is this table's.
func (r *overheadRun) inProcess(executable string, env []string, rounds int) (err error) {
	if r.plugin, err = pluginproc.Start(executable, pluginproc.Options{Env: env}); err != nil {
		return err
	}
	defer r.plugin.Close()
	return r.print(rounds)
}

func (r *overheadRun) print(rounds int) error {
	fmt.Printf("\npanel of %s, %d points wide; %s at %s, forecast %s with %s; median of %d; %s, %d processors\n", param.FormatDuration(r.shown), r.points,
		param.FormatDuration(benchTraining), param.FormatDuration(benchStep), r.horizon, r.model, rounds, runtime.Version(), runtime.NumCPU())
	fmt.Println("series    bare ms    cold ms  cold/bare    next ms  next/bare    warm ms  warm/bare   peak MiB")
	for _, n := range benchSizes {
		t, err := r.measure(n, rounds)
		if err != nil {
			return err
		}
		peak := "?"
		if bytes, err := r.plugin.PeakMemory(); err == nil {
			peak = fmt.Sprintf("%.0f", float64(bytes)/(1<<20))
		}
		ratio := func(d time.Duration) float64 { return float64(d) / float64(t.bare) }
		fmt.Printf("%6d %10.1f %10.1f %10.2f %10.1f %10.2f %10.1f %10.2f %10s\n", n, ms(t.bare), ms(t.cold), ratio(t.cold), ms(t.next), ratio(t.next),
			ms(t.warm), ratio(t.warm), peak)
	}
	return nil
}

// measure takes turns, so that whatever else the machine does falls on both sides alike. A first round is not counted.
func (r *overheadRun) measure(n, rounds int) (timing, error) {
	var bare, cold, next, warm []time.Duration
	for i := range rounds + 1 {
		var at [4]time.Duration
		for k, step := range []func(int) error{
			r.bareQuery,
			r.forecastAt(r.end),
			r.forecastAt(r.end.Add(benchStep)),
			r.forecastAt(r.end.Add(benchStep)),
		} {
			if k == 1 {
				if err := r.clearCache(); err != nil {
					return timing{}, err
				}
			}
			start := time.Now()
			if err := step(n); err != nil {
				return timing{}, err
			}
			at[k] = time.Since(start)
		}
		if i > 0 {
			bare, cold, next, warm = append(bare, at[0]), append(cold, at[1]), append(next, at[2]), append(warm, at[3])
		}
	}
	return timing{quantile(bare, 0.5), quantile(cold, 0.5), quantile(next, 0.5), quantile(warm, 0.5)}, nil
}

// bareQuery reads what the forecast needs: as many points, at the same times.
func (r *overheadRun) bareQuery(n int) error {
	v, _, err := r.bare.QueryRange(r.ctx, usageExpr(n), v1.Range{Start: r.end.Add(benchStep - benchTraining), End: r.end, Step: benchStep})
	if err != nil {
		return err
	}
	m, ok := v.(model.Matrix)
	if want := int(benchTraining / benchStep); !ok || len(m) != n || len(m[0].Values) != want {
		return fmt.Errorf("the bare query gave %d series, expected are %d of %d points", len(m), n, want)
	}
	return nil
}

func (r *overheadRun) forecastAt(end time.Time) func(n int) error {
	return func(n int) error {
		a, err := r.plugin.Ask(r.ctx, r.admin, false, end.Add(-r.shown), end, map[string]any{
			"queryType": "forecast", "source": map[string]string{"kind": "prometheus", "expr": usageExpr(n), "legendFormat": "{{instance}}"},
			"model": map[string]string{"algorithm": r.model}, "trainingWindow": "14d", "interval": "5m", "horizon": r.horizon,
			"maxDataPoints": r.points})
		if err != nil {
			return err
		}
		if a.Error != nil {
			return fmt.Errorf("the forecast query: %w", a.Error)
		}
		if len(a.Frames) == 0 || len(a.Frames[0].Fields) < 5*n {
			return errors.New("the forecast query gave fewer fields than actual, expected, forecast and the two bounds of each series")
		}
		return nil
	}
}

func (r *overheadRun) clearCache() error {
	res, err := r.plugin.Resource(r.ctx, r.admin, http.MethodDelete, "cache", nil)
	if err != nil {
		return err
	}
	if res.Status != http.StatusNoContent {
		return fmt.Errorf("DELETE cache answered %d: %s", res.Status, res.Body)
	}
	return nil
}
