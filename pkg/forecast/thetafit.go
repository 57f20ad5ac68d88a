package forecast

import (
	"math"

	"github.com/forewarn/earlywarning/pkg/series"
)

const (
	thetaLeast, thetaMost = 0.1, 0.99 // range of alpha
	thetaSkipped          = 3         // first points whose errors do not count
	thetaClose            = 1e-4      // of alpha, to which its best value is looked for
	thetaTrials           = 20        // at most
	thetaShare            = 1 - 1e-5  // greatest share of the theta line, 1 - 1/theta
	thetaFaded            = 1e-18     // weight of the initial level from which it counts no more
	thetaHold             = 1e-6      // weight of the first forecast, for where the data do not tell the initial level
)

// thetaAlphas are tried before the best is refined: the errors often have a second minimum.
var thetaAlphas = [...]float64{0.1, 0.17, 0.27, 0.4, 0.55, 0.7, 0.85, 0.99}

// fitDynamicTheta minimises the squared one-step errors. Given alpha they are linear in the initial level and in the share of
// the theta line, so only alpha is searched for.
func fitDynamicTheta(y []float64, fixed bool) *dynamicTheta {
	seg := y[max(len(y)-etsSegment, 0):]
	lines := newThetaLines(seg, fixed)
	best, least := dynamicTheta{}, math.Inf(1)
	at := func(alpha float64) float64 {
		m, sse := lines.solve(seg, alpha)
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
	lowest(at, thetaAlphas[max(top-1, 0)], thetaAlphas[top], thetaAlphas[min(top+1, len(thetaAlphas)-1)], least)
	m := best
	m.fitted = series.Missing(len(y))
	if k := len(y) - len(seg); k > 0 {
		early := m
		early.l0 = y[0] / 2
		early.run(y[:k], m.fitted[:k])
	}
	m.fixed = fixed
	m.follow(seg, lines, m.fitted[len(y)-len(seg):])
	return &m
}

// lowest looks for the minimum of f between a and b, where x has the value fx, by parabolas and golden sections (Brent: "Algorithms
// for minimization without derivatives", 1973, chapter 5); f remembers it.
func lowest(f func(float64) float64, a, x, b, fx float64) {
	section := (3 - math.Sqrt(5)) / 2
	second, third, fSecond, fThird := x, x, fx, fx // the best values before x
	step, before := 0.0, 0.0                       // the last one, and that before it
	for range thetaTrials {
		middle := (a + b) / 2
		if math.Abs(x-middle) <= 2*thetaClose-(b-a)/2 {
			return
		}
		p, q := 0.0, 0.0
		if math.Abs(before) > thetaClose {
			r := (x - second) * (fx - fThird)
			q = (x - third) * (fx - fSecond)
			p = (x-third)*q - (x-second)*r
			if q = 2 * (q - r); q > 0 {
				p = -p
			}
			q = math.Abs(q)
		}
		if before, step = step, before; q > 0 && math.Abs(p) < math.Abs(q*step/2) && p > q*(a-x) && p < q*(b-x) {
			step = p / q
			if u := x + step; u-a < 2*thetaClose || b-u < 2*thetaClose {
				step = math.Copysign(thetaClose, middle-x)
			}
		} else {
			if before = b - x; x >= middle {
				before = a - x
			}
			step = section * before
		}
		u := x + step
		if math.Abs(step) < thetaClose {
			u = x + math.Copysign(thetaClose, step)
		}
		fu := f(u)
		if fu <= fx {
			if u >= x {
				a = x
			} else {
				b = x
			}
			third, second, x = second, x, u
			fThird, fSecond, fx = fSecond, fx, fu
			continue
		}
		if u < x {
			a = u
		} else {
			b = u
		}
		if fu <= fSecond || second == x {
			third, second, fThird, fSecond = second, u, fSecond, fu
		} else if fu <= fThird || third == x || third == second {
			third, fThird = u, fu
		}
	}
}

// thetaLines holds the regression lines that the points' forecasts go by, which no parameter changes: a + b t, t counted from
// the last point before; the initial line stands still, the others are those of the points so far. Last is that of all of them.
type thetaLines struct {
	a, b []float64
	last struct{ a, b, mean float64 }
}

func newThetaLines(y []float64, fixed bool) thetaLines {
	n := len(y)
	both := make([]float64, 2*n)
	l := thetaLines{a: both[:n], b: both[n:]}
	m := dynamicTheta{a: y[0]}
	if fixed {
		a, b := line(y)
		m.fixed, m.a, m.b = true, a-b, b
	}
	for i, v := range y {
		l.a[i], l.b[i] = m.a, m.b
		m.learn(v)
	}
	l.last.a, l.last.b, l.last.mean = m.a, m.b, m.mean
	return l
}

// solve gives the best model at alpha and its squared errors. The forecast of point i is base + decay l0 + share g, where base
// is the level from zero and g the theta line's part.
func (l thetaLines) solve(y []float64, alpha float64) (dynamicTheta, float64) {
	keep, inverse := 1-alpha, 1/alpha
	base, decay := 0.0, 1.0
	var dd, dg, gg, du, gu, uu float64
	i := 0
	for ; i < len(y) && decay > thetaFaded; i++ {
		u := y[i] - base
		next := decay * keep
		if i == 0 {
			// The first forecast is held to the first value, as weakly as not to matter where the data tell the initial level.
			g := l.a[0] + alpha*inverse*l.b[0]
			dd, dg, gg = thetaHold, thetaHold*g, thetaHold*g*g
			du, gu, uu = thetaHold*u, thetaHold*g*u, thetaHold*u*u
		} else if i >= thetaSkipped {
			g := decay*l.a[i] + (1-next)*inverse*l.b[i]
			dd += decay * decay
			dg += decay * g
			gg += g * g
			du += decay * u
			gu += g * u
			uu += u * u
		}
		base = keep*base + alpha*y[i]
		decay = next
	}
	// From here on the initial level counts no more, and g is the slope's part alone.
	var bb, bu float64
	slopes := l.b[i:]
	for k, v := range y[i:] {
		u, b := v-base, slopes[k]
		bb += b * b
		bu += b * u
		uu += u * u
		base = keep*base + alpha*v
	}
	gg += inverse * inverse * bb
	gu += inverse * bu
	share := 0.0
	if det := dd*gg - dg*dg; det > 1e-12*dd*gg {
		share = min(max((dd*gu-dg*du)/det, 0), thetaShare)
	}
	l0 := (du - share*dg) / dd
	sse := uu - 2*l0*du - 2*share*gu + l0*l0*dd + 2*l0*share*dg + share*share*gg
	return dynamicTheta{alpha: alpha, theta: 1 / (1 - share), l0: l0}, max(sse, 0)
}
