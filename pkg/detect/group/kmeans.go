package group

import (
	"math"
	"math/rand/v2"
)

// clusters is the result of K-means: centres, and the cluster of each point.
type clusters struct {
	centres []point
	of      []int
	inertia float64 // sum of squared distances to the nearest centre
}

// kmeans runs Lloyd's iteration from k-means++ seeds, several times, and keeps the least inertia. The seed is fixed, so that the
// same points give the same clusters on every replica.
func kmeans(points []point, k int) clusters {
	best := clusters{inertia: math.Inf(1)}
	rng := rand.New(rand.NewPCG(1, uint64(k)))
	for range 5 {
		if c := lloyd(points, plusPlus(points, k, rng)); c.inertia < best.inertia {
			best = c
		}
	}
	return best
}

// plusPlus picks k centres, each with a chance that grows with the squared distance to those picked before.
func plusPlus(points []point, k int, rng *rand.Rand) []point {
	centres := []point{points[rng.IntN(len(points))]}
	d := make([]float64, len(points))
	for len(centres) < k {
		sum := 0.0
		for i, p := range points {
			_, d[i] = nearest(p, centres)
			sum += d[i]
		}
		if sum == 0 {
			break // fewer different points than clusters
		}
		at, pick := rng.Float64()*sum, len(points)-1
		for i, v := range d {
			if at -= v; at <= 0 {
				pick = i
				break
			}
		}
		centres = append(centres, points[pick])
	}
	return centres
}

func lloyd(points, centres []point) clusters {
	c := clusters{centres: centres, of: make([]int, len(points))}
	for range 100 {
		moved := false
		c.inertia = 0
		sums, counts := make([]point, len(centres)), make([]float64, len(centres))
		for i, p := range points {
			near, d := nearest(p, c.centres)
			moved = moved || near != c.of[i]
			c.of[i] = near
			c.inertia += d
			counts[near]++
			for j, v := range p {
				sums[near][j] += v
			}
		}
		for k, n := range counts {
			if n > 0 {
				for j := range sums[k] {
					c.centres[k][j] = sums[k][j] / n
				}
			}
		}
		if !moved {
			break
		}
	}
	c.inertia = 0
	for i, p := range points {
		var d float64
		c.of[i], d = nearest(p, c.centres)
		c.inertia += d
	}
	return c
}

// nearest gives the index of the nearest centre and the squared distance to it.
func nearest(p point, centres []point) (int, float64) {
	best, at := math.Inf(1), 0
	for k, c := range centres {
		d := 0.0
		for j, v := range p {
			d += (v - c[j]) * (v - c[j])
		}
		if d < best {
			best, at = d, k
		}
	}
	return at, best
}

// silhouette is the mean silhouette width of a clustering (-1 to 1); 0 for one cluster.
func silhouette(points []point, c clusters) float64 {
	if len(c.centres) < 2 || len(points) == 0 {
		return 0
	}
	sums, counts := make([]float64, len(c.centres)), make([]float64, len(c.centres))
	for _, k := range c.of {
		counts[k]++
	}
	total := 0.0
	for i, p := range points {
		clear(sums)
		for j, q := range points {
			_, d := nearest(p, []point{q})
			sums[c.of[j]] += math.Sqrt(d)
		}
		own := c.of[i]
		if counts[own] < 2 {
			continue
		}
		a, b := sums[own]/(counts[own]-1), math.Inf(1)
		for k := range sums {
			if k != own && counts[k] > 0 {
				b = math.Min(b, sums[k]/counts[k])
			}
		}
		if m := math.Max(a, b); m > 0 && !math.IsInf(b, 0) {
			total += (b - a) / m
		}
	}
	return total / float64(len(points))
}
