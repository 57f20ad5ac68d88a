package forecast

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// levelShift is a lasting change of level, such as a deployment that doubles the load: the values before it are brought to the
// level after it, so that nothing of what they tell about seasons and noise is lost. Shares are kept where the shift
// scaled the season too.
type levelShift struct {
	at     int     // first step at the new level
	factor float64 // what earlier values are multiplied by
	add    float64 // what is then added to them
}

const (
	shiftMost    = 3  // shifts looked for, the largest first
	shiftBefore  = 3  // days that the level before must have lasted
	shiftSpreads = 4  // standard deviations of the days' means before that it must change by
	shiftFactor  = 10 // greatest change in proportion
)

// findShifts looks for lasting changes of level and brings values, in place, to the newest one: shifts are given in the order
// found. Days are compared as wholes, then quarters of a day, so that no season, trend or weekend that is as large is taken for
// one; a change must part all of them before from all after it. Where it began is what splits the deviations from the day's
// profile best (least squares: Bai, "Least squares estimation of a shift in linear processes", Journal of Time Series
// Analysis 15, 1994).
func findShifts(values []float64, step time.Duration) []levelShift {
	day := int(24 * time.Hour / step)
	if (24*time.Hour)%step != 0 || day < 4 {
		return nil
	}
	var out []levelShift
	for range shiftMost {
		s, ok := largestShift(values, day, day)
		if !ok {
			s, ok = largestShift(values, day, day/4)
		}
		if !ok {
			break
		}
		s.apply(values)
		out = append(out, s)
	}
	return out
}

func (s levelShift) apply(x []float64) {
	for t := range x[:s.at] {
		x[t] = x[t]*s.factor + s.add
	}
}

// undoShifts brings x, which starts with the data, back to the levels that there were.
func undoShifts(shifts []levelShift, x []float64) {
	for _, s := range slices.Backward(shifts) {
		for t := range x[:min(s.at, len(x))] {
			x[t] = (x[t] - s.add) / s.factor
		}
	}
}

// largestShift finds the split between blocks that explains most of their variance, if it parts them.
func largestShift(x []float64, day, block int) (levelShift, bool) {
	lead := len(x) % block
	means := aggregate(x, block)
	least := float64(shiftBefore * day / block)
	best, gain := -1, 0.0
	for k := int(least); k < len(means); k++ {
		a, b := moments(means[:k]), moments(means[k:])
		if a.n < least || b.n < 1 || !parted(a, b) {
			continue
		}
		d := a.mean - b.mean
		if g := a.n * b.n / (a.n + b.n) * d * d; g > gain {
			best, gain = k, g
		}
	}
	if best < 0 {
		return levelShift{}, false
	}
	return located(x, lead+best*block, day, block)
}

type moment struct{ n, mean, spread, lo, hi float64 }

func moments(x []float64) moment {
	m := moment{lo: math.Inf(1), hi: math.Inf(-1), mean: meanOf(x)}
	for _, v := range x {
		if !math.IsNaN(v) {
			m.n++
			m.spread += (v - m.mean) * (v - m.mean)
			m.lo, m.hi = min(m.lo, v), max(m.hi, v)
		}
	}
	m.spread = math.Sqrt(m.spread / max(m.n-1, 1))
	return m
}

// parted tells whether the days after are at another level than those before.
func parted(before, after moment) bool {
	gap := max(after.lo-before.hi, before.lo-after.hi)
	wide := max(before.spread, after.spread)
	return gap > wide && math.Abs(after.mean-before.mean) > shiftSpreads*wide
}

// located finds where around the step at the shift began, and what it did. It is none where it has not lasted a block.
func located(x []float64, at, day, block int) (levelShift, bool) {
	s := levelShift{at: at}
	for range 2 {
		var ok bool
		if s, ok = measuredShift(x, s.at, day, block); !ok {
			return s, false
		}
		if s.at = s.beginning(x, at, day, block); s.at > len(x)-block {
			return s, false
		}
	}
	return s, true
}

// measuredShift compares the day's profiles before and after the step at.
func measuredShift(x []float64, at, day, block int) (levelShift, bool) {
	before, after := profileOf(x[:at], day), profileOf(x[at:], day)
	p, q := make([]float64, 0, day), make([]float64, 0, day)
	for k := range day {
		if b, a := before[(at+k)%day], after[k]; !math.IsNaN(a) && !math.IsNaN(b) {
			p, q = append(p, b), append(q, a)
		}
	}
	if 2*len(p) < block {
		return levelShift{}, false
	}
	grown := commonSlope(x, at, day)
	s := levelShift{at: at, factor: 1, add: meanOf(q) - meanOf(p) - grown*float64(len(x))/2} // half the data lie between the middles of the two parts
	lo, _ := spread(x)
	if f := meanOf(q) / meanOf(p); grown == 0 && lo > 0 && f < shiftFactor && f > 1./shiftFactor {
		var added, scaled float64
		for i := range p {
			added += square(q[i] - p[i] - s.add)
			scaled += square(q[i] - f*p[i])
		}
		if 2*scaled < added {
			s.factor, s.add = f, 0
		}
	}
	return s, true
}

func square(x float64) float64 { return x * x }

// commonSlope gives the slope per step that the days before and after the step at share (analysis of covariance of their means), 0
// where it is less than three standard errors.
func commonSlope(x []float64, at, day int) float64 {
	var st, sty, syy, n float64
	for _, part := range [][]float64{aggregate(x[:at], day), aggregate(x[at:], day)} {
		middle, mean, known := 0.0, meanOf(part), knownCount(part)
		for i, v := range part {
			if !math.IsNaN(v) {
				middle += float64(i) / float64(known)
			}
		}
		for i, v := range part {
			if !math.IsNaN(v) {
				t := float64(i) - middle
				st, sty, syy, n = st+t*t, sty+t*(v-mean), syy+(v-mean)*(v-mean), n+1
			}
		}
	}
	b := sty / st
	if rest := max(syy-b*sty, 0) / (n - 3); n > 3 && b*b*st > 9*rest {
		return b / float64(day)
	}
	return 0
}

// beginning gives the step within a day of at from which on the values follow the new level better than the old one.
func (s levelShift) beginning(x []float64, at, day, block int) int {
	before := profileOf(x[:max(at-day, day)], day)
	out, least, cost := at, math.Inf(1), 0.0
	for t := min(at+block, len(x)) - 1; t >= max(at-block, 0); t-- {
		b := before[t%day]
		if miss := square(x[t]-b*s.factor-s.add) - square(x[t]-b); !math.IsNaN(miss) {
			cost += miss
		}
		if cost < least {
			least, out = cost, t
		}
	}
	return out
}

// profileOf gives the mean at each phase of a day, counted from the first value; NaN where none is known.
func profileOf(x []float64, day int) []float64 {
	sum, count := make([]float64, day), make([]float64, day)
	for t, v := range x {
		if !math.IsNaN(v) {
			sum[t%day] += v
			count[t%day]++
		}
	}
	for k := range sum {
		sum[k] /= count[k] // 0/0 is NaN
	}
	return sum
}

// tell describes the shift for people.
func (s levelShift) tell(start time.Time, step time.Duration) string {
	change := fmt.Sprintf("by %+.3g", s.add)
	if s.factor != 1 {
		change = fmt.Sprintf("to %.3g times", s.factor)
	}
	when := ""
	if !start.IsZero() {
		when = " on " + start.Add(time.Duration(s.at)*step).UTC().Format("2006-01-02 15:04 MST")
	}
	return fmt.Sprintf("The level changed %s%s: what was before is brought to the level since.", change, when)
}
