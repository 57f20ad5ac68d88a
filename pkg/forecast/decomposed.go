package forecast

import (
	"context"
	"fmt"

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
	rest := func(ctx context.Context, x []float64) (Model, error) {
		if f.trend == "theta" {
			return thetaForecaster{dynamic: true}.fit(ctx, x)
		}
		return fitETS(ctx, x, ets{trend: "auto"}.forms(0, len(x)))
	}
	if n := series.CountKnown(in.Values); n < 5 {
		return nil, fmt.Errorf("%w: MSTL has %d known values and needs 5", ErrTooShort, n)
	}
	if len(in.Periods) == 0 {
		return rest(ctx, in.Values)
	}
	return fitSplit(ctx, in, f.robust, rest)
}

// fitDecomposed is what other algorithms use for seasons that they have no state for.
func fitDecomposed(ctx context.Context, in Input, rest func(context.Context, []float64) (Model, error)) (Model, error) {
	return fitSplit(ctx, in, false, rest)
}

func fitSplit(ctx context.Context, in Input, robust bool, rest func(context.Context, []float64) (Model, error)) (Model, error) {
	d := in.decompose(robust)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	adjusted, err := rest(ctx, d.adjusted(in.Values))
	if err != nil {
		return nil, err
	}
	m := &seasonalModel{n: len(in.Values), split: d, adjusted: adjusted}
	m.fitted = append([]float64(nil), adjusted.Fitted()...)
	for t := range m.fitted {
		m.fitted[t] += d.season(t)
	}
	return m, nil
}

// sharedSplit holds the decomposition of one input for the models that are compared on it, one after the other.
type sharedSplit struct{ made *decomposition }

func (in Input) decompose(robust bool) decomposition {
	if in.shared == nil || robust {
		return mstl(in.Values, usable(in.Periods, len(in.Values)), robust)
	}
	if in.shared.made == nil {
		d := mstl(in.Values, usable(in.Periods, len(in.Values)), false)
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

// Update takes the season out of newer points and hands them to the model of the rest.
func (m *seasonalModel) Update(newer []float64) Model {
	out := *m
	rest := make([]float64, len(newer))
	for i, v := range newer {
		rest[i] = v - m.split.season(m.n+i)
	}
	if u, ok := m.adjusted.(Updater); ok {
		out.adjusted = u.Update(rest)
	}
	out.n += len(newer)
	return &out
}

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
		lo, hi := spread(all[len(all)-p:])
		out[fmt.Sprintf("season %d swing", p)] = hi - lo
	}
	return out
}
