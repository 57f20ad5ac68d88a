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
	flat := make([]float64, len(x))
	clock := clockPeriods(step)
	for _, m := range clock {
		if len(x) < 2*m {
			break
		}
		profile, ok := provenSeason(x, m, flat)
		if !ok {
			continue
		}
		if k := len(out); k > 0 && m == 2*out[k-1] {
			out = out[:k-1] // a day says what half a day does
		}
		out = append(out, m)
		for first := 0; first < len(x); first += m {
			for k, v := range profile[:min(m, len(x)-first)] {
				x[first+k] -= v
			}
		}
	}
	if out == nil {
		for _, m := range spectralPeriods(x) {
			judged := func(c int) bool { return 20*max(m-c, c-m) <= c }
			if slices.ContainsFunc(clock, judged) {
				continue
			}
			if _, ok := provenSeason(x, m, flat); ok {
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

// provenSeason tests one period by leaving each cycle out in turn; the profile given has mean zero and is aligned with x[0]. It
// writes x without its trend to flat.
func provenSeason(x []float64, m int, flat []float64) (profile []float64, ok bool) {
	if !detrend(x, m, flat) {
		return nil, false
	}
	sum, count := phases(flat, m)
	cycles := len(x) / m
	first := len(x) - cycles*m // whole cycles, counted from the end
	better, judged := 0, 0
	var with, without float64
	for c := range cycles {
		var a, b float64
		n, k := 0, first
		for _, v := range flat[first+c*m : first+(c+1)*m] {
			if !math.IsNaN(v) && count[k] >= 2 {
				a += math.Abs(v - (sum[k]-v)/(count[k]-1))
				b += math.Abs(v)
				n++
			}
			if k++; k == m {
				k = 0
			}
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

// detrend writes x without the line through the means of neighbouring cycles to out; false where fewer than two cycles have
// values.
func detrend(x []float64, m int, out []float64) bool {
	cycles := len(x) / m
	first := len(x) - cycles*m
	at, mean := make([]float64, 0, cycles), make([]float64, 0, cycles)
	for c := range cycles {
		sum, n, pos := 0.0, 0, 0.0
		for i, v := range x[first+c*m : first+(c+1)*m] {
			if !math.IsNaN(v) {
				sum += v
				pos += float64(first + c*m + i)
				n++
			}
		}
		if 2*n >= m {
			mean, at = append(mean, sum/float64(n)), append(at, pos/float64(n))
		}
	}
	if len(mean) < 2 {
		return false
	}
	from := 0
	for k := range len(at) - 1 {
		to := len(x)
		if k+2 < len(at) {
			to = int(at[k+1]) + 1
		}
		slope := (mean[k+1] - mean[k]) / (at[k+1] - at[k])
		for i := from; i < to; i++ {
			out[i] = x[i] - mean[k] - slope*(float64(i)-at[k])
		}
		from = to
	}
	return true
}
