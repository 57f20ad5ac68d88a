package forecast

import (
	"fmt"
	"math"

	"github.com/forewarn/earlywarning/pkg/series"
)

// regressionModel holds the series, in logs where logs is set, with gaps filled, or its newest part.
type regressionModel struct {
	n, length int // points seen; those of the training data
	before    int // points left out in front of y
	recent    int
	lags      []int // seasonal lags, ascending
	profiles  []meanProfile
	beside    []int // phases beside that of each profile
	logs      bool
	floor     float64 // smallest of the newest training values: others in logs go no lower
	y         []float64
	centre    float64
	lo, hi    float64    // range of the training data
	fit       *recursive // sums are nil where it does not learn
	scratch   []float64  // row of a fork
}

func (m *regressionModel) k() int {
	k := m.recent + len(m.lags)
	for _, b := range m.beside {
		k += 2*b + 1
	}
	return k
}

// blank is a row of 1, the regressors and the value.
func (m *regressionModel) blank() []float64 {
	row := make([]float64, m.k()+2)
	row[0] = 1
	return row
}

// longest is how many points before a row its lags reach.
func (m *regressionModel) longest() int {
	if k := len(m.lags); k > 0 {
		return max(m.recent, m.lags[k-1])
	}
	return m.recent
}

// first is the first point with all its regressors.
func (m *regressionModel) first() int {
	out := m.longest()
	for i, p := range m.profiles {
		out = max(out, p.period+m.beside[i])
	}
	return out
}

func (m *regressionModel) logarithm(v float64) float64 { return math.Log(max(v, m.floor)) }

func (m *regressionModel) grow() {
	for i := range m.profiles {
		m.profiles[i].grow(m.y, m.before)
	}
}

// fill writes the regressors of point t into a row, and its value unless it is the next one.
func (m *regressionModel) fill(row []float64, t int) {
	y, centre := m.y, m.centre
	k := 1
	for lag := 1; lag <= m.recent; lag++ {
		row[k] = y[t-lag] - centre
		k++
	}
	for _, lag := range m.lags {
		row[k] = y[t-lag] - centre
		k++
	}
	for i, p := range m.profiles {
		for _, v := range p.mean[t-m.beside[i] : t+m.beside[i]+1] {
			row[k] = v - centre
			k++
		}
	}
	if t < len(y) {
		row[k] = y[t] - centre
	}
}

// expected gives what is expected of the next point, in logs where the model is, h steps after the last known one.
func (m *regressionModel) expected(row []float64, h int) float64 {
	m.fill(row, len(m.y))
	return m.inside(m.fit.expect(row)+m.centre, h)
}

// inside keeps an iterated forecast, which may explode, near the range of the data: half of it beyond, and with the step as
// much more as a steady trend would reach.
func (m *regressionModel) inside(f float64, h int) float64 {
	room := (m.hi - m.lo) * (0.5 + float64(h)/float64(m.length))
	return min(max(f, m.lo-room), m.hi+room)
}

// learn takes newer points in and estimates again; a model that was estimated at once keeps its coefficients.
func (m *regressionModel) learn(newer []float64) {
	row := m.blank()
	for _, v := range newer {
		m.append(v, row, 0)
		if m.fit.sums != nil && !math.IsNaN(v) {
			m.fill(row, len(m.y)-1)
			m.fit.add(row)
		}
	}
	if m.fit.sums != nil {
		m.fit.solve()
	}
}

// append takes one point in, as it is in the series.
func (m *regressionModel) append(v float64, row []float64, h int) {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		v = m.expected(row, h)
	case m.logs:
		v = m.logarithm(v)
	}
	m.y = append(m.y, v)
	m.n++
	m.grow()
}

func (m *regressionModel) Forecast(h int) []float64 {
	c := m.ahead(h)
	out := make([]float64, h)
	for i := range out {
		c.append(math.NaN(), c.scratch, i)
		c.trim()
		if out[i] = c.y[len(c.y)-1]; m.logs {
			out[i] = math.Exp(out[i])
		}
	}
	return out
}

func (m *regressionModel) Fitted() []float64 {
	out := series.Missing(m.length)
	row := m.blank()
	for t := m.first(); m.before+t < m.length; t++ {
		m.fill(row, t)
		f := m.inside(m.fit.expect(row)+m.centre, 0)
		if m.logs {
			f = math.Exp(f)
		}
		out[m.before+t] = f
	}
	return out
}

// Explain tells the lags alone: only members of combinations, which nobody asks, have profiles.
func (m *regressionModel) Explain() map[string]float64 {
	out := map[string]float64{"constant": m.fit.constant + m.centre}
	for j, b := range m.fit.coef[:m.recent+len(m.lags)] {
		lag := j + 1
		if j >= m.recent {
			lag = m.lags[j-m.recent]
		}
		out[fmt.Sprintf("lag %d", lag)] = b
		out["constant"] -= b * m.centre
	}
	return out
}
