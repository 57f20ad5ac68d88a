package train

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/evaluate"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/warn"
)

const (
	lookEvery  = time.Hour      // of the past at which a warning is asked for again
	learnEvery = 24 * time.Hour // after which the replay trains an algorithm of the query's own anew
)

// replayWarning asks at each hour of the past for the warning that would have been given, and tells what became of them. An algorithm
// of the query's own is trained on what was known then, once a day, and goes on from there. Limits from another source are
// those of now.
func (t *Trainer) replayWarning(ctx context.Context, q *query.Query, set *series.Set, r *Replayed) error {
	limit, err := t.engine.Limits(ctx, q, r.To)
	if err != nil {
		return err
	}
	alerts, became := make([][]Alert, len(set.Series)), make([]evaluate.Warnings, len(set.Series))
	err = t.each(ctx, len(set.Series), false, func(ctx context.Context, i int) error {
		looks, err := warnings(ctx, q, set.Grid, set.Series[i], limit(set.Series[i].Labels), r.From)
		if err != nil {
			return err
		}
		alerts[i], became[i] = looks.stretches(set.Grid, set.Series[i])
		return nil
	})
	if err != nil {
		return err
	}
	var all evaluate.Warnings
	for i, a := range alerts {
		r.Alerts = append(r.Alerts, a...)
		all.Add(became[i])
	}
	if all.Raised+all.Crossings > 0 {
		r.Notices = append(r.Notices, all.String())
	}
	r.Became = &all
	r.PerWeek = float64(len(r.Alerts)) / r.weeks()
	r.Scales, r.Curve = []float64{1}, []float64{r.PerWeek}
	r.end()
	return nil
}

// looks are the answers at the hours of the past.
type looks struct {
	answers []warn.Answer
	times   []int // number of values that were known
	every   int
}

// warnings asks for one series' warning at each hour.
func warnings(ctx context.Context, q *query.Query, g series.Grid, s series.Series, limit float64, from time.Time) (*looks, error) {
	window, every := int(q.TrainingWindow/q.Interval), max(int(lookEvery/q.Interval), 1)
	out := &looks{every: every}
	var alarm warn.Alarm
	ahead := learner{q: q, g: g, s: s}
	for at := max(g.Index(from), 3); at <= g.Len; at += every {
		begin := max(at-window, 0)
		in := q.WarnInput(q.Calendar.Learn(g.Slice(begin, at), s.Values[begin:at]), limit, nil)
		if in.Modelled {
			r, err := ahead.forecast(ctx, begin, at, every)
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
		now := warn.Evaluate(in, warn.DefaultGuards())
		if rule := warn.DefaultRule(); in.Modelled {
			now.Firing = rule.Settles(now) > 0 // as a query of it answers
		} else {
			now = alarm.Next(rule, now, g.Time(at))
		}
		out.answers = append(out.answers, now)
		out.times = append(out.times, at)
	}
	return out, nil
}

// learner forecasts a series at moments of its past.
type learner struct {
	q         *query.Query
	g         series.Grid
	s         series.Series
	kept      *query.TrainedSeries
	trainedAt int
}

// forecast gives what would have been foreseen after the values [begin, at); nil where they are too few.
func (l *learner) forecast(ctx context.Context, begin, at, every int) (*forecast.Result, error) {
	if l.kept == nil || time.Duration(at-l.trainedAt)*l.q.Interval >= learnEvery {
		known := series.Series{Name: l.s.Name, Labels: l.s.Labels, Values: l.s.Values[begin:at]}
		one, _, err := query.Learn(ctx, l.q, l.g.Slice(begin, at), known)
		if tooShort(err) {
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

// confirmedWithin is how long after a warning was raised a crossing proves it right: twice the time that the rule looks ahead.
var confirmedWithin = 2 * warn.DefaultRule().Within

// stretches joins the hours at which the warning stood, and tells what became of them.
func (l *looks) stretches(g series.Grid, s series.Series) (out []Alert, became evaluate.Warnings) {
	flags, over, score := make([]bool, len(l.answers)), make([]bool, len(l.answers)), make([]float64, len(l.answers))
	for k, a := range l.answers {
		flags[k], over[k], score[k] = a.Firing, a.State == warn.Breached, a.Probability
	}
	for _, e := range evaluate.Episodes(flags, score, int(6*time.Hour/(time.Duration(l.every)*g.Step))) {
		first := l.answers[e.From]
		text := fmt.Sprintf("%.4g, the threshold of %.4g was crossed", first.Current, first.Threshold)
		if first.State == warn.Rising {
			text = fmt.Sprintf("%.4g, and the threshold of %.4g expected in %.0f h (earliest %.0f h)", first.Current, first.Threshold, first.ETA, first.ETAEarly)
			if k := slices.Index(over[e.From:], true); k >= 0 && time.Duration(k*l.every)*g.Step <= max(confirmedWithin, time.Duration((e.To-e.From)*l.every)*g.Step) {
				text += fmt.Sprintf("; it was crossed %.0f h later", (time.Duration(k*l.every) * g.Step).Hours())
			} else if e.To < len(l.answers) {
				text += "; withdrawn"
			}
		}
		out = append(out, Alert{Series: s.Name, Labels: s.Labels, From: g.Time(l.times[e.From]), To: g.Time(min(l.times[e.To-1]+l.every, g.Len)), Peak: e.Peak,
			Actual: first.Current, Expected: math.NaN(), Reason: text})
	}
	return out, evaluate.Outcomes(flags, over, time.Duration(l.every)*g.Step, confirmedWithin)
}
