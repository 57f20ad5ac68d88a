package forecast

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

const (
	// etsSegment is how many of the newest points the smoothing parameters are estimated from: older points hardly move
	// them, and the cost grows with each.
	etsSegment = 300
	// etsLongestSeason is the longest season with a state of its own; longer ones are taken out by decomposition first,
	// which on hourly data is closer and ten times faster than estimating 24 initial states.
	etsLongestSeason = 12
	// etsFamilyLongest is the longest series for which models in shares of the level are estimated.
	etsFamilyLongest = 1000
	// etsWantedSeason is the longest season with a state of its own where the query asks for its kind.
	etsWantedSeason = 24
)

// ets is exponential smoothing with additive errors: no, linear or damped trend, and an additive season, chosen by AICc
// (Hyndman, Koehler, Snyder, Grose: "A state space framework for automatic forecasting using exponential smoothing methods",
// International Journal of Forecasting 18, 2002). Parameters are maximum likelihood within the usual region; the initial
// states, in which additive errors are linear, are profiled out exactly by least squares.
type ets struct{ trend, errors, season string }

func newETS(p param.Values) Forecaster {
	return ets{p.String("trend"), p.String("errors"), p.String("season")}
}

func (e ets) Fit(ctx context.Context, in Input) (Model, error) {
	if n := series.CountKnown(in.Values); n < 5 {
		return nil, fmt.Errorf("%w: exponential smoothing has %d known values and needs 5", ErrTooShort, n)
	}
	period, ok := e.ownSeason(in)
	if !ok {
		return fitDecomposed(ctx, in, func(ctx context.Context, x []float64) (Model, error) { return fitETS(ctx, x, e.forms(0, len(x))) })
	}
	return e.best(ctx, in.Values, e.forms(period, len(in.Values)))
}

// best chooses by AICc: among the additive forms, and where all values are positive among those in shares of the level too.
func (e ets) best(ctx context.Context, y []float64, forms []etsForm) (Model, error) {
	var shapes []etsShape
	if lo, _ := spread(y); lo > 0 && len(y) <= etsFamilyLongest {
		shapes = e.shapes(forms)
	}
	wanted := e.errors == "multiplicative" || e.season == "multiplicative"
	var best *etsFamily
	for _, s := range shapes {
		if m := fitFamily(ctx, y, s); m != nil && (best == nil || m.aicc < best.aicc) {
			best = m
		}
	}
	if wanted && best != nil {
		return best, nil
	}
	m, err := fitETS(ctx, y, forms)
	if err == nil && best != nil && best.aicc < m.(*etsModel).aicc {
		return best, nil
	}
	return m, err
}

// ownSeason tells whether the season is short enough to be a state, and how long it is.
func (e ets) ownSeason(in Input) (period int, ok bool) {
	longest := etsLongestSeason
	if e.season == "additive" || e.season == "multiplicative" {
		longest = etsWantedSeason
	}
	switch {
	case len(in.Periods) == 0:
		return 0, true
	case len(in.Periods) == 1 && in.Periods[0] <= longest && len(in.Values) <= etsFamilyLongest:
		return in.Periods[0], true
	}
	return 0, false
}

// forms lists the models that AICc chooses from.
func (e ets) forms(period, n int) []etsForm {
	var out []etsForm
	if e.trend == "none" || e.trend == "auto" || e.trend == "" {
		out = append(out, etsForm{period: period})
	}
	if e.trend == "linear" || e.trend == "auto" || e.trend == "" {
		out = append(out, etsForm{trend: true, period: period})
	}
	if e.trend == "damped" || (e.trend == "auto" || e.trend == "") && n >= 10 {
		out = append(out, etsForm{trend: true, damped: true, period: period})
	}
	return out
}

type etsModel struct {
	form   etsForm
	params etsParams
	state  etsState
	fitted []float64
	sse    float64
	aicc   float64
	x0     []float64
}

func (m *etsModel) Fitted() []float64 { return m.fitted }

// Update filters on with the estimated parameters.
func (m *etsModel) Update(newer []float64) Model {
	out := *m
	out.state.season = slices.Clone(m.state.season)
	for _, v := range newer {
		out.state.step(v, m.params)
	}
	return &out
}

func (m *etsModel) Forecast(h int) []float64 { return m.state.ahead(h, m.params.phi) }

func (m *etsModel) Explain() map[string]float64 {
	out := map[string]float64{"alpha": m.params.alpha, "aicc": m.aicc, "level": m.state.level}
	if m.form.trend {
		out["beta"], out["phi"], out["slope"] = m.params.beta, m.params.phi, m.state.slope
	}
	if m.form.period > 0 {
		out["gamma"], out["period"] = m.params.gamma, float64(m.form.period)
	}
	return out
}

func fitETS(ctx context.Context, y []float64, forms []etsForm) (Model, error) {
	var best *etsModel
	for _, f := range forms {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if m := estimate(y, f); m != nil && (best == nil || m.aicc < best.aicc) {
			best = m
		}
	}
	if best == nil {
		return nil, fmt.Errorf("%w: %d known values do not determine any exponential smoothing model", ErrTooShort, series.CountKnown(y))
	}
	return best, nil
}

// run filters the whole series: before the segment backwards in level only, so that early fitted values exist as well.
func (m *etsModel) run(y []float64, start int) {
	m.fitted = series.Missing(len(y))
	if start > 0 {
		var warm etsState
		x0 := make([]float64, m.form.states())
		for _, v := range y {
			if !math.IsNaN(v) {
				x0[0] = v
				break
			}
		}
		warm.load(x0, m.form)
		for i, v := range y[:start] {
			m.fitted[i], _ = warm.step(v, m.params)
		}
	}
	m.state.load(m.x0, m.form)
	for i, v := range y[start:] {
		m.fitted[start+i], _ = m.state.step(v, m.params)
	}
}
