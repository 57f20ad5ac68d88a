package plugin

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// Metrics count what the process does; Grafana serves them at /metrics/plugins/<id>.
type Metrics struct {
	queries      *prometheus.CounterVec
	queryTime    *prometheus.HistogramVec
	seriesFitted prometheus.Counter
	fitsCached   prometheus.Counter
	fitTime      prometheus.Histogram
	readTime     *prometheus.HistogramVec
	readErrors   *prometheus.CounterVec
	alerts       alertMetrics
	live         *live
}

// NewMetrics registers the metrics.
func NewMetrics(r prometheus.Registerer) (*Metrics, error) {
	m := &Metrics{
		queries: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "forewarn_queries_total",
			Help: "Queries answered, by type and by result: ok, query (the query is at fault), source, internal."}, []string{"type", "result"}),
		queryTime: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "forewarn_query_duration_seconds", Help: "Time of a whole query.",
			Buckets: prometheus.ExponentialBuckets(0.005, 2, 13)}, []string{"type"}),
		seriesFitted: prometheus.NewCounter(prometheus.CounterOpts{Name: "forewarn_series_answered_total", Help: "Series that queries answered for."}),
		fitsCached:   prometheus.NewCounter(prometheus.CounterOpts{Name: "forewarn_fits_cached_total", Help: "Fits that were taken from the cache."}),
		fitTime: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "forewarn_fit_duration_seconds", Help: "Time of fitting and scoring all series of a query.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 14)}),
		readTime: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "forewarn_source_read_duration_seconds", Help: "Time of reads that reached the source.",
			Buckets: prometheus.ExponentialBuckets(0.005, 2, 13)}, []string{"source"}),
		readErrors: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "forewarn_source_errors_total", Help: "Reads that failed at the source, by kind of error."}, []string{"source", "error"}),
	}
	m.alerts, m.live = newAlertMetrics(), newLive()
	for _, c := range append(m.alerts.collectors(), m.live, m.queries, m.queryTime, m.seriesFitted, m.fitsCached, m.fitTime, m.readTime, m.readErrors) {
		if err := r.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *Metrics) query(kind string, d time.Duration, err error) {
	result := "ok"
	switch {
	case err == nil:
	case errors.Is(err, query.ErrInvalid), errors.Is(err, query.ErrNoModel), errors.Is(err, source.ErrRefused):
		result = "query"
	case errorKind(err) != "other":
		result = "source"
	default:
		result = "internal"
	}
	m.queries.WithLabelValues(kind, result).Inc()
	m.queryTime.WithLabelValues(kind).Observe(d.Seconds())
}

func (m *Metrics) fits(n, cached int, d time.Duration) {
	m.seriesFitted.Add(float64(n))
	m.fitsCached.Add(float64(cached))
	m.fitTime.Observe(d.Seconds())
}

// watch measures the reads of each source.
func (m *Metrics) watch(sources map[source.Kind]source.Source) map[source.Kind]source.Source {
	out := make(map[source.Kind]source.Source, len(sources))
	for k, s := range sources {
		out[k] = watched{s, string(k), m}
	}
	return out
}

type watched struct {
	source.Source
	kind    string
	metrics *Metrics
}

func (w watched) Read(ctx context.Context, r source.Request) (*series.Set, error) {
	start := time.Now()
	set, err := w.Source.Read(ctx, r)
	w.metrics.readTime.WithLabelValues(w.kind).Observe(time.Since(start).Seconds())
	if err != nil {
		w.metrics.readErrors.WithLabelValues(w.kind, errorKind(err)).Inc()
	}
	return set, err
}

func errorKind(err error) string {
	for _, k := range []struct {
		err  error
		name string
	}{{source.ErrNotConfigured, "configuration"}, {source.ErrRefused, "refused"}, {source.ErrUnreachable, "unreachable"}, {source.ErrDenied, "denied"},
		{source.ErrTimeout, "timeout"}, {source.ErrBadQuery, "query"}, {source.ErrTooLarge, "too_large"}, {context.Canceled, "cancelled"}} {
		if errors.Is(err, k.err) {
			return k.name
		}
	}
	return "other"
}
