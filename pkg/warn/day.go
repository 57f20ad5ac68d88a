package warn

import (
	"math"

	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/order"
)

// takeDay finds the course of the day and takes it out: what each phase is above the mean of the day around it, in the median,
// shrunk by the share of it that is noise. It needs three days.
func (b *blocks) takeDay(day int) {
	if len(b.x) < 3*day {
		return
	}
	rest := aroundDay(b.x, day)
	season, mean := make([]float64, day), 0.0
	for k := range season {
		var phase []float64
		for i := k; i < len(rest); i += day {
			if !math.IsNaN(rest[i]) {
				phase = append(phase, rest[i])
			}
		}
		if len(phase) < 2 {
			return
		}
		season[k] = order.Median(phase)
		mean += season[k] / float64(day)
	}
	var noise []float64
	power := 0.0
	for k := range season {
		season[k] -= mean
		power += season[k] * season[k] / float64(day)
	}
	for i, v := range rest {
		if !math.IsNaN(v) {
			noise = append(noise, math.Abs(v-season[i%day]))
		}
	}
	const (
		perMAD       = 1.4826 // standard deviations in a median absolute deviation
		medianExcess = 1.57   // variance of a median, in those of a mean
	)
	sigma := perMAD * order.Median(noise)
	share := 1 - medianExcess*sigma*sigma*float64(day)/float64(len(rest))/power
	if !(share > 0) {
		return
	}
	for k := range season {
		season[k] *= share
	}
	if b.season, b.swell = season, swelling(rest, season); b.swell.rate == 0 {
		b.scaling = learnScaling(b.x, rest, season)
	}
	for i := range b.x {
		b.x[i] -= b.at(i, 1)
	}
}

// aroundDay gives each block's distance from the mean of the day around it; NaN where half of that day is unknown, and in the half
// days at either end.
func aroundDay(x []float64, day int) []float64 {
	out := make([]float64, len(x))
	for i := range out {
		out[i] = math.NaN()
	}
	sums := newSums(x)
	half := day / 2
	for i := half; i+half < len(x); i++ {
		// Half a block to either side of the centre, in turn.
		n := sums.n[i+half] - sums.n[i-half] + sums.n[i+half+1] - sums.n[i-half+1]
		if n > float64(day) {
			out[i] = x[i] - (sums.x[i+half]-sums.x[i-half]+sums.x[i+half+1]-sums.x[i-half+1])/n
		}
	}
	return out
}

// swell is a swing that grows or shrinks steadily: the factor of the season at block i is 1 + rate (i - centre), never below 0.
type swell struct{ rate, centre float64 }

func (s swell) at(i int) float64 { return max(1+s.rate*(float64(i)-s.centre), 0) }

const (
	swellProven = 2.5 // Mann-Kendall statistic from which a swing is held to grow
	swellLeast  = 0.1 // share of the swing by which it must have changed over the history
)

// swelling measures the swing of each day against the season's, and finds whether it grows by more than chance.
func swelling(rest, season []float64) swell {
	day := len(season)
	var at, size []float64
	for d := 0; (d+1)*day <= len(rest); d++ {
		var num, den float64
		for k, s := range season {
			if v := rest[d*day+k]; !math.IsNaN(v) {
				num += v * s
				den += s * s
			}
		}
		if den > 0 {
			at, size = append(at, (float64(d)+0.5)*float64(day)), append(size, num/den)
		}
	}
	if len(size) < 5 || math.Abs(MannKendall(size)) < swellProven {
		return swell{}
	}
	rate := forecast.TheilSen(at, size)
	if math.Abs(rate)*float64(len(rest)) < swellLeast {
		return swell{}
	}
	return swell{rate, (at[0] + at[len(at)-1]) / 2}
}
