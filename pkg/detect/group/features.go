package group

import (
	"math"
	"slices"
)

const dims = len(Features)

type point [dims]float64

// deviations gives each instance's difference from the group's median at the same time; infinities are missing. The typical
// size of the median is given too.
func deviations(values [][]float64) (dev [][]float64, size float64) {
	if len(values) == 0 {
		return nil, 0
	}
	n := len(values[0])
	dev = make([][]float64, len(values))
	for j := range dev {
		dev[j] = make([]float64, n)
	}
	column, sizes := make([]float64, 0, len(values)), make([]float64, 0, n)
	for i := range n {
		column = column[:0]
		for _, row := range values {
			if v := row[i]; !math.IsNaN(v) && !math.IsInf(v, 0) {
				column = append(column, v)
			}
		}
		m := quantile(column, 0.5)
		if !math.IsNaN(m) {
			sizes = append(sizes, math.Abs(m))
		}
		for j, row := range values {
			dev[j][i] = row[i] - m
			if math.IsInf(row[i], 0) {
				dev[j][i] = math.NaN()
			}
		}
	}
	return dev, quantile(sizes, 0.5)
}

// describe gives level (median), upper (90 % quantile) and swing (half the distance between the 10 and 90 % quantiles) of
// a stretch; false where less than half of it is known.
func describe(x, buf []float64) (p point, ok bool) {
	buf = buf[:0]
	for _, v := range x {
		if !math.IsNaN(v) {
			buf = append(buf, v)
		}
	}
	if 2*len(buf) < len(x) || len(buf) == 0 {
		return p, false
	}
	lo, mid, hi := quantile(buf, 0.1), quantile(buf, 0.5), quantile(buf, 0.9)
	return point{mid, hi, (hi - lo) / 2}, true
}

// quantile sorts x and interpolates between its order statistics; NaN where x is empty.
func quantile(x []float64, p float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	slices.Sort(x)
	at := p * float64(len(x)-1)
	lo := int(at)
	if lo+1 >= len(x) {
		return x[len(x)-1]
	}
	return x[lo] + (at-float64(lo))*(x[lo+1]-x[lo])
}
