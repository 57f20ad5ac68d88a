package forecast

import "slices"

// Kinds of stored models; a number once given keeps its meaning.
const (
	kindNaive         = 1
	kindETS           = 2
	kindStandardTheta = 3
	kindDynamicTheta  = 4
	kindLinear        = 5
	kindAR            = 6
	kindSeasonal      = 7
	kindCombined      = 8
	kindETSFamily     = 9
	kindSparse        = 10
	kindARIMA         = 11
	kindPiecewise     = 12
	kindRegression    = 13
	kindDelta         = 14
	kindMedian        = 15
	kindAway          = 16
)

const (
	mostPeriod = 1 << 17
	mostModels = 64
	mostPoints = 1 << 40
)

func putModel(w *writer, m Model) { m.(stateful).encode(w) }

// model reads a model; the number in front says of which kind.
func (r *reader) model(depth int) stateful {
	kind := r.byte()
	if r.err != nil || depth > 3 {
		r.fail("no model, or too many within each other")
		return nil
	}
	switch kind {
	case kindNaive:
		return decodeNaive(r)
	case kindETS:
		return decodeETS(r)
	case kindStandardTheta:
		return decodeStandardTheta(r)
	case kindDynamicTheta:
		return decodeDynamicTheta(r)
	case kindLinear:
		return decodeLinear(r)
	case kindAR:
		return decodeAR(r)
	case kindETSFamily:
		return decodeETSFamily(r)
	case kindSparse:
		return decodeSparse(r)
	case kindARIMA:
		return decodeARIMA(r)
	case kindPiecewise:
		return decodePiecewise(r)
	case kindRegression:
		return decodeRegression(r)
	case kindDelta:
		return decodeDelta(r)
	case kindMedian:
		return decodeMedian(r)
	case kindAway:
		return decodeAway(r)
	case kindSeasonal:
		return decodeSeasonal(r, depth)
	case kindCombined:
		return decodeCombined(r, depth)
	}
	r.fail("a model is of the unknown kind %d", kind)
	return nil
}

func (f *naiveModel) encode(w *writer) {
	w.byte(kindNaive)
	w.floats(slices.Concat(f.cycle[f.at:], f.cycle[:f.at]))
	w.float(f.slope)
	w.uint(f.since)
}

func decodeNaive(r *reader) stateful {
	f := &naiveModel{cycle: r.finites(mostPeriod), slope: r.finite(), since: r.uint(mostPoints)}
	if f.period = len(f.cycle); f.period == 0 {
		r.fail("a cycle is empty")
	}
	return f
}

func (m *etsModel) encode(w *writer) {
	w.byte(kindETS)
	for _, v := range []float64{m.params.alpha, m.params.beta, m.params.gamma, m.params.phi, m.state.level, m.state.slope, m.aicc} {
		w.float(v)
	}
	flags := byte(0)
	if m.form.trend {
		flags |= 1
	}
	if m.form.damped {
		flags |= 2
	}
	w.byte(flags)
	s := m.state.season
	w.floats(slices.Concat(s[min(m.state.at, len(s)):], s[:min(m.state.at, len(s))]))
}

func decodeETS(r *reader) stateful {
	m := &etsModel{}
	for _, p := range []*float64{&m.params.alpha, &m.params.beta, &m.params.gamma, &m.params.phi, &m.state.level, &m.state.slope, &m.aicc} {
		*p = r.finite()
	}
	flags := r.byte()
	m.form.trend, m.form.damped = flags&1 != 0, flags&2 != 0
	if s := r.finites(mostPeriod); len(s) > 0 {
		m.state.season, m.form.period = s, len(s)
	}
	return m
}

func (m *standardTheta) encode(w *writer) {
	w.byte(kindStandardTheta)
	w.float(m.alpha)
	w.float(m.level)
	w.float(m.drift)
	w.float(m.b)
	w.uint(m.n)
}

func decodeStandardTheta(r *reader) stateful {
	return &standardTheta{alpha: r.within(1e-9, 1), level: r.finite(), drift: r.finite(), b: r.finite(), n: r.uint(mostPoints)}
}

