package forecast

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

// seasonalNaive repeats the last cycle of the longest season, or the last value where there is no season, with the mean
// change per step added where drift is set (Hyndman, Athanasopoulos: "Forecasting: principles and practice", 3rd ed., section
// 5.2). It is the twin every other model must beat.
type seasonalNaive struct{ drift bool }

func newSeasonalNaive(p param.Values) Forecaster { return seasonalNaive{p.Bool("drift")} }

func (s seasonalNaive) Fit(_ context.Context, in Input) (Model, error) {
	first := slices.IndexFunc(in.Values, func(v float64) bool { return !math.IsNaN(v) })
	if first < 0 {
		return nil, fmt.Errorf("%w: the series has no known value, at least 1 is needed", ErrTooShort)
	}
	m := 1
	if k := len(in.Periods); k > 0 {
		m = in.Periods[k-1]
	}
	f := &naiveModel{period: m, fitted: series.Missing(len(in.Values)), cycle: series.Missing(m)}
	last := first
	for i, v := range in.Values {
		slot := i % m
		f.fitted[i] = f.cycle[slot]
		if !math.IsNaN(v) {
			f.cycle[slot], last = v, i
		}
	}
	for k, v := range f.cycle {
		if math.IsNaN(v) {
			f.cycle[k] = in.Values[last]
		}
	}
	f.at = len(in.Values) % m
	if s.drift && m == 1 && last > first {
		f.slope = (in.Values[last] - in.Values[first]) / float64(last-first)
		f.since = len(in.Values) - 1 - last
		for i := range f.fitted {
			f.fitted[i] += f.slope
		}
	}
	return f, nil
}

// withoutSeason gives a forecaster that does not look at seasons.
type withoutSeason struct{ Forecaster }

func newNaive(param.Values) Forecaster { return withoutSeason{seasonalNaive{}} }

func newDrift(param.Values) Forecaster { return withoutSeason{seasonalNaive{drift: true}} }

func (f withoutSeason) Fit(ctx context.Context, in Input) (Model, error) {
	in.Periods, in.seasons, in.shared = []int{}, nil, nil
	return f.Forecaster.Fit(ctx, in)
}

type naiveModel struct {
	period, at int
	fitted     []float64
	cycle      []float64 // last known value of each phase
	slope      float64   // per step, without a season only
	since      int       // steps since the last known value
}

func (f *naiveModel) Fitted() []float64 { return f.fitted }

func (f *naiveModel) Forecast(h int) []float64 {
	out := make([]float64, h)
	for i := range out {
		out[i] = f.cycle[(f.at+i)%f.period] + f.slope*float64(f.since+i+1)
	}
	return out
}

func (f *naiveModel) Explain() map[string]float64 {
	return map[string]float64{"period": float64(f.period), "slope": f.slope}
}

func (f *naiveModel) fork() Model {
	out := *f
	out.cycle, out.fitted = slices.Clone(f.cycle), nil
	return &out
}

func (f *naiveModel) next() float64 { return f.cycle[f.at] + f.slope*float64(f.since+1) }

func (f *naiveModel) push(v float64) {
	f.since++
	if !math.IsNaN(v) {
		f.cycle[f.at], f.since = v, 0
	}
	if f.at++; f.at == f.period {
		f.at = 0
	}
}

func (f *naiveModel) encode(w *writer) {
	w.byte(kindNaive)
	w.floats(slices.Concat(f.cycle[f.at:], f.cycle[:f.at]))
	w.float(f.slope)
	w.uint(f.since)
}

func decodeNaive(r *reader) Model {
	f := &naiveModel{cycle: r.finites(mostPeriod), slope: r.finite(), since: r.uint(mostPoints)}
	if f.period = len(f.cycle); f.period == 0 {
		r.fail("a cycle is empty")
	}
	return f
}
