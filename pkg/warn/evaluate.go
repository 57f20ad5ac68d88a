package warn

import (
	"math"
	"slices"
)

const (
	samples = 400    // futures that are looked at
	likely  = 0.5    // share of futures that cross, from which a time is stated
	slight  = 0.1    // below this share of crossings there is no danger
	early   = 0.18   // quantile of the crossing times that ETAEarly is: futures spread a little wide, and 93 in 100 crossings of `bench warn` came later
	sight   = 7 * 24 // hours that every answer looks ahead at least
)

// Evaluate answers one series.
//
// The futures are drawn from the series' own regimes (see read): seasons of the day and week on stretches of steady growth, with
// breaks such as it had before. With Modelled, or where the history is too short to be taken apart, they are those of the forecast.
//
// At least half of the sampled futures must cross within a week, or the horizon where that is longer, for a time to be stated: ETA
// is then the time by which half of all futures have crossed, ETAEarly that by which 18 in 100 have. Where fewer than a tenth cross
// the state is ok and both times are Never; in between it is uncertain and they are Uncertain. Guards turn a stated time without
// evidence into Uncertain and are named in HeldBack, as are the reasons why what a straight line would tell is not told; the
// probabilities are those of the futures all the same. The series has breached the threshold when its newest known value and one of
// the two before are beyond it. Without a step, a known value or a threshold everything is uncertain, and the probabilities are NaN.
// An infinite value counts as missing.
func Evaluate(in Input, g Guards) Answer {
	a, _ := foresee(in, g)
	return a
}

// foresee is Evaluate with the futures that the answer was told from; nil where there are none of the series' own, or none were needed.
func foresee(in Input, g Guards) (Answer, *futures) {
	if in.Step <= 0 {
		return unknown(in, math.NaN(), math.NaN()), nil
	}
	in.Values = finite(in.Values)
	newest, breached := current(in)
	a := Answer{ETA: Never, ETAEarly: Never, State: OK, Threshold: in.Threshold, Current: newest, GrowthPerDay: growth(in)}
	switch {
	case breached:
		a.ETA, a.ETAEarly, a.State = 0, 0, Breached
		a.Probability, a.Prob24, a.Prob72 = 1, 1, 1
		return a, nil
	case math.IsNaN(newest) || math.IsNaN(in.Threshold):
		return unknown(in, newest, a.GrowthPerDay), nil
	}
	var f *futures
	if !in.Modelled {
		f = read(in, newest)
	}
	horizon := in.horizon()
	switch {
	case f != nil:
		a.seen = max(horizon, sight)
		a.times = f.crossings(in.sign()*in.Threshold, a.seen)
		if p := f.pace(); p != 0 {
			a.GrowthPerDay = in.sign() * p
		}
	case in.Forecast != nil && len(in.Forecast.Mean) > 0:
		a.seen = float64(len(in.Forecast.Mean)) * in.Step.Hours()
		a.times = passages(in, in.sign(), newest)
		for i := range a.times {
			a.times[i] *= in.Step.Hours()
		}
	default:
		return unknown(in, newest, a.GrowthPerDay), nil
	}
	a.Probability, a.Prob24, a.Prob72 = a.Within(min(horizon, a.seen)), a.Within(24), a.Within(72)
	switch p := a.Within(a.seen); {
	case p >= likely:
		a.State, a.ETA, a.ETAEarly = Rising, quantile(a.times, 0.5), quantile(a.times, early)
		a.hold(g.holdBack(in)...)
	case p >= slight:
		a.State, a.ETA, a.ETAEarly = UncertainState, Uncertain, Uncertain
	}
	if f != nil && a.State != Rising && a.HeldBack == nil {
		a.HeldBack = f.why(in.sign() * in.Threshold)
	}
	return a, f
}

// hold turns a stated time into Uncertain and names the guards that ask for it; without any it does nothing.
func (a *Answer) hold(guards ...string) {
	if len(guards) > 0 {
		a.State, a.ETA, a.ETAEarly = UncertainState, Uncertain, Uncertain
		a.HeldBack = append(a.HeldBack, guards...)
	}
}

// horizon gives the hours that Probability looks ahead.
func (in Input) horizon() float64 {
	switch {
	case in.Horizon > 0:
		return in.Horizon.Hours()
	case in.Forecast != nil && len(in.Forecast.Mean) > 0:
		return float64(len(in.Forecast.Mean)) * in.Step.Hours()
	}
	return sight
}

// unknown is the answer where there is nothing to answer from.
func unknown(in Input, newest, growth float64) Answer {
	nan := math.NaN()
	return Answer{ETA: Uncertain, ETAEarly: Uncertain, Probability: nan, Prob24: nan, Prob72: nan, State: UncertainState,
		Current: newest, Threshold: in.Threshold, GrowthPerDay: growth}
}

// largest is the greatest size of a value whose square, summed, is still a number.
const largest = 1e150

// finite gives the values with what is infinite or beyond largest as missing; the slice itself where there is none.
func finite(values []float64) []float64 {
	wild := func(v float64) bool { return math.Abs(v) > largest }
	if !slices.ContainsFunc(values, wild) {
		return values
	}
	out := slices.Clone(values)
	for i, v := range out {
		if wild(v) {
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
