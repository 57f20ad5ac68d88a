package query

import (
	"fmt"
	"math"
	"slices"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/series"
)

// stateBytes is about what one advanced state takes.
const stateBytes = 16 << 10

// oldest is how long after its training a state goes on at least; beyond it, and beyond its training window, it says too little.
const oldest = 7 * 24 * time.Hour

// advanced is a trained state that has taken in newer points, with what it expected of each since the training's end.
type advanced struct {
	state    *forecast.State
	expected []float64
}

// goesOn tells whether trained states can answer as of a time: not before their training ended, and not long after. They keep no
// components.
func (q *Query) goesOn(asOf time.Time) bool {
	return q.trained != nil && q.Output != Components && forecasts(q.trained.Type) && !asOf.Before(q.trained.To) && asOf.Sub(q.trained.To) <= max(q.TrainingWindow, oldest)
}

// stateOf gives what was kept of a series; nil where it has to be fitted on request.
func (q *Query) stateOf(s series.Series, asOf time.Time) *TrainedSeries {
	if !q.goesOn(asOf) {
		return nil
	}
	t := q.trained.Series[SeriesKey(s.Name, s.Labels)]
	if t == nil || t.State == nil || t.State.Step != q.Interval || t.State.End().After(asOf) {
		return nil
	}
	return t
}

// lacks tells whether a series has to be fitted on request, for which its whole training window is needed.
func (q *Query) lacks(set *series.Set, asOf time.Time) bool {
	return slices.ContainsFunc(set.Series, func(s series.Series) bool {
		_, twin := q.demoted(s)
		return twin || q.stateOf(s, asOf) == nil
	})
}

// advance brings a trained state up to the end of what was read. What is older than late samples come is kept for the next time.
func (e *Engine) advance(q *Query, w *window, t *TrainedSeries, s series.Series) advanced {
	lag := int((overlap + q.Interval - 1) / q.Interval)
	key := fmt.Sprintf("%s|%d|%d|%s", q.trained.Name, q.trained.Version, q.trained.At.UnixMilli(), SeriesKey(s.Name, s.Labels))
	base := advanced{state: t.State}
	if held, ok := e.states.Get(key); ok && w.grid.Index(held.state.End()) <= w.grid.Len-lag {
		base = held
	}
	out := advanced{base.state.Clone(), slices.Clip(base.expected)}
	at := w.grid.Index(out.state.End())
	for ; at < 0; at++ { // not read
		out.expected = append(out.expected, out.state.Push(math.NaN()))
	}
	if at >= w.grid.Len {
		return out
	}
	values := q.Calendar.Learn(w.grid.Slice(at, w.grid.Len), s.Values[at:])
	for i, v := range values {
		if i == len(values)-lag {
			e.states.Put(key, advanced{out.state.Clone(), slices.Clip(out.expected)}, stateBytes+int64(8*len(out.expected)))
		}
		out.expected = append(out.expected, out.state.Push(v))
	}
	return out
}

// goOn fills a result from a trained state, and gives the forecast for a warning.
func (e *Engine) goOn(q *Query, w *window, t *TrainedSeries, s series.Series, out *Result) (*forecast.Result, error) {
	now := e.advance(q, w, t, s)
	r, err := now.state.Result(q.Steps(), q.Confidence)
	if err != nil {
		return nil, err
	}
	r.Notices = nil
	if why, due := now.state.RefitDue(); due {
		r.Notices = []string{fmt.Sprintf("retraining is due: %s", why)}
	}
	q.clip(r)
	shown := w.grid.Len - w.shown
	out.Expected, out.Lower, out.Upper = series.Missing(shown), series.Missing(shown), series.Missing(shown)
	width := 1.0
	if c := t.State.Confidence; c > 0 && c < 1 && c != q.Confidence {
		width = distuv.UnitNormal.Quantile((1+q.Confidence)/2) / distuv.UnitNormal.Quantile((1+c)/2)
	}
	for i := range shown {
		at := int(w.grid.Time(w.shown+i).Sub(t.State.End()) / q.Interval) // from the training's end
		v := math.NaN()
		if back := at + len(t.Past.Fit); at >= 0 && at < len(now.expected) {
			v = now.expected[at]
		} else if at < 0 && back >= 0 {
			v = t.Past.Fit[back]
		}
		out.Expected[i], out.Lower[i], out.Upper[i] = v, inside(q.Bounds, inside(t.State.Bounds, v-width*t.Past.Lower)), inside(q.Bounds, inside(t.State.Bounds, v+width*t.Past.Upper))
	}
	out.Forecast, out.ForecastLo, out.ForecastUp = r.Mean, r.Lower, r.Upper
	out.Algorithm, out.Periods, out.Points, out.Backtest = r.Algorithm, t.Periods, t.Points, &t.Backtest
	out.Why = fmt.Sprintf("Version %d of the model %s, trained on %s. %s", q.trained.Version, q.trained.Name, q.trained.At.UTC().Format("2006-01-02 15:04 MST"), r.Why)
	return r, nil
}

// clip keeps a forecast within the query's own limits, which may be narrower than those of the training.
func (q *Query) clip(r *forecast.Result) {
	for _, list := range [][]float64{r.Mean, r.Lower, r.Upper} {
		for i, v := range list {
			list[i] = inside(q.Bounds, v)
		}
	}
}

func inside(b forecast.Bounds, v float64) float64 {
	if b.Min != nil {
		v = math.Max(v, *b.Min)
	}
	if b.Max != nil {
		v = math.Min(v, *b.Max)
	}
	return v
}
