package chart

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
	"time"
)

// scale maps time and value to the drawing.
type scale struct {
	t0, t1    time.Time
	low, high float64
}

func (s scale) x(t time.Time) float64 {
	return left + (width-left-right)*float64(t.Sub(s.t0))/float64(s.t1.Sub(s.t0))
}

func (s scale) y(v float64) float64 {
	return height - bottom - (height-top-bottom)*(v-s.low)/(s.high-s.low)
}

// grid draws the lines and texts of both axes.
func (s scale) grid(b *strings.Builder, marks []float64, unit string) {
	for _, v := range marks {
		y := s.y(v)
		fmt.Fprintf(b, `<line class="grid" x1="%g" x2="%g" y1="%.1f" y2="%.1f"/>`, left, width-right, y, y)
		fmt.Fprintf(b, `<text class="tick" x="%g" y="%.1f" text-anchor="end">%s</text>`, left-6, y+3.5, html.EscapeString(Number(v, unit)))
	}
	step := timeStep(s.t1.Sub(s.t0))
	layout := "15:04"
	if step >= 24*time.Hour {
		layout = "2 Jan"
	}
	for t := s.t0.UTC().Truncate(step).Add(step); t.Before(s.t1); t = t.Add(step) {
		text := t.Format(layout)
		if step < 24*time.Hour && t.Hour() == 0 && t.Minute() == 0 {
			text = t.Format("Mon 2 Jan")
		}
		x := s.x(t)
		fmt.Fprintf(b, `<line class="grid" x1="%.1f" x2="%.1f" y1="%g" y2="%g"/>`, x, x, top, height-bottom)
		if x > left+20 && x < width-right-20 {
			fmt.Fprintf(b, `<text class="tick" x="%.1f" y="%g" text-anchor="middle">%s</text>`, x, height-7, text)
		}
	}
}

// timeStep gives the distance of time marks: some five to ten of them.
func timeStep(span time.Duration) time.Duration {
	for _, h := range []float64{1. / 12, 0.25, 0.5, 1, 2, 3, 6, 12} {
		if step := time.Duration(h * float64(time.Hour)); span/step <= 10 {
			return step
		}
	}
	days := math.Ceil(span.Hours() / 24 / 10)
	return time.Duration(days) * 24 * time.Hour
}

// niceScale rounds a range outward to steps of 1, 2 or 5 and gives the marks (Heckbert: Nice numbers for graph labels, Graphics
// Gems, 1990).
func niceScale(low, high float64, about int) (from, to float64, marks []float64) {
	// Values that differ only by rounding are one value.
	if size := math.Max(math.Abs(low), math.Abs(high)); high-low <= 1e-12*size || high-low < 1e-300 {
		pad := math.Max(size*0.1, 1)
		low, high = low-pad, high+pad
	}
	step := nice((high - low) / float64(about))
	from, to = math.Floor(low/step)*step, math.Ceil(high/step)*step
	for i := 0; ; i++ {
		v := from + float64(i)*step
		if v > to+step/2 {
			return from, to, marks
		}
		marks = append(marks, v)
	}
}

func nice(x float64) float64 {
	exp := math.Pow(10, math.Floor(math.Log10(x)))
	switch f := x / exp; {
	case f < 1.5:
		return exp
	case f < 3:
		return 2 * exp
	case f < 7:
		return 5 * exp
	default:
		return 10 * exp
	}
}

// Number writes a value with three or four digits and its unit, one of Grafana's names.
func Number(v float64, unit string) string {
	if math.IsNaN(v) {
		return "–"
	}
	switch unit {
	case "percentunit":
		return short(100*v) + " %"
	case "percent":
		return short(v) + " %"
	case "reqps", "ops", "cps":
		return short(v) + " /s"
	case "", "none", "short", "locale":
		return short(v)
	default:
		if sign, ok := strings.CutPrefix(unit, "currency:"); ok {
			return sign + short(v)
		}
		return short(v) + " " + unit
	}
}

func short(v float64) string {
	a := math.Abs(v)
	for _, p := range []struct {
		size float64
		name string
	}{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e4, "k"}} {
		if a >= p.size {
			if p.size == 1e4 {
				p.size = 1e3
			}
			return trim(v/p.size, 1) + p.name
		}
	}
	switch {
	case a >= 100 || a == 0:
		return trim(v, 0)
	case a >= 10:
		return trim(v, 1)
	case a >= 0.1:
		return trim(v, 2)
	default:
		return strconv.FormatFloat(v, 'g', 2, 64)
	}
}

func trim(v float64, digits int) string {
	text := strconv.FormatFloat(v, 'f', digits, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	if text == "-0" {
		return "0"
	}
	return text
}
