package forecast

import (
	"math"
	"sort"

	"github.com/forewarn/earlywarning/pkg/series"
)

// bandTable is the spread of a forecast at a few steps and confidences: what a stored state keeps of the backtest.
type bandTable struct {
	at           []int     // steps (counted from 1) of the curves' knots, ascending
	fine         []int     // steps of the spread's knots, ascending to the same last one
	spread       []float64 // Sigma at the fine knots
	below, above []float64 // how far the band of each level reaches down and up, in units of Sigma
	reach        reach
	curves       [][]float64 // the backtest's error curves at the knots, NaN where unknown
	phi          float64     // lag-one autocorrelation of those errors in single steps
}

// bandLevels are the confidences that are kept; others are interpolated.
var bandLevels = [...]float64{0.5, 0.8, 0.9, 0.95, 0.99}

const (
	curveKnots  = 16
	spreadKnots = 32
)

// knotSteps gives at most k steps of 1..h, denser at the near end, with the last.
func knotSteps(h, k int) []int {
	if h <= k {
		out := make([]int, h)
		for i := range out {
			out[i] = i + 1
		}
		return out
	}
	out := []int{1}
	for i := 1; i < k; i++ {
		f := float64(i) / float64(k-1)
		step := int(math.Round(1 + float64(h-1)*f*(0.25+0.75*f)))
		out = append(out, min(max(step, out[len(out)-1]+1), h-k+1+i))
	}
	return out
}

func newBandTable(r *Result) bandTable {
	h := len(r.Mean)
	t := bandTable{at: knotSteps(h, curveKnots), fine: knotSteps(h, spreadKnots), reach: r.reach, phi: r.shape.persistence}
	t.spread = pick(r.Sigma, t.fine)
	for _, level := range bandLevels {
		below, above := r.halfWidths(level)
		t.below, t.above = append(t.below, below), append(t.above, above)
	}
	for _, row := range r.Errors {
		t.curves = append(t.curves, pick(row, t.at))
	}
	return t
}

// pick gives x at steps counted from 1.
func pick(x []float64, steps []int) []float64 {
	out := make([]float64, len(steps))
	for i, step := range steps {
		out[i] = x[step-1]
	}
	return out
}

// beyond gives how far steps beyond the last knot widen.
func (t *bandTable) beyond(step int) float64 {
	if last := t.at[len(t.at)-1]; step > last {
		return math.Sqrt(float64(step) / float64(last))
	}
	return 1
}

// readAt interpolates x, given at the steps at, at a step.
func readAt(at []int, x []float64, step int) float64 {
	k := sort.SearchInts(at, step)
	switch {
	case k == len(at):
		return x[k-1]
	case k == 0 || at[k] == step:
		return x[k]
	}
	f := float64(step-at[k-1]) / float64(at[k]-at[k-1])
	return x[k-1] + f*(x[k]-x[k-1])
}

func (t *bandTable) sigma(h int) []float64 {
	out := make([]float64, h)
	for i := range out {
		out[i] = t.beyond(i+1) * readAt(t.fine, t.spread, i+1)
	}
	return out
}

// errors gives the error curves, NaN beyond the last knot.
func (t *bandTable) errors(h int) [][]float64 {
	out := make([][]float64, len(t.curves))
	for k, c := range t.curves {
		out[k] = series.Missing(h)
		for i := range min(h, t.at[len(t.at)-1]) {
			out[k][i] = readAt(t.at, c, i+1)
		}
	}
	return out
}

// halfWidths gives the band's distances below and above the forecast at a confidence, in units of Sigma.
func (t *bandTable) halfWidths(confidence float64) (below, above float64) {
	k := min(max(sort.SearchFloat64s(bandLevels[:], confidence), 1), len(bandLevels)-1)
	lo, hi := normalWidth(bandLevels[k-1]), normalWidth(bandLevels[k])
	f := (normalWidth(confidence) - lo) / (hi - lo)
	return max(t.below[k-1]+f*(t.below[k]-t.below[k-1]), 0), max(t.above[k-1]+f*(t.above[k]-t.above[k-1]), 0)
}
