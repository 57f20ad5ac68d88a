package forecast

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// smoother is a loess smoother of fixed window on an equispaced grid (Cleveland, Cleveland, McRae and Terpenning 1990,
// section 2): tricube neighbourhood weights, degree 0 or 1, evaluated at every jump-th point with linear interpolation
// between, as R's stl does.
type smoother struct {
	window, degree, jump int
	kernel               []float64    // weights of a window that lies within the data, the same for all; nil = not prepared
	total                float64      // their sum
	edges                map[int]edge // weights of the others without weights of the points
	length               int          // of the data that the edges are for
	spare                []float64    // memory for weights
}

// edge holds the weights of the points from lo on in the value of the smooth at a position near an end of the data.
type edge struct {
	lo      int
	weights []float64
}

// prepared makes the smoother for many evaluations.
func prepared(window, degree, jump int) smoother {
	s := smoother{window: window, degree: degree, jump: jump}
	half := (window - 1) / 2
	if half < 1 || window > 1<<20 {
		return s
	}
	s.edges = map[int]edge{}
	s.kernel = make([]float64, 2*half+1)
	for i := range s.kernel {
		s.kernel[i] = tricube(math.Abs(float64(i-half)) / float64(half))
		s.total += s.kernel[i]
	}
	return s
}

// room gives an empty slice for n weights, of memory that many share.
func (s *smoother) room(n int) []float64 {
	if cap(s.spare) < n {
		s.spare = make([]float64, max(n, 8*s.window))
	}
	out := s.spare[:0:n]
	s.spare = s.spare[n:cap(s.spare)]
	return out
}

// tricube gives the weight at a distance of d windows, with the margins of the authors' program.
func tricube(d float64) float64 {
	switch {
	case d > 0.999:
		return 0
	case !(d > 0.001): // also where the window is a single point
		return 1
	}
	k := 1 - d*d*d
	return k * k * k
}

// smooth writes the smooth of y with weights w (nil = all 1) to out. Missing points are NaN and carry weight 0.
func (s *smoother) smooth(y, w, out []float64) {
	n, last := len(y), len(out)-1
	jump := max(s.jump, 1)
	prev := -1
	for i := 0; ; i += jump {
		if i > last {
			i = last
		}
		out[i] = s.at(y, w, i, n)
		if prev >= 0 {
			from, slope := out[prev], (out[i]-out[prev])/float64(i-prev)
			for k := prev + 1; k < i; k++ {
				out[k] = from + float64(k-prev)*slope
			}
		}
		if prev = i; i == last {
			return
		}
	}
}

// smoothBeyond writes the smooth of y to out[1:], and before and after it the value one position beyond either end, or that at the
// end where none of the points there has weight.
func (s *smoother) smoothBeyond(y, w, out []float64) {
	n := len(y)
	s.smooth(y, w, out[1:n+1])
	if out[0] = s.at(y, w, -1, n); math.IsNaN(out[0]) {
		out[0] = out[1]
	}
	if out[n+1] = s.at(y, w, n, n); math.IsNaN(out[n+1]) {
		out[n+1] = out[n]
	}
}

// at evaluates the local fit at position x of a series of n points.
func (s *smoother) at(y, w []float64, x, n int) float64 {
	if from := x - len(s.kernel)/2; w == nil && s.kernel != nil && from >= 0 && from+len(s.kernel) <= n {
		// Symmetric and without weights: the local line's value is the local mean.
		return floats.Dot(s.kernel, y[from:from+len(s.kernel)]) / s.total
	}
	if w != nil || s.edges == nil {
		return s.local(y, w, x, n)
	}
	if n != s.length {
		clear(s.edges)
		s.length = n
	}
	e, ok := s.edges[x]
	if !ok {
		e = s.edge(x, n)
		s.edges[x] = e
	}
	return floats.Dot(e.weights, y[e.lo:e.lo+len(e.weights)])
}

