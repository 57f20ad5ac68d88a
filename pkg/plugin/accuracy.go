package plugin

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/pkg/evaluate"
	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/trail"
	"github.com/forewarn/earlywarning/pkg/train"
)

// Days that live accuracy looks back.
const (
	accuracyDays = 30
	mostDays     = 400
)

// accuracy answers GET accuracy.
func (i *Instance) accuracy(w http.ResponseWriter, r *http.Request) error {
	days := accuracyDays
	if text := r.URL.Query().Get("days"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostDays {
			return badField("days", text, "a number from 1 to "+strconv.Itoa(mostDays))
		}
		days = n
	}
	to := time.Now()
	out, err := i.liveAccuracy(r.Context(), to.AddDate(0, 0, -days), to)
	if err == nil {
		reply(w, http.StatusOK, out)
	}
	return err
}

// liveAccuracy reads what the trail and the models' trials say.
func (i *Instance) liveAccuracy(ctx context.Context, from, to time.Time) (*api.LiveAccuracy, error) {
	rules, err := i.alerting.trail.Accuracy(ctx, from, to, time.Now())
	if err != nil {
		return nil, err
	}
	total := trail.Total(rules)
	out := &api.LiveAccuracy{From: from.UTC(), To: to.UTC(), Rules: []api.RuleAccuracy{}, Total: outcomesOf(&total.Warnings)}
	for k := range rules {
		out.Rules = append(out.Rules, api.RuleAccuracy{Rule: rules[k].Rule.Name, RuleUID: rules[k].Rule.UID, Outcomes: outcomesOf(&rules[k].Warnings)})
	}
	out.Models, err = i.trials(ctx)
	return out, err
}

func outcomesOf(w *evaluate.Warnings) api.Outcomes {
	out := api.Outcomes{Raised: w.Raised, Confirmed: w.Confirmed, Withdrawn: w.Withdrawn, Open: w.Open, Crossings: w.Crossings, Missed: w.Missed}
	if w.Confirmed > 0 {
		hours := w.Lead().Hours()
		out.LeadHours = &hours
	}
	return out
}

// trials gives how each trained model that forecasts does against its twin.
func (i *Instance) trials(ctx context.Context) ([]api.ModelTrial, error) {
	models, err := i.store.Models(ctx)
	if err != nil {
		return nil, err
	}
	out := []api.ModelTrial{}
	for k := range models {
		var d model.Definition
		if m := &models[k]; m.Live == 0 || json.Unmarshal(m.Definition, &d) != nil || d.Draft {
			continue
		}
		if c, err := model.Compile(d, i.defaults); err != nil || c.Query.Type != query.Forecast && c.Query.Type != query.Warning {
			continue
		}
		one := api.ModelTrial{Model: models[k].Name, Demoted: []api.DemotedSeries{}}
		if t := train.TrialOf(&models[k]); t.Version == models[k].Live {
			one.Version, one.Measured, one.Series, one.Points, one.Ratio = t.Version, when(t.Measured), t.Series, t.Points, t.Ratio
			for _, key := range slices.Sorted(maps.Keys(t.Demoted)) {
				d := t.Demoted[key]
				one.Demoted = append(one.Demoted, api.DemotedSeries{Series: d.Name, Ratio: d.Ratio, Since: d.Since})
			}
		}
		out = append(out, one)
	}
	return out, nil
}

// accuracyFrame is the trail's report `accuracy`: one row a rule.
func accuracyFrame(list []trail.Accuracy) *data.Frame {
	f := table("accuracy", column[string]("rule", ""), column[int64]("raised", "short"), column[int64]("confirmed", "short"), column[int64]("withdrawn", "short"), column[int64]("open", "short"),
		column[int64]("crossings", "short"), column[int64]("missed", "short"), column[*float64]("median lead", "h"), column[*float64]("precision", "percentunit"), column[*float64]("recall", "percentunit"))
	for k := range list {
		a := &list[k]
		name := a.Rule.Name
		if name == "" {
			name = a.Rule.UID
		}
		f.AppendRow(name, int64(a.Raised), int64(a.Confirmed), int64(a.Withdrawn), int64(a.Open), int64(a.Crossings), int64(a.Missed), outcomesOf(&a.Warnings).LeadHours, known(a.Precision()), known(a.Recall()))
	}
	return f
}

// known is null where there is nothing to divide by.
func known(share float64, ok bool) *float64 {
	if !ok {
		return nil
	}
	return &share
}

// trialsFrame is the trail's report `models`: one row a model that forecasts.
func trialsFrame(list []api.ModelTrial) *data.Frame {
	f := table("models", column[string]("model", ""), column[int64]("version", ""), column[*float64]("error against last season", ""), column[int64]("series", "short"), column[int64]("demoted series", "short"),
		column[*time.Time]("since", ""), column[*time.Time]("measured", ""))
	for _, m := range list {
		var since *time.Time
		for _, d := range m.Demoted {
			since = earlier(since, &d.Since)
		}
		f.AppendRow(m.Model, int64(m.Version), m.Ratio, int64(m.Series), int64(len(m.Demoted)), since, m.Measured)
	}
	return f
}
