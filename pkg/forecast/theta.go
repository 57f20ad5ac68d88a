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
type thetaForecaster struct{ variant string }

func newTheta(p param.Values) Forecaster { return thetaForecaster{p.String("variant")} }

func (t thetaForecaster) Fit(ctx context.Context, in Input) (Model, error) {
	if err := needs("theta", in.Values, 5); err != nil {
		return nil, err
	}
	return fitAdjusted(ctx, in, false, t.fit)
}

func (t thetaForecaster) fit(_ context.Context, y []float64) (Model, error) {
	if y = series.Bridge(y); t.variant == "standard" {
		return fitStandardTheta(y)
	}
	return fitDynamicTheta(y, t.variant == "optimised"), nil
}

// standardTheta is simple exponential smoothing with half the slope of the regression line as drift.
type standardTheta struct {
	alpha, level, drift, b float64
	n                      int
	fitted                 []float64
}

func fitStandardTheta(y []float64) (Model, error) {
	ses := estimate(y, etsForm{})
	if ses == nil {
		return nil, fmt.Errorf("%w: %d values do not determine a theta model", ErrTooShort, len(y))
	}
	_, b := line(y)
	m := &standardTheta{alpha: ses.params.alpha, level: ses.state.level, drift: b / 2, b: b, n: len(y), fitted: ses.fitted}
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

func (m *standardTheta) fork() Model {
	out := *m
	out.fitted = nil
	return &out
}

func (m *standardTheta) next() float64 { return m.level + m.step(m.n, 0) }

func (m *standardTheta) push(v float64) {
	if math.IsNaN(v) {
		v = m.next() // with the drift's part, which is behind the level
	}
	m.level += m.alpha * (v - m.level)
	m.n++
}

func (m *standardTheta) encode(w *writer) {
	w.byte(kindStandardTheta)
	w.float(m.alpha)
	w.float(m.level)
	w.float(m.drift)
	w.float(m.b)
	w.uint(m.n)
}

func decodeStandardTheta(r *reader) Model {
	return &standardTheta{alpha: r.within(1e-9, 1), level: r.finite(), drift: r.finite(), b: r.finite(), n: r.uint(mostPoints)}
}
