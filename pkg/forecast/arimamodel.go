package forecast

import (
	"math"
	"slices"
)

// arimaModel is an autoregression on the values themselves, differences multiplied out, with moving-average terms.
type arimaModel struct {
	order    arimaOrder
	ar, ma   []float64 // coefficients of the values and errors before, newest first
	constant float64
	values   []float64 // as many as ar, newest first
	errors   []float64 // as many as ma, newest first
	fitted   []float64
	aicc     float64
}

// newARIMAModel reads the parameters on the unbounded scale.
func newARIMAModel(o arimaOrder, x []float64) *arimaModel {
	m := &arimaModel{order: o, ar: make([]float64, o.p, o.p+o.d), ma: make([]float64, o.q)}
	stationary(x[:o.p], m.ar)
	stationary(x[o.p:o.p+o.q], m.ma)
	for j := range m.ma {
		m.ma[j] = -m.ma[j]
	}
	if o.constant {
		m.constant = x[o.p+o.q]
		for _, a := range m.ar {
			m.constant -= a * x[o.p+o.q]
		}
	}
	for range o.d {
		// (1 - a1 B - …)(1 - B)
		k := len(m.ar)
		m.ar = append(m.ar, 0)
		for i := k; i > 0; i-- {
			m.ar[i] -= m.ar[i-1]
		}
		m.ar[0]++
	}
	m.values, m.errors = make([]float64, len(m.ar)), make([]float64, len(m.ma))
	return m
}

func (m *arimaModel) next() float64 {
	f := m.constant
	for i, a := range m.ar {
		f += a * m.values[i]
	}
	for j, b := range m.ma {
		f += b * m.errors[j]
	}
	return f
}

// run takes a stretch in and writes the one-step forecasts; as in the estimate, the errors of its first points are 0.
func (m *arimaModel) run(y, fitted []float64) {
	for t, v := range y {
		if t < arimaMost+m.order.d {
			m.take(v, 0)
			continue
		}
		fitted[t] = m.next()
		m.push(v)
	}
}

// push takes the next value in; a missing one counts as expected.
func (m *arimaModel) push(v float64) {
	f := m.next()
	if math.IsNaN(v) {
		v = f
	}
	m.take(v, v-f)
}

func (m *arimaModel) take(v, e float64) {
	if len(m.values) > 0 {
		copy(m.values[1:], m.values)
		m.values[0] = v
	}
	if len(m.errors) > 0 {
		copy(m.errors[1:], m.errors)
		m.errors[0] = e
	}
}

func (m *arimaModel) Fitted() []float64 { return m.fitted }

func (m *arimaModel) Forecast(h int) []float64 {
	s := m.fork().(*arimaModel)
	out := make([]float64, h)
	for i := range out {
		out[i] = s.next()
		s.take(out[i], 0)
	}
	return out
}

func (m *arimaModel) Explain() map[string]float64 {
	return map[string]float64{"p": float64(m.order.p), "d": float64(m.order.d), "q": float64(m.order.q), "constant": m.constant, "aicc": m.aicc}
}

func (m *arimaModel) fork() Model {
	out := *m
	out.values, out.errors, out.fitted = slices.Clone(m.values), slices.Clone(m.errors), nil
	return &out
}

func (m *arimaModel) encode(w *writer) {
	w.byte(kindARIMA)
	w.ints([]int{m.order.p, m.order.d, m.order.q})
	w.float(m.constant)
	w.float(m.aicc)
	for _, x := range [][]float64{m.ar, m.ma, m.values, m.errors} {
		w.floats(x)
	}
}

func decodeARIMA(r *reader) Model {
	o := r.ints(16, 3)
	m := &arimaModel{constant: r.finite(), aicc: r.finite()}
	for _, x := range []*[]float64{&m.ar, &m.ma, &m.values, &m.errors} {
		*x = r.finites(listShort)
	}
	if len(o) != 3 || len(m.ar) != o[0]+o[1] || len(m.ma) != o[2] || len(m.values) != len(m.ar) || len(m.errors) != len(m.ma) {
		r.fail("an ARIMA model is incomplete")
		return m
	}
	m.order.p, m.order.d, m.order.q = o[0], o[1], o[2]
	return m
}
