package notify

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func ready(t *testing.T, c Channel, secrets map[string]string) *Channel {
	t.Helper()
	c.Name = "x"
	out, err := c.ready(secrets)
	require.NoError(t, err)
	return out
}

// What a channel leaves out follows from its kind.
func TestWhatAChannelLeavesOut(t *testing.T) {
	for kind, want := range map[string]struct {
		language string
		limit    int
	}{DingTalk: {"zh", 400}, Feishu: {"zh", 400}, WeCom: {"zh", 400}, Slack: {"en", 400}, Webhook: {"en", 400}, SMS: {"en", 200}, Phone: {"en", 120}, Zammad: {"en", 400}} {
		c := ready(t, Channel{Kind: kind}, nil)
		require.Equal(t, want.language, c.Language, kind)
		require.Equal(t, want.limit, c.Limit, kind)
		require.Equal(t, "POST", c.Method)
		require.True(t, c.Off(), "without an address it is off")
	}
	c := ready(t, Channel{Kind: SMS, URL: "https://open.example.com", Method: "put", To: []string{"1, 2", ""}},
		map[string]string{"channelUrl_x": " https://secret.example.com \n", "channelTo_x": "3,,4", "channelToken_x": " t ", "channelSecret_x": "s\n", "channelUrl_y": "https://of-another"})
	require.Equal(t, "https://secret.example.com", c.URL, "the secret address goes first")
	require.Equal(t, []string{"1", "2", "3", "4"}, c.To)
	require.Equal(t, []string{"PUT", "t", "s"}, []string{c.Method, c.token, c.secret})
	require.False(t, c.Off())
	require.True(t, ready(t, Channel{Kind: SMS, URL: "https://x", Disabled: true}, nil).Off())
}

// Whatever is in a message, a body that is written with the template's functions is of the form that it is meant to have.
func TestTemplatesAreSafeWithAnyText(t *testing.T) {
	asJSON := ready(t, Channel{Kind: SMS, To: []string{"1", "2"}, Body: `{"to":{{json .Recipients}},"text":{{json .Text}},"link":{{json .Link}},"title":{{json .Title}}}`}, nil)
	asForm := ready(t, Channel{Kind: SMS, To: []string{"1", "2"}, Body: `to={{join .Recipients ";" | urlquery}}&text={{urlquery .Text}}`}, nil)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		m := &Message{Status: Firing, Title: rapid.String().Draw(t, "title"), Text: text, Alerts: []Alert{{Status: Firing, Labels: map[string]string{"alertname": text}}}}
		raw, err := asJSON.render(m, noon)
		require.NoError(t, err)
		var body struct {
			To          []string
			Text, Title string
		}
		require.NoError(t, json.Unmarshal(raw, &body), "%s", raw)
		require.Equal(t, []string{"1", "2"}, body.To)
		require.LessOrEqual(t, utf8.RuneCountInString(body.Text), smsLimit)
		require.NotContains(t, body.Text, "\n", "a text message has one line")
		raw, err = asForm.render(m, noon)
		require.NoError(t, err)
		form, err := url.ParseQuery(string(raw))
		require.NoError(t, err, "%s", raw)
		require.Len(t, form, 2)
		require.Equal(t, body.Text, form.Get("text"))
		require.Equal(t, "1;2", form.Get("to"))
	})
}

// A template sees the message, and one that asks for what there is not fails before anything is sent.
func TestWhatATemplateSees(t *testing.T) {
	m, err := Parse(sample(t, "grafana-firing.json"))
	require.NoError(t, err)
	c := ready(t, Channel{Kind: Webhook, Language: "en", To: []string{"a", "b"},
		Body: `{{.Status}}|{{.Severity}}|{{.Title}}|{{.To}}|{{len .Recipients}}|{{.Key}}|{{.Time}}|{{.Unix}}|{{(index .Alerts 0).Labels.instance}}|{{.Link}}`}, nil)
	raw, err := c.render(m, noon)
	require.NoError(t, err)
	require.Equal(t, "firing|critical|"+m.heading("en")+"|a,b|2|"+m.key()+"|2026-11-21T07:41:00Z|1795246860|tencent-bj-02:9100|"+m.Link(), string(raw))
	s := newReceiver(t, says(200, ""))
	for _, body := range []string{`{{.Nothing}}`, `{{(index .Alerts 7).Status}}`, `{{json}}`} {
		report, _, err := relay(t, s.host(), nil, Channel{Name: "x", Kind: Webhook, URL: s.URL, Body: body}).Send(t.Context(), "x", sample(t, "grafana-firing.json"))
		require.NoError(t, err)
		require.ErrorContains(t, report[0].Err, `field "body"`)
		require.Equal(t, 1, report[0].Attempts, "which trying again does not mend")
	}
	require.Empty(t, s.all())
}

