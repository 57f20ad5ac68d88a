package forecast

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

// twinID is the model that every other one must beat.
const twinID = "seasonal-naive"

// fit makes the model that the options ask for and compares it with its twin; with auto the twin is used where the model does
// not beat it. Then it puts the interval around the forecast.
func fit(ctx context.Context, in Input, opt Options, r *Result) error {
	c, err := opt.forecaster()
	if err != nil {
		return err
	}
	auto, stopped := opt.automatic(), 0
	if auto {
		if stopped = stoppedFor(in); stopped > 0 {
			c = candidate{id: "naive", forecaster: seasonalNaive{}, periods: []int{}}
		}
	}
	f, err := tested(ctx, in, opt.Horizon, c)
	unfit := errors.Is(err, ErrTooShort) || err == nil && !finite(f.mean)
	beaten := err == nil && f.twin.mae < math.Inf(1) && f.own.mae >= f.twin.mae
	switch {
	case stopped > 0 && err == nil:
		r.Why = fmt.Sprintf("The last %d values are equal, far longer than ever before: the metric has stopped, so its value is repeated.", stopped)
		r.Notices = append(r.Notices, r.Why)
	case auto && (unfit || beaten):
		r.Why = "Too little history to compare models, so the last cycle is repeated."
		if !unfit {
			r.Why = fmt.Sprintf("No model was closer than repeating the last cycle on %d held-out stretches.", len(f.origins))
		}
		r.Notices = append(r.Notices, r.Why)
		if f, err = tested(ctx, in, opt.Horizon, candidate{id: twinID, forecaster: seasonalNaive{}}); err != nil {
			return err
		}
	case err != nil:
		return err
	case auto:
		r.Why = fmt.Sprintf("On %d held-out stretches %s was %.0f %% closer than repeating the last cycle.", len(f.origins),
			describe(f.model), 100*(1-f.own.mae/f.twin.mae))
	default:
		r.Why = "The query asks for this algorithm."
	}
	if err := finiteOr(f.mean, f.id); err != nil {
		return err
	}
	f.tell(in, r)
	r.interval(in, opt)
	return nil
}

func (o Options) automatic() bool { return o.Algorithm == Auto || o.Algorithm == "" }

// combines tells whether a combination is asked for.
func (o Options) combines() bool {
	return o.automatic() || o.Algorithm == combinationID
}

// forecaster gives the model asked for.
func (o Options) forecaster() (candidate, error) {
	id := o.Algorithm
	if o.automatic() {
		id = combinationID
	}
	a, err := Lookup(id)
	if err != nil {
		return candidate{}, err
	}
	p, err := param.Parse(a.Params, o.Params)
	if err != nil {
		return candidate{}, err
	}
	return candidate{id: a.ID, forecaster: a.New(p)}, nil
}

// trial is a fitted model with its backtest and that of its twin.
type trial struct {
	id        string
	model     Model
	mean      []float64
	origins   []int
	own, twin score
}

func tested(ctx context.Context, in Input, horizon int, c candidate) (t trial, err error) {
	t.id = c.id
	if t.model, err = c.at(horizon).fit(ctx, in); err != nil {
		return t, err
	}
	t.mean = t.model.Forecast(horizon)
	plan := planBacktest(in, horizon)
	compared := []candidate{{id: twinID, forecaster: seasonalNaive{}}, c}
	if m, ok := t.model.(*combinedModel); ok {
		// It has backtested itself: only its twin is missing, on the same stretches.
		plan = backtestPlan{m.origins, len(m.errors[0])}
		compared = compared[:1]
		t.own = score{mae: meanAbsolute(m.errors), errors: m.errors}
	}
	scores, _, err := plan.run(ctx, in, compared, nil)
	if err != nil || scores == nil {
		t.own.mae, t.twin.mae = math.NaN(), math.NaN()
		return t, err
	}
	t.origins, t.twin = plan.origins, scores[0]
	if len(scores) > 1 {
		t.own = scores[1]
	}
	return t, nil
}

// at gives the candidate for forecasts of so many steps; a combination's time for comparing begins.
func (c candidate) at(horizon int) candidate {
	if f, ok := c.forecaster.(combination); ok {
		begin := time.Now()
		f.horizon, f.late = horizon, func() bool { return time.Since(begin) > comparing }
		c.forecaster = f
	}
	return c
}

// finiteOr says of a forecast that is no number who made it.
func finiteOr(mean []float64, id string) error {
	if !finite(mean) {
		return fmt.Errorf("forecast: %s gave a value that is not finite", id)
	}
	return nil
}

// tell writes what is known before the interval into the result.
func (t trial) tell(in Input, r *Result) {
	r.Algorithm, r.Explain, r.model = t.id, t.model.Explain(), t.model
	r.Fitted, r.Mean = t.model.Fitted(), t.mean
	r.Residuals = make([]float64, len(in.Values))
	for i, v := range in.Values {
		r.Residuals[i] = v - r.Fitted[i]
	}
	r.Errors = make([][]float64, len(t.own.errors))
	for i, row := range t.own.errors {
		r.Errors[i] = row[:min(len(row), len(r.Mean))] // a combination of means may look a little further ahead than asked
	}
	if m, ok := t.model.(*combinedModel); ok && m.untried > 0 {
		r.Notices = append(r.Notices, fmt.Sprintf("comparing models took longer than %g s: %d of them were left out", comparing.Seconds(), m.untried))
	}
	if len(r.Errors) > 0 {
		r.Backtest = Backtest{Origins: len(r.Errors), MAE: t.own.mae, SeasonalNaive: t.twin.mae}
	} else {
		r.Notices = append(r.Notices, fmt.Sprintf("%d known points are too few for a backtest: the band rests on how well the model fitted", series.CountKnown(in.Values)))
	}
}

// describe names a combination's models with the most say.
func describe(m Model) string {
	c, ok := m.(*combinedModel)
	if !ok {
		return "the model"
	}
	share := map[string]float64{}
	for i, id := range c.ids {
		share[id] += c.shares.of(i)
	}
	var ids []string
	for id := range share {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(share[b], share[a]), cmp.Compare(a, b))
	})
	return fmt.Sprintf("the combination of %d models (foremost %s)", len(c.ids), strings.Join(ids[:min(2, len(ids))], " and "))
}
