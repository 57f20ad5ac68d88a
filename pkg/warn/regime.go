package warn

import (
	"math"

	"gonum.org/v1/gonum/stat"
)

// regime is one reading of how a series moves: stretches of steady growth or rest, the breaks between them, and how long the
// stretches lasted. From it possible futures are drawn: the present stretch goes on for as long as stretches of this series do,
// then it breaks as this series has broken before.
type regime struct {
	lines   []stretch // oldest first; the last one lasts now
	breaks  []change
	lasted  []float64 // lengths of the finished stretches, in blocks; the first is longer than was seen
	total   float64   // blocks seen
	peaks   []float64 // level before each fall
	byPeak  bool      // falls come at a level rather than after a time
	byLevel [2]bool   // after falls [0], rises [1] the level is the same each time, rather than the change
	noise   float64   // standard deviation of a block about its line
	turns   []int     // the breaks there
	width   float64   // of all values
	before  int       // breaks before the curve that lasts now; all of them where it is a straight line
	bend    float64   // rate at which the slope changes, a block, where it has been changing steadily: > 0 speeds up, < 0 slows down
}

// change is a break as it was seen.
type change struct{ jump, level, slope float64 }

func newRegime(b *blocks, p *partition, from int) regime {
	r := regime{lines: p.lines(from), total: float64(p.n), noise: math.Sqrt(p.noise)}
	for i := range r.lines {
		more := 0.0
		if i == len(r.lines)-1 {
			more = b.partOfDay(r.lines[i])
		}
		r.lines[i].trust(p.noise, more)
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for i, l := range r.lines {
		lo, hi = min(lo, l.start(), l.level), max(hi, l.start(), l.level)
		if i == 0 {
			continue
		}
		before := r.lines[i-1]
		r.breaks = append(r.breaks, change{jump: l.start() - before.level - before.slope, level: l.start(), slope: l.slope})
		r.lasted = append(r.lasted, before.length())
	}
	r.width = hi - lo
	r.learnBend()
	r.learnPeaks()
	for k, falls := range []bool{true, false} {
		var jumps, levels []float64
		for _, c := range r.breaks {
			if falls && c.jump < -r.large() || !falls && c.jump > r.large() {
				jumps, levels = append(jumps, c.jump), append(levels, c.level)
			}
		}
		r.byLevel[k] = len(jumps) > 1 && stat.PopStdDev(levels, nil) < stat.PopStdDev(jumps, nil)
	}
	return r
}

// learnBend looks for growth that speeds up or slows down: three stretches of half a day at least without jumps between them whose
// slopes change in one direction and by comparable amounts. The breaks of such a curve, back to where it began, are where straight
// lines had to be broken to follow it, and nothing that could come again.
func (r *regime) learnBend() {
	k := len(r.lines) - 1
	if r.before = k; k < 2 {
		return
	}
	a, b, c := r.lines[k-2], r.lines[k-1], r.lines[k]
	first, second := b.slope-a.slope, c.slope-b.slope
	for i, l := range []stretch{a, b, c} {
		if l.length() < 12 || i > 0 && math.Abs(r.breaks[k-3+i].jump) > r.large() {
			return
		}
	}
	if first*second <= 0 || a.slope*b.slope < 0 || b.slope*c.slope <= 0 || second/first > 4 || second/first < 0.25 {
		return
	}
	r.bend = math.Log(c.slope/b.slope) / ((b.length() + c.length()) / 2)
	for r.before = k - 2; r.before > 0; r.before-- {
		earlier, l := r.lines[r.before-1], r.lines[r.before]
		if (l.slope-earlier.slope)*second <= 0 || earlier.slope*l.slope < 0 || math.Abs(r.breaks[r.before-1].jump) > r.large() {
			return
		}
	}
}

// age is how long the present stretch, or the curve that it is a part of, has lasted.
func (r *regime) age() float64 { return float64(r.lines[len(r.lines)-1].to - r.lines[r.before].from) }

// large is the size from which a break is a jump.
func (r *regime) large() float64 { return 4 * r.noise }

// trust shrinks the slope of a stretch by the share of it that may be chance (James, Stein: "Estimation with quadratic loss", 1961,
// positive part); more is variance of the slope beside that of the noise.
func (l *stretch) trust(noise, more float64) {
	if l.spread == 0 || l.slope == 0 {
		return
	}
	free := max(l.known-2, 1)
	l.doubt = (free+2)/free*noise/l.spread + more
	lost := l.slope * min(shrink*l.doubt/(l.slope*l.slope), 1)
	l.slope -= lost
	l.level -= lost * (l.length() - 1) / 2
}

const (
	shrink      = 4
	seasonDoubt = 0.3
)

// partOfDay is the variance that an error in the course of the day makes in the slope of a stretch that sees a part of it only.
func (b *blocks) partOfDay(l stretch) float64 {
	if l.length() >= float64(2*len(b.season)) {
		return 0
	}
	course := make([]float64, l.to-l.from)
	for i := range course {
		course[i] = b.at(l.from+i, 1)
	}
	s := newSums(course)
	slope := seasonDoubt * s.line(0, len(course)).slope
	return slope * slope
}

// learnPeaks finds where rises ended: levels from which the series came down by half of its range, at once or by and by.
func (r *regime) learnPeaks() {
	rising, turn := true, r.lines[0].start()
	at := 0
	for i, l := range r.lines {
		for k, v := range []float64{l.start(), l.level} {
			switch {
			case rising && v >= turn:
				turn, at = v, i+k-1
			case rising && v < turn-r.width/2:
				r.peaks, r.turns = append(r.peaks, turn), append(r.turns, max(at, 0))
				rising, turn = false, v
			case !rising && v <= turn:
				turn = v
			case !rising && v > turn+r.width/2:
				rising, turn, at = true, v, i+k-1
			}
		}
	}
	r.byPeak = len(r.peaks) == 1 || len(r.peaks) > 1 && stat.PopStdDev(r.peaks, nil) < 0.15*r.width
}
