package forecast

import (
	"context"
	"fmt"

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
// states, in which additive errors are linear, are profiled out exactly by least squares. Where the seasons are long or several it is
// what mstlForecaster is with its defaults; the choice between additive and multiplicative then has no say.
type ets struct{ trend, errors, season string }

func newETS(p param.Values) Forecaster {
	return ets{p.String("trend"), p.String("errors"), p.String("season")}
}

func (e ets) Fit(ctx context.Context, in Input) (Model, error) {
	period, ok := e.ownSeason(in)
	if !ok {
		return fitAdjusted(ctx, in, false, func(ctx context.Context, x []float64) (Model, error) { return fitETS(ctx, x, e.forms(0, len(x))) })
	}
	if err := needs("exponential smoothing", in.Values, 5); err != nil {
		return nil, err
	}
	return e.best(ctx, in.Values, e.forms(period, len(in.Values)))
}

// best chooses by AICc: among the additive forms, and where all values are positive among those in shares of the level too.
func (e ets) best(ctx context.Context, y []float64, forms []etsForm) (Model, error) {
	var shapes []etsShape
	if lo, _ := series.Extent(y); lo > 0 && len(y) <= etsFamilyLongest {
		shapes = e.shapes(forms)
	}
	wanted := e.errors == "multiplicative" || e.season == "multiplicative"
	var best *etsModel
	for _, s := range shapes {
		if m := fitFamily(ctx, y, s); m != nil && (best == nil || m.aicc < best.aicc) {
			best = m
		}
	}
	if wanted && best != nil {
		return best, nil
	}
	m, err := fitETS(ctx, y, forms)
	if err == nil && best != nil && best.aicc < m.aicc {
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
	auto := e.trend == "auto"
	if auto || e.trend == "none" {
		out = append(out, etsForm{period: period})
	}
	if auto || e.trend == "linear" {
		out = append(out, etsForm{trend: true, period: period})
	}
	if auto && n >= 10 || e.trend == "damped" {
		out = append(out, etsForm{trend: true, damped: true, period: period})
	}
	return out
}

func fitETS(ctx context.Context, y []float64, forms []etsForm) (*etsModel, error) {
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
