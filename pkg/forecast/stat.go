package forecast

import (
	"math"
	"slices"
)

// median gives the median of x and changes its order; NaN where x is empty.
func median(x []float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	slices.Sort(x)
	k := len(x) / 2
	if len(x)%2 == 1 {
		return x[k]
	}
	return (x[k-1] + x[k]) / 2
}

// quantile gives the p-quantile of sorted x by linear interpolation between order statistics.
func quantile(x []float64, p float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	at := p * float64(len(x)-1)
	lo := int(at)
	if lo+1 >= len(x) {
		return x[len(x)-1]
	}
	return x[lo] + (at-float64(lo))*(x[lo+1]-x[lo])
}

// knownCount counts values that are not missing.
func knownCount(x []float64) int {
	n := 0
	for _, v := range x {
		if !math.IsNaN(v) {
			n++
		}
	}
	return n
}

// meanOf gives the mean of the known values; NaN where none is known.
func meanOf(x []float64) float64 {
	sum, n := 0.0, 0
	for _, v := range x {
		if !math.IsNaN(v) {
			sum += v
			n++
		}
	}
	return sum / float64(n)
}

func nans(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}
