package forecast

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/forewarn/earlywarning/pkg/param"
)

// Run fits a series and forecasts it with an interval. What is possible grows with the history: below 3 known points it
// refuses (ErrTooShort); with a few it repeats the last value; seasons need two cycles; a backtest, and with it `auto`,
// needs room for at least one held-out origin. The result says which of these held.
func Run(ctx context.Context, in Input, opt Options) (*Result, error) {
	if err := opt.check(in); err != nil {
		return nil, err
	}
	lead, err := in.clean()
	if err != nil {
		return nil, err
	}
	if in.Periods == nil {
		in.Periods = DetectPeriods(in.Values, in.Step)
	}
	in.Periods = usable(in.Periods, len(in.Values))
	r := &Result{Periods: in.Periods}
	if lo, hi := spread(in.Values); lo == hi {
		constant(in, opt, lo, r)
	} else if err := fit(ctx, in, opt, r); err != nil {
		return nil, err
	}
	r.keepInside(in.Bounds)
	r.pad(lead)
	return r, nil
}

func (o Options) check(in Input) error {
	if o.Horizon < 1 {
		return fmt.Errorf("%w: horizon is %d steps, at least 1 is needed", param.ErrInvalid, o.Horizon)
	}
	if !(o.Confidence >= 0.5 && o.Confidence <= 0.99) {
		return fmt.Errorf("%w: confidence is %v, 0.5 to 0.99 is needed", param.ErrInvalid, o.Confidence)
	}
	if in.Step <= 0 {
		return fmt.Errorf("%w: step is %s, a positive duration is needed", param.ErrInvalid, in.Step)
	}
	return nil
}

// clean copies the values with infinities as missing and without the missing values in front; it gives how many those are.
func (in *Input) clean() (lead int, err error) {
	x := make([]float64, len(in.Values))
	known := 0
	for i, v := range in.Values {
		if math.IsInf(v, 0) || math.Abs(v) > 1e150 {
			v = math.NaN() // its square would overflow
		}
		if x[i] = v; !math.IsNaN(v) {
			known++
		}
	}
	if known < 3 {
		return 0, fmt.Errorf("%w: the series has %d known values, a forecast needs at least 3", ErrTooShort, known)
	}
	for math.IsNaN(x[lead]) {
		lead++
	}
	in.Values = x[lead:]
	return lead, nil
}

func spread(x []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range x {
		if !math.IsNaN(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return lo, hi
}

// constant is the forecast of a series that never moved: it will not, and nothing is known of its spread.
func constant(in Input, opt Options, v float64, r *Result) {
	fill := func(n int, v float64) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = v
		}
		return out
	}
	n := len(in.Values)
	r.Algorithm, r.Why, r.Periods = "seasonal-naive", "The series is constant, so its value is repeated.", nil
	r.Fitted, r.FittedLower, r.FittedUpper = fill(n, v), fill(n, v), fill(n, v)
	r.Mean, r.Lower, r.Upper, r.Sigma = fill(opt.Horizon, v), fill(opt.Horizon, v), fill(opt.Horizon, v), fill(opt.Horizon, 0)
	r.Residuals = fill(n, 0)
}

// fit chooses the model, fits it to everything, and puts the interval around it.
func fit(ctx context.Context, in Input, opt Options, r *Result) error {
	candidates, err := opt.candidates(in)
	if err != nil {
		return err
	}
	plan := planBacktest(in, opt.Horizon)
	best, scores, err := plan.run(ctx, in, candidates, opt.Algorithm == Auto || opt.Algorithm == "")
	if err != nil {
		return err
	}
	chosen := candidates[best]
	model, err := chosen.forecaster.Fit(ctx, in)
	if errors.Is(err, ErrTooShort) && opt.Algorithm == Auto {
		chosen = candidates[0]
		model, err = chosen.forecaster.Fit(ctx, in)
	}
	if err != nil {
		return err
	}
	r.Algorithm, r.Explain = chosen.id, model.Explain()
	r.Why = why(opt, chosen.id, scores, best, plan)
	r.Fitted, r.Mean = model.Fitted(), model.Forecast(opt.Horizon)
	r.Residuals = make([]float64, len(in.Values))
	for i, v := range in.Values {
		r.Residuals[i] = v - r.Fitted[i]
	}
	if !finite(r.Mean) {
		return fmt.Errorf("forecast: %s gave a value that is not finite", chosen.id)
	}
	if scores != nil {
		r.Errors = scores[best].errors
		r.Backtest = Backtest{Origins: len(r.Errors), MAE: scores[best].mae, SeasonalNaive: scores[0].mae}
	} else {
		r.Notices = append(r.Notices, fmt.Sprintf("%d known points are too few for a backtest: the band rests on how well the model fitted", knownCount(in.Values)))
	}
	r.interval(opt)
	return nil
}

type candidate struct {
	id         string
	forecaster Forecaster
}

// candidates lists the models to compare; the first is always the seasonal-naive twin.
func (o Options) candidates(in Input) ([]candidate, error) {
	twin := candidate{"seasonal-naive", seasonalNaive{}}
	if o.Algorithm == Auto || o.Algorithm == "" {
		if knownCount(in.Values) < 10 {
			return []candidate{twin}, nil
		}
		out := []candidate{twin, {"ets", ets{trend: "auto"}}, {"theta", thetaForecaster{dynamic: true}}, {"linear", linear{}}}
		if _, own := ownSeason(in); !own {
			// For long seasons both would rest on the same decomposition and differ little: one of them, the cheaper.
			return []candidate{twin, {"mstl", mstlForecaster{trend: "theta"}}, {"linear", linear{}}}, nil
		}
		return out, nil
	}
	a, err := Lookup(o.Algorithm)
	if err != nil {
		return nil, err
	}
	p, err := param.Parse(a.Params, o.Params)
	if err != nil {
		return nil, err
	}
	if a.ID == twin.id {
		return []candidate{twin}, nil
	}
	return []candidate{twin, {a.ID, a.New(p)}}, nil
}

// why puts the choice in one sentence.
func why(opt Options, id string, scores []score, best int, plan backtestPlan) string {
	if opt.Algorithm != Auto && opt.Algorithm != "" {
		return "The query asks for this algorithm."
	}
	if scores == nil {
		return "Too little history to compare models, so the simplest is used."
	}
	if best == 0 {
		return fmt.Sprintf("No model was closer than repeating the last cycle on %d held-out stretches.", len(plan.origins))
	}
	gain := 100 * (1 - scores[best].mae/scores[0].mae)
	return fmt.Sprintf("On %d held-out stretches %s was %.0f %% closer than repeating the last cycle.", len(plan.origins), id, gain)
}

func finite(x []float64) bool {
	for _, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}
