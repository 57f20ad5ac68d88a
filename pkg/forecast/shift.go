package forecast

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/order"
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
	shiftMost    = 4  // shifts looked for, the largest first
	shiftBefore  = 3  // days that the level before must have lasted
	shiftSpreads = 4  // standard deviations of the days' means before that it must change by
	shiftFactor  = 10 // greatest change in proportion
	slopeDays    = 60 // days on either side that tell the slope
	fewDays      = 4  // up to which the spread is that of all
	madScale     = 1.4826
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
	backwards := slices.Clone(means)
	slices.Reverse(backwards)
	before, after := outlines(means), outlines(backwards)
	for k := int(least); k < len(means); k++ {
		// Medians are worth their time only where the extremes and the least possible spread allow a shift.
		a, b := before[k], after[len(means)-k]
		if a.n < least || b.n < 1 || !parted(a, b) {
			continue
		}
		if a, b = moments(means[:k]), moments(means[k:]); !parted(a, b) {
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

// leastSpread is the share of the standard deviation that the spread is at least, as an incident may lie in it, but not much more.
const leastSpread = 1. / 3

// outlines gives, for every k up to all, what the first k values' moments are, with the least that the spread can be (running
// mean and squares: Welford, "Note on a method for calculating corrected sums of squares and products", Technometrics 4, 1962).
func outlines(x []float64) []moment {
	out := make([]moment, 1, len(x)+1)
	m, squares := moment{lo: math.Inf(1), hi: math.Inf(-1)}, 0.0
	out[0] = m
	for _, v := range x {
		if !math.IsNaN(v) {
			m.n++
			away := v - m.mean
			m.mean += away / m.n
			squares += away * (v - m.mean)
			m.spread = math.Sqrt(squares/max(m.n-1, 1)) * leastSpread * (1 - 1e-9) // rounding must not exclude what moments would not
			m.lo, m.hi = min(m.lo, v), max(m.hi, v)
		}
		out = append(out, m)
	}
	return out
}

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
	if m.n > fewDays {
		m.spread = max(madScale*order.Deviation(known(x)), m.spread*leastSpread)
	}
	return m
}

// parted tells whether the days after are at another level than those before.
func parted(before, after moment) bool {
	gap := max(after.lo-before.hi, before.lo-after.hi)
	wide := max(before.spread, after.spread)
	return gap > wide && math.Abs(after.mean-before.mean) > shiftSpreads*wide
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
