package notify

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

// receiver is a vendor on loopback: it records what comes and answers as it is told.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []got
	answer func(w http.ResponseWriter, r *http.Request, n int)
}

type got struct {
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Header map[string]string `json:"header"`
	Body   any               `json:"body"`
}

func newReceiver(t *testing.T, answer func(w http.ResponseWriter, r *http.Request, n int)) *receiver {
	s := &receiver{answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		one := got{Method: r.Method, Path: r.URL.RequestURI(), Header: map[string]string{}}
		for _, name := range []string{"Content-Type", "Authorization", "X-Forewarn-Timestamp", "X-Forewarn-Signature", "X-Tenant", "User-Agent"} {
			if v := r.Header.Get(name); v != "" {
				one.Header[name] = v
			}
		}
		if json.Unmarshal(raw, &one.Body) != nil {
			one.Body = string(raw)
		}
		s.mu.Lock()
		s.got = append(s.got, one)
		n := len(s.got)
		s.mu.Unlock()
		s.answer(w, r, n)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *receiver) host() string { return strings.TrimPrefix(s.URL, "http://") }

func (s *receiver) all() []got {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]got{}, s.got...)
}

func says(status int, body string) func(http.ResponseWriter, *http.Request, int) {
	return func(w http.ResponseWriter, _ *http.Request, _ int) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

var noon = time.Date(2026, 11, 21, 7, 41, 0, 0, time.UTC)

// quick is a timing for tests.
func quick() Timing {
	return Timing{Attempt: 2 * time.Second, Total: 10 * time.Second, Pauses: []time.Duration{time.Millisecond, time.Millisecond}}
}

func relay(t *testing.T, host string, secrets map[string]string, channels ...Channel) *Relay {
	t.Helper()
	r, err := New(Config{PrivateHosts: []string{host}, Channels: channels, Secrets: secrets}, quick(), func() time.Time { return noon })
	require.NoError(t, err)
	for name, err := range r.broken {
		require.NoError(t, err, name)
	}
	return r
}

func sample(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return raw
}

// What each vendor is sent for a message that Grafana 12.3.0 sent (testdata/grafana-*.json were recorded from it).
func TestEachVendorIsSentWhatItWants(t *testing.T) {
	cases := map[string]struct {
		channel Channel
		secrets map[string]string
		path    string
		answer  string
	}{
		DingTalk: {Channel{To: []string{"13800000000"}}, map[string]string{"channelSecret_x": "SECsecret"}, "/robot/send?access_token=token-of-robot", `{"errcode":0,"errmsg":"ok"}`},
		Feishu:   {Channel{}, map[string]string{"channelSecret_x": "feishu-secret"}, "/open-apis/bot/v2/hook/token-of-robot", `{"code":0,"msg":"success","data":{}}`},
		WeCom:    {Channel{All: true}, nil, "/cgi-bin/webhook/send?key=token-of-robot", `{"errcode":0,"errmsg":"ok"}`},
		Slack:    {Channel{}, nil, "/services/T0/B0/token-of-hook", `ok`},
		Webhook:  {Channel{Headers: map[string]string{"X-Tenant": "ops"}}, map[string]string{"channelSecret_x": "whsec", "channelToken_x": "bearer-token"}, "/hook", ``},
		SMS:      {Channel{To: []string{"13800000000"}, Body: `mobile={{urlquery .To}}&text={{urlquery .Text}}`, ContentType: "application/x-www-form-urlencoded", User: "ops"}, map[string]string{"channelToken_x": "gateway-pass", "channelTo_x": " 13900000000, "}, "/sms", `{"code":0}`},
		Phone:    {Channel{To: []string{"13800000000"}, Language: "zh"}, nil, "/call", `{"code":"200"}`},
		Zammad:   {Channel{Group: "Operations", Customer: "forewarn@example.com"}, map[string]string{"channelToken_x": "zammad-token"}, "", `{"id":7}`},
	}
	for kind, c := range cases {
		for _, status := range []string{Firing, Resolved} {
			t.Run(kind+" "+status, func(t *testing.T) {
				s := newReceiver(t, says(200, c.answer))
				c.channel.Name, c.channel.Kind = "x", kind
				secrets := map[string]string{"channelUrl_x": s.URL + c.path}
				for k, v := range c.secrets {
					secrets[k] = v
				}
				report, m, err := relay(t, s.host(), secrets, c.channel).Send(t.Context(), "x", sample(t, "grafana-"+status+".json"))
				require.NoError(t, err)
				require.True(t, report.OK(), "%v", report)
				require.Equal(t, 1, report[0].Attempts)
				require.Equal(t, status, m.Status)
				raw, err := json.MarshalIndent(s.all(), "", " ")
				require.NoError(t, err)
				golden := filepath.Join("testdata", "golden", kind+"-"+status+".json")
				if *update {
					require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o755))
					require.NoError(t, os.WriteFile(golden, append(raw, '\n'), 0o644))
				}
				want, err := os.ReadFile(golden)
				require.NoError(t, err)
				require.JSONEq(t, string(want), string(raw))
			})
		}
	}
}

