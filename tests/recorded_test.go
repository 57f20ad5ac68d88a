package tests

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// message is what a channel got: a request, or a mail.
type message struct {
	Method, Path string
	Header       map[string]string
	Body         string
	To, Subject  string
	Text         string // of a mail
}

// recordings are the messages that a Grafana 12.3.0 with this repository's provisioning, the demo's data and the built plugin sent
// to receivers on loopback (testdata/recorded, named rule-channel-status).
func recordings(t *testing.T) map[string]message {
	t.Helper()
	out := map[string]message{}
	for _, path := range files(t, "tests", "testdata", "recorded", "*.json") {
		var m message
		require.NoError(t, json.Unmarshal(read(t, path), &m), path)
		out[strings.TrimSuffix(filepath.Base(path), ".json")] = m
	}
	return out
}

// shown is the title, the text and the link that a person sees.
func shown(t *testing.T, channel string, m message) (title, text, link string) {
	t.Helper()
	if channel == "email" {
		return m.Subject, m.Text, regexp.MustCompile(`http\S+`).FindString(m.Text)
	}
	var b struct {
		Title, Message, Text, Kind string
		To                         []string
		Markdown                   struct{ Title, Text, Content string }
		Attachments                []struct {
			Title, Text string
			Link        string `json:"title_link"`
		}
		Card struct {
			Header   struct{ Title struct{ Content string } }
			Elements []struct {
				Text    struct{ Content string }
				Actions []struct{ URL string }
			}
		}
		Article struct{ Subject, Body string }
		Alerts  []struct{ PanelURL string }
	}
	require.NoError(t, json.Unmarshal([]byte(m.Body), &b), channel)
	markdown := regexp.MustCompile(`\[查看\]\((http[^)]+)\)`)
	cut := func(s string) (string, string) {
		found := markdown.FindStringSubmatch(s)
		require.NotNil(t, found, s)
		return strings.TrimSpace(strings.Replace(s, found[0], "", 1)), found[1]
	}
	switch channel {
	case "dingtalk":
		text, link = cut(b.Markdown.Text)
		return b.Markdown.Title, text, link
	case "wecom":
		text, link = cut(b.Markdown.Content)
		first, rest, _ := strings.Cut(text, "\n")
		return first, rest, link
	case "feishu":
		return b.Card.Header.Title.Content, b.Card.Elements[0].Text.Content, b.Card.Elements[1].Actions[0].URL
	case "slack":
		return b.Attachments[0].Title, b.Attachments[0].Text, b.Attachments[0].Link
	case "webhook":
		return b.Title, b.Message, b.Alerts[0].PanelURL
	case "zammad":
		return b.Article.Subject, b.Article.Body, regexp.MustCompile(`http\S+`).FindString(b.Article.Body)
	}
	require.NotEmpty(t, b.To, "whom a gateway tells")
	return "", b.Text, ""
}

// Each channel got the beginning and the end of two warnings, a limit that is passed and one that will be, with who, what, the limit,
// what is expected or how long is left, the reason and a link.
func TestEveryChannelGotTheBeginningAndTheEnd(t *testing.T) {
	all := recordings(t)
	for rule, want := range map[string]struct{ who, title, firing, why, over, since, panel string }{
		"cpu": {"tencent-bj-02:9100", `CPU (over|超过) 80 %`, `CPU (94|84) %(, limit 80 %, expected 30 % at this hour\.|,上限 80 %,此时段通常约 30 %。)`,
			`Why: Busy share of all cores|原因:最近五分钟全部核心`, `CPU 31 %`, `Since Nov 21 10:09 UTC|开始于 11-21 18:09`, "viewPanel=2"},
		"soon": {"aliyun-hz-01:9100 /data", `Disk full within a day|磁盘一天内写满`, `(disk 90 % full in 20 h \(earliest 16 h\)|约 20 小时后达到 90 %\(最早 16 小时\)).*\+1\.9`,
			`Why: Less than a day is left|原因:按最近 14 天的趋势,剩余时间不足一天`, `not about to be 90 % full; now 30 %|近期不会达到 90 %,当前 30 %`, `Since Nov 21 10:04 UTC|开始于 11-21 18:04|…$`, "viewPanel=8"},
	} {
		for _, channel := range []string{"dingtalk", "feishu", "wecom", "slack", "webhook", "sms", "phone", "zammad", "email"} {
			for _, status := range []string{"firing", "resolved"} {
				m, ok := all[rule+"-"+channel+"-"+status]
				require.True(t, ok, "%s %s %s", rule, channel, status)
				title, text, link := shown(t, channel, m)
				require.Contains(t, text, want.who, "whose it is")
				if channel != "sms" && channel != "phone" {
					require.Contains(t, link, "/d/forewarn-hosts")
					require.Contains(t, link, want.panel)
					require.Regexp(t, want.title, title)
				}
				if status == "firing" {
					require.Regexp(t, want.firing, text)
					require.Regexp(t, want.why, text)
					require.Regexp(t, want.since, text)
				} else {
					require.Regexp(t, `Over: |已恢复:`, text)
					require.Regexp(t, want.over, text)
				}
				require.NotContains(t, text+title, "{{", "a template that was not filled in")
				require.NotContains(t, text, "<no value>")
				require.NotRegexp(t, `\d{7} (h|小时)`, text, "the number for never is no text for people")
			}
		}
	}
}

