package group

import (
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/order"
)

const dims = len(Features)

// stretch says where a described window lies: in which instance, and how manieth of the history, the newest first.
type stretch struct{ instance, time int }

// deviations gives each instance's difference from the group's median at the same time; infinities are missing. The typical
// size of the median is given too.
func deviations(values [][]float64) (dev [][]float64, size float64) {
	n := len(values[0])
	all := make([]float64, n*len(values))
	dev = make([][]float64, len(values))
	for j := range dev {
		dev[j] = all[j*n : (j+1)*n]
	}
	column, sizes := make([]float64, 0, len(values)), make([]float64, 0, n)
	for i := range n {
		column = column[:0]
		for _, row := range values {
			if v := row[i]; known(v) {
				column = append(column, v)
			}
		}
		m := math.NaN()
		if len(column) > 0 {
			m = order.Median(column)
			sizes = append(sizes, math.Abs(m))
		}
		for j, row := range values {
			dev[j][i] = math.NaN()
			if known(row[i]) {
				dev[j][i] = row[i] - m
			}
		}
	}
	if len(sizes) > 0 {
		size = order.Median(sizes)
	}
	return dev, size
}

// known leaves out what would overflow when squared, too.
func known(v float64) bool { return math.Abs(v) <= 1e150 }

// describe gives level (median), upper (90 % quantile) and swing (half the distance between the 10 and 90 % quantiles) of
// a window; false where less than half of it is known.
func describe(x, buf []float64) (p [dims]float64, ok bool) {
	buf = buf[:0]
	for _, v := range x {
		if !math.IsNaN(v) {
			buf = append(buf, v)
		}
	}
	if 2*len(buf) < len(x) || len(buf) == 0 {
		return p, false
	}
	slices.Sort(buf)
	lo, mid, hi := order.Quantile(buf, 0.1), order.Quantile(buf, 0.5), order.Quantile(buf, 0.9)
	return [dims]float64{mid, hi, (hi - lo) / 2}, true
}

// stretches describes the windows of w points that end at until and before, half overlapping.
func stretches(dev [][]float64, until, w int) (p points, at []stretch) {
	p.Dims = dims
	buf := make([]float64, 0, w)
	// Half overlapping windows cost twice as much as they tell; with many instances whole steps are enough.
	step := max(w/2, 1)
	if len(dev)*until/step > mostStretches {
		step = max(w, len(dev)*until/mostStretches)
	}
	for j, row := range dev {
		time := 0
		for end := until; end >= w; end -= step {
			if f, ok := describe(row[end-w:end], buf); ok {
				p.X = append(p.X, f[:]...)
				at = append(at, stretch{j, time})
			}
			time++
		}
	}
	return p, at
}

// scales gives the unit of each feature: its robust spread, but at least 2 % of the metric's typical size, so that a group
// in close agreement does not accuse somebody of a hair's breadth.
func scales(p points, size float64) (s [dims]float64) {
	buf := make([]float64, p.Len())
	for f := range s {
		for i := range buf {
			buf[i] = p.Row(i)[f]
		}
		slices.Sort(buf)
		if s[f] = max((order.Quantile(buf, 0.9)-order.Quantile(buf, 0.1))/spread80, leastSpread*size); s[f] == 0 {
			s[f] = 1
		}
	}
	return s
}

// shrink divides by the units.
func shrink(p points, unit [dims]float64) {
	for i := range p.X {
		p.X[i] /= unit[i%dims]
	}
}
