package detect

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/order"
)

const (
	levelAdapts = time.Hour // time constant of the local level and of the seasonal offset
	leastKnown  = 20        // known values before anything is expected
	leastScale  = 0.005     // of the expected value: less is nobody's incident
	farScales   = 3         // further off than so many scales a value no longer pulls with full weight
	readyDays   = 3         // days of history after which a series is known well enough
	reviewSpan  = 28        // days that a review of the seasons looks back
)

// reviews are the days, counted from the first value, after which what takes long to learn is learnt anew; later on every week.
var reviews = [...]int{2, 3, 4, 8, 14, 21, reviewSpan}

// due tells whether n points, so many a day, end one of those days.
func due(n, perDay int) bool {
	days := n / perDay
	return n%perDay == 0 && (slices.Contains(reviews[:], days) || days > reviewSpan && days%7 == 0)
}

// baseline is what is usual for a series, learnt one value at a time: expect says what the next value may be, learn takes
// it in. Its state follows from the values alone, so that a replay scores as the live run did.
type baseline struct {
	step    time.Duration
	perDay  int
	follow  float64 // share of a difference that level and offset take over at each step
	steady  bool    // no seasons are looked for
	periods []int
	season  *slots // nil where no season is proven
	days    days
	run     lasting
	count   int // values seen, missing ones included
	known   int // values that the present model learnt from
	level   float64
	offset  float64 // slow offset of the newest values from their slots
	before  float64 // level that nothing far has pulled; with a season what was usual before the newest shift, as distance from the slots
	away    int     // values since one was near that
}

// expectation is what a band is made of: what lies from lo to hi is as expected, scale is the unit of the distance beyond.
type expectation struct{ lo, hi, scale float64 }

// beyond is the signed distance of v from the expected range.
func (e expectation) beyond(v float64) float64 {
	return v - min(max(v, e.lo), e.hi)
}

// stepsADay is the length of a day of steps, and of 24 steps where they are longer than an hour.
func stepsADay(step time.Duration) int { return max(int(day/step), 24) }

func newBaseline(step time.Duration) *baseline {
	b := &baseline{step: step, perDay: stepsADay(step), follow: min(step.Seconds()/levelAdapts.Seconds(), 1)}
	b.days, b.run.limit = newDays(b.perDay), b.perDay
	return b
}

// review looks for seasons in x, the values so far, when it is time to. Where they changed, the newest cycles are learnt
// again with them.
func (b *baseline) review(x []float64) {
	if b.steady || !due(b.count, b.perDay) {
		return
	}
	found := forecast.DetectPeriods(x[max(len(x)-b.reviewed(), 0):], b.step)
	if slices.Equal(found, b.periods) {
		return
	}
	fresh := newBaseline(b.step)
	fresh.days.urgent, fresh.days.cautious = b.days.urgent, b.days.cautious
	back := ordinaryDays * b.perDay
	if n := len(found); n > 0 {
		fresh.periods, fresh.season = found, newSlots(found[n-1], b.step)
		back = max(back, slotCycles*found[n-1])
	}
	for _, v := range x[max(len(x)-back, 0):] {
		fresh.learn(v, fresh.expect())
	}
	fresh.count, fresh.days.total = b.count, max(b.days.total, fresh.days.total)
	*b = *fresh
}

// reviewed is how many of the newest values a review looks at.
func (b *baseline) reviewed() int { return reviewSpan * b.perDay }

// expect gives the expectation of the next value; its scale is NaN while too little is known for a band, all of it where
// nothing is. With a season there are two answers, the median of the slot and that plus the newest offset: so neither an
// incident's end nor a slow drift is taken for an incident.
func (b *baseline) expect() expectation {
	at, own := b.level, 0.0
	if b.season != nil {
		at, own = b.season.expect()
	}
	e := expectation{min(at, at+b.offset), max(at, at+b.offset), math.NaN()}
	if b.known >= leastKnown {
		// Not less than an ordinary day's outer values, nor than a hair's breadth of the value.
		e.scale = max(max(own, b.days.tail), leastScale*math.Abs(at))
	}
	return e
}

// formerly gives the expectation from before an incident, where expect gave e: the level that nothing far has pulled; with a season the
// slots, as they were before the newest shift was adopted.
func (b *baseline) formerly(e expectation) expectation {
	at := b.before
	if b.season != nil {
		at += b.season.middle
	}
	return expectation{at, at, e.scale}
}

// remember takes in how far a value is from what was before. Once the series has been away for as long as it takes to know what came
// instead, that is all there is.
func (b *baseline) remember(d, far float64) {
	b.away++
	switch near := !(math.Abs(d) > far); {
	case near && b.season == nil:
		b.before += b.follow * d
		b.away = 0
	case near:
		b.away = 0
	case b.away <= readyDays*b.perDay:
	case b.season == nil:
		b.before, b.away = b.level, 0
	default:
		b.before, b.away = 0, 0
	}
}

// learn takes the next value in; e is what expect gave for it.
func (b *baseline) learn(v float64, e expectation) {
	b.count++
	at := b.level
	if b.season != nil {
		at = b.season.learn(v)
	}
	if math.IsNaN(v) || math.IsNaN(at) {
		return
	}
	b.known++
	b.days.learn(v, e)
	pull := v - at - b.offset
	if far := farScales * e.scale; !math.IsNaN(far) {
		pull = min(max(v-at, -far), far) - b.offset
	}
	switch {
	case b.season != nil:
		b.remember(v-at-b.before, farScales*e.scale)
		b.offset += b.follow * pull
	case b.known <= leastKnown:
		b.level += (v - at) / float64(b.known)
		b.before = b.level
	default:
		b.remember(v-b.before, farScales*e.scale)
		b.level += b.follow * pull
	}
	if by, ok := b.run.learn(v, e); ok {
		b.adopt(by)
	}
}

// ready says what can be told with so little history.
func (b *baseline) ready() []string {
	switch d := &b.days; {
	case d.total < d.size:
		return []string{fmt.Sprintf("less than a day of history is known (%d of %d points): nothing is flagged yet", d.total, d.size)}
	case d.total < readyDays*d.size:
		return []string{fmt.Sprintf("only %d days of history are known: the band is wider than it will be, and one point alone has to lie further out", d.total/d.size)}
	}
	return nil
}

// adopt makes a lasting shift the new normal: history is taken as if it had been at the new level. What the offset has taken
// over of the shift counts with it.
func (b *baseline) adopt(by float64) {
	if b.season != nil {
		if (by > 0) == (b.offset > 0) {
			by += b.offset
		}
		b.season.raise(by)
		if b.away = 0; b.before == 0 {
			b.before = -by
		} else { // it came back, or all is new
			b.before = 0
		}
	}
	b.level, b.offset = b.level+by, 0
	b.days.forget()
}

// lasting watches for values that stay far out on one side.
type lasting struct {
	limit int // values after which a shift is the new normal
	off   []float64
}

// learn gives the typical shift when the newest limit values were all far out on the same side.
func (l *lasting) learn(v float64, e expectation) (by float64, ok bool) {
	d := e.beyond(v)
	if !(math.Abs(d) > farScales*e.scale) {
		l.off = l.off[:0]
		return 0, false
	}
	if n := len(l.off); n > 0 && math.Signbit(d) != math.Signbit(l.off[n-1]) {
		l.off = l.off[:0]
	}
	l.off = append(l.off, d)
	if len(l.off) < l.limit {
		return 0, false
	}
	by = order.Median(l.off)
	l.off = l.off[:0]
	return by, true
}
