package forecast

import (
	"math"

	"github.com/forewarn/earlywarning/pkg/order"
)

const (
	huberK     = 1.345 // multiple of the scale from which a residual counts linearly: 95 % efficiency at the normal distribution
	huberSteps = 50
	huberDone  = 1e-8
	madNormal  = 0.6744897501960817 // median absolute deviation of the standard normal distribution
)

// huberLine gives intercept and slope of the robust regression of y on its positions 0, 1, 2, …: Huber's M-estimator with the
// median absolute residual as scale, by iteratively reweighted least squares. Missing values are left out; NaN with fewer than two.
func huberLine(y []float64) (a, b float64) {
	weights := make([]float64, len(y))
	for i, v := range y {
		if !math.IsNaN(v) {
			weights[i] = 1
		}
	}
	a, b = weightedLine(y, weights)
	if math.IsNaN(b) {
		return a, b
	}
	sizes := make([]float64, 0, len(y))
	for range huberSteps {
		sizes = sizes[:0]
		for i, v := range y {
			if !math.IsNaN(v) {
				sizes = append(sizes, math.Abs(v-a-b*float64(i)))
			}
		}
		limit := huberK * order.Median(sizes) / madNormal
		if !(limit > 0) {
			return a, b // half of the points lie on the line
		}
		for i, v := range y {
			if !math.IsNaN(v) {
				weights[i] = min(1, limit/math.Abs(v-a-b*float64(i)))
			}
		}
		a0, b0 := a, b
		a, b = weightedLine(y, weights)
		if n := float64(len(y)); math.Abs(a-a0)+n*math.Abs(b-b0) <= huberDone*limit {
			break
		}
	}
	return a, b
}

// weightedLine is the least-squares line over the positions with weights; points of weight 0 are not looked at.
func weightedLine(y, w []float64) (a, b float64) {
	var sw, st, sy float64
	for i, v := range y {
		if w[i] > 0 {
			sw += w[i]
			st += w[i] * float64(i)
			sy += w[i] * v
		}
	}
	mt, my := st/sw, sy/sw
	var tt, ty float64
	for i, v := range y {
		if w[i] > 0 {
			d := float64(i) - mt
			tt += w[i] * d * d
			ty += w[i] * d * (v - my)
		}
	}
	if tt == 0 {
		return math.NaN(), math.NaN()
	}
	b = ty / tt
	return my - b*mt, b
}
