package warn

import (
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

const (
	fallSpread = 5.0 // a fall is larger than this many robust standard deviations of the hourly changes
	fallRange  = 0.2 // and than this share of the whole range
	peakSlack  = 0.1 // share of the range by which a peak may exceed the earlier ones and still be like them
)

// contained tells whether the series is a sawtooth that stays below the threshold: at least `least` sudden falls away from the
// threshold, the values before them on a line that does not reach it within the forecast, and no value now beyond what those
// peaks let expect. Where the clean-up did not come, the warning stands.
func contained(in Input, sign float64, least int) bool {
	hour := max(int(time.Hour/in.Step), 1)
	at, mid := forecast.BlockMedians(in.Values, hour)
	for i := range mid {
		mid[i] *= sign
	}
	peakAt, peak, width := falls(at, mid)
	if len(peak) < least {
		return false
	}
	slope := 0.0
	if len(peak) > 2 {
		slope = max(forecast.TheilSen(peakAt, peak), 0) // two peaks make no trend
	}
	last, top := len(peak)-1, slices.Max(peak)
	end := float64(len(in.Values) + len(in.Forecast.Mean))
	ahead := top + slope*(end-peakAt[last])
	return ahead < sign*in.Threshold && mid[len(mid)-1] <= top+peakSlack*width
}

// falls gives position and height of the values before each sudden fall, and the range of all values. Falls in a row are one.
func falls(at, y []float64) (peakAt, peak []float64, width float64) {
	if len(y) < 3 {
		return nil, nil, 0
	}
	width = slices.Max(y) - slices.Min(y)
	changes := make([]float64, len(y)-1)
	for i := range changes {
		changes[i] = math.Abs(y[i+1] - y[i])
	}
	sorted := slices.Sorted(slices.Values(changes))
	limit := max(fallSpread*1.4826*sorted[len(sorted)/2], fallRange*width)
	falling := false
	for i := range changes {
		fell := y[i]-y[i+1] > limit
		if fell && !falling {
			peakAt, peak = append(peakAt, at[i]), append(peak, y[i])
		}
		falling = fell
	}
	return peakAt, peak, width
}
