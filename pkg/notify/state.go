package notify

import (
	"encoding/json"
	"fmt"
	"net/url"
	"time"
	"unicode/utf8"
)

// State is a channel as people may see it: no address, no secret.
type State struct {
	Name, Kind, Host, Fallback string
	Enabled                    bool
	Err                        error   // of its settings
	Last                       Outcome // At is zero where nothing was sent yet
}

// States lists the channels in the order of the settings.
func (r *Relay) States() []State {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]State, 0, len(r.names))
	for _, name := range r.names {
		s := State{Name: name, Fallback: r.instead[name], Err: r.broken[name], Last: r.last[name]}
		if c := r.channels[name]; c != nil {
			s.Kind, s.Enabled = c.Kind, !c.Off() && s.Err == nil
			if u, err := url.Parse(c.URL); err == nil {
				s.Host = u.Host
			}
			if _, err := r.guard.Check(c.URL); err != nil && !c.Off() && s.Err == nil {
				s.Err = err
			}
		}
		out = append(out, s)
	}
	return out
}

// testMessage is what the test button sends.
func testMessage(lang string, now time.Time) *Message {
	title, text := "Forewarn test", "This is a test of the channel. Nothing is wrong."
	if lang == "zh" {
		title, text = "Forewarn 测试", "这是一条通道测试消息，没有异常。"
	}
	labels := map[string]string{"alertname": title, "severity": "info"}
	m := &Message{Receiver: "test", Status: Firing, Title: title, Text: text, GroupKey: "test", Common: labels,
		Alerts: []Alert{{Status: Firing, Labels: labels, Annotations: map[string]string{"summary": text}, StartsAt: now}}}
	m.Raw = m.encode()
	return m
}

// undelivered is the message with a note, for the fallback, that another channel failed.
func (m *Message) undelivered(o Outcome, to *Channel) *Message {
	lang := to.Language
	copied := *m
	note := fmt.Sprintf(languages[lang].failed, o.Channel, Clip(o.Err.Error(), 80))
	copied.Title = m.heading(lang)
	copied.Text = m.body(lang, to.Limit-utf8.RuneCountInString(note)-1) + "\n" + note
	copied.Raw = copied.encode()
	return &copied
}

// encode writes the message as Grafana would, with everything of the body it came with but title and text.
func (m *Message) encode() []byte {
	var fields map[string]any
	own, err := json.Marshal(m)
	if err != nil {
		return m.Raw
	}
	_ = json.Unmarshal(own, &fields)
	if len(m.Raw) > 0 {
		_ = json.Unmarshal(m.Raw, &fields)
	}
	fields["title"], fields["message"] = m.Title, m.Text
	if own, err = json.Marshal(fields); err != nil {
		return m.Raw
	}
	return own
}
