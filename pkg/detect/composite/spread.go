package composite

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"

	"github.com/forewarn/earlywarning/pkg/order"
)

const (
	follows      = 0.15   // of the difference that a moving average takes over at each point
	ridge        = 0.03   // of the mean variance, added to each: directions that hardly ever moved do not decide alone
	mostUnits    = 1000.0 // units that one signal may be off
	newsUnits    = 30.0   // units that a signal is off which never moved before
	leastRows    = 3      // known rows for each feature that a covariance needs
	keptVariance = 0.99   // of the directions that are usual
	outerUnit    = 2.5631 // distance of the 10 and 90 % points of the standard normal distribution
)

// spread is where signals lie together: the squared Mahalanobis distance of their features from usual (Mahalanobis 1936). Features
// are each signal in units of its robust spread and, where the distance looks back, the moving average of that with exponential
// weights: a small change of several signals that lasts is then far out as a moving average is (Lowry, Woodall, Champ, Rigdon: A
// multivariate exponentially weighted moving average control chart, Technometrics 34, 1992), and so is one that comes too fast.
type spread struct {
	signals      [][]float64
	middle, unit []float64
	back         bool
	precision    blas64.General
	level        blas64.General // precision of the levels alone, where the distance looks back
	x, px        []float64      // of the newest point: features, and precision times those
}

// measure learns the units from the rows until then; nil where too few are known.
func measure(signals [][]float64, until int, back bool) *spread {
	d := len(signals)
	s := &spread{signals: signals, middle: make([]float64, d), unit: make([]float64, d), back: back}
	features := d
	if back {
		features *= 2
	}
	s.x, s.px = make([]float64, features), make([]float64, features)
	known := make([]float64, 0, until)
	for k, values := range signals {
		known = known[:0]
		for _, v := range values[:until] {
			if usable(v) {
				known = append(known, v)
			}
		}
		if len(known) < leastRows*features || len(known) < leastTail {
			return nil
		}
		s.middle[k], s.unit[k] = robust(known)
	}
	return s
}

// covariance of the features of the rows until then, both halves.
func (s *spread) covariance(until int) *mat.SymDense {
	d := len(s.x)
	cov, mean, rows := mat.NewSymDense(d, nil), make([]float64, d), float64(until)
	raw := cov.RawSymmetric()
	for i := range until {
		s.place(i)
		blas64.Axpy(1, blas64.Vector{N: d, Data: s.x, Inc: 1}, blas64.Vector{N: d, Data: mean, Inc: 1})
		blas64.Syr(1, blas64.Vector{N: d, Data: s.x, Inc: 1}, raw)
	}
	for a := range d {
		for b := a; b < d; b++ {
			raw.Data[a*d+b] = raw.Data[a*d+b]/rows - mean[a]/rows*mean[b]/rows
		}
	}
	clear(s.x)
	return cov
}

// mahalanobis weighs directions of level and moving average by how little they vary until then. A ridge keeps the covariance
// invertible (Ledoit, Wolf, J. Multivariate Anal. 88, 2004).
func mahalanobis(signals [][]float64, until int) (*spread, bool) {
	s := measure(signals, until, true)
	if s == nil {
		return nil, false
	}
	cov := s.covariance(until)
	d := len(s.x)
	trace := mat.Trace(cov)
	for a := range d {
		cov.SetSym(a, a, cov.At(a, a)+ridge*trace/float64(d)+1e-9)
	}
	var ok, levelOK bool
	s.precision, ok = inverse(cov)
	s.level, levelOK = inverse(cov.SliceSym(0, len(signals)))
	return s, ok && levelOK
}

func inverse(a mat.Symmetric) (out blas64.General, ok bool) {
	var chol mat.Cholesky
	var sym mat.SymDense
	if !chol.Factorize(a) || chol.InverseTo(&sym) != nil {
		return out, false
	}
	return mat.DenseCopyOf(&sym).RawMatrix(), true
}

