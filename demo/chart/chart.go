// Package chart draws time series as SVG text: lines, a band, a dashed future, marked points. Colours are left to the page's
// style sheet, by class, so that one chart suits light and dark.
package chart

import (
	"fmt"
	"html"
	"math"
	"strings"
	"time"
)

// Kind is how a line is drawn, and the class that colours it.
type Kind string

// The kinds of lines.
const (
	Actual   Kind = "actual"
	Expected Kind = "expected"
	Forecast Kind = "forecast" // dashed
	Limit    Kind = "limit"
)

// Line is one line; NaN breaks it.
type Line struct {
	Name   string
	Kind   Kind
	Colour int // of several actual lines: 0 to 7
	Values []float64
}

// Chart is a chart of values at common times.
type Chart struct {
	Title        string // for those who cannot see it
	Unit         string
	Times        []time.Time
	Lines        []Line
	Lower, Upper []float64 // the band; nil = none
	Marks        []float64 // marked points, NaN elsewhere; nil = none
	Now          time.Time // where the future begins; zero = not shown
	FromZero     bool      // the scale includes 0
}

// drawable tells whether a value has a place: it is a number, and small enough to be calculated with.
func drawable(v float64) bool { return math.Abs(v) < 1e300 }

// Measures of the drawing, in its own units.
const (
	width, height            = 760.0, 230.0
	left, right, top, bottom = 58.0, 12.0, 10.0, 24.0
)

// SVG draws the chart; one without any value says so.
func (c *Chart) SVG() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %g %g" role="img" aria-label="%s">`, width, height, html.EscapeString(c.Title))
	low, high, ok := c.extent()
	if !ok || len(c.Times) < 2 {
		fmt.Fprintf(&b, `<text class="tick" x="%g" y="%g" text-anchor="middle">no data</text></svg>`, width/2, height/2)
		return b.String()
	}
	s := scale{t0: c.Times[0], t1: c.Times[len(c.Times)-1]}
	var marks []float64
	s.low, s.high, marks = niceScale(low, high, 5)
	s.grid(&b, marks, c.Unit)
	c.band(&b, s)
	if !c.Now.IsZero() && c.Now.After(s.t0) && c.Now.Before(s.t1) {
		x := s.x(c.Now)
		fmt.Fprintf(&b, `<line class="now" x1="%.1f" x2="%.1f" y1="%g" y2="%g"/><text class="tick" x="%.1f" y="%g">now</text>`, x, x, top, height-bottom, x+3, top+9)
	}
	for _, l := range c.Lines {
		class := string(l.Kind)
		if l.Kind == Actual {
			class = fmt.Sprintf("actual c%d", l.Colour%8)
		}
		if d := c.path(s, l.Values); d != "" {
			fmt.Fprintf(&b, `<path class="%s" d="%s"><title>%s</title></path>`, class, d, html.EscapeString(l.Name))
		}
	}
	for i, v := range c.Marks {
		if i < len(c.Times) && drawable(v) {
			fmt.Fprintf(&b, `<circle class="mark" cx="%.1f" cy="%.1f" r="2.4"><title>%s %s</title></circle>`, s.x(c.Times[i]), s.y(v),
				c.Times[i].UTC().Format("Mon 15:04"), html.EscapeString(Number(v, c.Unit)))
		}
	}
	b.WriteString(`</svg>`)
	return b.String()
}

// extent is the range of everything drawn.
func (c *Chart) extent() (low, high float64, ok bool) {
	low, high = math.Inf(1), math.Inf(-1)
	take := func(values []float64) {
		for _, v := range values {
			if drawable(v) {
				low, high = math.Min(low, v), math.Max(high, v)
			}
		}
	}
	for _, l := range c.Lines {
		take(l.Values)
	}
	take(c.Lower)
	take(c.Upper)
	take(c.Marks)
	if c.FromZero && !math.IsInf(low, 1) {
		low = math.Min(low, 0)
	}
	return low, high, low <= high
}

// path draws a line; single points between gaps become short strokes.
func (c *Chart) path(s scale, values []float64) string {
	var b strings.Builder
	pen := false
	for i, v := range values {
		if i >= len(c.Times) || !drawable(v) {
			pen = false
			continue
		}
		if pen {
			fmt.Fprintf(&b, "L%.1f %.1f", s.x(c.Times[i]), s.y(v))
		} else {
			fmt.Fprintf(&b, "M%.1f %.1fh.1", s.x(c.Times[i]), s.y(v))
		}
		pen = true
	}
	return b.String()
}

// band fills between the limits, one area for each stretch that has both.
func (c *Chart) band(b *strings.Builder, s scale) {
	n := min(len(c.Lower), len(c.Upper), len(c.Times))
	for i := 0; i < n; i++ {
		start := i
		for i < n && drawable(c.Lower[i]) && drawable(c.Upper[i]) {
			i++
		}
		if i-start < 2 {
			continue
		}
		b.WriteString(`<path class="band" d="`)
		for k := start; k < i; k++ {
			command := "L"
			if k == start {
				command = "M"
			}
			fmt.Fprintf(b, "%s%.1f %.1f", command, s.x(c.Times[k]), s.y(c.Upper[k]))
		}
		for k := i - 1; k >= start; k-- {
			fmt.Fprintf(b, "L%.1f %.1f", s.x(c.Times[k]), s.y(c.Lower[k]))
		}
		b.WriteString(`Z"/>`)
	}
}
