package warn

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/forewarn/earlywarning/pkg/order"
)

// Outlook is where the futures lead that an answer is told from: at each step after the last value the middle of what they reach, and the
// band that holds the given share of it. Values are in the metric's unit.
type Outlook struct{ Mean, Lower, Upper []float64 }

// LookAhead is Evaluate, with its futures drawn over so many steps, so that a chart shows what its warning says. Confidence is the share of
// values that the band holds, 0 to 1. The outlook is nil where no steps are asked for and where Evaluate has no futures of the series' own:
// where a forecast is asked for, where the history is too short to be taken apart, or where nothing is known.
func LookAhead(in Input, g Guards, steps int, confidence float64) (Answer, *Outlook) {
	a, f := foresee(in, g)
	if steps < 1 {
		return a, nil
	}
	in.Values = finite(in.Values)
	if a.State == Breached && !in.Modelled { // which is told without futures
		f = read(in, a.Current)
	}
	if f == nil {
		return a, nil
	}
	per := math.Round(f.blocks.hours / in.Step.Hours())
	reached := f.reached(int(math.Ceil((float64(steps)+per)/per)), in.within(int(per)))
	tail := (1 - confidence) / 2
	if !in.Above { // the futures are upside down
		tail = 1 - tail
	}
	return a, &Outlook{
		Mean:  in.expand(reached, 0.5, a.Current, per, steps),
		Lower: in.expand(reached, tail, a.Current, per, steps),
		Upper: in.expand(reached, 1-tail, a.Current, per, steps),
	}
}

// reached gives, for each of h blocks, the sorted values that the futures have in it, times the threshold's sign: their medians, each with
// one of the deviations that values have from the median of their block.
func (f *futures) reached(h int, deviations []float64) [][]float64 {
	out := make([][]float64, h)
	for t := range out {
		out[t] = make([]float64, 0, samples+len(f.regimes)+2)
	}
	rng := rand.New(rand.NewPCG(f.seed, 0x9e3779b97f4a7c15))
	f.each(h, func(path []float64) {
		for t, v := range path {
			out[t] = append(out[t], min(max(v+deviations[rng.IntN(len(deviations))], f.lo), f.hi))
		}
	})
	for t := range out {
		slices.Sort(out[t])
	}
	return out
}

// within gives how far values are from the median of their block, times the threshold's sign; 0 at least once.
func (in Input) within(per int) []float64 {
	out := []float64{0}
	known := make([]float64, 0, per)
	for end := len(in.Values); end >= per && end > len(in.Values)-mostBlocks*per; end -= per {
		known = known[:0]
		for _, v := range in.Values[end-per : end] {
			if !math.IsNaN(v) {
				known = append(known, in.sign()*v)
			}
		}
		mid := order.Median(slices.Clone(known))
		for _, v := range known {
			out = append(out, v-mid)
		}
	}
	return out
}

// expand lays a quantile of the blocks on the steps: from the newest value through the middle of each block.
func (in Input) expand(blocks [][]float64, q, newest, per float64, steps int) []float64 {
	at := func(k int) float64 { // block k, counted from 1
		if k == 0 {
			return newest
		}
		return in.sign() * order.Quantile(blocks[k-1], q)
	}
	place := func(k int) float64 { // in steps after the newest value
		if k == 0 {
			return 0
		}
		return float64(k-1)*per + (per+1)/2
	}
	out := make([]float64, steps)
	k, from, to := 0, at(0), at(1)
	for i := range out {
		for x := float64(i + 1); place(k+1) < x; {
			k++
			from, to = to, at(k+1)
		}
		share := (float64(i+1) - place(k)) / (place(k+1) - place(k))
		out[i] = from + share*(to-from)
	}
	return out
}
