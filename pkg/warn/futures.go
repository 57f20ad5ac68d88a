package warn

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/forewarn/earlywarning/pkg/series"
)

// futures are what a series may do next, drawn from its own regimes.
type futures struct {
	blocks  blocks
	part    partition
	regimes []regime  // readings of the history, the likeliest first
	weights []float64 // their probabilities
	sd      float64   // of a block about its expectation, without what neighbours share
	rest    []float64 // what the lines left over of each block
	like    *analogs
	trusted float64 // share of the futures that like draws
	lo, hi  float64 // no future goes beyond
	faster  float64 // share by which it is taken to grow faster after the block `since`
	since   int
	now     float64 // newest value, times the threshold's sign
	seed    uint64
}

// read takes a history that ends with the newest known value apart; nil where it is too short for that.
func read(in Input, newest float64) *futures {
	f := &futures{blocks: newBlocks(in), seed: in.Seed, lo: math.Inf(-1), hi: math.Inf(1)}
	f.faster, f.since = in.Growth, int(in.GrowthAfter.Hours()/f.blocks.hours)
	for bound, sign := range map[*float64]float64{in.Bounds.Min: -1, in.Bounds.Max: 1} {
		switch v := sign * in.sign(); {
		case bound == nil:
		case v > 0:
			f.hi = in.sign() * *bound
		default:
			f.lo = in.sign() * *bound
		}
	}
	f.part = f.blocks.divide()
	if f.part.sums.n[f.part.n] < 2*shortest {
		return nil
	}
	f.now = in.sign() * newest
	f.sd = math.Sqrt(f.part.noise * (1 - f.part.phi) / (1 + f.part.phi))
	f.rest = f.part.rest(f.blocks.x)
	for _, o := range f.part.openings() {
		f.regimes = append(f.regimes, newRegime(&f.blocks, &f.part, o.from))
		f.weights = append(f.weights, o.weight)
	}
	if x := series.Bridge(f.blocks.x); series.CountKnown(x) > 0 {
		raw := slices.Clone(x)
		for i := range raw {
			raw[i] += f.blocks.at(i, 1)
		}
		if f.trusted = f.trust(x, raw); f.trusted > 0 {
			f.like = newAnalogs(raw, f.blocks.phases())
		}
	}
	return f
}

// residual draws what a block is off its line.
func (f *futures) residual(rng *rand.Rand) float64 { return f.rest[rng.IntN(len(f.rest))] }

// each draws about `samples` futures of h blocks, one after the other in the same place, with season and noise.
func (f *futures) each(h int, see func(path []float64)) {
	rng := rand.New(rand.NewPCG(f.seed, 0x2545f4914f6cdd1d))
	path := make([]float64, h)
	draw := func(share float64, walk func(path []float64)) {
		for range int(math.Round(share * samples)) {
			walk(path)
			see(path)
		}
	}
	b := &f.blocks
	for k := range f.regimes {
		r := &f.regimes[k]
		for _, shrinks := range []bool{false, true} {
			chance, more := 1-b.scaling.chance, 0.0
			if shrinks {
				chance, more = b.scaling.chance, b.shrunk(r.lines[len(r.lines)-1].from)
			}
			draw(f.weights[k]*(1-f.trusted)*chance, func(path []float64) {
				r.walk(path, rng)
				f.hasten(path)
				swing := 1 + seasonSpread*rng.NormFloat64()
				for t, level := range path {
					level += more
					scale := swing
					if shrinks {
						scale *= b.scaling.share(level)
					}
					path[t] = level + b.at(len(b.x)+t, scale) + f.residual(rng)
				}
			})
		}
	}
	if f.like != nil {
		draw(f.trusted, func(path []float64) { f.like.walk(path, rng) })
	}
}

// hasten lets a path without its season grow as much faster as is asked.
func (f *futures) hasten(path []float64) {
	if f.faster == 0 || f.since >= len(path) {
		return
	}
	lines := f.regimes[0].lines
	from := lines[len(lines)-1].level
	if f.since > 0 {
		from = path[f.since-1]
	}
	for t := f.since; t < len(path); t++ {
		path[t] += f.faster * (path[t] - from)
	}
}

// seasonSpread is how much the swing of a season differs from one day to another day, as a share.
const seasonSpread = 0.1

// crossings gives the sorted times, in hours after the last value, at which the futures first pass the limit; +Inf for those that do
// not within the given hours. A block passes when its second highest value does.
func (f *futures) crossings(limit, hours float64) []float64 {
	times := make([]float64, 0, samples)
	f.each(int(math.Ceil(hours/f.blocks.hours)), func(path []float64) {
		before, at := f.now, math.Inf(1)
		for t, v := range path {
			if v = min(max(v+f.blocks.top, f.lo), f.hi); v >= limit {
				part := 1.0
				if before < limit {
					part = (limit - before) / (v - before)
				}
				at = (float64(t) + part) * f.blocks.hours
				break
			}
			before = v
		}
		times = append(times, at)
	})
	slices.Sort(times)
	return times
}
