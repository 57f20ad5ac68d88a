// Package forest is the isolation forest: what few random cuts set apart from the rest is unusual.
package forest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/forewarn/earlywarning/pkg/detect/cluster"
	"github.com/forewarn/earlywarning/pkg/param"
)

const sampled = 256 // points that each tree sees

// Options say how a forest is grown; zero values take the paper's.
type Options struct {
	Trees int    // 100
	Seed  uint64 // the same seed and points give the same forest
}

// Forest is an isolation forest (Liu, Ting, Zhou: Isolation forest, ICDM 2008). It is safe for concurrent use.
type Forest struct {
	dims  int
	trees [][]node
	scale float64 // c(sample): the path length that scores 0.5
}

// node is a cut, or a leaf where feature is -1. The right child lies behind the left.
type node struct {
	cut     float64 // leaf: the path length that ends here
	feature int32
	left    int32
}

// Grow grows a forest over points; the error wraps param.ErrInvalid for bad options and points that are not finite.
func Grow(ctx context.Context, p cluster.Points, o Options) (*Forest, error) {
	if o.Trees == 0 {
		o.Trees = 100
	}
	if p.Dims < 1 || len(p.X) < p.Dims || o.Trees < 1 {
		return nil, fmt.Errorf("%w: %d numbers of %d dims, %d trees: at least one point and one tree are needed", param.ErrInvalid, len(p.X), p.Dims, o.Trees)
	}
	for i, v := range p.X {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("%w: number %d is %v, a finite number is needed", param.ErrInvalid, i, v)
		}
	}
	n := min(sampled, p.Len())
	f := &Forest{dims: p.Dims, trees: make([][]node, o.Trees), scale: pathLength(n)}
	rng := rand.New(rand.NewPCG(o.Seed, 1))
	g := grower{p: p, rng: rng, most: int(math.Ceil(math.Log2(float64(max(n, 2)))))}
	order := make([]int32, p.Len())
	for i := range order {
		order[i] = int32(i)
	}
	for t := range f.trees {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for i := range n { // a sample without replacement
			j := i + rng.IntN(len(order)-i)
			order[i], order[j] = order[j], order[i]
		}
		g.nodes = make([]node, 1, 2*n)
		g.grow(0, order[:n], 0)
		f.trees[t] = g.nodes
	}
	return f, nil
}

type grower struct {
	p     cluster.Points
	rng   *rand.Rand
	most  int // deepest cut
	nodes []node
}

// grow makes node at of some points: a random cut between least and most of a random feature in which they differ.
func (g *grower) grow(at int32, of []int32, depth int) {
	feature, lo, hi := -1, 0.0, 0.0
	if depth < g.most && len(of) > 1 {
		feature, lo, hi = g.choose(of)
	}
	if feature < 0 {
		g.nodes[at] = node{cut: float64(depth) + pathLength(len(of)), feature: -1}
		return
	}
	cut := lo + (hi-lo)*g.rng.Float64()
	if !(cut < hi) {
		cut = lo
	}
	i, j := 0, len(of)
	for i < j {
		if g.p.X[int(of[i])*g.p.Dims+feature] <= cut {
			i++
		} else {
			j--
			of[i], of[j] = of[j], of[i]
		}
	}
	left := int32(len(g.nodes))
	g.nodes = append(g.nodes, node{}, node{})
	g.nodes[at] = node{cut, int32(feature), left}
	g.grow(left, of[:i], depth+1)
	g.grow(left+1, of[i:], depth+1)
}

// choose draws a feature in which points differ, and gives its range; -1 where they are all alike.
func (g *grower) choose(of []int32) (feature int, lo, hi float64) {
	first := g.rng.IntN(g.p.Dims)
	for k := range g.p.Dims {
		feature = (first + k) % g.p.Dims
		lo = g.p.X[int(of[0])*g.p.Dims+feature]
		hi = lo
		for _, i := range of[1:] {
			v := g.p.X[int(i)*g.p.Dims+feature]
			lo, hi = min(lo, v), max(hi, v)
		}
		if lo < hi {
			return feature, lo, hi
		}
	}
	return -1, 0, 0
}

// pathLength is the mean length of an unsuccessful search in a binary search tree of n keys, c(n) of the paper.
func pathLength(n int) float64 {
	switch {
	case n <= 1:
		return 0
	case n == 2:
		return 1
	}
	m := float64(n)
	return 2*(math.Log(m-1)+eulerGamma) - 2*(m-1)/m
}

const eulerGamma = 0.5772156649015329

// Score is 2^(-mean path length / c): near 1 for what is easily set apart, 0.5 where nothing is unusual. The row has as many
// numbers as the points had; NaN is on no cut's left side.
func (f *Forest) Score(row []float64) float64 {
	sum := 0.0
	for _, t := range f.trees {
		sum += length(t, row)
	}
	return f.score(sum)
}

func (f *Forest) score(sum float64) float64 {
	if f.scale == 0 {
		return 0.5
	}
	return math.Exp2(-sum / float64(len(f.trees)) / f.scale)
}

func length(t []node, row []float64) float64 {
	n := &t[0]
	for n.feature >= 0 {
		at := n.left
		if !(row[n.feature] <= n.cut) {
			at++
		}
		n = &t[at]
	}
	return n.cut
}

// Scores scores many points, tree by tree, so that each tree stays in the cache.
func (f *Forest) Scores(p cluster.Points) []float64 {
	out := make([]float64, p.Len())
	for _, t := range f.trees {
		for i := range out {
			out[i] += length(t, p.Row(i))
		}
	}
	for i, sum := range out {
		out[i] = f.score(sum)
	}
	return out
}

// Bytes is about what the forest holds in memory.
func (f *Forest) Bytes() (n int) {
	for _, t := range f.trees {
		n += 16 * cap(t)
	}
	return n
}
