package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

var slackEscape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// slack sends to an incoming webhook (answer: the text ok), or to chat.postMessage where there is a token; the first entry of
// "to" is the channel then (answer: {"ok":true}).
func slack(ctx context.Context, send do, c *Channel, to *url.URL, m *Message, _ time.Time) (answer, error) {
	title := m.heading(c.Language)
	attachment := map[string]any{"color": m.byUrgency("#E02F44", "#FF9830", "#56A64B"), "title": slackEscape.Replace(title), "fallback": title, "text": slackEscape.Replace(m.body(c.Language, c.Limit))}
	if link := m.Link(); link != "" {
		attachment["title_link"] = link
	}
	body, header := map[string]any{"attachments": []any{attachment}}, http.Header{}
	if c.token != "" {
		header.Set("Authorization", "Bearer "+c.token)
		if len(c.To) > 0 {
			body["channel"] = c.To[0]
		}
	}
	if _, all := mentions(c, m); all {
		body["text"] = "<!channel>"
	}
	a, err := sendJSON(ctx, send, http.MethodPost, to, body, header)
	if err != nil || strings.TrimSpace(string(a.body)) == "ok" {
		return a, err
	}
	var said struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	if err := json.Unmarshal(a.body, &said); err != nil || !said.OK {
		if said.Error == "" {
			said.Error = Clip(string(a.body), 120)
		}
		return a, &Failure{Status: a.status, Answer: string(a.body), Temporary: said.Error == "ratelimited" || said.Error == "service_unavailable",
			Err: fmt.Errorf("refused: %s", said.Error)}
	}
	return a, nil
}
