package forecast

import "math"

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
	share := m.share()
	for i, v := range y {
		fitted[i] = m.expect(share)
		m.update(v)
	}
}

// follow is run where the lines are known.
func (m *dynamicTheta) follow(y []float64, lines thetaLines, fitted []float64) {
	share, keep, inverse := m.share(), 1-m.alpha, 1/m.alpha
	level, decay := m.l0, 1.0
	for i, v := range y {
		next := decay * keep
		fitted[i] = level + share*(decay*lines.a[i]+(1-next)*inverse*lines.b[i])
		level = m.alpha*v + keep*level
		decay = next
	}
	m.level, m.decay, m.n = level, decay, float64(len(y))
	m.a, m.b, m.mean = lines.last.a, lines.last.b, lines.last.mean
}

// share is that of the theta line.
func (m *dynamicTheta) share() float64 { return 1 - 1/m.theta }

// expect is the forecast of the next point: level plus the theta line's part, of which share is the share.
func (m *dynamicTheta) expect(share float64) float64 {
	if m.n == 0 && !m.fixed {
		return m.l0 + share*m.a
	}
	return m.level + share*(m.decay*m.a+(1-m.decay*(1-m.alpha))/m.alpha*m.b)
}

// update takes a point in.
func (m *dynamicTheta) update(v float64) {
	m.level = m.alpha*v + (1-m.alpha)*m.level
	m.learn(v)
	m.decay *= 1 - m.alpha
}

// learn takes a point into the running mean and the running regression line a + b t.
func (m *dynamicTheta) learn(v float64) {
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
}

func (m *dynamicTheta) Fitted() []float64 { return m.fitted }

func (m *dynamicTheta) Forecast(h int) []float64 {
	s, share, out := *m, m.share(), make([]float64, h)
	for i := range out {
		out[i] = s.expect(share)
		s.update(out[i])
	}
	return out
}

func (m *dynamicTheta) Explain() map[string]float64 {
	return map[string]float64{"alpha": m.alpha, "theta": m.theta, "level": m.level, "slope": m.b}
}

func (m *dynamicTheta) fork() Model {
	out := *m
	out.fitted = nil
	return &out
}

func (m *dynamicTheta) next() float64 { return m.expect(m.share()) }

func (m *dynamicTheta) push(v float64) {
	if math.IsNaN(v) {
		v = m.next()
	}
	m.update(v)
}

func (m *dynamicTheta) encode(w *writer) {
	w.byte(kindDynamicTheta)
	w.byte(byte(indicator(m.fixed)))
	for _, v := range []float64{m.alpha, m.theta, m.level, m.a, m.b, m.mean, m.n, m.decay} {
		w.float(v)
	}
}

func decodeDynamicTheta(r *reader) Model {
	return &dynamicTheta{fixed: r.byte() != 0, alpha: r.within(1e-9, 1), theta: r.within(1, 1e6), level: r.finite(), a: r.finite(), b: r.finite(), mean: r.finite(),
		n: r.within(1, mostPoints), decay: r.within(0, 1)}
}
