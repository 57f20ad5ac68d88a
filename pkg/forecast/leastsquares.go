package forecast

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// regressLags gives the regression of y on its lags, all counted from centre, by the normal equations over the rows in which the
// value and all its lags are known; nil where they do not determine the coefficients.
func regressLags(y []float64, centre float64, lags []int) *recursive {
	k, p := len(lags), lags[len(lags)-1]
	least := 2*k + 2
	if len(y)-p < least {
		return nil
	}
	// A common centre keeps the sums of products accurate; the columns' own means are taken out of the sums.
	z := make([]float64, len(y))
	for i, v := range y {
		z[i] = v - centre
	}
	columns := make([][]float64, k+1)
	columns[0] = z[p:]
	for j, lag := range lags {
		columns[j+1] = z[p-lag : len(z)-lag]
	}
	if floats.HasNaN(z) {
		columns = completeRows(columns)
	}
	rows := float64(len(columns[0]))
	if len(columns[0]) < least {
		return nil
	}
	means := make([]float64, k+1)
	for j, c := range columns {
		means[j] = floats.Sum(c) / rows
	}
	gram, coef := make([]float64, k*k), make([]float64, k)
	products(columns[1:], columns[0], gram, coef)
	for a := range k {
		for b := range a + 1 {
			gram[a*k+b] -= rows * means[a+1] * means[b+1]
		}
		coef[a] -= rows * means[a+1] * means[0]
	}
	if !solve(gram, coef, k, lagRidge) {
		return nil
	}
	out := &recursive{k: k, coef: coef, constant: means[0]}
	for j, b := range coef {
		out.constant -= b * means[j+1]
	}
	return out
}

// products writes the sums of products of the columns with each other, and with the target.
func products(columns [][]float64, target, gram, right []float64) {
	k := len(columns)
	for a, c := range columns {
		for b := range a + 1 {
			g := floats.Dot(c, columns[b])
			gram[a*k+b], gram[b*k+a] = g, g
		}
		right[a] = floats.Dot(c, target)
	}
}

// completeRows keeps the rows without a missing value.
func completeRows(columns [][]float64) [][]float64 {
	rows := len(columns[0])
	out, flat := make([][]float64, len(columns)), make([]float64, len(columns)*rows)
	for j := range out {
		out[j] = flat[j*rows : j*rows : (j+1)*rows]
	}
rows:
	for i := range columns[0] {
		for _, c := range columns {
			if math.IsNaN(c[i]) {
				continue rows
			}
		}
		for j, c := range columns {
			out[j] = append(out[j], c[i])
		}
	}
	return out
}

// lagRidge lets lags that say the same share their weight.
const lagRidge = 1e-7

// solve solves (g + ridge d I) x = r, d the mean diagonal of the symmetric g of order k, by Cholesky decomposition. It reads the
// lower triangle and overwrites g, and r with x; false where g is not positive.
func solve(g, r []float64, k int, relative float64) bool {
	trace := 0.0
	for i := range k {
		trace += g[i*k+i]
	}
	ridge := relative * trace / float64(k)
	for j := range k {
		row := g[j*k : j*k+j]
		d := g[j*k+j] + ridge - floats.Dot(row, row)
		if !(d > 0) || math.IsInf(d, 0) {
			return false
		}
		d = math.Sqrt(d)
		g[j*k+j] = d
		for i := j + 1; i < k; i++ {
			g[i*k+j] = (g[i*k+j] - floats.Dot(g[i*k:i*k+j], row)) / d
		}
	}
	for i := range k {
		r[i] = (r[i] - floats.Dot(g[i*k:i*k+i], r[:i])) / g[i*k+i]
	}
	for i := k - 1; i >= 0; i-- {
		for l := i + 1; l < k; l++ {
			r[i] -= g[l*k+i] * r[l]
		}
		r[i] /= g[i*k+i]
	}
	return true
}