// A receiver that checks the signature as the guide says takes our message, and neither a changed one nor an old one with a new time.
func TestAReceiverChecksTheSignature(t *testing.T) {
	const secret = "whsec"
	taken := func(header http.Header, body string) bool {
		h := hmac.New(sha256.New, []byte(secret))
		h.Write([]byte(header.Get("X-Forewarn-Timestamp") + "." + body))
		return hmac.Equal([]byte(hex.EncodeToString(h.Sum(nil))), []byte(header.Get("X-Forewarn-Signature")))
	}
	var header http.Header
	var body string
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		header, body = r.Header.Clone(), string(raw)
	}))
	defer s.Close()
	host := strings.TrimPrefix(s.URL, "http://")
	raw := sample(t, "grafana-firing.json")
	report, _, err := relay(t, host, map[string]string{"channelSecret_x": secret}, Channel{Name: "x", Kind: Webhook, URL: s.URL}).Send(t.Context(), "x", raw)
	require.NoError(t, err)
	require.True(t, report.OK())
	require.True(t, taken(header, body))
	require.Equal(t, string(raw), body, "Grafana's JSON is passed on as it came")
	require.False(t, taken(header, body+" "))
	header.Set("X-Forewarn-Timestamp", "1999999999")
	require.False(t, taken(header, body))
}

// How a gateway is told who calls, and what is left to the settings.
func TestHeadersOfAGateway(t *testing.T) {
	for name, c := range map[string]struct {
		channel Channel
		token   string
		want    map[string]string
	}{
		"nobody":         {Channel{}, "", map[string]string{"Content-Type": "application/json; charset=utf-8"}},
		"a token":        {Channel{}, "tok", map[string]string{"Authorization": "Bearer tok", "Content-Type": "application/json; charset=utf-8"}},
		"a name":         {Channel{User: "ops"}, "pw", map[string]string{"Authorization": "Basic b3BzOnB3", "Content-Type": "application/json; charset=utf-8"}},
		"a form":         {Channel{ContentType: "application/x-www-form-urlencoded"}, "", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}},
		"another header": {Channel{Headers: map[string]string{"x-tenant": "ops", "content-type": "text/plain"}}, "", map[string]string{"X-Tenant": "ops", "Content-Type": "application/json; charset=utf-8"}},
	} {
		s := newReceiver(t, says(200, ""))
		c.channel.Name, c.channel.Kind, c.channel.URL = "x", SMS, s.URL
		report, _, err := relay(t, s.host(), map[string]string{"channelToken_x": c.token}, c.channel).Send(t.Context(), "x", sample(t, "grafana-firing.json"))
		require.NoError(t, err)
		require.True(t, report.OK(), name)
		c.want["User-Agent"] = "Forewarn"
		require.Equal(t, c.want, s.all()[0].Header, name)
	}
}

// An answer without an end is not read to its end, and one that breaks off is no answer.
func TestAnswersWithoutAnEnd(t *testing.T) {
	endless := newReceiver(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.WriteHeader(http.StatusBadRequest)
		for range 1000 {
			if _, err := io.WriteString(w, strings.Repeat("x", 1024)); err != nil {
				return
			}
		}
	})
	report, _, err := relay(t, endless.host(), nil, Channel{Name: "x", Kind: Webhook, URL: endless.URL}).Send(t.Context(), "x", sample(t, "grafana-firing.json"))
	require.NoError(t, err)
	require.LessOrEqual(t, len(report[0].Answer), 303)
	require.LessOrEqual(t, len(report[0].Err.Error()), 303)

	broken := newReceiver(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "half")
	})
	report, _, err = relay(t, broken.host(), nil, Channel{Name: "x", Kind: Webhook, URL: broken.URL}).Send(t.Context(), "x", sample(t, "grafana-firing.json"))
	require.NoError(t, err)
	require.ErrorContains(t, report[0].Err, "broke off")
	require.Equal(t, 3, report[0].Attempts)
}

