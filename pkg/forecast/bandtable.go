package forecast

import (
	"math"
	"sort"
)

// bandTable is the spread of a forecast at a few steps and confidences: what a stored state keeps of the backtest.
type bandTable struct {
	at     []int        // steps (counted from 1) of the knots, ascending
	spread []float64    // Sigma at the knots
	sides  [][2]float64 // per level and every third knot: how far the band reaches down and up, in units of Sigma
	curves [][]float64  // the backtest's error curves at the knots, NaN where unknown
	phi    float64      // lag-one autocorrelation of those errors in single steps
}

// bandLevels are the confidences that are kept; others are interpolated.
var bandLevels = [...]float64{0.5, 0.8, 0.9, 0.95, 0.99}

const bandKnots = 16

// knotSteps gives at most bandKnots steps of 1..h, denser at the near end, with the last.
func knotSteps(h int) []int {
	if h <= bandKnots {
		out := make([]int, h)
		for i := range out {
			out[i] = i + 1
		}
		return out
	}
	out := []int{1}
	for i := 1; i < bandKnots; i++ {
		f := float64(i) / (bandKnots - 1)
		step := int(math.Round(1 + float64(h-1)*f*(0.25+0.75*f)))
		out = append(out, max(step, out[len(out)-1]+1))
	}
	out[len(out)-1] = h
	return out
}

func newBandTable(r *Result) bandTable {
	t := bandTable{at: knotSteps(len(r.Mean)), phi: r.persistence()}
	pick := func(x []float64) []float64 {
		out := make([]float64, len(t.at))
		for i, step := range t.at {
			out[i] = x[step-1]
		}
		return out
	}
	t.spread = pick(r.Sigma)
	ends := t.sideKnots()
	free := *r
	free.bounds = Bounds{}
	for _, level := range bandLevels {
		lower, upper := free.Band(level)
		for _, step := range ends {
			h := step - 1
			z := normalWidth(level)
			side := [2]float64{z, z}
			if sigma := r.Sigma[h]; sigma > 0 {
				side = [2]float64{max((r.Mean[h]-lower[h])/sigma, 0), max((upper[h]-r.Mean[h])/sigma, 0)}
			}
			t.sides = append(t.sides, side)
		}
	}
	for _, row := range r.Errors {
		t.curves = append(t.curves, pick(row))
	}
	return t
}

// sideKnots gives the steps at which the band's sides are kept: every third knot, and the last.
func (t *bandTable) sideKnots() []int {
	var out []int
	for i := 0; i < len(t.at); i += 3 {
		out = append(out, t.at[i])
	}
	if last := t.at[len(t.at)-1]; out[len(out)-1] != last {
		out = append(out, last)
	}
	return out
}

// reach gives how far steps beyond the last knot widen.
func (t *bandTable) reach(step int) float64 {
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
		out[i] = t.reach(i+1) * readAt(t.at, t.spread, i+1)
	}
	return out
}

// errors gives the error curves, NaN beyond the last knot.
func (t *bandTable) errors(h int) [][]float64 {
	out := make([][]float64, len(t.curves))
	for k, c := range t.curves {
		out[k] = nans(h)
		for i := range min(h, t.at[len(t.at)-1]) {
			out[k][i] = readAt(t.at, c, i+1)
		}
	}
	return out
}

// band gives the interval around mean at a confidence.
func (t *bandTable) band(mean, sigma []float64, confidence float64) (lower, upper []float64) {
	ends := t.sideKnots()
	knots := len(ends)
	z := normalWidth(confidence)
	k := min(max(sort.SearchFloat64s(bandLevels[:], confidence), 1), len(bandLevels)-1)
	lo, hi := normalWidth(bandLevels[k-1]), normalWidth(bandLevels[k])
	f := (z - lo) / (hi - lo)
	down, up := make([]float64, knots), make([]float64, knots)
	for i := range knots {
		a, b := t.sides[(k-1)*knots+i], t.sides[k*knots+i]
		down[i], up[i] = a[0]+f*(b[0]-a[0]), a[1]+f*(b[1]-a[1])
	}
	lower, upper = make([]float64, len(mean)), make([]float64, len(mean))
	for h, m := range mean {
		lower[h] = m - max(readAt(ends, down, h+1), 0)*sigma[h]
		upper[h] = m + max(readAt(ends, up, h+1), 0)*sigma[h]
	}
	return lower, upper
}
