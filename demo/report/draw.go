package report

import (
	"html/template"
	"math"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/demo/chart"
)

// mostLines bounds the lines of one chart; colours end there.
const mostLines = 8

// figure is one drawing with its legend.
type figure struct {
	Name   string
	SVG    template.HTML
	Legend []legend
	Note   string
}

type legend struct{ Class, Text string }

// figures draws an answer: one chart for each series that has a band or a future, else all series in one.
func figures(f *data.Frame, kind, unit string, now time.Time) []figure {
	times, all := over(f)
	if len(times) == 0 || len(all) == 0 {
		return nil
	}
	rich := slices.ContainsFunc(all, func(s *drawn) bool {
		return s.outputs["lower"] != nil || s.outputs["upper"] != nil || s.outputs["forecast"] != nil
	})
	if !rich {
		return []figure{together(times, all, kind, unit, now)}
	}
	var list []figure
	for _, s := range all {
		list = append(list, alone(times, s, unit, now))
	}
	return list
}

// alone draws one series with all its outputs.
func alone(times []time.Time, s *drawn, unit string, now time.Time) figure {
	c := chart.Chart{Title: s.name, Unit: unit, Times: times, Now: now, Lower: s.outputs["lower"], Upper: s.outputs["upper"], Marks: s.outputs["anomaly"]}
	out := figure{Name: s.name}
	add := func(output string, kind chart.Kind, text string) {
		values := s.outputs[output]
		if _, i := last(values); i >= 0 {
			c.Lines = append(c.Lines, chart.Line{Name: text, Kind: kind, Values: values})
			class := string(kind)
			if kind == chart.Actual {
				class = "actual c0"
			}
			out.Legend = append(out.Legend, legend{class, text})
		}
	}
	add("expected", chart.Expected, "expected")
	add("threshold", chart.Limit, "limit")
	add("actual", chart.Actual, "actual")
	add("forecast", chart.Forecast, "forecast")
	if c.Lower != nil && c.Upper != nil {
		out.Legend = append(out.Legend, legend{"band", "band"})
	}
	if _, i := last(c.Marks); i >= 0 {
		out.Legend = append(out.Legend, legend{"mark", "unusual"})
	}
	out.SVG = template.HTML(c.SVG()) //nolint:gosec // made here, texts escaped
	return out
}

// together draws the lines of several series; those with the largest values where there are too many.
func together(times []time.Time, all []*drawn, kind, unit string, now time.Time) figure {
	c := chart.Chart{Title: kind, Unit: unit, Times: times, Now: now, FromZero: true}
	out := figure{}
	type one struct {
		name   string
		values []float64
		top    float64
		score  bool
	}
	var lines []one
	for _, s := range all {
		for _, o := range sortedKeys(s.outputs) {
			top := math.Inf(-1)
			for _, v := range s.outputs[o] {
				top = math.Max(top, v)
			}
			lines = append(lines, one{s.name, s.outputs[o], top, o == "score"})
		}
	}
	if len(lines) > mostLines {
		slices.SortStableFunc(lines, func(a, b one) int {
			switch {
			case a.top > b.top || math.IsNaN(b.top) && !math.IsNaN(a.top):
				return -1
			case a.top < b.top:
				return 1
			}
			return 0
		})
		out.Note = "the largest of more series"
		lines = lines[:mostLines]
	}
	if len(lines) > 0 && lines[0].score {
		limit := make([]float64, len(times))
		for i := range limit {
			limit[i] = 1
		}
		c.Lines = append(c.Lines, chart.Line{Name: "limit", Kind: chart.Limit, Values: limit})
		out.Legend = append(out.Legend, legend{"limit", "limit"})
	}
	for i, l := range lines {
		c.Lines = append(c.Lines, chart.Line{Name: l.name, Kind: chart.Actual, Colour: i, Values: l.values})
		out.Legend = append(out.Legend, legend{"actual c" + string(rune('0'+i)), l.name})
	}
	out.SVG = template.HTML(c.SVG()) //nolint:gosec // made here, texts escaped
	return out
}
