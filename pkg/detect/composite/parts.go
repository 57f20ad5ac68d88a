package composite

import (
	"context"
	"math"
	"slices"
)

const (
	smoothed   = 10   // points whose mean counts half: what lasts is more than what flickers
	outerShare = 0.99 // quantile of the history that a distance is measured by
	// outerTimes is how far beyond that quantile the score is 1 for DefaultAlarm. Distances die out about exponentially, so the limit grows
	// with the logarithm of the p-value.
	outerTimes = 1.75
)

// part is one view of how far the signals are from usual.
type part interface {
	distance(signals [][]float64, i int) float64
	// contributions adds each signal's part of the newest distance to out, weight in all.
	contributions(weight float64, out []float64)
}

// view is a part with its distances, in units of what 99 % of the history kept to.
type view struct {
	part    part
	signals [][]float64
	at      []float64
}

// views look at the signals from several sides; fewer where the history is too short for one.
func views(ctx context.Context, method string, signals [][]float64, learn, from int) (out []view, err error) {
	add := func(p part, signals [][]float64) {
		if p != nil {
			out = append(out, view{part: p, signals: signals})
		}
	}
	switch method {
	case Mahalanobis:
		add(mahalanobis(signals, from), signals)
	case PCA:
		add(components(signals, 0, from), signals)
	case IsolationForest:
		p, err := isolation(ctx, signals, 0, from)
		if err != nil {
			return nil, err
		}
		add(p, signals)
	case Auto:
		add(mahalanobis(signals, from), signals)
		now := departures(signals)
		add(mahalanobis(now, from), now)
	}
	for k := range out {
		v := &out[k]
		v.at = make([]float64, len(signals[0]))
		for i := range v.at {
			if i%4096 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			v.at[i] = math.NaN()
			if i >= learn {
				v.at[i] = v.part.distance(v.signals, i)
			}
		}
		inUnits(v.at, learn, from)
	}
	return out, nil
}

// inUnits divides by what 99 % of the history kept to.
func inUnits(x []float64, learn, from int) {
	known := make([]float64, 0, from-learn)
	for _, v := range x[learn:from] {
		if !math.IsNaN(v) {
			known = append(known, v)
		}
	}
	if len(known) == 0 {
		return
	}
	slices.Sort(known)
	unit := known[int(outerShare*float64(len(known)-1))]
	if unit <= 0 {
		unit = 1
	}
	for i := range x {
		x[i] /= unit
	}
}
