package forecast

import "math"

var growths = []string{"linear", "saturating", "flat"}

// encode keeps the trend's present line and the events to come: what is past is not needed.
func (m *piecewiseModel) encode(w *writer) {
	w.byte(kindPiecewise)
	for i, g := range growths {
		if g == m.growth {
			w.byte(byte(i))
		}
	}
	w.byte(byte(indicator(m.shares)))
	w.uint(m.n)
	for _, v := range []float64{m.length, m.floor, m.unit, m.capacity, m.phi, m.last} {
		w.float(v)
	}
	w.ints(m.periods)
	w.uint(len(m.waves))
	for _, v := range m.waves {
		w.uint(v.season)
		w.uint(v.k)
	}
	// Beyond the last change the trend is one line, or one logistic curve.
	level, slope := m.theta[0], 0.0
	if k := m.changeTerms(); k == 2 {
		slope = m.theta[1]
		for j, c := range m.changes {
			slope += m.theta[k+j]
			level -= m.theta[k+j] * c
		}
	}
	w.float(level)
	w.float(slope)
	effects := m.terms() - len(m.events)
	for _, v := range m.theta[m.trendTerms():effects] {
		w.float(v)
	}
	w.uint(len(m.events))
	for i, e := range m.events {
		w.float(m.theta[effects+i])
		w.text(e.Name[:min(len(e.Name), 64)])
		var ahead []int
		for _, t := range e.Steps {
			if t >= m.n && len(ahead) < mostEventSteps {
				ahead = append(ahead, t-m.n)
			}
		}
		w.ints(ahead)
	}
}

// mostEventSteps is how many steps ahead of an event a state keeps.
const mostEventSteps = 256

func decodePiecewise(r *reader) Model {
	m := &piecewiseModel{}
	if k := int(r.byte()); k < len(growths) {
		m.growth = growths[k]
	} else {
		r.fail("the growth %d is unknown", k)
	}
	m.shares = r.byte() != 0
	m.n = r.uint(mostPoints)
	m.length = r.within(1, mostPoints)
	for _, v := range []*float64{&m.floor, &m.unit, &m.capacity, &m.phi, &m.last} {
		*v = r.finite()
	}
	m.periods = r.ints(mostPeriod, 16)
	for _, p := range m.periods {
		if p < 1 {
			r.fail("a period is %d", p)
			return m
		}
	}
	for range r.uint(1 << 10) {
		v := wave{r.uint(math.MaxInt32), r.uint(mostPeriod)}
		if v.season >= len(m.periods) {
			r.fail("a wave has no season")
			return m
		}
		m.waves = append(m.waves, v)
	}
	m.theta = []float64{r.finite()}
	if slope := r.finite(); m.growth != "flat" {
		m.theta = append(m.theta, slope)
	}
	for range 2 * len(m.waves) {
		m.theta = append(m.theta, r.finite())
	}
	for range r.uint(256) {
		m.theta = append(m.theta, r.finite())
		e := Event{Name: r.text(), Steps: r.ints(mostPeriod, mostEventSteps)}
		for i := range e.Steps {
			e.Steps[i] += m.n
			if i > 0 && e.Steps[i] <= e.Steps[i-1] {
				r.fail("an event's steps are out of order")
			}
		}
		m.events = append(m.events, e)
		if r.err != nil {
			return m
		}
	}
	if !(m.unit > 0) || m.phi < 0 || m.phi > 1 {
		r.fail("a piecewise trend is incomplete")
	}
	return m
}
