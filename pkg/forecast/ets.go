package forecast

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"

	"github.com/forewarn/earlywarning/pkg/param"
)

const (
	// etsSegment is how many of the newest points the smoothing parameters are estimated from: older points hardly move
	// them, and the cost grows with each.
	etsSegment = 300
	// etsLongestSeason is the longest season with a state of its own; longer ones are taken out by decomposition first.
	etsLongestSeason = 24
)

// ets is exponential smoothing with additive errors: no, linear or damped trend, and an additive season, chosen by AICc
// (Hyndman, Koehler, Snyder, Grose: "A state space framework for automatic forecasting using exponential smoothing methods",
// International Journal of Forecasting 18, 2002). Parameters are maximum likelihood within the usual region; the initial
// states, in which additive errors are linear, are profiled out exactly by least squares.
type ets struct{ trend string }

func newETS(p param.Values) Forecaster { return ets{p.String("trend")} }

func (e ets) Fit(ctx context.Context, in Input) (Model, error) {
	if n := knownCount(in.Values); n < 4 {
		return nil, fmt.Errorf("%w: exponential smoothing has %d known values and needs 4", ErrTooShort, n)
	}
	period, ok := ownSeason(in)
	if !ok {
		return fitDecomposed(ctx, in, func(ctx context.Context, x []float64) (Model, error) { return fitETS(ctx, x, e.forms(0, len(x))) })
	}
	return fitETS(ctx, in.Values, e.forms(period, len(in.Values)))
}

// ownSeason tells whether the season is short enough to be a state, and how long it is.
func ownSeason(in Input) (period int, ok bool) {
	switch {
	case len(in.Periods) == 0:
		return 0, true
	case len(in.Periods) == 1 && in.Periods[0] <= etsLongestSeason && len(in.Values) <= 1000:
		return in.Periods[0], true
	}
	return 0, false
}

// forms lists the models that AICc chooses from.
func (e ets) forms(period, n int) []etsForm {
	var out []etsForm
	if e.trend == "none" || e.trend == "auto" || e.trend == "" {
		out = append(out, etsForm{period: period})
	}
	if e.trend == "linear" || e.trend == "auto" || e.trend == "" {
		out = append(out, etsForm{trend: true, period: period})
	}
	if e.trend == "damped" || (e.trend == "auto" || e.trend == "") && n >= 10 {
		out = append(out, etsForm{trend: true, damped: true, period: period})
	}
	return out
}

type etsModel struct {
	form   etsForm
	params etsParams
	state  etsState
	fitted []float64
	sse    float64
	aicc   float64
	x0     []float64
}

func (m *etsModel) Fitted() []float64 { return m.fitted }

// Update filters on with the estimated parameters.
func (m *etsModel) Update(newer []float64) Model {
	out := *m
	out.state.season = slices.Clone(m.state.season)
	for _, v := range newer {
		out.state.step(v, m.params)
	}
	return &out
}

func (m *etsModel) Forecast(h int) []float64 { return m.state.ahead(h, m.params.phi) }

func (m *etsModel) Explain() map[string]float64 {
	out := map[string]float64{"alpha": m.params.alpha, "aicc": m.aicc, "level": m.state.level}
	if m.form.trend {
		out["beta"], out["phi"], out["slope"] = m.params.beta, m.params.phi, m.state.slope
	}
	if m.form.period > 0 {
		out["gamma"], out["period"] = m.params.gamma, float64(m.form.period)
	}
	return out
}

func fitETS(ctx context.Context, y []float64, forms []etsForm) (Model, error) {
	var best *etsModel
	for _, f := range forms {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if m := estimate(y, f); m != nil && (best == nil || m.aicc < best.aicc) {
			best = m
		}
	}
	if best == nil {
		return nil, fmt.Errorf("%w: %d known values do not determine any exponential smoothing model", ErrTooShort, knownCount(y))
	}
	return best, nil
}

