package series

import (
	"math"
	"slices"
)

// Missing makes n missing values.
func Missing(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

// CountKnown counts the values that are neither NaN nor infinite.
func CountKnown(x []float64) int {
	n := 0
	for _, v := range x {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			n++
		}
	}
	return n
}

// Extent gives the least and the greatest value that is no gap; infinite where there is none.
func Extent(x []float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range x {
		if !math.IsNaN(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return lo, hi
}

// Bridge fills gaps by straight lines, and the ends by the nearest known value. It gives x itself where nothing is missing or
// nothing known, else a new slice.
func Bridge(x []float64) []float64 {
	if n := CountKnown(x); n == len(x) || n == 0 {
		return x
	}
	out := slices.Clone(x)
	last := -1
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		for k := last + 1; k < i; k++ {
			if last < 0 {
				out[k] = v
			} else {
				out[k] = x[last] + (v-x[last])*float64(k-last)/float64(i-last)
			}
		}
		last = i
	}
	for k := last + 1; k < len(out); k++ {
		out[k] = x[last]
	}
	return out
}
