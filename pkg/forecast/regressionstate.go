package forecast

import (
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/series"
)

// How a regression goes on point by point, and how it is stored.

// need is how many of the newest points the next ones need.
func (m *regressionModel) need() int {
	out := m.longest()
	for _, b := range m.beside {
		out = max(out, b)
	}
	return max(out, 1)
}

// keepTogether makes models of the same seasons keep the same points, which a store then holds once.
const keepTogether = 16

// keep is how many of the newest points are kept.
func (m *regressionModel) keep() int {
	return min((m.need()+keepTogether-1)/keepTogether*keepTogether, len(m.y))
}

// fork keeps what the next points need, with room to grow.
func (m *regressionModel) fork() Model { return m.ahead(m.keep() + 64) }

// ahead keeps what the next points need, with room for some more of them.
func (m *regressionModel) ahead(more int) *regressionModel {
	out := *m
	keep := m.keep()
	drop := len(m.y) - keep
	room := keep + min(more, keep+64)
	out.y = append(make([]float64, 0, room), m.y[drop:]...)
	out.profiles = slices.Clone(m.profiles)
	for i, p := range m.profiles {
		out.profiles[i].mean = append(make([]float64, 0, room+p.period), p.mean[drop:]...)
	}
	out.before += drop
	out.fit = &recursive{k: m.fit.k, coef: m.fit.coef, constant: m.fit.constant}
	out.scratch = m.blank()
	return &out
}

// trim leaves out what is no longer needed when the room is used up.
func (m *regressionModel) trim() {
	if len(m.y) < cap(m.y) {
		return
	}
	drop := len(m.y) - m.keep()
	m.y = m.y[:copy(m.y, m.y[drop:])]
	for i, p := range m.profiles {
		m.profiles[i].mean = p.mean[:copy(p.mean, p.mean[drop:])]
	}
	m.before += drop
}

func (m *regressionModel) next() float64 {
	v := m.expected(m.scratch, 0)
	if m.logs {
		return math.Exp(v)
	}
	return v
}

func (m *regressionModel) push(v float64) {
	m.append(v, m.scratch, 0)
	m.trim()
}

func (m *regressionModel) encode(w *writer) {
	w.byte(kindRegression)
	w.byte(byte(indicator(m.logs)))
	w.uint(m.n)
	w.uint(m.length)
	w.uint(m.recent)
	w.ints(m.lags)
	for _, v := range []float64{m.floor, m.centre, m.lo, m.hi, m.fit.constant} {
		w.float(v)
	}
	w.uint(len(m.profiles))
	for i, p := range m.profiles {
		w.uint(p.period)
		w.uint(p.cycles)
		w.uint(m.beside[i])
		w.floats(newest(p.mean, p.period+m.beside[i]))
	}
	w.values(m.fit.coef, false)
	w.floats(newest(m.y, m.keep()))
}

func decodeRegression(r *reader) Model {
	m := &regressionModel{logs: r.byte() != 0, n: r.uint(mostPoints), length: r.uint(mostPoints), recent: r.uint(1 << 10)}
	m.lags = r.ints(mostPeriod, 1<<10)
	m.fit = &recursive{}
	for _, p := range []*float64{&m.floor, &m.centre, &m.lo, &m.hi, &m.fit.constant} {
		*p = r.finite()
	}
	if r.err != nil {
		return m
	}
	return m.rest(r)
}

// rest reads what needs the number of coefficients, which profiles at the end tell.
func (m *regressionModel) rest(r *reader) Model {
	var means [][]float64
	for range r.uint(16) {
		p := meanProfile{period: r.uint(mostPeriod), cycles: r.uint(1 << 10)}
		m.profiles, m.beside = append(m.profiles, p), append(m.beside, r.uint(1<<10))
		means = append(means, r.finites(2*mostPeriod))
	}
	if m.fit.k = m.k(); r.err != nil || m.fit.k > 1<<12 {
		r.fail("%d coefficients are too many", m.fit.k)
		return m
	}
	m.fit.coef = r.values(m.fit.k)
	m.y = r.finites(mostPeriod)
	if r.err != nil {
		return m
	}
	last := m.recent
	for _, lag := range m.lags {
		if lag <= last {
			r.fail("lags are out of order")
			return m
		}
		last = lag
	}
	if m.recent < 1 || m.length < 1 || m.lo > m.hi || len(m.y) < m.need() || !finite(m.fit.coef) || m.n < len(m.y) || m.logs && m.floor <= 0 {
		r.fail("a regression is incomplete")
		return m
	}
	for i, p := range m.profiles {
		if p.cycles < 1 || 2*m.beside[i] >= p.period || len(means[i]) != p.period+m.beside[i] {
			r.fail("a profile is incomplete")
			return m
		}
		m.profiles[i].mean = append(series.Missing(len(m.y)-m.beside[i]), means[i]...)
	}
	m.before = m.n - len(m.y)
	m.scratch = m.blank()
	return m
}
