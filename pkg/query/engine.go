package query

import (
	"context"
	"runtime"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/cache"
	"github.com/forewarn/earlywarning/pkg/parallel"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// Engine answers queries for one data source. It is safe for concurrent use.
type Engine struct {
	reader *reader
	fits   *fits
	states *cache.Cache[advanced]
	scores *cache.Cache[scored]
	groups *cache.Cache[*compared]
	runs   *cache.Cache[warn.Answer] // of warnings at the full hours
	now    func() time.Time
}

// Range is the time range that the panel or rule shows.
type Range struct{ From, To time.Time }

// NewEngine makes an engine over the configured sources; now is the clock, caches are bounded by the bytes given.
func NewEngine(sources map[source.Kind]source.Source, now func() time.Time, readBytes, fitBytes int64) *Engine {
	return &Engine{reader: newReader(sources, readBytes), fits: newFits(fitBytes), states: cache.New[advanced](fitBytes / 2), scores: cache.New[scored](fitBytes / 4), groups: cache.New[*compared](fitBytes / 8),
		runs: cache.New[warn.Answer](fitBytes / 4), now: now}
}

// CacheStats count what the caches hold.
type CacheStats struct {
	Fits      int   `json:"fits"`
	FitBytes  int64 `json:"fitBytes"`
	Reads     int   `json:"reads"`
	ReadBytes int64 `json:"readBytes"`
}

// CacheStats gives the state of the caches.
func (e *Engine) CacheStats() CacheStats {
	var s CacheStats
	s.Fits, s.FitBytes = e.fits.cache.Stats()
	s.Reads, s.ReadBytes = e.reader.cache.Stats()
	return s
}

// ClearCache forgets fits and source reads.
func (e *Engine) ClearCache() {
	e.fits.cache.Clear()
	e.reader.cache.Clear()
	e.states.Clear()
	e.scores.Clear()
	e.groups.Clear()
	e.runs.Clear()
}

// Execute answers a validated query over the range shown. Errors of sources keep their sentinels (pkg/source).
func (e *Engine) Execute(ctx context.Context, q *Query, shown Range) (*Answer, error) {
	w, err := e.window(q, shown)
	if err != nil {
		return nil, err
	}
	a := &Answer{Query: q, AsOf: w.asOf}
	a.Stats.TrainingFrom, a.Stats.TrainingTo = w.readFrom, w.asOf
	if q.Type == Composite {
		a.uncovered(w)
		return a, e.composite(ctx, q, w, a)
	}
	set, err := e.series(ctx, q, w, q.Source, a)
	if err != nil {
		return nil, err
	}
	if w.brief && q.lacks(set, w.asOf) {
		w.whole(q)
		if err := w.check(q); err != nil {
			return nil, err
		}
		if set, err = e.series(ctx, q, w, q.Source, a); err != nil {
			return nil, err
		}
	}
	w.fix(set.Grid)
	a.uncovered(w)
	start := time.Now()
	if q.Output == LastWeek {
		weekBefore(q, w, set, a)
		return a, nil
	}
	switch q.Type {
	case Forecast, Warning:
		switch {
		case q.Output != Hindcasts:
			err = e.forecast(ctx, q, w, set, a)
		case q.Type == Forecast:
			err = e.hindcast(ctx, q, w, set, a)
		default:
			err = e.pastWarnings(ctx, q, w, set, a)
		}
	case Anomaly:
		err = e.anomaly(ctx, q, w, set, a)
	case Outlier:
		err = e.outlier(ctx, q, w, set, a)
	default:
		plain(w, set, a)
	}
	a.Stats.Fit = time.Since(start)
	return a, err
}

// uncovered says which years the calendar's bundled list lacks.
func (a *Answer) uncovered(w *window) {
	if text := a.Query.Calendar.Notice(w.readFrom, w.asOf); text != "" {
		a.Notices = append(a.Notices, series.Notice{Severity: series.Warning, Text: text})
	}
}

// series reads what the query is about.
func (e *Engine) series(ctx context.Context, q *Query, w *window, spec source.Spec, a *Answer) (*series.Set, error) {
	set, err := e.read(ctx, q, w, spec, a)
	if err != nil {
		return nil, err
	}
	return q.chosen(set, a), nil
}

func (e *Engine) read(ctx context.Context, q *Query, w *window, spec source.Spec, a *Answer) (*series.Set, error) {
	start := time.Now()
	set, err := e.reader.read(ctx, source.Request{Spec: spec, From: w.readFrom, To: w.asOf, Step: q.Interval, Filters: q.Filters})
	if err != nil {
		return nil, err
	}
	a.Stats.Read += time.Since(start)
	a.Stats.Executed = append(a.Stats.Executed, set.Executed)
	for _, n := range slices.Concat(set.Notices, q.unfiltered(spec.Kind)) {
		if !slices.Contains(a.Notices, n) { // of several sources, or of one that is read again
			a.Notices = append(a.Notices, n)
		}
	}
	return set, nil
}

// each runs work for every index with as many workers as there are processors.
func each(ctx context.Context, n int, work func(ctx context.Context, i int) error) error {
	return parallel.Each(ctx, n, runtime.GOMAXPROCS(0), work)
}
