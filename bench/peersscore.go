package main

import (
	"math"

	"github.com/forewarn/earlywarning/pkg/evaluate"
)

// scores are the measures of the M4 competition (Makridakis, Spiliotis, Assimakopoulos: "The M4 competition", International Journal
// of Forecasting 36, 2020), means over the series.
type scores struct{ smape, mase, msis, cover float64 }

func scoreAll(problems []problem, of func(problem) answer) scores {
	var sum scores
	scaled := 0.0
	for _, p := range problems {
		a := of(p)
		q := evaluate.NaiveError(p.train, p.period)
		var smape, absolute, width, inside float64
		for h, y := range p.truth {
			f := a.mean[h]
			if d := math.Abs(y) + math.Abs(f); d > 0 {
				smape += 200 * math.Abs(y-f) / d
			}
			absolute += math.Abs(y - f)
			if a.lo95 == nil {
				continue
			}
			lo, hi := a.lo95[h], a.hi95[h]
			width += hi - lo + 40*math.Max(lo-y, 0) + 40*math.Max(y-hi, 0)
			if lo <= y && y <= hi {
				inside++
			}
		}
		n := float64(len(p.truth))
		sum.smape += smape / n
		sum.cover += inside / n
		if q > 0 {
			sum.mase += absolute / n / q
			sum.msis += width / n / q
			scaled++
		}
	}
	n := float64(len(problems))
	return scores{sum.smape / n, sum.mase / scaled, sum.msis / scaled, sum.cover / n}
}

// naive2 is M4's yardstick: the last value, seasonally adjusted by classical multiplicative decomposition where the autocorrelation
// at the season is significant at 10 %.
func naive2(x []float64, m, h int) []float64 {
	index := make([]float64, m)
	for k := range index {
		index[k] = 1
	}
	if m > 1 && isSeasonal(x, m) {
		index = seasonalIndex(x, m)
	}
	n := len(x)
	last := x[n-1] / index[(n-1)%m]
	out := make([]float64, h)
	for i := range out {
		out[i] = last * index[(n+i)%m]
	}
	return out
}

func isSeasonal(x []float64, m int) bool {
	n := len(x)
	if n < 3*m {
		return false
	}
	mean, c0 := 0.0, 0.0
	for _, v := range x {
		mean += v / float64(n)
	}
	for _, v := range x {
		c0 += (v - mean) * (v - mean)
	}
	if c0 == 0 {
		return false
	}
	sum, r := 0.0, 0.0
	for k := 1; k <= m; k++ {
		r = 0
		for t := k; t < n; t++ {
			r += (x[t] - mean) * (x[t-k] - mean)
		}
		if r /= c0; k < m {
			sum += r * r
		}
	}
	return math.Abs(r) > 1.645*math.Sqrt((1+2*sum)/float64(n))
}

// seasonalIndex gives each phase's mean share of the centred moving average, with mean 1.
func seasonalIndex(x []float64, m int) []float64 {
	index, count := make([]float64, m), make([]float64, m)
	half := m / 2
	for t := half; t+half < len(x); t++ {
		mean := 0.0
		for k := -half; k <= half; k++ {
			w := 1.0
			if m%2 == 0 && (k == -half || k == half) {
				w = 0.5
			}
			mean += w * x[t+k] / float64(m)
		}
		index[t%m] += x[t] / mean
		count[t%m]++
	}
	total := 0.0
	for k := range index {
		index[k] /= count[k]
		total += index[k] / float64(m)
	}
	for k := range index {
		index[k] /= total
	}
	return index
}
