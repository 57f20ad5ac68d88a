package query

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/evaluate"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/warn"
)

const (
	lookEvery  = time.Hour      // of the past at which a warning is asked for again
	learnEvery = 24 * time.Hour // after which an algorithm of the query's own is trained anew on the way
)

// confirmedWithin is how long after a warning was raised a crossing proves it right: twice the time that the rule looks ahead.
var confirmedWithin = 2 * warn.DefaultRule().Within

// Looks are the answers that a warning query gave, or would have given, to one series at moments of the past, each from what was
// known then.
type Looks struct {
	Answers []warn.Answer
	Known   []int // number of the grid's values that were known
	Every   time.Duration
	grid    series.Grid
	above   bool // crossing upwards is the trouble
}

// Looks asks for a series' warning at each full hour of the grid from a time on, or at each `every` that is longer. An algorithm of the
// query's own is trained on what was known then, once a day, and goes on from there.
func (e *Engine) Looks(ctx context.Context, q *Query, g series.Grid, s series.Series, limits Thresholds, from time.Time, every time.Duration) (*Looks, error) {
	return e.looks(ctx, q, g, s, limits, from, every, "")
}

// looks keeps the answers under the key of the series' runs, for rules and the next time that a panel asks; without one it keeps none.
func (e *Engine) looks(ctx context.Context, q *Query, g series.Grid, s series.Series, limits Thresholds, from time.Time, every time.Duration, key string) (*Looks, error) {
	step := max(int(every/q.Interval), 1)
	out := &Looks{Every: time.Duration(step) * q.Interval, grid: g, above: q.Threshold.Direction == detect.Above}
	var alarm warn.Alarm
	rule, ahead := warn.DefaultRule(), learner{q: q, g: g, s: s}
	for at := max(g.Index(from), 3); at <= g.Len; at += step {
		begin := max(at-int(q.TrainingWindow/q.Interval), 0)
		in := q.warnInput(q.calendarOf(s.Labels).Learn(g.Slice(begin, at), s.Values[begin:at]), g.Time(at), limits, nil)
		if in.Modelled {
			r, err := ahead.forecast(ctx, begin, at, step)
			if err != nil {
				return nil, fmt.Errorf("series %s: %w", s.Name, err)
			}
			if r == nil {
				continue
			}
			in.Forecast = r
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		var now warn.Answer
		if key != "" && !in.Modelled {
			now, _ = e.answered(key, g.Time(at), in, false)
		} else {
			now = warn.Evaluate(in, warn.DefaultGuards())
		}
		if in.Modelled || every > lookEvery { // as a query of it answers; and runs far apart confirm nothing
			now.Firing = rule.Settles(now) > 0
		} else {
			now = alarm.Next(rule, now, g.Time(at))
		}
		out.Answers = append(out.Answers, now)
		out.Known = append(out.Known, at)
	}
	return out, nil
}

// learner forecasts a series at moments of its past.
type learner struct {
	q         *Query
	g         series.Grid
	s         series.Series
	kept      *TrainedSeries
	trainedAt int
}

// forecast gives what would have been foreseen after the values [begin, at), `every` values after it was asked last; nil where they
// are too few.
func (l *learner) forecast(ctx context.Context, begin, at, every int) (*forecast.Result, error) {
	if l.kept == nil || time.Duration(at-l.trainedAt)*l.q.Interval >= learnEvery {
		known := series.Series{Name: l.s.Name, Labels: l.s.Labels, Values: l.s.Values[begin:at]}
		one, _, err := Learn(ctx, l.q, l.g.Slice(begin, at), known)
		if errors.Is(err, forecast.ErrTooShort) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		l.kept, l.trainedAt = one, at
	} else {
		l.kept.State.Advance(l.q.Calendar.Learn(l.g.Slice(at-every, at), l.s.Values[at-every:at]))
	}
	return l.kept.State.Result(l.q.Steps(), l.q.Confidence)
}

// Stood is a stretch in which a warning stood.
type Stood struct {
	From, To  time.Time
	Peak      float64     // highest probability
	First     warn.Answer // as it was raised
	CrossedIn time.Duration
	Crossed   bool // while it stood, or within twice the time that the rule looks ahead; at once where First is breached
	Ended     bool
}

// stoodGap joins stretches: a rule that stays pending for so long does not tell twice.
const stoodGap = 6 * time.Hour

// Stretches joins the moments at which the warning stood, and tells what became of them.
func (l *Looks) Stretches() (out []Stood, became evaluate.Warnings) {
	flags, over, score := make([]bool, len(l.Answers)), make([]bool, len(l.Answers)), make([]float64, len(l.Answers))
	for k, a := range l.Answers {
		flags[k], over[k], score[k] = a.Firing, a.State == warn.Breached, a.Probability
	}
	for _, e := range evaluate.Episodes(flags, score, int(stoodGap/l.Every)) {
		one := Stood{From: l.grid.Time(l.Known[e.From]), To: l.grid.Time(min(l.Known[e.To-1]+int(l.Every/l.grid.Step), l.grid.Len)), Peak: e.Peak, First: l.Answers[e.From], Ended: e.To < len(l.Answers)}
		if k := slices.Index(over[e.From:], true); k >= 0 {
			one.CrossedIn = time.Duration(k) * l.Every
			one.Crossed = one.CrossedIn <= max(confirmedWithin, time.Duration(e.To-e.From)*l.Every)
		}
		out = append(out, one)
	}
	return out, evaluate.Outcomes(flags, over, l.Every, confirmedWithin)
}

// String says in a sentence what was told and what became of it.
func (s Stood) String() string {
	f := s.First
	if f.State != warn.Rising {
		return fmt.Sprintf("%.4g, the threshold of %.4g was crossed", f.Current, f.Threshold)
	}
	text := fmt.Sprintf("%.4g, and the threshold of %.4g expected in %.0f h (earliest %.0f h)", f.Current, f.Threshold, f.ETA, f.ETAEarly)
	switch {
	case s.Crossed:
		text += fmt.Sprintf("; it was crossed %.0f h later", s.CrossedIn.Hours())
	case s.Ended:
		text += "; withdrawn"
	}
	return text
}
