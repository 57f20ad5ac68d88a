package forecast

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

// sparseAR regresses a series on its own recent past and on the same time one season ago, for every season: least squares
// on the lags 1 to 5 and, around each period m, on m-k to m+k (subset autoregression: McClave, "Subset autoregression",
// Technometrics 17, 1975; the multiplicative seasonal model of Box and Jenkins has the same lags). Nothing is differenced,
// forecasts are iterated. Groups of lags for which the history is too short are left out.
type sparseAR struct {
	logs   bool // model series of positive values in logs
	cycles int  // cycles of the longest season to learn from, lags included; 0 = everything
}

// arLeast is how many points a window of some cycles keeps at least.
const arLeast = 200

func newSparseAR(p param.Values) Forecaster {
	return sparseAR{logs: p.Bool("logs"), cycles: p.Int("cycles")}
}

func (f sparseAR) Fit(ctx context.Context, in Input) (Model, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	y, periods := in.Values, in.Periods
	if k := len(periods); f.cycles > 0 && k > 0 {
		y = y[max(len(y)-max(f.cycles*periods[k-1], arLeast), 0):]
	}
	m := &arModel{logs: f.logs && suitsLogs(y), n: len(in.Values)}
	if m.logs {
		y = logarithms(y)
	}
	for m.lags = arLags(periods, len(y)); !m.estimate(y); m.lags = m.lags[:len(m.lags)-1] {
		if len(m.lags) <= 1 {
			return nil, fmt.Errorf("%w: %d known values do not determine an autoregression", ErrTooShort, series.CountKnown(y))
		}
	}
	m.train = slices.Clone(fillGaps(y, periods))
	m.tail, m.length = m.train[len(m.train)-m.longest():], len(m.train)
	m.lo, m.hi = spread(y)
	return m, nil
}

// arLags gives the lags, ascending, that n points can determine: at least three rows for each.
func arLags(periods []int, n int) []int {
	lags := []int{1, 2, 3, 4, 5}
	for _, m := range periods {
		k := 3
		if m > 200 {
			k = 2
		}
		for lag := max(m-k, lags[len(lags)-1]+1); lag <= m+k; lag++ {
			lags = append(lags, lag)
		}
	}
	for len(lags) > 1 && n-lags[len(lags)-1] < 3*len(lags)+2 {
		lags = lags[:len(lags)-1]
	}
	return lags
}

// suitsLogs tells whether all values are positive and within two decades, so that shares mean more than differences.
func suitsLogs(y []float64) bool {
	lo, hi := spread(y)
	return lo > 0.01*hi
}

func logarithms(y []float64) []float64 {
	out := make([]float64, len(y))
	for i, v := range y {
		out[i] = math.Log(v)
	}
	return out
}

// arModel is fitted on train, which is in logs where logs is set.
type arModel struct {
	logs     bool
	lags     []int
	coef     []float64
	constant float64
	n        int       // points of the input, of which train is the newest part
	train    []float64 // gaps filled
	length   int       // of train
	tail     []float64 // the newest values, as many as the longest lag
	lo, hi   float64   // range of the data
}

func (m *arModel) longest() int { return m.lags[len(m.lags)-1] }

// expect is the one-step forecast of y[t] from what is before it.
func (m *arModel) expect(y []float64, t int) float64 {
	f := m.constant
	for j, lag := range m.lags {
		f += m.coef[j] * y[t-lag]
	}
	return f
}

// Update takes newer points in; a missing one counts as expected.
func (m *arModel) Update(newer []float64) Model {
	p := len(m.tail)
	y := append(slices.Clone(m.tail), newer...)
	for t := p; t < len(y); t++ {
		if m.logs {
			y[t] = math.Log(y[t])
		}
		if math.IsNaN(y[t]) || math.IsInf(y[t], 0) {
			y[t] = m.inside(m.expect(y, t), 0)
		}
	}
	out := *m
	out.tail = y[len(y)-p:]
	return &out
}

// inside keeps an iterated forecast, which may explode, near the range of the data: half of it beyond, and with the step as
// much more as a steady trend would reach.
func (m *arModel) inside(f float64, h int) float64 {
	room := (m.hi - m.lo) * (0.5 + float64(h)/float64(max(m.length, len(m.train))))
	return min(max(f, m.lo-room), m.hi+room)
}

func (m *arModel) Forecast(h int) []float64 {
	p := len(m.tail)
	y := append(slices.Clone(m.tail), make([]float64, h)...)
	for t := p; t < len(y); t++ {
		y[t] = m.inside(m.expect(y, t), t-p)
	}
	if m.logs {
		for t := p; t < len(y); t++ {
			y[t] = math.Exp(y[t])
		}
	}
	return y[p:]
}

func (m *arModel) Fitted() []float64 {
	out := series.Missing(m.n)
	first := m.n - len(m.train)
	for t := m.longest(); t < len(m.train); t++ {
		if out[first+t] = m.expect(m.train, t); m.logs {
			out[first+t] = math.Exp(out[first+t])
		}
	}
	return out
}

func (m *arModel) Explain() map[string]float64 {
	out := map[string]float64{"constant": m.constant}
	for j, lag := range m.lags {
		out[fmt.Sprintf("lag %d", lag)] = m.coef[j]
	}
	return out
}
