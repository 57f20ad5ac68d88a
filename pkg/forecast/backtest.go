package forecast

import (
	"context"
	"errors"
	"math"
)

// backtestPlan is a rolling-origin evaluation: from each origin the next horizon steps are forecast and compared (Tashman:
// "Out-of-sample tests of forecasting accuracy", International Journal of Forecasting 16, 2000).
type backtestPlan struct {
	origins []int // training lengths, newest first
	horizon int
}

const maxOrigins = 3

// planBacktest keeps at least half of the data, and two cycles of the longest season, for the oldest fit. It has no origin
// where that leaves no room.
func planBacktest(in Input, horizon int) backtestPlan {
	n := len(in.Values)
	least := max(n/2, 8)
	if k := len(in.Periods); k > 0 {
		least = max(least, 2*in.Periods[k-1])
	}
	// Where two cycles of a long season are all there is, the backtest judges the shorter seasons only.
	if least >= n && len(in.Periods) > 1 {
		least = max(n/2, 2*in.Periods[len(in.Periods)-2])
	}
	p := backtestPlan{horizon: min(horizon, max((n-least)*2/3, 0))}
	if p.horizon < 1 || n < 12 {
		return backtestPlan{}
	}
	stride := max(min(p.horizon/2, (n-p.horizon-least)/(maxOrigins-1)), 1)
	for k := range maxOrigins {
		if at := n - p.horizon - k*stride; at >= least {
			p.origins = append(p.origins, at)
		}
	}
	return p
}

// score is one candidate's backtest.
type score struct {
	mae    float64
	errors [][]float64 // actual minus forecast per origin and step
}

// run backtests every candidate and gives the index of the best: the one with the least mean absolute error, but the
// first (the seasonal-naive twin) unless it is beaten by at least one per cent. Without choose the last candidate, which the
// query asks for, is taken whatever its error.
func (p backtestPlan) run(ctx context.Context, in Input, candidates []candidate, choose bool) (best int, scores []score, err error) {
	if !choose {
		best = len(candidates) - 1
	}
	if len(p.origins) == 0 {
		return best, nil, nil
	}
	scores = make([]score, len(candidates))
	for _, n := range p.origins {
		part := in
		part.Values = in.Values[:n]
		part.Periods = usable(in.Periods, n)
		if len(candidates) > 2 && len(part.Periods) > 0 {
			split := mstl(part.Values, part.Periods, nil, false)
			part.split = &split
		}
		for i, c := range candidates {
			if err := ctx.Err(); err != nil {
				return 0, nil, err
			}
			errs, err := p.errors(ctx, in.Values, part, c)
			if err != nil {
				return 0, nil, err
			}
			scores[i].errors = append(scores[i].errors, errs)
		}
	}
	for i := range scores {
		scores[i].mae = maeOf(scores[i].errors)
		if choose && scores[i].mae < 0.99*scores[0].mae && (best == 0 || scores[i].mae < scores[best].mae) {
			best = i
		}
	}
	return best, scores, nil
}

func (p backtestPlan) errors(ctx context.Context, all []float64, part Input, c candidate) ([]float64, error) {
	out := nans(p.horizon)
	m, err := c.forecaster.Fit(ctx, part)
	if errors.Is(err, ErrTooShort) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	for h, f := range m.Forecast(p.horizon) {
		if out[h] = all[len(part.Values)+h] - f; math.IsInf(out[h], 0) {
			out[h] = math.NaN()
		}
	}
	return out, nil
}

func maeOf(rows [][]float64) float64 {
	sum, n := 0.0, 0
	for _, row := range rows {
		for _, e := range row {
			if !math.IsNaN(e) {
				sum += math.Abs(e)
				n++
			}
		}
	}
	if n == 0 {
		return math.Inf(1)
	}
	return sum / float64(n)
}
