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
func (i *Instance) recordAlerts(w http.ResponseWriter, r *http.Request) {
	raw, err := webhookBody(w, r)
	if err != nil {
		refuse(w, err)
		return
	}
	m, err := notify.Parse(raw)
	if err != nil {
		refuseMessage(w, err)
		return
	}
	tally, err := i.alerting.trail.Message(r.Context(), m)
	i.metrics.tally(tally)
	if err != nil {
		refuse(w, err)
		return
	}
	i.alerting.prune(r.Context(), i.store, time.Now())
	reply(w, http.StatusOK, tally)
}

// recordWarning answers POST warnings: one warning from elsewhere than Grafana's alerting.
func (i *Instance) recordWarning(w http.ResponseWriter, r *http.Request) {
	var in api.Warning
	if err := read(w, r, &in); err != nil {
		refuse(w, err)
		return
	}
	if in.State != "raised" && in.State != "resolved" {
		refuse(w, badField("state", in.State, "raised or resolved"))
		return
	}
	if in.Key == "" {
		refuse(w, badField("key", "empty", "a text that tells the warning from others"))
		return
	}
	if in.Rule == "" {
		refuse(w, badField("rule", "empty", "the name of the rule"))
		return
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
			refuse(w, badField("at", in.At.Format(time.RFC3339), "a time that is not to come"))
			return
		}
		e.Time = *in.At
	}
	e, recorded, err := i.alerting.trail.Warning(r.Context(), store.Warning{Raised: in.State == "raised", Key: in.Key, Entry: e})
	if err != nil {
		refuse(w, err)
		return
	}
	tally := trail.Tally{Known: 1}
	if recorded && in.State == "raised" {
		tally = trail.Tally{Raised: 1}
	} else if recorded {
		tally = trail.Tally{Resolved: 1}
	}
	i.metrics.tally(tally)
	reply(w, http.StatusOK, api.Recorded{Recorded: recorded, Seq: e.Seq})
}
