package forecast

import (
	"math"
	"slices"
	"time"
)

// DetectPeriods finds the seasonal periods of a series, in steps, ascending: of an hour, half a day, a day and a week those
// that predict; where none does, the strongest other period if it predicts. A candidate is kept when the profile learnt
// from the other cycles lowers the mean absolute error of a cycle by at least 3 % (10 % where there are fewer than three
// cycles) in at least two thirds of the cycles; longer ones are judged on what shorter ones leave. At least two cycles are
// needed. Trend is taken out first, so that a steady rise is no season.
func DetectPeriods(values []float64, step time.Duration) []int {
	if step <= 0 {
		return nil
	}
	x := slices.Clone(values)
	for i, v := range x {
		x[i] = sound(v)
	}
	var out []int
	clock := clockPeriods(step)
	for _, m := range clock {
		if len(x) < 2*m {
			break
		}
		profile, ok := provenSeason(x, m)
		if !ok {
			continue
		}
		if k := len(out); k > 0 && m == 2*out[k-1] {
			out = out[:k-1] // a day says what half a day does
		}
		out = append(out, m)
		for i := range x {
			x[i] -= profile[i%m]
		}
	}
	if out == nil {
		for _, m := range spectralPeriods(x) {
			judged := func(c int) bool { return 20*max(m-c, c-m) <= c }
			if slices.ContainsFunc(clock, judged) {
				continue
			}
			if _, ok := provenSeason(x, m); ok {
				return []int{m}
			}
		}
	}
	return out
}

// clockPeriods gives the seasons that people and their machines live by, in whole steps. An hour of fewer than 12 steps says
// more about sampling than about the hour.
func clockPeriods(step time.Duration) []int {
	var out []int
	for _, clock := range []time.Duration{time.Hour, 12 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour} {
		m := int(clock / step)
		if clock%step == 0 && m >= 4 && (clock > time.Hour || m >= 12) {
			out = append(out, m)
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
	sum, count := phases(flat, m)
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