// components keeps the directions that hold most of the variance and measures what is left beside them: the squared prediction
// error of a principal component analysis (Jackson, Mudholkar: Control procedures for residuals associated with principal
// component analysis, Technometrics 21, 1979).
func components(signals [][]float64, until int) (*spread, bool) {
	s := measure(signals, until, false)
	if s == nil {
		return nil, false
	}
	d := len(signals)
	var eigen mat.EigenSym
	if !eigen.Factorize(s.covariance(until), true) {
		return nil, false
	}
	values := eigen.Values(nil)
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	total, held := 0.0, 0.0
	for _, v := range values {
		total += max(v, 0)
	}
	rest := mat.NewSymDense(d, nil)
	for a := range d {
		rest.SetSym(a, a, 1)
	}
	for k := d - 1; k > 0 && held < keptVariance*total; k-- { // ascending values; one direction at least is left
		held += max(values[k], 0)
		rest.SymRankOne(rest, -1, vectors.ColView(k))
	}
	s.precision = mat.DenseCopyOf(rest).RawMatrix()
	return s, true
}

func usable(v float64) bool { return math.Abs(v) <= 1e150 }

// robust gives the median and a unit: the largest of the median absolute deviation, the 10 to 90 % range and three tenths of the
// standard deviation, all as a normal's standard deviation, but no less than a thousandth of the median. It is 0 for values that
// never moved. It changes the order.
func robust(x []float64) (center, unit float64) {
	n := len(x)
	mean, m2, least, most := 0.0, 0.0, x[0], x[0]
	for i, v := range x {
		d := v - mean
		mean += d / float64(i+1)
		m2 += d * (v - mean)
		least, most = min(least, v), max(most, v)
	}
	if least == most {
		return least, 0
	}
	center = order.Median(x)
	unit = max((order.Pick(x, (n-1)*9/10)-order.Pick(x, (n-1)/10))/outerUnit, 0.3*math.Sqrt(m2/float64(n)), 1e-3*math.Abs(center))
	for i, v := range x {
		x[i] = math.Abs(v - center)
	}
	return center, max(unit, 1.4826*order.Median(x))
}

// place gives the features of point i, which follows the one before; a missing value is as usual.
func (s *spread) place(i int) {
	d := len(s.signals)
	for k, values := range s.signals {
		switch off := values[i] - s.middle[k]; {
		case !usable(values[i]), off == 0:
			s.x[k] = 0
		case s.unit[k] == 0:
			s.x[k] = math.Copysign(newsUnits, off)
		default:
			s.x[k] = min(max(off/s.unit[k], -mostUnits), mostUnits)
		}
		if s.back {
			s.x[d+k] += follows * (s.x[k] - s.x[d+k])
		}
	}
}

// next gives the Mahalanobis distance of point i and that of its levels alone.
func (s *spread) next(i int) (distance, now float64) {
	s.place(i)
	if s.back {
		now = s.from(s.level)
	}
	distance = s.from(s.precision)
	if !s.back {
		now = distance
	}
	return distance, now
}

// from gives the distance of as many features as the precision is of.
func (s *spread) from(precision blas64.General) float64 {
	x := blas64.Vector{N: precision.Rows, Data: s.x, Inc: 1}
	px := blas64.Vector{N: precision.Rows, Data: s.px, Inc: 1}
	blas64.Gemv(blas.NoTrans, 1, precision, x, 0, px)
	return math.Sqrt(max(blas64.Dot(x, px), 0))
}

// contributions adds each signal's part of the newest distance, as its reconstruction tells it: how much less the squared
// distance were, had the signal's features been what the others say (Alcala, Qin: Reconstruction-based contribution, Automatica
// 45, 2009). They are scaled to a sum of weight.
func (s *spread) contributions(weight float64, out []float64) {
	sum, d, n := 0.0, len(s.signals), len(s.x)
	for k := range s.signals {
		p, a := s.px[k], s.precision.Data[k*n+k]
		v := 0.0
		switch {
		case !s.back && a > 1e-9:
			v = p * p / a
		case s.back: // both features of the signal: the precision's block of the two is positive definite
			q, b, c := s.px[d+k], s.precision.Data[k*n+d+k], s.precision.Data[(d+k)*n+d+k]
			v = (c*p*p - 2*b*p*q + a*q*q) / (a*c - b*b)
		}
		s.px[k] = v
		sum += v
	}
	if sum <= 0 {
		return
	}
	for k := range d {
		out[k] += weight * s.px[k] / sum
	}
}
