// Package cluster groups points: K-means, DBSCAN, and the silhouette that judges a grouping. It knows nothing of time.
package cluster

import (
	"fmt"
	"math"

	"github.com/forewarn/earlywarning/pkg/param"
)

// Points are vectors of Dims finite numbers each, one after another.
type Points struct {
	X    []float64
	Dims int
}

// Len counts the points.
func (p Points) Len() int { return len(p.X) / p.Dims }

// Row gives one point; it shares memory with p.
func (p Points) Row(i int) []float64 { return p.X[i*p.Dims : (i+1)*p.Dims] }

// check refuses what cannot be grouped; the error wraps param.ErrInvalid.
func (p Points) check() error {
	if p.Dims < 1 || len(p.X)%p.Dims != 0 {
		return fmt.Errorf("%w: dims is %d, a positive divisor of the %d numbers is needed", param.ErrInvalid, p.Dims, len(p.X))
	}
	for i, v := range p.X {
		if math.IsNaN(v) || math.Abs(v) > 1e150 {
			return fmt.Errorf("%w: number %d is %v, a finite number is needed", param.ErrInvalid, i, v)
		}
	}
	return nil
}

// Squared is the squared Euclidean distance of two vectors of the same length.
func Squared(a, b []float64) (d float64) {
	b = b[:len(a)]
	for j, v := range a {
		v -= b[j]
		d += v * v
	}
	return d
}

// squares sets out to the squared distance of each point to c where that is less than known, and gives their sum; written out
// for four dimensions.
func (p Points) squares(c, known, out []float64) (sum float64) {
	if p.Dims != 4 {
		for i := range out {
			out[i] = lesser(Squared(p.Row(i), c), known[i])
			sum += out[i]
		}
		return sum
	}
	c0, c1, c2, c3 := c[0], c[1], c[2], c[3]
	known, x := known[:len(out)], p.X[:4*len(out)]
	for i := range out {
		row := x[4*i : 4*i+4 : 4*i+4]
		d0, d1, d2, d3 := row[0]-c0, row[1]-c1, row[2]-c2, row[3]-c3
		d := lesser(d0*d0+d1*d1+(d2*d2+d3*d3), known[i])
		out[i] = d
		sum += d
	}
	return sum
}

// lesser is the smaller of two numbers that are not negative: their bits have the same order, and integers are compared
// without a branch, which here could not be foreseen.
func lesser(a, b float64) float64 {
	return math.Float64frombits(min(math.Float64bits(a), math.Float64bits(b)))
}

// Silhouette is the mean silhouette width of a grouping, -1 to 1 (Rousseeuw, J. Comput. Appl. Math. 20, 1987); 0 for less than
// two groups. Points of group -1 are left out. The cost is the square of the number of points.
func Silhouette(p Points, of []int, groups int) float64 {
	if groups < 2 {
		return 0
	}
	counts, sums := make([]float64, groups), make([]float64, groups*len(of))
	for i, a := range of {
		if a < 0 {
			continue
		}
		counts[a]++
		for j, b := range of[:i] {
			if b >= 0 {
				d := math.Sqrt(Squared(p.Row(i), p.Row(j)))
				sums[i*groups+b] += d
				sums[j*groups+a] += d
			}
		}
	}
	total, n := 0.0, 0.0
	for i, own := range of {
		if own < 0 {
			continue
		}
		n++
		if counts[own] < 2 {
			continue
		}
		a, b := sums[i*groups+own]/(counts[own]-1), math.Inf(1)
		for j, c := range counts {
			if j != own && c > 0 {
				b = min(b, sums[i*groups+j]/c)
			}
		}
		if m := max(a, b); m > 0 && !math.IsInf(b, 0) {
			total += (b - a) / m
		}
	}
	if n == 0 {
		return 0
	}
	return total / n
}
