package warn

import (
	"math"

	"github.com/forewarn/earlywarning/pkg/order"
)

const (
	alike      = 0.6 // correlation of neighbouring weeks from which a course of the week is looked for
	weekSmooth = 2   // blocks on either side that the course of the week is smoothed over
)

// divide gives the stretches of the series, without courses of the day and week in so far as they explain more than the breaks do that
// they make unnecessary; of the week only where the weeks are alike.
func (b *blocks) divide() partition {
	p := divide(b.x)
	if b.season != nil {
		raw := make([]float64, len(b.x))
		for i, v := range b.x {
			raw[i] = v + b.at(i, 1)
		}
		q := divide(raw)
		if noise := min(p.noise, q.noise); divideAt(b.x, noise)+2*noise*float64(len(b.season)) >= divideAt(raw, noise) {
			b.x, b.season, b.swell, b.scaling, p = raw, nil, swell{}, scaling{}, q
		}
	}
	week := 7 * 24 / b.hours
	if week < 14 || week != math.Trunc(week) || len(b.x) < 2*int(week) {
		return p
	}
	course := weekly(b.x, int(week))
	if course == nil {
		return p
	}
	rest := make([]float64, len(b.x))
	for i, v := range b.x {
		rest[i] = v - course[i%int(week)]
	}
	if price := 2 * p.noise * week / (2*weekSmooth + 1); divideAt(rest, p.noise)+price >= divideAt(b.x, p.noise) {
		return p
	}
	whole := make([]float64, int(week))
	for i := range whole {
		whole[i] = course[i]
		if b.season != nil {
			whole[i] += b.season[i%len(b.season)]
		}
	}
	b.x, b.season = rest, whole
	return divide(rest)
}

// divideAt is the cost of the best division under a given noise.
func divideAt(x []float64, noise float64) float64 {
	p := partition{sums: newSums(x), n: len(x), noise: noise}
	p.price = breakPrice * math.Log(max(p.sums.n[p.n], 2)) * noise
	p.solve()
	return p.cost[p.n]
}

// weekly gives the course of the week, by phase from the first block on; nil where neighbouring weeks are not alike. Growth is what
// a block is above the same block a week before, in the median; each week is measured from its own median.
func weekly(x []float64, week int) []float64 {
	n := len(x)
	var steps []float64
	for i := week; i < n; i++ {
		if d := x[i] - x[i-week]; !math.IsNaN(d) {
			steps = append(steps, d)
		}
	}
	if len(steps) < week/2 {
		return nil
	}
	slope := order.Median(steps) / float64(week)
	weeks := n / week
	rest := make([][]float64, weeks)
	for w := range rest {
		at := n - (weeks-w)*week
		rest[w] = make([]float64, week)
		for i := range rest[w] {
			rest[w][i] = x[at+i] - slope*float64(at+i)
		}
		mid := order.Median(known(rest[w]))
		for i := range rest[w] {
			rest[w][i] -= mid
		}
	}
	like := 0.0
	for w := 1; w < weeks; w++ {
		like += correlation(rest[w-1], rest[w]) / float64(weeks-1)
	}
	if !(like > alike) {
		return nil
	}
	raw := make([]float64, week)
	for i := range raw {
		var at []float64
		for w := range rest {
			if v := rest[w][i]; !math.IsNaN(v) {
				at = append(at, v)
			}
		}
		for _, v := range at {
			raw[i] += v / float64(len(at))
		}
	}
	out, first := make([]float64, week), n%week
	near := make([]float64, 2*weekSmooth+1)
	for i := range raw {
		for k := range near {
			near[k] = raw[(i+k-weekSmooth+week)%week]
		}
		out[(i+first)%week] = order.Median(near) // which keeps the edges of weekends
	}
	return out
}

func known(x []float64) []float64 {
	var out []float64
	for _, v := range x {
		if !math.IsNaN(v) {
			out = append(out, v)
		}
	}
	return out
}

// correlation is Pearson's, of the pairs that are known; 0 where there are few.
func correlation(x, y []float64) float64 {
	var n, sx, sy, xx, yy, xy float64
	for i, a := range x {
		if b := y[i]; !math.IsNaN(a) && !math.IsNaN(b) {
			n++
			sx, sy, xx, yy, xy = sx+a, sy+b, xx+a*a, yy+b*b, xy+a*b
		}
	}
	if n < float64(len(x))/2 {
		return 0
	}
	d := (xx - sx*sx/n) * (yy - sy*sy/n)
	if d <= 0 {
		return 0
	}
	return (xy - sx*sy/n) / math.Sqrt(d)
}
