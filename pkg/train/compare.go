package train

import (
	"context"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/store"
)

// compare answers once for the definitions that compare series with each other (outlier, composite). They learn anew from their
// window with each query, so that what is kept is what they found.
func (t *Trainer) compare(ctx context.Context, q *query.Query, out *built, report func(store.Progress)) (*built, error) {
	a, err := t.engine.Execute(ctx, q, query.Range{From: out.to.Add(-q.TrainingWindow / 4), To: out.to})
	if err != nil {
		return nil, err
	}
	if len(a.Results) == 0 {
		return nil, ErrNoSeries
	}
	out.from = a.Stats.TrainingFrom
	for _, r := range a.Results {
		labels := map[string]string(r.Labels)
		if labels == nil {
			labels = map[string]string{}
		}
		one := model.SeriesResult{Name: r.Name, Labels: labels, Algorithm: r.Algorithm, Reason: r.Why, Seasons: []string{}, Points: r.Points, Notices: []string{}}
		out.version.Results = append(out.version.Results, one)
		out.version.Series = append(out.version.Series, model.Series{Name: r.Name, Labels: r.Labels, Points: r.Points})
	}
	for _, n := range a.Notices {
		out.version.Results[0].Notices = append(out.version.Results[0].Notices, n.Text)
	}
	out.version.Summarise()
	out.version.Summary.Threshold = 1
	report(store.Progress{Done: len(a.Results), Total: len(a.Results)})
	return out, nil
}
