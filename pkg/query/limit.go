package query

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// Limit says where the threshold of a warning comes from, where it is no fixed value. The zero value says that it is one.
type Limit struct {
	Query    *source.Spec // its newest value is the threshold
	Capacity *source.Spec // the threshold is Threshold.Value per cent of its newest value
}

// limitWindow is how old a limit may be.
const limitWindow = 24 * time.Hour

// nameLabel is where Prometheus keeps the metric's name, which a limit never shares.
const nameLabel = "__name__"

// limits gives the threshold of a series; NaN where its query has none for it.
func (e *Engine) limits(ctx context.Context, q *Query, w *window, a *Answer) (func(series.Labels) float64, error) {
	fixed := 0.0
	if q.Threshold != nil {
		fixed = q.Threshold.Value
	}
	asked := q.WhatIf != nil && q.WhatIf.Capacity != nil
	spec, field, share := q.Limit.Query, "threshold.query", 1.0
	if q.Limit.Capacity != nil {
		spec, field, share = q.Limit.Capacity, "threshold.capacity", fixed/100
	}
	switch {
	case q.Type != Warning || spec == nil && !asked:
		return func(series.Labels) float64 { return fixed }, nil
	case asked:
		return func(series.Labels) float64 { return share * *q.WhatIf.Capacity }, nil
	}
	near := &window{readFrom: w.asOf.Add(-max(limitWindow, 2*q.Interval)).Truncate(q.Interval), asOf: w.asOf}
	set, err := e.read(ctx, q, near, *spec, a)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", field, err)
	}
	if len(set.Series) == 0 {
		a.Notices = append(a.Notices, series.Notice{Severity: series.Warning, Text: field + ": the source gives no series, so no time can be told"})
	}
	return func(labels series.Labels) float64 { return share * newestOf(set.Series, labels) }, nil
}

// Limits gives the threshold that the series of a warning query have as of a time; NaN for those without one.
func (e *Engine) Limits(ctx context.Context, q *Query, asOf time.Time) (func(series.Labels) float64, error) {
	return e.limits(ctx, q, &window{asOf: asOf.Truncate(q.Interval)}, &Answer{})
}

// newestOf gives the newest known value of the series whose labels, but for the metric's name, a series has all; of several, that with
// the most. The only series there is belongs to all.
func newestOf(all []series.Series, labels series.Labels) float64 {
	best, most := math.NaN(), -1
	for _, s := range all {
		n := shared(s.Labels, labels)
		if len(all) == 1 {
			n = max(n, 0)
		}
		if n <= most {
			continue
		}
		for i := len(s.Values) - 1; i >= 0; i-- {
			if !math.IsNaN(s.Values[i]) {
				best, most = s.Values[i], n
				break
			}
		}
	}
	return best
}

// shared counts the labels of a limit, all of which a series must have; -1 where it does not.
func shared(limit, labels series.Labels) (n int) {
	for k, v := range limit {
		switch have, ok := labels[k]; {
		case k == nameLabel:
		case !ok || have != v:
			return -1
		default:
			n++
		}
	}
	return n
}
