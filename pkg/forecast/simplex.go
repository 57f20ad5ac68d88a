package forecast

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

const (
	simplexEdge      = 0.8  // first edge length
	simplexTolerance = 1e-7 // relative difference of best and worst corner at which the search ends,
	simplexSmall     = 0.01 // where the edge is no longer either, or the difference stays as small for a round of all corners
	simplexSteps     = 60   // evaluations for each dimension at most
)

// corner is a point of the simplex with its value.
type corner struct {
	x []float64
	f float64
}

// simplex minimises f from x on (Nelder, Mead: "A simplex method for function minimization", The Computer Journal 7, 1965,
// coefficients 1, 2, 1/2, 1/2). It runs in the caller's goroutine and needs no gradient, which suits the few-parameter
// searches of the smoothing models; f may be infinite.
func simplex(f func([]float64) float64, x []float64) []float64 {
	n := len(x)
	s := make([]corner, n+1)
	for i := range s {
		s[i].x = slices.Clone(x)
		if i > 0 {
			s[i].x[i-1] += simplexEdge
		}
		s[i].f = f(s[i].x)
	}
	left, flat := simplexSteps*n-len(s), 0
	middle, trial, second := make([]float64, n), make([]float64, n), make([]float64, n)
	for left > 0 {
		slices.SortStableFunc(s, func(a, b corner) int { return compareNaNLast(a.f, b.f) })
		flat++
		if !(s[n].f-s[0].f <= simplexTolerance*math.Abs(s[0].f)) {
			flat = 0
		}
		if flat > n || flat > 0 && floats.Distance(s[0].x, s[n].x, math.Inf(1)) <= simplexSmall {
			break
		}
		clear(middle)
		for _, c := range s[:n] {
			for j, v := range c.x {
				middle[j] += v / float64(n)
			}
		}
		worst := &s[n]
		at := func(out []float64, t float64) float64 {
			for j := range out {
				out[j] = middle[j] + t*(worst.x[j]-middle[j])
			}
			left--
			return f(out)
		}
		take := func(x []float64, v float64) { copy(worst.x, x); worst.f = v }
		reflected := at(trial, -1)
		switch {
		case reflected < s[0].f:
			if v := at(second, -2); v < reflected {
				take(second, v)
			} else {
				take(trial, reflected)
			}
		case reflected < s[n-1].f:
			take(trial, reflected)
		default:
			t := 0.5
			if reflected < worst.f {
				t = -0.5
			}
			if v := at(second, t); v < min(reflected, worst.f) || !(worst.f < math.Inf(1)) && v < math.Inf(1) {
				take(second, v)
				break
			}
			for i := range s[1:] {
				c := &s[i+1]
				for j := range c.x {
					c.x[j] = s[0].x[j] + (c.x[j]-s[0].x[j])/2
				}
				c.f = f(c.x)
				left--
			}
		}
	}
	best := slices.MinFunc(s, func(a, b corner) int { return compareNaNLast(a.f, b.f) })
	return best.x
}

func compareNaNLast(a, b float64) int {
	switch {
	case a < b || math.IsNaN(b) && !math.IsNaN(a):
		return -1
	case a > b || math.IsNaN(a) && !math.IsNaN(b):
		return 1
	}
	return 0
}
