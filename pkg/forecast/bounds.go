package forecast

import "fmt"

// Bounds are a metric's physical limits, for example 0 and 100 for a percentage; nil is open.
type Bounds struct {
	Min, Max *float64
}

// inside gives v within the limits.
func (b Bounds) inside(v float64) float64 {
	if b.Min != nil && v < *b.Min {
		return *b.Min
	}
	if b.Max != nil && v > *b.Max {
		return *b.Max
	}
	return v
}

// clip moves values beyond the limits onto them and gives how many those were.
func (b Bounds) clip(x []float64) (n int) {
	for i, v := range x {
		if w := b.inside(v); w < v || w > v {
			x[i] = w
			n++
		}
	}
	return n
}

// keepInside clips everything the reader sees to the metric's physical limits, and says so when a forecast was clipped.
func (r *Result) keepInside(b Bounds) {
	if b.Min == nil && b.Max == nil {
		return
	}
	r.bounds = b
	if n := b.clip(r.Mean); n > 0 {
		r.Notices = append(r.Notices, fmt.Sprintf("the forecast was clipped to the bounds at %d of %d steps", n, len(r.Mean)))
	}
	for _, x := range [][]float64{r.Lower, r.Upper, r.Fitted, r.FittedLower, r.FittedUpper} {
		b.clip(x)
	}
}
