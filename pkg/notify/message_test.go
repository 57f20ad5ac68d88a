package notify

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestParseReadsGrafanasBody(t *testing.T) {
	m, err := Parse(sample(t, "grafana-firing.json"))
	require.NoError(t, err)
	require.Equal(t, Firing, m.Status)
	require.Equal(t, "critical", m.Severity())
	require.Equal(t, "forewarn-cpu-threshold", m.Alerts[0].RuleUID())
	require.InDelta(t, 93.23, m.Alerts[0].Values["V"], 0.01)
	require.Equal(t, time.Date(2026, 11, 21, 8, 8, 30, 0, time.UTC), m.Alerts[0].StartsAt)
	require.Contains(t, m.Link(), "viewPanel=2")
	require.Regexp(t, `^FW-[0-9a-f]{10}$`, m.key())
}

func TestParseRefuses(t *testing.T) {
	for body, says := range map[string]string{
		``: "not the JSON", `[]`: "not the JSON", `{"status":"firing","alerts":"x"}`: "not the JSON", `{}`: `"status" is ""`, `{"status":"ok"}`: `"status" is "ok"`,
		`{"status":"firing"}`: `"alerts" is empty`, `{"status":"firing","alerts":[{"status":"?"}]}`: `"alerts[0].status" is "?"`,
		`{"status":"firing","alerts":[` + strings.Repeat(`{"status":"firing"},`, maxAlerts) + `{"status":"firing"}]}`: "set maxAlerts",
		`{"msg_type":"text","content":{"text":"hi"}}`:                                                                 "payload empty",
	} {
		_, err := Parse([]byte(body))
		require.ErrorIs(t, err, ErrBody)
		require.ErrorContains(t, err, says)
	}
	_, err := Parse(make([]byte, MaxBody+1))
	require.ErrorIs(t, err, ErrBody)
}

func TestValuesThatAreNoNumbersAreLeftOut(t *testing.T) {
	m, err := Parse([]byte(`{"status":"firing","alerts":[{"status":"firing","values":{"A":1.5,"B":null,"C":"NaN","D":{}}},{"status":"resolved","values":null}]}`))
	require.NoError(t, err)
	require.Equal(t, Values{"A": 1.5}, m.Alerts[0].Values)
	require.Nil(t, m.Alerts[1].Values)
	require.Empty(t, m.Link())
	require.Empty(t, m.Alerts[0].RuleUID())
	require.Empty(t, m.Severity())
	require.Equal(t, "1 × Forewarn", m.heading("en"))
}

func TestOnlyWebAddressesBecomeLinks(t *testing.T) {
	for address, want := range map[string]string{"javascript:alert(1)": "", "http://g/d/x": "http://g/d/x", "//evil": "", "https:///x": "", "https://g/a b": "https://g/a%20b"} {
		m := Message{Alerts: []Alert{{PanelURL: address}}}
		require.Equal(t, want, m.Link(), address)
	}
}

func TestShortLinks(t *testing.T) {
	for long, short := range map[string]string{
		"https://g.example.com/d/forewarn-hosts?from=1795252150000&orgId=1&to=1795256052896&viewPanel=2": "https://g.example.com/d/forewarn-hosts?viewPanel=2",
		"http://g:3000/alerting/grafana/abc/view?orgId=1":                                                "http://g:3000/alerting/grafana/abc/view",
		"https://g/d/x?var-host=a%26b&from=1":                                                            "https://g/d/x?var-host=a%26b",
		"javascript:alert(1)":                                                                            "",
		"":                                                                                               "",
	} {
		require.Equal(t, short, (&Message{Alerts: []Alert{{PanelURL: long}}}).ShortLink())
	}
}

// A text message ends with the link where there is room for it; a call never does, and neither does a template that places it itself.
func TestALinkInATextMessage(t *testing.T) {
	words := strings.Repeat("web-1 is hot. ", 20)
	m := &Message{Status: Firing, Text: words, Alerts: []Alert{{Status: Firing, PanelURL: "https://g.example.com/d/hosts?orgId=1&from=1&viewPanel=2"}}}
	link := " https://g.example.com/d/hosts?viewPanel=2"
	for _, c := range []struct {
		name string
		Channel
		ends bool
	}{
		{"a text message", Channel{Kind: SMS}, true},
		{"one of 90 characters", Channel{Kind: SMS, Limit: 90}, true},
		{"no room", Channel{Kind: SMS, Limit: 70}, false},
		{"refused by the gateway", Channel{Kind: SMS, NoLink: true}, false},
		{"placed by the template", Channel{Kind: SMS, Body: `{{.Text}} {{.Link}}`}, false},
		{"a call", Channel{Kind: Phone, Limit: 400}, false},
		{"a webhook of one's own", Channel{Kind: Webhook, Body: `{{.Text}}`}, false},
	} {
		c.Name = "x"
		ready, err := c.ready(nil)
		require.NoError(t, err)
		text := ready.spoken(m)
		require.Equal(t, c.ends, strings.HasSuffix(text, link), "%s: %s", c.name, text)
		require.LessOrEqual(t, utf8.RuneCountInString(text), ready.Limit, c.name)
		require.Contains(t, text, "web-1 is hot.", c.name)
	}
	m.Alerts[0].PanelURL = ""
	ready, err := Channel{Name: "x", Kind: SMS}.ready(nil)
	require.NoError(t, err)
	require.NotContains(t, ready.spoken(m), "http", "no link, none made up")
}

