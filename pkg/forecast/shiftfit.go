package forecast

import (
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/series"
)

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
	level, now := meanOf(p), meanOf(q)
	since := now - grown*float64(len(x))/2 // half the data lie between the middles of the two parts
	s := levelShift{at: at, factor: 1, add: since - level}
	lo, _ := series.Extent(x)
	if f := since / level; lo > 0 && f < shiftFactor && f > 1./shiftFactor {
		var added, scaled float64
		for i := range p {
			added += square(q[i] - now - (p[i] - level))
			scaled += square(q[i] - now - f*(p[i]-level))
		}
		if 2*scaled < added {
			s.factor, s.add = f, 0
		}
	}
	return s, true
}

// commonSlope gives the slope per step that the days before and after the step at share: the median over the pairs of days on the
// same side (Sen: "Estimates of the regression coefficient based on Kendall's tau", JASA 63, 1968), which one more step
// does not move; 0 where it is less than three of its standard errors.
func commonSlope(x []float64, at, day int) float64 {
	parts := [][]float64{newest(aggregate(x[:at], day), slopeDays), aggregate(x[at:], day)}
	parts[1] = parts[1][:min(len(parts[1]), slopeDays)]
	var slopes, rest []float64
	for _, part := range parts {
		for i, v := range part {
			for k, u := range part[:i] {
				if b := (v - u) / float64(i-k); !math.IsNaN(b) {
					slopes = append(slopes, b)
				}
			}
		}
	}
	b, times := order.Median(slopes), 0.0
	for _, part := range parts {
		flat := make([]float64, 0, len(part))
		for i, v := range part {
			if !math.IsNaN(v) {
				flat = append(flat, v-b*float64(i))
			}
		}
		times += math.Pow(float64(len(flat)), 3) / 12 // sum of squares of the times about their mean
		mid := order.Median(slices.Clone(flat))
		for _, v := range flat {
			rest = append(rest, math.Abs(v-mid))
		}
	}
	if math.Abs(b)*math.Sqrt(times) > 3*madScale*order.Median(rest) {
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
	sum, count := phases(x, day)
	for k := range sum {
		sum[k] /= count[k] // 0/0 is NaN
	}
	return sum
}
