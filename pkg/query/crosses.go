package query

import (
	"math"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// crosses finds where the forecast of a result first reaches the threshold; nil where there is no forecast.
func (q *Query) crosses(r *Result) *Crosses {
	out := &Crosses{Hours: warn.Never, Value: math.NaN(), Lower: math.NaN(), Upper: math.NaN()}
	known := false
	for i, v := range r.Forecast {
		known = known || !math.IsNaN(v)
		if q.Threshold.Direction == detect.Below && v <= q.Threshold.Value || q.Threshold.Direction != detect.Below && v >= q.Threshold.Value {
			out.Hours, out.Value = float64(i)*q.Interval.Hours(), v
			if i < len(r.ForecastLo) && i < len(r.ForecastUp) {
				out.Lower, out.Upper = r.ForecastLo[i], r.ForecastUp[i]
			}
			break
		}
	}
	if !known {
		return nil
	}
	return out
}
