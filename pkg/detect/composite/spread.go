package composite

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

const (
	ridge        = 0.03   // of the mean variance, added to each: directions that hardly ever moved do not decide alone
	mostUnits    = 1000.0 // units that one signal may be off
	newsUnits    = 30.0   // units that a signal is off which never moved before
	leastRows    = 3      // known rows for each signal that a covariance needs
	keptVariance = 0.99   // of the directions that are usual
	outerUnit    = 2.5631 // distance of the 10 and 90 % points of the standard normal distribution
)

// spread is where signals lie together: the squared Mahalanobis distance from their median, in units of each one's robust
// spread, with a covariance that a ridge keeps invertible (Mahalanobis 1936; ridge: Ledoit, Wolf, J. Multivariate Anal. 88, 2004).
type spread struct {
	middle, unit []float64
	precision    *mat.SymDense
	x, px        []float64 // of the newest distance: units off, and precision times those
}

// measure learns from rows [from, until) of the signals how they lie together; nil where too few are known.
func measure(signals [][]float64, from, until int) *spread {
	d := len(signals)
	s := &spread{middle: make([]float64, d), unit: make([]float64, d), x: make([]float64, d), px: make([]float64, d)}
	known := make([]float64, 0, until-from)
	for k, values := range signals {
		known = known[:0]
		for _, v := range values[from:until] {
			if usable(v) {
				known = append(known, v)
			}
		}
		if len(known) < leastRows*d || len(known) < leastTail {
			return nil
		}
		s.middle[k], s.unit[k] = robust(known)
	}
	return s
}

// covariance of rows [from, until), both halves.
func (s *spread) covariance(signals [][]float64, from, until int) *mat.SymDense {
	d := len(signals)
	cov, mean, rows := mat.NewSymDense(d, nil), make([]float64, d), 0.0
	raw := cov.RawSymmetric().Data
	for i := from; i < until; i++ {
		s.place(signals, i)
		rows++
		for a, x := range s.x {
			mean[a] += x
			if x == 0 {
				continue
			}
			row := raw[a*d : (a+1)*d]
			for b := a; b < d; b++ {
				row[b] += x * s.x[b]
			}
		}
	}
	for a := range d {
		for b := a; b < d; b++ {
			raw[a*d+b] = raw[a*d+b]/rows - mean[a]/rows*mean[b]/rows
			raw[b*d+a] = raw[a*d+b]
		}
	}
	return cov
}

// mahalanobis weighs directions by how little they vary until then.
func mahalanobis(signals [][]float64, until int) part {
	s := measure(signals, 0, until)
	if s == nil {
		return nil
	}
	d := len(signals)
	cov := s.covariance(signals, 0, until)
	trace := mat.Trace(cov)
	for a := range d {
		cov.SetSym(a, a, cov.At(a, a)+ridge*trace/float64(d)+1e-9)
	}
	var chol mat.Cholesky
	s.precision = mat.NewSymDense(d, nil)
	if !chol.Factorize(cov) || chol.InverseTo(s.precision) != nil {
		return nil
	}
	s.mirror()
	return s
}

// mirror fills the half of the precision that is not stored, so that a row is read in one go.
func (s *spread) mirror() {
	d, data := len(s.x), s.precision.RawSymmetric().Data
	for a := range d {
		for b := range a {
			data[a*d+b] = data[b*d+a]
		}
	}
}

// components keeps the directions that hold most of the variance and measures what is left beside them: the squared prediction
// error of a principal component analysis (Jackson, Mudholkar: Control procedures for residuals associated with principal
// component analysis, Technometrics 21, 1979).
func components(signals [][]float64, from, until int) part {
	s := measure(signals, from, until)
	if s == nil {
		return nil
	}
	d := len(signals)
	var eigen mat.EigenSym
	if !eigen.Factorize(s.covariance(signals, from, until), true) {
		return nil
	}
	values := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	total, held := 0.0, 0.0
	for _, v := range values {
		total += max(v, 0)
	}
	s.precision = mat.NewSymDense(d, nil)
	for a := range d {
		s.precision.SetSym(a, a, 1)
	}
	for k := d - 1; k > 0 && held < keptVariance*total; k-- { // ascending values; one direction at least is left
		held += max(values[k], 0)
		for a := range d {
			for b := a; b < d; b++ {
				s.precision.SetSym(a, b, s.precision.At(a, b)-vectors.At(a, k)*vectors.At(b, k))
			}
		}
	}
	s.mirror()
	return s
}

func usable(v float64) bool { return math.Abs(v) <= 1e150 }

// robust gives the median and a unit: the largest of the median absolute deviation, the 10 to 90 % range and three tenths of the
// standard deviation, all as a normal's standard deviation, but no less than a thousandth of the median. It is 0 for values that
// never moved. It changes the order.
func robust(x []float64) (middle, unit float64) {
	n := len(x)
	mean, m2 := 0.0, 0.0
	for i, v := range x {
		d := v - mean
		mean += d / float64(i+1)
		m2 += d * (v - mean)
	}
	slices.Sort(x)
	middle = (x[(n-1)/2] + x[n/2]) / 2
	if x[0] == x[n-1] {
		return middle, 0
	}
	unit = max((x[(n-1)*9/10]-x[(n-1)/10])/outerUnit, 0.3*math.Sqrt(m2/float64(n)), 1e-3*math.Abs(middle))
	for i, v := range x {
		x[i] = math.Abs(v - middle)
	}
	slices.Sort(x)
	return middle, max(unit, 1.4826*(x[(n-1)/2]+x[n/2])/2)
}

// place gives point i in units; a missing value is as usual.
func (s *spread) place(signals [][]float64, i int) {
	for k, values := range signals {
		switch d := values[i] - s.middle[k]; {
		case !usable(values[i]), d == 0:
			s.x[k] = 0
		case s.unit[k] == 0:
			s.x[k] = math.Copysign(newsUnits, d)
		default:
			s.x[k] = min(max(d/s.unit[k], -mostUnits), mostUnits)
		}
	}
}

// distance is the Mahalanobis distance of point i.
func (s *spread) distance(signals [][]float64, i int) float64 {
	s.place(signals, i)
	d, sum := len(s.x), 0.0
	data := s.precision.RawSymmetric().Data
	clear(s.px)
	for a, x := range s.x {
		if x == 0 {
			continue
		}
		row := data[a*d : (a+1)*d]
		for b, p := range row {
			s.px[b] += p * x
		}
	}
	for a, x := range s.x {
		sum += x * s.px[a]
	}
	return math.Sqrt(max(sum, 0))
}

// contributions adds each signal's part of the newest distance, as its reconstruction tells it: how much less the squared
// distance were, had that signal been what the others say (Alcala, Qin: Reconstruction-based contribution, Automatica 45, 2009).
// They are scaled to a sum of weight.
func (s *spread) contributions(weight float64, out []float64) {
	sum, data := 0.0, s.precision.RawSymmetric().Data
	for a, p := range s.px {
		if v := data[a*len(s.px)+a]; v > 1e-9 {
			s.px[a] = p * p / v
		} else {
			s.px[a] = 0
		}
		sum += s.px[a]
	}
	if sum <= 0 {
		return
	}
	for a, p := range s.px {
		out[a] += weight * p / sum
	}
}
