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

// Evaluate answers one series.
//
// A future crosses at the first step that is beyond the threshold together with one of the two after it (2 of 3), so that a
// daily peak that touches the threshold is a crossing, and a single noisy point is none. In the same way the series has
// breached the threshold when its newest known value and one of the two before are beyond it. Crossing times are
// interpolated within their step.
//
// At least half of the sampled futures must cross for a time to be stated: ETA is then the time by which half of all futures
// have crossed, ETAEarly that by which a tenth have. Where fewer than a tenth cross the state is ok and both times are Never; in
// between it is uncertain and they are Uncertain. Guards turn a stated time without evidence into Uncertain and are named in
// HeldBack; the probabilities are those of the futures all the same. Without a step, a forecast, a known value or a threshold
// everything is uncertain, and the probabilities are NaN. An infinite value counts as missing.
func Evaluate(in Input, g Guards) Answer {
	if in.Step <= 0 {
		return unknown(in, math.NaN(), math.NaN())
	}
	in.Values = finite(in.Values)
	t := measure(in.Values, in.Step)
	newest, breached := current(in)
	a := Answer{ETA: Never, ETAEarly: Never, State: OK, Threshold: in.Threshold, Current: newest,
		GrowthPerDay: t.perStep * (24 * time.Hour).Seconds() / in.Step.Seconds()}
	switch {
	case breached:
		a.ETA, a.ETAEarly, a.State = 0, 0, Breached
		a.Probability, a.Prob24, a.Prob72 = 1, 1, 1
		return a
	case in.Forecast == nil || len(in.Forecast.Mean) == 0 || math.IsNaN(newest) || math.IsNaN(in.Threshold):
		return unknown(in, newest, a.GrowthPerDay)
	}
	times := passages(in, in.sign(), newest)
	hours := in.Step.Hours()
	horizon := float64(len(in.Forecast.Mean)) * hours
	within := func(limit float64) float64 {
		if horizon < limit {
			return math.NaN() // the forecast does not reach that far
		}
		return share(times, limit/hours)
	}
	a.Probability, a.Prob24, a.Prob72 = within(horizon), within(24), within(72)
	switch {
	case a.Probability >= likely:
		a.State, a.ETA, a.ETAEarly = Rising, hours*quantile(times, 0.5), hours*quantile(times, early)
		a.HeldBack = g.holdBack(in, t)
	case a.Probability >= early:
		a.State, a.ETA, a.ETAEarly = UncertainState, Uncertain, Uncertain
	}
	if len(a.HeldBack) > 0 {
		a.State, a.ETA, a.ETAEarly = UncertainState, Uncertain, Uncertain
	}
	return a
}

// unknown is the answer where there is nothing to answer from.
func unknown(in Input, newest, growth float64) Answer {
	nan := math.NaN()
	return Answer{ETA: Uncertain, ETAEarly: Uncertain, Probability: nan, Prob24: nan, Prob72: nan, State: UncertainState,
		Current: newest, Threshold: in.Threshold, GrowthPerDay: growth}
}

// finite gives the values with infinities as missing; the slice itself where there are none.
func finite(values []float64) []float64 {
	if !slices.ContainsFunc(values, func(v float64) bool { return math.IsInf(v, 0) }) {
		return values
	}
	out := slices.Clone(values)
	for i, v := range out {
		if math.IsInf(v, 0) {
			out[i] = math.NaN()
		}
	}
	return out
}

// sign is +1 where crossing upwards is the trouble, else -1.
func (in Input) sign() float64 {
	if in.Above {
		return 1
	}
	return -1
}

// current gives the newest known value, and whether the threshold is breached now.
func current(in Input) (newest float64, breached bool) {
	newest = math.NaN()
	known, beyond := 0, 0
	for i := len(in.Values) - 1; i >= 0 && known < 3; i-- {
		v := in.Values[i]
		if math.IsNaN(v) {
			continue
		}
		over := in.sign()*(v-in.Threshold) >= 0
		if known == 0 {
			newest = v
			if !over {
				return newest, false
			}
		}
		known++
		if over {
			beyond++
		}
	}
	return newest, beyond >= 2 || known == 1
}
