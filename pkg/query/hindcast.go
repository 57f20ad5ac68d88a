package query

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/evaluate"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

// Bounds of what a hindcast may cost, all its series together.
const (
	hindcastFits  = 64             // after the first of each series
	hindcastSteps = 8_000_000      // forecast steps
	refitEvery    = 24 * time.Hour // at most so often
)

// Hindcast says how forecasts made some time before compare with what came.
type Hindcast struct {
	Lead        time.Duration
	OriginEvery time.Duration // a point was forecast between Lead and Lead and this, less a step, before
	RefitEvery  time.Duration // on the way the state takes in point by point
	Fits        int
	Points      int     // compared: actual, forecast and twin are known
	MAE, Twin   float64 // mean absolute errors, of the forecasts and of the same as last season; NaN without points
	Coverage    float64 // share of known values in the band; NaN without
}

// Skill is the share of the twin's error that is gone; NaN where it made none.
func (h *Hindcast) Skill() float64 {
	if !(h.Twin > 0) {
		return math.NaN()
	}
	return 1 - h.MAE/h.Twin
}

// rolling lays out the origins of a hindcast. All times lie on multiples of their distance, so that a panel's next refresh finds the
// fits of this one.
type rolling struct {
	lead, stride, refit int // steps
}

// rolls chooses the distances for a number of series and of points shown.
func (q *Query) rolls(n, points int) rolling {
	lead := int((q.Lead + q.Interval - 1) / q.Interval)
	r := rolling{lead: lead, stride: 1}
	for each := max(hindcastSteps/max(n, 1), 1); points/r.stride*(lead+r.stride) > each && r.stride < points; {
		r.stride++
	}
	day := max(int(refitEvery/q.Interval), 1)
	most := max(hindcastFits/max(n, 1), 1)
	r.refit = day * max((points+day*most-1)/(day*most), 1)
	return r
}

// hindcast answers what was forecast of each point shown the lead before it, beside the point.
func (e *Engine) hindcast(ctx context.Context, q *Query, w *window, set *series.Set, a *Answer) error {
	a.Grid, a.Past = w.answerGrid(0)
	a.Results = make([]Result, len(set.Series))
	r := q.rolls(len(set.Series), a.Past)
	notices := make([][]string, len(set.Series))
	err := each(ctx, len(set.Series), func(ctx context.Context, i int) error {
		s := set.Series[i]
		out := &a.Results[i]
		*out = Result{Name: s.Name, Labels: s.Labels, Actual: s.Values[w.shown:], Points: s.Known()}
		short, err := e.roll(ctx, q, w, s, r, out)
		if err != nil {
			return fmt.Errorf("series %s: %w", s.Name, err)
		}
		if short != "" {
			notices[i] = []string{short}
		}
		return nil
	})
	a.addNotices(notices)
	if r.stride > 1 {
		a.Notices = append(a.Notices, series.Notice{Severity: series.Info, Text: fmt.Sprintf("forecast from every %s on, so that a point was forecast up to %s earlier than asked",
			param.FormatDuration(time.Duration(r.stride)*q.Interval), param.FormatDuration(time.Duration(r.stride-1)*q.Interval))})
	}
	return err
}

// roll goes from origin to origin over one series; short says why there was no forecast at first.
func (e *Engine) roll(ctx context.Context, q *Query, w *window, s series.Series, r rolling, out *Result) (short string, err error) {
	n := w.grid.Len - w.shown
	out.Ahead, out.Lower, out.Upper = series.Missing(n), series.Missing(n), series.Missing(n)
	before := series.Missing(n) // the twin's
	every, window := time.Duration(r.refit)*q.Interval, int(q.TrainingWindow/q.Interval)
	h := &Hindcast{Lead: time.Duration(r.lead) * q.Interval, OriginEvery: time.Duration(r.stride) * q.Interval, RefitEvery: every}
	out.Hindcast = h
	like := *q
	like.Calendar, like.Horizon = q.calendarOf(s.Labels), time.Duration(r.lead+r.stride-1)*q.Interval
	values := like.Calendar.Learn(w.grid, s.Values)
	var state *forecast.State
	known := 0           // values that the state has taken in
	var fitted time.Time // when it was due
	for to := w.shown; to < w.grid.Len; to += r.stride {
		origin := max(to+1-r.lead, 1)
		if due := w.grid.Time(origin).Truncate(every); state == nil || !due.Equal(fitted) {
			at := max(w.grid.Index(due), min(origin, window)) // there, or as soon as there is enough
			fresh, err := e.learnt(ctx, &like, w.grid.Slice(max(at-window, 0), at), s.Values[max(at-window, 0):at])
			switch {
			case tooShort(err):
				short = err.Error()
			case err != nil:
				return "", err
			default:
				state, known, fitted = fresh.Clone(), at, due
				h.Fits++
			}
		}
		if state == nil {
			continue
		}
		state.Advance(values[known:origin])
		known = origin
		f, err := state.Result(r.lead+r.stride-1, q.Confidence)
		if err != nil {
			return "", err
		}
		q.clip(f)
		out.Algorithm, out.Periods = f.Algorithm, f.Periods
		for k := range min(r.stride, w.grid.Len-to) {
			at, step := to+k-w.shown, r.lead-1+k
			out.Ahead[at], out.Lower[at], out.Upper[at] = f.Mean[step], f.Lower[step], f.Upper[step]
			before[at] = lastSeason(values[:origin], to+k, f.Periods)
		}
	}
	h.MAE, h.Twin, h.Coverage = evaluate.MeanError(out.Actual, out.Ahead), evaluate.MeanError(out.Actual, before), evaluate.Inside(out.Actual, out.Lower, out.Upper)
	for i, v := range out.Ahead {
		if !math.IsNaN(v - out.Actual[i]) {
			h.Points++
		}
	}
	return short, nil
}

// learnt gives a trained state, held by the content that it was trained on. It is not to be changed.
func (e *Engine) learnt(ctx context.Context, q *Query, g series.Grid, values []float64) (*forecast.State, error) {
	in := q.input(q.Calendar, g, values)
	key, err := fitKey(in, q.options())
	if err != nil {
		return nil, err
	}
	key = fmt.Sprintf("hindcast|%d|%s", g.Start.Unix(), key)
	if held, ok := e.states.Get(key); ok {
		return held.state, nil
	}
	state, _, err := forecast.Train(ctx, in, q.options())
	if err == nil {
		e.states.Put(key, advanced{state: state}, stateBytes)
	}
	return state, err
}

// longest is the longest season in steps; 1 where there is none.
func longest(periods []int) int {
	if k := len(periods); k > 0 {
		return periods[k-1]
	}
	return 1
}

// lastSeason is what the seasonal-naive twin foresees of the value at index to: the newest known one a whole number of its longest
// seasons before, or the newest of all; NaN where none is known.
func lastSeason(known []float64, to int, periods []int) float64 {
	m := longest(periods)
	newest := len(known) - 1
	for i := to - m*((to-newest+m-1)/m); i >= 0; i -= m {
		if !math.IsNaN(known[i]) {
			return known[i]
		}
	}
	for ; newest >= 0; newest-- {
		if !math.IsNaN(known[newest]) {
			return known[newest]
		}
	}
	return math.NaN()
}