// reach gives the points lo to hi-1 that count at position x, and the distance at which they no longer do.
func (s *smoother) reach(x, n int) (lo, hi int, h float64) {
	lo = max(min(x-(s.window-1)/2, n-s.window), 0)
	hi = min(lo+s.window, n)
	h = math.Max(float64(x-lo), float64(hi-1-x))
	if s.window > n {
		h += float64((s.window - n) / 2)
	}
	return lo, hi, h
}

// local evaluates the local fit; where no point has weight it is the value at x itself, as the authors' program has it: NaN where
// that is missing, or x beyond the ends.
func (s *smoother) local(y, w []float64, x, n int) float64 {
	lo, hi, h := s.reach(x, n)
	var sw, swx, swy, swxx, swxy float64
	for j := lo; j < hi; j++ {
		k := tricube(math.Abs(float64(j-x)) / h)
		if w != nil {
			k *= w[j]
		}
		if k == 0 {
			continue
		}
		dx := float64(j - x)
		sw += k
		swx += k * dx
		swy += k * y[j]
		swxx += k * dx * dx
		swxy += k * dx * y[j]
	}
	if sw <= 0 {
		if x < 0 || x >= n {
			return math.NaN()
		}
		return y[x]
	}
	mean, mx, slope := swy/sw, swx/sw, 0.0
	if spread := swxx/sw - mx*mx; s.sloped(spread, n) {
		slope = (swxy/sw - mx*mean) / spread
	}
	return mean - slope*mx
}

// sloped tells whether points that are spread about their mean like this (the square of their distance) give a slope; where not,
// the local line is kept level.
func (s *smoother) sloped(spread float64, n int) bool {
	return s.degree > 0 && math.Sqrt(math.Max(spread, 0)) > 0.001*float64(n-1)
}

// edge gives what weight each point has in the local fit at x where all count the same.
func (s *smoother) edge(x, n int) edge {
	lo, hi, h := s.reach(x, n)
	weights, unit := s.room(hi - lo)[:hi-lo], 1/h
	var sw, swx, swxx float64
	for i := range weights {
		dx := float64(lo + i - x)
		k := tricube(math.Abs(dx) * unit)
		weights[i] = k
		sw += k
		swx += k * dx
		swxx += k * dx * dx
	}
	mx := swx / sw
	spread := swxx/sw - mx*mx
	line := s.sloped(spread, n)
	for i := range weights {
		weights[i] /= sw
		if line {
			weights[i] *= 1 - mx*(float64(lo+i-x)-mx)/spread
		}
	}
	return edge{lo, weights}
}

// meansBeyond writes the smooth of n points of weight 1, of degree 0, as a table of n+2 rows: each holds the weights of the points in
// one value of smoothBeyond.
func (s *smoother) meansBeyond(table []float64, n int) {
	row := func(x int) []float64 { return table[(x+1)*n : (x+2)*n] }
	s.means(-1, row(-1))
	s.means(n, row(n))
	jump, prev := max(s.jump, 1), -1
	for i := 0; ; i += jump {
		i = min(i, n-1)
		s.means(i, row(i))
		for k := prev + 1; prev >= 0 && k < i; k++ {
			f := float64(k-prev) / float64(i-prev)
			lo, _, _ := s.reach(prev, n)
			_, hi, _ := s.reach(i, n)
			between, from, to := row(k), row(prev), row(i)
			for j := lo; j < hi; j++ {
				between[j] = from[j] + f*(to[j]-from[j])
			}
		}
		if prev = i; i == n-1 {
			return
		}
	}
}

// means writes the weights of the points in the local mean at x, as at has them.
func (s *smoother) means(x int, weights []float64) {
	n := len(weights)
	if from := x - len(s.kernel)/2; s.kernel != nil && from >= 0 && from+len(s.kernel) <= n {
		for i, k := range s.kernel {
			weights[from+i] = k / s.total
		}
		return
	}
	lo, hi, h := s.reach(x, n)
	sum := 0.0
	for j := lo; j < hi; j++ {
		weights[j] = tricube(math.Abs(float64(j-x)) / h)
		sum += weights[j]
	}
	for j := lo; j < hi; j++ {
		weights[j] /= sum
	}
}
