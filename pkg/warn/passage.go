package warn

import (
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

const (
	reach = 6.0 // standard errors from the threshold beyond which a step cannot matter: once in a thousand million
	piece = 16  // steps that are drawn at a time
)

// passages gives the sorted times at which sampled futures cross, in steps after the last training value; +Inf where a future
// does not cross within the forecast. Only what can matter is drawn: nothing before the first step whose spread reaches the
// threshold, and of each future nothing after its crossing.
func passages(in Input, sign, current float64) []float64 {
	h := len(in.Forecast.Mean)
	times := make([]float64, samples)
	first := firstInReach(in.Forecast, sign, in.Threshold)
	if first == h {
		for i := range times {
			times[i] = math.Inf(1)
		}
		return times
	}
	from := max(first-1, 0) // the step before is needed to interpolate
	sampler, path := in.Forecast.Sampler(in.Seed), make([]float64, h)
	for i := range times {
		sampler.Next()
		times[i] = math.Inf(1)
		for known, tested := from, from; known < h && math.IsInf(times[i], 1); {
			to := min(known+piece, h)
			sampler.Extend(path, known, to)
			known = to
			times[i] = firstPassage(path[:known], tested, sign, in.Threshold, current)
			tested = max(known-2, from) // what follows these two decides on them
		}
	}
	slices.Sort(times)
	return times
}

func firstInReach(r *forecast.Result, sign, threshold float64) int {
	for t, m := range r.Mean {
		if sign*(m-threshold)+reach*r.Sigma[t] >= 0 {
			return t
		}
	}
	return len(r.Mean)
}

// firstPassage gives the time of the first lasting crossing at step from or later, interpolated within its step, where the value
// `before` is at time 0 and path[0] at time 1; +Inf where there is none.
func firstPassage(path []float64, from int, sign, threshold, before float64) float64 {
	if from > 0 {
		before = path[from-1]
	}
	for k := from; k < len(path); k++ {
		v := path[k]
		if sign*(v-threshold) >= 0 && lasts(path[k+1:], len(path), sign, threshold) {
			f := 1.0
			if sign*(before-threshold) < 0 {
				f = (threshold - before) / (v - before)
			}
			return float64(k) + f
		}
		before = v
	}
	return math.Inf(1)
}

// lasts tells whether one of the next two steps is beyond the threshold too. What a path does not show does not count, but a
// path of one or two steps in all needs no more than what it has.
func lasts(next []float64, length int, sign, threshold float64) bool {
	for _, v := range next[:min(2, len(next))] {
		if sign*(v-threshold) >= 0 {
			return true
		}
	}
	return length < 3 && len(next) == 0
}

// share is the part of the futures that cross within the given steps.
func share(times []float64, limit float64) float64 {
	n, _ := slices.BinarySearch(times, math.Nextafter(limit, math.Inf(1)))
	return float64(n) / float64(max(len(times), 1))
}

// quantile is the least time by which at least the share p of the futures has crossed.
func quantile(sorted []float64, p float64) float64 {
	return sorted[max(int(math.Ceil(p*float64(len(sorted))))-1, 0)]
}
