package forecast

import "math"

// combinedModel holds the members and how their means are refined to single steps.
type combinedModel struct {
	q, n    int // steps in a mean; steps seen
	period  int // of the detail, 0 = none
	detail  detail
	tail    []float64 // the last q values of a whole mean, then those of a mean not yet whole
	ids     []string
	models  []Model
	shares  shares
	fitted  []float64
	untried int         // members for which no time was left
	origins []int       // of the backtest, in steps
	errors  [][]float64 // of the backtest, actual minus forecast
}

func (c *combinedModel) Fitted() []float64 { return c.fitted }

func (c *combinedModel) Forecast(h int) []float64 {
	begun := len(c.tail) - c.q
	means := (begun + h + c.q - 1) / c.q
	if c.q > 1 && h > c.q {
		means++ // without the next one the last half mean would lie on no line
	}
	rows := make([][]float64, len(c.models))
	for i, m := range c.models {
		rows[i] = m.Forecast(means)
	}
	return c.detail.refine(c.shares.blend(rows), c.n-begun, c.tail, h)
}

func (c *combinedModel) Explain() map[string]float64 {
	out := map[string]float64{"steps in a mean": float64(c.q)}
	for i, id := range c.ids {
		out["weight of "+id] += c.shares.of(i)
	}
	return out
}

func (c *combinedModel) fork() Model {
	out := *c
	out.fitted, out.origins, out.errors = nil, nil, nil
	out.tail = append(make([]float64, 0, 4*c.q+64), c.tail...)
	out.models = make([]Model, len(c.models))
	for i, m := range c.models {
		out.models[i] = m.fork()
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
		order[i] = m.next()
		values[i] = order[i : i+1]
	}
	return c.shares.blend(values)[0]
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
		m.push(mean)
	}
	copy(c.tail, c.tail[c.q:])
	c.tail = c.tail[:len(c.tail)-c.q]
}

func (c *combinedModel) encode(w *writer) {
	w.byte(kindCombined)
	w.uint(c.q)
	w.uint(c.n)
	w.uint(c.period)
	w.floats(c.detail.profile)
	w.float(c.detail.phi)
	w.floats(c.tail)
	w.uint(c.shares.over)
	w.uint(len(c.models))
	for i, m := range c.models {
		w.text(c.ids[i])
		w.float(c.shares.near[i])
		w.float(c.shares.far[i])
		m.encode(w)
	}
}

func decodeCombined(r *reader, depth int) Model {
	c := &combinedModel{q: r.uint(mostPeriod), n: r.uint(mostPoints), period: r.uint(mostPeriod)}
	c.detail = detail{q: c.q, profile: r.finites(mostPeriod), phi: r.within(-1, 1)}
	c.tail = r.floats(mostPeriod)
	c.shares.over = r.uint(mostPeriod)
	n := r.uint(mostModels)
	for range n {
		if r.err != nil {
			return c
		}
		c.ids = append(c.ids, r.text())
		c.shares.add(r.within(0, 1), r.within(0, 1))
		c.models = append(c.models, r.model(depth+1))
	}
	if n == 0 || c.q < 1 || len(c.tail) < c.q || c.n < len(c.tail) {
		r.fail("a combination is incomplete")
	}
	return c
}
