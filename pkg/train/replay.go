package train

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/evaluate"
	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/store"
)

const (
	mostAlerts  = 1000 // listed in one replay
	MostDays    = 92   // that are replayed
	DefaultDays = 30
)

// Alert is one that would have fired.
type Alert struct {
	Series           string
	Labels           series.Labels
	From, To         time.Time
	Peak             float64
	Actual, Expected float64 // at the peak; NaN where unknown
	Reason           string
}

// Replayed is what would have fired in a stretch of the past, and how that depends on the sensitivity.
type Replayed struct {
	From, To  time.Time
	Threshold float64 // scale of the band, or 1
	PerWeek   float64
	Alerts    []Alert
	Scales    []float64
	Curve     []float64          // alerts a week at each scale
	Became    *evaluate.Warnings // a warning's: what became of those that were raised
	Notices   []string
}

// Replay answers what a definition would have raised in the last days, knowing at each point only what was known then. budget is
// how many alerts a week are wanted at most; negative takes the definition's.
func (t *Trainer) Replay(ctx context.Context, c *model.Compiled, labels []store.Label, days int, budget float64) (*Replayed, error) {
	defer t.gate.Enter()()
	if budget < 0 {
		budget = c.Definition.AlertBudget
	}
	q := c.Query
	to := t.now().Truncate(q.Interval)
	r := &Replayed{From: to.AddDate(0, 0, -days), To: to, Threshold: 1}
	if q.Type == query.Composite {
		return r, t.replayComposite(ctx, q, r, budget)
	}
	sets, err := t.engine.ReadFor(ctx, q, to, q.TrainingWindow+to.Sub(r.From))
	if err != nil {
		return nil, err
	}
	set := sets[0]
	if len(set.Series) == 0 {
		return nil, ErrNoSeries
	}
	for i, s := range set.Series {
		set.Series[i].Values = without(set.Grid, s, onlyNormal(labels))
	}
	r.begin(set, q.TrainingWindow)
	switch q.Type {
	case query.Warning:
		return r, t.replayWarning(ctx, q, set, r)
	case query.Outlier:
		return r, t.replayOutliers(ctx, q, set, r, budget)
	}
	return r, t.replayScores(ctx, q, set, r, budget)
}

// onlyNormal leaves labelled incidents in the replay, which is to find them.
func onlyNormal(labels []store.Label) (out []store.Label) {
	for _, l := range labels {
		if l.Kind != "incident" {
			out = append(out, l)
		}
	}
	return out
}

// begin moves the stretch to where there is data to compare with: the training window's, or the first third of a shorter history.
func (r *Replayed) begin(set *series.Set, window time.Duration) {
	known, least := enough(set, window)
	if r.From.Before(least) {
		r.From = least
		r.Notices = append(r.Notices, fmt.Sprintf("There are only %.1f days of data; the first third of them is learnt from and the rest is replayed.", known.Hours()/24))
	}
}

func (r *Replayed) weeks() float64 { return max(r.To.Sub(r.From).Hours()/(7*24), 1e-9) }

// replayScores replays detectors at all scales of their bands.
func (t *Trainer) replayScores(ctx context.Context, q *query.Query, set *series.Set, r *Replayed, budget float64) error {
	beside, told, err := t.engine.BesideFor(ctx, q, set.Grid)
	if err != nil {
		return err
	}
	r.Notices = append(r.Notices, told...)
	r.Scales = evaluate.Scales()
	from := max(set.Grid.Index(r.From), 0)
	counts := make([][]int, len(set.Series))
	outputs := make([][]*detect.Output, len(set.Series))
	notices := make([]string, len(set.Series))
	err = t.each(ctx, len(set.Series), false, func(ctx context.Context, i int) error {
		known, err := beside(set.Series[i].Labels)
		if err != nil {
			return err
		}
		scored, err := q.Score(ctx, set.Grid, set.Series[i], known, from, r.Scales...)
		if tooShort(err) {
			notices[i] = set.Series[i].Name + ": " + err.Error()
			return nil
		}
		if err != nil {
			return err
		}
		outputs[i] = scored
		for _, o := range scored {
			counts[i] = append(counts[i], len(evaluate.Episodes(o.Anomalous, o.Score, gap(q.Interval))))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, n := range notices {
		if n != "" && len(r.Notices) < 10 {
			r.Notices = append(r.Notices, n)
		}
	}
	r.Curve = perWeek(counts, r.weeks(), len(r.Scales))
	at := r.choose(budget)
	for i, s := range set.Series {
		if outputs[i] == nil {
			continue
		}
		o := outputs[i][at]
		for _, e := range evaluate.Episodes(o.Anomalous, o.Score, gap(q.Interval)) {
			r.Alerts = append(r.Alerts, Alert{Series: s.Name, Labels: s.Labels, From: set.Grid.Time(e.From), To: set.Grid.Time(e.To), Peak: e.Peak,
				Actual: s.Values[e.At], Expected: o.Expected[e.At], Reason: reason(s.Values[e.At], o.Expected[e.At], o.Lower[e.At], o.Upper[e.At])})
		}
	}
	r.end()
	return nil
}

// choose sets the scale that keeps to the budget, 0 = the band as it is.
func (r *Replayed) choose(budget float64) (index int) {
	if budget > 0 {
		var ok bool
		if index, ok = evaluate.Choose(r.Curve, budget); !ok {
			r.Notices = append(r.Notices, fmt.Sprintf("Even a band %g times as wide would have raised %.1f alerts a week.", r.Scales[index], r.Curve[index]))
		}
	}
	r.Threshold, r.PerWeek = r.Scales[index], r.Curve[index]
	return index
}

// end puts the alerts in order.
func (r *Replayed) end() {
	slices.SortStableFunc(r.Alerts, func(a, b Alert) int { return a.From.Compare(b.From) })
	if len(r.Alerts) > mostAlerts {
		r.Notices = append(r.Notices, fmt.Sprintf("%d alerts; the newest %d are listed.", len(r.Alerts), mostAlerts))
		r.Alerts = r.Alerts[len(r.Alerts)-mostAlerts:]
	}
}

// reason says in words how far a value lies off.
func reason(actual, expected, lower, upper float64) string {
	side := "above"
	if actual < expected {
		side = "below"
	}
	switch {
	case math.IsNaN(expected):
		return ""
	case math.Abs(expected) > 1e-9:
		return fmt.Sprintf("%.0f %% %s what is usual then (%.4g, expected %.4g to %.4g)", 100*math.Abs(actual-expected)/math.Abs(expected), side, actual, lower, upper)
	default:
		return fmt.Sprintf("%s what is usual then (%.4g, expected %.4g to %.4g)", side, actual, lower, upper)
	}
}
