package cluster

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/forewarn/earlywarning/pkg/param"
)

const (
	mostMoves   = 300  // iterations of one start
	mostMeans   = 256  // centres
	mostSampled = 2000 // points that a candidate for a centre is judged by
	settled     = 1e-4 // a start has settled when its centres moved by less than this part of the mean variance, squared
)

// Means is a grouping by K-means.
type Means struct {
	Centres Points
	Of      []int   // centre of each point
	Inertia float64 // sum of squared distances to the nearest centre
}

// KMeans groups points around k centres: Lloyd's iteration (Least squares quantization in PCM, IEEE Trans. Inf. Theory 28, 1982)
// from k-means++ seeds (Arthur, Vassilvitskii, SODA 2007), with Hamerly's bounds (Making k-means even faster, SDM 2010), which
// save most distances and change no result. The best of some starts is kept and run until nothing changes. The seed is fixed, so that the same points give
// the same groups on every replica. There are fewer centres than k where fewer points differ.
func KMeans(ctx context.Context, p Points, k, starts int) (Means, error) {
	if err := p.check(); err != nil {
		return Means{}, err
	}
	if most := min(p.Len(), mostMeans); k < 1 || k > most || starts < 1 {
		return Means{}, fmt.Errorf("%w: k is %d and starts %d, 1 to %d and at least 1 are needed", param.ErrInvalid, k, starts, most)
	}
	best := Means{Inertia: math.Inf(1)}
	rng := rand.New(rand.NewPCG(1, uint64(k)))
	l := newLloyd(p, k)
	l.mean, l.total = spreadOf(p)
	enough := settled * l.total / float64(len(p.X))
	for range starts {
		if err := ctx.Err(); err != nil {
			return best, err
		}
		l.seed(rng)
		l.run(enough)
		if inertia := l.about(); inertia < best.Inertia {
			best.Inertia = inertia
			best.Centres = Points{append(best.Centres.X[:0], l.centres...), p.Dims}
		}
		if k == 1 {
			break // every start ends at the mean
		}
	}
	return From(p, best.Centres)
}

// spreadOf gives the mean of the points and the sum of squared distances from it.
func spreadOf(p Points) (mean []float64, total float64) {
	mean = make([]float64, p.Dims)
	for f := range mean {
		k := 0.0
		for i := f; i < len(p.X); i += p.Dims {
			k++
			d := p.X[i] - mean[f]
			mean[f] += d / k
			total += d * (p.X[i] - mean[f])
		}
	}
	return mean, total
}

// From moves given centres to where Lloyd's iteration ends.
func From(p, centres Points) (Means, error) {
	if err := p.check(); err != nil {
		return Means{}, err
	}
	if n := len(centres.X); centres.Dims != p.Dims || n < p.Dims || n > mostMeans*p.Dims || p.Len() < 1 {
		return Means{}, fmt.Errorf("%w: %d numbers of centres with %d dims, 1 to %d centres of %d are needed, and a point", param.ErrInvalid, n, centres.Dims, mostMeans, p.Dims)
	}
	l := newLloyd(p, centres.Len())
	l.centres = append(l.centres[:0], centres.X...)
	l.run(0)
	of := make([]int, len(l.of))
	for i, a := range l.of {
		of[i] = int(a)
	}
	return Means{Points{l.centres, p.Dims}, of, l.inertia()}, nil
}

// Nearest gives the index of the nearest centre and the squared distance to it.
func (p Points) Nearest(row []float64) (at int, best float64) {
	best = math.Inf(1)
	for k := range p.Len() {
		if d := Squared(row, p.Row(k)); d < best {
			at, best = k, d
		}
	}
	return at, best
}

// lloyd is the state of one start. For each point, upper is at least its distance to its centre, and lower at most that to
// every other.
type lloyd struct {
	p            Points
	k            int // asked for
	centres      []float64
	of           []uint8 // there are mostMeans at most
	upper, lower []float64
	sums, counts []float64
	room         [mostMeans]room
	first        []float64 // while seeding: squared distances of the points to the nearest centre
	mean         []float64 // of the points
	total        float64   // sum of squared distances from the mean
}

// room is what a centre's points need to know: how far it went, how far another one did at most, and half the distance to the
// nearest other.
type room struct{ moved, others, half float64 }

func newLloyd(p Points, k int) *lloyd {
	n := p.Len()
	return &lloyd{p: p, k: k, centres: make([]float64, 0, k*p.Dims), of: make([]uint8, n), upper: make([]float64, n), lower: make([]float64, n),
		sums: make([]float64, k*p.Dims), counts: make([]float64, k), first: make([]float64, n)}
}

// tries is how many candidates the greedy form of k-means++ draws for each centre, as in Arthur and Vassilvitskii's code.
func tries(k int) int { return 2 + int(math.Log(float64(k))) }

// seed picks k centres, each the best of a few that are drawn with a chance that grows with the squared distance to those
// picked before.
func (l *lloyd) seed(rng *rand.Rand) {
	for i := range l.first {
		l.first[i] = math.Inf(1)
	}
	l.centres = append(l.centres[:0], l.p.Row(rng.IntN(l.p.Len()))...)
	sum := l.p.squares(l.centres, l.first, l.first)
	for len(l.centres) < l.k*l.p.Dims && sum > 0 {
		pick, least := -1, math.Inf(1)
		for range tries(l.k) {
			c := draw(l.first, rng.Float64()*sum)
			if c == pick {
				continue
			}
			if after := l.without(c); after < least {
				pick, least = c, after
			}
		}
		l.centres = append(l.centres, l.p.Row(pick)...)
		sum = l.p.squares(l.p.Row(pick), l.first, l.first)
	}
}

