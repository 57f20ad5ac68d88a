package warn

import (
	"math"
	"math/rand/v2"
	"slices"
)

// futures are what a series may do next, drawn from its own regimes.
type futures struct {
	blocks  blocks
	part    partition
	regimes []regime  // readings of the history, the likeliest first
	weights []float64 // their probabilities
	sd      float64   // of a block about its expectation, without what neighbours share
	now     float64   // newest value, times the threshold's sign
	seed    uint64
}

// read takes a history apart; nil where it is too short for that.
func read(in Input) *futures {
	f := &futures{blocks: newBlocks(in), seed: in.Seed}
	f.part = f.blocks.divide()
	if f.part.sums.n[f.part.n] < 2*shortest {
		return nil
	}
	f.now = in.sign() * lastKnown(in.Values)
	f.sd = math.Sqrt(f.part.noise * (1 - f.part.phi) / (1 + f.part.phi))
	for _, o := range f.part.openings() {
		f.regimes = append(f.regimes, newRegime(&f.blocks, &f.part, o.from))
		f.weights = append(f.weights, o.weight)
	}
	return f
}

// each draws about count futures of h blocks, one after the other in the same place, with season and noise.
func (f *futures) each(count, h int, see func(path []float64)) {
	rng := rand.New(rand.NewPCG(f.seed, 0x2545f4914f6cdd1d))
	path := make([]float64, h)
	for k := range f.regimes {
		for range int(math.Round(f.weights[k] * float64(count))) {
			f.regimes[k].walk(path, rng)
			scale := 1 + seasonSpread*rng.NormFloat64()
			for t := range path {
				path[t] += f.blocks.at(len(f.blocks.x)+t, scale) + f.sd*rng.NormFloat64()
			}
			see(path)
		}
	}
}

// seasonSpread is how much the swing of a season differs from one day to another day, as a share.
const seasonSpread = 0.1

// crossings gives the sorted times, in hours after the last value, at which the futures first pass the limit; +Inf for those that do
// not within the given hours. A block passes when its second highest value does.
func (f *futures) crossings(limit, hours float64) []float64 {
	times := make([]float64, 0, samples)
	f.each(samples, int(math.Ceil(hours/f.blocks.hours)), func(path []float64) {
		before, at := f.now, math.Inf(1)
		for t, v := range path {
			if v += f.blocks.top; v >= limit {
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

func lastKnown(x []float64) float64 {
	for i := len(x) - 1; i >= 0; i-- {
		if !math.IsNaN(x[i]) {
			return x[i]
		}
	}
	return math.NaN()
}
