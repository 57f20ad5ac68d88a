package explain

import "github.com/forewarn/earlywarning/pkg/warn"

// guards are the reasons why no early warning is raised, in English and Chinese.
var guards = map[string][2]string{
	warn.ShortHistory: {"too little history for a trend", "历史太短，看不出趋势"},
	warn.PoorFit:      {"the forecast was worse than repeating the last cycle", "预测不如重复上一周期"},
	warn.Unconfirmed:  {"not yet foreseen several times in a row", "尚未连续多次预见"},
	warn.Seasonal:     {"it is the course of the day or week", "属于日或周的正常起伏"},
	warn.Restarted:    {"a clean-up, resize or restart began a new count", "清理、扩容或重启后重新计算"},
	warn.NoTrend:      {"the growth is within what chance makes, or has stopped", "增长在偶然范围内，或已停止"},
	warn.Slowing:      {"the growth is slowing down", "增长正在放缓"},
	warn.Contained:    {"rises have ended below the limit each time", "每次上升都在到达限值前结束"},
}

// Guards tells people why no early warning is raised, from the names in warn.Answer.HeldBack. An unknown name stays as it is, and an
// unknown language is English.
func Guards(names []string, language string) string {
	w, which := texts[English], 0
	if language == Chinese {
		w, which = texts[Chinese], 1
	}
	out := ""
	for i, name := range names {
		if i > 0 {
			out += w.join
		}
		if text, ok := guards[name]; ok {
			name = text[which]
		}
		out += name
	}
	return out
}
