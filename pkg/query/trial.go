package query

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/series"
)

// A trained series is on trial: its forecasts of late are compared with those of its seasonal-naive twin, from the same moments and
// at all steps up to the horizon.
const (
	trialWindow  = 48 * time.Hour // or so many intervals, where those are longer
	trialOrigins = 24             // in the window
	trialTime    = 12 * time.Hour // since the training, before anything is concluded
	trialPoints  = 24             // known values, before anything is concluded
)

// Contest is how one trained series does against its twin.
type Contest struct {
	Key, Name   string
	Labels      series.Labels
	Model, Twin float64 // mean absolute errors
	Points      int     // values compared, each from several moments
}

// Ratio is the model's error in multiples of its twin's; NaN where too little is known. Where the twin is never wrong a model
// that is never wrong either is as good.
func (c *Contest) Ratio() float64 {
	switch {
	case c.Points < trialPoints:
		return math.NaN()
	case c.Twin > 0:
		return c.Model / c.Twin
	case c.Model > 0:
		return math.Inf(1)
	}
	return 1
}

// Demoted is a trained series that answers with its twin.
type Demoted struct {
	Name  string    `json:"name"`  // of the series, for people
	Ratio float64   `json:"ratio"` // as measured last
	Since time.Time `json:"since"`
}

// Trial compares each series of a trained version with its twin, over the newest two days since it was trained; nil where it is too
// early to tell.
func (e *Engine) Trial(ctx context.Context, t *Trained, like *Query) ([]Contest, error) {
	q := *like
	q.trained, q.Type, q.Output = t, Forecast, All
	now := e.now().Truncate(q.Interval)
	if !forecasts(like.Type) || !q.goesOn(now) || now.Sub(t.To) < max(trialTime, trialPoints*q.Interval) {
		return nil, nil
	}
	begin := now.Add(-max(trialWindow, trialWindow/time.Hour*q.Interval))
	if begin.Before(t.To) {
		begin = t.To
	}
	season := 1
	for _, s := range t.Series {
		if s.State != nil {
			season = max(season, longest(s.State.Periods))
		}
	}
	w := &window{from: begin, asOf: now, readFrom: t.To.Add(-time.Duration(season) * q.Interval)}
	if err := w.check(&q); err != nil {
		return nil, err
	}
	set, err := e.read(ctx, &q, w, q.Source, &Answer{})
	if err != nil {
		return nil, err
	}
	w.fix(set.Grid)
	var out []Contest
	for _, s := range set.Series {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if kept := q.stateOf(s, now); kept != nil {
			c, err := q.contest(w, kept.State.Clone(), s)
			if err != nil {
				return nil, fmt.Errorf("series %s: %w", s.Name, err)
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// contest goes on with a state through what was read, and compares from moment to moment.
func (q *Query) contest(w *window, state *forecast.State, s series.Series) (Contest, error) {
	c := Contest{Key: SeriesKey(s.Name, s.Labels), Name: s.Name, Labels: s.Labels}
	values := q.calendarOf(s.Labels).Learn(w.grid, s.Values)
	known := w.grid.Index(state.End())
	for ; known < 0; known++ { // not read
		state.Push(math.NaN())
	}
	stride := max((w.grid.Len-w.shown)/trialOrigins, 1)
	model, twin, n := 0.0, 0.0, 0
	for origin := w.shown; origin < w.grid.Len; origin += stride {
		state.Advance(values[known:origin])
		known = origin
		f, err := state.Result(min(q.Steps(), w.grid.Len-origin), q.Confidence)
		if err != nil {
			return c, err
		}
		q.clip(f)
		for k, v := range f.Mean {
			before := lastSeason(values[:origin], origin+k, f.Periods)
			if actual := values[origin+k]; !math.IsNaN(actual) && !math.IsNaN(before) {
				model, twin, n = model+math.Abs(actual-v), twin+math.Abs(actual-before), n+1
			}
		}
	}
	c.Points = series.CountKnown(values[w.shown:])
	c.Model, c.Twin = model/float64(n), twin/float64(n)
	if n == 0 {
		c.Points = 0
	}
	return c, nil
}

// demoted tells whether a series of a trained model answers with its twin.
func (q *Query) demoted(s series.Series) (Demoted, bool) {
	if q.trained == nil {
		return Demoted{}, false
	}
	d, ok := q.trained.Demoted[SeriesKey(s.Name, s.Labels)]
	return d, ok
}

// twinOf is what a demoted series is answered with.
const twinOf = "seasonal-naive"

// whyTwin says so.
func (d Demoted) whyTwin(t *Trained) string {
	return fmt.Sprintf("the forecasts of version %d of the model %s were %.1f times as far off of late as the same as last season, which answers until they are better again", t.Version, t.Name, d.Ratio)
}
