package plugin

import (
	"net/http"
	"time"

	"github.com/forewarn/earlywarning/pkg/notify"
	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/trail"
)

// recordAlerts answers POST trail, the webhook of the contact point that is told of everything: each alert is recorded once. Where
// the store fails so does the request, and Grafana tries again.
func (i *Instance) recordAlerts(w http.ResponseWriter, r *http.Request) error {
	raw, err := webhookBody(w, r)
	if err != nil {
		return err
	}
	m, err := notify.Parse(raw)
	if err != nil {
		return err
	}
	tally, err := i.alerting.trail.Message(r.Context(), m)
	i.metrics.tally(tally)
	if err != nil {
		return err
	}
	i.alerting.prune(r.Context(), i.store, time.Now())
	reply(w, http.StatusOK, tally)
	return nil
}

// recordWarning answers POST warnings: one warning from elsewhere than Grafana's alerting.
func (i *Instance) recordWarning(w http.ResponseWriter, r *http.Request) error {
	var in api.Warning
	if err := read(w, r, &in); err != nil {
		return err
	}
	if in.State != "raised" && in.State != "resolved" {
		return badField("state", in.State, "raised or resolved")
	}
	if in.Key == "" {
		return badField("key", "empty", "a text that tells the warning from others")
	}
	if in.Rule == "" {
		return badField("rule", "empty", "the name of the rule")
	}
	e := store.Entry{Who: who(r), Model: in.Model, Version: in.Version, Subject: in.Subject, Labels: in.Labels, Values: in.Values, Note: in.Note}
	if e.Values == nil {
		e.Values = map[string]any{}
	}
	e.Values["rule"] = in.Rule
	if s := in.Labels["severity"]; s != "" && e.Values["severity"] == nil {
		e.Values["severity"] = s
	}
	if e.Subject == "" {
		e.Subject = trail.Subject(in.Labels)
	}
	if in.At != nil {
		if in.At.After(time.Now().Add(time.Hour)) {
			return badField("at", in.At.Format(time.RFC3339), "a time that is not to come")
		}
		e.Time = *in.At
	}
	e, recorded, err := i.alerting.trail.Warning(r.Context(), store.Warning{Raised: in.State == "raised", Key: in.Key, Entry: e})
	if err != nil {
		return err
	}
	tally := trail.Tally{Known: 1}
	if recorded && in.State == "raised" {
		tally = trail.Tally{Raised: 1}
	} else if recorded {
		tally = trail.Tally{Resolved: 1}
	}
	i.metrics.tally(tally)
	reply(w, http.StatusOK, api.Recorded{Recorded: recorded, Seq: e.Seq})
	return nil
}
