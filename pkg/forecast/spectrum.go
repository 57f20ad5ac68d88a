package forecast

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/dsp/fourier"

	"github.com/forewarn/earlywarning/pkg/series"
)

const (
	spectralPeaks  = 3    // periods that are handed on to the test
	spectralPoints = 4096 // newest points that are looked at
)

// spectralPeriods gives the periods of the highest peaks of the periodogram of the differenced series, each refined to the
// nearest local maximum of the autocorrelation, highest first (Vlachos, Yu, Castelli: "On periodicity detection and
// structural periodic similarity", SIAM data mining 2005). Only peaks that Fisher's test accepts as more than noise are
// given, with at least three cycles in the data. They are candidates: provenSeason decides.
func spectralPeriods(x []float64) []int {
	x = x[max(len(x)-spectralPoints, 0):]
	if len(x) < 24 || 2*series.CountKnown(x) < len(x) {
		return nil
	}
	d := difference(series.Bridge(x), 1)
	n := len(d)
	coef := fourier.NewFFT(n).Coefficients(nil, d)
	power := make([]float64, len(coef))
	sum := 0.0
	for k := 1; k < len(coef); k++ {
		power[k] = real(coef[k])*real(coef[k]) + imag(coef[k])*imag(coef[k])
		sum += power[k]
	}
	// Fisher (1929): the largest of q shares exceeds g with probability at most q (1-g)^(q-1).
	q := float64(len(power) - 1)
	bins := make([]int, 0, len(power))
	for k := 3; k < len(power); k++ {
		g := power[k] / sum
		if n/k >= 4 && q*math.Pow(1-g, q-1) < 0.01 {
			bins = append(bins, k)
		}
	}
	slices.SortFunc(bins, func(a, b int) int { return int(math.Copysign(1, power[b]-power[a])) })
	var out []int
	for _, k := range bins[:min(len(bins), spectralPeaks)] {
		if m := refinePeriod(x, k, n); m > 0 && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}

// refinePeriod gives the lag with the highest autocorrelation among those that a bin of the periodogram stands for; 0 where
// it is not a local maximum.
func refinePeriod(x []float64, bin, n int) int {
	x = series.Bridge(x)
	mean := meanOf(x)
	at := func(lag int) float64 {
		sum := 0.0
		for t := lag; t < len(x); t++ {
			sum += (x[t] - mean) * (x[t-lag] - mean)
		}
		return sum / float64(len(x)-lag)
	}
	lo := max(int(float64(n)/(float64(bin)+0.5)), 2)
	hi := min(int(math.Ceil(float64(n)/(float64(bin)-0.5))), len(x)/3)
	best, most := 0, math.Inf(-1)
	for lag := lo; lag <= hi; lag++ {
		if a := at(lag); a > most {
			best, most = lag, a
		}
	}
	if best == 0 || most <= 0 || at(best-1) > most || at(best+1) > most {
		return 0
	}
	return best
}
