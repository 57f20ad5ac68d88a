package warn

import (
	"cmp"
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/series"
)

// stretch is a least-squares line over known points.
type stretch struct {
	from, to int // blocks [from, to)
	known    float64
	level    float64 // at block to-1
	slope    float64 // per block
	spread   float64 // sum of squared distances in time
	doubt    float64 // variance of the slope
}

func (l stretch) start() float64  { return l.level - l.slope*float64(l.to-1-l.from) }
func (l stretch) length() float64 { return float64(l.to - l.from) }

// sums are running sums, from which the line of any stretch costs a few operations.
type sums struct{ n, t, tt, x, tx, xx []float64 }

func newSums(x []float64) sums {
	n := len(x) + 1
	flat := make([]float64, 6*n)
	s := sums{flat[:n], flat[n : 2*n], flat[2*n : 3*n], flat[3*n : 4*n], flat[4*n : 5*n], flat[5*n:]}
	for i, v := range x {
		t, one := float64(i), 1.0
		if math.IsNaN(v) {
			t, v, one = 0, 0, 0
		}
		s.n[i+1], s.t[i+1], s.tt[i+1] = s.n[i]+one, s.t[i]+t, s.tt[i]+t*t
		s.x[i+1], s.tx[i+1], s.xx[i+1] = s.x[i]+v, s.tx[i]+t*v, s.xx[i]+v*v
	}
	return s
}

// rss is what the stretch leaves over; one of fewer than `shortest` known blocks is level.
func (s *sums) rss(a, b int) float64 {
	n := s.n[b] - s.n[a]
	if n < 2 {
		return 0
	}
	t, x := s.t[b]-s.t[a], s.x[b]-s.x[a]
	if n < shortest {
		return max(s.xx[b]-s.xx[a]-x*x/n, 0)
	}
	stt, sxx, stx := s.tt[b]-s.tt[a]-t*t/n, s.xx[b]-s.xx[a]-x*x/n, s.tx[b]-s.tx[a]-t*x/n
	return max(sxx-stx*stx/stt, 0)
}

func (s *sums) line(a, b int) stretch {
	l := stretch{from: a, to: b, known: s.n[b] - s.n[a]}
	if l.known == 0 {
		return l
	}
	n, t, x := l.known, s.t[b]-s.t[a], s.x[b]-s.x[a]
	l.level = x / n
	if n >= shortest {
		l.spread = s.tt[b] - s.tt[a] - t*t/n
		l.slope = (s.tx[b] - s.tx[a] - t*x/n) / l.spread
		l.level += l.slope * (float64(b-1) - t/n)
	}
	return l
}

// partition is the division of a series into stretches that are each a straight line, with breaks between them: the one that
// minimises the squares left over plus a price for each break (optimal partitioning, Jackson et al., IEEE Signal Processing
// Letters 12, 2005; pruned after Killick, Fearnhead, Eckley, JASA 107, 2012).
type partition struct {
	sums  sums
	n     int
	cost  []float64 // of the best division of the first i blocks
	last  []int     // start of its last stretch
	price float64   // of a break
	noise float64   // variance of a block about its line, in the long run
	phi   float64
}

// shortest is the number of known blocks from which a slope is told.
const shortest = 4

// divide estimates the noise, divides, and divides again with the noise that is left over.
func divide(x []float64) partition {
	p := partition{sums: newSums(x), n: len(x)}
	p.noise = p.quiet(x)
	for range 2 {
		p.price = breakPrice * math.Log(max(p.sums.n[p.n], 2)) * p.noise
		p.solve()
		p.learnNoise(x)
	}
	return p
}

const breakPrice = 5

// quiet is the variance about lines of twelve blocks, in their median.
func (p *partition) quiet(x []float64) float64 {
	const window = 12
	var v []float64
	for a := 0; a+window <= p.n; a += window / 2 {
		if p.sums.n[a+window]-p.sums.n[a] > 6 {
			v = append(v, p.sums.rss(a, a+window)/(p.sums.n[a+window]-p.sums.n[a]-2))
		}
	}
	lo, hi := series.Extent(x)
	floor := (hi - lo) * (hi - lo) * 1e-6
	if len(v) == 0 {
		return max(floor, 1e-300)
	}
	return max(order.Median(v), floor, 1e-300)
}

func (p *partition) solve() {
	p.cost, p.last = make([]float64, p.n+1), make([]int, p.n+1)
	p.cost[0] = -p.price
	open, with := make([]int, 1, p.n+1), make([]float64, p.n+1)
	for b := 1; b <= p.n; b++ {
		best, from := math.Inf(1), 0
		for k, a := range open {
			with[k] = p.cost[a] + p.sums.rss(a, b)
			if with[k] < best {
				best, from = with[k], a
			}
		}
		p.cost[b], p.last[b] = best+p.price, from
		kept := 0
		for k, a := range open { // a start that is behind by a break now will be so for ever
			if with[k] <= best+p.price {
				open[kept] = a
				kept++
			}
		}
		open = append(open[:kept], b)
	}
}

// learnNoise takes variance and autocorrelation from what the stretches leave over.
func (p *partition) learnNoise(x []float64) {
	var squares, known, num float64
	lines := p.lines(p.last[p.n])
	before := math.NaN()
	for _, e := range off(lines, x) {
		if !math.IsNaN(e) {
			squares += e * e
			known++
			if !math.IsNaN(before) {
				num += e * before
			}
		}
		before = e
	}
	free := known - 2*float64(len(lines))
	if free < 1 || squares == 0 {
		return
	}
	p.phi = min(max(num/squares, 0), 0.8)
	p.noise = max(p.noise, squares/free*(1+p.phi)/(1-p.phi))
}

// off gives what each block is off the line of its stretch; NaN where it is not known.
func off(lines []stretch, x []float64) []float64 {
	out := make([]float64, len(x))
	for _, l := range lines {
		for i := l.from; i < l.to; i++ {
			out[i] = x[i] - l.level + l.slope*float64(l.to-1-i)
		}
	}
	return out
}

// rest gives what the stretches leave over of the known blocks.
func (p *partition) rest(x []float64) []float64 { return known(off(p.lines(p.last[p.n]), x)) }

// lines gives the stretches of the best division whose last one starts at block from.
func (p *partition) lines(from int) []stretch {
	out := []stretch{p.sums.line(from, p.n)}
	for b := from; b > 0; {
		a := p.last[b]
		out = append(out, p.sums.line(a, b))
		b = a
	}
	slices.Reverse(out)
	return out
}

// opening is a possible start of the stretch that lasts now.
type opening struct {
	from   int
	weight float64
}

// mostOpenings bounds the readings of one history.
const mostOpenings = 16

// openings are the likely starts of the present stretch with their probabilities, the likeliest first.
func (p *partition) openings() []opening {
	var out []opening
	best := math.Inf(1)
	for a := range p.n {
		if p.sums.n[p.n] > p.sums.n[a] {
			c := p.cost[a] + p.sums.rss(a, p.n)
			best = min(best, c)
			out = append(out, opening{a, c})
		}
	}
	for i := range out {
		out[i].weight = math.Exp((best - out[i].weight) / (2 * p.noise))
	}
	slices.SortStableFunc(out, func(a, b opening) int { return cmp.Compare(b.weight, a.weight) })
	out = out[:min(len(out), mostOpenings)]
	sum := 0.0
	for i, o := range out {
		if o.weight < 0.05 {
			out = out[:i]
			break
		}
		sum += o.weight
	}
	for i := range out {
		out[i].weight /= sum
	}
	return out
}
