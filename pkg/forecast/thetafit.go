package forecast

import (
	"math"

	"github.com/forewarn/earlywarning/pkg/series"
)

const (
	thetaLeast, thetaMost = 0.1, 0.99 // range of alpha
	thetaSkipped          = 3         // first points whose errors do not count
	thetaNarrow           = 12        // golden sections
	thetaShare            = 1 - 1e-5  // greatest share of the theta line, 1 - 1/theta
	thetaHold             = 1e-6      // weight of the first forecast, for where the data do not tell the initial level
)

// thetaAlphas are tried before the best is refined: the errors often have a second minimum.
var thetaAlphas = [...]float64{0.1, 0.17, 0.27, 0.4, 0.55, 0.7, 0.85, 0.99}

// fitDynamicTheta minimises the squared one-step errors. Given alpha they are linear in the initial level and in the share of
// the theta line, so only alpha is searched for.
func fitDynamicTheta(y []float64, fixed bool) *dynamicTheta {
	seg := y[max(len(y)-etsSegment, 0):]
	lines := runningLines(seg)
	if fixed {
		a, b := line(seg)
		for i := range lines {
			lines[i] = [2]float64{a - b, b}
		}
	}
	best, least := dynamicTheta{}, math.Inf(1)
	at := func(alpha float64) float64 {
		m, sse := solveTheta(seg, lines, alpha)
		if sse < least || math.IsInf(least, 1) {
			best, least = m, sse
		}
		return sse
	}
	top := 0
	for k, alpha := range thetaAlphas {
		before := least
		if at(alpha); least < before {
			top = k
		}
	}
	golden(at, thetaAlphas[max(top-1, 0)], thetaAlphas[min(top+1, len(thetaAlphas)-1)])
	m := best
	m.fitted = series.Missing(len(y))
	if k := len(y) - len(seg); k > 0 {
		early := m
		early.l0 = y[0] / 2
		early.run(y[:k], m.fitted[:k])
	}
	if m.fixed = fixed; fixed {
		m.a, m.b = lines[0][0], lines[0][1]
	}
	m.run(seg, m.fitted[len(y)-len(seg):])
	return &m
}

// golden looks for the minimum of f between a and b by golden sections (Kiefer: "Sequential minimax search for a maximum",
// Proceedings of the AMS 4, 1953); f remembers it.
func golden(f func(float64) float64, a, b float64) {
	r := (math.Sqrt(5) - 1) / 2
	c, d := b-r*(b-a), a+r*(b-a)
	fc, fd := f(c), f(d)
	for range thetaNarrow {
		if fc < fd {
			b, d, fd = d, c, fc
			c = b - r*(b-a)
			fc = f(c)
		} else {
			a, c, fc = c, d, fd
			d = a + r*(b-a)
			fd = f(d)
		}
	}
}

// solveTheta gives the best model at alpha and its squared errors. The forecast of point i is base + decay l0 + share g, where base
// is the level from zero and g the theta line's part.
func solveTheta(y []float64, lines [][2]float64, alpha float64) (dynamicTheta, float64) {
	keep, inverse := 1-alpha, 1/alpha
	base, decay := 0.0, 1.0
	var dd, dg, gg, du, gu, uu float64
	for i, v := range y {
		u := v - base
		next := decay * keep
		if i == 0 {
			// The first forecast is held to the first value, as weakly as not to matter where the data tell the initial level.
			g := lines[0][0] + alpha*inverse*lines[0][1]
			dd, dg, gg = thetaHold, thetaHold*g, thetaHold*g*g
			du, gu, uu = thetaHold*u, thetaHold*g*u, thetaHold*u*u
		} else if i >= thetaSkipped {
			g := decay*lines[i][0] + (1-next)*inverse*lines[i][1]
			dd += decay * decay
			dg += decay * g
			gg += g * g
			du += decay * u
			gu += g * u
			uu += u * u
		}
		base += alpha * u
		decay = next
	}
	share := 0.0
	if det := dd*gg - dg*dg; det > 1e-12*dd*gg {
		share = min(max((dd*gu-dg*du)/det, 0), thetaShare)
	}
	l0 := (du - share*dg) / dd
	sse := uu - 2*l0*du - 2*share*gu + l0*l0*dd + 2*l0*share*dg + share*share*gg
	return dynamicTheta{alpha: alpha, theta: 1 / (1 - share), l0: l0}, max(sse, 0)
}

// runningLines gives intercept and slope of the regression line before each point, which no parameter changes.
func runningLines(y []float64) [][2]float64 {
	out := make([][2]float64, len(y))
	m := dynamicTheta{a: y[0]}
	for i, v := range y {
		out[i] = [2]float64{m.a, m.b}
		m.update(v)
	}
	return out
}
