package train

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/evaluate"
	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
)

// course is how the score of one series or entity went.
type course struct {
	name   string
	labels series.Labels
	score  []float64
	flags  []bool // where it was flagged at the band as it is
	alert  func(e evaluate.Episode) Alert
}

// count fills in the alerts that courses make at each scale, and those at the scale that keeps to the budget. Two alerts that are at
// most gap points apart are one.
func (r *Replayed) count(all []course, gap int, budget float64) {
	r.Scales = evaluate.Scales()
	counts := make([][]int, len(all))
	episodes := func(c course, scale float64) []evaluate.Episode {
		flags := make([]bool, len(c.score))
		for k, s := range c.score {
			flags[k] = c.flags[k] && s >= scale
		}
		return evaluate.Episodes(flags, c.score, gap)
	}
	for i, c := range all {
		for _, scale := range r.Scales {
			counts[i] = append(counts[i], len(episodes(c, scale)))
		}
	}
	r.Curve = perWeek(counts, r.weeks(), len(r.Scales))
	scale := r.Scales[r.choose(budget)]
	for _, c := range all {
		for _, e := range episodes(c, scale) {
			a := c.alert(e)
			a.Series, a.Labels, a.Peak = c.name, c.labels, e.Peak
			r.Alerts = append(r.Alerts, a)
		}
	}
	r.end()
}

// replayComposite replays joined signals from one answer over the whole stretch.
func (t *Trainer) replayComposite(ctx context.Context, q *query.Query, r *Replayed, budget float64) error {
	a, err := t.engine.Execute(ctx, q, query.Range{From: r.From, To: r.To})
	if err != nil {
		return err
	}
	if len(a.Results) == 0 {
		return ErrNoSeries
	}
	all := make([]course, len(a.Results))
	for i, one := range a.Results {
		all[i] = course{one.Name, one.Labels, one.Score, one.Anomalous, func(e evaluate.Episode) Alert {
			return Alert{From: a.Grid.Time(e.From), To: a.Grid.Time(e.To), Actual: math.NaN(), Expected: math.NaN(), Reason: "several signals together are unlikely"}
		}}
	}
	r.count(all, gap(q.Interval), budget)
	for _, n := range a.Notices[:min(len(a.Notices), 10)] {
		r.Notices = append(r.Notices, n.Text)
	}
	return nil
}

const (
	mostLooks = 2500      // of one replay of a group
	looksFor  = time.Hour // what a rule looks at, as in the prepared ones
)

// replayOutliers compares the series with each other as a rule would have done, again and again: each time the newest window with
// what lay before it. The looks lie a window apart, so that none of the past is left out, but an hour at most.
func (t *Trainer) replayOutliers(ctx context.Context, q *query.Query, set *series.Set, r *Replayed, budget float64) error {
	g, training, shown := set.Grid, int(q.TrainingWindow/q.Interval), max(int(looksFor/q.Interval), 1)
	newest, err := q.Compare(ctx, set, max(g.Len-shown, 0))
	if tooShort(err) {
		r.Notices = append(r.Notices, err.Error())
		return nil
	}
	if err != nil {
		return err
	}
	if newest.Window == 0 { // nobody to compare with
		r.Notices = append(r.Notices, newest.Notices...)
		return nil
	}
	every := min(newest.Window, shown)
	if least := (g.Len - max(g.Index(r.From), 0)) / mostLooks; every < least {
		every = least
		r.Notices = append(r.Notices, fmt.Sprintf("The series were compared every %s; what was shorter may be missing.", param.FormatDuration(time.Duration(every)*q.Interval)))
	}
	var times []int // number of values that were known at each look
	for at := max(g.Index(r.From), 0) + every; at <= g.Len; at += every {
		times = append(times, at)
	}
	all, why := make([]course, len(set.Series)), make([][]string, len(set.Series))
	for i, s := range set.Series {
		why[i] = make([]string, len(times))
		all[i] = course{s.Name, s.Labels, series.Missing(len(times)), make([]bool, len(times)), func(e evaluate.Episode) Alert {
			return Alert{From: g.Time(times[e.From]), To: g.Time(min(times[e.To-1]+every, g.Len)), Actual: s.Values[times[e.At]-1], Expected: math.NaN(), Reason: why[i][e.At]}
		}}
	}
	err = t.each(ctx, len(times), false, func(ctx context.Context, k int) error {
		begin := max(times[k]-shown-training, 0)
		out, err := q.Compare(ctx, set.Slice(begin, times[k]), max(times[k]-shown-begin, 0))
		if tooShort(err) {
			return nil
		}
		if err != nil {
			return err
		}
		for i := range all {
			all[i].score[k], all[i].flags[k], why[i][k] = out.Score[i], out.Outlier[i], out.Why[i]
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.count(all, int(15*time.Minute/(time.Duration(every)*q.Interval)), budget)
	return nil
}
