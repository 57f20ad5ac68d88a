package explain

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// The languages of sentences.
const (
	English = "en-US"
	Chinese = "zh-Hans"
)

// Languages gives the known ones, the default first.
func Languages() []string { return []string{English, Chinese} }

// words are the parts of a sentence in one language.
type words struct {
	was, above, below, percent, band    string // name, value, time; difference, percent and expected; lower, upper
	among, among0, others               string // outlier: above and below the group's median; the range of the others
	over, under                         string // where only one limit is known: the limit
	score, yesterday, week, only        string
	model, lasted, passed, held, reason string
	shares, values, like, unusual       string
	expected, dayBefore, weekBefore     string // of a signal, within values
	comma, join, list, end, day         string
	stages                              map[string]string
}

var texts = map[string]words{
	English: {
		was: "%s was %s at %s", above: ", %s%s above the expected %s", below: ", %s%s below the expected %s", percent: " (%.0f %%)", band: " (usual %s to %s)",
		among: ", %s%s above the group's median %s", among0: ", %s%s below the group's median %s", others: " (the others %s to %s)",
		over: ", above the limit of %s", under: ", below the limit of %s",
		yesterday: "the same time yesterday it was %s", week: "the same time last week %s", only: "the same time last week it was %s", score: "score %.1f by %s", model: ", model %s version %d",
		lasted: "it lasted %s", passed: "guards passed: %s", held: "held back by %s", reason: " (%s)", shares: "mostly %s", values: " (%s)", like: "most like %s",
		expected: "expected %s", dayBefore: "yesterday %s", weekBefore: "last week %s", comma: ", ",
		unusual: "%s was unusual at %s", join: "; ", list: ", ", end: ".", day: "2006-01-02 15:04",
		stages: map[string]string{"floor": "the floor", "minDeviation": "the minimum deviation", "minRelative": "the minimum relative deviation",
			"minVolume": "the minimum volume", "agreement": "the other signal", "maintenance": "maintenance", "deployment": "a deployment", "persistence": "persistence", "for": "the waiting time", "repeats": "the quarantine of what repeats", "cooldown": "the cooldown"},
	},
	Chinese: {
		was: "%s 为 %s（%s）", above: "，比预期 %[3]s 高 %[1]s%[2]s", below: "，比预期 %[3]s 低 %[1]s%[2]s", percent: "（%.0f%%）", band: "（常态 %s 至 %s）",
		among: "，比同组中位数 %[3]s 高 %[1]s%[2]s", among0: "，比同组中位数 %[3]s 低 %[1]s%[2]s", others: "（其余 %s 至 %s）",
		over: "，高于限值 %s", under: "，低于限值 %s",
		yesterday: "昨日同一时刻为 %s", week: "上周同一时刻为 %s", only: "上周同一时刻为 %s", score: "评分 %.1f（%s）", model: "，模型 %s 第 %d 版",
		lasted: "持续 %s", passed: "已通过：%s", held: "已抑制：%s", reason: "（%s）", shares: "主要来自 %s", values: "（%s）", like: "最相似的是 %s",
		expected: "预期 %s", dayBefore: "昨日 %s", weekBefore: "上周 %s", comma: "，",
		unusual: "%s 异常（%s）", join: "；", list: "、", end: "。", day: "2006-01-02 15:04",
		stages: map[string]string{"floor": "下限", "minDeviation": "最小偏差", "minRelative": "最小相对偏差", "minVolume": "最小样本量", "agreement": "另一信号佐证",
			"maintenance": "维护窗口", "deployment": "发布变更", "persistence": "持续性", "for": "等待时间", "repeats": "重复告警隔离", "cooldown": "冷却期"},
	},
}

