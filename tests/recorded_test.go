package tests

import (
	"encoding/json"
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

// recordings are the messages that a real Grafana with this repository's provisioning sent (testdata/recorded, named rule-channel-status;
// `go tool mage channels` compares them with what it sends).
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
		Title, Message, Text, Link string
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
	if channel == "phone" {
		return "", b.Text, b.Link
	}
	return "", b.Text, regexp.MustCompile(`http\S+$`).FindString(b.Text)
}

// Each channel got the beginning and the end of two warnings, a limit that is passed and one that will be, with who, what, the limit,
// what is expected or how long is left, the reason in numbers and a link.
func TestEveryChannelGotTheBeginningAndTheEnd(t *testing.T) {
	all := recordings(t)
	for rule, want := range map[string]struct{ who, title, firing, why, over, panel string }{
		"cpu": {"tencent-bj-02:9100", `CPU (over|超过) 80 %`, `CPU 93 %(, limit 80 %, expected 32 % at this hour\.|，上限 80 %，此时段通常约 32 %。)`,
			`Why: 61 points more than expected; the same time last week 31 %\.|原因：比预期多 61 个百分点，上周同一时刻 31 %。`, `CPU 31 %`, "viewPanel=2"},
		"soon": {"aliyun-hz-01:9100 /data", `Disk full within a day|磁盘一天内写满`, `disk 90 % full in 20 h \(earliest 17 h\)|约 20 小时后达到 90 %（最早 17 小时）`,
			`Why: It was 75 % a week ago and changes by \+1\.9 points a day; \d+ % likely to be 90 % full within 24 h\.|原因：一周前为 75 %，目前每天 \+1\.9 个百分点；24 小时内达到 90 % 的可能性为 \d+ %。`,
			`not about to be 90 % full; now 30 %|近期不会达到 90 %，当前 30 %`, "viewPanel=8"},
	} {
		for _, channel := range []string{"dingtalk", "feishu", "wecom", "slack", "webhook", "sms", "phone", "zammad", "email"} {
			for _, status := range []string{"firing", "resolved"} {
				m, ok := all[rule+"-"+channel+"-"+status]
				require.True(t, ok, "%s %s %s", rule, channel, status)
				title, text, link := shown(t, channel, m)
				require.Contains(t, text, want.who, "whose it is")
				require.Contains(t, link, "/d/forewarn-hosts")
				require.Contains(t, link, want.panel)
				if channel == "phone" {
					require.NotContains(t, text, "http", "nobody wants an address read out")
				}
				if channel != "sms" && channel != "phone" {
					require.Regexp(t, want.title, title)
				}
				if status == "firing" {
					require.Regexp(t, want.firing, text)
					require.Regexp(t, want.why, text)
					require.Regexp(t, `Since Jan 2 15:04 UTC|开始于 01-02 23:04|…`, text)
				} else {
					require.Regexp(t, `Over: |已恢复：`, text)
					require.Regexp(t, want.over, text)
				}
			}
		}
	}
}

// No message has a template that was not filled in, or a number that stands for a word.
func TestNothingUnfinishedIsSent(t *testing.T) {
	for name, m := range recordings(t) {
		text := m.Subject + m.Text + m.Body
		require.NotContains(t, text, "{{", name)
		require.NotRegexp(t, `no value|NaN|%!`, text, name)
		require.NotRegexp(t, `\d{7} (h|小时)`, text, "%s: the number for never is no text for people", name)
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

// Messages of the other kinds say what is expected, how long is left, who stands out and why, in both languages, in under 400 characters.
func TestRecordedMessagesReadWell(t *testing.T) {
	all := recordings(t)
	for rule, want := range map[string]struct{ en, zh string }{
		"disk": {`aliyun-hz-01:9100 /data: disk 90 % full in 20 h \(earliest 17 h\); now 88 %\.\nWhy: It was 75 % a week ago and changes by \+1\.9 points a day; \d+ % likely`,
			`aliyun-hz-01:9100 /data：磁盘将在约 20 小时后达到 90 %（最早 17 小时），当前 88 %。 *\n原因：一周前为 75 %，目前每天 \+1\.9 个百分点`},
		"usual": {`tencent-bj-02:9100: CPU 93 %, expected 32 % at this hour \(score \d+\.\d\)\.\nWhy: 61 points more than expected, usual is up to \d+ %; the same time last week 31 %\.`,
			`tencent-bj-02:9100：CPU 93 %，此时段通常约 32 %（异常分 \d+\.\d）。 *\n原因：比预期多 61 个百分点，通常不超过 \d+ %，上周同一时刻 31 %。`},
		"outlier": {`tencent-bj-02:9100: CPU 9\d % over the last hour, 31 % in the middle of the hosts \(score \d+\.\d, limit 1\)\.\nWhy: 6\d points above the middle; 4 of 5 hosts behave alike\.`,
			`tencent-bj-02:9100：最近一小时 CPU 9\d %，居中的主机为 31 %（异常分 \d+\.\d，上限 1）。 *\n原因：比居中的主机高 6\d 个百分点；5 台主机中 4 台表现一致。`},
		"source": {`crawler: 43 % of all requests, expected 7 % at this hour .*\nWhy: 36 points more than expected; the same time last week 5 %\.`,
			`crawler：占全部请求的 43 %，此时段通常约 7 %.*\n原因：比预期多 36 个百分点，上周同一时刻 5 %。`},
		"pattern": {`30 lines "OutOfMemory: killed process …" in half an hour, expected 0 .*\nWhy: 30 lines more than expected`,
			`半小时内 30 条“OutOfMemory: killed process …”，通常约 0 条.*\n原因：比预期多 30 条`},
		"together": {`api: CPU, memory and log keywords together score \d.*\nWhy: CPU 64 % \(expected 4\d\), memory 84 % \(expected 7\d\)\. Share of the score: CPU \d+ %, memory \d+ %, log keywords \d+ %\.`,
			`api：CPU、内存与日志关键词综合异常分 \d.*\n原因：CPU 64 %（预期 4\d），内存 84 %（预期 7\d）。得分构成：CPU \d+ %、内存 \d+ %、日志关键词 \d+ %。`},
		"wizard-outlier": {`tencent-bj-02:9100: 9\d, 31 in the middle of its group \(score \d+(\.\d+)?\)\.\nWhy: 6\d more than the middle; 4 of 5 agree\.`,
			`tencent-bj-02:9100：其值 9\d，同组中位 31（异常分 \d+(\.\d+)?）。 *\n原因：比同组中位多 6\d；5 个成员中 4 个一致。`},
		"wizard-forecast": {`aliyun-hz-01:9100: forecast to reach 90, past 90 in 20 h; now 88\.\nWhy: By then 90 is expected, between \d+(\.\d)? and \d+(\.\d)?\.`,
			`aliyun-hz-01:9100：预测将达到 90，约 20 小时后越过 90；当前 88。 *\n原因：届时预测值 90（区间 \d+(\.\d)? 至 \d+(\.\d)?）。`},
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
			if rule != "pattern" { // whose end is told in one of two ways
				require.Contains(t, all, rule+"-"+channel+"-resolved", "its end is told, too")
			}
		}
	}
}
