package train

import (
	"context"
	"errors"
	"math"
	"runtime"
	"sync"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/parallel"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/store"
)

// ErrNoSeries is wrapped when the source has nothing to learn from.
var ErrNoSeries = errors.New("the source gave no series: is the query right, and does its time hold data?")

// budgetWindow is the stretch whose alerts are counted to set a sensitivity.
const budgetWindow = 28 * 24 * time.Hour

// built is a version before it is stored.
type built struct {
	version  model.Version
	from, to time.Time
	unlearnt []query.Unlearnt
}

// build trains all series of a definition as of now. report is called with the progress.
func (t *Trainer) build(ctx context.Context, c *model.Compiled, labels []store.Label, report func(store.Progress)) (*built, error) {
	q, now := c.Query, t.now()
	out := &built{to: now.Truncate(q.Interval)}
	report(store.Progress{Current: "reading the source"})
	switch q.Type {
	case query.Forecast, query.Warning, query.Anomaly:
	default:
		return t.compare(ctx, q, out, report)
	}
	window := q.TrainingWindow
	if q.Type == query.Anomaly && c.Definition.AlertBudget > 0 {
		window += budgetWindow
	}
	sets, err := t.engine.ReadFor(ctx, q, now, window)
	if err != nil {
		return nil, err
	}
	set := sets[0]
	out.from = set.Grid.Start
	n := len(set.Series)
	if n == 0 {
		return nil, ErrNoSeries
	}
	beside, notices, err := t.engine.BesideFor(ctx, q, set.Grid)
	if err != nil {
		return nil, err
	}
	v := &out.version
	v.Results, v.Series = make([]model.SeriesResult, n), make([]model.Series, n)
	counts := make([][]int, n) // alerts at each scale
	var mu sync.Mutex
	done := 0
	report(store.Progress{Total: n})
	scored := t.scoredFrom(set, c)
	err = t.each(ctx, n, true, func(ctx context.Context, i int) error {
		s := set.Series[i]
		s.Values = without(set.Grid, s, labels)
		var err error
		if q.Type == query.Anomaly {
			v.Results[i], counts[i], err = t.anomaly(ctx, c, set.Grid, s, beside, scored)
			v.Series[i] = model.Series{Name: s.Name, Labels: s.Labels, Points: s.Known()}
			v.Results[i].Notices = append(v.Results[i].Notices, notices...)
		} else {
			v.Results[i], v.Series[i], err = learn(ctx, q, set.Grid, s)
		}
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		done++
		report(store.Progress{Done: done, Total: n, Current: s.Name})
		return nil
	})
	if err != nil {
		return nil, err
	}
	out.unlearnt = unlearnt(labels, out.from)
	v.Summarise()
	v.Summary.Threshold = 1
	if q.Type == query.Anomaly && c.Definition.AlertBudget > 0 {
		v.Summary.Threshold = threshold(counts, time.Duration(set.Grid.Len-scored)*q.Interval, c.Definition.AlertBudget)
	}
	return out, nil
}

// scoredFrom is the index from which a training scores. With a budget, all is counted that has something before it to compare
// with, and the stretch is the one that a replay shows.
func (t *Trainer) scoredFrom(set *series.Set, c *model.Compiled) int {
	half := max(set.Grid.Len-int(c.Query.TrainingWindow/c.Query.Interval)/2, 0)
	if c.Definition.AlertBudget == 0 {
		return half
	}
	_, least := enough(set, c.Query.TrainingWindow)
	return min(max(set.Grid.Index(least), 0), set.Grid.Len)
}

// enough gives how long there are values, and from when on there are enough of them to compare with: those of the training
// window, or the first third of a shorter history.
func enough(set *series.Set, window time.Duration) (known time.Duration, from time.Time) {
	first := set.Grid.Len
	for _, s := range set.Series {
		if i, _, ok := s.Extent(); ok {
			first = min(first, i)
		}
	}
	known = set.Grid.End().Sub(set.Grid.Time(first))
	return known, set.Grid.Time(first).Add(min(known/3, window)).Truncate(set.Grid.Step)
}

// each runs work for every series, leaving one processor alone where there are several. Training makes way for queries; what
// somebody waits for, which counts as a query itself, does not.
func (t *Trainer) each(ctx context.Context, n int, yields bool, work func(ctx context.Context, i int) error) error {
	return parallel.Each(ctx, n, workers(), func(ctx context.Context, i int) error {
		start := time.Now()
		err := work(ctx, i)
		if yields {
			// Twice as long as the work took: under steady load training gets a third of the time.
			t.gate.Yield(ctx, 2*time.Since(start))
		}
		return err
	})
}

func workers() int { return max(runtime.GOMAXPROCS(0)-1, 1) }

// unlearnt is what queries of the version do not learn from either: the labels since the training data began.
func unlearnt(labels []store.Label, from time.Time) (out []query.Unlearnt) {
	for _, l := range labels {
		if l.To.After(from) {
			out = append(out, query.Unlearnt{Series: l.Series, From: l.From, To: l.To})
		}
	}
	return out
}

// without gives the values of a series with those missing that people have labelled: neither an incident nor what was taken for
// one is to be learnt as normal or as a trend.
func without(g series.Grid, s series.Series, labels []store.Label) []float64 {
	values, copied := s.Values, false
	for _, l := range labels {
		if !s.Labels.Has(l.Series) {
			continue
		}
		if !copied {
			values, copied = append([]float64(nil), s.Values...), true
		}
		for i := max(g.Index(l.From), 0); i < g.Len && g.Time(i).Before(l.To); i++ {
			values[i] = math.NaN()
		}
	}
	return values
}

func tooShort(err error) bool {
	return errors.Is(err, forecast.ErrTooShort) || errors.Is(err, detect.ErrTooShort)
}
