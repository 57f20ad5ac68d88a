package forecast

import (
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/series"
)

// shortGap is how many missing points in a row a straight line may bridge.
const shortGap = 6

// fillGaps gives y without missing values: short gaps by a straight line, longer ones by the value of one season earlier,
// the longest season first; y itself where nothing is missing. It serves as the past of a forecast, never as data to learn
// from.
func fillGaps(y []float64, periods []int) []float64 {
	if series.CountKnown(y) == len(y) {
		return y
	}
	out := slices.Clone(series.Bridge(y))
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
