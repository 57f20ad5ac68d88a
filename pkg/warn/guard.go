package warn

import (
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

// Names of the guards that hold a warning back, as in Answer.HeldBack.
const (
	ShortHistory = "short-history" // too little history for a trend
	NoTrend      = "no-trend"      // no growth is proven and the threshold was never reached before
)

// Guards hold a warning back until there is evidence for it.
type Guards struct {
	History time.Duration // least known history
	Z       float64       // least Mann-Kendall statistic for a trend
	Recent  float64       // least slope of the newest third, as a share of the whole slope
}

// DefaultGuards ask for a day of history, a trend that chance makes in one of forty series, and growth that still goes on.
func DefaultGuards() Guards { return Guards{History: 24 * time.Hour, Z: 2, Recent: 0.25} }

// trend is the evidence for growth toward the threshold.
type trend struct {
	perStep float64 // Theil-Sen slope
	z       float64 // Mann-Kendall statistic, corrected for autocorrelation
	recent  float64 // slope of the newest third
}

// measure works on block medians: of whole days where there are at least five, so that the season of the day is no growth,
// else of a twentieth of the history.
func measure(values []float64, step time.Duration) trend {
	n := len(values)
	day := int(24 * time.Hour / step)
	block := day
	if day < 1 || n < 5*day {
		block = max(n/20, 1)
	}
	at, mid := forecast.BlockMedians(values, block)
	k := len(at) * 2 / 3
	t := trend{perStep: forecast.TheilSen(at, mid), z: MannKendall(mid)}
	if len(at)-k < 2 {
		k = max(len(at)-2, 0)
	}
	t.recent = forecast.TheilSen(at[k:], mid[k:])
	return t
}

// toward tells whether the evidence is for growth in the direction of sign (+1 up, -1 down).
func (t trend) toward(sign float64, g Guards) bool {
	return sign*t.z > g.Z && sign*t.perStep > 0 && sign*t.recent >= g.Recent*sign*t.perStep
}

// MannKendall is the statistic of the trend test (Mann, Econometrica 13, 1945; Kendall 1975), normal with variance 1 without
// a trend: S with continuity correction over its standard deviation, with ties, and with the effective number of points
// n(1-r)/(1+r) for a first autocorrelation r > 0 of what the Theil-Sen line leaves.
func MannKendall(y []float64) float64 {
	n := len(y)
	if n < 3 {
		return 0
	}
	s := 0.0
	ties := map[float64]float64{}
	x := make([]float64, n)
	for i, a := range y {
		x[i] = float64(i)
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
	variance := float64(n) * float64(n-1) * float64(2*n+5)
	for _, t := range ties {
		variance -= t * (t - 1) * (2*t + 5)
	}
	variance /= 18
	if variance <= 0 || s == 0 {
		return 0
	}
	z := (s - math.Copysign(1, s)) / math.Sqrt(variance)
	return z * math.Sqrt(shareIndependent(x, y))
}

// shareIndependent is (1-r)/(1+r) for the lag-one autocorrelation r of the detrended values; 1 where r is not positive.
func shareIndependent(x, y []float64) float64 {
	slope := forecast.TheilSen(x, y)
	mean := 0.0
	for i := range y {
		mean += (y[i] - slope*x[i]) / float64(len(y))
	}
	var num, den float64
	for i := range y {
		e := y[i] - slope*x[i] - mean
		den += e * e
		if i > 0 {
			num += e * (y[i-1] - slope*x[i-1] - mean)
		}
	}
	if den == 0 || num <= 0 {
		return 1
	}
	r := math.Min(num/den, 0.9)
	return (1 - r) / (1 + r)
}
