package plugin

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/train"
)

// replay answers POST replay: what would have fired.
func (i *Instance) replay(w http.ResponseWriter, r *http.Request) error {
	var body api.ReplayRequest
	if err := read(w, r, &body); err != nil {
		return err
	}
	c, labels, err := i.replayed(r, &body)
	if err != nil {
		return err
	}
	budget := -1.0
	if body.AlertsPerWeek != nil {
		budget = *body.AlertsPerWeek
	}
	got, err := i.trainer.Replay(r.Context(), c, labels, body.Days, budget)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, replayOf(got))
	return nil
}

// replayed checks the request, and finds definition and labels.
func (i *Instance) replayed(r *http.Request, body *api.ReplayRequest) (*model.Compiled, []store.Label, error) {
	if body.Days == 0 {
		body.Days = train.DefaultDays
	}
	switch {
	case body.Days < 1 || body.Days > train.MostDays:
		return nil, nil, badField("days", body.Days, fmt.Sprintf("1 to %d", train.MostDays))
	case (body.Definition == nil) == (body.Model == ""):
		return nil, nil, badField("definition", "given with model, or neither is", "one of the two")
	case body.AlertsPerWeek != nil && !(*body.AlertsPerWeek >= 0):
		return nil, nil, badField("alertsPerWeek", *body.AlertsPerWeek, "0 or more")
	}
	if body.Definition != nil {
		d := *body.Definition
		if d.Name == "" {
			d.Name = "unnamed" // a replay needs none yet
		}
		c, err := model.Compile(d, i.defaults)
		return c, nil, err
	}
	m, err := i.store.Model(r.Context(), body.Model)
	if err != nil {
		return nil, nil, err
	}
	var d api.Definition
	if err := json.Unmarshal(m.Definition, &d); err != nil {
		return nil, nil, err
	}
	labels, err := i.store.Labels(r.Context(), body.Model)
	if err != nil {
		return nil, nil, err
	}
	c, err := model.Compile(d, i.defaults)
	return c, labels, err
}

func replayOf(r *train.Replayed) api.Replay {
	out := api.Replay{From: r.From, To: r.To, PerWeek: r.PerWeek, ScoreThreshold: r.Threshold, Alerts: []api.ReplayAlert{}, Curve: []api.CurvePoint{}, Notices: r.Notices}
	if out.Notices == nil {
		out.Notices = []string{}
	}
	for _, a := range r.Alerts {
		labels := map[string]string(a.Labels)
		if labels == nil {
			labels = map[string]string{}
		}
		peak := a.Peak
		if math.IsNaN(peak) || math.IsInf(peak, 0) {
			peak = 0
		}
		out.Alerts = append(out.Alerts, api.ReplayAlert{Series: a.Series, Labels: labels, From: a.From, To: a.To, Minutes: a.To.Sub(a.From).Minutes(), Peak: peak,
			Actual: model.Known(a.Actual), Expected: model.Known(a.Expected), Reason: a.Reason})
	}
	for k := range r.Scales {
		out.Curve = append(out.Curve, api.CurvePoint{ScoreThreshold: r.Scales[k], PerWeek: r.Curve[k]})
	}
	return out
}
