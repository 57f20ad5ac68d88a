package main

import (
	"context"
	"fmt"
	"time"

	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/parallel"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// watched is the answer at one evaluation point.
type watched struct {
	warn.Answer
	index int // of the newest value that it knows
}

// watchAll answers every case at all its evaluation points, several cases at a time; the order of the answers is that of the cases.
func watchAll(ctx context.Context, cases []warnCase, o warnOptions) ([][]watched, error) {
	out := make([][]watched, len(cases))
	err := parallel.Each(ctx, len(cases), o.workers, func(ctx context.Context, i int) (err error) {
		if out[i], err = cases[i].watch(ctx, o); err != nil {
			err = fmt.Errorf("%s: %w", cases[i].name, err)
		}
		return err
	})
	return out, err
}

// watch answers a case from one evaluation point to the next, as rules do: the past is all that is known, and the alarm
// remembers its own earlier answers only.
func (c warnCase) watch(ctx context.Context, o warnOptions) ([]watched, error) {
	var out []watched
	var alarm warn.Alarm
	rule := warn.DefaultRule()
	history := max(int(o.history/c.step), 1)
	for i := c.first; i < len(c.values); i += c.each {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		a := warn.Evaluate(warn.Input{Values: c.values[max(i+1-history, 0) : i+1], Step: c.step, Threshold: c.threshold, Above: c.above,
			Bounds: forecast.Bounds{Min: c.low, Max: c.high}, Horizon: o.horizon, Seed: 1}, warn.DefaultGuards())
		out = append(out, watched{alarm.Next(rule, a, time.Unix(0, 0).Add(time.Duration(i)*c.step)), i})
	}
	return out, nil
}

// weeks is the time that n evaluation points of the case stand for.
func (c warnCase) weeks(n int) float64 {
	return float64(n*c.each) * c.step.Hours() / (7 * 24)
}

// episodes counts how often the rule began to fire.
func episodes(answers []watched) int {
	n := 0
	for i, a := range answers {
		if a.Firing && (i == 0 || !answers[i-1].Firing) {
			n++
		}
	}
	return n
}
