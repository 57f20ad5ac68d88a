package forecast

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/series"
)

// interval puts the band around fitted values and forecast. Sigma, the spread ahead, is that of the backtest's errors: root
// mean square over the origins and neighbouring steps, not falling with the step by more than 2 %, widened for there being
// few origins, and brought towards the size of the newest ones. Without a backtest it grows with the square root of the step from
// the in-sample errors.
func (r *Result) interval(in Input, opt Options) {
	floor := rms(r.Residuals)
	r.reach = reachOf(in)
	about := r.judge(floor)
	r.Lower, r.Upper = r.Band(opt.Confidence)
	q := withinSample(r.Residuals, opt.Confidence)
	r.FittedLower, r.FittedUpper = make([]float64, len(r.Fitted)), make([]float64, len(r.Fitted))
	for i, f := range r.Fitted {
		r.FittedLower[i], r.FittedUpper[i] = f-q, f+q
	}
	below, above := r.halfWidths(opt.Confidence)
	r.Backtest.Coverage = leaveOneOut(r.Errors, about, floor, below, above)
}

// judge learns the spread ahead and the band's form from the backtest's errors, of which it gives the windows; floor is the spread of
// one step without them.
func (r *Result) judge(floor float64) *windows {
	about := windowsOf(r.Errors)
	r.Sigma = spreadAhead(r.Errors, -1, floor, make([]float64, len(r.Mean)), about)
	r.shape = r.conform()
	floats.Scale(newestSize(r.Errors, r.shape.persistence), r.Sigma)
	return about
}

// Band gives the interval of the forecast at another confidence, 0.5 to 0.99, inside the metric's bounds. Its ends are conformal
// (see conform), pooled over the steps. They stay near the range that the series has had, but never nearer to the forecast than
// half their distance.
func (r *Result) Band(confidence float64) (lower, upper []float64) {
	lower, upper = make([]float64, len(r.Mean)), make([]float64, len(r.Mean))
	below, above := r.halfWidths(confidence)
	for h, f := range r.Mean {
		l, u := below*r.Sigma[h], above*r.Sigma[h]
		lower[h] = f - min(l, max(f-r.reach.lo, l/2))
		upper[h] = f + min(u, max(r.reach.hi-f, u/2))
	}
	r.bounds.clip(lower)
	r.bounds.clip(upper)
	return lower, upper
}

// reach is how far a series has been, and a little further.
type reach struct{ lo, hi float64 }

const (
	reachPoints = 504  // newest points that are looked at, or three cycles of the longest season
	reachTail   = 0.02 // share of the points at either end that tell what is beyond
	reachBeyond = 3    // mean distances of those from the rest that the band may go beyond
)

// reachOf goes beyond the range of the newest points by a multiple of the mean excess over a high quantile (Pickands: "Statistical
// inference using extreme order statistics", Annals of Statistics 3, 1975): little at a hard limit, more where the
// tail is long.
func reachOf(in Input) reach {
	n := reachPoints
	if k := len(in.Periods); k > 0 {
		n = max(n, 3*in.Periods[k-1])
	}
	x := known(newest(in.Values, n))
	k := max(int(reachTail*float64(len(x))), 1)
	if len(x) <= 2*k {
		return reach{math.Inf(-1), math.Inf(1)}
	}
	lo := order.Pick(x, k)
	hi := order.Pick(x[k:], len(x)-1-2*k)
	low, high := x[:k], x[len(x)-k:]
	return reach{slices.Min(low) - reachBeyond*(lo-meanOf(low)), slices.Max(high) + reachBeyond*(meanOf(high)-hi)}
}

// withinSample is the split-conformal quantile of the newest absolute one-step errors (Lei et al., JASA 113, 2018).
func withinSample(residuals []float64, confidence float64) float64 {
	sizes := newestSizes(residuals)
	n := len(sizes)
	if n == 0 {
		return math.NaN()
	}
	return order.Pick(sizes, min(int(math.Ceil(float64(n+1)*confidence)), n)-1)
}

// newestErrors is how many one-step errors tell their spread: those of a week at five minutes.
const newestErrors = 2016

// newestSizes gives the sizes of the newest known errors, newest first.
func newestSizes(errors []float64) []float64 {
	most := min(newestErrors, len(errors))
	out := make([]float64, 0, most)
	for i := len(errors) - 1; i >= 0 && len(out) < most; i-- {
		if v := math.Abs(errors[i]); !math.IsNaN(v) {
			out = append(out, v)
		}
	}
	return out
}

// leaveOneOut is the share of each origin's errors inside the band that the spread at the other origins gives; NaN with fewer
// than two.
func leaveOneOut(rows [][]float64, about *windows, floor, below, above float64) float64 {
	if len(rows) < 2 {
		return math.NaN()
	}
	inside, n := 0, 0
	sigma := make([]float64, len(rows[0]))
	for k, row := range rows {
		s := spreadAhead(rows, k, floor, sigma, about)
		for h, e := range row {
			if !math.IsNaN(e) {
				n++
				if e >= -below*s[h] && e <= above*s[h] {
					inside++
				}
			}
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return float64(inside) / float64(n)
}

// pad puts back the missing values in front of the series, and behind backtests that were shorter than the horizon.
func (r *Result) pad(lead int) {
	for i, row := range r.Errors {
		r.Errors[i] = append(row, series.Missing(len(r.Mean)-len(row))...)
	}
	if lead == 0 {
		return
	}
	for i, c := range r.Components {
		r.Components[i].Past = append(series.Missing(lead), c.Past...)
	}
	for _, x := range []*[]float64{&r.Fitted, &r.FittedLower, &r.FittedUpper, &r.Residuals} {
		*x = append(series.Missing(lead), *x...)
	}
}