func (m *dynamicTheta) encode(w *writer) {
	w.byte(kindDynamicTheta)
	w.byte(byte(indicator(m.fixed)))
	for _, v := range []float64{m.alpha, m.theta, m.level, m.a, m.b, m.mean, m.n, m.decay} {
		w.float(v)
	}
}

func decodeDynamicTheta(r *reader) stateful {
	return &dynamicTheta{fixed: r.byte() != 0, alpha: r.within(1e-9, 1), theta: r.within(1, 1e6), level: r.finite(), a: r.finite(), b: r.finite(), mean: r.finite(),
		n: r.within(1, mostPoints), decay: r.within(0, 1)}
}

func (m *linearModel) encode(w *writer) {
	w.byte(kindLinear)
	w.float(m.slope)
	w.float(m.level)
}

func decodeLinear(r *reader) stateful { return &linearModel{slope: r.finite(), level: r.finite()} }

func (m *arModel) encode(w *writer) {
	w.byte(kindAR)
	logs := byte(0)
	if m.logs {
		logs = 1
	}
	w.byte(logs)
	w.ints(m.lags)
	for _, v := range m.coef {
		w.float(v)
	}
	w.float(m.constant)
	w.uint(m.n)
	w.uint(m.length)
	w.float(m.lo)
	w.float(m.hi)
	w.floats(m.tail[len(m.tail)-m.longest():])
}

func decodeAR(r *reader) stateful {
	m := &arModel{logs: r.byte() != 0, lags: r.ints(mostPeriod, 1<<12)}
	for range m.lags {
		m.coef = append(m.coef, r.finite())
	}
	m.constant = r.finite()
	m.n, m.length = r.uint(mostPoints), r.uint(mostPoints)
	m.lo, m.hi = r.finite(), r.finite()
	m.tail = r.finites(mostPeriod)
	for i, lag := range m.lags {
		if lag < 1 || i > 0 && lag <= m.lags[i-1] {
			r.fail("lags are out of order")
			return m
		}
	}
	if len(m.lags) == 0 || len(m.tail) != m.longest() || m.length < 1 || m.lo > m.hi {
		r.fail("an autoregression is incomplete")
		return m
	}
	return m
}

func (m *seasonalModel) encode(w *writer) {
	w.byte(kindSeasonal)
	w.uint(m.n)
	w.uint(len(m.split.seasons))
	for _, s := range m.split.seasons {
		w.floats(s)
	}
	putModel(w, m.adjusted)
}

func decodeSeasonal(r *reader, depth int) stateful {
	m := &seasonalModel{cycled: true, n: r.uint(mostPoints)}
	for range r.uint(16) {
		s := r.finites(mostPeriod)
		if len(s) == 0 {
			r.fail("a season is empty")
			return m
		}
		m.split.seasons, m.split.periods = append(m.split.seasons, s), append(m.split.periods, len(s))
	}
	m.adjusted = r.model(depth + 1)
	return m
}

func (c *combinedModel) encode(w *writer) {
	w.byte(kindCombined)
	w.uint(c.q)
	w.uint(c.n)
	w.uint(c.period)
	w.floats(c.detail.profile)
	w.float(c.detail.phi)
	w.floats(c.tail)
	w.uint(len(c.models))
	for i, m := range c.models {
		w.text(c.ids[i])
		w.float(c.weights[i])
		putModel(w, m)
	}
}

func decodeCombined(r *reader, depth int) stateful {
	c := &combinedModel{q: r.uint(mostPeriod), n: r.uint(mostPoints), period: r.uint(mostPeriod)}
	c.detail = detail{q: c.q, profile: r.finites(mostPeriod), phi: r.within(-1, 1)}
	c.tail = r.floats(mostPeriod)
	n := r.uint(mostModels)
	for range n {
		if r.err != nil {
			return c
		}
		c.ids, c.weights = append(c.ids, r.text()), append(c.weights, r.within(0, 1))
		c.models = append(c.models, r.model(depth+1))
	}
	if n == 0 || c.q < 1 || len(c.tail) < c.q || c.n < len(c.tail) {
		r.fail("a combination is incomplete")
	}
	return c
}
