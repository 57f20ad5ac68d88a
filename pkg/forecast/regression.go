package forecast

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/series"
)

// regression forecasts a series from its newest values, from those around the same time one season ago, and from the mean
// profile of several cycles around that time: a subset autoregression (see sparseAR) whose long lags share coefficients, so that
// it can tell four weeks from one. It is estimated recursively, the newest data counting most. Forecasts are iterated.
type regression struct {
	recent int     // lags 1, 2, …, recent
	most   int     // seasons used, shortest first; -1 = all
	around int     // lags m-around to m+around of each season; -1 = none
	cycles []int   // cycles in the mean profile of each season; nil = no profiles
	beside int     // profile at phases -beside to beside
	logs   bool    // model series of positive values in logs
	memory float64 // rows that count, in cycles of the longest season; 0 = all the same
}

const (
	memoryLeast = 66  // rows that count at least
	suitsPoints = 504 // newest points that decide whether logs suit a series
)

func (f regression) Fit(ctx context.Context, in Input) (Model, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	n := len(in.Values)
	periods := usable(in.seasons, n)
	y := withRoom(fillGaps(in.Values, periods), in.room)
	if f.most >= 0 {
		periods = periods[:min(f.most, len(periods))]
	}
	now := newest(in.Values, suitsPoints)
	m := &regressionModel{n: n, length: n, recent: f.recent, logs: f.logs && suitsLogs(now), y: y}
	if m.logs {
		m.floor, _ = series.Extent(now)
		for i, v := range m.y {
			m.y[i] = m.logarithm(v)
		}
	}
	m.place(f, periods)
	first := m.first()
	if rows := n - first; rows < 2*m.k()+2 {
		return nil, fmt.Errorf("%w: %d values leave %d rows for %d coefficients", ErrTooShort, n, max(rows, 0), m.k()+1)
	}
	fade := 1.0
	if f.memory > 0 && len(periods) > 0 {
		fade = 1 - 1/max(f.memory*float64(periods[len(periods)-1]), memoryLeast)
	}
	m.centre = meanOf(m.y)
	m.lo, m.hi = series.Extent(m.y)
	m.fit = newRecursive(m.k(), fade)
	for i, p := range m.profiles {
		m.profiles[i].mean = make([]float64, 0, n+p.period+in.room)
	}
	m.grow()
	row := m.blank()
	for t := first; t < n; t++ {
		if !math.IsNaN(in.Values[t]) {
			m.fill(row, t)
			m.fit.add(row)
		}
	}
	if !m.fit.solve() {
		return nil, fmt.Errorf("%w: %d known values do not determine a regression", ErrTooShort, series.CountKnown(in.Values))
	}
	return m, nil
}

// meanProfile is the mean of up to cycles past values at each phase of a season, the older fading after that.
type meanProfile struct {
	period, cycles int
	mean           []float64 // for each point of the series and of the next cycle, from what is before it; NaN in the first cycle
}

// grow makes the means that y, with before points left out in front of it, determines.
func (p *meanProfile) grow(y []float64, before int) {
	p.mean = slices.Grow(p.mean, max(len(y)+p.period-len(p.mean), 0))
	for t := len(p.mean); t < len(y)+p.period; t++ {
		k := t - p.period
		switch count := min((before+t)/p.period, p.cycles); {
		case k < 0:
			p.mean = append(p.mean, math.NaN())
		case count <= 1 || math.IsNaN(p.mean[k]):
			p.mean = append(p.mean, y[k])
		default:
			p.mean = append(p.mean, p.mean[k]+(y[k]-p.mean[k])/float64(count))
		}
	}
}
