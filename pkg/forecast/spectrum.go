package forecast

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/dsp/fourier"

	"github.com/forewarn/earlywarning/pkg/series"
)

const (
	spectralPeaks  = 3    // periods that are handed on to the test
	spectralPoints = 4096 // newest points that are looked at
	largestFactor  = 13   // of the transform's length: its time grows with the length times its prime factors
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
	x = series.Bridge(x)
	d := difference(x, 1)
	n := smoothLength(len(d))
	coef := fourier.NewFFT(n).Coefficients(nil, newest(d, n))
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
	if len(bins) == 0 {
		return nil
	}
	slices.SortFunc(bins, func(a, b int) int { return cmp.Compare(power[b], power[a]) })
	var out []int
	similar := autocorrelation(x, len(x)/3+1)
	for _, k := range bins[:min(len(bins), spectralPeaks)] {
		if m := refinePeriod(similar, k, n); m > 0 && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}

// smoothLength gives the greatest number up to n, which is at least 1, without a prime factor above largestFactor.
func smoothLength(n int) int {
	for ; ; n-- {
		rest := n
		for f := 2; f <= largestFactor; f++ {
			for rest%f == 0 {
				rest /= f
			}
		}
		if rest == 1 {
			return n
		}
	}
}

// autocorrelation gives the mean product of the values of x, counted from their mean, at distances up to a lag: the transform of
// the periodogram of x with zeros behind it (Wiener, Khinchin).
func autocorrelation(x []float64, lags int) []float64 {
	size := 1
	for size < len(x)+lags {
		size *= 2
	}
	padded := make([]float64, size)
	mean := meanOf(x)
	for i, v := range x {
		padded[i] = v - mean
	}
	fft := fourier.NewFFT(size)
	coef := fft.Coefficients(nil, padded)
	for k, c := range coef {
		coef[k] = complex(real(c)*real(c)+imag(c)*imag(c), 0)
	}
	out := fft.Sequence(padded, coef)[:lags+1]
	for lag := range out {
		out[lag] /= float64(size) * float64(len(x)-lag)
	}
	return out
}

// refinePeriod gives the lag with the highest autocorrelation among those that a bin of the periodogram of n values stands for; 0
// where it is not a local maximum.
func refinePeriod(similar []float64, bin, n int) int {
	lo := max(int(float64(n)/(float64(bin)+0.5)), 2)
	hi := min(int(math.Ceil(float64(n)/(float64(bin)-0.5))), len(similar)-2)
	best, most := 0, math.Inf(-1)
	for lag := lo; lag <= hi; lag++ {
		if a := similar[lag]; a > most {
			best, most = lag, a
		}
	}
	if best == 0 || most <= 0 || similar[best-1] > most || similar[best+1] > most {
		return 0
	}
	return best
}
