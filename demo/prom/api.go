package prom

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"time"

	"github.com/grafana/regexp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/model"
	"github.com/prometheus/common/route"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/scrape"
	"github.com/prometheus/prometheus/tsdb"
	"github.com/prometheus/prometheus/util/notifications"
	v1 "github.com/prometheus/prometheus/web/api/v1"

	"github.com/forewarn/earlywarning/demo/world"
)

// Limits of the query engine, those of a Prometheus server.
const (
	maxSamples    = 50_000_000
	queryTimeout  = 2 * time.Minute
	lookbackDelta = 5 * time.Minute
)

// version is the release of the embedded engine, as go.mod has it.
const version = "3.15.0"

// handler serves the HTTP API of Prometheus with its own code.
func handler(log *slog.Logger, db *tsdb.DB, registry *prometheus.Registry) http.Handler {
	syntax := parser.NewParser(parser.Options{})
	engine := promql.NewEngine(promql.EngineOpts{Logger: log, Reg: registry, MaxSamples: maxSamples, Timeout: queryTimeout,
		LookbackDelta: lookbackDelta, EnableAtModifier: true, EnableNegativeOffset: true, Parser: syntax,
		NoStepSubqueryIntervalFn: func(int64) int64 { return time.Minute.Milliseconds() }})
	api := v1.NewAPI(engine, db, nil, nil, db,
		func(context.Context) v1.ScrapePoolsRetriever { return nothing{} },
		func(context.Context) v1.TargetRetriever { return nothing{} },
		func(context.Context) v1.AlertmanagerRetriever { return nothing{} },
		func() config.Config { return config.DefaultConfig }, map[string]string{}, v1.GlobalURLOptions{},
		func(f http.HandlerFunc) http.HandlerFunc { return f },
		stats{db}, "", false, false, 0, log,
		func(context.Context) v1.RulesRetriever { return nothing{} }, 0, 1, 0, false, regexp.MustCompile("^$"),
		runtimeInfo(time.Now()),
		&v1.PrometheusVersion{Version: version, Revision: "demo", Branch: "demo", GoVersion: runtime.Version()},
		func() []notifications.Notification { return []notifications.Notification{} },
		func() (<-chan notifications.Notification, func(), bool) { return nil, nil, false },
		registry, registry, nil, false, nil, false, false, false, false, lookbackDelta, false, false, nil, nil, v1.OpenAPIOptions{}, syntax)

	root := route.New()
	api.Register(root.WithPrefix("/api/v1"))
	ready := func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("Prometheus Server is Ready.\n")) }
	root.Get("/-/ready", ready)
	root.Get("/-/healthy", ready)
	root.Head("/-/ready", ready)
	root.Head("/-/healthy", ready)
	return root
}

func runtimeInfo(started time.Time) func() (v1.RuntimeInfo, error) {
	return func() (v1.RuntimeInfo, error) {
		return v1.RuntimeInfo{StartTime: started, ServerTime: time.Now(), ReloadConfigSuccess: true, LastConfigTime: started,
			GoroutineCount: runtime.NumGoroutine(), GOMAXPROCS: runtime.GOMAXPROCS(0)}, nil
	}
}

// nothing is scraped, alerted or told by the demo; the metrics are described as if a target had told them.
type nothing struct{}

func (nothing) ScrapePools() []string { return nil }
func (nothing) TargetsActive() map[string][]*scrape.Target {
	t := scrape.NewTarget(labels.EmptyLabels(), &config.DefaultScrapeConfig, nil, nil)
	t.SetMetadataStore(described{})
	return map[string][]*scrape.Target{"demo": {t}}
}
func (nothing) TargetsDropped() map[string][]*scrape.Target { return nil }
func (nothing) TargetsDroppedCounts() map[string]int        { return nil }
func (nothing) ScrapePoolConfig(string) (*config.ScrapeConfig, error) {
	return nil, errors.New("the demo scrapes nothing")
}
func (nothing) Alertmanagers() []*url.URL            { return nil }
func (nothing) DroppedAlertmanagers() []*url.URL     { return nil }
func (nothing) RuleGroups() []*rules.Group           { return nil }
func (nothing) AlertingRules() []*rules.AlertingRule { return nil }

// described is the metadata of the world's metrics.
type described struct{}

func (described) ListMetadata() []scrape.MetricMetadata {
	all := world.Metrics()
	list := make([]scrape.MetricMetadata, len(all))
	for i, m := range all {
		list[i] = scrape.MetricMetadata{MetricFamily: m.Name, Type: model.MetricType(m.Type), Help: m.Help}
	}
	return list
}

func (d described) GetMetadata(family string) (scrape.MetricMetadata, bool) {
	for _, m := range d.ListMetadata() {
		if m.MetricFamily == family {
			return m, true
		}
	}
	return scrape.MetricMetadata{}, false
}

func (described) SizeMetadata() int     { return 0 }
func (d described) LengthMetadata() int { return len(d.ListMetadata()) }

// stats serves /status/tsdb; the admin routes, which need the rest, are off.
type stats struct{ db *tsdb.DB }

var errNoAdmin = errors.New("the demo has no admin API")

func (stats) CleanTombstones() error                                         { return errNoAdmin }
func (stats) Delete(context.Context, int64, int64, ...*labels.Matcher) error { return errNoAdmin }
func (stats) Snapshot(string, bool) error                                    { return errNoAdmin }
func (s stats) Stats(label string, limit int) (*tsdb.Stats, error) {
	return s.db.Head().Stats(label, limit), nil
}
func (stats) WALReplayStatus() (tsdb.WALReplayStatus, error) {
	return tsdb.WALReplayStatus{}, errNoAdmin
}
func (s stats) BlockMetas() ([]tsdb.BlockMeta, error) { return s.db.BlockMetas(), nil }
