package query

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/warn"
)

const (
	runsBack    = 24      // earlier runs that a warning rests on, at most
	answerBytes = 4 << 10 // about what one kept answer takes
)

// warn answers a warning query: from the values' own regimes, or from the forecast that follows on them where the query asks for a
// certain algorithm. Whether the warning stands is told from the runs at the full hours before, so that it is the same after a
// restart, in every replica and for every range that is looked at; but where nothing speaks for it any more a process without earlier
// runs ends it at once.
func (e *Engine) warn(q *Query, w *window, key string, limits Thresholds, values []float64, r *forecast.Result, out *Result) {
	if q.Type != Warning {
		return
	}
	rule, at := warn.DefaultRule(), w.asOf
	in := q.warnInput(values, at, limits, r)
	if q.WhatIf != nil {
		in.Growth, in.GrowthAfter = q.WhatIf.Growth, max(q.WhatIf.From.Sub(at), 0)
	}
	steps := 0
	if q.Output == All {
		steps = len(out.Forecast)
	}
	now, ahead := warn.LookAhead(in, warn.DefaultGuards(), steps, q.Confidence)
	if q.WhatIf != nil || in.Modelled { // what would be was not so before, and of a forecast there are no earlier ones
		now.Firing = rule.Settles(now) > 0
	} else {
		alarm := e.standing(q, rule, now, values, at, key, limits)
		now = alarm.Next(rule, now, at)
	}
	out.Warning = &now
	if ahead != nil { // a chart shows what its warning says
		out.Forecast, out.ForecastLo, out.ForecastUp = ahead.Mean, ahead.Lower, ahead.Upper
		out.Algorithm, out.Why = forecast.Auto, fromRegimes
	}
}

// fromRegimes says where a warning's futures come from when no algorithm of its own is asked for.
const fromRegimes = "From how the series itself moved: its seasons, its stretches of steady growth, and the breaks between them."

// warnInput is what a warning query asks of the values of a series until a time and, with an algorithm of its own, of the forecast that
// follows on them. The values are laid on people's clocks, whose day the series follows.
func (q *Query) warnInput(values []float64, until time.Time, limits Thresholds, r *forecast.Result) warn.Input {
	local := forecast.OnClocks(values, q.Calendar.Zone(), until.Add(-time.Duration(len(values))*q.Interval), q.Interval)
	return warn.Input{Values: local, Step: q.Interval, Threshold: limits.At(until), Above: q.Threshold.Direction == detect.Above,
		Bounds: natural(q.Bounds, values), Horizon: q.Horizon, Forecast: r, Modelled: q.Model.Algorithm != forecast.Auto, Seed: 1}
}

// standing replays the runs before now, from three in a row that leave no doubt on, or else from the oldest that is looked at. Where
// now nothing speaks for a warning, only runs that are kept are asked, until one of them does not say so too.
func (e *Engine) standing(q *Query, rule warn.Rule, now warn.Answer, values []float64, at time.Time, key string, limits Thresholds) (alarm warn.Alarm) {
	type run struct {
		at     time.Time
		answer warn.Answer
	}
	var runs []run
	kept, kind, same := rule.Settles(now) < 0, 0, 0
	apart := runsApart(now)
	then := at.Truncate(apart)
	for ; len(runs) < runsBack && !settled(rule, kind, same); then = then.Add(-apart) {
		if !then.Before(at) {
			continue
		}
		left := len(values) - int(at.Sub(then)/q.Interval)
		if left < 2 {
			break
		}
		answer, ok := e.answered(key, then, q.warnInput(values[:left], then, limits, nil), kept)
		if !ok {
			break
		}
		runs = append(runs, run{then, answer})
		switch s := rule.Settles(answer); {
		case s != 0 && s == kind:
			same++
		default:
			kind, same = s, min(s*s, 1)
		}
		kept = kept && kind < 0
	}
	for _, r := range slices.Backward(runs) {
		alarm.Next(rule, r.answer, r.at)
	}
	return alarm
}

// settled tells whether so many runs of one kind in a row decide, whatever was before: those that speak for a warning do so for as
// long as one that is far off must be foreseen.
func settled(rule warn.Rule, kind, same int) bool {
	if kind > 0 {
		return same >= 2*rule.Runs-1
	}
	return same >= rule.Runs
}

// runsApart is the time between the earlier runs that a warning rests on: an hour, less where little time is left.
func runsApart(now warn.Answer) time.Duration {
	switch {
	case now.State == warn.Rising && now.ETA < 2.2:
		return 15 * time.Minute
	case now.State == warn.Rising && now.ETA < 4.4:
		return 30 * time.Minute
	}
	return time.Hour
}

// answered gives the answer of a run at a full hour of the past; ok is false where it is not kept and only kept ones are wanted.
func (e *Engine) answered(key string, at time.Time, in warn.Input, kept bool) (a warn.Answer, ok bool) {
	name := fmt.Sprintf("%s|%g|%d", key, in.Threshold, at.Unix())
	if a, ok = e.runs.Get(name); ok || kept {
		return a, ok
	}
	a = warn.Evaluate(in, warn.DefaultGuards())
	e.runs.Put(name, a, answerBytes)
	return a, true
}

// runKey names what a run of a warning rests on, but for the series and the time.
func (q *Query) runKey() string {
	text, err := json.Marshal([]any{q.Source, q.Filters, q.Interval, q.TrainingWindow, q.Horizon, q.Threshold, q.Bounds, q.Model, q.Calendar != nil, q.Calendar.Zone().String()})
	if err != nil { // of plain values there is none
		return q.RefID
	}
	return string(text)
}
