package warn

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// analogs draw futures from what followed on moments of the history that were like now (the method of analogues: Lorenz,
// "Atmospheric predictability as revealed by naturally occurring analogues", Journal of the Atmospheric Sciences 26, 1969). What
// sways without aim comes back in them, and goes no further than it went.
type analogs struct {
	x    []float64 // with its season, gaps filled
	day  int       // blocks; 1 where there is no course of the day
	rank [][]int   // moments by their value, of each time of the day
	near []int     // those most like now
}

const (
	mostAnalogs  = 24 // moments that futures begin from
	leastAnalogs = 8
	recent       = 12       // newest blocks that are no analogs of themselves
	fading       = 1.0 / 48 // of the distance to an analog, a block
)

// looks are the distances back in blocks at which two moments are compared, the nearest first.
var looks = [...]int{0, 1, 2, 3, 6, 12, 24}

// newAnalogs looks for moments like the end of x; nil where there are too few.
func newAnalogs(x []float64, day int) *analogs {
	n := len(x)
	first := looks[len(looks)-1]
	a := &analogs{x: x, day: day, rank: make([][]int, day)}
	for i := range n - 1 {
		a.rank[i%day] = append(a.rank[i%day], i)
	}
	for _, r := range a.rank {
		slices.SortFunc(r, func(i, j int) int { return cmp.Compare(x[i], x[j]) })
	}
	type moment struct {
		at       int
		distance float64
	}
	all := make([]moment, 0, n)
	for j := first; j < n-recent; j++ {
		d := 0.0
		for k, l := range looks {
			d += math.Abs(x[n-1-l]-x[j-l]) / float64(k+1)
		}
		all = append(all, moment{j, d})
	}
	if len(all) < leastAnalogs {
		return nil
	}
	slices.SortFunc(all, func(p, q moment) int { return cmp.Compare(p.distance, q.distance) })
	for _, m := range all[:min(max(leastAnalogs, len(all)/10), mostAnalogs, len(all))] {
		a.near = append(a.near, m.at)
	}
	return a
}

// walk draws a future into path.
func (a *analogs) walk(path []float64, rng *rand.Rand) {
	n := len(a.x)
	at := a.near[rng.IntN(len(a.near))]
	off := a.level(n-1) - a.level(at)
	for t := range path {
		if at++; at >= n { // the history ends
			level := a.x[n-1]
			if t > 0 {
				level = path[t-1]
			}
			at = a.like(level, t, rng) + 1
			off = level - a.x[at-1]
		}
		path[t] = a.x[at] + off
		off *= 1 - fading
	}
}

// level is the value at a moment, with less noise.
func (a *analogs) level(at int) float64 { return (a.x[at] + a.x[at-1] + a.x[at-2]) / 3 }

// like draws a moment to go on from after t blocks: one that another analog came to, or else one of the time of the day that was about
// as high.
func (a *analogs) like(level float64, t int, rng *rand.Rand) int {
	if at := a.near[rng.IntN(len(a.near))] + t; at < len(a.x)-1 {
		return at
	}
	r := a.rank[(len(a.x)-1+t)%a.day]
	k, _ := slices.BinarySearchFunc(r, level, func(i int, v float64) int { return cmp.Compare(a.x[i], v) })
	few := min(leastAnalogs, max(len(r)/3, 1))
	lo := max(min(k-few/2, len(r)-few), 0)
	return r[lo+rng.IntN(few)]
}
