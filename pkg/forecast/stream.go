package forecast

import (
	"math"
	"slices"
)

// How the models go on point by point, in their own copies.

func (f *naiveModel) fork() stateful {
	out := *f
	out.cycle, out.fitted = slices.Clone(f.cycle), nil
	return &out
}

func (f *naiveModel) next() float64 { return f.cycle[f.at] + f.slope*float64(f.since+1) }

func (f *naiveModel) push(v float64) {
	f.since++
	if !math.IsNaN(v) {
		f.cycle[f.at], f.since = v, 0
	}
	if f.at++; f.at == f.period {
		f.at = 0
	}
}

func (m *etsModel) fork() stateful {
	out := *m
	out.state.season, out.fitted, out.x0 = slices.Clone(m.state.season), nil, nil
	return &out
}

func (m *etsModel) next() float64 {
	v := m.state.level + m.params.phi*m.state.slope
	if m.state.season != nil {
		v += m.state.season[m.state.at]
	}
	return v
}

func (m *etsModel) push(v float64) { m.state.step(v, m.params) }

func (m *standardTheta) fork() stateful {
	out := *m
	out.fitted = nil
	return &out
}

func (m *standardTheta) next() float64 { return m.level + m.step(m.n, 0) }

func (m *standardTheta) push(v float64) {
	if !math.IsNaN(v) {
		m.level += m.alpha * (v - m.level)
	}
	m.n++
}

func (m *dynamicTheta) fork() stateful {
	out := *m
	out.fitted = nil
	return &out
}

func (m *dynamicTheta) next() float64 { return m.expect() }

func (m *dynamicTheta) push(v float64) {
	if math.IsNaN(v) {
		v = m.expect()
	}
	m.update(v)
}

func (m *linearModel) fork() stateful {
	out := *m
	out.fitted = nil
	return &out
}

func (m *linearModel) next() float64 { return m.level + m.slope }

func (m *linearModel) push(v float64) { m.step(v) }

// fork gives the tail room to grow, so that a push seldom moves it.
func (m *arModel) fork() stateful {
	out := *m
	p := m.longest()
	out.train = nil
	out.tail = append(make([]float64, 0, 2*p+64), m.tail[len(m.tail)-p:]...)
	return &out
}

func (m *arModel) next() float64 {
	v := m.inside(m.expect(m.tail, len(m.tail)), 0)
	if m.logs {
		return math.Exp(v)
	}
	return v
}

func (m *arModel) push(v float64) {
	if m.logs {
		v = math.Log(v)
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = m.inside(m.expect(m.tail, len(m.tail)), 0)
	}
	if len(m.tail) == cap(m.tail) {
		p := m.longest()
		copy(m.tail, m.tail[len(m.tail)-p:])
		m.tail = m.tail[:p]
	}
	m.tail = append(m.tail, v)
	m.n++
}

// fork keeps the last cycle of each season, which is all that a forecast needs.
func (m *seasonalModel) fork() stateful {
	out := *m
	out.fitted = nil
	if rest, ok := m.adjusted.(stateful); ok {
		out.adjusted = rest.fork()
	}
	n := 0
	out.split = decomposition{periods: m.split.periods}
	for i, s := range m.split.seasons {
		n = len(s)
		last := s[len(s)-m.split.periods[i]:]
		if len(last) < len(s) {
			last = slices.Clone(last) // does not keep the rest of the season in memory
		}
		out.split.seasons = append(out.split.seasons, last)
	}
	// The point after the data is the first of each cycle.
	if out.n = m.n - n; m.cycled {
		out.n = m.n
	}
	out.cycled = true
	return &out
}

func (m *seasonalModel) next() float64 { return m.adjusted.(stateful).next() + m.split.season(m.n) }

func (m *seasonalModel) push(v float64) {
	m.adjusted.(stateful).push(v - m.split.season(m.n))
	m.n++
}

func (c *combinedModel) fork() stateful {
	out := *c
	out.fitted, out.origins, out.errors = nil, nil, nil
	out.tail = append(make([]float64, 0, 4*c.q+64), c.tail...)
	out.models = make([]Model, len(c.models))
	for i, m := range c.models {
		out.models[i] = m
		if s, ok := m.(stateful); ok {
			out.models[i] = s.fork()
		}
	}
	return &out
}

func (c *combinedModel) next() float64 {
	mean := c.nextMean()
	if c.q == 1 {
		return mean
	}
	// The next step lies within the next mean, as the one begun is not whole.
	return c.detail.refine([]float64{mean}, c.n-(len(c.tail)-c.q), c.tail, 1)[0]
}

// nextMean blends what the models expect of the next mean.
func (c *combinedModel) nextMean() float64 {
	values, order := make([][]float64, len(c.models)), make([]float64, len(c.models))
	for i, m := range c.models {
		order[i] = m.(stateful).next()
		values[i] = order[i : i+1]
	}
	return blend(values, c.weights)[0]
}

func (c *combinedModel) push(v float64) {
	if len(c.tail) == cap(c.tail) {
		// What is before the last whole mean is not needed.
		c.tail = append(make([]float64, 0, cap(c.tail)), c.tail...)
	}
	c.tail = append(c.tail, v)
	c.n++
	if len(c.tail) < 2*c.q {
		return
	}
	mean := v
	if c.q > 1 {
		mean = aggregate(c.tail[c.q:], c.q)[0]
	}
	if math.IsNaN(mean) || math.IsInf(mean, 0) {
		mean = c.nextMean()
	}
	for _, m := range c.models {
		m.(stateful).push(mean)
	}
	copy(c.tail, c.tail[c.q:])
	c.tail = c.tail[:len(c.tail)-c.q]
}
