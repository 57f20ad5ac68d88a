package order

import (
	"math"
	"slices"
)

// Window keeps the newest values of a stream in order, so that quantiles are read and not computed. Taking a value in moves
// only what lies between the places of the value that leaves and the one that comes.
type Window struct {
	ring   []float64 // in order of arrival; NaN is missing
	at     int
	sorted []float64
}

// NewWindow makes an empty window of the newest size values.
func NewWindow(size int) *Window {
	w := &Window{ring: make([]float64, size), sorted: make([]float64, 0, size)}
	for i := range w.ring {
		w.ring[i] = math.NaN()
	}
	return w
}

// Push takes a value in and lets the oldest go. A missing one (NaN) has a place among the newest and none in the order.
func (w *Window) Push(v float64) {
	old := w.ring[w.at]
	w.ring[w.at] = v
	if w.at++; w.at == len(w.ring) {
		w.at = 0
	}
	s := w.sorted
	switch {
	case math.IsNaN(old) && math.IsNaN(v):
	case math.IsNaN(old):
		w.sorted = slices.Insert(s, Rank(s, v), v)
	case math.IsNaN(v):
		i := Rank(s, old)
		w.sorted = slices.Delete(s, i, i+1)
	default:
		i, j := Rank(s, old), Rank(s, v)
		if i < j {
			j--
			copy(s[i:j], s[i+1:j+1])
		} else {
			copy(s[j+1:i+1], s[j:i])
		}
		s[j] = v
	}
}

// Size is how many of the newest values are looked at, known or missing.
func (w *Window) Size() int { return len(w.ring) }

// Sorted gives the known values in order. It is the window's own memory until the next Push.
func (w *Window) Sorted() []float64 { return w.sorted }

// Quantile interpolates between the known values; NaN where there is none.
func (w *Window) Quantile(p float64) float64 { return Quantile(w.sorted, p) }

// Deviation is the median of |x - m|: the width of the middle half around m, found by bisection of how many values lie below
// m; NaN where no value is known.
func (w *Window) Deviation(m float64) float64 {
	n := len(w.sorted)
	if n == 0 {
		return math.NaN()
	}
	return (w.nearest(m, (n-1)/2) + w.nearest(m, n/2)) / 2
}

// nearest is the k-th smallest |x - m|, counted from 0. Those up to it are a run [i, i+k] of the sorted values; the run is the
// one whose far ends are closest to m.
func (w *Window) nearest(m float64, k int) float64 {
	s := w.sorted
	lo, hi := 0, len(s)-1-k
	for lo < hi {
		i := (lo + hi) / 2
		if m-s[i] > s[i+k+1]-m {
			lo = i + 1
		} else {
			hi = i
		}
	}
	return max(m-s[lo], s[lo+k]-m)
}

// Rank is the number of values of sorted x below v.
func Rank(x []float64, v float64) int {
	lo, n := 0, len(x)
	for n > 0 {
		half := n / 2
		if x[lo+half] < v {
			lo += half + 1
			n -= half + 1
		} else {
			n = half
		}
	}
	return lo
}
