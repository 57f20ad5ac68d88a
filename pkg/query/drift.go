package query

import (
	"context"
	"slices"
)

// Drift goes on with a trained version to now and tells how far its errors have grown: the median over the series (0 = as in
// training), how many of those seen are due for a refit, and why the first is.
func (e *Engine) Drift(ctx context.Context, t *Trained, like *Query) (grown float64, due, seen int, why string, err error) {
	q := *like
	q.trained, q.Type = t, Forecast
	now := e.now().Truncate(q.Interval)
	if !q.goesOn(now) || like.Type == Composite {
		return 0, 0, 0, "", nil
	}
	w := &window{from: now.Add(-q.Interval), asOf: now, readFrom: t.To}
	set, err := e.read(ctx, &q, w, q.Source, &Answer{})
	if err != nil {
		return 0, 0, 0, "", err
	}
	w.fix(set.Grid)
	var all []float64
	for _, s := range set.Series {
		kept := q.stateOf(s, now)
		if kept == nil {
			continue
		}
		state := e.advance(&q, w, kept, s).state
		all = append(all, state.Drift())
		if text, is := state.RefitDue(); is {
			if due++; why == "" {
				why = text
			}
		}
		if ctx.Err() != nil {
			return 0, 0, 0, "", ctx.Err()
		}
	}
	if len(all) == 0 {
		return 0, 0, 0, "", nil
	}
	slices.Sort(all)
	return all[len(all)/2], due, len(all), why, nil
}
