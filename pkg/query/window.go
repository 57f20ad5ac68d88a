package query

import (
	"fmt"
	"time"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

// window lays out the times of one execution on the query's step.
//
//	readFrom ........ from ........ asOf ........ asOf+horizon
//	|   history      |  shown past  |   future    |
type window struct {
	readFrom, from, asOf time.Time
	grid                 series.Grid // of what was read: [readFrom, asOf)
	shown                int         // index of from in grid
	brief                bool        // only what trained states have not seen yet is read
}

// window refuses ranges that lie wholly in the future or are too long for the step. What is shown ends at now or at the
// end of the range, whichever is first, so that a panel over the past forecasts as of its own end.
func (e *Engine) window(q *Query, shown Range) (*window, error) {
	now := e.now()
	asOf := shown.To
	if asOf.After(now) {
		asOf = now
	}
	asOf = asOf.Truncate(q.Interval)
	from := shown.From.Truncate(q.Interval)
	if !from.Before(asOf) {
		// A range in the future, or shorter than a step: there is still the newest bucket to answer for.
		from = asOf.Add(-q.Interval)
	}
	if shown.To.Before(shown.From) {
		return nil, fmt.Errorf("%w: the time range ends at %s, before it starts at %s", ErrInvalid, shown.To.UTC().Format(time.RFC3339), shown.From.UTC().Format(time.RFC3339))
	}
	w := &window{from: from, asOf: asOf}
	switch q.Type {
	case Anomaly, Outlier, Composite:
		w.readFrom = from.Add(-q.TrainingWindow)
	case Series:
		w.readFrom = from
	default:
		if q.Output == Hindcasts {
			w.readFrom = from.Add(-q.Lead).Truncate(refitEvery).Add(-q.TrainingWindow)
			break
		}
		w.whole(q)
		// A warning looks at the trend of the whole window all the same.
		if w.brief = q.Type == Forecast && q.goesOn(asOf); w.brief {
			w.readFrom = q.trained.To
		}
		w.reach(from)
	}
	w.readFrom = w.readFrom.Truncate(q.Interval)
	return w, w.check(q)
}

// check refuses more points than a read may have.
func (w *window) check(q *Query) error {
	if n := w.asOf.Sub(w.readFrom) / q.Interval; n > maxPoints {
		return fmt.Errorf("%w: field \"interval\" is %s, which makes %d points of the range shown and the training window; at most %d are allowed: choose a coarser interval or a shorter range",
			ErrInvalid, param.FormatDuration(q.Interval), n, maxPoints)
	}
	return nil
}

// whole lets the read cover the training window, and what trained states have not seen.
func (w *window) whole(q *Query) {
	w.brief = false
	w.readFrom = w.asOf.Add(-q.TrainingWindow).Truncate(q.Interval)
	if q.goesOn(w.asOf) {
		w.reach(q.trained.To)
	}
	w.reach(w.from)
}

// reach lets the read begin at t at the latest.
func (w *window) reach(t time.Time) {
	if t.Before(w.readFrom) {
		w.readFrom = t
	}
}

// fix notes the grid that was read.
func (w *window) fix(g series.Grid) {
	w.grid = g
	w.shown = min(max(g.Index(w.from), 0), g.Len)
}

// answerGrid gives the grid of the answer: what is shown of the past, then the steps ahead.
func (w *window) answerGrid(ahead int) (series.Grid, int) {
	past := w.grid.Len - w.shown
	g := w.grid.Slice(w.shown, w.grid.Len)
	g.Len += ahead
	return g, past
}
