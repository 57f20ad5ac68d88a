package forecast

import (
	"slices"

	"github.com/forewarn/earlywarning/pkg/series"
)

// etsModel is a fitted member of the exponential smoothing family.
type etsModel struct {
	shape  etsShape
	params etsParams
	state  etsState
	fitted []float64
	aicc   float64
}

// run writes the fitted values and leaves the state at the end of y. The model was estimated from the point start on, with initial
// states x0; what is before is filtered by itself from the states early.
func (m *etsModel) run(y []float64, start int, early, x0 []float64) {
	m.fitted = series.Missing(len(y))
	pass := func(from, to int, states []float64) {
		m.state = etsState{}
		m.state.load(states, m.shape.etsForm)
		for i, v := range y[from:to] {
			m.fitted[from+i], _ = m.state.step(v, m.params, m.shape.relativeSeason)
		}
	}
	if start > 0 {
		pass(0, start, early)
	}
	pass(start, len(y), x0)
}

func (m *etsModel) Fitted() []float64 { return m.fitted }

func (m *etsModel) Forecast(h int) []float64 {
	return m.state.ahead(h, m.params.phi, m.shape.relativeSeason)
}

func (m *etsModel) Explain() map[string]float64 {
	out := map[string]float64{"alpha": m.params.alpha, "aicc": m.aicc, "level": m.state.level, "errors in shares": indicator(m.shape.relativeErrors)}
	if m.shape.trend {
		out["beta"], out["phi"], out["slope"] = m.params.beta, m.params.phi, m.state.slope
	}
	if m.shape.period > 0 {
		out["gamma"], out["period"], out["season in shares"] = m.params.gamma, float64(m.shape.period), indicator(m.shape.relativeSeason)
	}
	return out
}

func (m *etsModel) fork() Model {
	out := *m
	out.state.season, out.fitted = slices.Clone(m.state.season), nil
	return &out
}

func (m *etsModel) next() float64 {
	f, _ := m.state.expect(m.params.phi, m.shape.relativeSeason)
	return f
}

func (m *etsModel) push(v float64) { m.state.step(v, m.params, m.shape.relativeSeason) }

func (m *etsModel) encode(w *writer) {
	w.byte(kindETS)
	w.flags(m.shape.trend, m.shape.damped, m.shape.relativeErrors, m.shape.relativeSeason)
	for _, v := range []float64{m.params.alpha, m.params.beta, m.params.gamma, m.params.phi, m.state.level, m.state.slope, m.aicc} {
		w.float(v)
	}
	s := m.state.season
	w.floats(slices.Concat(s[min(m.state.at, len(s)):], s[:min(m.state.at, len(s))]))
}

func decodeETS(r *reader) Model {
	m := &etsModel{}
	r.flags(&m.shape.trend, &m.shape.damped, &m.shape.relativeErrors, &m.shape.relativeSeason)
	for _, p := range []*float64{&m.params.alpha, &m.params.beta, &m.params.gamma, &m.params.phi, &m.state.level, &m.state.slope, &m.aicc} {
		*p = r.finite()
	}
	if s := r.finites(mostPeriod); len(s) > 0 {
		m.state.season, m.shape.period = s, len(s)
	} else if m.shape.relativeSeason {
		r.fail("a season in shares is missing")
	}
	return m
}
