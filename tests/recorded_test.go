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

// Each channel got the beginning and the end of one warning, with who, what, the limit, the reason and a link.
func TestEveryChannelGotTheBeginningAndTheEnd(t *testing.T) {
	all := recordings(t)
	for _, channel := range []string{"dingtalk", "feishu", "wecom", "slack", "webhook", "sms", "phone", "zammad", "email"} {
		for _, status := range []string{"firing", "resolved"} {
			m, ok := all["cpu-"+channel+"-"+status]
			require.True(t, ok, "%s %s", channel, status)
			title, text, link := shown(t, channel, m)
			require.Contains(t, text, "tencent-bj-02:9100", "whose it is")
			require.Regexp(t, `(limit|上限) 80 %`, text)
			if channel != "sms" && channel != "phone" {
				require.Contains(t, link, "/d/forewarn-hosts")
				require.Contains(t, link, "viewPanel=2")
				require.Regexp(t, `CPU (over|超过) 80 %`, title)
			}
			if status == "firing" {
				require.Regexp(t, `CPU (93|78) %`, text)
				require.Regexp(t, `Why: Busy share|原因:最近五分钟`, text)
				require.Regexp(t, `Since Nov 21 08:08 UTC|开始于 11-21 16:08`, text)
			} else {
				require.Regexp(t, `Over: tencent|已恢复:tencent`, text)
			}
			require.NotContains(t, text+title, "{{", "a template that was not filled in")
			require.NotContains(t, text, "<no value>")
		}
	}
}

// Messages of the other kinds say what is expected, how long is left and who stands out, in both languages, in under 400 characters.
func TestRecordedMessagesReadWell(t *testing.T) {
	all := recordings(t)
	for rule, want := range map[string]struct{ en, zh string }{
		"disk":     {`aliyun-hz-01:9100 /data: disk 90 % full in \d+ h \(earliest \d+ h\); now 87 %\.`, `aliyun-hz-01:9100 /data:磁盘将在约 \d+ 小时后达到 90 %\(最早 \d+ 小时\),当前 87 %。`},
		"usual":    {`tencent-bj-02:9100: CPU \d+ %, expected \d+ % at this hour \(score \d+\.\d\)\.`, `tencent-bj-02:9100:CPU \d+ %,此时段通常约 \d+ %\(异常分 \d+\.\d\)。`},
		"source":   {`crawler: \d+ % of all requests, expected \d+ % at this hour`, `crawler:占全部请求的 \d+ %,此时段通常约 \d+ %`},
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