// The relay writes the text itself where the contact point has none, or only Grafana's own listing of labels.
func TestTextWhereNobodyWroteOne(t *testing.T) {
	m := &Message{Status: Firing, Title: "[FIRING:1] Disk (x)", Text: "**Firing**\n\nValue: B=1\nLabels:\n - alertname = Disk", Common: map[string]string{"alertname": "Disk filling up"},
		Alerts: []Alert{{Status: Firing, StartsAt: noon, Annotations: map[string]string{"summary": "db-2 /var: full in 9 h.", "summary_zh": "db-2 /var：约 9 小时后写满。", "description": "Growing 3 % a day."}}}}
	require.Equal(t, "1 × Disk filling up", m.heading("en"))
	require.Equal(t, "db-2 /var: full in 9 h.\nWhy: Growing 3 % a day.\nSince 2026-11-21 07:41 UTC", m.body("en", 400))
	require.Equal(t, "告警 1 条：Disk filling up", m.heading("zh"))
	require.Equal(t, "db-2 /var：约 9 小时后写满。\n原因：Growing 3 % a day.\n开始于 2026-11-21 07:41 UTC", m.body("zh", 400))
	m.Text, m.Title = "our own words", "ours"
	require.Equal(t, "our own words", m.body("zh", 400), "what the contact point's template wrote goes first")
	require.Equal(t, "ours", m.heading("zh"))
	m.Text, m.Title, m.Status = "", "", Resolved
	m.Alerts[0].Status = Resolved
	require.Equal(t, "Over: db-2 /var: full in 9 h.", m.body("en", 400))
	require.Equal(t, "已恢复：Disk filling up", m.heading("zh"))
	for range 5 {
		m.Alerts = append(m.Alerts, Alert{Status: Firing, Labels: map[string]string{"alertname": "CPU", "instance": "web-1"}})
	}
	require.Equal(t, "Over: db-2 /var: full in 9 h.\nCPU web-1\nCPU web-1\nand 3 more", m.body("en", 400))
}

func TestClip(t *testing.T) {
	require.Equal(t, "short", Clip("short", 5))
	require.Equal(t, "one two three…", Clip("one two three four five", 17))
	require.Equal(t, "first line…", Clip("first line\nsecond line", 14))
	require.Equal(t, "磁盘将满…", Clip("磁盘将满了吗不知道", 5))
	require.Equal(t, "a�b", Clip("a\xffb", 9))
	rapid.Check(t, func(t *rapid.T) {
		text, limit := rapid.String().Draw(t, "text"), rapid.IntRange(20, 60).Draw(t, "limit")
		out := Clip(text, limit)
		require.LessOrEqual(t, utf8.RuneCountInString(out), limit)
		require.True(t, utf8.ValidString(out))
		if utf8.RuneCountInString(text) <= limit {
			require.Equal(t, text, out)
		}
	})
}

// Whatever comes in, Parse and all that is made of the message end without a crash, and texts keep their limit.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"status":"firing","alerts":[{"status":"firing","values":{"A":1},"startsAt":"2026-11-21T08:08:30Z","generatorURL":"http://g/alerting/grafana/u/view"}]}`))
	f.Add([]byte(`{"status":"resolved","alerts":[{"status":"resolved","labels":null,"annotations":{"summary":"` + strings.Repeat("x", 500) + `"}}],"title":"\u0000"}`))
	f.Add([]byte(`{"status":"firing","alerts":[{}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Parse(raw)
		if err != nil {
			return
		}
		for _, lang := range []string{"en", "zh"} {
			for _, kind := range []string{SMS, Phone} {
				c, err := Channel{Name: "x", Kind: kind, Language: lang}.ready(nil)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := c.render(m, noon); err != nil {
					t.Fatal(err)
				}
			}
			if n := utf8.RuneCountInString(m.body(lang, textLimit)); n > textLimit {
				t.Fatalf("%d characters", n)
			}
			if m.heading(lang) == "" {
				t.Fatal("no title")
			}
		}
		_, _, _ = m.Link(), m.key(), m.Severity()
		for i := range m.Alerts {
			_ = m.Alerts[i].RuleUID()
		}
		if _, err := Parse(m.encode()); err != nil {
			t.Fatalf("cannot be read again: %v", err)
		}
	})
}
