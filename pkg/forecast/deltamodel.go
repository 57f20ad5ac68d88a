package forecast

import (
	"math"
	"slices"
)

// deltaModel carries the last value on by changes, or repeats levels; all in logs where floor is positive.
type deltaModel struct {
	onlyMember
	period       int
	y            []float64 // data learnt from; nil in a stored model
	d            []float64 // their differences
	floor        float64   // smallest training value
	changes      bool
	level        float64   // last value
	first, later float64   // change in the first step and in later ones, or level of the first and of later ones
	season       []float64 // of changes or levels, from the point after the training data on
	at           int       // phase of the next point
}

func (m *deltaModel) Forecast(h int) []float64 {
	out := make([]float64, h)
	level := m.level
	for i := range out {
		step := m.later
		if i == 0 {
			step = m.first
		}
		step += m.season[(m.at+i)%m.period]
		if m.changes {
			step += level
		}
		level = step
		if out[i] = level; m.floor > 0 {
			out[i] = math.Exp(level)
		}
	}
	return out
}

// learn takes newer points in and estimates again.
func (m *deltaModel) learn(newer []float64) {
	t := len(m.y)
	m.y = append(m.y, newer...)
	for ; t < len(m.y); t++ {
		switch v := m.y[t]; {
		case math.IsNaN(v) || math.IsInf(v, 0):
			m.y[t] = m.y[t-m.period]
		case m.floor > 0:
			m.y[t] = math.Log(max(v, m.floor))
		}
	}
	m.estimate()
}

func (m *deltaModel) fork() Model {
	out := *m
	out.y, out.d = nil, nil
	return &out
}

func (m *deltaModel) next() float64 { return m.Forecast(1)[0] }

func (m *deltaModel) push(v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = m.next()
	}
	if m.floor > 0 {
		v = math.Log(max(v, m.floor))
	}
	m.level = v
	if !m.changes {
		away := v - m.season[m.at]
		m.first += (away - m.first) / float64(m.period+1)
		m.later += (away - m.later) / float64(3*m.period+1)
	}
	if m.at++; m.at == m.period {
		m.at = 0
	}
}

func (m *deltaModel) encode(w *writer) {
	w.byte(kindDelta)
	w.byte(byte(indicator(m.changes)))
	for _, v := range []float64{m.floor, m.level, m.first, m.later} {
		w.float(v)
	}
	w.floats(slices.Concat(m.season[m.at:], m.season[:m.at]))
}

func decodeDelta(r *reader) Model {
	m := &deltaModel{changes: r.byte() != 0}
	for _, p := range []*float64{&m.floor, &m.level, &m.first, &m.later} {
		*p = r.finite()
	}
	m.season = r.finites(mostPeriod)
	if m.period = len(m.season); m.period == 0 {
		r.fail("a season is empty")
	}
	return m
}
