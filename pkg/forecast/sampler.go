package forecast

import (
	"math"
	"math/rand/v2"
)

// Sampler draws possible futures one after the other, each as far as it is asked for. A crossing within the horizon is a
// question about paths, not about the pointwise band: how long an error lasts decides it. So each path is the forecast plus a
// random mixture of the backtest's whole error curves, scaled to Sigma (wild bootstrap of vectors: Mammen, "Bootstrap and
// wild bootstrap for high dimensional linear models", Annals of Statistics 21, 1993), which keeps how errors at different
// steps go together. What the few curves leave of the spread at a step is filled by a first-order autoregression of the same
// persistence; it is everything where there was no backtest. It is not safe for concurrent use.
type Sampler struct {
	r      *Result
	rng    *rand.Rand
	curves [][]float64
	fill   []float64
	phi    float64

	weights []float64 // of the curves in this future
	at      int       // step that the autoregression has reached
	z       float64   // its value there
}

// Sampler starts a sequence of futures; the same seed gives the same ones.
func (r *Result) Sampler(seed uint64) *Sampler {
	s := &Sampler{r: r, rng: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15)), phi: r.persistence()}
	s.curves, s.fill = r.errorCurves()
	s.weights = make([]float64, len(s.curves))
	return s
}

// Next goes on to the next future.
func (s *Sampler) Next() {
	for i := range s.weights {
		s.weights[i] = s.rng.NormFloat64()
	}
	s.z, s.at = s.rng.NormFloat64(), 0
}

// Extend writes the future's steps from, from+1, …, to-1 to the same places of path. Calls for one future go forward; steps
// that are left out count as drawn.
func (s *Sampler) Extend(path []float64, from, to int) {
	part := path[from:to]
	clear(part)
	for i, c := range s.curves {
		g := s.weights[i]
		for t, v := range c[from:to] {
			part[t] += g * v
		}
	}
	shock := math.Sqrt(1 - s.phi*s.phi)
	for t := range part {
		h := from + t
		if h == s.at+1 {
			s.z = s.phi*s.z + shock*s.rng.NormFloat64()
		} else if h > s.at {
			left := math.Pow(s.phi, float64(h-s.at))
			s.z = left*s.z + math.Sqrt(1-left*left)*s.rng.NormFloat64()
		}
		s.at = h
		part[t] = s.r.Mean[h] + s.r.Sigma[h]*(part[t]+s.fill[h]*s.z)
	}
}

// errorCurves gives the backtest's error curves in units of Sigma, such that a mixture with independent standard normal
// weights has variance 1 at most, and the weight of what fills it up to 1. There are no curves unless they cover the horizon.
func (r *Result) errorCurves() (curves [][]float64, fill []float64) {
	h := len(r.Mean)
	fill = make([]float64, h)
	for t := range fill {
		fill[t] = 1
	}
	squares, count := make([]float64, h), 0.0
	total := 0.0
	for _, row := range r.Errors {
		c := make([]float64, h)
		for t, e := range row {
			if u := e / r.Sigma[t]; !math.IsNaN(u) && !math.IsInf(u, 0) {
				c[t] = u
				squares[t] += u * u
				total += u * u
				count++
			}
		}
		curves = append(curves, c)
	}
	if total == 0 || count < 0.8*float64(h*len(curves)) {
		return nil, fill
	}
	// One scale for all steps, so that the curves' mean square is 1; a step with more than that is cut to 1.
	scale := count / total / float64(len(curves))
	for t, q := range squares {
		v := q * scale
		cut := math.Sqrt(scale)
		if v > 1 {
			cut /= math.Sqrt(v)
		}
		fill[t] = math.Sqrt(max(1-v, 0))
		for _, c := range curves {
			c[t] *= cut
		}
	}
	return curves, fill
}

// persistence is the lag-one autocorrelation of the backtest's errors in units of their spread, or of the residuals where
// there was no backtest; 0 to 0.999.
func (r *Result) persistence() float64 {
	if r.kept != nil {
		return r.kept.phi
	}
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
