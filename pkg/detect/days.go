package detect

import (
	"math"
	"slices"
)

const (
	ordinaryDays = 14                 // days that are looked back on
	outerShare   = 0.995              // quantile of a day's deviations that tells its outer values
	outerNormal  = 2.8070337683438042 // that quantile of |Z| for a standard normal Z
	habitScales  = 8                  // the second-worst of the days should lie within so many scales
)

// days keeps what the deviations of ordinary days look like. Medians over days make one day's incident harmless; their
// outer values give a scale that suits heavy tails and series that rest at one value most of the time, for which a median
// absolute deviation is far too small.
type days struct {
	size   int       // values a day
	tail   float64   // scale: median over the days of each day's outer deviation, as standard deviation of a normal
	habit  float64   // factor on the scale, at least 1, for series that go far out on several days
	today  []float64 // deviations since the day began
	worst  float64   // of today, in scales
	last   [2]float64
	tails  []float64 // of the days before, oldest first
	worsts []float64
	buf    []float64
}

// learn takes the deviation of a value in. Until the first day is over the scale is that of the values so far.
func (d *days) learn(v float64, e expectation) {
	d.today = append(d.today, math.Abs(v-(e.lo+(e.hi-e.lo)/2)))
	if z := math.Abs(e.beyond(v)) / e.scale; z > 0 { // not where the scale is unknown
		d.worst = math.Max(d.worst, confirmed(d.last[0], d.last[1], z))
		d.last[0], d.last[1] = d.last[1], z
	}
	n := len(d.today)
	switch {
	case n == d.size:
		d.close()
	case len(d.tails) == 0 && n >= leastKnown && n&(n-1) == 0, len(d.tails) == 0 && n == leastKnown:
		d.tail = d.outer()
	}
}

func (d *days) close() {
	d.tails = push(d.tails, d.outer())
	d.tail = d.rank(d.tails, (len(d.tails)-1)/2, len(d.tails)/2)
	d.worsts = push(d.worsts, d.worst)
	if n := len(d.worsts); n >= 3 {
		second := max(n-2, 2)
		d.habit = d.rank(d.worsts, second, second) / habitScales
	}
	d.today, d.worst = d.today[:0], 0
}

// width is the factor that habit asks of a band.
func (d *days) width() float64 { return math.Max(d.habit, 1) }

// forget drops today, and the day before as it may hold the start of what is going on.
func (d *days) forget() {
	d.today, d.worst = d.today[:0], 0
	if n := len(d.worsts); n > 0 {
		d.tails, d.worsts = d.tails[:n-1], d.worsts[:n-1]
	}
}

func (d *days) outer() float64 {
	d.buf = append(d.buf[:0], d.today...)
	slices.Sort(d.buf)
	return d.buf[int(outerShare*float64(len(d.buf)-1))] / outerNormal
}

// rank is the mean of the order statistics i and k.
func (d *days) rank(x []float64, i, k int) float64 {
	d.buf = append(d.buf[:0], x...)
	slices.Sort(d.buf)
	return (d.buf[i] + d.buf[k]) / 2
}

func push(x []float64, v float64) []float64 {
	if len(x) == ordinaryDays {
		copy(x, x[1:])
		x = x[:len(x)-1]
	}
	return append(x, v)
}
