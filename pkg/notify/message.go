package notify

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Limits of a webhook body.
const (
	MaxBody   = 4 << 20 // bytes
	maxAlerts = 2000
)

// ErrBody is wrapped by every complaint about a webhook body.
var ErrBody = errors.New("webhook body")

// States of a message and of an alert.
const (
	Firing   = "firing"
	Resolved = "resolved"
)

// Message is the body that Grafana's webhook contact point sends (receivers/webhook in github.com/grafana/alerting).
type Message struct {
	Receiver    string            `json:"receiver"`
	Status      string            `json:"status"` // firing while any alert is, else resolved
	Alerts      []Alert           `json:"alerts"`
	GroupLabels map[string]string `json:"groupLabels"`
	Common      map[string]string `json:"commonLabels"`
	ExternalURL string            `json:"externalURL"`
	GroupKey    string            `json:"groupKey"` // route and labels of the group
	Truncated   int               `json:"truncatedAlerts"`
	Title       string            `json:"title"`
	Text        string            `json:"message"` // as the contact point's template wrote it

	Raw []byte `json:"-"` // the body as it came
}

// Alert is one series of a rule.
type Alert struct {
	Status       string            `json:"status"`
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations"`
	StartsAt     time.Time         `json:"startsAt"`
	EndsAt       time.Time         `json:"endsAt"` // year 1 while it fires
	Values       Values            `json:"values"` // of the rule's nodes, by refId
	GeneratorURL string            `json:"generatorURL"`
	Fingerprint  string            `json:"fingerprint"` // of the labels
	SilenceURL   string            `json:"silenceURL"`
	DashboardURL string            `json:"dashboardURL"`
	PanelURL     string            `json:"panelURL"`
}

// Values are numbers by name; what is not a number is left out.
type Values map[string]float64

// UnmarshalJSON takes null, and numbers among other things.
func (v *Values) UnmarshalJSON(raw []byte) error {
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		return err
	}
	*v = nil
	for name, x := range all {
		if f, ok := x.(float64); ok {
			if *v == nil {
				*v = Values{}
			}
			(*v)[name] = f
		}
	}
	return nil
}

// Parse reads a webhook body. The error wraps ErrBody and says what is wrong.
func Parse(raw []byte) (*Message, error) {
	if len(raw) > MaxBody {
		return nil, fmt.Errorf("%w: %d bytes, at most %d are taken", ErrBody, len(raw), MaxBody)
	}
	m := &Message{}
	if err := json.Unmarshal(raw, m); err != nil {
		return nil, fmt.Errorf("%w: not the JSON of Grafana's webhook contact point: %w", ErrBody, err)
	}
	if m.Status != Firing && m.Status != Resolved {
		return nil, fmt.Errorf("%w: field \"status\" is %q, want firing or resolved; leave the contact point's payload empty", ErrBody, m.Status)
	}
	if len(m.Alerts) == 0 {
		return nil, fmt.Errorf("%w: field \"alerts\" is empty", ErrBody)
	}
	if len(m.Alerts) > maxAlerts {
		return nil, fmt.Errorf("%w: %d alerts, at most %d are taken: set maxAlerts in the contact point", ErrBody, len(m.Alerts), maxAlerts)
	}
	for i := range m.Alerts {
		if s := m.Alerts[i].Status; s != Firing && s != Resolved {
			return nil, fmt.Errorf("%w: field \"alerts[%d].status\" is %q, want firing or resolved", ErrBody, i, s)
		}
	}
	m.Raw = raw
	return m, nil
}

// Severity is the alerts' common severity, or the most urgent among them: critical before anything else.
func (m *Message) Severity() string {
	if s := m.Common["severity"]; s != "" {
		return s
	}
	worst := ""
	for _, a := range m.Alerts {
		if s := a.Labels["severity"]; s == "critical" || worst == "" {
			worst = s
		}
	}
	return worst
}

// byUrgency picks what goes with a message that is critical, one that is not, and one that all is over.
func (m *Message) byUrgency(critical, other, over string) string {
	switch {
	case m.Status == Resolved:
		return over
	case m.Severity() == "critical":
		return critical
	}
	return other
}

// Link is where one sees more: the panel, else the dashboard, else the rule. Only http addresses count.
func (m *Message) Link() string {
	for _, pick := range []func(Alert) string{
		func(a Alert) string { return a.PanelURL }, func(a Alert) string { return a.DashboardURL }, func(a Alert) string { return a.GeneratorURL },
	} {
		for _, a := range m.Alerts {
			if u, err := url.Parse(pick(a)); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
				return u.String()
			}
		}
	}
	return ""
}

// ShortLink is the link without the stretch of time that was looked at and the organisation; the page then opens on its own.
func (m *Message) ShortLink() string {
	u, err := url.Parse(m.Link())
	if err != nil {
		return ""
	}
	q := u.Query()
	for _, name := range []string{"from", "to", "orgId"} {
		q.Del(name)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// RuleUID is the uid of the alert rule, from the address of the rule's page; empty where that is not Grafana's.
func (a *Alert) RuleUID() string {
	_, rest, ok := strings.Cut(a.GeneratorURL, "/alerting/grafana/")
	if !ok {
		return ""
	}
	uid, _, _ := strings.Cut(rest, "/")
	uid, _, _ = strings.Cut(uid, "?")
	return uid
}
