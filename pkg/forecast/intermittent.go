package forecast

import (
	"context"
	"math"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

// intermittent forecasts a count that is mostly zero: the size of what comes and how often it comes are smoothed apart, and
// their product is the mean rate ahead. Croston: "Forecasting and stock control for intermittent demands", Operational Research
// Quarterly 23, 1972, smooths sizes and intervals where something comes; Syntetos and Boylan: "The accuracy of intermittent
// demand estimates", International Journal of Forecasting 21, 2005, take out its bias; Teunter, Syntetos and Babai:
// "Intermittent demand: linking forecasting to inventory obsolescence", European Journal of Operational Research 214, 2011, smooth
// the probability at every step, so that the forecast fades when nothing comes any more.
type intermittent struct {
	variant string
	alpha   float64
}

func newIntermittent(p param.Values) Forecaster {
	return intermittent{p.String("variant"), p.Float("alpha")}
}

func (f intermittent) Fit(_ context.Context, in Input) (Model, error) {
	if err := needs("a sparse count", in.Values, 3); err != nil {
		return nil, err
	}
	m := &sparseModel{variant: f.variant, alpha: f.alpha, fitted: series.Missing(len(in.Values))}
	for t, v := range in.Values {
		if m.seen {
			m.fitted[t] = m.next()
		}
		m.push(v)
	}
	return m, nil
}

// sparseModel is the fitted model.
type sparseModel struct {
	variant  string
	alpha    float64
	begun    bool    // there was a value already
	seen     bool    // something came already
	size     float64 // of what comes
	interval float64 // steps from one to the next; Croston's
	since    float64 // steps since the last
	rate     float64 // share of steps at which something comes; Teunter's
	fitted   []float64
}

func (m *sparseModel) push(v float64) {
	if math.IsNaN(v) {
		return
	}
	came := v != 0
	if m.begun {
		m.rate += m.alpha * (indicator(came) - m.rate)
	} else {
		m.rate, m.begun = indicator(came), true
	}
	m.since++
	if !came {
		return
	}
	if !m.seen {
		m.size, m.interval = v, m.since
	} else {
		m.size += m.alpha * (v - m.size)
		m.interval += m.alpha * (m.since - m.interval)
	}
	m.seen, m.since = true, 0
}

func (m *sparseModel) next() float64 {
	switch {
	case !m.seen:
		return 0
	case m.variant == "tsb":
		return m.rate * m.size
	case m.variant == "sba":
		return (1 - m.alpha/2) * m.size / m.interval
	}
	return m.size / m.interval
}

func (m *sparseModel) Fitted() []float64 { return m.fitted }

func (m *sparseModel) Forecast(h int) []float64 {
	out := make([]float64, h)
	for i := range out {
		out[i] = m.next()
	}
	return out
}

func (m *sparseModel) Explain() map[string]float64 {
	out := map[string]float64{"alpha": m.alpha, "size": m.size, "rate": m.rate}
	if m.variant != "tsb" {
		delete(out, "rate")
		out["interval"] = m.interval
	}
	return out
}

func (m *sparseModel) fork() Model {
	out := *m
	out.fitted = nil
	return &out
}

func (m *sparseModel) encode(w *writer) {
	w.byte(kindSparse)
	w.text(m.variant)
	for _, v := range []float64{m.alpha, m.size, m.interval, m.since, m.rate} {
		w.float(v)
	}
	w.byte(byte(indicator(m.seen) + 2*indicator(m.begun)))
}

func decodeSparse(r *reader) Model {
	m := &sparseModel{variant: r.text(), alpha: r.within(0, 1), size: r.finite(), interval: r.within(0, mostPoints), since: r.within(0, mostPoints),
		rate: r.within(0, 1)}
	flags := r.byte()
	m.seen, m.begun = flags&1 != 0, flags&2 != 0
	if m.seen && m.variant != "tsb" && m.interval < 1 {
		r.fail("the interval of a sparse count is %v", m.interval)
	}
	return m
}
