package forecast

import (
	"math"
	"slices"
)

func (m *etsFamily) Fitted() []float64 { return m.fitted }

func (m *etsFamily) Forecast(h int) []float64 {
	out := make([]float64, h)
	sum, power := 0.0, 1.0
	for i := range out {
		power *= m.params.phi
		sum += power
		out[i] = m.state.level + sum*m.state.slope
		if s := m.state.season; s != nil {
			if v := s[(m.state.at+i)%len(s)]; m.shape.relativeSeason {
				out[i] *= v
			} else {
				out[i] += v
			}
		}
	}
	return out
}

func (m *etsFamily) Update(newer []float64) Model {
	out := m.fork().(*etsFamily)
	for _, v := range newer {
		out.push(v)
	}
	out.fitted = m.fitted
	return out
}

func (m *etsFamily) Explain() map[string]float64 {
	out := map[string]float64{"alpha": m.params.alpha, "aicc": m.aicc, "level": m.state.level, "errors in shares": indicator(m.shape.relativeErrors)}
	if m.shape.trend {
		out["beta"], out["phi"], out["slope"] = m.params.beta, m.params.phi, m.state.slope
	}
	if m.shape.period > 0 {
		out["gamma"], out["period"], out["season in shares"] = m.params.gamma, float64(m.shape.period), indicator(m.shape.relativeSeason)
	}
	return out
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (m *etsFamily) fork() stateful {
	out := *m
	out.state.season, out.fitted = slices.Clone(m.state.season), nil
	return &out
}

func (m *etsFamily) next() float64 {
	f, _ := m.expect()
	return f
}

func (m *etsFamily) push(v float64) {
	f, base := m.expect()
	d := 0.0
	if !math.IsNaN(v) {
		d = v - f
	}
	m.take(base, d)
}

func (m *etsFamily) encode(w *writer) {
	w.byte(kindETSFamily)
	w.byte(byte(indicator(m.shape.relativeErrors) + 2*indicator(m.shape.relativeSeason)))
	e := etsModel{form: m.shape.etsForm, params: m.params, state: m.state, aicc: m.aicc}
	e.encode(w)
}

func decodeETSFamily(r *reader) stateful {
	flags := r.byte()
	if kind := r.byte(); kind != kindETS {
		r.fail("a member of the ETS family is of kind %d", kind)
		return nil
	}
	e := decodeETS(r).(*etsModel)
	m := &etsFamily{shape: etsShape{e.form, flags&1 != 0, flags&2 != 0}, params: e.params, state: e.state, aicc: e.aicc}
	if m.shape.relativeSeason && m.shape.period == 0 {
		r.fail("a season in shares is missing")
	}
	return m
}
