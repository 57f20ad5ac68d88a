package forecast

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

const (
	marquardtSteps   = 60   // steps at most
	marquardtStep    = 1e-6 // relative step of the numerical derivatives
	marquardtLargest = 1e12 // damping at which no step is left to try
)

// marquardt minimises the sum of squares of the n residuals that f writes, from x on (Marquardt: "An algorithm for least-squares
// estimation of nonlinear parameters", Journal of the SIAM 11, 1963), with derivatives by forward differences. Typical gives the
// usual size of each parameter; the search ends when a step gains less than the share done. A parameter that has come to where it
// changes little, such as one that runs to its bound, is damped as where it changed most (Moré: "The Levenberg-Marquardt algorithm",
// Numerical analysis, Lecture notes in mathematics 630, Springer 1978): else it would take all of the step. It gives the best point
// and its sum, +Inf where f has no finite value at x.
func marquardt(f func(x, out []float64), x, typical []float64, n int, done float64) ([]float64, float64) {
	k := len(x)
	best, trial := slices.Clone(x), make([]float64, k)
	now, then := make([]float64, n), make([]float64, n)
	jacobian, gram := make([][]float64, k), make([]float64, k*k)
	for j := range jacobian {
		jacobian[j] = make([]float64, n)
	}
	damped, right, step := make([]float64, k*k), make([]float64, k), make([]float64, k)
	scales := make([]float64, k)
	f(best, now)
	sse := floats.Dot(now, now)
	if !(sse < math.Inf(1)) {
		return best, math.Inf(1)
	}
	damping := 1e-3
	for range marquardtSteps {
		copy(trial, best)
		for j := range k {
			h := marquardtStep * math.Max(math.Abs(best[j]), typical[j])
			trial[j] = best[j] + h
			f(trial, then)
			trial[j] = best[j]
			for i := range then {
				jacobian[j][i] = (then[i] - now[i]) / h
			}
		}
		products(jacobian, now, gram, right)
		floats.Scale(-1, right)
		if !finite(gram) || !finite(right) {
			break
		}
		for a := range scales {
			scales[a] = math.Max(scales[a], gram[a*k+a])
		}
		before := sse
		for ; damping < marquardtLargest; damping *= 4 {
			copy(damped, gram)
			copy(step, right)
			for a := range k {
				damped[a*k+a] += damping*scales[a] + 1e-300
			}
			if !solve(damped, step, k, 0) {
				continue
			}
			shorten := 1.0
			for j := range k {
				// Longer steps leave the region where derivatives mean anything, and a bounded parameter sticks at its bound.
				shorten = max(shorten, math.Abs(step[j])/(2*math.Max(math.Abs(best[j]), typical[j])))
			}
			for j := range k {
				trial[j] = best[j] + step[j]/shorten
			}
			f(trial, then)
			if v := floats.Dot(then, then); v < sse {
				sse = v
				copy(best, trial)
				now, then = then, now
				damping = math.Max(damping/8, 1e-12)
				break
			}
		}
		if !(before-sse > done*before) {
			break
		}
	}
	return best, sse
}
