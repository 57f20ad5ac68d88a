package warn

import (
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

// Names of the guards that hold a warning back, as in Answer.HeldBack.
const (
	ShortHistory = "short-history" // too little history for a trend
	NoTrend      = "no-trend"      // season or noise: no growth is proven and the threshold was never reached before
	Contained    = "contained"     // a sawtooth: clean-ups brought it back each time, and their peaks stay below the threshold
	PoorFit      = "poor-fit"      // the forecast was worse than repeating the last cycle
)

// Guards hold a warning back until there is evidence for it. The zero value of a field turns that guard off.
type Guards struct {
	History time.Duration // least known history
	Z       float64       // least Mann-Kendall statistic for a trend
	Recent  float64       // least slope of the newest third, as a share of the whole slope
	Falls   int           // least number of clean-ups that make a sawtooth
	Fit     float64       // most that the backtest's error may be, in multiples of the seasonal-naive twin's
}

// DefaultGuards ask for a day of history; a trend that chance makes in one of forty series and that still goes on, or an
// earlier crossing; fewer than two clean-ups that help; and a forecast that is not a fifth worse than its twin.
func DefaultGuards() Guards {
	return Guards{History: 24 * time.Hour, Z: 2, Recent: 0.25, Falls: 2, Fit: 1.2}
}

// holdBack names the guards that do not let a stated time pass.
func (g Guards) holdBack(in Input, t trend) (names []string) {
	sign, known := in.sign(), 0
	for _, v := range in.Values {
		if !math.IsNaN(v) {
			known++
		}
	}
	if time.Duration(known)*in.Step < g.History {
		names = append(names, ShortHistory)
	}
	if b := in.Forecast.Backtest; g.Fit > 0 && b.Origins > 0 && b.MAE > g.Fit*b.SeasonalNaive {
		names = append(names, PoorFit)
	}
	if !math.IsInf(firstPassage(in.Values, 0, sign, in.Threshold, math.NaN()), 1) {
		return names // it happened before, so it can happen again without any trend
	}
	if g.Z > 0 && !t.toward(sign, g) {
		names = append(names, NoTrend)
	}
	if g.Falls > 0 && contained(in, sign, g.Falls) {
		names = append(names, Contained)
	}
	return names
}

// trend is the evidence for growth.
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
