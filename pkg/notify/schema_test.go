package notify

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What the vendors publish of the bodies that they take; a field that is not in here is one they do not know.
type (
	// open.dingtalk.com/document/orgapp/custom-bot-send-message-type, markdown
	dingtalkBody struct {
		MsgType  string `json:"msgtype"`
		Markdown struct {
			Title string `json:"title"`
			Text  string `json:"text"`
		} `json:"markdown"`
		At struct {
			Mobiles []string `json:"atMobiles"`
			Users   []string `json:"atUserIds"`
			All     bool     `json:"isAtAll"`
		} `json:"at"`
	}
	// developer.work.weixin.qq.com/document/path/91770, markdown
	wecomBody struct {
		MsgType  string `json:"msgtype"`
		Markdown struct {
			Content string `json:"content"`
		} `json:"markdown"`
	}
	// open.feishu.cn/document/client-docs/bot-v3/add-custom-bot and .../feishu-cards/card-json-structure
	feishuBody struct {
		Timestamp string `json:"timestamp"`
		Sign      string `json:"sign"`
		MsgType   string `json:"msg_type"`
		Card      struct {
			Config struct {
				Wide bool `json:"wide_screen_mode"`
			} `json:"config"`
			Header struct {
				Template string     `json:"template"`
				Title    feishuText `json:"title"`
			} `json:"header"`
			Elements []struct {
				Tag     string     `json:"tag"`
				Text    feishuText `json:"text"`
				Actions []struct {
					Tag  string     `json:"tag"`
					Type string     `json:"type"`
					URL  string     `json:"url"`
					Text feishuText `json:"text"`
				} `json:"actions"`
			} `json:"elements"`
		} `json:"card"`
	}
	feishuText struct {
		Tag     string `json:"tag"`
		Content string `json:"content"`
	}
	// docs.slack.dev: sending messages using incoming webhooks, chat.postMessage, and MessageAttachment of @slack/types
	slackBody struct {
		Channel     string `json:"channel"`
		Text        string `json:"text"`
		Attachments []struct {
			Fallback string `json:"fallback"`
			Color    string `json:"color"`
			Title    string `json:"title"`
			Link     string `json:"title_link"`
			Text     string `json:"text"`
		} `json:"attachments"`
	}
	// docs.zammad.org/en/latest/api/ticket: create, update
	zammadBody struct {
		Title    string `json:"title"`
		Group    string `json:"group"`
		Customer string `json:"customer"`
		State    string `json:"state"`
		Priority string `json:"priority"`
		Article  struct {
			Subject     string `json:"subject"`
			Body        string `json:"body"`
			Type        string `json:"type"`
			ContentType string `json:"content_type"`
			Internal    bool   `json:"internal"`
		} `json:"article"`
	}
)

// only reads a body whose fields have all to be the vendor's.
func only(t require.TestingT, raw []byte, into any) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	require.NoError(t, dec.Decode(into), "%s", raw)
}

func webAddress(t require.TestingT, text string) {
	u, err := url.Parse(text)
	require.NoError(t, err)
	require.Contains(t, []string{"http", "https"}, u.Scheme, text)
}

