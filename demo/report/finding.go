package report

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/demo/chart"
)

// stated is the limit below which hours are a time; "never" and "uncertain" are numbers above it.
const stated = 1_000_000

// findings says in sentences what an answer holds, the most important first.
func findings(a Answer, now time.Time, unit string) []string {
	var list []string
	for _, f := range a.Frames {
		switch {
		case isAnnotation(f):
			list = append(list, regions(f, now)...)
		case isTable(f):
			list = append(list, rows(f, a.Kind)...)
		default:
			list = append(list, series(f, unit)...)
		}
	}
	if len(list) == 0 {
		list = []string{"no data"}
	}
	return list
}

// series says of each series over time where it is and where it goes.
func series(f *data.Frame, unit string) []string {
	_, all := over(f)
	var list []string
	for _, s := range all {
		switch {
		case s.outputs["score"] != nil:
			if v, _ := last(s.outputs["score"]); v >= 1 {
				list = append(list, fmt.Sprintf("%s: score %s now (1 is the limit)", s.name, chart.Number(v, "")))
			}
		case s.outputs["anomalous"] != nil:
			if v, _ := last(s.outputs["anomalous"]); v > 0 {
				list = append(list, s.name+": unusual now")
			}
		case s.outputs["forecast"] != nil:
			ahead, i := last(s.outputs["forecast"])
			text := fmt.Sprintf("%s: %s at the end of the forecast", s.name, chart.Number(ahead, unit))
			if at, ok := band(s, i); ok {
				text += fmt.Sprintf(" (%s to %s)", chart.Number(at[0], unit), chart.Number(at[1], unit))
			}
			if v, k := last(s.outputs["actual"]); k >= 0 {
				text = fmt.Sprintf("%s: now %s, then%s", s.name, chart.Number(v, unit), strings.TrimPrefix(text, s.name+":"))
			}
			list = append(list, text)
		case s.outputs["anomaly"] != nil:
			n := 0
			for _, v := range s.outputs["anomaly"] {
				if !math.IsNaN(v) {
					n++
				}
			}
			list = append(list, fmt.Sprintf("%s: %d of %d points unusual", s.name, n, len(s.outputs["anomaly"])))
		default:
			for _, k := range slices.Sorted(maps.Keys(s.outputs)) {
				if v, i := last(s.outputs[k]); i >= 0 {
					list = append(list, fmt.Sprintf("%s: %s", s.name, chart.Number(v, unit)))
				}
			}
		}
	}
	if len(list) == 0 && len(all) > 0 {
		list = []string{fmt.Sprintf("all %d series as usual now", len(all))}
	}
	return list
}

func band(s *drawn, i int) (at [2]float64, ok bool) {
	lower, upper := s.outputs["lower"], s.outputs["upper"]
	if i < 0 || i >= len(lower) || i >= len(upper) || math.IsNaN(lower[i]) || math.IsNaN(upper[i]) {
		return at, false
	}
	return [2]float64{lower[i], upper[i]}, true
}

// regions tells the newest annotation and how many there are.
func regions(f *data.Frame, now time.Time) []string {
	from, text, title := field(f, "time"), field(f, "text"), field(f, "title")
	if from == nil || text == nil || title == nil || from.Len() == 0 {
		return nil
	}
	newest := 0
	at := func(i int) time.Time { t, _ := from.ConcreteAt(i); when, _ := t.(time.Time); return when }
	for i := range from.Len() {
		if at(i).After(at(newest)) {
			newest = i
		}
	}
	when := at(newest).UTC().Format("Mon 2 Jan 15:04")
	if d := now.Sub(at(newest)); d > 0 {
		when = age(d) + " ago"
	}
	return []string{fmt.Sprintf("%d marked; the newest %s: %s %s", from.Len(), when, cell(title, newest), cell(text, newest))}
}

func age(d time.Duration) string {
	switch {
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	default:
		return fmt.Sprintf("%d days", int(d.Hours()/24))
	}
}

// rows says what a table's rows that call for attention hold.
func rows(f *data.Frame, kind string) []string {
	var list []string
	name := field(f, "series")
	if name == nil {
		name = field(f, "entity")
	}
	if name == nil {
		return nil
	}
	number := func(column string, i int) float64 {
		c := field(f, column)
		if c == nil {
			return math.NaN()
		}
		return numbersOf(c)[i]
	}
	for i := range name.Len() {
		switch kind {
		case "warning":
			if eta := number("eta", i); eta < stated {
				list = append(list, fmt.Sprintf("%s: now %s, crosses in %s (earliest %s), %.0f %% likely", cell(name, i),
					chart.Number(number("current", i), ""), hours(eta), hours(number("eta_early", i)), 100*number("probability", i)))
			} else if early := number("eta_early", i); early < stated {
				list = append(list, fmt.Sprintf("%s: now %s, might cross in %s at the earliest, %.0f %% likely", cell(name, i),
					chart.Number(number("current", i), ""), hours(early), 100*number("probability", i)))
			}
		case "outlier":
			if number("outlier", i) > 0 {
				list = append(list, fmt.Sprintf("%s: unlike the others, score %s", cell(name, i), chart.Number(number("score", i), "")))
			}
		default:
			if v := number("score", i); v >= 1 {
				list = append(list, fmt.Sprintf("%s: score %s", cell(name, i), chart.Number(v, "")))
			}
		}
	}
	if len(list) == 0 && name.Len() > 0 {
		list = []string{fmt.Sprintf("nothing to warn of among %d series", name.Len())}
	}
	return list
}

// hours writes an eta.
func hours(h float64) string {
	switch {
	case math.IsNaN(h):
		return "–"
	case h >= 2*stated:
		return "uncertain"
	case h >= stated:
		return "never"
	case h <= 0:
		return "now"
	case h < 1:
		return fmt.Sprintf("%.0f min", 60*h)
	default:
		return fmt.Sprintf("%.0f h", h)
	}
}

// models says which algorithms answered and how well they did in the backtest.
func models(f *data.Frame) string {
	if f.Meta == nil || f.Meta.Custom == nil {
		return ""
	}
	raw, err := json.Marshal(f.Meta.Custom)
	if err != nil {
		return ""
	}
	var notes struct {
		Series []struct {
			Name, Algorithm string
			MAE             *float64
			Naive           *float64 `json:"seasonalNaiveMae"`
		}
	}
	if err := json.Unmarshal(raw, &notes); err != nil {
		return ""
	}
	var list []string
	for _, s := range notes.Series {
		if s.Algorithm == "" {
			continue
		}
		text := s.Algorithm
		if s.MAE != nil && s.Naive != nil && *s.Naive > 0 {
			text += fmt.Sprintf(" (error %.2f of the seasonal-naive forecast's)", *s.MAE / *s.Naive)
		}
		if len(notes.Series) > 1 {
			text = s.Name + ": " + text
		}
		list = append(list, text)
	}
	if len(list) > 6 {
		list = append(list[:6], "…")
	}
	return strings.Join(list, "; ")
}

func field(f *data.Frame, name string) *data.Field {
	one, _ := f.FieldByName(name)
	return one
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
