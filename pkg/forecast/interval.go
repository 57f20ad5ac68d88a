package forecast

import (
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/series"
)

// interval puts the band around fitted values and forecast. Sigma, the spread ahead, is that of the backtest's errors: root
// mean square over the origins and neighbouring steps, not falling with the step by more than 2 %, and widened for there being
// few origins. Without a backtest it grows with the square root of the step from the in-sample errors.
func (r *Result) interval(in Input, opt Options) {
	floor := rms(r.Residuals)
	r.Sigma = spreadAhead(r.Errors, -1, floor, len(r.Mean))
	r.reach = reachOf(in)
	r.shape = r.conform()
	r.Lower, r.Upper = r.Band(opt.Confidence)
	q := withinSample(r.Residuals, opt.Confidence)
	r.FittedLower, r.FittedUpper = make([]float64, len(r.Fitted)), make([]float64, len(r.Fitted))
	for i, f := range r.Fitted {
		r.FittedLower[i], r.FittedUpper[i] = f-q, f+q
	}
	below, above := r.halfWidths(opt.Confidence)
	r.Backtest.Coverage = leaveOneOut(r.Errors, floor, below, above)
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

// manyOrigins is from how many origins on a backtest tells the spread as well as it ever does.
const manyOrigins = 6

// pooledLeast is how many errors give quantiles.
const pooledLeast = 20

// shape is the form of a band: how far it reaches below and above the forecast, in units of Sigma, at some confidence, and the
// backtest's errors in units of that, sorted. Nil scores mean that there are too few errors.
type shape struct {
	below, above float64
	scores       []float64
}

// shapeLevel is the confidence at which a band's sides are compared.
const shapeLevel = 0.95

// conform finds the band's form: each side halfway between the quantile of the evened errors on it and that of their sizes. A
// score is how many times that side an error is, so that a quantile of the scores times the sides holds just that share of the
// backtest's evened errors, however skewed they are (split conformal prediction: Lei et al., "Distribution-free predictive
// inference for regression", Journal of the American Statistical Association 113, 2018).
func (r *Result) conform() shape {
	n := 0
	for _, row := range r.Errors {
		n += len(row)
	}
	signed, sizes := make([]float64, 0, n), make([]float64, 0, n)
	even := evened(r.Errors)
	for k, row := range r.Errors {
		for h, e := range row {
			if u := e * even[k] / r.Sigma[h]; !math.IsNaN(u) && !math.IsInf(u, 0) {
				signed, sizes = append(signed, u), append(sizes, math.Abs(u))
			}
		}
	}
	if len(sizes) < pooledLeast {
		return shape{}
	}
	s := shape{below: 1, above: 1, scores: sizes}
	if either := order.QuantileOf(sizes, shapeLevel); either > 0 {
		s.below = (max(-order.QuantileOf(signed, (1-shapeLevel)/2), 0) + either) / 2
		s.above = (max(order.QuantileOf(signed, (1+shapeLevel)/2), 0) + either) / 2
		for i, u := range signed {
			s.scores[i] = max(u/s.above, -u/s.below)
		}
	}
	slices.Sort(s.scores)
	return s
}

// evening is how far, in logarithms, an origin's errors are brought to the typical size of all origins'. One origin of eight that
// met an incident would decide alone how wide the band is, though what is typical tells more of the next stretch (shrinkage
// towards a common mean: Efron, Morris, "Stein's estimation rule and its competitors", JASA 68, 1973).
const evening = 0.25

// evened gives the factor that each origin's errors count with in a band's form; the typical size is the geometric mean of those
// that are known.
func evened(rows [][]float64) []float64 {
	out := make([]float64, len(rows))
	squares, origins := 0.0, 0.0
	for k, row := range rows {
		if out[k] = rms(row); series.CountKnown(row) > 0 {
			squares += out[k] * out[k]
			origins++
		}
	}
	tiny := 1e-3 * math.Sqrt(squares/origins) // an origin without an error has no logarithm
	typical := 0.0
	for k, row := range rows {
		if series.CountKnown(row) > 0 {
			typical += math.Log(out[k]+tiny) / origins
		}
	}
	for k, size := range out {
		if out[k] = 1; squares > 0 {
			out[k] = math.Exp(evening * (typical - math.Log(size+tiny)))
		}
	}
	return out
}

// halfWidths gives the band's distances below and above the forecast in units of Sigma, widened by what Student's distribution
// adds for few origins. With too few errors they are those of that distribution.
func (r *Result) halfWidths(confidence float64) (below, above float64) {
	if r.kept != nil {
		return r.kept.halfWidths(confidence)
	}
	few := fewOrigins(confidence, len(r.Errors))
	if r.shape.scores == nil {
		z := normalWidth(confidence) * few / fewOrigins(0.95, len(r.Errors)) // Sigma is widened for 95 %
		return z, z
	}
	k := few * order.Quantile(r.shape.scores, confidence)
	return k * r.shape.below, k * r.shape.above
}

func normalWidth(confidence float64) float64 { return math.Sqrt2 * math.Erfinv(confidence) }

// fewOrigins is how much wider than the normal one a distribution is whose spread few origins tell: Student's with four degrees of
// freedom. Where there are many, the whole of it is narrower, by as much as makes its 80 % those of eight degrees.
func fewOrigins(confidence float64, origins int) float64 {
	wide := studentWidth(confidence) / normalWidth(confidence)
	if origins >= manyOrigins {
		wide *= manyNarrow
	}
	return wide
}

// manyNarrow is the ratio of the 90 % quantiles of Student's distribution with eight and with four degrees of freedom.
const manyNarrow = 1.3968153097438645 / 1.5332062740589438

// studentWidth is the half width of Student's distribution with four degrees of freedom, whose quantiles have a closed form (Shaw:
// "Sampling Student's t distribution", Journal of Computational Finance 9, 2006).
func studentWidth(confidence float64) float64 {
	a := math.Sqrt(1 - confidence*confidence)
	return 2 * math.Sqrt(math.Cos(math.Acos(a)/3)/a-1)
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

// spreadAhead gives Sigma from the backtest's errors, those of one origin left out (-1 = of none); floor is the spread of one
// step, which counts where no error is known.
func spreadAhead(rows [][]float64, out int, floor float64, horizon int) []float64 {
	origins, known := len(rows), 0
	if out >= 0 {
		origins--
	}
	if origins > 0 {
		known = len(rows[0])
	}
	half := max(4, known/24)
	widen := 1.2
	if origins < manyOrigins {
		widen = 1.4
	}
	// Sums over all origins per step, then prefix sums, so that each window costs two look-ups.
	sums := make([]float64, 2*(known+1)+horizon)
	sum, count, sigma := sums[:known+1], sums[known+1:2*(known+1)], sums[2*(known+1):]
	for k, row := range rows {
		if k == out {
			continue
		}
		for h, e := range row[:known] {
			if !math.IsNaN(e) {
				sum[h+1] += e * e
				count[h+1]++
			}
		}
	}
	for h := range known {
		sum[h+1] += sum[h]
		count[h+1] += count[h]
	}
	last := 0.0
	for h := range sigma {
		s := floor * math.Sqrt(float64(h+1))
		if h < known {
			lo, hi := max(h-half, 0), min(h+half+1, known)
			if n := count[hi] - count[lo]; n > 0 {
				s = widen * math.Sqrt((sum[hi]-sum[lo])/n)
			}
		} else if known > 0 && count[known] > 0 {
			s = sigma[known-1] * math.Sqrt(float64(h+1)/float64(known))
		}
		last = max(s, 0.98*last)
		sigma[h] = last
	}
	return sigma
}

// leaveOneOut is the share of each origin's errors inside the band that the spread at the other origins gives; NaN with fewer
// than two.
func leaveOneOut(rows [][]float64, floor, below, above float64) float64 {
	if len(rows) < 2 {
		return math.NaN()
	}
	inside, n := 0, 0
	for k, row := range rows {
		s := spreadAhead(rows, k, floor, len(row))
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