// conform holds a body against what its vendor publishes: the fields, those that must be there, the words that a field may have, the size.
var conform = map[string]func(t require.TestingT, raw []byte){
	DingTalk: func(t require.TestingT, raw []byte) {
		var b dingtalkBody
		only(t, raw, &b)
		require.Equal(t, "markdown", b.MsgType)
		require.NotEmpty(t, b.Markdown.Title)
		require.NotEmpty(t, b.Markdown.Text)
		for _, mobile := range b.At.Mobiles {
			require.Contains(t, b.Markdown.Text, "@"+mobile, "who is named has to stand in the text")
		}
		require.LessOrEqual(t, len(raw), 20000)
	},
	WeCom: func(t require.TestingT, raw []byte) {
		var b wecomBody
		only(t, raw, &b)
		require.Equal(t, "markdown", b.MsgType)
		require.NotEmpty(t, b.Markdown.Content)
		require.LessOrEqual(t, len(b.Markdown.Content), 4096)
		require.True(t, utf8.ValidString(b.Markdown.Content))
		for _, color := range regexp.MustCompile(`<font color="(\w+)">`).FindAllStringSubmatch(b.Markdown.Content, -1) {
			require.Contains(t, []string{"info", "comment", "warning"}, color[1])
		}
	},
	Feishu: func(t require.TestingT, raw []byte) {
		var b feishuBody
		only(t, raw, &b)
		require.Equal(t, "interactive", b.MsgType)
		require.Equal(t, b.Timestamp == "", b.Sign == "", "both or none")
		require.Contains(t, []string{"blue", "wathet", "turquoise", "green", "yellow", "orange", "red", "carmine", "violet", "purple", "indigo", "grey"}, b.Card.Header.Template)
		require.Equal(t, "plain_text", b.Card.Header.Title.Tag)
		require.NotEmpty(t, b.Card.Header.Title.Content)
		require.NotEmpty(t, b.Card.Elements)
		for _, e := range b.Card.Elements {
			require.Contains(t, []string{"div", "action"}, e.Tag)
			if e.Tag == "div" {
				require.Equal(t, "lark_md", e.Text.Tag)
				continue
			}
			for _, a := range e.Actions {
				require.Equal(t, []string{"button", "plain_text"}, []string{a.Tag, a.Text.Tag})
				require.Contains(t, []string{"default", "primary", "danger"}, a.Type)
				webAddress(t, a.URL)
			}
		}
		require.LessOrEqual(t, len(raw), 20<<10)
	},
	Slack: func(t require.TestingT, raw []byte) {
		var b slackBody
		only(t, raw, &b)
		require.Len(t, b.Attachments, 1)
		a := b.Attachments[0]
		require.Regexp(t, `^#[0-9A-F]{6}$`, a.Color)
		require.NotEmpty(t, a.Fallback, "which a notification on a phone shows")
		if a.Link != "" {
			webAddress(t, a.Link)
		}
		require.NotRegexp(t, `[<>]`, a.Text+a.Title, "which Slack wants escaped")
	},
	Zammad: func(t require.TestingT, raw []byte) {
		var b zammadBody
		only(t, raw, &b)
		require.Equal(t, []string{"note", "text/plain"}, []string{b.Article.Type, b.Article.ContentType})
		require.NotEmpty(t, b.Article.Body)
		require.Contains(t, []string{"", "3 high"}, b.Priority, "one of those that every Zammad begins with")
		require.Contains(t, []string{"", "closed"}, b.State)
		if b.Title != "" {
			require.NotEmpty(t, b.Group)
			require.NotEmpty(t, b.Customer)
		}
	},
}

func TestBodiesAreWhatTheVendorsPublish(t *testing.T) {
	for kind, conforms := range conform {
		for _, status := range []string{Firing, Resolved} {
			raw, err := os.ReadFile(filepath.Join("testdata", "golden", kind+"-"+status+".json"))
			require.NoError(t, err)
			var all []struct {
				Method string
				Body   json.RawMessage
			}
			require.NoError(t, json.Unmarshal(raw, &all))
			for _, one := range all {
				if one.Method != "GET" {
					conforms(t, one.Body)
				}
			}
		}
	}
}

// Whatever the alert says, and however long the administrator lets it be, the vendor's sizes and forms hold.
func TestBodiesOfAnyTextAreWhatTheVendorsPublish(t *testing.T) {
	answers := map[string]string{DingTalk: `{"errcode":0}`, WeCom: `{"errcode":0}`, Feishu: `{"code":0}`, Slack: "ok", Zammad: `{"id":1}`}
	for kind, conforms := range conform {
		s := newReceiver(t, says(200, answers[kind]))
		r := relay(t, s.host(), nil, Channel{Name: "x", Kind: kind, URL: s.URL, Limit: 4000, To: []string{"13800000000", "all-day"}, Group: "g", Customer: "c"})
		rapid.Check(t, func(rt *rapid.T) {
			text := rapid.StringMatching(`[a-z磁盘将满😀<>&"\n\]\(@!]{1,40}`).Draw(rt, "text")
			status := rapid.SampledFrom([]string{Firing, Resolved}).Draw(rt, "status")
			times := rapid.SampledFrom([]int{1, 100}).Draw(rt, "times")
			report, _, err := r.Send(t.Context(), "x", alarm(t, status, "critical", "x"+strings.Repeat(text, times)))
			require.NoError(rt, err)
			require.True(rt, report.OK(), "%v", report)
			all := s.all()
			raw, err := marshal(all[len(all)-1].Body)
			require.NoError(rt, err)
			conforms(rt, raw)
		})
	}
}

// marshal writes JSON with its signs as they are.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.Bytes(), err
}

func TestClipByBytes(t *testing.T) {
	require.Equal(t, "short", clipBytes("short", 5))
	require.Equal(t, "磁盘…", clipBytes("磁盘将满", 11))
	require.Equal(t, "磁盘将满", clipBytes("磁盘将满", 12))
	require.Equal(t, "…", clipBytes("磁盘将满", -7), "no room is no reason to hang")
	require.Equal(t, "…", clipBytes("🔥", 3), "a character that is longer than the room")
	rapid.Check(t, func(t *rapid.T) {
		text, room := rapid.String().Draw(t, "text"), rapid.IntRange(3, 60).Draw(t, "room")
		out := clipBytes(text, room)
		require.LessOrEqual(t, len(out), room)
		require.True(t, utf8.ValidString(out) || out == text)
	})
}
