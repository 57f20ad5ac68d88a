package forecast

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// paths draws n possible futures, each of the forecast's length.
func paths(r *Result, n int, seed uint64) [][]float64 {
	h := len(r.Mean)
	out, flat := make([][]float64, n), make([]float64, n*h)
	s := r.Sampler(seed)
	for i := range out {
		out[i] = flat[i*h : (i+1)*h]
		s.Next()
		s.Extend(out[i], 0, h)
	}
	return out
}

func TestPathsHaveTheForecastsMeanAndSpread(t *testing.T) {
	const n = 4000
	r := run(t, dayWeek(24*14, 24, 0, 0, 1, 9), time.Hour, 24, Auto)
	drawn := paths(r, n, 1)
	for h := range r.Mean {
		sum, squares := 0.0, 0.0
		for _, p := range drawn {
			sum += p[h]
			squares += (p[h] - r.Mean[h]) * (p[h] - r.Mean[h])
		}
		require.InDelta(t, r.Mean[h], sum/n, 5*r.Sigma[h]/math.Sqrt(n))
		require.InEpsilon(t, r.Sigma[h], math.Sqrt(squares/n), 0.08)
	}
	require.Equal(t, drawn, paths(r, n, 1), "the same seed gives the same paths")
	require.NotEqual(t, drawn[0], paths(r, 1, 2)[0])
}

// errorsLike is a result whose backtest errors are level shifts or alternate from step to step.
func errorsLike(f func(origin, step int) float64) *Result {
	const h = 20
	r := &Result{Mean: make([]float64, h), Sigma: make([]float64, h)}
	for k := range 6 {
		row := make([]float64, h)
		for t := range row {
			row[t] = f(k, t)
		}
		r.Errors = append(r.Errors, row)
	}
	for t := range r.Sigma {
		r.Sigma[t] = 2
	}
	return r
}

func correlation(paths [][]float64, a, b int) float64 {
	var ab, aa, bb float64
	for _, p := range paths {
		ab, aa, bb = ab+p[a]*p[b], aa+p[a]*p[a], bb+p[b]*p[b]
	}
	return ab / math.Sqrt(aa*bb)
}

func TestPathsErrTogetherWhereTheBacktestDid(t *testing.T) {
	levels := errorsLike(func(k, _ int) float64 { return []float64{1, -1, 2, -2, 0.5, -0.5}[k] })
	require.Greater(t, correlation(paths(levels, 2000, 1), 0, 19), 0.95, "an error of the level lasts")
	halves := errorsLike(func(k, step int) float64 {
		sign := []float64{1, -1, 1, -1, 1, -1}[k]
		if step >= 10 && k%3 == 0 {
			return -sign
		}
		return sign
	})
	require.Less(t, correlation(paths(halves, 2000, 1), 0, 19), 0.45, "errors that turn do not last")
	require.Greater(t, correlation(paths(halves, 2000, 1), 0, 9), 0.9)
}

func TestPathsWithoutABacktestFollowTheResiduals(t *testing.T) {
	r := &Result{Mean: []float64{1, 2, 3}, Sigma: []float64{1, 1, 1}, Residuals: []float64{1, 1, 1, -1, -1, -1, 1, 1, 1}}
	drawn := paths(r, 4000, 1)
	for i := range drawn {
		for t := range drawn[i] {
			drawn[i][t] -= r.Mean[t]
		}
	}
	require.InDelta(t, 0.5, correlation(drawn, 0, 1), 0.06, "four of eight steps repeat the sign net")
}

func TestPathsOfAConstantStayOnIt(t *testing.T) {
	r := run(t, []float64{5, 5, 5, 5, 5}, time.Minute, 4, Auto)
	for _, p := range paths(r, 3, 1) {
		require.Equal(t, []float64{5, 5, 5, 5}, p)
	}
}