// The ticket is one: opened by the beginning, closed by the end.
func TestTheTicketIsClosed(t *testing.T) {
	all := recordings(t)
	require.Equal(t, "POST /zammad/api/v1/tickets", all["cpu-zammad-firing"].Method+" "+all["cpu-zammad-firing"].Path)
	over := all["cpu-zammad-resolved"]
	require.Regexp(t, `^PUT /zammad/api/v1/tickets/\d+$`, over.Method+" "+over.Path)
	require.Contains(t, over.Body, `"state":"closed"`)
}

// Messages of the other kinds say what is expected, how long is left and who stands out, in both languages, in under 400 characters.
func TestRecordedMessagesReadWell(t *testing.T) {
	all := recordings(t)
	for rule, want := range map[string]struct{ en, zh string }{
		"disk":     {`aliyun-hz-01:9100 /data: disk 90 % full in \d+ h \(earliest \d+ h\); now 87 %\.`, `aliyun-hz-01:9100 /data:磁盘将在约 \d+ 小时后达到 90 %\(最早 \d+ 小时\),当前 87 %。`},
		"usual":    {`tencent-bj-02:9100: CPU \d+ %, expected \d+ % at this hour \(score \d+\.\d\)\.`, `tencent-bj-02:9100:CPU \d+ %,此时段通常约 \d+ %\(异常分 \d+\.\d\)。`},
		"source":   {`crawler: \d+ % of all requests, expected \d+ % at this hour`, `crawler:占全部请求的 \d+ %,此时段通常约 \d+ %`},
		"pattern":  {`\d+ lines "upstream timeout after … ms, will retry" in half an hour, expected \d`, `半小时内 \d+ 条“upstream timeout after … ms, will retry”,通常约 \d`},
		"together": {`api: CPU, memory and log keywords together score \d\.\d`, `api:CPU、内存与日志关键词综合异常分 \d\.\d`},
	} {
		for channel, pattern := range map[string]string{"slack": want.en, "webhook": want.en, "email": want.en, "dingtalk": want.zh, "feishu": want.zh, "wecom": want.zh} {
			m, ok := all[rule+"-"+channel+"-firing"]
			require.True(t, ok, "%s %s", rule, channel)
			_, text, link := shown(t, channel, m)
			require.Regexp(t, pattern, text)
			require.NotEmpty(t, link)
			if channel != "email" { // whose text has Grafana's own frame around it
				require.LessOrEqual(t, len([]rune(text)), 400, text)
			}
		}
	}
}

func mac(key, text string) []byte {
	h := hmac.New(sha256.New, []byte(key))
	h.Write([]byte(text))
	return h.Sum(nil)
}

// The signatures in the recorded requests hold, computed here from what was sent and the secrets of that run.
func TestRecordedSignatures(t *testing.T) {
	checked := 0
	for name, m := range recordings(t) {
		switch {
		case strings.Contains(name, "-dingtalk-"):
			u, err := url.Parse(m.Path)
			require.NoError(t, err)
			q := u.Query()
			require.Equal(t, base64.StdEncoding.EncodeToString(mac("SEC0123456789abcdef", q.Get("timestamp")+"\nSEC0123456789abcdef")), q.Get("sign"), name)
			require.Equal(t, "demo-token", q.Get("access_token"))
		case strings.Contains(name, "-feishu-"):
			var b struct{ Timestamp, Sign string }
			require.NoError(t, json.Unmarshal([]byte(m.Body), &b))
			require.Equal(t, base64.StdEncoding.EncodeToString(mac(b.Timestamp+"\nfeishu-secret", "")), b.Sign, name)
		case strings.Contains(name, "-webhook-"):
			require.Equal(t, hex.EncodeToString(mac("whsec", m.Header["X-Forewarn-Timestamp"]+"."+m.Body)), m.Header["X-Forewarn-Signature"], name)
		default:
			continue
		}
		checked++
	}
	require.GreaterOrEqual(t, checked, 18)
}
