package plugin

import (
	"fmt"
	"io"
	"net/http"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/forewarn/earlywarning/pkg/notify"
	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
)

// webhookBody reads the body of Grafana's webhook contact point.
func webhookBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, notify.MaxBody))
	if err != nil {
		return nil, badField("body", "too large", fmt.Sprintf("at most %d MiB", notify.MaxBody>>20))
	}
	return raw, nil
}

// deliver answers POST relay/{name}: 200 when the message is out, through the channel or its fallback, or when the channel is off;
// 502 when nobody took it, so that Grafana reports the failure and tries again.
func (i *Instance) deliver(w http.ResponseWriter, r *http.Request) error {
	raw, err := webhookBody(w, r)
	if err != nil {
		return err
	}
	relay, err := i.alerting.channels()
	if err != nil {
		return err
	}
	report, m, err := relay.Send(r.Context(), r.PathValue("name"), raw)
	if err != nil {
		return err
	}
	i.alerting.delivered(r.Context(), m, report)
	out := api.Delivery{OK: report.OK(), Attempts: []api.DeliveryAttempt{}}
	for _, o := range report {
		one := api.DeliveryAttempt{Channel: o.Channel, OK: o.OK, Off: o.Off, Status: o.Status, Tries: o.Attempts, Milliseconds: o.Took.Milliseconds()}
		if o.Err != nil {
			one.Error = o.Err.Error()
			out.Error = o.Channel + ": " + one.Error
		}
		out.Attempts = append(out.Attempts, one)
	}
	if !out.OK {
		backend.Logger.FromContext(r.Context()).Warn("A message was delivered to nobody", "channel", r.PathValue("name"), "error", out.Error)
		reply(w, http.StatusBadGateway, out)
		return nil
	}
	out.Error = ""
	reply(w, http.StatusOK, out)
	return nil
}

// listChannels answers GET channels.
func (i *Instance) listChannels(w http.ResponseWriter, _ *http.Request) error {
	relay, err := i.alerting.channels()
	if err != nil {
		return err
	}
	out := api.Channels{Channels: []api.Channel{}}
	for _, s := range relay.States() {
		c := api.Channel{Name: s.Name, Kind: s.Kind, Host: s.Host, Enabled: s.Enabled}
		switch {
		case s.Err != nil:
			c.LastStatus = s.Err.Error()
		case s.Last.Err != nil:
			c.LastStatus = s.Last.Err.Error()
		case s.Last.OK:
			c.LastStatus = "ok"
		}
		if !s.Last.At.IsZero() && !s.Last.Off {
			at := s.Last.At.UTC()
			c.LastAt = &at
		}
		out.Channels = append(out.Channels, c)
	}
	reply(w, http.StatusOK, out)
	return nil
}

// testChannel answers POST channels/{name}/test with what the channel said.
func (i *Instance) testChannel(w http.ResponseWriter, r *http.Request) error {
	relay, err := i.alerting.channels()
	if err != nil {
		return err
	}
	o, err := relay.Test(r.Context(), r.PathValue("name"))
	if err != nil {
		return err
	}
	i.metrics.delivery(o)
	out := api.ChannelTest{OK: o.OK, Status: o.Status, Answer: o.Answer, Milliseconds: o.Took.Milliseconds()}
	switch {
	case o.Off:
		out.Answer = "the channel is off: it has no address, or is disabled"
	case o.Err != nil && o.Answer == "":
		out.Answer = o.Err.Error()
	}
	if _, err := i.store.AppendAudit(r.Context(), store.Entry{Who: who(r), Action: "channel.test", Subject: o.Channel, Values: map[string]any{"ok": o.OK, "status": o.Status}, Note: out.Answer}); err != nil {
		backend.Logger.FromContext(r.Context()).Error("A test could not be recorded", "channel", o.Channel, "error", err)
	}
	reply(w, http.StatusOK, out)
	return nil
}
