package forecast

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"
)

// State is a trained forecaster by itself: what is kept between training and use. It has no training data, only what the model
// needs to go on: parameters, level, seasons and newest values, and how far its errors spread. Marshal and Unmarshal store it
// (Codec in codec.go); Push takes new points in one by one, in microseconds, without estimating anything again; RefitDue says
// when that is no longer good enough.
//
//	state, result, err := forecast.Train(ctx, in, opt)      // result is what Run gives
//	blob, err := forecast.Marshal(state)                    // bytes for the store
//	state, err = forecast.Unmarshal(blob)
//	state.Advance(values)                                   // the points since state.End(), oldest first, NaN = missing
//	answer, err := state.Result(horizon, confidence)        // a Result without the past's part
//	if why, due := state.RefitDue(); due { … }
//
// A State is not safe for concurrent use; Clone gives one that shares nothing that changes.
type State struct {
	Algorithm  string        // id of the algorithm that was trained; with "auto", the one chosen
	Step       time.Duration // distance of two values
	Periods    []int         // seasonal periods used, in steps
	Bounds     Bounds        // physical limits of the metric
	Trained    int           // points that it was trained on
	Seen       int           // points pushed since
	Confidence float64       // that it was trained for

	start time.Time // of the first value it was trained on
	clock clock
	model Model
	bands bandTable
	watch watch
}

// Train does what Run does and gives the trained state besides.
func Train(ctx context.Context, in Input, opt Options) (*State, *Result, error) {
	r, err := trained(ctx, in, opt)
	if err != nil {
		return nil, nil, err
	}
	s := &State{clock: newClock(in), Algorithm: r.Algorithm, Step: in.Step, Periods: slices.Clone(r.Periods), Bounds: in.Bounds, Trained: len(in.Values),
		Confidence: opt.Confidence, start: in.Start, model: r.model.fork(), bands: newBandTable(r), watch: newWatch(r)}
	r.model = nil
	return s, r, nil
}

// End gives the time just after the newest point taken in: the time of the next one.
func (s *State) End() time.Time { return s.start.Add(time.Duration(s.Trained+s.Seen) * s.Step) }

// Clone gives an own copy.
func (s *State) Clone() *State {
	out := *s
	out.Periods = slices.Clone(s.Periods)
	out.model = s.model.fork()
	return &out
}

// Push takes in the next point and gives what was expected of it. NaN and infinite values are missing ones.
func (s *State) Push(v float64) (expected float64) {
	v = sound(v)
	again := s.clock.advance(s.End(), s.Step, func() { s.model.push(math.NaN()) })
	expected = s.model.next()
	if again {
		s.Seen++
		return s.Bounds.inside(expected)
	}
	s.model.push(v)
	s.watch.see(v - expected)
	s.Seen++
	return s.Bounds.inside(expected)
}

// Advance takes in the points after End, oldest first.
func (s *State) Advance(newer []float64) {
	for _, v := range newer {
		s.Push(v)
	}
}

// Result forecasts horizon steps from End with the interval of the given confidence. Slices of the past are nil; Errors hold
// the backtest's error curves as far as they were kept, so that Sampler works. What was trained for fewer steps
// widens its band with the square root of the step beyond them.
func (s *State) Result(horizon int, confidence float64) (*Result, error) {
	if err := (Options{Horizon: horizon, Confidence: confidence}).check(Input{Step: s.Step}); err != nil {
		return nil, err
	}
	c, n, moved := s.clock.future(s.End(), s.Step, horizon)
	places := horizon
	if moved {
		places = c.horizon(n)
	}
	r := &Result{Algorithm: s.Algorithm, Periods: slices.Clone(s.Periods), Mean: s.model.Forecast(places), Explain: s.model.Explain(),
		Why: fmt.Sprintf("Trained on %d points, and %d newer ones taken in.", s.Trained, s.Seen), bounds: s.Bounds, reach: s.bands.reach, kept: &s.bands}
	if err := finiteOr(r.Mean, "the stored "+s.Algorithm); err != nil {
		return nil, err
	}
	if moved {
		r.Mean = c.ahead(r.Mean, n)
	}
	r.Sigma, r.Errors = s.bands.sigma(horizon), s.bands.errors(horizon)
	r.Lower, r.Upper = r.Band(confidence)
	s.Bounds.clip(r.Mean)
	return r, nil
}
