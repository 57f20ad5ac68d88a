package warn

import (
	"math"
	"slices"
	"time"
)

const (
	samples = 400 // futures that are looked at
	likely  = 0.5 // share of futures that cross, from which a time is stated
	early   = 0.1 // quantile of the crossing times that ETAEarly is; below this share of crossings there is no danger
)

// Evaluate answers one series. A future crosses at the first step that is beyond the threshold together with one of the
// two after it (2 of 3), so that a single noisy point is no crossing. Half of the sampled futures must cross for a time to be
// stated: ETA is then their median and ETAEarly their 10 % quantile. Where fewer than a tenth cross the state is ok and the
// times are Never; in between it is uncertain. Guards turn a time without evidence into Uncertain.
func Evaluate(in Input, g Guards) Answer {
	t := measure(in.Values, in.Step)
	a := Answer{ETA: Never, ETAEarly: Never, State: OK, Threshold: in.Threshold, Current: lastKnown(in.Values),
		GrowthPerDay: t.perStep * (24 * time.Hour).Seconds() / in.Step.Seconds()}
	sign := 1.0
	if !in.Above {
		sign = -1
	}
	if sign*(a.Current-in.Threshold) >= 0 {
		a.ETA, a.ETAEarly, a.State = 0, 0, Breached
		a.Probability, a.Prob24, a.Prob72 = 1, 1, 1
		return a
	}
	hours := in.Step.Hours()
	times := crossings(in, sign, a.Current)
	horizon := float64(len(in.Forecast.Mean)) * hours
	a.Probability = share(times, math.Inf(1), hours)
	a.Prob24, a.Prob72 = within(times, 24, horizon, hours), within(times, 72, horizon, hours)
	switch {
	case a.Probability >= likely:
		a.State = Rising
		a.ETA, a.ETAEarly = hours*quantile(times, 0.5), hours*quantile(times, early)
	case a.Probability >= early:
		a.State, a.ETA, a.ETAEarly = UncertainState, Uncertain, Uncertain
	}
	a.guard(in, g, t, sign)
	return a
}

// guard holds a stated time back where nothing but the model speaks for it.
func (a *Answer) guard(in Input, g Guards, t trend, sign float64) {
	if a.State != Rising {
		return
	}
	known, reached := 0, false
	for _, v := range in.Values {
		if !math.IsNaN(v) {
			known++
			reached = reached || sign*(v-in.Threshold) >= 0
		}
	}
	if time.Duration(known)*in.Step < g.History {
		a.HeldBack = append(a.HeldBack, ShortHistory)
	}
	if !reached && !t.toward(sign, g) {
		a.HeldBack = append(a.HeldBack, NoTrend)
	}
	if len(a.HeldBack) > 0 {
		a.State, a.ETA, a.ETAEarly = UncertainState, Uncertain, Uncertain
	}
}

// crossings gives the sorted crossing times of the sampled futures in steps after the last training value, +Inf where a
// future does not cross.
func crossings(in Input, sign, current float64) []float64 {
	paths := in.Forecast.Paths(samples, in.Seed)
	times := make([]float64, len(paths))
	for i, p := range paths {
		times[i] = firstPassage(p, sign, in.Threshold, current)
	}
	slices.Sort(times)
	return times
}

// firstPassage gives the time of the first lasting crossing, interpolated within its step.
func firstPassage(path []float64, sign, threshold, current float64) float64 {
	before := current
	for k, v := range path {
		if sign*(v-threshold) >= 0 && lasts(path, k, sign, threshold) {
			f := 1.0
			if v != before && !math.IsNaN(before) && sign*(before-threshold) < 0 {
				f = (threshold - before) / (v - before)
			}
			return float64(k) + f
		}
		before = v
	}
	return math.Inf(1)
}

func lasts(path []float64, k int, sign, threshold float64) bool {
	if k+1 >= len(path) {
		return true
	}
	return sign*(path[k+1]-threshold) >= 0 || k+2 < len(path) && sign*(path[k+2]-threshold) >= 0
}

// share is the part of the futures that cross within the given hours.
func share(times []float64, limit, hours float64) float64 {
	n := 0
	for _, t := range times {
		if !math.IsInf(t, 1) && t*hours <= limit {
			n++
		}
	}
	return float64(n) / float64(max(len(times), 1))
}

// within is share, but NaN where the forecast does not reach that far.
func within(times []float64, limit, horizon, hours float64) float64 {
	if horizon < limit {
		return math.NaN()
	}
	return share(times, limit, hours)
}

func quantile(sorted []float64, p float64) float64 {
	return sorted[min(int(p*float64(len(sorted))), len(sorted)-1)]
}

func lastKnown(x []float64) float64 {
	for i := len(x) - 1; i >= 0; i-- {
		if !math.IsNaN(x[i]) {
			return x[i]
		}
	}
	return math.NaN()
}
