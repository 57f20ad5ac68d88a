package notify

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// mentions says whom a robot names: everybody where that is asked for, the channel's list for critical alerts that fire.
func mentions(c *Channel, m *Message) (people []string, all bool) {
	if m.Status != Firing {
		return nil, false
	}
	if c.All {
		return nil, true
	}
	if m.Severity() != "critical" {
		return nil, false
	}
	if slices.Contains(c.To, "all") {
		return nil, true
	}
	return c.To, false
}

// named writes each of whom the robot names by a form; "all" stands for everybody.
func named(c *Channel, m *Message, form string) string {
	people, all := mentions(c, m)
	if all {
		people = []string{"all"}
	}
	var b strings.Builder
	for _, p := range people {
		fmt.Fprintf(&b, form, p)
	}
	return b.String()
}

// inert takes away what would make a link or a call to everybody out of a label's value, which may be a log message.
var inert = strings.NewReplacer("](", "] (", "<@", "< @", "<at", "< at", "</at", "< /at")

func plain(text string) string { return inert.Replace(text) }

// dingtalk sends a markdown message to a custom robot. Codes: -1 busy, 130101 and 660026 too many messages.
func dingtalk(ctx context.Context, send do, c *Channel, to *url.URL, m *Message, now time.Time) (answer, error) {
	if c.secret != "" {
		timestamp, sign := signDingTalk(c.secret, now)
		signed := *to
		q := signed.Query()
		q.Set("timestamp", timestamp)
		q.Set("sign", sign)
		signed.RawQuery = q.Encode()
		to = &signed
	}
	title := m.heading(c.Language)
	text := "#### " + plain(title) + "\n\n" + strings.ReplaceAll(plain(m.body(c.Language, c.Limit)), "\n", "  \n")
	people, all := mentions(c, m)
	if len(people) > 0 {
		text += "\n\n@" + strings.Join(people, " @")
	}
	if link := m.Link(); link != "" {
		text += fmt.Sprintf("\n\n[%s](%s)", languages[c.Language].open, link)
	}
	return tell(ctx, send, to, map[string]any{"msgtype": "markdown", "markdown": map[string]any{"title": title, "text": text},
		"at": map[string]any{"atMobiles": append([]string{}, people...), "isAtAll": all}}, -1, 130101, 660026)
}

// wecomRoom is how many bytes a group robot's markdown may have.
const wecomRoom = 4096

// wecom sends a markdown message to a group robot. Codes: -1 busy, 45009 and 45033 too many messages.
func wecom(ctx context.Context, send do, c *Channel, to *url.URL, m *Message, _ time.Time) (answer, error) {
	before := fmt.Sprintf("**<font color=%q>%s</font>**\n", m.byUrgency("warning", "warning", "info"), plain(m.heading(c.Language)))
	after := named(c, m, "\n<@%s>")
	if link := m.Link(); link != "" {
		after += fmt.Sprintf("\n[%s](%s)", languages[c.Language].open, link)
	}
	text := clipBytes(plain(m.body(c.Language, c.Limit)), wecomRoom-len(before)-len(after))
	return tell(ctx, send, to, map[string]any{"msgtype": "markdown", "markdown": map[string]any{"content": before + text + after}}, -1, 45009, 45033)
}

// feishu sends a card to a custom bot. Codes: 11232 and 9499 too many messages.
func feishu(ctx context.Context, send do, c *Channel, to *url.URL, m *Message, now time.Time) (answer, error) {
	text := plain(m.body(c.Language, c.Limit)) + named(c, m, "\n<at id=%s></at>")
	elements := []any{map[string]any{"tag": "div", "text": map[string]any{"tag": "lark_md", "content": text}}}
	if link := m.Link(); link != "" {
		elements = append(elements, map[string]any{"tag": "action", "actions": []any{map[string]any{"tag": "button", "type": "primary", "url": link,
			"text": map[string]any{"tag": "plain_text", "content": languages[c.Language].open}}}})
	}
	body := map[string]any{"msg_type": "interactive", "card": map[string]any{"config": map[string]any{"wide_screen_mode": true},
		"header":   map[string]any{"template": m.byUrgency("red", "orange", "green"), "title": map[string]any{"tag": "plain_text", "content": m.heading(c.Language)}},
		"elements": elements}}
	if c.secret != "" {
		body["timestamp"], body["sign"] = signFeishu(c.secret, now)
	}
	return tell(ctx, send, to, body, 11232, 9499)
}
