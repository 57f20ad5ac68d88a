package detect

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

const (
	conformalMost  = 4096 // past errors that a p-value is taken from
	conformalLeast = 50
	conformalTail  = 0.05 // part of the errors that the tail beyond is learnt from
)

// residual compares each value with a forecast made before, at each refit for the time until the next. How far off is too far
// is what the forecast's own past errors say: the p-value of a point is the share of past errors at least as large, counting
// itself (split conformal prediction: Vovk, Gammerman, Shafer: Algorithmic learning in a random world, 2005), and beyond the
// largest past ones an exponential tail (peaks over threshold: Pickands, Ann. Stat. 3, 1975, with shape 0). The band's edge is
// where the p-value is alpha.
type residual struct {
	forecaster string
	refit      time.Duration
	window     time.Duration
	alpha      float64
}

func newResidual(p param.Values) Detector {
	return residual{p.String("forecaster"), p.Duration("refit"), p.Duration("window"), pick(p, "alpha", 1e-2, 1e-3, 1e-4)}
}

func (d residual) Detect(ctx context.Context, in Input) (Output, error) {
	out := blank(len(in.Values))
	a, err := forecast.Lookup(d.forecaster)
	if err != nil {
		return out, err
	}
	every, window := max(int(d.refit/in.Step), 1), max(int(d.window/in.Step), 2)
	errs := order.NewWindow(min(conformalMost, max(len(in.Values), 1)))
	var ahead []float64
	var periods []int
	half := math.NaN()
	out.P = make([]float64, len(in.Values))
	for i, v := range in.Values {
		at := i % every
		if at == 0 {
			if err := ctx.Err(); err != nil {
				return out, err
			}
			var found []int
			if ahead, found, err = d.ahead(ctx, a, in, max(i-window, 0), i, every); err != nil {
				return out, err
			}
			if !slices.Equal(found, periods) {
				// The errors made without a season say nothing of those made with it.
				periods, errs = found, order.NewWindow(errs.Size())
			}
			half = limit(errs, d.alpha)
		}
		out.P[i] = math.NaN()
		if at >= len(ahead) {
			continue
		}
		e := math.Abs(v - ahead[at])
		if i >= in.From {
			out.Periods = periods
			out.band(i, v, ahead[at], max(half, leastScale*math.Abs(ahead[at])))
			if !math.IsNaN(e) && !math.IsNaN(half) {
				out.P[i] = pValue(errs, e)
			}
		}
		errs.Push(e)
	}
	out.State = keeps(window, errs, ahead, periods, half)
	return out, nil
}

// ahead forecasts the steps from until on from the values before, and gives the seasons it used; nil where they are too few.
func (residual) ahead(ctx context.Context, a forecast.Algorithm, in Input, from, until, steps int) (mean []float64, periods []int, err error) {
	values := in.Values[from:until]
	if series.CountKnown(values) < max(a.MinPoints, leastKnown, steps) { // a forecast for longer than what it knows is a guess
		return nil, nil, nil
	}
	mean, periods, err = forecast.Expect(ctx, forecast.Input{Values: values, Step: in.Step, Start: in.grid().Time(from),
		Bounds: forecast.Bounds{Min: in.Min, Max: in.Max}, Zone: in.Calendar.Zone()}, forecast.Options{Algorithm: a.ID, Horizon: steps})
	if errors.Is(err, forecast.ErrTooShort) {
		return nil, nil, nil
	}
	return mean, periods, err
}

// tail gives the start of the largest errors and how fast they die out, from quantiles: incidents among them do not matter.
func tail(errs *order.Window) (start, decay float64) {
	start = errs.Quantile(1 - conformalTail)
	return start, (errs.Quantile(1-conformalTail/5) - start) / math.Log(5)
}

// limit is the error whose p-value is alpha; NaN while there are too few past errors.
func limit(errs *order.Window, alpha float64) float64 {
	n := len(errs.Sorted())
	if n < conformalLeast {
		return math.NaN()
	}
	if rank := int(math.Ceil(float64(n+1) * (1 - alpha))); rank <= n-5 {
		return errs.Sorted()[rank-1]
	}
	start, decay := tail(errs)
	return start + decay*math.Log(conformalTail/alpha)
}

// pValue is the share of past errors at least as large as e, counting it.
func pValue(errs *order.Window, e float64) float64 {
	n := len(errs.Sorted())
	if n < conformalLeast {
		return math.NaN()
	}
	larger := n - order.Rank(errs.Sorted(), e)
	if larger >= 5 {
		return float64(larger+1) / float64(n+1)
	}
	p := float64(larger+1) / float64(n+1)
	if start, decay := tail(errs); decay > 0 {
		p = min(p, max(conformalTail*math.Exp(-(e-start)/decay), math.SmallestNonzeroFloat64))
	}
	return p
}
