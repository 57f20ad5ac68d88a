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
	p, err := param.Parse(a.Params, nil)
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
			first := max(i-window, 0)
			found := forecast.DetectPeriods(in.Values[first:i], in.Step)
			if !slices.Equal(found, periods) {
				// The errors made without a season say nothing of those made with it.
				periods, errs = found, order.NewWindow(errs.Size())
			}
			if ahead, err = d.ahead(ctx, a, p, in, first, i, every, periods); err != nil {
				return out, err
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
	return out, nil
}

// ahead forecasts the steps from until on from the values before; nil where they are too few.
func (residual) ahead(ctx context.Context, a forecast.Algorithm, p param.Values, in Input, from, until, steps int, periods []int) ([]float64, error) {
	known := 0
	for _, v := range in.Values[from:until] {
		if !math.IsNaN(v) {
			known++
		}
	}
	if known < max(a.MinPoints, leastKnown, steps) { // a forecast for longer than what it knows is a guess
		return nil, nil
	}
	start := in.grid().Time(from)
	model, err := a.New(p).Fit(ctx, forecast.Input{Values: in.Values[from:until], Step: in.Step, Start: start,
		Periods: periods, Bounds: forecast.Bounds{Min: in.Min, Max: in.Max}})
	if errors.Is(err, forecast.ErrTooShort) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return model.Forecast(steps), nil
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
