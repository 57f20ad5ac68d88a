package forecast

import (
	"context"
	"errors"
	"math"
)

// backtestPlan is a rolling-origin evaluation: models are estimated on the data before the oldest origin and rolled on from
// origin to origin; at each the next horizon steps are forecast and compared (Tashman: "Out-of-sample tests of forecasting
// accuracy", International Journal of Forecasting 16, 2000). Recursive models learn on the way, others keep their coefficients.
type backtestPlan struct {
	origins []int // training lengths, ascending
	horizon int
}

// maxOrigins at a distance of the horizon, where the data allow it, give errors that do not tell of the same points twice.
const maxOrigins = 8

// planBacktest keeps at least half of the data, and two cycles of the longest season, for the fit. A season that would leave
// no room for a fair comparison (less than the horizon, and less than an eighth of the data) is left to the final fit: the
// backtest then judges without it, so its errors are too large rather than missing. It has no origin where even that leaves
// no room.
func planBacktest(in Input, horizon int) backtestPlan {
	n := len(in.Values)
	least := max(n/2, 8)
	for k := len(in.Periods) - 1; k >= 0; k-- {
		if with := max(least, 2*in.Periods[k]); n-with >= min(horizon, n/8) {
			least = with
			break
		}
	}
	p := backtestPlan{horizon: min(horizon, max((n-least)*2/3, 0))}
	if p.horizon < 1 || n < 12 {
		return backtestPlan{}
	}
	stride := max(min(p.horizon, (n-p.horizon-least)/(maxOrigins-1)), 1)
	for k := maxOrigins - 1; k >= 0; k-- {
		if at := n - p.horizon - k*stride; at >= least {
			p.origins = append(p.origins, at)
		}
	}
	return p
}

// learner is a Model that not only goes on with newer points, which follow directly on what it has seen, but learns from them
// at little cost.
type learner interface {
	learn(newer []float64)
}

// candidate is a model to compare.
type candidate struct {
	id         string
	forecaster Forecaster
	periods    []int // the seasons it is to use; nil = those of the input
}

func (c candidate) fit(ctx context.Context, in Input) (Model, error) {
	if c.periods != nil {
		in.Periods, in.shared = usable(c.periods, len(in.Values)), nil
	}
	return c.forecaster.Fit(ctx, in)
}

// score is one candidate's backtest; mae, near and far are +Inf where it could not be fitted.
type score struct {
	mae       float64
	near, far float64     // typical errors of the first and second half of the horizon
	forecasts [][]float64 // per origin and step
	errors    [][]float64 // actual minus forecast, NaN where the actual value is missing
}

// run backtests every candidate, or those at the front until it is late (nil = never); the others are then as if they could not
// be fitted.
func (p backtestPlan) run(ctx context.Context, in Input, candidates []candidate, late func() bool) (scores []score, tried int, err error) {
	if len(p.origins) == 0 {
		return nil, 0, nil
	}
	scores = make([]score, len(candidates))
	for i := range scores {
		scores[i].mae, scores[i].near, scores[i].far = math.Inf(1), math.Inf(1), math.Inf(1)
	}
	part := in
	part.Values = in.Values[:p.origins[0]]
	part.Periods = usable(in.Periods, p.origins[0])
	part.shared = &sharedSplit{}
	part.room = p.origins[len(p.origins)-1] - p.origins[0]
	for i, c := range candidates {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		if late != nil && i >= leastTried && late() {
			return scores, i, nil
		}
		m, err := c.fit(ctx, part)
		if err != nil && !errors.Is(err, ErrTooShort) {
			return nil, 0, err
		}
		if err == nil {
			scores[i] = p.roll(in.Values, m)
		}
	}
	return scores, len(candidates), nil
}

// leastTried is how many candidates are compared however late it is.
const leastTried = 3

// roll forecasts from each origin, moving m from one to the next.
func (p backtestPlan) roll(y []float64, m Model) (s score) {
	s.forecasts, s.errors = make([][]float64, len(p.origins)), make([][]float64, len(p.origins))
	for k, at := range p.origins {
		if k > 0 {
			goOn(m, y[p.origins[k-1]:at])
		}
		s.forecasts[k] = m.Forecast(p.horizon)
		s.errors[k] = misses(y[at:], s.forecasts[k])
	}
	s.mae = meanAbsolute(s.errors)
	s.near, s.far = halves(s.errors)
	return s
}

func (s score) nearError() float64 { return s.near }

func (s score) farError() float64 { return s.far }

// halves gives the typical errors of the first and second half of the horizon; where one is unknown, that of all steps.
func halves(errors [][]float64) (near, far float64) {
	first, second := make([][]float64, len(errors)), make([][]float64, len(errors))
	for k, row := range errors {
		middle := len(row) / 2
		first[k], second[k] = row[:max(middle, 1)], row[middle:]
	}
	near, far = typicalError(first), typicalError(second)
	if math.IsInf(near, 1) || math.IsInf(far, 1) {
		all := typicalError(errors)
		near, far = min(near, all), min(far, all)
	}
	return near, far
}

// goOn moves a model, which nobody else may be using, past newer points.
func goOn(m Model, newer []float64) {
	if l, ok := m.(learner); ok {
		l.learn(newer)
		return
	}
	for _, v := range newer {
		m.push(v)
	}
}

// misses gives actual minus forecast, NaN where it is not a finite number.
func misses(actual, forecast []float64) []float64 {
	out := make([]float64, len(forecast))
	for h, f := range forecast {
		if out[h] = actual[h] - f; math.IsInf(out[h], 0) {
			out[h] = math.NaN()
		}
	}
	return out
}

// meanAbsolute gives the mean absolute error; +Inf where none is known.
func meanAbsolute(rows [][]float64) float64 {
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

// typicalError gives the geometric mean over the rows of their mean absolute error, so that an incident in one of them does
// not decide; +Inf where none is known.
func typicalError(rows [][]float64) float64 {
	sum, n := 0.0, 0
	tiny := 1e-3 * meanAbsolute(rows)
	for _, row := range rows {
		if e := meanAbsolute([][]float64{row}); !math.IsInf(e, 1) {
			sum += math.Log(e + tiny)
			n++
		}
	}
	if n == 0 {
		return math.Inf(1)
	}
	return math.Exp(sum / float64(n))
}