// Zammad answers a search in two forms; a search that fails makes no second ticket; the channel's group and customer are those of a new one.
func TestHowATicketIsFound(t *testing.T) {
	for answer, want := range map[string]string{
		`[]`: "POST /api/v1/tickets", `{"tickets":[],"tickets_count":0}`: "POST /api/v1/tickets", `[{"id":31,"title":"x"}]`: "PUT /api/v1/tickets/31", `{"tickets":[42],"assets":{}}`: "PUT /api/v1/tickets/42",
	} {
		s := newReceiver(t, func(w http.ResponseWriter, r *http.Request, _ int) {
			if r.Method == http.MethodGet {
				_, _ = io.WriteString(w, answer)
				return
			}
			_, _ = io.WriteString(w, `{"id":1}`)
		})
		r := relay(t, s.host(), map[string]string{"channelToken_x": "z"}, Channel{Name: "x", Kind: Zammad, URL: s.URL, Group: "Ops", Customer: "c@example.com"})
		report, m, err := r.Send(t.Context(), "x", alarm(t, Firing, "critical", "web-1 is hot"))
		require.NoError(t, err)
		require.True(t, report.OK())
		all := s.all()
		require.Len(t, all, 2)
		require.Contains(t, all[0].Path, url.QueryEscape(m.key()), "it is looked for by its key")
		require.Equal(t, want, all[1].Method+" "+all[1].Path)
		require.Equal(t, "Token token=z", all[1].Header["Authorization"])
		body := all[1].Body.(map[string]any)
		require.Equal(t, "web-1 is hot\nhttps://g.example.com/d/x?viewPanel=2", body["article"].(map[string]any)["body"])
		if strings.HasPrefix(want, "POST") {
			require.Equal(t, []any{"Ops", "c@example.com", "3 high", "CPU over 80 % [" + m.key() + "]"}, []any{body["group"], body["customer"], body["priority"], body["title"]})
		} else {
			require.NotContains(t, body, "title", "what somebody may have renamed stays")
		}
	}
	s := newReceiver(t, says(401, `{"error":"Authentication required"}`))
	report, _, err := relay(t, s.host(), nil, Channel{Name: "x", Kind: Zammad, URL: s.URL, Group: "g", Customer: "c"}).Send(t.Context(), "x", alarm(t, Firing, "", "x"))
	require.NoError(t, err)
	require.ErrorContains(t, report[0].Err, "Authentication required")
	require.Len(t, s.all(), 1)
	a, b := Message{GroupKey: "g", Common: map[string]string{"alertname": "a"}, Alerts: []Alert{{}}}, Message{GroupKey: "g", Common: map[string]string{"alertname": "b"}, Alerts: []Alert{{}}}
	require.NotEqual(t, a.key(), b.key())
}

// The test button's message is one that every kind of channel can send, in the channel's language.
func TestTheTestMessageSuitsEveryKind(t *testing.T) {
	answers := map[string]string{DingTalk: `{"errcode":0}`, WeCom: `{"errcode":0}`, Feishu: `{"code":0}`, Slack: "ok", Zammad: `{"id":1}`}
	for kind := range vendors {
		for language, want := range map[string]string{"en": "Nothing is wrong", "zh": "没有异常"} {
			s := newReceiver(t, says(200, answers[kind]))
			r := relay(t, s.host(), nil, Channel{Name: "x", Kind: kind, URL: s.URL, Language: language, Group: "g", Customer: "c"})
			o, err := r.Test(t.Context(), "x")
			require.NoError(t, err)
			require.True(t, o.OK, "%s: %v", kind, o.Err)
			all := s.all()
			raw, err := json.Marshal(all[len(all)-1].Body)
			require.NoError(t, err)
			require.Contains(t, string(raw), want, kind)
			require.Equal(t, kind, o.Kind)
			require.Equal(t, time.Duration(0), o.Took, "by the relay's clock")
		}
	}
}
