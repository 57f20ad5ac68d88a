package forecast

import (
	"math"
	"time"
)

// clockPeriods are the seasons that people and their machines live by. Only these are looked for: a period found in the
// data alone is rarely one that lasts.
var clockPeriods = [...]time.Duration{time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}

// DetectPeriods finds the seasonal periods of a series, in steps, ascending: of an hour, a day and a week, those that
// predict. A candidate is kept when the profile learnt from the other cycles lowers the mean absolute error of a cycle by at
// least 3 % (10 % where there are fewer than three cycles) in at least two thirds of the cycles; longer ones are judged on
// what shorter ones leave. At least two cycles are needed. Trend is taken out first, so that a steady rise is no season.
func DetectPeriods(values []float64, step time.Duration) []int {
	x := append([]float64(nil), values...)
	for i, v := range x {
		if math.IsInf(v, 0) {
			x[i] = math.NaN()
		}
	}
	var out []int
	for _, clock := range clockPeriods {
		if clock%step != 0 {
			continue
		}
		m := int(clock / step)
		// An hour of fewer than 12 steps says more about sampling than about the hour.
		if m < 4 || clock == time.Hour && m < 12 || len(x) < 2*m {
			continue
		}
		if profile, ok := provenSeason(x, m); ok {
			out = append(out, m)
			for i := range x {
				x[i] -= profile[i%m]
			}
		}
	}
	return out
}

// provenSeason tests one period by leaving each cycle out in turn; the profile given has mean zero and is aligned with x[0].
func provenSeason(x []float64, m int) (profile []float64, ok bool) {
	flat := detrend(x, m)
	if flat == nil {
		return nil, false
	}
	sum, count := make([]float64, m), make([]float64, m)
	for i, v := range flat {
		if !math.IsNaN(v) {
			sum[i%m] += v
			count[i%m]++
		}
	}
	cycles := len(x) / m
	first := len(x) - cycles*m // whole cycles, counted from the end
	better, judged := 0, 0
	var with, without float64
	for c := range cycles {
		var a, b float64
		n := 0
		for i := first + c*m; i < first+(c+1)*m; i++ {
			v, k := flat[i], i%m
			if math.IsNaN(v) || count[k] < 2 {
				continue
			}
			a += math.Abs(v - (sum[k]-v)/(count[k]-1))
			b += math.Abs(v)
			n++
		}
		if n < m/2 {
			continue
		}
		judged++
		with, without = with+a, without+b
		if a < 0.97*b {
			better++
		}
	}
	least := 0.97
	if cycles < 3 {
		least = 0.90
	}
	if judged < 2 || 3*better < 2*judged || !(with < least*without) {
		return nil, false
	}
	for k := range sum {
		if count[k] > 0 {
			sum[k] /= count[k]
		}
	}
	return sum, true
}

// detrend takes out the line through the means of neighbouring cycles; nil where fewer than two cycles have values.
func detrend(x []float64, m int) []float64 {
	cycles := len(x) / m
	first := len(x) - cycles*m
	var at, mean []float64
	for c := range cycles {
		sum, n, pos := 0.0, 0, 0.0
		for i := first + c*m; i < first+(c+1)*m; i++ {
			if !math.IsNaN(x[i]) {
				sum += x[i]
				pos += float64(i)
				n++
			}
		}
		if 2*n >= m {
			mean, at = append(mean, sum/float64(n)), append(at, pos/float64(n))
		}
	}
	if len(mean) < 2 {
		return nil
	}
	out := make([]float64, len(x))
	k := 0
	for i := range x {
		for k+2 < len(at) && float64(i) > at[k+1] {
			k++
		}
		slope := (mean[k+1] - mean[k]) / (at[k+1] - at[k])
		out[i] = x[i] - mean[k] - slope*(float64(i)-at[k])
	}
	return out
}
