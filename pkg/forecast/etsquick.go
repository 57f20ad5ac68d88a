package forecast

import "math"

// quick gives what sse gives, without a season and without gaps, from sums alone: the responses to data and to unit states run
// side by side, and nothing is stored.
func (w *profile) quick(p etsParams) float64 {
	if !w.form.trend {
		return quickLevel(w.y, p.alpha)
	}
	var l0, b0, l1, b1, l2 float64
	l1 = 1
	b2 := 1.0
	var g11, g12, g22, r1, r2, yy float64
	alpha, beta, phi := p.alpha, p.beta, p.phi
	for _, v := range w.y {
		b0, b1, b2 = phi*b0, phi*b1, phi*b2
		e0, e1, e2 := v-l0-b0, -l1-b1, -l2-b2
		g11 += e1 * e1
		g12 += e1 * e2
		g22 += e2 * e2
		r1 -= e1 * e0
		r2 -= e2 * e0
		yy += e0 * e0
		l0, l1, l2 = l0+b0+alpha*e0, l1+b1+alpha*e1, l2+b2+alpha*e2
		b0, b1, b2 = b0+beta*e0, b1+beta*e1, b2+beta*e2
	}
	ridge := 1e-10 * (g11 + g22) / 2
	g11, g22 = g11+ridge, g22+ridge
	det := g11*g22 - g12*g12
	if !(det > 0) {
		return math.Inf(1)
	}
	x1, x2 := (g22*r1-g12*r2)/det, (g11*r2-g12*r1)/det
	return max(yy-2*(x1*r1+x2*r2)+x1*x1*g11+2*x1*x2*g12+x2*x2*g22, 0)
}

func quickLevel(y []float64, alpha float64) float64 {
	l0, l1 := 0.0, 1.0
	var g, r, yy float64
	for _, v := range y {
		e0, e1 := v-l0, -l1
		g += e1 * e1
		r -= e1 * e0
		yy += e0 * e0
		l0 += alpha * e0
		l1 += alpha * e1
	}
	if !(g > 0) {
		return math.Inf(1)
	}
	return max(yy-r*r/g, 0)
}
