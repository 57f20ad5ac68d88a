package forecast

import (
	"context"
	"fmt"
	"math"

	"github.com/forewarn/earlywarning/pkg/order"
)

// medianProfile repeats, at each phase of the shortest season, the median of the last cycles: an incident in one of them leaves
// no trace.
type medianProfile struct{ cycles int }

func (f medianProfile) Fit(_ context.Context, in Input) (Model, error) {
	if len(in.seasons) == 0 || len(in.Values) < 2*in.seasons[0] {
		return nil, fmt.Errorf("%w: a profile needs two cycles", ErrTooShort)
	}
	y := withRoom(fillGaps(in.Values, usable(in.seasons, len(in.Values))), in.room)
	return &medianModel{period: in.seasons[0], cycles: f.cycles, y: y}, nil
}

// medianModel holds the series, or its newest cycles.
type medianModel struct {
	onlyMember
	period, cycles int
	y              []float64
}

// learn takes newer points in.
func (m *medianModel) learn(newer []float64) {
	for _, v := range newer {
		m.take(v)
	}
}

func (m *medianModel) take(v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = m.y[len(m.y)-m.period]
	}
	m.y = append(m.y, v)
}

// at gives the median for the point i after the last one, i less than the period.
func (m *medianModel) at(i int, buf []float64) float64 {
	for t := len(m.y) - m.period + i; t >= 0 && len(buf) < m.cycles; t -= m.period {
		buf = append(buf, m.y[t])
	}
	return order.Median(buf)
}

func (m *medianModel) Forecast(h int) []float64 {
	out := make([]float64, h)
	buf := make([]float64, 0, m.cycles)
	for i := range out {
		if i >= m.period {
			out[i] = out[i-m.period]
		} else {
			out[i] = m.at(i, buf)
		}
	}
	return out
}

func (m *medianModel) keep() []float64 { return newest(m.y, m.cycles*m.period) }

func (m *medianModel) fork() Model {
	out := *m
	out.y = append(make([]float64, 0, 2*m.cycles*m.period+64), m.keep()...)
	return &out
}

func (m *medianModel) next() float64 { return m.at(0, make([]float64, 0, m.cycles)) }

func (m *medianModel) push(v float64) {
	if len(m.y) == cap(m.y) {
		m.y = m.y[:copy(m.y, m.keep())]
	}
	m.take(v)
}

func (m *medianModel) encode(w *writer) {
	w.byte(kindMedian)
	w.uint(m.period)
	w.uint(m.cycles)
	w.floats(m.keep())
}

func decodeMedian(r *reader) Model {
	m := &medianModel{period: r.uint(mostPeriod), cycles: r.uint(1 << 10), y: r.finites(mostPeriod)}
	if m.period < 1 || m.cycles < 1 || len(m.y) < m.period {
		r.fail("a profile is incomplete")
	}
	return m
}
