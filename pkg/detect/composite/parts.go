package composite

import (
	"context"
	"math"

	"github.com/forewarn/earlywarning/pkg/order"
)

const (
	smoothed   = 10   // points whose mean counts half: what lasts is more than what flickers
	outerShare = 0.99 // quantile of the history that a distance is measured by
	// What nine in ten of the history's points keep to, and how many times that the quantile above may be: a history that holds an
	// incident does not make the next one usual.
	mostlyShare = 0.9
	outerMost   = 3.0
	// outerTimes is how far beyond that quantile the score is 1. Distances die out about exponentially, so that a multiple of the limit is
	// one of the p-value's logarithm.
	outerTimes = 2
)

// part is one view of how far the signals are from usual. It takes the points one after the other, from the first on.
type part interface {
	// next gives the distance of point i, and what it were without regard to the points before.
	next(i int) (distance, now float64)
	// contributions adds each signal's part of the newest distance to out, weight in all.
	contributions(weight float64, out []float64)
}

// view is a part with the units that its distances are measured in, and those of the history from learn on.
type view struct {
	part      part
	unit, now float64
	past      []float64
}

// lasts is how many times as far out as the newest point is what lasted may be: an incident ends soon after its signals are back.
const lasts = 3

func (v *view) next(i int) float64 {
	d, now := v.part.next(i)
	return min(d/v.unit, lasts*now/v.now)
}

// views look at the signals from several sides; fewer where the history is too short for one. level are the signals, own the
// same without their seasons.
func views(ctx context.Context, method string, level, own [][]float64, learn, from int) (out []view, err error) {
	var parts []part
	add := func(s *spread, ok bool) {
		if ok {
			parts = append(parts, s)
		}
	}
	switch method {
	case Mahalanobis:
		add(mahalanobis(own, from))
	case PCA:
		add(components(own, from))
	case IsolationForest:
		t, err := isolation(ctx, own, from)
		if err != nil {
			return nil, err
		}
		if t != nil {
			parts = append(parts, t)
		}
	case Auto:
		add(mahalanobis(level, from))
		add(mahalanobis(own, from))
		add(mahalanobis(departures(own), from))
	}
	most := outerMost
	if method == IsolationForest {
		most = math.Inf(1) // its distances are powers: what is rarest is naturally far beyond the rest
	}
	for _, p := range parts {
		v := view{part: p, past: make([]float64, 0, from-learn)}
		nows := make([]float64, 0, from-learn)
		for i := range from {
			if i%4096 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if d, now := p.next(i); i >= learn {
				v.past, nows = append(v.past, d), append(nows, now)
			}
		}
		v.unit, v.now = outer(v.past, most), outer(nows, most)
		for i, d := range v.past {
			v.past[i] = min(d/v.unit, lasts*nows[i]/v.now)
		}
		out = append(out, v)
	}
	return out, nil
}

// outer is what 99 % of the values keep to, but at most so many times what 90 % do; 1 where that is nothing.
func outer(x []float64, times float64) float64 {
	known := make([]float64, 0, len(x))
	for _, v := range x {
		if !math.IsNaN(v) {
			known = append(known, v)
		}
	}
	if len(known) == 0 {
		return 1
	}
	unit := order.Pick(known, int(outerShare*float64(len(known)-1)))
	if most := times * order.Pick(known, int(mostlyShare*float64(len(known)-1))); most > 0 {
		unit = min(unit, most)
	}
	if unit > 0 {
		return unit
	}
	return 1
}