// without is about the sum of squared distances that is left with point c as a further centre, from up to mostSampled points.
func (l *lloyd) without(c int) (sum float64) {
	row := l.p.Row(c)
	for i := 0; i < len(l.first); i += (len(l.first)-1)/mostSampled + 1 {
		sum += lesser(Squared(l.p.Row(i), row), l.first[i])
	}
	return sum
}

// draw gives the index at which the running sum of chances reaches at; one with a chance above 0.
func draw(chances []float64, at float64) (pick int) {
	for i, v := range chances {
		if v > 0 {
			pick = i
			if at -= v; at <= 0 {
				break
			}
		}
	}
	return pick
}

func (l *lloyd) centre(j int) []float64 { return l.centres[j*l.p.Dims : (j+1)*l.p.Dims] }

// run moves the centres to the means of their points until none changes its centre, or until the sum of their squared moves
// is below enough.
func (l *lloyd) run(enough float64) {
	k, dims := len(l.centres)/l.p.Dims, l.p.Dims
	clear(l.sums)
	clear(l.counts)
	for i := range l.of {
		row := l.p.Row(i)
		l.full(i, row, k)
		l.counts[l.of[i]]++
		sum := l.sums[int(l.of[i])*dims:]
		for f, v := range row {
			sum[f] += v
		}
	}
	for range mostMoves {
		far, moved := l.move(k)
		l.spread(k)
		if !l.assign(k, far) || moved < enough {
			return
		}
	}
}

// full measures a point against every centre.
func (l *lloyd) full(i int, row []float64, k int) {
	first, at := math.Float64bits(math.Inf(1)), 0
	second := first
	if len(row) == 4 {
		x0, x1, x2, x3, c := row[0], row[1], row[2], row[3], l.centres[:4*k]
		for j := 0; len(c) >= 4; j++ {
			d0, d1, d2, d3 := x0-c[0], x1-c[1], x2-c[2], x3-c[3]
			d := math.Float64bits(d0*d0 + d1*d1 + (d2*d2 + d3*d3)) // see lesser
			second = min(second, max(d, first))
			if d < first {
				at = j
			}
			first = min(first, d)
			c = c[4:]
		}
	} else {
		for j := range k {
			d := math.Float64bits(Squared(row, l.centre(j)))
			second = min(second, max(d, first))
			if d < first {
				at = j
			}
			first = min(first, d)
		}
	}
	l.of[i], l.upper[i], l.lower[i] = uint8(at), math.Sqrt(math.Float64frombits(first)), math.Sqrt(math.Float64frombits(second))
}

// farthest says how far the centres went: the farthest, which one it was, and the next.
type farthest struct {
	first, next float64
	which       int
}

// move puts each centre at the mean of its points.
func (l *lloyd) move(k int) (far farthest, squares float64) {
	dims := l.p.Dims
	for j := range k {
		c, d := l.centre(j), 0.0
		for f := range c {
			if l.counts[j] > 0 {
				v := l.sums[j*dims+f] / l.counts[j]
				d += (v - c[f]) * (v - c[f])
				c[f] = v
			}
		}
		squares += d
		if d = math.Sqrt(d); d > far.first {
			far = farthest{d, far.first, j}
		} else if d > far.next {
			far.next = d
		}
		l.room[j].moved = d
	}
	return far, squares
}

// spread gives half of each centre's distance to the nearest other.
func (l *lloyd) spread(k int) {
	for j := range k {
		nearest := math.Inf(1)
		for o := range k {
			if o != j {
				nearest = min(nearest, Squared(l.centre(j), l.centre(o)))
			}
		}
		l.room[j].half = math.Sqrt(nearest) / 2
	}
}

// assign widens the bounds by how far the centres went, gives points to their nearest centres, and tells whether any changed.
func (l *lloyd) assign(k int, far farthest) (changed bool) {
	dims := l.p.Dims
	for j := range k {
		if l.room[j].others = far.first; j == far.which {
			l.room[j].others = far.next
		}
	}
	upper, lower := l.upper[:len(l.of)], l.lower[:len(l.of)]
	for i, which := range l.of {
		r := &l.room[which]
		u, w := upper[i]+r.moved, lower[i]-r.others
		upper[i], lower[i] = u, w
		near := max(w, r.half)
		if u <= near {
			continue
		}
		a, row := int(which), l.p.Row(i)
		if u = math.Sqrt(Squared(row, l.centre(a))); u <= near {
			upper[i] = u
			continue
		}
		l.full(i, row, k)
		if b := int(l.of[i]); b != a {
			changed = true
			l.counts[a]--
			l.counts[b]++
			from, to := l.sums[a*dims:(a+1)*dims], l.sums[b*dims:(b+1)*dims]
			for f, v := range row {
				from[f] -= v
				to[f] += v
			}
		}
	}
	return changed
}

// about is the inertia as the sums of the groups tell it: good to a part in 10^10 of the points' spread, which is enough to choose
// between starts.
func (l *lloyd) about() float64 {
	left := l.total
	for j, n := range l.counts {
		for f, m := range l.mean {
			if n > 0 {
				d := l.sums[j*l.p.Dims+f] - n*m
				left -= d * d / n
			}
		}
	}
	return left
}

func (l *lloyd) inertia() (sum float64) {
	for i, a := range l.of {
		sum += Squared(l.p.Row(i), l.centre(int(a)))
	}
	return sum
}
