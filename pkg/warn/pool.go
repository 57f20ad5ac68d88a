package warn

import (
	"math"
	"math/rand/v2"
	"slices"
)

const (
	tried      = 40 // futures that are drawn at each moment of the past
	ahead      = 72 // hours that they look ahead
	poolPower  = 4
	sumsNeeded = 4 // moments

	unknownFrom = 0.1 // of the range seen before, above which analogs know nothing
)

// trust gives the share of the futures that the analogs draw: they and the regimes are asked at moments of the past, a day apart,
// for the highest value of the three days that followed, and the better their answers were by the continuous ranked probability
// score (Gneiting and Raftery, Journal of the American Statistical Association 102, 2007) the more they count (pools of
// predictions: Geweke and Amisano, Journal of Econometrics 164, 2011). The further the
// series is above all that it was before the present stretch, the less the analogs know.
func (f *futures) trust(x, raw []float64) float64 {
	b := &f.blocks
	n := len(x)
	now := f.regimes[0].lines[len(f.regimes[0].lines)-1]
	before := x[:now.from]
	if len(before) < n/4 {
		return 0
	}
	highest := slices.Max(before)
	known := 1 - max(now.level-highest-2*f.sd, 0)/(unknownFrom*(highest-slices.Min(before))+1e-300)
	if known <= 0 {
		return 0
	}
	day, h := max(int(24/b.hours), 1), max(int(ahead/b.hours), 1)
	rng := rand.New(rand.NewPCG(f.seed, 0x9e3779b97f4a7c15))
	regimes, others := 0.0, 0.0
	count := 0
	path, top := make([]float64, h), make([]float64, tried)
	for at := n - day/2; at >= max(3*day, n/4); at -= day {
		a := newAnalogs(raw[:at], f.blocks.phases())
		if a == nil {
			break
		}
		p := f.part
		p.n = at
		r := newRegime(b, &p, p.last[at])
		k := min(h, n-at)
		actual := slices.Max(raw[at : at+k])
		score := func(walk func([]float64, *rand.Rand), noisy bool) float64 {
			for i := range top {
				walk(path[:k], rng)
				top[i] = math.Inf(-1)
				for t, v := range path[:k] {
					if noisy {
						v += f.residual(rng) + b.at(at+t, 1)
					}
					top[i] = max(top[i], v)
				}
			}
			return crps(top, actual)
		}
		regimes += score(r.walk, true)
		others += score(a.walk, false)
		count++
	}
	if count < sumsNeeded {
		return 0
	}
	p, q := math.Pow(regimes, poolPower), math.Pow(others, poolPower)
	if !(p+q > 0) {
		return 0
	}
	return known * p / (p + q)
}

// crps is the continuous ranked probability score of a sample, which it sorts.
func crps(sample []float64, actual float64) float64 {
	slices.Sort(sample)
	m := float64(len(sample))
	near, spread := 0.0, 0.0
	for i, v := range sample {
		near += math.Abs(v - actual)
		spread += (2*float64(i) + 1 - m) * v
	}
	return near/m - spread/(m*m)
}
