package evaluate

import "math"

// NaiveError is the mean absolute error of repeating the value of a season before, which scales errors so that series of
// different units can be compared (Hyndman, Koehler, International Journal of Forecasting 22, 2006). NaN without a pair of known
// values a season apart, and where the series repeats itself exactly.
func NaiveError(x []float64, season int) float64 {
	season = max(season, 1)
	sum, n := 0.0, 0
	for i := season; i < len(x); i++ {
		if d := math.Abs(x[i] - x[i-season]); !math.IsNaN(d) && !math.IsInf(d, 0) {
			sum += d
			n++
		}
	}
	if n == 0 || sum == 0 {
		return math.NaN()
	}
	return sum / float64(n)
}

// MeanError is the mean absolute difference of actual and expected values where both are known; NaN where none are.
func MeanError(actual, expected []float64) float64 {
	sum, n := 0.0, 0
	for i, v := range actual {
		if d := math.Abs(v - expected[i]); !math.IsNaN(d) && !math.IsInf(d, 0) {
			sum += d
			n++
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return sum / float64(n)
}

// Inside is the share of known values that lie in their band; NaN where none are known.
func Inside(actual, lower, upper []float64) float64 {
	in, n := 0, 0
	for i, v := range actual {
		if math.IsNaN(v) || math.IsNaN(lower[i]) || math.IsNaN(upper[i]) {
			continue
		}
		n++
		if v >= lower[i] && v <= upper[i] {
			in++
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return float64(in) / float64(n)
}
