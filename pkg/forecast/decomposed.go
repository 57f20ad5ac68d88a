package forecast

import (
	"context"
	"fmt"
	"slices"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

// mstlForecaster splits the series by MSTL over all its seasons, forecasts the seasonally adjusted series and adds the last
// cycle of each season.
type mstlForecaster struct {
	robust bool
	trend  string
}

func newMSTL(p param.Values) Forecaster {
	return mstlForecaster{robust: p.Bool("robust"), trend: p.String("trend")}
}

func (f mstlForecaster) Fit(ctx context.Context, in Input) (Model, error) {
	if err := needs("MSTL", in.Values, 5); err != nil {
		return nil, err
	}
	return fitAdjusted(ctx, in, f.robust, func(ctx context.Context, x []float64) (Model, error) {
		if f.trend == "theta" {
			return thetaForecaster{}.fit(ctx, x)
		}
		return fitETS(ctx, x, ets{trend: "auto"}.forms(0, len(x)))
	})
}

// fitAdjusted takes the seasons out, where there are any, and hands what is left to rest.
func fitAdjusted(ctx context.Context, in Input, robust bool, rest func(context.Context, []float64) (Model, error)) (Model, error) {
	if len(in.Periods) == 0 {
		return rest(ctx, in.Values)
	}
	d := in.decompose(robust)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	adjusted, err := rest(ctx, d.adjusted(in.Values))
	if err != nil {
		return nil, err
	}
	m := &seasonalModel{n: len(in.Values), split: d, adjusted: adjusted, fitted: slices.Clone(adjusted.Fitted())}
	for t := range m.fitted {
		m.fitted[t] += d.season(t)
	}
	return m, nil
}

// sharedSplit holds the decomposition of one input for the models that are compared on it, one after the other.
type sharedSplit struct{ made *decomposition }

func (in Input) decompose(robust bool) decomposition {
	if in.shared == nil || robust {
		return mstl(in.Values, usable(in.Periods, len(in.Values)), robust, in.work)
	}
	if in.shared.made == nil {
		d := mstl(in.Values, usable(in.Periods, len(in.Values)), false, in.work)
		in.shared.made = &d
	}
	return *in.shared.made
}

// usable keeps the periods of which the data hold two cycles.
func usable(periods []int, n int) []int {
	var out []int
	for _, m := range periods {
		if m >= 2 && 2*m <= n {
			out = append(out, m)
		}
	}
	return out
}

// seasonalModel adds the seasons of a decomposition to a model of the adjusted series.
type seasonalModel struct {
	n        int
	split    decomposition
	adjusted Model
	fitted   []float64
	cycled   bool // the split holds the last cycles alone, and n counts from their end
}

func (m *seasonalModel) Fitted() []float64 { return m.fitted }

func (m *seasonalModel) Forecast(h int) []float64 {
	out := m.adjusted.Forecast(h)
	for i := range out {
		out[i] += m.split.season(m.n + i)
	}
	return out
}

func (m *seasonalModel) Explain() map[string]float64 {
	out := m.adjusted.Explain()
	for i, p := range m.split.periods {
		all := m.split.seasons[i]
		lo, hi := series.Extent(all[len(all)-p:])
		out[fmt.Sprintf("season %d swing", p)] = hi - lo
	}
	return out
}

// fork keeps the last cycle of each season, which is all that a forecast needs.
func (m *seasonalModel) fork() Model {
	out := *m
	out.fitted, out.adjusted = nil, m.adjusted.fork()
	n := 0
	out.split = decomposition{periods: m.split.periods}
	for i, s := range m.split.seasons {
		n = len(s)
		last := s[len(s)-m.split.periods[i]:]
		if len(last) < len(s) {
			last = slices.Clone(last) // does not keep the rest of the season in memory
		}
		out.split.seasons = append(out.split.seasons, last)
	}
	// The point after the data is the first of each cycle.
	if out.n = m.n - n; m.cycled {
		out.n = m.n
	}
	out.cycled = true
	return &out
}

func (m *seasonalModel) next() float64 { return m.adjusted.next() + m.split.season(m.n) }

func (m *seasonalModel) push(v float64) {
	m.adjusted.push(v - m.split.season(m.n))
	m.n++
}

func (m *seasonalModel) encode(w *writer) {
	w.byte(kindSeasonal)
	w.uint(m.n)
	w.uint(len(m.split.seasons))
	for _, s := range m.split.seasons {
		w.floats(s)
	}
	m.adjusted.encode(w)
}

func decodeSeasonal(r *reader, depth int) Model {
	m := &seasonalModel{cycled: true, n: r.uint(mostPoints)}
	for range r.uint(16) {
		s := r.finites(mostPeriod)
		if len(s) == 0 {
			r.fail("a season is empty")
			return m
		}
		m.split.seasons, m.split.periods = append(m.split.seasons, s), append(m.split.periods, len(s))
	}
	m.adjusted = r.model(depth + 1)
	return m
}
