package detect

import (
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

// profiled takes a proven season away from a series as it comes: what is left of a value is its distance from the median of the
// same phase of the cycles before.
type profiled struct {
	step    time.Duration
	perDay  int
	periods []int
	season  *slots // nil where no season is proven
	stale   bool   // the next review learns anew, whenever it is
}

func newProfiled(step time.Duration) *profiled {
	return &profiled{step: step, perDay: stepsADay(step)}
}

// review looks for seasons in x, the values so far, when it is time to, and learns them anew where they changed. It gives what is
// left of the newest values, as many as keep says, and whether that is new.
func (p *profiled) review(x []float64, keep int) (left []float64, changed bool) {
	if !p.stale && !due(len(x), p.perDay) {
		return nil, false
	}
	found := forecast.DetectPeriods(x[max(len(x)-p.reviewed(), 0):], p.step)
	if slices.Equal(found, p.periods) && !p.stale {
		return nil, false
	}
	p.periods, p.season, p.stale = found, nil, false
	back := keep
	if n := len(found); n > 0 {
		p.season = newSlots(found[n-1], p.step)
		back += slotCycles * found[n-1]
	}
	for _, v := range x[max(len(x)-back, 0):] {
		left = append(left, v-p.expect())
		p.learn(v)
	}
	return left[max(len(left)-keep, 0):], true
}

// reviewed is how many of the newest values a review looks at.
func (p *profiled) reviewed() int { return reviewSpan * p.perDay }

// expect gives the profile at the next value; 0 where no season is proven, NaN where the phase is unknown.
func (p *profiled) expect() float64 {
	if p.season == nil {
		return 0
	}
	middle, _ := p.season.expect()
	return middle
}

// learn takes the next value in, after expect.
func (p *profiled) learn(v float64) {
	if p.season != nil {
		p.season.learn(v)
	}
}

// expectBy is expect for the phase so many steps later.
func (p *profiled) expectBy(steps int) float64 {
	if p.season == nil {
		return 0
	}
	at, period := p.season.at, p.season.period
	p.season.at = ((at+steps)%period + period) % period
	usual := p.expect()
	p.season.at = at
	return usual
}

// raise makes what is left of values less by so much, and tells whether it could: without a season there is no profile.
func (p *profiled) raise(by float64) bool {
	if p.season == nil || math.IsNaN(by) {
		return false
	}
	p.season.raise(by)
	return true
}
