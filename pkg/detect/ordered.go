package detect

import (
	"math"
	"slices"
)

// ordered keeps the newest values of a window in order, so that quantiles are read and not computed. Taking a value in moves
// only what lies between the places of the value that leaves and the one that comes.
type ordered struct {
	ring   []float64 // in order of arrival; NaN is missing
	at     int
	sorted []float64
}

func newOrdered(window int) *ordered {
	o := &ordered{ring: make([]float64, window), sorted: make([]float64, 0, window)}
	for i := range o.ring {
		o.ring[i] = math.NaN()
	}
	return o
}

// push takes a value in and lets the oldest go.
func (o *ordered) push(v float64) {
	old := o.ring[o.at]
	o.ring[o.at] = v
	if o.at++; o.at == len(o.ring) {
		o.at = 0
	}
	s := o.sorted
	switch {
	case math.IsNaN(old) && math.IsNaN(v):
	case math.IsNaN(old):
		o.sorted = slices.Insert(s, place(s, v), v)
	case math.IsNaN(v):
		i := place(s, old)
		o.sorted = slices.Delete(s, i, i+1)
	default:
		i, j := place(s, old), place(s, v)
		if i < j {
			j--
			copy(s[i:j], s[i+1:j+1])
		} else {
			copy(s[j+1:i+1], s[j:i])
		}
		s[j] = v
	}
}

// place is the index of the first value that is not below v.
func place(s []float64, v float64) int {
	lo, n := 0, len(s)
	for n > 0 {
		half := n / 2
		if s[lo+half] < v {
			lo += half + 1
			n -= half + 1
		} else {
			n = half
		}
	}
	return lo
}

// quantile interpolates between the order statistics; NaN where nothing is known.
func (o *ordered) quantile(q float64) float64 {
	n := len(o.sorted)
	if n == 0 {
		return math.NaN()
	}
	at := q * float64(n-1)
	lo := int(at)
	if lo+1 >= n {
		return o.sorted[n-1]
	}
	return o.sorted[lo] + (at-float64(lo))*(o.sorted[lo+1]-o.sorted[lo])
}

// deviation is the median of |x - m|: the width of the middle half around m, found by bisection of how many of its values lie
// below m.
func (o *ordered) deviation(m float64) float64 {
	s := o.sorted
	n := len(s)
	if n == 0 {
		return math.NaN()
	}
	return (o.nearest(m, (n-1)/2) + o.nearest(m, n/2)) / 2
}

// nearest is the k-th smallest |x - m|, counted from 0. Those up to it are a run [i, i+k] of the sorted values; the run is the
// one whose far ends are closest to m.
func (o *ordered) nearest(m float64, k int) float64 {
	s := o.sorted
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
