package query

import "github.com/forewarn/earlywarning/pkg/forecast"

// natural gives the limits that a forecast is kept in: those of the query and, where it leaves the lower one open, zero for a
// series that was never below it. Rates, shares, counts and sizes are like that, and a band that dips below zero helps nobody;
// `bounds.min` in the query says otherwise.
func natural(asked forecast.Bounds, values []float64) forecast.Bounds {
	if asked.Min != nil || (asked.Max != nil && *asked.Max <= 0) {
		return asked
	}
	known := false
	for _, v := range values {
		if v < 0 {
			return asked
		}
		known = known || v > 0
	}
	if !known {
		return asked
	}
	var zero float64
	return forecast.Bounds{Min: &zero, Max: asked.Max}
}