// A vendor that answers 200 may still have refused: the code in the answer counts.
func TestAnswersAreRead(t *testing.T) {
	for _, c := range []struct {
		kind, answer string
		status       int
		ok           bool
		attempts     int
	}{
		{DingTalk, `{"errcode":310000,"errmsg":"sign not match"}`, 200, false, 1},
		{DingTalk, `{"errcode":130101,"errmsg":"send too fast"}`, 200, false, 3},
		{DingTalk, `<html>log in first</html>`, 200, false, 1},
		{DingTalk, `{}`, 200, false, 1},
		{DingTalk, `{"errcode":0,"errmsg":"ok"}`, 200, true, 1},
		{Feishu, `{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}`, 200, false, 1},
		{Feishu, `{"code":11232,"msg":"frequency limited"}`, 200, false, 3},
		{Feishu, `{"StatusCode":0,"StatusMessage":"success"}`, 200, true, 1},
		{Feishu, `{"StatusCode":19024,"StatusMessage":"Key Words Not Found"}`, 200, false, 1},
		{WeCom, `{"errcode":93000,"errmsg":"invalid webhook url"}`, 200, false, 1},
		{WeCom, `{"errcode":45009,"errmsg":"api freq out of limit"}`, 200, false, 3},
		{Slack, `invalid_payload`, 400, false, 1},
		{Slack, `{"ok":false,"error":"invalid_auth"}`, 200, false, 1},
		{Slack, `{"ok":true}`, 200, true, 1},
		{Slack, `something else`, 200, false, 1},
		{Webhook, `anything`, 200, true, 1},
		{Webhook, `[1]`, 204, true, 1},
		{Webhook, `{"errcode":310000}`, 200, false, 1},
		{Webhook, `{"success":false,"message":"quota"}`, 200, false, 1},
		{SMS, `{"code":200,"msg":"sent"}`, 200, true, 1},
		{SMS, `{"code":"OK"}`, 200, true, 1},
		{SMS, `{"code":"isv.BUSINESS_LIMIT_CONTROL","message":"limit"}`, 200, false, 1},
		{Zammad, `{"error":"No such group"}`, 422, false, 1},
		{Zammad, `{"error":"No such group"}`, 200, false, 1},
		{Zammad, `{"id":12}`, 201, true, 1},
		{Webhook, `busy`, 500, false, 3},
		{Webhook, `slow down`, 429, false, 3},
		{Webhook, `who are you`, 401, false, 1},
		{Webhook, ``, 404, false, 1},
	} {
		t.Run(fmt.Sprintf("%s %d %s", c.kind, c.status, c.answer), func(t *testing.T) {
			s := newReceiver(t, says(c.status, c.answer))
			r := relay(t, s.host(), map[string]string{"channelUrl_x": s.URL}, Channel{Name: "x", Kind: c.kind, Group: "g", Customer: "c"})
			report, _, err := r.Send(t.Context(), "x", sample(t, "grafana-firing.json"))
			require.NoError(t, err)
			require.Equal(t, c.ok, report.OK())
			require.Equal(t, c.attempts, report[0].Attempts)
			if !c.ok {
				require.Error(t, report[0].Err)
			}
		})
	}
}

// The field that says whether a gateway took a message is the channel's to name.
func TestGatewayAnswerByField(t *testing.T) {
	for answer, ok := range map[string]bool{`{"result":{"state":"DELIVERED"}}`: true, `{"result":{"state":"FAILED"}}`: false, `{"result":7}`: false, `not json`: false, `{}`: false} {
		s := newReceiver(t, says(200, answer))
		r := relay(t, s.host(), nil, Channel{Name: "x", Kind: SMS, URL: s.URL, OKField: "result.state", OKValue: "DELIVERED"})
		report, _, err := r.Send(t.Context(), "x", sample(t, "grafana-firing.json"))
		require.NoError(t, err)
		require.Equal(t, ok, report.OK(), answer)
	}
}

// A ticket that is open is added to, and closed in the end; there is one ticket for one trouble.
func TestZammadKeepsOneTicket(t *testing.T) {
	open := ""
	s := newReceiver(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		switch r.Method {
		case http.MethodGet:
			_, _ = io.WriteString(w, `{"tickets":[`+open+`],"tickets_count":1}`)
		case http.MethodPut:
			_, _ = io.WriteString(w, `{"id":7}`)
		default:
			open = "7"
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"id":7}`)
		}
	})
	r := relay(t, s.host(), map[string]string{"channelUrl_x": s.URL, "channelToken_x": "zammad-token"}, Channel{Name: "x", Kind: Zammad, Group: "g", Customer: "c"})
	for _, name := range []string{"grafana-firing.json", "grafana-firing.json", "grafana-resolved.json"} {
		report, _, err := r.Send(t.Context(), "x", sample(t, name))
		require.NoError(t, err)
		require.True(t, report.OK())
	}
	var calls []string
	for _, g := range s.all() {
		path, _, _ := strings.Cut(g.Path, "?")
		calls = append(calls, g.Method+" "+path)
	}
	search := "GET /api/v1/tickets/search"
	require.Equal(t, []string{search, "POST /api/v1/tickets", search, "PUT /api/v1/tickets/7", search, "PUT /api/v1/tickets/7"}, calls)
	last := s.all()[5].Body.(map[string]any)
	require.Equal(t, "closed", last["state"])
	require.NotContains(t, s.all()[3].Body.(map[string]any), "state", "a repeated message leaves the ticket open")
}
