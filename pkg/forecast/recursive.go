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
}

const (
	huberLimit  = 3    // standard deviations from which a row counts less
	solveEvery  = 72   // rows
	mostWeight  = 1e60 // the sums are scaled down from here
	missMemory  = 0.98 // share of its weight that a miss keeps in their mean with each further one
	rowsPerCoef = 3    // rows for each coefficient before the first solution
)

func newRecursive(k int, fade float64) *recursive {
	return &recursive{k: k, fade: fade, sums: make([]float64, (k+2)*(k+3)/2), weight: 1}
}

// add takes in a row: 1, the regressors and the value, all but the 1 counted from about their mean.
func (r *recursive) add(row []float64) {
	u := r.weight * r.trust(row)
	at := 0
	for a, v := range row {
		v *= u
		part := r.sums[at : at+a+1]
		for b, x := range row[:len(part)] {
			part[b] += v * x
		}
		at += a + 1
	}
	r.rows++
	r.since++
	if r.weight /= r.fade; r.weight > mostWeight {
		for i := range r.sums {
			r.sums[i] /= r.weight
		}
		r.weight = 1
	}
	if r.since >= solveEvery && r.rows >= rowsPerCoef*r.k {
		r.solve()
	}
}

// trust is the weight of a row by how far it is from what is expected.
func (r *recursive) trust(row []float64) float64 {
	if r.coef == nil {
		return 1
	}
	miss := math.Abs(row[r.k+1] - r.expect(row))
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
