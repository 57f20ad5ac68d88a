package group

import (
	"math"
	"math/rand/v2"
)

const (
	starts    = 5   // seedings of which the best is kept
	mostMoves = 100 // iterations of one start
)

// points are vectors of the same number of dimensions, one after another.
type points struct {
	x    []float64
	dims int
}

func (p points) len() int            { return len(p.x) / p.dims }
func (p points) row(i int) []float64 { return p.x[i*p.dims : (i+1)*p.dims] }

// clusters is the result of K-means: centres, and the cluster of each point.
type clusters struct {
	centres points
	of      []int
	inertia float64 // sum of squared distances to the nearest centre
}

// kmeans runs Lloyd's iteration (Least squares quantization in PCM, IEEE Trans. Inf. Theory 28, 1982) from k-means++ seeds
// (Arthur, Vassilvitskii, SODA 2007), several times, and keeps the least inertia. The seed is fixed, so that the same points
// give the same clusters on every replica. There are fewer centres than k where fewer points differ.
func kmeans(p points, k int) clusters {
	best := clusters{inertia: math.Inf(1)}
	rng := rand.New(rand.NewPCG(1, uint64(k)))
	n := starts
	if k == 1 {
		n = 1 // every start ends at the mean
	}
	for range n {
		if c := lloyd(p, plusPlus(p, k, rng)); c.inertia < best.inertia {
			best = c
		}
	}
	return best
}

// plusPlus picks k centres, each with a chance that grows with the squared distance to those picked before.
func plusPlus(p points, k int, rng *rand.Rand) points {
	n := p.len()
	centres := points{append(make([]float64, 0, k*p.dims), p.row(rng.IntN(n))...), p.dims}
	d := make([]float64, n)
	for i := range d {
		d[i] = math.Inf(1)
	}
	for centres.len() < k {
		sum, newest := 0.0, centres.row(centres.len()-1)
		for i := range d {
			d[i] = min(d[i], squared(p.row(i), newest))
			sum += d[i]
		}
		if sum == 0 {
			break
		}
		at, pick := rng.Float64()*sum, -1
		for i, v := range d {
			if v > 0 {
				pick = i
				if at -= v; at <= 0 {
					break
				}
			}
		}
		centres.x = append(centres.x, p.row(pick)...)
	}
	return centres
}

// lloyd moves the centres to the means of their points until no point changes its centre.
func lloyd(p, centres points) clusters {
	k := centres.len()
	c := clusters{centres: points{append([]float64{}, centres.x...), p.dims}, of: make([]int, p.len())}
	sums, counts := make([]float64, len(centres.x)), make([]float64, k)
	for i := range c.of {
		c.of[i] = -1
	}
	for range mostMoves {
		moved := false
		c.inertia = 0
		clear(sums)
		clear(counts)
		for i := range c.of {
			row := p.row(i)
			near, d := nearest(row, c.centres)
			moved = moved || near != c.of[i]
			c.of[i] = near
			c.inertia += d
			counts[near]++
			sum := sums[near*p.dims : (near+1)*p.dims]
			for j, v := range row {
				sum[j] += v
			}
		}
		if !moved {
			break
		}
		for j, n := range counts {
			for f := range p.dims {
				if n > 0 {
					c.centres.x[j*p.dims+f] = sums[j*p.dims+f] / n
				}
			}
		}
	}
	return c
}

// nearest gives the index of the nearest centre and the squared distance to it.
func nearest(row []float64, centres points) (at int, best float64) {
	best = math.Inf(1)
	for k := range centres.len() {
		if d := squared(row, centres.row(k)); d < best {
			at, best = k, d
		}
	}
	return at, best
}

func squared(a, b []float64) (d float64) {
	b = b[:len(a)]
	for j, v := range a {
		d += (v - b[j]) * (v - b[j])
	}
	return d
}

// silhouette is the mean silhouette width of a clustering, -1 to 1 (Rousseeuw, J. Comput. Appl. Math. 20, 1987); 0 for one
// cluster. Its cost is the square of the number of points.
func silhouette(p points, c clusters) float64 {
	k := c.centres.len()
	if k < 2 || len(c.of) == 0 {
		return 0
	}
	counts, sums := make([]float64, k), make([]float64, k*len(c.of))
	for i, a := range c.of {
		counts[a]++
		for j := range i {
			d := math.Sqrt(squared(p.row(i), p.row(j)))
			sums[i*k+c.of[j]] += d
			sums[j*k+a] += d
		}
	}
	total := 0.0
	for i, own := range c.of {
		if counts[own] < 2 {
			continue
		}
		a, b := sums[i*k+own]/(counts[own]-1), math.Inf(1)
		for j := range k {
			if j != own && counts[j] > 0 {
				b = min(b, sums[i*k+j]/counts[j])
			}
		}
		if m := max(a, b); m > 0 && !math.IsInf(b, 0) {
			total += (b - a) / m
		}
	}
	return total / float64(len(c.of))
}
