package query

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/evaluate"
	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// mostLooks bounds the moments of the past at which all series of a query together are asked for their warning; beyond it the
// moments lie further apart.
const mostLooks = 2000

// PastWarning is what a warning said at moments of the past, beside what then happened. Slices have one value for each moment.
type PastWarning struct {
	Every    time.Duration
	ETA      []float64 // hours to the crossing, as foreseen then; NaN where no time was stated
	ETAEarly []float64
	Left     []float64 // hours that were left; 0 while crossed, NaN where no crossing followed in what is known
	Firing   []bool
	Stood    []Stood
	Became   evaluate.Warnings
}

// ETAError is the median of abs(ln(ETA/Left)) over the moments at which the warning stood and both are known and above zero; NaN
// without any.
func (p *PastWarning) ETAError() float64 {
	var off []float64
	for i, eta := range p.ETA {
		if p.Firing[i] && eta > 0 && p.Left[i] > 0 {
			off = append(off, math.Abs(math.Log(eta/p.Left[i])))
		}
	}
	return order.Median(off)
}

// pastWarnings answers what a warning said at each full hour of what is shown.
func (e *Engine) pastWarnings(ctx context.Context, q *Query, w *window, set *series.Set, a *Answer) error {
	every := max(lookEvery, q.Interval)
	if looks := int(w.asOf.Sub(w.from)/every) * len(set.Series); looks > mostLooks {
		every *= time.Duration((looks + mostLooks - 1) / mostLooks)
		a.Notices = append(a.Notices, series.Notice{Severity: series.Info, Text: fmt.Sprintf(
			"looked at every %s, so that runs in a row confirm nothing: a warning stands where its condition held", every)})
	}
	from := w.from.Truncate(every)
	if from.Before(w.from) {
		from = from.Add(every)
	}
	limit, err := e.limits(ctx, q, w.from, w.asOf, a)
	if err != nil {
		return err
	}
	a.Grid = series.Grid{Start: from, Step: every, Len: max(int(w.asOf.Sub(from)/every)+1, 0)}
	a.Past = a.Grid.Len
	a.Results = make([]Result, len(set.Series))
	key := q.runKey()
	return each(ctx, len(set.Series), func(ctx context.Context, i int) error {
		s := set.Series[i]
		limits := limit(s.Labels)
		looks, err := e.looks(ctx, q, w.grid, s, limits, from, every, key+SeriesKey(s.Name, s.Labels))
		if err != nil {
			return err
		}
		a.Results[i] = looks.result(a.Grid, s, limits)
		return nil
	})
}

// result lays the looks on a grid of theirs beside what happened.
func (l *Looks) result(g series.Grid, s series.Series, limits Thresholds) Result {
	out := Result{Name: s.Name, Labels: s.Labels, Points: s.Known(), Actual: series.Missing(g.Len), Limits: series.Missing(g.Len)}
	p := &PastWarning{Every: l.Every, ETA: series.Missing(g.Len), ETAEarly: series.Missing(g.Len), Left: series.Missing(g.Len), Firing: make([]bool, g.Len)}
	out.PastWarning = p
	for i := range out.Limits {
		out.Limits[i] = limits.At(g.Time(i))
	}
	left := l.left(s, limits)
	for k, answer := range l.Answers {
		i := g.Index(l.grid.Time(l.Known[k]))
		if i < 0 || i >= g.Len {
			continue
		}
		out.Actual[i], p.Left[i], p.Firing[i] = answer.Current, left[k], answer.Firing
		if warn.Stated(answer.ETA) {
			p.ETA[i] = answer.ETA
		}
		if warn.Stated(answer.ETAEarly) {
			p.ETAEarly[i] = answer.ETAEarly
		}
	}
	if n := len(l.Answers); n > 0 {
		out.Warning = &l.Answers[n-1]
	}
	p.Stood, p.Became = l.Stretches()
	return out
}

// left gives the hours from each look to the next crossing, 0 where the threshold is crossed: by the value then and one of the two
// before, as a warning tells it.
func (l *Looks) left(s series.Series, limits Thresholds) []float64 {
	over := make([]bool, l.grid.Len)
	recent := [3]bool{} // the newest known values
	for i, v := range s.Values {
		if math.IsNaN(v) {
			over[i] = i > 0 && over[i-1]
			continue
		}
		limit := limits.At(l.grid.Time(i + 1))
		recent[0], recent[1], recent[2] = l.above && v >= limit || !l.above && v <= limit, recent[0], recent[1]
		over[i] = recent[0] && (recent[1] || recent[2])
	}
	next := series.Missing(l.grid.Len + 1) // hours from the end of each bucket to the crossing
	for i := l.grid.Len - 1; i >= 0; i-- {
		if next[i] = next[i+1] + l.grid.Step.Hours(); over[i] {
			next[i] = 0
		}
	}
	out := make([]float64, len(l.Known))
	for k, known := range l.Known {
		out[k] = next[known-1]
	}
	return out
}
