package forecast

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// interval puts the band around fitted values and forecast. The spread ahead is that of the backtest's errors: root mean
// square over the origins and neighbouring steps, not falling with the step by more than 2 %, and widened for there being
// few origins (the t-quantile's correction, for origins that are not independent). Without a backtest it grows with the
// square root of the step from the in-sample errors.
func (r *Result) interval(opt Options) {
	r.Sigma = spreadAhead(r.Errors, r.Residuals, len(r.Mean))
	z := r.halfWidth(opt.Confidence)
	r.Lower, r.Upper = r.Band(opt.Confidence)
	q := withinSample(r.Residuals, opt.Confidence)
	r.FittedLower, r.FittedUpper = make([]float64, len(r.Fitted)), make([]float64, len(r.Fitted))
	for i, f := range r.Fitted {
		r.FittedLower[i], r.FittedUpper[i] = f-q, f+q
	}
	r.Backtest.Coverage = leaveOneOut(r.Errors, r.Residuals, z)
}

// Band gives the interval of the forecast at another confidence, 0.5 to 0.99, inside the metric's bounds.
func (r *Result) Band(confidence float64) (lower, upper []float64) {
	if r.kept != nil {
		lower, upper = r.kept.band(r.Mean, r.Sigma, confidence)
	} else {
		lower, upper = r.measured(confidence)
	}
	r.bounds.clip(lower)
	r.bounds.clip(upper)
	return lower, upper
}

// measured is the band from the backtest.
func (r *Result) measured(confidence float64) (lower, upper []float64) {
	lower, upper = make([]float64, len(r.Mean)), make([]float64, len(r.Mean))
	z := r.halfWidth(confidence)
	for h, f := range r.Mean {
		lower[h], upper[h] = f-z*r.Sigma[h], f+z*r.Sigma[h]
	}
	return lower, upper
}

// halfWidth gives the band's half width in units of Sigma. At 95 % it is that of the normal distribution, for which Sigma is
// widened. Other levels stand to it as the quantiles of the backtest's errors do, because errors with heavy tails have
// narrow middles, times what Student's distribution adds for few origins at that level.
func (r *Result) halfWidth(confidence float64) float64 {
	const usual = 0.95
	var sizes []float64
	for _, row := range r.Errors {
		for h, e := range row {
			if u := math.Abs(e / r.Sigma[h]); !math.IsNaN(u) {
				sizes = append(sizes, u)
			}
		}
	}
	slices.Sort(sizes)
	few := 1.0
	if confidence != usual { // the quantiles cost more than a small model
		few = fewOrigins(confidence) / fewOrigins(usual)
	}
	q := quantile(sizes, usual)
	if len(sizes) < 20 || !(q > 0) || math.IsInf(q, 1) {
		return few * normalWidth(confidence)
	}
	return few * normalWidth(usual) * quantile(sizes, confidence) / q
}

func normalWidth(confidence float64) float64 { return distuv.UnitNormal.Quantile((1 + confidence) / 2) }

// fewOrigins is how much wider Student's distribution is than the normal one.
func fewOrigins(confidence float64) float64 {
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: maxOrigins}
	return t.Quantile((1+confidence)/2) / normalWidth(confidence)
}

// withinSample is the split-conformal quantile of the newest absolute one-step errors (Lei et al., JASA 113, 2018).
func withinSample(residuals []float64, confidence float64) float64 {
	abs := make([]float64, 0, 2016)
	for i := len(residuals) - 1; i >= 0 && len(abs) < cap(abs); i-- {
		if v := math.Abs(residuals[i]); !math.IsNaN(v) {
			abs = append(abs, v)
		}
	}
	if len(abs) == 0 {
		return math.NaN()
	}
	slices.Sort(abs)
	return abs[min(int(math.Ceil(float64(len(abs)+1)*confidence)), len(abs))-1]
}

func spreadAhead(rows [][]float64, residuals []float64, horizon int) []float64 {
	out := make([]float64, horizon)
	known := 0
	if len(rows) > 0 {
		known = len(rows[0])
	}
	half := max(4, known/24)
	widen := 1.2
	if len(rows) < maxOrigins {
		widen = 1.4
	}
	floor := rms(residuals)
	last := 0.0
	// Sums over all origins per step, then prefix sums, so that each window costs two look-ups.
	sum, count := make([]float64, known+1), make([]float64, known+1)
	for h := range known {
		sum[h+1], count[h+1] = sum[h], count[h]
		for _, row := range rows {
			if e := row[h]; !math.IsNaN(e) {
				sum[h+1] += e * e
				count[h+1]++
			}
		}
	}
	for h := range out {
		s := floor * math.Sqrt(float64(h+1))
		if h < known {
			lo, hi := max(h-half, 0), min(h+half+1, known)
			if n := count[hi] - count[lo]; n > 0 {
				s = widen * math.Sqrt((sum[hi]-sum[lo])/n)
			}
		} else if known > 0 && count[known] > 0 {
			s = out[known-1] * math.Sqrt(float64(h+1)/float64(known))
		}
		last = max(s, 0.98*last)
		out[h] = last
	}
	return out
}

// leaveOneOut is the share of each origin's errors inside the band that the other origins give; NaN with fewer than two.
func leaveOneOut(rows [][]float64, residuals []float64, z float64) float64 {
	if len(rows) < 2 {
		return math.NaN()
	}
	inside, n := 0, 0
	for k, row := range rows {
		others := slices.Concat(rows[:k], rows[k+1:])
		s := spreadAhead(others, residuals, len(row))
		for h, e := range row {
			if !math.IsNaN(e) {
				n++
				if math.Abs(e) <= z*s[h] {
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

func rms(x []float64) float64 {
	sum, n := 0.0, 0
	for _, v := range x {
		if !math.IsNaN(v) {
			sum += v * v
			n++
		}
	}
	if n == 0 {
		return 0
	}
	return math.Sqrt(sum / float64(n))
}

// keepInside clips everything the reader sees to the metric's physical limits, and says so when a forecast was clipped.
func (r *Result) keepInside(b Bounds) {
	if b.Min == nil && b.Max == nil {
		return
	}
	r.bounds = b
	if n := b.clip(r.Mean); n > 0 {
		r.Notices = append(r.Notices, fmt.Sprintf("the forecast was clipped to the bounds at %d of %d steps", n, len(r.Mean)))
	}
	for _, x := range [][]float64{r.Lower, r.Upper, r.Fitted, r.FittedLower, r.FittedUpper} {
		b.clip(x)
	}
}

// clip moves values beyond the limits onto them and gives how many those were.
func (b Bounds) clip(x []float64) (n int) {
	for i, v := range x {
		if b.Min != nil && v < *b.Min {
			x[i] = *b.Min
			n++
		} else if b.Max != nil && v > *b.Max {
			x[i] = *b.Max
			n++
		}
	}
	return n
}

// pad puts back the missing values in front of the series, and behind backtests that were shorter than the horizon.
func (r *Result) pad(lead int) {
	for i, row := range r.Errors {
		r.Errors[i] = append(row, nans(len(r.Mean)-len(row))...)
	}
	if lead == 0 {
		return
	}
	for i, c := range r.Components {
		r.Components[i].Past = append(nans(lead), c.Past...)
	}
	for _, x := range []*[]float64{&r.Fitted, &r.FittedLower, &r.FittedUpper, &r.Residuals} {
		*x = append(nans(lead), *x...)
	}
}
