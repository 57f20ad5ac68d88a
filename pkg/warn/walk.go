package warn

import (
	"math"
	"math/rand/v2"
	"slices"
)

// walk draws a future level of each of the blocks after the history into path, without season.
func (r *regime) walk(path []float64, rng *rand.Rand) {
	now := r.lines[len(r.lines)-1]
	slope, level := now.slope, now.level+rng.NormFloat64()*r.noise*math.Sqrt(1/now.known+0.25)
	if now.spread == 0 { // too short for a slope of its own: that of any stretch
		slope = r.lines[rng.IntN(len(r.lines))].slope
	} else {
		ds := rng.NormFloat64() * math.Sqrt(now.doubt)
		slope, level = slope+ds, level+ds*(now.length()-1)/2
	}
	slope *= math.Exp(slopeDrift * rng.NormFloat64())
	rate, most := 2*rng.Float64(), 3*math.Abs(now.slope)
	if rate *= r.bend; rate != 0 { // what speeds up feeds itself, and what slows down spends itself
		slope *= math.Exp(rate * now.length() / 2)
	}
	pace := math.Exp(rate)
	left := r.remaining(r.age(), slope, rng)
	peak := r.peak(level, rng)
	for t := range path {
		if left <= 0 || level >= peak && slope > 0 {
			level, slope = r.next(level, left > 0, rng)
			left = r.remaining(0, slope, rng)
			peak, pace = r.peak(level, rng), 1
		} else {
			level += slope
			if next := slope * pace; math.Abs(next) < most {
				slope = next
			}
		}
		left--
		path[t] = level
	}
}

const slopeDrift = 0.15

// remaining draws how much longer a stretch of the given age and slope lasts: as long as an earlier one did that was like it and grew
// older, or, the likelier the fewer there are, by the Lomax law that a constant rate of breaks of unknown size gives.
func (r *regime) remaining(age, slope float64, rng *rand.Rand) float64 {
	like, older := 0, 0
	for i, d := range r.lasted[:r.before] {
		if i > 0 && similar(r.lines[i].slope, slope) {
			like++
			if d > age {
				older++
			}
		}
	}
	k := int(rng.Float64() * (float64(like) + 0.5))
	if k >= older {
		return r.lomax(rng)
	}
	for i, d := range r.lasted[:r.before] {
		if i > 0 && d > age && similar(r.lines[i].slope, slope) {
			if k == 0 {
				return d - age
			}
			k--
		}
	}
	return r.lomax(rng)
}

// similar tells whether two slopes are of the same direction, and neither is a fifth of the other or less.
func similar(a, b float64) bool {
	return a*b >= 0 && math.Abs(a) >= 0.2*math.Abs(b) && math.Abs(b) >= 0.2*math.Abs(a)
}

func (r *regime) lomax(rng *rand.Rand) float64 {
	m := float64(r.before)
	return (r.total + 48) * (math.Pow(1-rng.Float64(), -1/(m+0.5)) - 1)
}

// peak draws the level at which the present rise ends; +Inf where nothing says that it will. A rise beyond all earlier ones is free.
func (r *regime) peak(level float64, rng *rand.Rand) float64 {
	m := len(r.peaks)
	if !r.byPeak || level > slices.Max(r.peaks)+0.05*r.width || rng.Float64()*(float64(m)+0.5) > float64(m) {
		return math.Inf(1)
	}
	return max(r.peaks[rng.IntN(m)], level)
}

// next draws a break: one that was seen, or the end of all growth; at a peak one of those that ended rises.
func (r *regime) next(level float64, peaked bool, rng *rand.Rand) (float64, float64) {
	k := rng.IntN(r.before + 1)
	if peaked {
		k = r.turns[rng.IntN(len(r.turns))]
	}
	if k >= r.before {
		return level, 0
	}
	c := r.breaks[k]
	if peaked {
		c.jump, c.slope = min(c.jump, 0), min(c.slope, 0)
	}
	switch {
	case c.jump < -r.large() && r.byLevel[0], c.jump > r.large() && r.byLevel[1]:
		return c.level, c.slope
	}
	return level + c.jump, c.slope
}
