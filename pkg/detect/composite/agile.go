package composite

import (
	"math"
	"slices"
)

const recentPoints = 60 // that a signal's newest level is the median of

// departures gives how far each signal is from the median of its newest points: what changed just now, whatever the time of day.
func departures(signals [][]float64) [][]float64 {
	out := make([][]float64, len(signals))
	for k, values := range signals {
		out[k] = make([]float64, len(values))
		sorted := make([]float64, 0, recentPoints)
		ring, at := make([]float64, 0, recentPoints), 0
		for i, v := range values {
			out[k][i] = math.NaN()
			if !usable(v) {
				continue
			}
			n := len(sorted)
			if n > 0 {
				out[k][i] = v - (sorted[(n-1)/2]+sorted[n/2])/2
			}
			if n == recentPoints {
				j := rank(sorted, ring[at])
				sorted = slices.Delete(sorted, j, j+1)
				ring[at] = v
				at = (at + 1) % recentPoints
			} else {
				ring = append(ring, v)
			}
			j := rank(sorted, v)
			sorted = slices.Insert(sorted, j, v)
		}
	}
	return out
}

// rank is the number of values below v.
func rank(sorted []float64, v float64) int {
	lo, hi := 0, len(sorted)
	for lo < hi {
		if m := (lo + hi) / 2; sorted[m] < v {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}
