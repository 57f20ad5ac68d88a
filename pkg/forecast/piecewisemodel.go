package forecast

import (
	"fmt"
	"math"
	"slices"
)

// piecewiseModel is the fitted model: in units of unit above floor, the trend's terms first, then sine and cosine of each wave,
// then the events.
type piecewiseModel struct {
	growth      string
	shares      bool // seasons and events are shares of the trend
	n           int  // steps seen
	length      float64
	floor, unit float64
	capacity    float64
	periods     []int
	waves       []wave
	changes     []float64 // as shares of the history
	events      []Event
	theta       []float64
	phi, last   float64 // the remainder's autocorrelation and newest value
	fitted      []float64
}

// changeTerms is where the changes of slope begin, trendTerms where the trend ends.
func (m *piecewiseModel) changeTerms() int {
	if m.growth == "flat" {
		return 1
	}
	return 2
}

func (m *piecewiseModel) trendTerms() int { return m.changeTerms() + len(m.changes) }

func (m *piecewiseModel) terms() int { return m.trendTerms() + 2*len(m.waves) + len(m.events) }

// basis writes every term's value at step t.
func (m *piecewiseModel) basis(t int, out []float64) {
	at := float64(t) / m.length
	out[0] = 1
	k := 1
	if m.growth != "flat" {
		out[1], k = at, 2
		for _, c := range m.changes {
			out[k] = math.Max(at-c, 0)
			k++
		}
	}
	for _, w := range m.waves {
		p := m.periods[w.season]
		angle := 2 * math.Pi * float64(w.k) * float64(t%p) / float64(p)
		out[k], out[k+1] = math.Sincos(angle)
		k += 2
	}
	for _, e := range m.events {
		out[k] = indicator(e.Covers(t))
		k++
	}
}

// parts gives trend, seasons (one value each) and events at step t in the metric's unit, seasons and events as what they add.
func (m *piecewiseModel) parts(t int, scratch, seasons []float64) (trend, events float64) {
	m.basis(t, scratch)
	k := m.trendTerms()
	eta := 0.0
	for j, v := range scratch[:k] {
		eta += m.theta[j] * v
	}
	if m.growth == "saturating" {
		eta = 1 / (1 + math.Exp(-eta))
	}
	each := m.unit
	if m.shares {
		each *= eta
	}
	clear(seasons)
	for _, w := range m.waves {
		seasons[w.season] += each * (m.theta[k]*scratch[k] + m.theta[k+1]*scratch[k+1])
		k += 2
	}
	for ; k < len(scratch); k++ {
		events += each * m.theta[k] * scratch[k]
	}
	return m.floor + m.unit*eta, events
}

// at gives the model's value at step t, without what it left over before.
func (m *piecewiseModel) at(t int, scratch, seasons []float64) float64 {
	trend, events := m.parts(t, scratch, seasons)
	for _, s := range seasons {
		trend += s
	}
	return trend + events
}

func (m *piecewiseModel) scratch() (basis, seasons []float64) {
	return make([]float64, m.terms()), make([]float64, len(m.periods))
}

// finish measures what is left over and writes the fitted values.
func (m *piecewiseModel) finish(y []float64) {
	basis, seasons := m.scratch()
	m.fitted = make([]float64, len(y))
	rest := make([]float64, len(y))
	for t, v := range y {
		m.fitted[t] = m.at(t, basis, seasons)
		rest[t] = v - m.fitted[t]
	}
	m.phi = lagOne(rest)
	for t, r := range rest {
		m.fitted[t] += m.phi * m.last
		if m.last *= m.phi; !math.IsNaN(r) {
			m.last = r
		}
	}
}

func (m *piecewiseModel) Fitted() []float64 { return m.fitted }

func (m *piecewiseModel) Forecast(h int) []float64 {
	basis, seasons := m.scratch()
	out := make([]float64, h)
	last := m.last
	for i := range out {
		last *= m.phi
		out[i] = m.at(m.n+i, basis, seasons) + last
	}
	return out
}

func (m *piecewiseModel) next() float64 { return m.Forecast(1)[0] }

func (m *piecewiseModel) push(v float64) {
	basis, seasons := m.scratch()
	r := v - m.at(m.n, basis, seasons)
	if m.last *= m.phi; !math.IsNaN(r) {
		m.last = r
	}
	m.n++
}

func (m *piecewiseModel) fork() Model {
	out := *m
	out.fitted, out.theta = nil, slices.Clone(m.theta)
	return &out
}

// Explain names the slope per step that goes on, the changes that count, and each event's effect.
func (m *piecewiseModel) Explain() map[string]float64 {
	out := map[string]float64{"autocorrelation": m.phi}
	k := m.changeTerms()
	count := 0.0
	if k == 2 {
		slope := m.theta[1]
		for _, d := range m.theta[k:m.trendTerms()] {
			slope += d
			count += indicator(math.Abs(d) > 0.01)
		}
		name := "slope"
		if m.growth == "saturating" {
			name = "growth rate"
		} else {
			slope *= m.unit
		}
		out[name], out["changes of slope"] = slope/m.length, count
	}
	for i, e := range m.events {
		effect := m.theta[m.terms()-len(m.events)+i]
		if m.shares {
			out["event "+e.Name+" (share)"] = effect
		} else {
			out["event "+e.Name] = effect * m.unit
		}
	}
	for i, p := range m.periods {
		out[fmt.Sprintf("season %d swing", p)] = m.swing(i)
	}
	return out
}

// swing is the difference of a season's highest and lowest value now.
func (m *piecewiseModel) swing(season int) float64 {
	basis, seasons := m.scratch()
	lo, hi := math.Inf(1), math.Inf(-1)
	for t := m.n; t < m.n+m.periods[season]; t++ {
		m.parts(t, basis, seasons)
		lo, hi = min(lo, seasons[season]), max(hi, seasons[season])
	}
	return hi - lo
}
