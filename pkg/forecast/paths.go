package forecast

import (
	"math"
	"math/rand/v2"
)

// Paths samples n possible futures, each of the forecast's length: the expected path plus a Gaussian first-order
// autoregression whose spread at every step is Sigma and whose persistence is that of the backtest's errors. A crossing within
// the horizon is a question about paths, not about the pointwise band. The same seed gives the same paths.
func (r *Result) Paths(n int, seed uint64) [][]float64 {
	h := len(r.Mean)
	out, flat := make([][]float64, n), make([]float64, n*h)
	phi := r.persistence()
	shock := math.Sqrt(1 - phi*phi)
	rng := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	for i := range out {
		path := flat[i*h : (i+1)*h]
		z := rng.NormFloat64()
		for t := range path {
			if t > 0 {
				z = phi*z + shock*rng.NormFloat64()
			}
			path[t] = r.Mean[t] + r.Sigma[t]*z
		}
		out[i] = path
	}
	return out
}

// persistence is the lag-one autocorrelation of the backtest's errors in units of their spread, or of the residuals where
// there was no backtest; 0 to 0.999.
func (r *Result) persistence() float64 {
	var num, den float64
	add := func(row []float64, scale func(int) float64) {
		for h := 1; h < len(row); h++ {
			a, b := row[h-1]/scale(h-1), row[h]/scale(h)
			if p := a * b; !math.IsNaN(p) && !math.IsInf(p, 0) {
				num += p
				den += (a*a + b*b) / 2
			}
		}
	}
	for _, row := range r.Errors {
		add(row, func(h int) float64 { return r.Sigma[h] })
	}
	if den == 0 {
		add(r.Residuals, func(int) float64 { return 1 })
	}
	if den == 0 {
		return 0
	}
	return min(max(num/den, 0), 0.999)
}
