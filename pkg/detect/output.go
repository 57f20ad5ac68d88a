package detect

import (
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/series"
)

// scoreCap keeps scores finite where the band has no width.
const scoreCap = 1000.0

// blank makes an output of n points without any answer.
func blank(n int) Output {
	return Output{Expected: series.Missing(n), Lower: series.Missing(n), Upper: series.Missing(n), Score: series.Missing(n),
		Anomalous: make([]bool, n), HeldBack: map[string]int{}}
}

// band sets point i: a value at expected scores 0, one at expected ± half scores 1. Where half is NaN there is no answer.
func (out *Output) band(i int, value, expected, half float64) {
	if math.IsNaN(expected) || math.IsNaN(half) {
		return
	}
	out.Expected[i], out.Lower[i], out.Upper[i] = expected, expected-half, expected+half
	switch d := math.Abs(value - expected); {
	case math.IsNaN(d):
	case d == 0:
		out.Score[i] = 0
	case half <= 0:
		out.Score[i] = scoreCap
	default:
		out.Score[i] = min(d/half, scoreCap)
	}
}

// side sets the score to 0 where the value deviates to the side that nobody asked about. A fixed limit has its own side.
func (out *Output) side(in Input) {
	for i, v := range in.Values {
		if in.Direction == Above && v < out.Expected[i] || in.Direction == Below && v > out.Expected[i] {
			out.Score[i] = 0
		}
	}
}

// clip keeps the band inside the metric's physical limits.
func (out *Output) clip(in Input) {
	for _, band := range [][]float64{out.Lower, out.Expected, out.Upper} {
		for i := range band {
			if in.Min != nil {
				band[i] = max(band[i], *in.Min)
			}
			if in.Max != nil {
				band[i] = min(band[i], *in.Max)
			}
		}
	}
}

// longest gives the longest of the ascending periods as a factor of a step.
func longest(periods []int) time.Duration { return time.Duration(periods[len(periods)-1]) }

// severityFades is what is left of a severity at the next point.
const severityFades = 0.93

// Severity is the worst score of the newest points, fading: how bad it is now, where Score is how far out the point itself is.
// Points without a score take no time.
func (out *Output) Severity() []float64 {
	worst := make([]float64, len(out.Score))
	now := 0.0
	for i, s := range out.Score {
		if worst[i] = math.NaN(); !math.IsNaN(s) {
			now = max(severityFades*now, s)
			worst[i] = now
		}
	}
	return worst
}
