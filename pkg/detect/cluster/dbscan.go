package cluster

import (
	"fmt"
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/param"
)

// DBSCAN groups points that have at least least points, themselves included, within eps, and what such points reach (Ester,
// Kriegel, Sander, Xu: A density-based algorithm for discovering clusters, KDD 1996). It gives the group of each point, -1 for
// noise, and the number of groups, which are numbered by their first point. A border point within reach of several groups
// goes to the lowest. Points are laid on a grid of eps, so that only neighbouring cells are compared.
func DBSCAN(p Points, eps float64, least int) (of []int, groups int, err error) {
	if err := p.check(); err != nil {
		return nil, 0, err
	}
	if !(eps > 0) || math.IsInf(eps, 0) || least < 1 {
		return nil, 0, fmt.Errorf("%w: eps is %v and least %d, positive ones are needed", param.ErrInvalid, eps, least)
	}
	g := newCells(p, eps)
	n := p.Len()
	count := make([]int32, n)
	for i := range count {
		count[i] = 1
	}
	g.pairs(func(a, b int) { count[a]++; count[b]++ })
	core := func(i int) bool { return int(count[i]) >= least }
	root := make([]int, n)
	for i := range root {
		root[i] = i
	}
	g.pairs(func(a, b int) {
		if core(a) && core(b) {
			if x, y := find(root, a), find(root, b); x != y {
				root[max(x, y)] = min(x, y) // the lowest point is the root
			}
		}
	})
	of = make([]int, n)
	for i := range of {
		if of[i] = -1; core(i) {
			if r := find(root, i); r == i {
				of[i] = groups
				groups++
			} else {
				of[i] = of[r]
			}
		}
	}
	g.pairs(func(a, b int) {
		for range 2 {
			if core(a) && !core(b) && (of[b] < 0 || of[a] < of[b]) {
				of[b] = of[a]
			}
			a, b = b, a
		}
	})
	return of, groups, nil
}

func find(root []int, i int) int {
	for root[i] != i {
		root[i] = root[root[i]]
		i = root[i]
	}
	return i
}

// gridDims is how many dimensions the grid has; further ones are only compared.
const gridDims = 4

// cells are the points sorted by cell.
type cells struct {
	p     Points    // in the order of cells
	index []int     // place before sorting
	start []int     // first point of each cell, and the end
	near  [][]int32 // cells after it whose points may be within reach
	eps2  float64
	found []int64 // pairs within reach, as far as they are kept
	kept  bool
}

// mostKept bounds the memory of kept pairs; with more they are found anew each time.
const mostKept = 4 << 20

func newCells(p Points, eps float64) *cells {
	dims, n := min(p.Dims, gridDims), p.Len()
	type key [gridDims]int64
	keys, order := make([]key, n), make([]int, n)
	for i := range order {
		order[i] = i
		for f := range dims {
			keys[i][f] = int64(math.Floor(max(min(p.X[i*p.Dims+f]/eps, 1e15), -1e15)))
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		if c := slices.Compare(keys[a][:], keys[b][:]); c != 0 {
			return c
		}
		return a - b
	})
	g := &cells{p: Points{make([]float64, 0, len(p.X)), p.Dims}, index: order, eps2: eps * eps}
	cell := map[key]int32{}
	var of []key
	for at, i := range order {
		if at == 0 || keys[i] != of[len(of)-1] {
			cell[keys[i]] = int32(len(of))
			of = append(of, keys[i])
			g.start = append(g.start, at)
		}
		g.p.X = append(g.p.X, p.Row(i)...)
	}
	g.start = append(g.start, n)
	g.near = make([][]int32, len(of))
	for c, k := range of {
		next := k
		var walk func(f int)
		walk = func(f int) {
			if f == dims {
				if o, ok := cell[next]; ok && int(o) >= c {
					g.near[c] = append(g.near[c], o)
				}
				return
			}
			for d := int64(-1); d <= 1; d++ {
				next[f] = k[f] + d
				walk(f + 1)
			}
		}
		walk(0)
	}
	return g
}

// pairs calls do for every two points within reach of each other, once.
func (g *cells) pairs(do func(a, b int)) {
	if g.kept {
		for _, ab := range g.found {
			do(int(ab>>32), int(ab&math.MaxUint32))
		}
		return
	}
	g.found, g.kept = g.found[:0], true
	for c, near := range g.near {
		for a := g.start[c]; a < g.start[c+1]; a++ {
			row := g.p.Row(a)
			for _, o := range near {
				b := g.start[o]
				if int(o) == c {
					b = a + 1
				}
				for ; b < g.start[o+1]; b++ {
					if Squared(row, g.p.Row(b)) > g.eps2 {
						continue
					}
					i, j := g.index[a], g.index[b]
					if len(g.found) < mostKept {
						g.found = append(g.found, int64(i)<<32|int64(j))
					} else {
						g.kept = false
					}
					do(i, j)
				}
			}
		}
	}
}
