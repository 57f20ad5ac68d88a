package forecast

import (
	"context"
	"fmt"
	"math"

	"github.com/forewarn/earlywarning/pkg/series"
)

// delta is the Delta method of Card (Doornik, Castle, Hendry: "Card forecasts for M4", International Journal of Forecasting 36,
// 2020): the mean change, freed of the largest ones and taken as the smaller of several estimates, and the recent mean season
// of the changes; where differences vary more than levels, recent means of the levels instead. A break in level is one large
// change, which it leaves out. Positive values within two decades are taken in logs.
type delta struct{ seasonal bool }

func (f delta) Fit(ctx context.Context, in Input) (Model, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m := &deltaModel{period: 1}
	if f.seasonal {
		if len(in.seasons) == 0 {
			return nil, fmt.Errorf("%w: no season", ErrTooShort)
		}
		m.period = in.seasons[0]
	}
	if n, least := len(in.Values), deltaBlocks*m.period+2; n < least {
		return nil, fmt.Errorf("%w: delta has %d values and needs %d", ErrTooShort, n, least)
	}
	filled := fillGaps(in.Values, usable(in.seasons, len(in.Values)))
	m.y = withRoom(filled, in.room)
	if suitsLogs(filled) {
		m.floor, _ = series.Extent(filled)
		for i, v := range m.y {
			m.y[i] = math.Log(v)
		}
	}
	m.d = make([]float64, 0, len(m.y)+in.room)
	m.estimate()
	return m, nil
}

const (
	deltaBlocks = 7   // cycles needed
	deltaLevels = 1.2 // times the variance of the levels that differences have at most
)

// Weights of the cycles in the season, newest first.
var (
	changeWeights = [...]float64{9. / 15, 3. / 15, 2. / 15, 1. / 15}
	levelWeights  = [...]float64{20. / 35, 5. / 35, 4. / 35, 3. / 35, 2. / 35, 1. / 35}
)

// estimate learns from y.
func (m *deltaModel) estimate() {
	y := m.y
	m.at, m.season = 0, make([]float64, m.period)
	for t := len(m.d) + 1; t < len(y); t++ {
		m.d = append(m.d, y[t]-y[t-1])
	}
	d := m.d
	m.changes = variance(d) <= deltaLevels*variance(y)
	m.level = y[len(y)-1]
	if m.changes {
		m.learnChanges(y, d)
	} else {
		m.learnLevels(y)
	}
}

func (m *deltaModel) learnChanges(y, d []float64) {
	p := m.period
	blocks := d
	if p > 1 {
		blocks = aggregate(d, p)
	}
	seasonal := 0.0
	for t := p; t < len(y); t++ {
		seasonal += y[t] - y[t-p]
	}
	seasonal /= float64(len(y)-p) * float64(p)
	overall := (y[len(y)-1] - y[0]) / float64(len(y)-1)
	drift := smaller(meanOf(newest(blocks, 6)), smaller(overall, seasonal))
	m.first, m.later = smaller(drift, withoutLargest(blocks, 1)), smaller(drift, withoutLargest(blocks, 3))
	if p == 1 {
		return
	}
	for k, w := range changeWeights {
		for j := range m.season {
			m.season[j] += w * d[len(d)-(k+1)*p+j]
		}
	}
	centre := meanOf(m.season)
	for j := range m.season {
		m.season[j] -= centre
	}
}

func (m *deltaModel) learnLevels(y []float64) {
	p := m.period
	m.later = 0
	for k, w := range levelWeights {
		block := y[len(y)-(k+1)*p : len(y)-k*p]
		mean := meanOf(block)
		if k == 0 {
			m.first = mean
		}
		m.later += mean / float64(2*len(levelWeights))
		for j, v := range block {
			m.season[j] += w * (v - mean)
		}
	}
	m.later += m.first / 2
}

// withoutLargest is the mean without the n largest in size.
func withoutLargest(x []float64, n int) float64 {
	if len(x) <= n {
		return 0
	}
	largest := make([]float64, 0, n+1)
	sum := 0.0
	for _, v := range x {
		sum += v
		k := len(largest)
		for largest = append(largest, v); k > 0 && math.Abs(largest[k-1]) < math.Abs(v); k-- {
			largest[k] = largest[k-1]
		}
		largest[k] = v
		largest = largest[:min(len(largest), n)]
	}
	for _, v := range largest {
		sum -= v
	}
	return sum / float64(len(x)-n)
}

// smaller is the one nearer to zero of two values of the same sign, else 0.
func smaller(a, b float64) float64 {
	if a > 0 && b > 0 {
		return min(a, b)
	}
	if a < 0 && b < 0 {
		return max(a, b)
	}
	return 0
}