// estimate fits one form by maximum likelihood; nil where the data do not determine it.
func estimate(y []float64, f etsForm) *etsModel {
	seg := y[max(len(y)-etsSegment, 0):]
	if f.period > 0 {
		seg = y
	}
	n := knownCount(seg)
	free := f.parameters()
	k := len(free) + f.states() + 1
	if n-k-1 <= 0 {
		return nil
	}
	w := newProfile(seg, f)
	problem := optimize.Problem{Func: func(x []float64) float64 {
		sse, _ := w.sse(f.decode(x))
		return sse
	}}
	x := free
	result, err := optimize.Minimize(problem, free, &optimize.Settings{FuncEvaluations: 60 * len(free),
		Converger: &optimize.FunctionConverge{Relative: 1e-6, Iterations: 8}}, &optimize.NelderMead{SimplexSize: 0.8})
	if result != nil && !math.IsNaN(result.F) {
		x = result.X
	} else if err != nil {
		return nil
	}
	m := &etsModel{form: f, params: f.decode(x)}
	m.sse, m.x0 = w.sse(m.params)
	if math.IsNaN(m.sse) || math.IsInf(m.sse, 0) {
		return nil
	}
	m.aicc = float64(n)*math.Log(math.Max(m.sse, 1e-300)) + 2*float64(k) + 2*float64(k)*float64(k+1)/float64(n-k-1)
	m.run(y, len(y)-len(seg))
	return m
}

// run filters the whole series: before the segment backwards in level only, so that early fitted values exist as well.
func (m *etsModel) run(y []float64, start int) {
	m.fitted = nans(len(y))
	if start > 0 {
		var warm etsState
		x0 := make([]float64, m.form.states())
		for _, v := range y {
			if !math.IsNaN(v) {
				x0[0] = v
				break
			}
		}
		warm.load(x0, m.form)
		for i, v := range y[:start] {
			m.fitted[i], _ = warm.step(v, m.params)
		}
	}
	m.state.load(m.x0, m.form)
	for i, v := range y[start:] {
		m.fitted[start+i], _ = m.state.step(v, m.params)
	}
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

// profile solves for the initial states that minimise the squared errors at given parameters.
type profile struct {
	y, zero []float64
	form    etsForm
	state   etsState
	columns [][]float64 // errors of y from the zero state, then of zero data from each unit state
	unit    []float64
}

func newProfile(y []float64, f etsForm) *profile {
	w := &profile{y: y, form: f, zero: make([]float64, len(y)), unit: make([]float64, f.states())}
	for i, v := range y {
		if math.IsNaN(v) {
			w.zero[i] = math.NaN() // missing in the data is missing in the responses too
		}
	}
	w.columns = make([][]float64, f.states()+1)
	for j := range w.columns {
		w.columns[j] = make([]float64, len(y))
	}
	return w
}

// sse gives the least sum of squared errors and the initial states that reach it.
func (w *profile) sse(p etsParams) (float64, []float64) {
	k := w.form.states()
	clear(w.unit)
	filter(w.y, w.unit, w.form, p, &w.state, w.columns[0])
	for j := range k {
		w.unit[j] = 1
		filter(w.zero, w.unit, w.form, p, &w.state, w.columns[j+1])
		w.unit[j] = 0
	}
	gram, right := mat.NewSymDense(k, nil), mat.NewVecDense(k, nil)
	for a := range k {
		for b := a; b < k; b++ {
			gram.SetSym(a, b, dot(w.columns[a+1], w.columns[b+1]))
		}
		right.SetVec(a, -dot(w.columns[a+1], w.columns[0]))
	}
	x0 := mat.NewVecDense(k, nil)
	ridge := 1e-10 * (1 + mat.Trace(gram)/float64(k))
	for a := range k {
		gram.SetSym(a, a, gram.At(a, a)+ridge)
	}
	var chol mat.Cholesky
	if !chol.Factorize(gram) || chol.SolveVecTo(x0, right) != nil && chol.Cond() > 1e15 {
		return math.Inf(1), x0.RawVector().Data
	}
	sse := 0.0
	for i := range w.y {
		e := w.columns[0][i]
		for j := range k {
			e += x0.AtVec(j) * w.columns[j+1][i]
		}
		sse += e * e
	}
	return sse, x0.RawVector().Data
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}
