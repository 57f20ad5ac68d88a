package forecast

import (
	"context"
	"fmt"
	"math"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"

	"github.com/forewarn/earlywarning/pkg/order"
)

const (
	trendBlocks = 64  // block medians that the slope is estimated from
	levelAlpha  = 0.2 // smoothing of the level that the line starts from
)

// linear extrapolates the Theil-Sen slope (Sen: "Estimates of the regression coefficient based on Kendall's tau", JASA 63,
// 1968) of block medians from an exponentially smoothed level. The median of all pairwise slopes does not follow outliers,
// clean-ups or a noisy end, which is what a time-to-threshold needs. With huber the slope is that of the robust regression of
// all points on time instead (Huber: "Robust estimation of a location parameter", Annals of Mathematical Statistics 35, 1964),
// which uses the data better where outliers are few. Seasons are taken out by MSTL beforehand.
type linear struct{ huber bool }

func newLinear(p param.Values) Forecaster { return linear{p.String("estimator") == "huber"} }

func (f linear) Fit(ctx context.Context, in Input) (Model, error) {
	if err := needs("the robust trend", in.Values, 6); err != nil {
		return nil, err
	}
	return fitAdjusted(ctx, in, false, f.fit)
}

type linearModel struct {
	slope, level float64
	fitted       []float64
}

func (f linear) fit(_ context.Context, y []float64) (Model, error) {
	at, mid := BlockMedians(y, max((len(y)+trendBlocks-1)/trendBlocks, 1))
	m := &linearModel{slope: TheilSen(at, mid), fitted: series.Missing(len(y))}
	if f.huber {
		_, m.slope = huberLine(y)
	}
	if math.IsNaN(m.slope) {
		return nil, fmt.Errorf("%w: %d known values give no slope", ErrTooShort, series.CountKnown(y))
	}
	m.level = math.NaN()
	for i, v := range y {
		m.fitted[i] = m.level + m.slope
		m.step(v)
	}
	return m, nil
}

func (m *linearModel) step(v float64) {
	m.level += m.slope
	switch {
	case math.IsNaN(v):
	case math.IsNaN(m.level):
		m.level = v
	default:
		m.level += levelAlpha * (v - m.level)
	}
}

func (m *linearModel) Fitted() []float64 { return m.fitted }

func (m *linearModel) Forecast(h int) []float64 {
	out := make([]float64, h)
	for i := range out {
		out[i] = m.level + m.slope*float64(i+1)
	}
	return out
}

func (m *linearModel) Explain() map[string]float64 {
	return map[string]float64{"slope": m.slope, "level": m.level}
}

// BlockMedians gives the medians of consecutive blocks of size points, the last block ending with the data, and their mean
// positions; blocks with no known value are left out.
func BlockMedians(y []float64, size int) (at, mid []float64) {
	buf := make([]float64, 0, size)
	for start := len(y) % size; start < len(y); start += size {
		buf = buf[:0]
		for _, v := range y[start : start+size] {
			if !math.IsNaN(v) {
				buf = append(buf, v)
			}
		}
		if len(buf) > 0 {
			at, mid = append(at, float64(start)+float64(size-1)/2), append(mid, order.Median(buf))
		}
	}
	return at, mid
}

// TheilSen gives the median of the slopes between all pairs of points; NaN with fewer than two.
func TheilSen(x, y []float64) float64 {
	slopes := make([]float64, 0, len(x)*(len(x)-1)/2)
	for i := range x {
		for j := i + 1; j < len(x); j++ {
			slopes = append(slopes, (y[j]-y[i])/(x[j]-x[i]))
		}
	}
	return order.Median(slopes)
}

func (m *linearModel) fork() Model {
	out := *m
	out.fitted = nil
	return &out
}

func (m *linearModel) next() float64 { return m.level + m.slope }

func (m *linearModel) push(v float64) { m.step(v) }

func (m *linearModel) encode(w *writer) {
	w.byte(kindLinear)
	w.float(m.slope)
	w.float(m.level)
}

func decodeLinear(r *reader) Model { return &linearModel{slope: r.finite(), level: r.finite()} }
