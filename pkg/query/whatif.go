package query

import (
	"fmt"
	"math"
	"time"
)

// WhatIf asks what a warning would say if things were different.
type WhatIf struct {
	Capacity *float64  // the threshold were this, or the capacity that it is a share of; nil = as it is
	Growth   float64   // it grew faster by this share, 0.2 = a fifth; -1 = not at all
	From     time.Time // from when on; zero = now
}

type wireWhatIf struct {
	Capacity *float64 `json:"capacity"`
	Growth   *float64 `json:"growth"` // per cent
	From     string   `json:"from"`
}

// mostGrowth bounds what may be asked, in per cent.
const mostGrowth = 1000

func (w *wire) whatIf(q *Query) error {
	a := w.WhatIf
	if a == nil {
		return nil
	}
	out := WhatIf{Capacity: a.Capacity}
	switch {
	case q.Type != Warning:
		return invalid("whatIf", "given", "only a warning query answers it")
	case q.Output == Hindcasts:
		return invalid("whatIf", "given with output hindcast", "another output: what would be was not so before")
	case a.Capacity == nil && a.Growth == nil:
		return invalid("whatIf", "empty", `an object such as {"capacity": 2000} or {"growth": 20, "from": "2026-03-01T00:00:00Z"}`)
	case a.Capacity != nil && (math.IsNaN(*a.Capacity) || math.IsInf(*a.Capacity, 0)):
		return invalid("whatIf.capacity", *a.Capacity, "a finite number")
	case a.From != "" && a.Growth == nil:
		return invalid("whatIf.from", fmt.Sprintf("%q", a.From), "given only with whatIf.growth, which begins then")
	}
	if a.Growth != nil {
		if !(*a.Growth >= -100 && *a.Growth <= mostGrowth) {
			return invalid("whatIf.growth", *a.Growth, fmt.Sprintf("-100 to %d per cent", mostGrowth))
		}
		if q.Model.Algorithm != "auto" && q.Model.Name == "" {
			return invalid("whatIf.growth", "given with model.algorithm "+q.Model.Algorithm, "the algorithm auto, whose futures have a growth to change")
		}
		out.Growth = *a.Growth / 100
	}
	if a.From != "" {
		at, err := time.Parse(time.RFC3339, a.From)
		if err != nil {
			return invalid("whatIf.from", fmt.Sprintf("%q", a.From), "a time such as 2026-03-01T00:00:00Z")
		}
		out.From = at
	}
	q.WhatIf = &out
	return nil
}

// limit reads where a warning's threshold comes from.
func (w *wire) limit(q *Query) error {
	t := w.Threshold
	if t == nil {
		return nil
	}
	q.Threshold = &t.Threshold
	q.Limit = Limit{Query: t.Query, Capacity: t.Capacity}
	switch {
	case t.Query == nil && t.Capacity == nil:
		return nil
	case q.Type != Warning:
		return invalid("threshold", "another query's", "a fixed value; only a warning query reads threshold.query and threshold.capacity")
	case t.Query != nil && t.Capacity != nil:
		return invalid("threshold", "both query and capacity", "one of the two")
	case t.Query != nil && t.Value != 0:
		return invalid("threshold.value", t.Value, "none beside threshold.query, whose newest value it is")
	case t.Capacity != nil && !(t.Value > 0):
		return invalid("threshold.value", t.Value, "the share of threshold.capacity in per cent, such as 90")
	case t.Query != nil:
		return checkSource("threshold.query", *t.Query)
	}
	return checkSource("threshold.capacity", *t.Capacity)
}
