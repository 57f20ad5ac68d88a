package forecast

import (
	"context"
	"fmt"
	"math"
)

// awayFromProfile forecasts how far a series is from the mean profile of its longest season by a regression: what is unusual
// now fades while the week's usual course goes on.
type awayFromProfile struct {
	cycles int
	rest   regression
}

func (f awayFromProfile) Fit(ctx context.Context, in Input) (Model, error) {
	periods := usable(in.seasons, len(in.Values))
	if len(periods) == 0 {
		return nil, fmt.Errorf("%w: a profile needs two cycles", ErrTooShort)
	}
	p := periods[len(periods)-1]
	n := len(in.Values)
	m := &awayModel{profile: meanProfile{period: p, cycles: f.cycles}}
	m.y = withRoom(fillGaps(in.Values, periods), in.room)
	m.profile.mean = make([]float64, 0, n+p+in.room)
	m.profile.grow(m.y, 0)
	part := in
	part.Values = make([]float64, n-p)
	for t := p; t < n; t++ {
		part.Values[t-p] = in.Values[t] - m.profile.mean[t]
	}
	rest, err := f.rest.Fit(ctx, part)
	if err != nil {
		return nil, err
	}
	m.rest = rest.(*regressionModel)
	return m, nil
}

// awayModel holds the series from some point on, and its profile to a cycle further.
type awayModel struct {
	onlyMember
	before  int // points left out in front of y
	y       []float64
	profile meanProfile
	rest    *regressionModel
}

// learn takes newer points in and estimates again.
func (m *awayModel) learn(newer []float64) {
	known := len(m.rest.y)
	if m.rest.scratch == nil {
		m.rest.scratch = m.rest.blank()
	}
	for _, v := range newer {
		away := m.take(v)
		if !math.IsNaN(away) {
			m.rest.fill(m.rest.scratch, known)
			m.rest.fit.add(m.rest.scratch)
		}
		known++
	}
	m.rest.fit.solve()
}

// take takes one point in and gives its distance from the profile, NaN where it is missing.
func (m *awayModel) take(v float64) (away float64) {
	mean := m.profile.mean[len(m.y)]
	if away = v - mean; math.IsNaN(v) || math.IsInf(v, 0) {
		away = math.NaN()
		v = mean + m.rest.next()
	}
	m.rest.append(away, m.rest.scratch, 0)
	m.y = append(m.y, v)
	m.profile.grow(m.y, m.before)
	return away
}

func (m *awayModel) Forecast(h int) []float64 {
	out := m.rest.Forecast(h)
	profile := m.profile
	profile.mean = withRoom(m.profile.mean[len(m.y):], h)
	y := make([]float64, 0, h)
	for i := range out {
		out[i] += profile.mean[i]
		y = append(y, out[i])
		profile.grow(y, m.before+len(m.y))
	}
	return out
}

func (m *awayModel) fork() Model {
	out := *m
	drop := len(m.y)
	out.before += drop
	p := m.profile.period
	out.y = make([]float64, 0, p+64)
	out.profile.mean = append(make([]float64, 0, 2*p+64), m.profile.mean[drop:]...)
	out.rest = m.rest.fork().(*regressionModel)
	return &out
}

func (m *awayModel) next() float64 { return m.profile.mean[len(m.y)] + m.rest.next() }

func (m *awayModel) push(v float64) {
	if len(m.y) == cap(m.y) {
		drop := len(m.y)
		m.before += drop
		m.profile.mean = m.profile.mean[:copy(m.profile.mean, m.profile.mean[drop:])]
		m.y = m.y[:0]
	}
	m.take(v)
	m.rest.trim()
}

func (m *awayModel) encode(w *writer) {
	w.byte(kindAway)
	w.uint(m.before + len(m.y))
	w.uint(m.profile.cycles)
	w.floats(m.profile.mean[len(m.y):])
	m.rest.encode(w)
}

func decodeAway(r *reader) Model {
	m := &awayModel{before: r.uint(mostPoints)}
	m.profile = meanProfile{cycles: r.uint(1 << 10), mean: r.finites(mostPeriod)}
	m.profile.period = len(m.profile.mean)
	if r.byte() != kindRegression || m.profile.period == 0 || m.profile.cycles < 1 {
		r.fail("a profile is incomplete")
		return m
	}
	m.rest, _ = decodeRegression(r).(*regressionModel)
	return m
}