// Sentence tells the episode to people. An unknown language is English.
func (e Episode) Sentence(language string) string {
	w, ok := texts[language]
	if !ok {
		w, language = texts[English], English
	}
	zone := e.Zone
	if zone == nil {
		zone = time.UTC
	}
	when := e.Peak.In(zone).Format(w.day)
	parts := []string{fmt.Sprintf(w.unusual, e.Name, when)}
	if e.Actual != nil {
		parts[0] = fmt.Sprintf(w.was, e.Name, number(*e.Actual), when) + w.compared(e)
	}
	add := func(format string, values ...any) { parts = append(parts, fmt.Sprintf(format, values...)) }
	if e.Yesterday != nil {
		add(w.yesterday, number(*e.Yesterday))
	}
	switch {
	case e.LastWeek != nil && e.Yesterday != nil:
		add(w.week, number(*e.LastWeek))
	case e.LastWeek != nil:
		add(w.only, number(*e.LastWeek))
	}
	if len(e.Shares) > 0 {
		add(w.shares, w.named(e.Shares))
	}
	text := fmt.Sprintf(w.score, e.Score, e.Algorithm)
	if e.Model != "" {
		text += fmt.Sprintf(w.model, e.Model, e.Version)
	}
	parts = append(parts, text)
	add(w.lasted, span(e.To.Sub(e.From), language))
	if e.HeldBack != "" {
		text := fmt.Sprintf(w.held, w.stage(e.HeldBack))
		if e.Reason != "" {
			text += fmt.Sprintf(w.reason, e.Reason)
		}
		parts = append(parts, text)
	}
	if len(e.Passed) > 0 {
		names := make([]string, len(e.Passed))
		for i, p := range e.Passed {
			names[i] = w.stage(p)
		}
		add(w.passed, strings.Join(names, w.list))
	}
	if len(e.Before) > 0 {
		add(w.like, e.Before[0].From.In(zone).Format(w.day))
	}
	return strings.Join(parts, w.join) + w.end
}

// compared sets the value beside what was expected, or beside the limit where only that is known.
func (w words) compared(e Episode) string {
	switch {
	case e.Deviation != nil:
		percent := ""
		if e.Relative != nil && math.Abs(*e.Relative) < 100 {
			percent = fmt.Sprintf(w.percent, math.Abs(100**e.Relative))
		}
		up, down, usual := w.above, w.below, w.band
		if e.Group {
			up, down, usual = w.among, w.among0, w.others
		}
		if *e.Deviation < 0 {
			up = down
		}
		text := fmt.Sprintf(up, number(math.Abs(*e.Deviation)), percent, number(*e.Expected))
		if e.Lower != nil && e.Upper != nil {
			text += fmt.Sprintf(usual, number(*e.Lower), number(*e.Upper))
		}
		return text
	case e.Upper != nil && *e.Actual > *e.Upper:
		return fmt.Sprintf(w.over, number(*e.Upper))
	case e.Lower != nil && *e.Actual < *e.Lower:
		return fmt.Sprintf(w.under, number(*e.Lower))
	}
	return ""
}

func (w words) stage(name string) string {
	if text, ok := w.stages[name]; ok {
		return text
	}
	return name
}

// named lists the largest shares, with what the signals were and what they were expected to be.
func (w words) named(shares []Share) string {
	var out []string
	for _, s := range shares[:min(len(shares), 3)] {
		if len(out) == 0 || s.Share >= 0.1 {
			out = append(out, fmt.Sprintf("%s %.0f %%", s.Signal, 100*s.Share)+w.told(s))
		}
	}
	return strings.Join(out, w.list)
}

// told are a signal's numbers: what it was and was expected to be, and what it was at the same time before.
func (w words) told(s Share) string {
	if s.Actual == nil {
		return ""
	}
	parts := []string{number(*s.Actual)}
	for _, one := range []struct {
		text  string
		value *float64
	}{{w.expected, s.Expected}, {w.dayBefore, s.Yesterday}, {w.weekBefore, s.LastWeek}} {
		if one.value != nil {
			parts = append(parts, fmt.Sprintf(one.text, number(*one.value)))
		}
	}
	if len(parts) == 1 {
		return "" // a number that nothing stands beside says nothing
	}
	return fmt.Sprintf(w.values, strings.Join(parts, w.comma))
}

// number writes four significant digits without an exponent where that is readable.
func number(v float64) string {
	a := math.Abs(v)
	switch {
	case a >= 1e15 || a > 0 && a < 1e-4:
		return strconv.FormatFloat(v, 'g', 4, 64)
	case a >= 1000:
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64)
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

// span writes a duration in minutes, hours or days.
func span(d time.Duration, language string) string {
	unit, n := [2]string{"min", "分钟"}, d.Minutes()
	switch {
	case d < time.Minute:
		unit, n = [2]string{"s", "秒"}, d.Seconds()
	case d >= 48*time.Hour:
		unit, n = [2]string{"days", "天"}, d.Hours()/24
	case d >= 2*time.Hour:
		unit, n = [2]string{"h", "小时"}, d.Hours()
	}
	i := 0
	if language == Chinese {
		i = 1
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", n), ".0") + " " + unit[i]
}
