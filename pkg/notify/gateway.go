package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"text/template"
	"time"
	"unicode/utf8"
)

// bodyFuncs of a body template, beside the language's own (urlquery among them).
var bodyFuncs = template.FuncMap{
	"json": func(v any) (string, error) {
		raw, err := json.Marshal(v)
		return string(raw), err
	},
	"join": func(list []string, by string) string { return strings.Join(list, by) },
}

// bodyData is what a body template sees.
type bodyData struct {
	Status, Severity string   // firing or resolved; as labelled
	Title, Text      string   // as people read it
	Link             string   // may be empty
	To               string   // recipients, joined with commas
	Recipients       []string // the same as a list
	Key              string   // the same for all messages of one group of alerts
	Time             string   // now, RFC 3339 in UTC
	Unix             int64    // now, s
	Alerts           []Alert
}

// render fills a channel's body template.
func (c *Channel) render(m *Message, now time.Time) ([]byte, error) {
	text := c.spoken(m)
	var out bytes.Buffer
	err := c.body.Execute(&out, bodyData{Status: m.Status, Severity: m.Severity(), Title: m.heading(c.Language), Text: text, Link: m.Link(),
		To: strings.Join(c.To, ","), Recipients: c.To, Key: m.key(), Time: now.UTC().Format(time.RFC3339), Unix: now.Unix(), Alerts: m.Alerts})
	if err != nil {
		return nil, &Failure{Err: fmt.Errorf("field \"body\" of the channel: %w", err)}
	}
	return out.Bytes(), nil
}

// spoken is the text for a template: on one line where there is but one, and with a short link at the end of a text message, where that
// leaves at least half of the room and the template has no link of its own. A voice reads no link out.
func (c *Channel) spoken(m *Message) string {
	if c.Kind != SMS && c.Kind != Phone {
		return m.body(c.Language, c.Limit)
	}
	limit, end := c.Limit, ""
	if link := m.ShortLink(); c.Kind == SMS && link != "" && !c.NoLink && !strings.Contains(c.Body, ".Link") {
		if n := utf8.RuneCountInString(link) + 1; n <= limit/2 {
			limit, end = limit-n, " "+link
		}
	}
	return strings.ReplaceAll(m.body(c.Language, limit), "\n", " ") + end
}

// gateway sends a body that the channel's template writes, and reads the answer as the channel says.
func gateway(ctx context.Context, send do, c *Channel, to *url.URL, m *Message, now time.Time) (answer, error) {
	body, err := c.render(m, now)
	if err != nil {
		return answer{}, err
	}
	return c.submit(ctx, send, to, body, now)
}

// webhook passes Grafana's body on as it came, or the channel's own.
func webhook(ctx context.Context, send do, c *Channel, to *url.URL, m *Message, now time.Time) (answer, error) {
	if c.body != nil {
		return gateway(ctx, send, c, to, m, now)
	}
	return c.submit(ctx, send, to, m.Raw, now)
}

func (c *Channel) submit(ctx context.Context, send do, to *url.URL, body []byte, now time.Time) (answer, error) {
	header := http.Header{}
	for name, value := range c.Headers {
		header.Set(name, value)
	}
	header.Set("Content-Type", "application/json; charset=utf-8")
	if c.ContentType != "" {
		header.Set("Content-Type", c.ContentType)
	}
	switch {
	case c.token != "" && c.User != "":
		r := http.Request{Header: header}
		r.SetBasicAuth(c.User, c.token)
	case c.token != "":
		header.Set("Authorization", "Bearer "+c.token)
	}
	if c.secret != "" {
		timestamp, sign := signBody(c.secret, body, now)
		header.Set("X-Forewarn-Timestamp", timestamp)
		header.Set("X-Forewarn-Signature", sign)
	}
	a, err := send(ctx, request{c.Method, to, header, body})
	if err != nil {
		return a, err
	}
	return a, c.accepted(a)
}

// accepted reads the answer of a gateway: the field that the channel names, else the codes that are common, of which 0, 200, OK
// and the like mean success. An answer that says nothing is success: the status was.
func (c *Channel) accepted(a answer) error {
	var body map[string]any
	if json.Unmarshal(a.body, &body) != nil && c.OKField == "" {
		return nil
	}
	failed := func(field string, value any) error {
		return &Failure{Status: a.status, Answer: string(a.body), Err: fmt.Errorf("refused with %s %v: %s", field, value, reason(a.body))}
	}
	if c.OKField != "" {
		if v := dig(body, c.OKField); fmt.Sprint(v) != c.OKValue {
			return failed(c.OKField, v)
		}
		return nil
	}
	for _, field := range []string{"errcode", "code", "StatusCode"} {
		switch v := body[field].(type) {
		case float64:
			if v != 0 && (v < 200 || v > 299) {
				return failed(field, v)
			}
		case string:
			if s := strings.ToLower(v); s != "" && s != "0" && s != "200" && s != "ok" && s != "success" {
				return failed(field, v)
			}
		}
	}
	for _, field := range []string{"ok", "success"} {
		if v, is := body[field].(bool); is && !v {
			return failed(field, v)
		}
	}
	return nil
}

// dig finds a field by its path, such as "result.code".
func dig(body map[string]any, path string) any {
	var v any = body
	for _, name := range strings.Split(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[name]
	}
	return v
}
