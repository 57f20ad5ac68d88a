package forecast

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/floats"

	"github.com/forewarn/earlywarning/pkg/series"
)

// combination is the weighted and trimmed mean of a pool of models, each weighted by the inverse cube of its typical error in
// a rolling-origin backtest (weights by inverse errors: Bates and Granger, "The combination of forecasts", Operational Research
// Quarterly 20, 1969; between median and mean: Jose and Winkler, "Simple robust averages of forecasts", International Journal of
// Forecasting 24, 2008). The errors of the horizon's first half tell the weights at its first step, those of the second half at its last.
// Long forecasts in small steps are made from means of several steps and refined; see coarsening and detail.
type combination struct {
	horizon int
	late    func() bool // tells that the time for comparing has passed; nil = there is no limit
}

// comparing is how long members are compared for one series, by the wall clock: many times what four weeks of minutes take as a
// whole (BenchmarkRunAuto40320). Those that are kept are then fitted to all of the data.
const comparing = time.Second

// farBehind is the multiple of the best model's error from which a model has no say.
const farBehind = 2

// sharpness is the power of the typical error with which weights fall.
const sharpness = 3

func (f combination) Fit(ctx context.Context, in Input) (Model, error) {
	q := coarsening(in, f.horizon)
	coarse := in.coarsen(q)
	plan := planBacktest(coarse, (f.horizon+q-1)/q)
	members := pool(coarse)
	scores, tried, err := plan.run(ctx, coarse, members, f.late)
	if err != nil {
		return nil, err
	}
	near, far := weights(scores, score.nearError), weights(scores, score.farError)
	if near == nil {
		return nil, fmt.Errorf("%w: %d known values leave no room for a backtest", ErrTooShort, series.CountKnown(in.Values))
	}
	m := &combinedModel{q: q, models: make([]Model, 0, len(members)), period: in.dayOrLess(), shares: shares{over: plan.horizon}, untried: len(members) - tried}
	coarse.shared = &sharedSplit{}
	var kept []score
	for i, c := range members {
		if near[i] == 0 && far[i] == 0 {
			continue
		}
		fitted, err := c.fit(ctx, coarse)
		if errors.Is(err, ErrTooShort) {
			continue // what it could tell from fewer points, it cannot from all
		}
		if err != nil {
			return nil, err
		}
		m.models, m.ids = append(m.models, fitted), append(m.ids, c.id)
		m.shares.add(near[i], far[i])
		kept = append(kept, scores[i])
	}
	if len(m.models) == 0 {
		return nil, fmt.Errorf("%w: %d known values determine no model", ErrTooShort, series.CountKnown(in.Values))
	}
	m.shares.even()
	m.test(in.Values, len(in.Values)-q*len(coarse.Values), plan, kept)
	m.detail = newDetail(in.Values, q, m.period)
	m.n, m.tail = len(in.Values), slices.Clone(in.Values[len(in.Values)-q:])
	m.fitted = oneStep(ctx, in)
	return m, nil
}

// weights gives each model its share by a typical error; nil where no model has one.
func weights(scores []score, typical func(score) float64) []float64 {
	best := math.Inf(1)
	for _, s := range scores {
		best = min(best, typical(s))
	}
	if math.IsInf(best, 1) {
		return nil
	}
	out, sum := make([]float64, len(scores)), 0.0
	for i, s := range scores {
		if e := typical(s); e <= farBehind*best {
			out[i] = 1
			if e > 0 {
				out[i] = math.Pow(best/e, sharpness)
			}
			sum += out[i]
		}
	}
	floats.Scale(1/sum, out)
	return out
}

// test puts the members' backtests together to that of the combination, in single steps. Lead is the number of values
// before the first whole mean.
func (c *combinedModel) test(y []float64, lead int, plan backtestPlan, members []score) {
	first := lead + c.q*plan.origins[0]
	d := newDetail(y[:first], c.q, c.period)
	rows := make([][]float64, len(members))
	for k, at := range plan.origins {
		for i, s := range members {
			rows[i] = s.forecasts[k]
		}
		origin := lead + c.q*at
		row := d.refine(c.shares.blend(rows), origin, y[origin-c.q:origin], c.q*plan.horizon)
		c.origins, c.errors = append(c.origins, origin), append(c.errors, misses(y[origin:], row))
	}
}
