package forecast

import (
	"context"
	"fmt"
	"math"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

// thetaForecaster is the Theta method: the standard one (Assimakopoulos and Nikolopoulos 2000, in the form of Hyndman and
// Billah: "Unmasking the Theta method", International Journal of Forecasting 19, 2003), the optimised one, whose theta line is
// that of all the data, or the dynamic optimised one, whose line is that of the data so far (Fiorucci, Pellegrini, Louzada,
// Petropoulos, Koehler: "Models for optimising the theta method and their relationship to state space models", International
// Journal of Forecasting 32, 2016). Seasons are taken out by MSTL beforehand.
type thetaForecaster struct{ dynamic, optimised bool }

func newTheta(p param.Values) Forecaster {
	v := p.String("variant")
	return thetaForecaster{dynamic: v == "dynamic", optimised: v == "optimised"}
}

func (t thetaForecaster) Fit(ctx context.Context, in Input) (Model, error) {
	if n := series.CountKnown(in.Values); n < 5 {
		return nil, fmt.Errorf("%w: theta has %d known values and needs 5", ErrTooShort, n)
	}
	if len(in.Periods) > 0 {
		return fitDecomposed(ctx, in, t.fit)
	}
	return t.fit(ctx, in.Values)
}

func (t thetaForecaster) fit(_ context.Context, y []float64) (Model, error) {
	if t.dynamic || t.optimised {
		return fitDynamicTheta(series.Bridge(y), t.optimised)
	}
	return fitStandardTheta(series.Bridge(y))
}

// standardTheta is simple exponential smoothing with half the slope of the regression line as drift.
type standardTheta struct {
	alpha, level, drift, b float64
	n                      int
	fitted                 []float64
}

func fitStandardTheta(y []float64) (Model, error) {
	seg := y[max(len(y)-etsSegment, 0):]
	ses := estimate(seg, etsForm{})
	if ses == nil {
		return nil, fmt.Errorf("%w: %d values do not determine a theta model", ErrTooShort, len(y))
	}
	_, b := line(y)
	m := &standardTheta{alpha: ses.params.alpha, level: ses.state.level, drift: b / 2, b: b, n: len(y)}
	ses.run(y, len(y)-len(seg))
	m.fitted = ses.fitted
	for i := range m.fitted {
		m.fitted[i] += m.step(i, 0)
	}
	return m, nil
}

// step gives the drift's part of a forecast h steps ahead (counted from 0) made after n points.
func (m *standardTheta) step(n, h int) float64 {
	return m.drift * (float64(h) + (1-math.Pow(1-m.alpha, float64(n)))/m.alpha)
}

func (m *standardTheta) Fitted() []float64 { return m.fitted }

// Update smooths on with the estimated parameters.
func (m *standardTheta) Update(newer []float64) Model {
	out := *m
	for _, v := range newer {
		if !math.IsNaN(v) {
			out.level += m.alpha * (v - out.level)
		}
		out.n++
	}
	return &out
}

func (m *standardTheta) Forecast(h int) []float64 {
	out := make([]float64, h)
	for i := range out {
		out[i] = m.level + m.step(m.n, i)
	}
	return out
}

func (m *standardTheta) Explain() map[string]float64 {
	return map[string]float64{"alpha": m.alpha, "drift": m.drift, "level": m.level}
}

// dynamicTheta is the dynamic optimised Theta model, equations (13) to (18) of Fiorucci et al.
type dynamicTheta struct {
	alpha, theta, l0     float64
	level, a, b, mean, n float64
	decay                float64 // (1-alpha)^n
	fixed                bool    // the line a + b t stays as it is
	fitted               []float64
}

// run filters y and writes the one-step forecasts.
func (m *dynamicTheta) run(y, fitted []float64) {
	m.level, m.mean, m.n, m.decay = m.l0, 0, 0, 1
	if !m.fixed {
		m.a, m.b = y[0], 0
	}
	for i, v := range y {
		fitted[i] = m.expect()
		m.update(v)
	}
}

// expect is the forecast of the next point: level plus the theta line's part.
func (m *dynamicTheta) expect() float64 {
	if m.n == 0 && !m.fixed {
		return m.l0 + (1-1/m.theta)*m.a
	}
	return m.level + (1-1/m.theta)*(m.decay*m.a+(1-m.decay*(1-m.alpha))/m.alpha*m.b)
}

// update takes a point in: the level, the running mean, and the running regression line a + b t.
func (m *dynamicTheta) update(v float64) {
	m.level = m.alpha*v + (1-m.alpha)*m.level
	t := m.n + 1
	before := m.mean
	m.mean = (m.n*m.mean + v) / t
	if !m.fixed {
		if t > 1 {
			m.b = ((t-2)*m.b + 6*(v-before)/t) / (t + 1)
		}
		m.a = m.mean - (t+1)/2*m.b
	}
	m.n = t
	m.decay *= 1 - m.alpha
}

func (m *dynamicTheta) Fitted() []float64 { return m.fitted }

// Update filters on with the estimated parameters; a missing point counts as expected.
func (m *dynamicTheta) Update(newer []float64) Model {
	out := *m
	for _, v := range newer {
		if math.IsNaN(v) {
			v = out.expect()
		}
		out.update(v)
	}
	return &out
}

func (m *dynamicTheta) Forecast(h int) []float64 {
	s, out := *m, make([]float64, h)
	for i := range out {
		out[i] = s.expect()
		s.update(out[i])
	}
	return out
}

func (m *dynamicTheta) Explain() map[string]float64 {
	return map[string]float64{"alpha": m.alpha, "theta": m.theta, "level": m.level, "slope": m.b}
}

// line gives intercept and slope of the least-squares line over the positions 0, 1, 2, …
func line(y []float64) (a, b float64) {
	n := float64(len(y))
	var st, sy, stt, sty float64
	for i, v := range y {
		t := float64(i)
		st += t
		sy += v
		stt += t * t
		sty += t * v
	}
	if d := n*stt - st*st; d != 0 {
		b = (n*sty - st*sy) / d
	}
	return (sy - b*st) / n, b
}
