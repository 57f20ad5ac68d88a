package detect

import (
	"math"
	"slices"
	"time"
)

const (
	restlessBlock  = 5 * time.Minute // shortest time that is judged as one: finer steps are averaged
	restlessFollow = 0.005           // share of a difference that the slow level takes over at each block
	restlessFirst  = 300             // blocks before anything is said
	restlessWarm   = 600             // blocks from which is learnt how far off the level is far
	restlessShare  = 0.99            // quantile of those distances that counts as fully off
	restlessMean   = 10              // blocks that are averaged
	restlessMemory = 4000            // blocks after which half of what is usual is forgotten
	restlessSilent = 120             // blocks after an alarm without another
	restlessRange  = 0.05            // part of the range so far by which a value has to leave it
	restlessShort  = 600             // blocks from which the range is twice as doubtful as in the long run
	restlessLimit  = 0.5             // likelihood from which is alarmed: a chance of 1e-5
	restlessMost   = 0.95            // the greatest such limit
	restlessTired  = 5               // alarms in memory, after which the next ones are kept back
	leastMean      = 0.03            // least mean and variance of the averaged distance
	leastVariance  = 3e-4
	certain        = 1e-10 // probability at which the likelihood is 1
	redZone        = 1e-5  // probability from which only the first of neighbouring blocks counts
	pastRed        = 1e-3  // what it counts as afterwards
)

var (
	restlessKeep   = math.Exp2(-1.0 / restlessMemory)
	restlessForget = math.Exp2(-1.0 / 2016) // of an alarm, at each block: half of it in a week of five minutes
)

// restless tells when a series is off its slow level more persistently than it ever was, and when it leaves the range of all
// values so far: the anomaly likelihood of Ahmad, Lavin, Purdy, Agha (Unsupervised real-time anomaly detection for streaming data,
// Neurocomputing 262, 2017) over the distance from a moving average, which is cut off where it is large, so that only its
// lasting counts. Mean and variance of the likelihood fade exponentially, so the state is small and of fixed size.
type restless struct {
	limit, margin float64 // likelihood that alarms, part of the range
	size          int     // points a block
	points        int     // of the present block
	known         int     // of them
	sum           float64
	unusual       bool // one of them is
	blocks        int
	level         float64
	warm          []float64
	far           float64               // distance that counts as fully off
	low, high     float64               // range of all blocks before the newest ones
	recent        [restlessMean]float64 // those, oldest first
	newest        [restlessMean]float64
	weight        float64 // of mean and variance
	mean, spread  float64
	red           bool
	quiet         int     // blocks to come without an alarm
	alarms        float64 // in memory
}

// newRestless makes one whose limits are the given multiple of restlessLimit and restlessRange.
func newRestless(step time.Duration, multiple float64) *restless {
	return &restless{size: max(int(restlessBlock/step), 1), warm: make([]float64, 0, restlessWarm), low: math.Inf(1), high: math.Inf(-1),
		limit: min(restlessLimit*multiple, restlessMost), margin: restlessRange * multiple}
}

// next takes a value in, and whether it is a usual one for its time, and gives a score at the end of each block, else 0: below 1 the
// likelihood as part of its limit; where an alarm is raised, what flags the point without another's confirmation, for it has lasted
// already.
func (r *restless) next(v float64, usual bool) float64 {
	if !math.IsNaN(v) {
		r.sum += v
		r.known++
		r.unusual = r.unusual || !usual
	}
	if r.points++; r.points < r.size {
		return 0
	}
	mean, known, unusual := r.sum/float64(r.known), r.known, r.unusual
	r.points, r.known, r.sum, r.unusual = 0, 0, 0, false
	if known == 0 {
		return 0
	}
	r.blocks++
	s := r.likelihood(r.distance(mean)) / r.limit
	if out := r.leaves(mean); unusual { // else a season's peak is higher than ever because all of its day is
		s = max(s, out)
	}
	r.alarms *= restlessForget
	switch {
	case r.quiet > 0:
		r.quiet--
		return 0
	case s < 1:
		return s
	}
	r.quiet = restlessSilent
	if r.alarms++; r.tired() {
		return 0
	}
	return autoUrgent * s
}

