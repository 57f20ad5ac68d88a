package forecast

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/forewarn/earlywarning/pkg/series"
)

// estimate fits one form by maximum likelihood; nil where the data do not determine it.
func estimate(y []float64, f etsForm) *etsModel {
	seg := y[max(len(y)-etsSegment, 0):]
	if f.period > 0 {
		seg = y
	}
	n := series.CountKnown(seg)
	x := f.parameters()
	k := len(x) + f.states() + 1
	if f.period > 0 {
		k-- // the season's states are determined up to their mean
	}
	if n-k-1 <= 0 {
		return nil
	}
	w := newProfile(seg, f)
	m := &etsModel{shape: etsShape{etsForm: f}, params: f.decode(w.search(x))}
	sse := w.sse(m.params)
	if math.IsNaN(sse) || math.IsInf(sse, 0) {
		return nil
	}
	m.aicc = corrected(float64(n)*math.Log(math.Max(sse, 1e-300)), n, k)
	w.x0[0] += w.shift
	early := make([]float64, f.states())
	early[0] = firstKnown(y)
	m.run(y, len(y)-len(seg), early, w.x0)
	return m
}

// corrected is the information criterion of a fit of k parameters to n points (Hurvich, Tsai: "Regression and time series model
// selection in small samples", Biometrika 76, 1989) from twice its negative log likelihood.
func corrected(deviance float64, n, k int) float64 {
	return deviance + 2*float64(k) + 2*float64(k)*float64(k+1)/float64(n-k-1)
}

// parameters gives the starting point of the search, on an unbounded scale (logit of the share of each allowed range).
func (f etsForm) parameters() []float64 {
	out := []float64{-0.5}
	if f.trend {
		out = append(out, -2)
	}
	if f.damped {
		out = append(out, 1)
	}
	if f.period > 0 {
		out = append(out, -2)
	}
	return out
}

// decode maps the unbounded scale to the usual region: 1e-4 < alpha < 0.9999, beta < alpha, gamma < 1-alpha, 0.8 < phi < 0.98.
func (f etsForm) decode(x []float64) etsParams {
	p := etsParams{alpha: between(x[0], 1e-4, 0.9999), phi: 1}
	k := 1
	if f.trend {
		p.beta = between(x[k], 1e-4*p.alpha, p.alpha)
		k++
	} else {
		p.phi = 0
	}
	if f.damped {
		p.phi = between(x[k], 0.8, 0.98)
		k++
	}
	if f.period > 0 {
		p.gamma = between(x[k], 1e-4*(1-p.alpha), 1-p.alpha)
	}
	return p
}

func between(x, lo, hi float64) float64 { return lo + (hi-lo)/(1+math.Exp(-x)) }

// profile solves for the initial states that minimise the squared errors at given parameters. The data are counted from their
// first value, which additive models follow: on a large level the sums would lose the digits that matter.
type profile struct {
	y, zero  []float64
	shift    float64
	form     etsForm
	state    etsState
	columns  [][]float64 // errors of y from the zero state, then of zero data from each unit state
	unit, x0 []float64
	gram     []float64
}

func newProfile(y []float64, f etsForm) *profile {
	k := f.states()
	w := &profile{y: make([]float64, len(y)), shift: firstKnown(y), form: f, zero: make([]float64, len(y)), unit: make([]float64, k), x0: make([]float64, k),
		gram: make([]float64, k*k)}
	for i, v := range y {
		if w.y[i] = v - w.shift; math.IsNaN(v) {
			w.zero[i] = math.NaN() // missing in the data is missing in the responses too
		}
	}
	w.columns = make([][]float64, k+1)
	for j := range w.columns {
		w.columns[j] = make([]float64, len(y))
	}
	return w
}

// dearProfile is the work (states squared times points) from which initial states are not solved for at every step of the
// search, but held and solved for again between searches.
const dearProfile = 100_000

// search gives the parameters with the least squared errors, from x on.
func (w *profile) search(x []float64) []float64 {
	full := func(x []float64) float64 { return w.sse(w.form.decode(x)) }
	if w.form.period == 0 && series.CountKnown(w.y) == len(w.y) {
		full = func(x []float64) float64 { return w.quick(w.form.decode(x)) }
	}
	x = bestStart(full, x)
	k := w.form.states()
	if k*k*len(w.y) < dearProfile {
		return simplex(full, x)
	}
	best := full(x)
	for range 5 {
		x = simplex(func(x []float64) float64 { return w.held(w.form.decode(x)) }, x)
		now := full(x)
		if now > best*(1-1e-4) {
			break
		}
		best = now
	}
	return x
}

// bestStart varies the first parameter, the weight of the level: the squared errors often have one minimum for a level that
// hardly moves and another for one that follows the data.
func bestStart(f func([]float64) float64, x []float64) []float64 {
	best, least := x, math.Inf(1)
	for _, level := range []float64{-6, -2, 0, 2} {
		start := slices.Clone(x)
		start[0] = level
		if v := f(start); v < least {
			best, least = start, v
		}
	}
	return best
}

// sse gives the least sum of squared errors over the initial states, which it leaves in x0; +Inf where there is none.
func (w *profile) sse(p etsParams) float64 {
	k := len(w.x0)
	clear(w.unit)
	filter(w.y, w.unit, w.form, p, &w.state, w.columns[0])
	for j := range k {
		w.unit[j] = 1
		filter(w.zero, w.unit, w.form, p, &w.state, w.columns[j+1])
		w.unit[j] = 0
	}
	products(w.columns[1:], w.columns[0], w.gram, w.x0)
	floats.Scale(-1, w.x0)
	if !solve(w.gram, w.x0, k, 1e-10) {
		return math.Inf(1)
	}
	for j, v := range w.x0 {
		floats.AddScaled(w.columns[0], v, w.columns[j+1])
	}
	return floats.Dot(w.columns[0], w.columns[0])
}

// held gives the squared errors from the initial states last solved for.
func (w *profile) held(p etsParams) float64 {
	filter(w.y, w.x0, w.form, p, &w.state, w.columns[0])
	return floats.Dot(w.columns[0], w.columns[0])
}
