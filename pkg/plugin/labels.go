package plugin

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
)

func (i *Instance) labelRoutes() []route {
	return []route{
		{"GET /labels", viewer, i.listLabels},
		{"POST /labels", editor, i.addLabel},
		{"DELETE /labels/{id}", editor, i.deleteLabel},
		{"GET /precision", viewer, i.precision},
	}
}

func labelOf(l store.Label) api.Label {
	if l.Series == nil {
		l.Series = map[string]string{}
	}
	return api.Label{ID: l.ID, NewLabel: api.NewLabel{Model: l.Model, Series: l.Series, From: l.From, To: l.To, Kind: l.Kind, Note: l.Note}, By: l.By, At: l.At}
}

func (i *Instance) listLabels(w http.ResponseWriter, r *http.Request) error {
	labels, err := i.store.Labels(r.Context(), r.URL.Query().Get("model"))
	if err != nil {
		return err
	}
	out := api.Labels{Labels: make([]api.Label, len(labels))}
	for k, l := range labels {
		out.Labels[k] = labelOf(l)
	}
	reply(w, http.StatusOK, out)
	return nil
}

// addLabel answers POST labels.
func (i *Instance) addLabel(w http.ResponseWriter, r *http.Request) error {
	var body api.NewLabel
	if err := read(w, r, &body); err != nil {
		return err
	}
	switch {
	case body.Model == "":
		return badField("model", "empty", "the name of a model")
	case body.Kind != api.KindIncident && body.Kind != api.KindNotAnomaly:
		return badField("kind", `"`+body.Kind+`"`, api.KindIncident+" or "+api.KindNotAnomaly)
	case body.From.IsZero() || !body.From.Before(body.To):
		return badField("to", body.To, "a time after from")
	}
	l := &store.Label{Model: body.Model, Series: body.Series, From: body.From.UTC(), To: body.To.UTC(), Kind: body.Kind, Note: body.Note, By: who(r)}
	e := store.Entry{Who: who(r), Action: "label.add", Model: l.Model, Labels: l.Series, Note: l.Note, Values: map[string]any{"kind": l.Kind, "from": l.From, "to": l.To}}
	if err := i.store.AddLabel(r.Context(), l, e); err != nil {
		return err
	}
	reply(w, http.StatusCreated, labelOf(*l))
	return nil
}

func (i *Instance) deleteLabel(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if err := i.store.DeleteLabel(r.Context(), id, store.Entry{Who: who(r), Action: "label.remove", Subject: id}); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// precision answers GET precision?model=: how often each detector's alerts were right, as far as people said so.
func (i *Instance) precision(w http.ResponseWriter, r *http.Request) error {
	labels, err := i.store.Labels(r.Context(), r.URL.Query().Get("model"))
	if err != nil {
		return err
	}
	found := map[[2]string]*api.Precision{}
	algorithms := map[string][]api.SeriesResult{}
	for _, l := range labels {
		if _, ok := algorithms[l.Model]; !ok {
			if algorithms[l.Model], err = i.results(r.Context(), l.Model); err != nil {
				return err
			}
		}
		key := [2]string{l.Model, algorithmFor(algorithms[l.Model], l.Series)}
		if found[key] == nil {
			found[key] = &api.Precision{Model: key[0], Algorithm: key[1]}
		}
		if l.Kind == api.KindIncident {
			found[key].Incidents++
		} else {
			found[key].NotAnomalies++
		}
	}
	out := api.PrecisionAnswer{Precision: []api.Precision{}}
	for _, p := range found {
		share := float64(p.Incidents) / float64(p.Incidents+p.NotAnomalies)
		p.Precision = &share
		out.Precision = append(out.Precision, *p)
	}
	slices.SortFunc(out.Precision, func(a, b api.Precision) int {
		return strings.Compare(a.Model+"\x00"+a.Algorithm, b.Model+"\x00"+b.Algorithm)
	})
	reply(w, http.StatusOK, out)
	return nil
}

// results are what the live version found; none where the model was never trained.
func (i *Instance) results(ctx context.Context, name string) ([]api.SeriesResult, error) {
	m, err := i.store.Model(ctx, name)
	if err != nil || m.Live == 0 {
		return nil, err
	}
	v, err := i.store.Version(ctx, name, m.Live)
	if err != nil {
		return nil, err
	}
	return model.DecodeResults(v.Results)
}

// algorithmFor is the one that answers for the labelled series.
func algorithmFor(results []api.SeriesResult, series map[string]string) string {
	for _, r := range results {
		same := true
		for k, v := range series {
			same = same && r.Labels[k] == v
		}
		if same && r.Algorithm != "" {
			return r.Algorithm
		}
	}
	return ""
}
