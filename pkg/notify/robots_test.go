package notify

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// alarm is a message of one alert in the form that Grafana sends.
func alarm(t *testing.T, status, severity, text string) []byte {
	t.Helper()
	labels := map[string]string{"alertname": "CPU over 80 %", "severity": severity}
	raw, err := json.Marshal(map[string]any{"status": status, "commonLabels": labels, "title": "CPU over 80 %", "message": text, "groupKey": "g",
		"alerts": []any{map[string]any{"status": status, "labels": labels, "panelURL": "https://g.example.com/d/x?viewPanel=2"}}})
	require.NoError(t, err)
	return raw
}

// sent is what a robot on loopback is sent, as text.
func sent(t *testing.T, kind, answer string, c Channel, body []byte) string {
	t.Helper()
	s := newReceiver(t, says(200, answer))
	c.Name, c.Kind, c.URL = "x", kind, s.URL
	report, _, err := relay(t, s.host(), nil, c).Send(t.Context(), "x", body)
	require.NoError(t, err)
	require.True(t, report.OK(), "%v", report)
	require.Len(t, s.all(), 1)
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	require.NoError(t, enc.Encode(s.all()[0].Body))
	return b.String()
}

// Whom a robot names: its list where something critical fires, everybody where that is asked for, nobody when it is over.
func TestWhomARobotNames(t *testing.T) {
	forms := map[string]struct{ answer, one, all string }{
		DingTalk: {`{"errcode":0}`, `"atMobiles":["138","139"]`, `"isAtAll":true`},
		WeCom:    {`{"errcode":0}`, `<@138>\n<@139>`, `<@all>`},
		Feishu:   {`{"code":0}`, `<at id=138></at>\n<at id=139></at>`, `<at id=all></at>`},
	}
	for _, c := range []struct {
		status, severity string
		to               []string
		everybody        bool
		one, all         bool
	}{
		{Firing, "critical", []string{"138", "139"}, false, true, false},
		{Firing, "warning", []string{"138", "139"}, false, false, false},
		{Resolved, "critical", []string{"138", "139"}, false, false, false},
		{Firing, "critical", []string{"138,139"}, false, true, false},
		{Firing, "critical", []string{"all"}, false, false, true},
		{Firing, "warning", []string{"all"}, false, false, false},
		{Firing, "warning", nil, true, false, true},
		{Resolved, "warning", nil, true, false, false},
		{Firing, "critical", nil, false, false, false},
		{Firing, "", []string{"138", "139"}, false, false, false},
	} {
		for kind, form := range forms {
			name := fmt.Sprintf("%s %+v", kind, c)
			text := sent(t, kind, form.answer, Channel{To: c.to, All: c.everybody}, alarm(t, c.status, c.severity, "web-1 is hot"))
			require.Equal(t, c.one, strings.Contains(text, form.one), "%s: %s", name, text)
			require.Equal(t, c.all, strings.Contains(text, form.all), "%s: %s", name, text)
			require.Contains(t, text, "web-1 is hot", name)
		}
	}
}

// A label's value may be a log message, which anybody may have written: it calls nobody and links nowhere.
func TestTextOfStrangersCallsNobody(t *testing.T) {
	text := `login of <@all> <at id=all></at> <!channel> [free](https://evil.example.com) failed`
	for kind, c := range map[string]struct {
		answer string
		never  []string
	}{
		DingTalk: {`{"errcode":0}`, []string{"](https://evil", `"isAtAll":true`}},
		WeCom:    {`{"errcode":0}`, []string{"](https://evil", "<@all>"}},
		Feishu:   {`{"code":0}`, []string{"](https://evil", "<at id=all>"}},
		Slack:    {`ok`, []string{"<!channel>", "<@all>"}},
	} {
		got := sent(t, kind, c.answer, Channel{}, alarm(t, Firing, "critical", text))
		for _, bad := range c.never {
			require.NotContains(t, got, bad, kind)
		}
		require.Contains(t, got, "login of", kind)
	}
}

// Colours go with the state, and never alone: the words say it, too.
func TestColoursGoWithTheState(t *testing.T) {
	for kind, want := range map[string][3]string{ // critical, other, over
		WeCom:  {`color=\"warning\"`, `color=\"warning\"`, `color=\"info\"`},
		Feishu: {`"template":"red"`, `"template":"orange"`, `"template":"green"`},
		Slack:  {`"color":"#E02F44"`, `"color":"#FF9830"`, `"color":"#56A64B"`},
	} {
		answer := map[string]string{WeCom: `{"errcode":0}`, Feishu: `{"code":0}`, Slack: `ok`}[kind]
		for i, state := range [][2]string{{Firing, "critical"}, {Firing, "warning"}, {Resolved, "critical"}} {
			require.Contains(t, sent(t, kind, answer, Channel{}, alarm(t, state[0], state[1], "x")), want[i], "%s %v", kind, state)
		}
	}
}

// With a token Slack is asked for a channel; without one the address is of a channel already.
func TestSlackWithAToken(t *testing.T) {
	s := newReceiver(t, says(200, `{"ok":true}`))
	r := relay(t, s.host(), map[string]string{"channelToken_x": "xoxb-1"}, Channel{Name: "x", Kind: Slack, URL: s.URL, To: []string{"#ops", "#other"}, All: true})
	report, _, err := r.Send(t.Context(), "x", alarm(t, Firing, "warning", "a < b & c"))
	require.NoError(t, err)
	require.True(t, report.OK())
	got := s.all()[0]
	require.Equal(t, "Bearer xoxb-1", got.Header["Authorization"])
	body := got.Body.(map[string]any)
	require.Equal(t, "#ops", body["channel"])
	require.Equal(t, "<!channel>", body["text"])
	attachment := body["attachments"].([]any)[0].(map[string]any)
	require.Equal(t, "a &lt; b &amp; c", attachment["text"])
	require.Equal(t, "https://g.example.com/d/x?viewPanel=2", attachment["title_link"])
	for answer, attempts := range map[string]int{`{"ok":false,"error":"ratelimited"}`: 3, `{"ok":false,"error":"service_unavailable"}`: 3, `{"ok":false,"error":"channel_not_found"}`: 1, `{"ok":false}`: 1} {
		s := newReceiver(t, says(200, answer))
		r := relay(t, s.host(), map[string]string{"channelToken_x": "xoxb-1"}, Channel{Name: "x", Kind: Slack, URL: s.URL})
		report, _, err := r.Send(t.Context(), "x", alarm(t, Firing, "warning", "x"))
		require.NoError(t, err)
		require.False(t, report.OK())
		require.Equal(t, attempts, report[0].Attempts, answer)
	}
}
