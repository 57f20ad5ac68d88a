package train

import (
	"context"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/evaluate"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
)

// replayWarning asks at each hour of the past for the warning that would have been given, and tells what became of them.
func (t *Trainer) replayWarning(ctx context.Context, q *query.Query, set *series.Set, r *Replayed) error {
	limit, err := t.engine.Limits(ctx, q, r.From, r.To)
	if err != nil {
		return err
	}
	alerts, became := make([][]Alert, len(set.Series)), make([]evaluate.Warnings, len(set.Series))
	err = t.each(ctx, len(set.Series), false, func(ctx context.Context, i int) error {
		one := set.Series[i]
		looks, err := t.engine.Looks(ctx, q, set.Grid, one, limit(one.Labels), r.From, time.Hour)
		if err != nil {
			return err
		}
		var stood []query.Stood
		stood, became[i] = looks.Stretches()
		for _, w := range stood {
			alerts[i] = append(alerts[i], Alert{Series: one.Name, Labels: one.Labels, From: w.From, To: w.To, Peak: w.Peak, Actual: w.First.Current, Expected: math.NaN(), Reason: w.String()})
		}
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
