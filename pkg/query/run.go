package query

import (
	"context"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/series"
)

func plain(w *window, set *series.Set, a *Answer) {
	a.Grid, a.Past = w.answerGrid(0)
	a.Results = make([]Result, len(set.Series))
	for i, s := range set.Series {
		a.Results[i] = Result{Name: s.Name, Labels: s.Labels, Actual: s.Values[w.shown:], Points: s.Known()}
	}
}

// weekBefore answers with the values at the same local times seven days before, missing where those lie before what was read.
func weekBefore(q *Query, w *window, set *series.Set, a *Answer) {
	plain(w, set, a)
	for i, s := range set.Series {
		out := series.Missing(a.Past)
		for k := range out {
			if at := w.grid.Index(q.Calendar.Back(a.Grid.Time(k), 7)); at >= 0 && at < len(s.Values) {
				out[k] = s.Values[at]
			}
		}
		a.Results[i].LastWeek = out
	}
}

// forecast answers forecast and warning queries.
func (e *Engine) forecast(ctx context.Context, q *Query, w *window, set *series.Set, a *Answer) error {
	steps := q.Steps()
	a.Grid, a.Past = w.answerGrid(steps)
	a.Results = make([]Result, len(set.Series))
	train := max(w.grid.Len-int(q.TrainingWindow/q.Interval), 0)
	opt := q.options()
	opt.Components = q.Output == Components
	notices := make([][]string, len(set.Series))
	var cached atomic.Int64
	key := q.runKey()
	limit, err := e.limits(ctx, q, w.asOf.Add(-max(w.asOf.Sub(w.from), runsBack*time.Hour)), w.asOf, a)
	if err != nil {
		return err
	}
	err = each(ctx, len(set.Series), func(ctx context.Context, i int) error {
		s := set.Series[i]
		limits, key := limit(s.Labels), key+SeriesKey(s.Name, s.Labels)
		out := Result{Name: s.Name, Labels: s.Labels, Actual: s.Values[w.shown:], Points: s.Known(), Limits: limits.over(w.grid.Slice(w.shown, w.grid.Len))}
		defer func() {
			if q.Crosses() {
				out.Crosses = q.crosses(&out)
			}
			a.Results[i] = out
		}()
		t := q.stateOf(s, w.asOf)
		demoted, twin := q.demoted(s)
		if twin = twin && t != nil; t != nil && !twin {
			r, err := e.goOn(q, w, t, s, &out)
			if err != nil {
				return fmt.Errorf("series %s: %w", s.Name, err)
			}
			notices[i] = r.Notices
			e.warn(q, w, key, limits, q.calendarOf(s.Labels).Learn(w.grid.Slice(train, w.grid.Len), s.Values[train:]), r, &out)
			return nil
		}
		in := q.input(q.calendarOf(s.Labels), w.grid.Slice(train, w.grid.Len), s.Values[train:])
		if q.needsNoForecast() {
			if e.warn(q, w, key, limits, in.Values, nil, &out); !out.Warning.Unknown() || math.IsNaN(out.Warning.Threshold) {
				out.Algorithm, out.Why = forecast.Auto, fromRegimes
				return nil
			}
		}
		opt := opt
		if twin {
			opt.Algorithm, opt.Params = twinOf, nil
		}
		r, held, err := e.fits.run(ctx, in, opt)
		switch {
		case tooShort(err):
			notices[i] = []string{err.Error()}
			out.Why = err.Error()
		case err != nil:
			return fmt.Errorf("series %s: %w", s.Name, err)
		default:
			if held {
				cached.Add(1)
			}
			notices[i] = r.Notices
			out.fill(r, w.shown-train)
			if twin {
				notices[i] = append([]string{demoted.whyTwin(q.trained)}, notices[i]...)
			} else if q.trained != nil {
				notices[i] = append([]string{q.whyFitted(s, w.asOf)}, notices[i]...)
			}
			e.warn(q, w, key, limits, in.Values, r, &out)
		}
		return nil
	})
	a.Stats.FitsCached = int(cached.Load())
	if a.Stats.TrainingFrom = w.grid.Time(train); q.goesOn(w.asOf) {
		a.Stats.TrainingFrom, a.Stats.TrainingTo = q.trained.From, q.trained.To
	}
	a.addNotices(notices)
	return err
}

// needsNoForecast tells whether a warning is told from the values alone, with no chart to draw.
func (q *Query) needsNoForecast() bool {
	return q.Type == Warning && q.Output != All && q.Model.Algorithm == forecast.Auto
}

// fill copies a forecast into the result; at is the index in the training data where the shown range starts, negative
// where the range starts before it.
func (out *Result) fill(r *forecast.Result, at int) {
	out.Expected, out.Lower, out.Upper = from(r.Fitted, at), from(r.FittedLower, at), from(r.FittedUpper, at)
	out.Forecast, out.ForecastLo, out.ForecastUp = r.Mean, r.Lower, r.Upper
	out.Algorithm, out.Why, out.Periods = r.Algorithm, r.Why, r.Periods
	out.Backtest = &r.Backtest
	for _, c := range r.Components {
		c.Past = from(c.Past, at)
		out.Components = append(out.Components, c)
	}
}

func (e *Engine) anomaly(ctx context.Context, q *Query, w *window, set *series.Set, a *Answer) error {
	a.Grid, a.Past = w.answerGrid(0)
	a.Results = make([]Result, len(set.Series))
	notices := make([][]string, len(set.Series))
	beside, err := e.beside(ctx, q, w, a)
	if err != nil {
		return err
	}
	err = each(ctx, len(set.Series), func(ctx context.Context, i int) error {
		s := set.Series[i]
		known, err := beside(s.Labels)
		if err != nil {
			return err
		}
		in := q.detectIn(w.grid, s, known, q.stagesFrom(w.shown))
		out, told, err := e.score(q.anomalyKey(w, s.Name, in), func() (Result, []string, error) { return q.detect(ctx, w, s, in) })
		if err != nil {
			return fmt.Errorf("series %s: %w", s.Name, err)
		}
		out.Name, out.Labels, out.Actual, out.Points = s.Name, s.Labels, s.Values[w.shown:], s.Known()
		a.Results[i], notices[i] = out, told
		return nil
	})
	a.addNotices(notices)
	return err
}

// detect scores one series, and explains what was raised or held back.
func (q *Query) detect(ctx context.Context, w *window, s series.Series, in detect.Input) (out Result, notices []string, err error) {
	scaled, err := detect.RunScaled(ctx, in, q.detector(), q.threshold())
	if tooShort(err) {
		return Result{Why: err.Error()}, []string{err.Error()}, nil
	}
	if err != nil {
		return out, nil, err
	}
	r := scaled[0]
	out.Expected, out.Lower, out.Upper = r.Expected[w.shown:], r.Lower[w.shown:], r.Upper[w.shown:]
	out.Score, out.Anomalous = r.Score[w.shown:], r.Anomalous[w.shown:]
	out.Algorithm, out.Why, out.Periods = r.Algorithm, r.Why, r.Periods
	if r.Held != nil {
		out.Held, out.HeldBack = r.Held[w.shown:], counted(r.Held[w.shown:])
	}
	out.Episodes, err = q.episodes(ctx, w, s, in, r)
	return out, r.Notices, err
}

// counted gives how many points each stage held back; nil where none did.
func counted(held []string) map[string]int {
	var out map[string]int
	for _, stage := range held {
		if stage != "" {
			if out == nil {
				out = map[string]int{}
			}
			out[stage]++
		}
	}
	return out
}
