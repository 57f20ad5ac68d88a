package forecast

import (
	"math"
)

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
