package warn

import (
	"math"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

// MannKendall is the statistic of the trend test (Mann: "Nonparametric tests against trend", Econometrica 13, 1945), normal
// with variance 1 where there is no trend: S with continuity correction over its standard deviation. Neighbouring values that
// go together make trends by chance; so the variance is that of the n(1-r)/(1+r) values that as many independent ones would
// be worth, for a first autocorrelation r > 0 of what the Theil-Sen line leaves (Yue and Wang: "The Mann-Kendall test modified
// by effective sample size", Water Resources Management 18, 2004).
func MannKendall(y []float64) float64 {
	s, variance := kendall(y)
	if variance <= 0 || s == 0 {
		return 0
	}
	return (s - math.Copysign(1, s)) / math.Sqrt(variance) * math.Sqrt(shareIndependent(y))
}

// kendall gives S, the number of pairs that rise minus those that fall, and its variance without a trend, corrected for ties
// (Kendall: "Rank Correlation Methods", 1975). The values are known ones.
func kendall(y []float64) (s, variance float64) {
	n := float64(len(y))
	ties := map[float64]float64{}
	for i, a := range y {
		ties[a]++
		for _, b := range y[i+1:] {
			switch {
			case b > a:
				s++
			case b < a:
				s--
			}
		}
	}
	variance = n * (n - 1) * (2*n + 5)
	for _, t := range ties {
		variance -= t * (t - 1) * (2*t + 5)
	}
	return s, variance / 18
}

// shareIndependent is (1-r)/(1+r) for the lag-one autocorrelation r of the detrended values; 1 where r is not positive.
func shareIndependent(y []float64) float64 {
	x := make([]float64, len(y))
	for i := range x {
		x[i] = float64(i)
	}
	slope := forecast.TheilSen(x, y)
	mean := 0.0
	for i := range y {
		mean += (y[i] - slope*x[i]) / float64(len(y))
	}
	var num, den float64
	last := 0.0
	for i := range y {
		e := y[i] - slope*x[i] - mean
		den += e * e
		num += e * last
		last = e
	}
	if den == 0 || num <= 0 {
		return 1
	}
	r := math.Min(num/den, 0.9)
	return (1 - r) / (1 + r)
}
