package forecast

import (
	"math"
)

// recursive is weighted least squares that takes its rows one by one: sums of products in which older rows fade by a constant
// factor a row (exponential forgetting: Ljung, Söderström: Theory and practice of recursive identification, 1983) and rows
// that miss by more than three standard deviations count less (Huber: "Robust estimation of a location parameter", Annals of
// Mathematical Statistics 35, 1964). Coefficients are solved for now and then, so a row costs k²/2 multiplications.
type recursive struct {
	k        int       // regressors
	fade     float64   // share of its weight that a row keeps with each further one
	sums     []float64 // lower triangle by rows, of products of 1, the k regressors and the value
	weight   float64   // of the next row, relative to the sums
	rows     int       // taken in
	since    int       // rows since the coefficients were solved for
	size     float64   // mean absolute miss
	coef     []float64 // of the regressors; nil before the first solution
	constant float64
	work     []float64 // for a solution
	held     []float64 // rows that wait to be added to the sums
	weights  [together]float64
	waiting  int // how many those are
}

const (
	huberLimit  = 3    // standard deviations from which a row counts less
	solveEvery  = 72   // rows
	mostWeight  = 1e60 // the sums are scaled down from here
	missMemory  = 0.98 // share of its weight that a miss keeps in their mean with each further one
	rowsPerCoef = 3    // rows for each coefficient before the first solution
	together    = 4    // rows that are added at once
)

func newRecursive(k int, fade float64) *recursive {
	return &recursive{k: k, fade: fade, sums: make([]float64, (k+2)*(k+3)/2), weight: 1, held: make([]float64, together*(k+2))}
}

// add takes in a row: 1, the regressors and the value, all but the 1 counted from about their mean.
func (r *recursive) add(row []float64) {
	copy(r.held[r.waiting*len(row):], row)
	r.weights[r.waiting] = r.weight
	r.waiting++
	r.rows++
	r.since++
	r.weight /= r.fade
	solve := r.since >= solveEvery && r.rows >= rowsPerCoef*r.k
	if r.waiting == together || solve || r.weight > mostWeight {
		r.settle()
	}
	if r.weight > mostWeight {
		for i := range r.sums {
			r.sums[i] /= r.weight
		}
		r.weight = 1
	}
	if solve {
		r.solve()
	}
}

// settle adds the rows that wait to the sums.
func (r *recursive) settle() {
	size := r.k + 2
	if r.waiting == together {
		r.settleAll(r.held[:size], r.held[size:2*size], r.held[2*size:3*size], r.held[3*size:4*size])
	} else {
		for i := range r.waiting {
			row := r.held[i*size : (i+1)*size]
			u := r.weights[i] * r.trust(row[size-1], r.expect(row))
			at := 0
			for a, v := range row {
				v *= u
				part := r.sums[at : at+a+1]
				for b, x := range row[:len(part)] {
					part[b] += v * x
				}
				at += a + 1
			}
		}
	}
	r.waiting = 0
}

// settleAll does for four rows side by side what settle does for each: every sum is read and written once.
func (r *recursive) settleAll(p, q, s, t []float64) {
	e, f, g, h := r.constant, r.constant, r.constant, r.constant
	for j, c := range r.coef {
		e += c * p[j+1]
		f += c * q[j+1]
		g += c * s[j+1]
		h += c * t[j+1]
	}
	u := r.weights
	for i, pair := range [together][2]float64{{p[r.k+1], e}, {q[r.k+1], f}, {s[r.k+1], g}, {t[r.k+1], h}} {
		u[i] *= r.trust(pair[0], pair[1])
	}
	at := 0
	for a := range p {
		part := r.sums[at : at+a+1]
		e, f, g, h := p[a]*u[0], q[a]*u[1], s[a]*u[2], t[a]*u[3]
		w, x, y, z := p[:len(part)], q[:len(part)], s[:len(part)], t[:len(part)]
		for b := range part {
			part[b] = part[b] + e*w[b] + f*x[b] + g*y[b] + h*z[b]
		}
		at += a + 1
	}
}

// trust is the weight of a row by how far its value is from what is expected.
func (r *recursive) trust(value, expected float64) float64 {
	if r.coef == nil {
		return 1
	}
	miss := math.Abs(value - expected)
	if r.size == 0 {
		r.size = miss
	}
	limit := huberLimit * math.Sqrt(math.Pi/2) * r.size // of normal errors the mean size is sqrt(2/pi) deviations
	r.size = missMemory*r.size + (1-missMemory)*min(miss, limit)
	if miss > limit {
		return limit / miss
	}
	return 1
}

// expect gives the value from the regressors of a row.
func (r *recursive) expect(row []float64) float64 {
	f := r.constant
	for j, x := range row[1 : len(r.coef)+1] {
		f += r.coef[j] * x
	}
	return f
}

// solve finds the coefficients; false where the rows do not determine them.
func (r *recursive) solve() bool {
	r.settle()
	r.since = 0
	k, total := r.k, r.sums[0]
	if r.rows < 2*k+2 || !(total > 0) {
		return false
	}
	if r.work == nil {
		r.work = make([]float64, k+1+k*k)
	}
	means, gram := r.work[:k+1], r.work[k+1:]
	right := make([]float64, k)
	at := 1
	for a := range k + 1 {
		part := r.sums[at : at+a+2]
		means[a] = part[0] / total
		for b := range min(a+1, k) {
			g := part[b+1] - part[0]*means[b]
			if a < k {
				gram[a*k+b] = g
			} else {
				right[b] = g
			}
		}
		at += a + 2
	}
	if !solve(gram, right, k, lagRidge) {
		return false
	}
	r.coef, r.constant = right, means[k]
	for j, b := range right {
		r.constant -= b * means[j]
	}
	return true
}
