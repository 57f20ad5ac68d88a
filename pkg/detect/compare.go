package detect

import (
	"context"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/param"
)

// comparison sets a value beside another of the same series: 同比, the same time of earlier days, or 环比, the points just
// before. The band is a percentage of the reference to either side, plus an absolute change. Where the reference is next to
// nothing the percentage is of a twentieth of the series' usual size.
type comparison struct {
	kind    string
	days    int     // that a mean, an interval or an amplitude looks back on
	points  int     // the same for previous points
	percent float64 // of the reference
	change  float64 // in the metric's unit
}

const leastReference = 0.05 // of the mean of |value|

func newSamePeriod(p param.Values) Detector {
	return comparison{kind: p.String("with"), days: p.Int("days"), percent: pick(p, "percent", 30, 50, 100), change: p.Float("change")}
}

func newPreviousPeriod(p param.Values) Detector {
	return comparison{kind: p.String("with"), points: p.Int("points"), percent: pick(p, "percent", 30, 50, 100), change: p.Float("change")}
}

func (d comparison) Detect(ctx context.Context, in Input) (Output, error) {
	out := blank(len(in.Values))
	sum, n := 0.0, 0.0
	back := newBackward(in)
	for i, v := range in.Values {
		if i%4096 == 0 && ctx.Err() != nil {
			return out, ctx.Err()
		}
		if i >= in.From && n > 0 {
			if e, ok := d.reference(in.Values, i, back); ok {
				slack := func(ref float64) float64 {
					return max(d.percent/100*max(math.Abs(ref), leastReference*sum/n)+d.change, math.SmallestNonzeroFloat64)
				}
				if d.kind == withAmplitude {
					half := e.scale + slack(e.scale)
					out.band(i, v, e.lo, half)
				} else {
					middle := e.lo + (e.hi-e.lo)/2
					out.sides(i, v, middle, middle-e.lo+slack(e.lo), e.hi-middle+slack(e.hi))
				}
			}
		}
		if !math.IsNaN(v) {
			sum, n = sum+math.Abs(v), n+1
		}
	}
	out.State = keeps(d.reach(in.Step), sum, n)
	return out, nil
}

// reach is how many values back the reference lies.
func (d comparison) reach(step time.Duration) int {
	switch {
	case d.points > 0:
		return 2 * d.points
	case d.kind == withYesterday:
		return int(day / step)
	case d.kind == withLastWeek:
		return int(7 * day / step)
	}
	return int(time.Duration(d.days) * day / step)
}

// What a value is compared with.
const (
	withYesterday = "yesterday"
	withLastWeek  = "last-week"
	withMean      = "mean"
	withInterval  = "interval"
	withAmplitude = "amplitude"
	withPrevious  = "previous"
)

// reference gives what the value at i is compared with: a range from lo to hi, and for amplitudes the usual change as scale.
func (d comparison) reference(x []float64, i int, back *backward) (e expectation, ok bool) {
	if d.points > 0 {
		return d.before(x, i)
	}
	first, last := 1, d.days
	switch d.kind {
	case withYesterday:
		last = 1
	case withLastWeek:
		first, last = 7, 7
	}
	e = expectation{math.Inf(1), math.Inf(-1), 0}
	sum, n := 0.0, 0.0
	for day := first; day <= last; day++ {
		j := back.index(i, day)
		if j < 0 {
			continue
		}
		switch d.kind {
		case withInterval:
			for k := max(j-1, 0); k <= min(j+1, i-1); k++ {
				if v := x[k]; !math.IsNaN(v) {
					e.lo, e.hi, n = min(e.lo, v), max(e.hi, v), n+1
				}
			}
		case withAmplitude:
			if j > 0 && !math.IsNaN(x[j]-x[j-1]) {
				sum, n = sum+math.Abs(x[j]-x[j-1]), n+1
			}
		default:
			if v := x[j]; !math.IsNaN(v) {
				sum, n = sum+v, n+1
			}
		}
	}
	switch {
	case n == 0:
		return e, false
	case d.kind == withInterval:
		return e, true
	case d.kind == withAmplitude:
		ok = i > 0 && !math.IsNaN(x[i-1])
		if ok {
			e = expectation{x[i-1], x[i-1], sum / n}
		}
		return e, ok
	}
	return expectation{sum / n, sum / n, 0}, true
}

// before is the mean of the newest known of the points before i; one that is older than twice as many steps is no previous one.
func (d comparison) before(x []float64, i int) (e expectation, ok bool) {
	need := d.points
	if d.kind == withPrevious {
		need = 1
	}
	sum, n := 0.0, 0
	for j := i - 1; j >= 0 && i-j <= 2*need && n < need; j-- {
		if v := x[j]; !math.IsNaN(v) {
			sum, n = sum+v, n+1
		}
	}
	if n == 0 {
		return e, false
	}
	at := sum / float64(n)
	return expectation{at, at, 0}, true
}

// backward finds the same local time of earlier days.
type backward struct {
	in     Input
	perDay int // 0 where days are not all of the same number of steps
}

func newBackward(in Input) *backward {
	b := &backward{in: in}
	if in.Calendar.Zone() == time.UTC && day%in.Step == 0 {
		b.perDay = int(day / in.Step)
	}
	return b
}

// index is that of the same time so many days before point i; negative where the series had not begun.
func (b *backward) index(i, days int) int {
	if b.perDay > 0 {
		return i - days*b.perDay
	}
	g := b.in.grid()
	if at := g.Index(b.in.Calendar.Back(g.Time(i), days)); at < i {
		return at
	}
	return -1
}
