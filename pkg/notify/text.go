package notify

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Characters of a message's text that a channel sends unless it says otherwise.
const (
	textLimit  = 400
	smsLimit   = 200
	voiceLimit = 120
)

// shownAlerts is how many alerts are told one by one.
const shownAlerts = 3

// words of one language.
type words struct{ firing, over, why, since, more, open, failed string }

var languages = map[string]words{
	"en": {"%d × %s", "Over: %s", "Why: %s", "Since %s", "and %d more", "Open", "%s could not be told: %s"},
	"zh": {"告警 %d 条：%s", "已恢复：%s", "原因：%s", "开始于 %s", "另有 %d 条", "查看", "%s 未送达：%s"},
}

// heading is the title that the contact point gave, or one of our own.
func (m *Message) heading(lang string) string {
	title := strings.TrimSpace(m.Title)
	// "[FIRING:1] …" is Grafana's own title: nobody wrote it for people.
	if title != "" && !strings.HasPrefix(title, "[FIRING") && !strings.HasPrefix(title, "[RESOLVED") {
		return Clip(title, 100)
	}
	w, name := languages[lang], m.name()
	if m.Status == Resolved {
		return Clip(fmt.Sprintf(w.over, name), 100)
	}
	return Clip(fmt.Sprintf(w.firing, m.count(Firing), name), 100)
}

func (m *Message) name() string {
	for _, from := range []map[string]string{m.Common, m.GroupLabels, m.Alerts[0].Labels} {
		if n := from["alertname"]; n != "" {
			return n
		}
	}
	return "Forewarn"
}

func (m *Message) count(status string) int {
	n := 0
	for _, a := range m.Alerts {
		if a.Status == status {
			n++
		}
	}
	return n
}

// body is the text that the contact point gave, or one of our own from the rules' annotations; at most limit characters.
func (m *Message) body(lang string, limit int) string {
	text := strings.TrimSpace(m.Text)
	// "**Firing**" begins Grafana's own text, a listing of labels.
	if text == "" || strings.HasPrefix(text, "**Firing**") || strings.HasPrefix(text, "**Resolved**") {
		text = m.compose(lang)
	}
	return Clip(text, limit)
}

// compose writes a sentence for each of the first alerts, with the reason where there is only one.
func (m *Message) compose(lang string) string {
	w := languages[lang]
	var lines []string
	for i, a := range m.Alerts {
		if i == shownAlerts {
			lines = append(lines, fmt.Sprintf(w.more, len(m.Alerts)-shownAlerts))
			break
		}
		text := a.sentence(lang)
		if a.Status == Resolved {
			text = fmt.Sprintf(w.over, text)
		}
		lines = append(lines, text)
		if why := a.annotation("description", lang); why != "" && len(m.Alerts) == 1 && a.Status == Firing {
			lines = append(lines, fmt.Sprintf(w.why, why))
		}
		if a.Status == Firing && !a.StartsAt.IsZero() && len(m.Alerts) == 1 {
			lines = append(lines, fmt.Sprintf(w.since, a.StartsAt.Format("2006-01-02 15:04 MST")))
		}
	}
	return strings.Join(lines, "\n")
}

func (a *Alert) annotation(name, lang string) string {
	if lang == "zh" {
		if s := strings.TrimSpace(a.Annotations[name+"_zh"]); s != "" {
			return s
		}
	}
	return strings.TrimSpace(a.Annotations[name])
}

func (a *Alert) sentence(lang string) string {
	if s := a.annotation("summary", lang); s != "" {
		return s
	}
	return strings.TrimSpace(a.Labels["alertname"] + " " + a.Labels["instance"])
}

// Clip shortens a text to at most limit characters, at the end of a line or a word where one is near, and marks the cut.
func Clip(text string, limit int) string {
	text = strings.ToValidUTF8(text, "�")
	if limit <= 0 || utf8.RuneCountInString(text) <= limit {
		return text
	}
	kept := string([]rune(text)[:limit-1])
	for _, end := range []string{"\n", "。", ". ", " "} {
		if at := strings.LastIndex(kept, end); at > len(kept)*3/4 {
			kept = kept[:at+len(strings.TrimRight(end, " \n"))]
			break
		}
	}
	return kept + "…"
}

// clipBytes shortens a text, as Clip does, until it has at most so many bytes, or the three of an ellipsis.
func clipBytes(text string, room int) string {
	for n := utf8.RuneCountInString(text); len(text) > room && n > 1; text = Clip(text, n) {
		n = max(1, min(n-1, n*room/len(text)))
	}
	if len(text) > room {
		return "…"
	}
	return text
}