// tired tells whether it has alarmed so often that its alarms say nothing about this series.
func (r *restless) tired() bool { return r.alarms > restlessTired }

// distance is how far v is off the slow level, as part of what is far; at most 1. Where even what is far is nobody's incident, what
// is less counts as 0.
func (r *restless) distance(v float64) float64 {
	if r.blocks == 1 {
		r.level = v
	}
	d := math.Abs(v - r.level)
	r.level += max(restlessFollow, 1/float64(r.blocks)) * (v - r.level)
	if n := r.blocks; n <= restlessWarm {
		r.warm = append(r.warm, d)
		if n == restlessWarm/4 || n == restlessWarm/2 || n == restlessWarm {
			sorted := slices.Sorted(slices.Values(r.warm))
			r.far = sorted[min(int(restlessShare*float64(n)), n-1)]
		}
	} else {
		r.warm = nil
	}
	least := r.least()
	if d == 0 || d < least && r.far < least {
		return 0
	}
	return min(d/max(r.far, least), 1)
}

// least is what a value has to differ by from the slow level, or from the range, to be off or out.
func (r *restless) least() float64 { return leastScale * math.Abs(r.level) }

// likelihood is 0 to 1 for how unusual the mean of the newest distances is.
func (r *restless) likelihood(d float64) (s float64) {
	if r.far == 0 && r.blocks <= restlessWarm/4 {
		return 0
	}
	copy(r.newest[:], r.newest[1:])
	r.newest[restlessMean-1] = d
	now := 0.0
	for _, v := range r.newest {
		now += v / restlessMean
	}
	if r.blocks > restlessFirst && r.weight > 0 {
		p := chance(now, max(r.mean, leastMean), max(r.spread, leastVariance))
		red := p <= redZone
		if red && r.red {
			p = pastRed
		}
		r.red = red
		s = max(math.Log(certain+p)/math.Log(certain), 0)
	}
	r.weight = restlessKeep*r.weight + 1
	off := now - r.mean
	r.mean += off / r.weight
	r.spread += (off*(now-r.mean) - r.spread) / r.weight
	return s
}

// chance is the probability that a mean of values from 0 to 1 comes to q or more, where it usually is m with variance v: the
// larger of the normal tail and that of a mean of as many independent draws as have this variance (Bahadur, Rao: On deviations
// of the sample mean, Annals of Mathematical Statistics 31, 1960). The normal one alone is far too small where few of the values
// are not 0.
func chance(q, m, v float64) float64 {
	p := 0.5 * math.Erfc((q-m)/math.Sqrt(2*v))
	if q <= m || m >= 1 {
		return p
	}
	q = min(q, 0.999)
	n := m * (1 - m) / v
	divergence := q*math.Log(q/m) + (1-q)*math.Log((1-q)/(1-m))
	ahead := math.Sqrt(2*math.Pi*n*q*(1-q)) * (1 - m*(1-q)/(q*(1-m)))
	return max(p, math.Exp(-n*divergence)/max(ahead, 1))
}

// leaves is how far v is beyond all values so far, where 1 is what a value has to leave their range by, at most what a likelihood of
// 1 makes; 0 where it is less. The blocks that the likelihood averages are no part of the range yet, so that what creeps out of it is
// out like what jumps.
func (r *restless) leaves(v float64) (beyond float64) {
	if margin := max(r.margin*(r.high-r.low)*(1+restlessShort/float64(r.blocks)), r.least()); r.blocks > restlessFirst && r.high > r.low {
		beyond = min(max(v-r.high, r.low-v)/margin, 1/r.limit)
	}
	if oldest := r.recent[0]; r.blocks > restlessMean {
		r.low, r.high = min(r.low, oldest), max(r.high, oldest)
	}
	copy(r.recent[:], r.recent[1:])
	if r.recent[restlessMean-1] = v; beyond > 1 {
		return beyond
	}
	return 0
}
