package detect

import (
	"math"

	"github.com/forewarn/earlywarning/pkg/order"
)

const (
	ordinaryDays = 14    // days that are looked back on
	longShare    = 0.5   // of the second-largest outer deviation in memory the scale is at least so much
	longFade     = 0.97  // what is left of that after a day
	outerShare   = 0.995 // quantile of a day's deviations that tells its outer values
	habitScales  = 8     // the second-worst of the days should lie within so many scales
	noisyDays    = 8     // so many of the days at most should go beyond noisyScales
	noisyScales  = 3
)

// outerNormal is that quantile of |Z| for a standard normal Z.
var outerNormal = math.Sqrt2 * math.Erfinv(outerShare)

// days keeps what the deviations of ordinary days look like. Medians over days make one day's incident harmless; their
// outer values give a scale that suits heavy tails and series that rest at one value most of the time, for which a median
// absolute deviation is far too small. Where it is cautious, a long memory keeps a series that was wild before from being thought
// calm after some quiet weeks; it looks at the second-wildest day, so that one incident does not blind it.
type days struct {
	size     int        // values a day
	urgent   float64    // scores that a point alone has to reach, see confirmed
	cautious bool       // long and noisyDays count
	tail     float64    // scale: outer deviation of a common day, as standard deviation of a normal
	long     [2]float64 // the largest outer deviations of any day, fading
	habit    float64    // least scale, for series that go far out on several days; widened gives it
	total    int        // values so far
	seen     int        // values today
	outest   []float64  // the largest deviations of today, ascending
	worst    float64    // distance from the expected range of today, as far as it would be flagged
	last     [2]float64
	tails    []float64 // of the days before, oldest first
	worsts   []float64
	buf      []float64
}

func newDays(size int) days {
	return days{size: size, urgent: urgent, outest: make([]float64, 0, outerRank(size)+1)}
}

// outerRank is how many of n values lie beyond the outer one.
func outerRank(n int) int { return n - 1 - int(outerShare*float64(n-1)) }

// learn takes the deviation of a value in. Until the first day is over the scale is that of the values so far.
func (d *days) learn(v float64, e expectation) {
	d.keep(math.Abs(v - (e.lo + (e.hi-e.lo)/2)))
	if far := math.Abs(e.beyond(v)); !math.IsNaN(e.scale) {
		d.worst = max(d.worst, confirmed(d.last[0], d.last[1], far, d.urgent))
		d.last[0], d.last[1] = d.last[1], far
	}
	switch {
	case d.seen == d.size:
		d.close()
	case len(d.tails) == 0 && d.seen >= leastKnown && (d.seen == leastKnown || d.seen&(d.seen-1) == 0):
		d.tail = d.outer()
	}
}

// keep counts a deviation and holds on to it while it is among the largest of today.
func (d *days) keep(v float64) {
	d.seen++
	d.total++
	if len(d.outest) == cap(d.outest) {
		if v <= d.outest[0] {
			return
		}
		copy(d.outest, d.outest[1:])
		d.outest = d.outest[:len(d.outest)-1]
	}
	i := len(d.outest)
	d.outest = append(d.outest, v)
	for ; i > 0 && d.outest[i-1] > v; i-- {
		d.outest[i] = d.outest[i-1]
	}
	d.outest[i] = v
}

// outer is the outer deviation of today's values.
func (d *days) outer() float64 {
	return d.outest[len(d.outest)-1-outerRank(d.seen)] / outerNormal
}

func (d *days) close() {
	outer := d.outer()
	d.tails = push(d.tails, outer)
	first, second := longFade*d.long[0], longFade*d.long[1]
	d.long = [2]float64{max(first, outer), max(second, min(first, outer))}
	d.tail = (d.rank(d.tails, (len(d.tails)-1)/2) + d.rank(d.tails, len(d.tails)/2)) / 2
	if d.cautious {
		d.tail = max(d.tail, longShare*d.long[1])
	}
	d.worsts = push(d.worsts, d.worst)
	if n := len(d.worsts); n >= 3 {
		d.habit = d.rank(d.worsts, max(n-2, 2)) / habitScales
		if d.cautious {
			noisy := n - (noisyDays*n+ordinaryDays-1)/ordinaryDays
			d.habit = max(d.habit, d.rank(d.worsts, noisy)/noisyScales)
		}
	}
	d.restart()
}

func (d *days) restart() { d.seen, d.outest, d.worst = 0, d.outest[:0], 0 }

// widened is a scale that is at least what the habit asks for.
func (d *days) widened(scale float64) float64 { return max(scale, d.habit) }

// forget drops today, and the day before as it may hold the start of what is going on.
func (d *days) forget() {
	d.restart()
	if n := len(d.worsts); n > 0 {
		d.tails, d.worsts = d.tails[:n-1], d.worsts[:n-1]
	}
}

// rank is the order statistic k, counted from 0.
func (d *days) rank(x []float64, k int) float64 {
	d.buf = append(d.buf[:0], x...)
	return order.Pick(d.buf, k)
}

func push(x []float64, v float64) []float64 {
	if len(x) == ordinaryDays {
		copy(x, x[1:])
		x = x[:len(x)-1]
	}
	return append(x, v)
}
