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

// middleOf gives the median of x in linear time and changes its order; NaN where x is empty. Values are finite.
func middleOf(x []float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	k := len(x) / 2
	upper := pickSorted(x, k)
	if len(x)%2 == 1 {
		return upper
	}
	return (slices.Max(x[:k]) + upper) / 2
}

// pickSorted gives what would be x[k] if x were sorted, in linear time (Hoare: "Algorithm 65: find", Communications of the ACM 4,
// 1961). It changes the order: nothing before k is larger then. Values are finite.
func pickSorted(x []float64, k int) float64 {
	lo, hi := 0, len(x)-1
	for lo < hi {
		pivot := x[lo+(hi-lo)/2]
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
		if k <= j {
			hi = j
		} else if k >= i {
			lo = i
		} else {
			break
		}
	}
	return x[k]
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

// anyQuantile is quantile for x in any order, which it changes; values are finite.
func anyQuantile(x []float64, p float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	at := p * float64(len(x)-1)
	lo := int(at)
	if lo+1 >= len(x) {
		return slices.Max(x)
	}
	v := pickSorted(x, lo)
	return v + (at-float64(lo))*(slices.Min(x[lo+1:])-v)
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
