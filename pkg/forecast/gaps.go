package forecast

import (
	"math"
	"slices"
)

// shortGap is how many missing points in a row a straight line may bridge.
const shortGap = 6

// fillGaps gives y without missing values: short gaps by a straight line, longer ones by the value of one season earlier,
// the longest season first; y itself where nothing is missing. It serves as the past of a forecast, never as data to learn
// from.
func fillGaps(y []float64, periods []int) []float64 {
	if knownCount(y) == len(y) {
		return y
	}
	out := slices.Clone(bridge(y))
	for i := 0; i < len(y); i++ {
		end := i
		for end < len(y) && math.IsNaN(y[end]) {
			end++
		}
		if end-i > shortGap {
			for k := i; k < end; k++ {
				if m := longestWithin(periods, k); m > 0 {
					out[k] = out[k-m]
				}
			}
		}
		i = end
	}
	return out
}

func longestWithin(periods []int, k int) int {
	for j := len(periods) - 1; j >= 0; j-- {
		if periods[j] <= k {
			return periods[j]
		}
	}
	return 0
}

// bridge fills gaps by straight lines, and the ends by the nearest known value; y itself where nothing is missing.
func bridge(y []float64) []float64 {
	if knownCount(y) == len(y) {
		return y
	}
	out := append([]float64(nil), y...)
	last := -1
	for i, v := range y {
		if math.IsNaN(v) {
			continue
		}
		for k := last + 1; k < i; k++ {
			if last < 0 {
				out[k] = v
			} else {
				out[k] = y[last] + (v-y[last])*float64(k-last)/float64(i-last)
			}
		}
		last = i
	}
	for k := last + 1; last >= 0 && k < len(out); k++ {
		out[k] = y[last]
	}
	return out
}
