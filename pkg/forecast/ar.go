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
// Technometrics 17, 1975; the multiplicative seasonal model of Box and Jenkins has the same lags), from all complete rows at
// once; see regression for the one that learns row by row. Nothing is differenced, forecasts are iterated. Groups of lags for which the history is too short are left out.
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
	n, periods := len(in.Values), in.Periods
	y := in.Values
	if k := len(periods); f.cycles > 0 && k > 0 {
		y = newest(y, max(f.cycles*periods[k-1], arLeast))
	}
	m := &regressionModel{n: n, length: n, before: n - len(y), logs: f.logs && suitsLogs(y)}
	if m.logs {
		m.floor, _ = series.Extent(y)
		y = logarithms(y)
	}
	lags := arLags(periods, len(y))
	m.centre = meanOf(y)
	for m.fit = regressLags(y, m.centre, lags); m.fit == nil; m.fit = regressLags(y, m.centre, lags) {
		if lags = lags[:len(lags)-1]; len(lags) == 0 {
			return nil, fmt.Errorf("%w: %d known values do not determine an autoregression", ErrTooShort, series.CountKnown(y))
		}
	}
	for m.recent < len(lags) && lags[m.recent] == m.recent+1 {
		m.recent++
	}
	m.lags = lags[m.recent:]
	m.y = slices.Clone(fillGaps(y, periods))
	m.lo, m.hi = series.Extent(y)
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
	lo, hi := series.Extent(y)
	return lo > 0.01*hi
}

func logarithms(y []float64) []float64 {
	out := make([]float64, len(y))
	for i, v := range y {
		out[i] = math.Log(v)
	}
	return out
}
