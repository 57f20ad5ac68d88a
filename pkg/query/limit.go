package query

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
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

// Thresholds are what one series is measured against in the course of time: a disk that was enlarged had another size before.
type Thresholds struct {
	fixed float64
	share float64 // of the values
	grid  series.Grid
	read  [][]float64 // of the series that it may come from, the best first; nil = fixed
}

// At gives the threshold as of a time: the newest value of a day at most; NaN where there is none. What was not recorded yet counts
// as it was first.
func (t Thresholds) At(at time.Time) float64 {
	if t.read == nil {
		return t.fixed
	}
	last := min(t.grid.Index(at.Add(-1)), t.grid.Len-1)
	oldest := max(t.grid.Index(at.Add(-limitWindow)), 0)
	for _, values := range t.read {
		for i := last; i >= oldest; i-- {
			if v := values[i]; !math.IsNaN(v) {
				return t.share * v
			}
		}
	}
	for _, values := range t.read {
		if k := slices.IndexFunc(values, func(v float64) bool { return !math.IsNaN(v) }); k > last {
			return t.share * values[k]
		}
	}
	return math.NaN()
}

// over gives the threshold at the end of each bucket; nil where it is a fixed one.
func (t Thresholds) over(g series.Grid) []float64 {
	if t.read == nil {
		return nil
	}
	out := make([]float64, g.Len)
	for i := range out {
		out[i] = t.At(g.Time(i + 1))
	}
	return out
}

// limits gives the thresholds of a series from a time on.
func (e *Engine) limits(ctx context.Context, q *Query, from, to time.Time, a *Answer) (func(series.Labels) Thresholds, error) {
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
		return func(series.Labels) Thresholds { return Thresholds{fixed: fixed} }, nil
	case asked:
		return func(series.Labels) Thresholds { return Thresholds{fixed: share * *q.WhatIf.Capacity} }, nil
	}
	near := &window{readFrom: from.Add(-max(limitWindow, 2*q.Interval)).Truncate(q.Interval), asOf: to}
	set, err := e.read(ctx, q, near, *spec, a)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", field, err)
	}
	if len(set.Series) == 0 {
		a.Notices = append(a.Notices, series.Notice{Severity: series.Warning, Text: field + ": the source gives no series, so no time can be told"})
	}
	return func(labels series.Labels) Thresholds {
		return Thresholds{share: share, grid: set.Grid, read: limitsOf(set.Series, labels)}
	}, nil
}

// Limits gives the thresholds of the series of a warning query between two times.
func (e *Engine) Limits(ctx context.Context, q *Query, from, to time.Time) (func(series.Labels) Thresholds, error) {
	return e.limits(ctx, q, from, to.Truncate(q.Interval), &Answer{})
}

// limitsOf gives the values of the series that a limit may come from, the best first.
func limitsOf(all []series.Series, labels series.Labels) [][]float64 {
	found := concerning(all, labels)
	out := make([][]float64, len(found))
	for i, s := range found {
		out[i] = s.Values
	}
	return out
}

// concerning gives those of another source's series whose labels, but for the metric's name, a series has all; those with the most first.
// The only series there is concerns all.
func concerning(all []series.Series, labels series.Labels) (found []series.Series) {
	for _, s := range all {
		if shared(s.Labels, labels) >= 0 || len(all) == 1 {
			found = append(found, s)
		}
	}
	slices.SortStableFunc(found, func(a, b series.Series) int { return cmp.Compare(shared(b.Labels, labels), shared(a.Labels, labels)) })
	return found
}

// shared counts the labels of another source's series, all of which a series must have; -1 where it does not.
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
