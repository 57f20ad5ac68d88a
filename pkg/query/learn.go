package query

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

// keptPast is how many of the newest one-step expectations a trained series keeps: two days at five minutes.
const keptPast = 576

// ReadFor reads a query's series for training: complete buckets of [to-window, to), past the cache, which belongs to panels and
// rules. A composite gives one set per source.
func (e *Engine) ReadFor(ctx context.Context, q *Query, to time.Time, window time.Duration) ([]*series.Set, error) {
	specs := []source.Spec{q.Source}
	if q.Type == Composite {
		specs = specs[:0]
		for _, s := range q.Sources {
			specs = append(specs, s.Spec)
		}
	}
	var out []*series.Set
	for _, spec := range specs {
		to := to.Truncate(q.Interval)
		set, err := e.reader.pieces(ctx, source.Request{Spec: spec, From: to.Add(-window).Truncate(q.Interval), To: to, Step: q.Interval, Filters: q.Filters})
		if err != nil {
			return nil, err
		}
		out = append(out, set)
	}
	return out, nil
}

// input is what a forecaster is given of the values on a grid; the calendar says what it does not learn from.
func (q *Query) input(c *calendar.Calendar, g series.Grid, values []float64) forecast.Input {
	return forecast.Input{Values: c.Learn(g, values), Step: q.Interval, Start: g.Start, Bounds: natural(q.Bounds, values), Events: q.events(g), Zone: q.Calendar.Zone()}
}

// options are those of the query's forecaster.
func (q *Query) options() forecast.Options {
	return forecast.Options{Algorithm: q.Model.Algorithm, Params: q.Model.Options, Horizon: q.Steps(), Confidence: q.Confidence}
}

// Learn fits a forecaster to one series for a model, on the grid's values. Values that are not to be learnt from are missing
// already or in the query's calendar. The error wraps forecast.ErrTooShort where there is too little.
func Learn(ctx context.Context, q *Query, g series.Grid, s series.Series) (*TrainedSeries, *forecast.Result, error) {
	state, r, err := forecast.Train(ctx, q.input(q.Calendar, g, s.Values), q.options())
	if err != nil {
		return nil, nil, err
	}
	out := &TrainedSeries{Name: s.Name, Labels: s.Labels, State: state, Backtest: r.Backtest, Periods: r.Periods, Points: s.Known()}
	n := len(r.Fitted)
	out.Past = Past{End: g.Time(n), Fit: r.Fitted[max(n-keptPast, 0):]}
	for i := n - 1; i >= 0 && i >= n-keptPast; i-- {
		if lo, hi := r.Fitted[i]-r.FittedLower[i], r.FittedUpper[i]-r.Fitted[i]; lo > out.Past.Lower || hi > out.Past.Upper {
			// The widest of the stretch: nearer ones were cut off at the metric's limits.
			out.Past.Lower, out.Past.Upper = math.Max(lo, out.Past.Lower), math.Max(hi, out.Past.Upper)
		}
	}
	return out, r, nil
}

// Score runs the query's detector over one series from index from on, once for each multiple of its band.
func (q *Query) Score(ctx context.Context, g series.Grid, s series.Series, known Beside, from int, scales ...float64) ([]*detect.Output, error) {
	opt := q.detector()
	if q.Type != Anomaly {
		opt = detect.Options{Algorithm: detect.Auto}
	}
	out, err := detect.RunScaled(ctx, q.detectIn(g, s, known, from), opt, scales...)
	if err != nil && !tooShort(err) {
		return nil, fmt.Errorf("series %s: %w", s.Name, err)
	}
	return out, err
}

// detectIn is what the query asks of a detector for one series from index from on.
func (q *Query) detectIn(g series.Grid, s series.Series, known Beside, from int) detect.Input {
	return detect.Input{Values: s.Values, Step: q.Interval, Start: g.Start, From: from, Direction: q.Direction, Guards: q.Guards,
		Threshold: q.Threshold, Min: q.Bounds.Min, Max: q.Bounds.Max, Calendar: q.calendarOf(s.Labels).Deploying(known.Deployed), Volume: known.Volume, Other: known.Other}
}

// detector is the one that the query asks for.
func (q *Query) detector() detect.Options {
	return detect.Options{Algorithm: q.Model.Algorithm, Params: q.Model.Options}
}
