// Package order finds order statistics: values by their rank, medians and quantiles. Values are numbers; who has missing ones
// leaves them out first.
package order

import (
	"math"
	"slices"
)

// Pick gives what would be x[k] were x sorted, in linear time (Hoare: Algorithm 65, Find, Communications of the ACM 4, 1961).
// It changes the order of x: nothing larger lies before k then, and nothing smaller behind it.
func Pick(x []float64, k int) float64 {
	lo, hi := 0, len(x)-1
	for lo < hi {
		a, b, c := x[lo], x[lo+(hi-lo)/2], x[hi]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := lo, hi
		for i <= j {
			for x[i] < pivot {
				i++
			}
			for x[j] > pivot {
				j--
			}
			if i <= j {
				x[i], x[j] = x[j], x[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return x[k]
		}
	}
	return x[k]
}

// Median gives the median of x in linear time and changes its order; NaN where x is empty.
func Median(x []float64) float64 {
	n := len(x)
	if n == 0 {
		return math.NaN()
	}
	upper := Pick(x, n/2)
	if n%2 == 1 {
		return upper
	}
	return (slices.Max(x[:n/2]) + upper) / 2
}

// Quantile gives the p-quantile (0 to 1) of sorted x by linear interpolation between order statistics (type 7 of Hyndman and
// Fan: Sample quantiles in statistical packages, The American Statistician 50, 1996); NaN where x is empty.
func Quantile(x []float64, p float64) float64 {
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

// QuantileOf is Quantile for x in any order, which it changes, in linear time.
func QuantileOf(x []float64, p float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	at := p * float64(len(x)-1)
	lo := int(at)
	v := Pick(x, lo)
	if lo+1 >= len(x) {
		return v
	}
	return v + (at-float64(lo))*(slices.Min(x[lo+1:])-v)
}

// Deviation gives the median distance of x from its median (Hampel: The influence curve and its role in robust estimation,
// JASA 69, 1974), in the unit of x and without a factor for the normal distribution. It overwrites x; NaN where x is empty.
func Deviation(x []float64) float64 {
	mid := Median(x)
	for i, v := range x {
		x[i] = math.Abs(v - mid)
	}
	return Median(x)
}
