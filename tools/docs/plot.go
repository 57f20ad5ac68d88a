package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// plot is a picture of series over one time axis.
type plot struct {
	title string
	ticks []tick
	band  [2][]float64 // lower and upper edge
	lines []curve
	marks []float64 // values of the points to mark, NaN elsewhere
	from  int       // position where the future begins; 0 = none
}

type tick struct {
	at   int
	text string
}

type curve struct {
	name, colour string
	dashed       bool
	width        float64
	values       []float64
}

// Sizes of the picture in pixels.
const (
	plotWidth, plotHeight    = 760.0, 280.0
	plotLeft, plotRight      = 52.0, 12.0
	plotTop, plotBottom      = 30.0, 26.0
	blue, orange, red, grey  = "#3274d9", "#e0752d", "#d44a3a", "#8e8e8e"
	markRadius, bandOpacity  = 3.0, 0.18
	fontFamily               = "Inter, Helvetica, Arial, sans-serif"
	axisSteps                = 4
	legendFrom, legendStride = 52.0, 96.0
)

func (p plot) svg() string {
	lo, hi, n := p.extent()
	x := func(i int) float64 {
		return plotLeft + (plotWidth-plotLeft-plotRight)*float64(i)/math.Max(float64(n-1), 1)
	}
	y := func(v float64) float64 { return plotTop + (plotHeight-plotTop-plotBottom)*(hi-v)/(hi-lo) }
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" font-family="%s" font-size="11">`+"\n",
		plotWidth, plotHeight, plotWidth, plotHeight, fontFamily)
	fmt.Fprintf(&b, "<title>%s</title>\n", html.EscapeString(p.title))
	fmt.Fprintf(&b, `<rect width="%.0f" height="%.0f" fill="#ffffff"/>`+"\n", plotWidth, plotHeight)
	step := niceStep((hi - lo) / axisSteps)
	for v := math.Ceil(lo/step) * step; v <= hi; v += step {
		fmt.Fprintf(&b, `<path d="M%.0f %.1fH%.0f" stroke="#e4e4e4"/><text x="%.0f" y="%.1f" fill="#6e6e6e" text-anchor="end">%s</text>`+"\n",
			plotLeft, y(v), plotWidth-plotRight, plotLeft-6, y(v)+4, label(v, step))
	}
	for _, t := range p.ticks {
		fmt.Fprintf(&b, `<text x="%.1f" y="%.0f" fill="#6e6e6e" text-anchor="middle">%s</text>`+"\n", x(t.at), plotHeight-8, html.EscapeString(t.text))
	}
	if p.from > 0 {
		fmt.Fprintf(&b, `<path d="M%.1f %.0fV%.0f" stroke="%s" stroke-dasharray="3 3"/>`+"\n", x(p.from), plotTop, plotHeight-plotBottom, grey)
	}
	for _, area := range areas(p.band, x, y) {
		fmt.Fprintf(&b, `<path d="%s" fill="%s" fill-opacity="%.2f"/>`+"\n", area, orange, bandOpacity)
	}
	for i, c := range p.lines {
		dash := ""
		if c.dashed {
			dash = ` stroke-dasharray="6 4"`
		}
		fmt.Fprintf(&b, `<path d="%s" fill="none" stroke="%s" stroke-width="%.1f"%s/>`+"\n", trace(c.values, x, y), c.colour, c.width, dash)
		if c.name == "" {
			continue
		}
		at := legendFrom + legendStride*float64(i)
		fmt.Fprintf(&b, `<path d="M%.0f 14h18" stroke="%s" stroke-width="2"%s/><text x="%.0f" y="18" fill="#3a3a3a">%s</text>`+"\n", at, c.colour, dash, at+23,
			html.EscapeString(c.name))
	}
	for i, v := range p.marks {
		if !math.IsNaN(v) {
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="%.0f" fill="%s"/>`+"\n", x(i), y(v), markRadius, red)
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// extent gives the range of values with a margin, and the number of positions.
func (p plot) extent() (lo, hi float64, n int) {
	lo, hi = math.Inf(1), math.Inf(-1)
	take := func(values []float64) {
		n = max(n, len(values))
		for _, v := range values {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	for _, c := range p.lines {
		take(c.values)
	}
	// A band that is far wider than the values is cut, so that they can be seen.
	l, h := lo, hi
	take(p.band[0])
	take(p.band[1])
	switch {
	case l <= h:
		lo, hi = max(lo, l-(h-l)), min(hi, h+(h-l))
	case lo > hi: // nothing is known
		lo, hi = 0, 0
	}
	if !(hi > lo) {
		lo, hi = lo-1, lo+1
	}
	margin := (hi - lo) / 20
	return lo - margin, hi + margin, n
}

// trace draws a line, with gaps where values are missing.
func trace(values []float64, x func(int) float64, y func(float64) float64) string {
	var b strings.Builder
	pen := "M"
	for i, v := range values {
		if math.IsNaN(v) {
			pen = "M"
			continue
		}
		fmt.Fprintf(&b, "%s%.1f %.1f", pen, x(i), inPlot(y(v)))
		pen = "L"
	}
	return b.String()
}

// areas draws the band, one area for each stretch without a gap.
func areas(band [2][]float64, x func(int) float64, y func(float64) float64) []string {
	var out []string
	n := min(len(band[0]), len(band[1]))
	for i := 0; i < n; i++ {
		j := i
		for j < n && !math.IsNaN(band[0][j]) && !math.IsNaN(band[1][j]) {
			j++
		}
		if j > i {
			var b strings.Builder
			pen := "M"
			for k := i; k < j; k++ {
				fmt.Fprintf(&b, "%s%.1f %.1f", pen, x(k), inPlot(y(band[1][k])))
				pen = "L"
			}
			for k := j - 1; k >= i; k-- {
				fmt.Fprintf(&b, "L%.1f %.1f", x(k), inPlot(y(band[0][k])))
			}
			out = append(out, b.String()+"Z")
		}
		i = j
	}
	return out
}

func inPlot(y float64) float64 { return min(max(y, plotTop), plotHeight-plotBottom) }

// niceStep is 1, 2 or 5 times a power of ten, at least v.
func niceStep(v float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, k := range []float64{1, 2, 5} {
		if k*p >= v {
			return k * p
		}
	}
	return 10 * p
}

func label(v, step float64) string {
	if math.Abs(v) < step/2 {
		v = 0
	}
	if step >= 1 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.*f", int(math.Ceil(-math.Log10(step))), v)
}
