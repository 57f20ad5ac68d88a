package group

import (
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/detect/cluster"
	"github.com/forewarn/earlywarning/pkg/order"
)

const (
	roleShare   = 0.05 // of an instance's history from which a cluster is one of its places
	habitShare  = 0.01 // from which the cluster is known to it at all
	leastOwn    = 10   // windows from which an instance's own spread is believed
	farQuantile = 0.995
)

// habits say for each instance which clusters are places of its own or of the group, and how far from their centres it may be.
// A cluster in which at least two instances have been at home is a role that any of them may take over, such as that of a leader;
// a cluster of one instance alone is that instance's affair and excuses nobody else, but those without a history.
type habits struct {
	centres points
	limit   [][]float64 // per instance and cluster: distance that is usual, in units; NaN where the cluster is none of its places
}

// learn gives the habits of k instances. The limit is the 99.5 % quantile of the instance's own distances, but not less than what
// is typical of the instances, nor less than a unit, widened by how far beyond that some instance was half of the times: the
// more instances there are, the farther the farthest one is.
func learn(h *history, c cluster.Means, k int) habits {
	of := c.Centres.Len()
	distances, total := make([][][]float64, k), make([]int, k)
	for j := range distances {
		distances[j] = make([][]float64, of)
	}
	for i, a := range c.Of {
		j := h.at[i].instance
		total[j]++
		if a >= 0 {
			distances[j][a] = append(distances[j][a], away(h.trained, i, c, a))
		}
	}
	out := habits{centres: c.Centres, limit: make([][]float64, k)}
	for j := range out.limit {
		out.limit[j] = make([]float64, of)
	}
	typical := make([]float64, of)
	for a := range of {
		typical[a] = out.fill(a, distances, total)
		widen(h, c, a, out.limit)
	}
	for j, limit := range out.limit {
		if !slices.ContainsFunc(limit, func(v float64) bool { return !math.IsNaN(v) }) {
			out.limit[j] = typical // all it was known for was an incident
		}
	}
	return out
}

func away(p points, i int, c cluster.Means, a int) float64 {
	return math.Sqrt(cluster.Squared(p.Row(i), c.Centres.Row(a)))
}

// fill sets the limits of cluster a from each instance's own distances and from what is typical, which it gives.
func (b *habits) fill(a int, distances [][][]float64, total []int) (typical float64) {
	var own, all []float64
	homes := 0
	for j, d := range distances {
		slices.Sort(d[a])
		all = append(all, d[a]...)
		if len(d[a]) >= leastOwn {
			own = append(own, order.Quantile(d[a], farQuantile))
		}
		if float64(len(d[a])) >= roleShare*float64(total[j]) && len(d[a]) > 0 {
			homes++
		}
	}
	typical = 1
	switch {
	case len(own) > 0:
		typical = max(order.Median(own), typical)
	case len(all) > 0:
		slices.Sort(all)
		typical = max(order.Quantile(all, farQuantile), typical)
	}
	for j, d := range distances {
		b.limit[j][a] = typical
		if len(d[a]) >= leastOwn {
			b.limit[j][a] = max(typical, order.Quantile(d[a], farQuantile))
		}
		stranger := total[j] >= leastOwn && float64(len(d[a])) < habitShare*float64(total[j])+1
		if homes < 2 && stranger {
			b.limit[j][a] = math.NaN()
		}
	}
	return typical
}

// widen multiplies the limits of cluster a by the median over the times of the farthest member's distance from it, in limits.
func widen(h *history, c cluster.Means, a int, limit [][]float64) {
	farthest := make([]float64, h.times)
	for i, of := range c.Of {
		if s := h.at[i]; of == a && !math.IsNaN(limit[s.instance][a]) {
			farthest[s.time] = max(farthest[s.time], away(h.trained, i, c, a)/limit[s.instance][a])
		}
	}
	if factor := order.Median(farthest); factor > 1 {
		for j := range limit {
			limit[j][a] *= factor
		}
	}
}

// nearest gives the place of instance j that row is nearest to, and its distance in that place's limits.
func (b *habits) nearest(j int, row []float64) (place int, score float64) {
	place, score = 0, math.Inf(1)
	for a, limit := range b.limit[j] {
		if d := math.Sqrt(cluster.Squared(row, b.centres.Row(a))) / limit; d < score {
			place, score = a, d
		}
	}
	return place, score
}
