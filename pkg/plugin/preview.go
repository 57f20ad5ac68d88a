package plugin

import (
	"errors"
	"net/http"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
)

// preview answers POST preview: what a query's training would read, cost and be good for.
func (i *Instance) preview(w http.ResponseWriter, r *http.Request) error {
	var body api.PreviewRequest
	if err := read(w, r, &body); err != nil {
		return err
	}
	q, err := query.Parse(body.Query, i.defaults)
	if errors.Is(err, query.ErrInvalid) {
		return model.InQuery(err)
	}
	if err != nil {
		return err
	}
	p, err := i.trainer.Preview(r.Context(), q)
	if err != nil {
		return err
	}
	out := api.Preview{Series: []api.PreviewSeries{}, Notices: p.Notices, Readiness: api.Readiness{Level: p.Level, Message: p.Message},
		Cost: api.Cost{Series: p.Series, Points: p.Points, SourceSeconds: p.Source.Seconds(), FitSeconds: p.Fit.Seconds()}}
	if out.Notices == nil {
		out.Notices = []string{}
	}
	for i, set := range p.Sets {
		signal := ""
		if q.Type == query.Composite {
			signal = q.Sources[i].Name
		}
		for _, s := range set.Series {
			out.Series = append(out.Series, previewOf(set.Grid, s, signal))
		}
	}
	reply(w, http.StatusOK, out)
	return nil
}

func previewOf(g series.Grid, s series.Series, signal string) api.PreviewSeries {
	known := s.Known()
	out := api.PreviewSeries{Name: s.Name, Signal: signal, Labels: s.Labels, Points: known, Missing: len(s.Values) - known}
	if out.Labels == nil {
		out.Labels = map[string]string{}
	}
	if first, last, ok := s.Extent(); ok {
		from, to := g.Time(first).UTC(), g.Time(last).UTC()
		out.From, out.To = &from, &to
	}
	return out
}
