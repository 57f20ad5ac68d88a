package main

import (
	"context"
	"errors"
	"fmt"
	"math"

	"golang.org/x/sync/errgroup"

	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// watched is the answer at one evaluation point.
type watched struct {
	warn.Answer
	index int
	fire  bool // the default rule fires
}

// watchAll answers every case at all its evaluation points, several cases at a time; the order of the answers is that of the cases.
func watchAll(ctx context.Context, cases []warnCase, o warnOptions) ([][]watched, error) {
	out := make([][]watched, len(cases))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(o.workers)
	for i, c := range cases {
		g.Go(func() (err error) {
			if out[i], err = c.watch(ctx, o); err != nil {
				err = fmt.Errorf("%s: %w", c.name, err)
			}
			return err
		})
	}
	return out, g.Wait()
}

// watch answers a case from one evaluation point to the next, as rules do: the past is all that is known, and the alarm
// remembers its own earlier answers only.
func (c warnCase) watch(ctx context.Context, o warnOptions) ([]watched, error) {
	var out []watched
	history := max(int(o.history/c.step), 1)
	for i := c.first; i < len(c.values); i += c.each {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		a, err := c.answer(ctx, c.values[max(i+1-history, 0):i+1], o)
		if err != nil {
			return nil, fmt.Errorf("index %d: %w", i, err)
		}
		out = append(out, watched{a, i, warn.Stated(a.ETAEarly) && a.ETAEarly < 72})
	}
	return out, nil
}

// answer is the early warning at the end of the values given.
func (c warnCase) answer(ctx context.Context, values []float64, o warnOptions) (warn.Answer, error) {
	r, err := forecast.Run(ctx, forecast.Input{Values: values, Step: c.step, Bounds: forecast.Bounds{Min: c.low, Max: c.high}},
		forecast.Options{Algorithm: forecast.Auto, Horizon: max(int(o.horizon/c.step), 1), Confidence: 0.95})
	if errors.Is(err, forecast.ErrTooShort) {
		return warn.Answer{ETA: warn.Uncertain, ETAEarly: warn.Uncertain, Prob24: math.NaN(), Prob72: math.NaN()}, nil
	}
	if err != nil {
		return warn.Answer{}, err
	}
	return warn.Evaluate(warn.Input{Values: values, Step: c.step, Threshold: c.threshold, Above: c.above, Forecast: r, Seed: 1}, warn.DefaultGuards()), nil
}

// weeks is the time that n evaluation points of the case stand for.
func (c warnCase) weeks(n int) float64 {
	return float64(n*c.each) * c.step.Hours() / (7 * 24)
}

// episodes counts how often the rule began to fire.
func episodes(answers []watched) int {
	n := 0
	for i, a := range answers {
		if a.fire && (i == 0 || !answers[i-1].fire) {
			n++
		}
	}
	return n
}
