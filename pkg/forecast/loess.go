package forecast

import "math"

// smoother is a loess smoother of fixed window on an equispaced grid (Cleveland, Cleveland, McRae and Terpenning 1990,
// section 2): tricube neighbourhood weights, degree 0 or 1, evaluated at every jump-th point with linear interpolation
// between, as R's stl does.
type smoother struct {
	window, degree, jump int
}

// smooth writes the smooth of y with weights w (nil = all 1) to out; out[i] is the value at position first+i, so that a
// smooth can reach beyond both ends of y. Missing points carry weight 0.
func (s smoother) smooth(y, w, out []float64, first int) {
	n, last := len(y), len(out)-1
	jump := max(s.jump, 1)
	prev := -1
	for i := 0; ; i += jump {
		if i > last {
			i = last
		}
		out[i] = s.at(y, w, first+i, n)
		for k := prev + 1; prev >= 0 && k < i; k++ {
			f := float64(k-prev) / float64(i-prev)
			out[k] = out[prev] + f*(out[i]-out[prev])
		}
		if prev = i; i == last {
			return
		}
	}
}

// at evaluates the local fit at position x of a series of n points.
func (s smoother) at(y, w []float64, x, n int) float64 {
	lo := max(min(x-(s.window-1)/2, n-s.window), 0)
	hi := min(lo+s.window, n)
	h := math.Max(float64(x-lo), float64(hi-1-x))
	if s.window > n {
		h += float64((s.window - n) / 2)
	}
	var sw, swx, swy, swxx, swxy float64
	for j := lo; j < hi; j++ {
		d := math.Abs(float64(j-x)) / h
		if d > 0.999 || h == 0 && j != x {
			continue
		}
		k := 1.0
		if d > 0.001 {
			k = 1 - d*d*d
			k = k * k * k
		}
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
		return math.NaN()
	}
	mean := swy / sw
	if s.degree == 0 {
		return mean
	}
	// Local line, evaluated at distance 0; kept level where the points are too close together to give a slope.
	mx := swx / sw
	spread := swxx/sw - mx*mx
	if math.Sqrt(math.Max(spread, 0)) <= 0.001*float64(n-1) {
		return mean
	}
	slope := (swxy/sw - mx*mean) / spread
	return mean - slope*mx
}
