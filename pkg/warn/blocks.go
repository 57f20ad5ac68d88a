package warn

import (
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/order"
)

// blocks is a series in pieces of an hour, or of a step where that is longer: coarse enough to see how it moves, fine enough to
// see when. Values are multiplied by the sign of the threshold, so that danger is always upwards.
type blocks struct {
	hours   float64   // length of a block
	x       []float64 // medians, oldest first, without the season; NaN where nothing is known
	top     float64   // what the second highest value of a block is above its median, typically
	season  []float64 // what was taken out, by phase; phase 0 is that of x[0]; nil where there is none
	swell   swell     // how the swing of the day grows
	scaling scaling   // whether it shrinks with the level
}

// mostBlocks bounds the history that is looked at.
const mostBlocks = 800

func newBlocks(in Input) blocks {
	per := max(int(time.Hour/in.Step), 1)
	values := in.Values[max(len(in.Values)-mostBlocks*per, 0):]
	n := (len(values) + per - 1) / per
	b := blocks{hours: float64(per) * in.Step.Hours(), x: make([]float64, n)}
	known, tops, spreads := make([]float64, 0, per), make([]float64, 0, n), make([]float64, 0, n)
	for i := range b.x { // counted from the end, so that the newest block is whole
		end := len(values) - (n-1-i)*per
		known = known[:0]
		for _, v := range values[max(end-per, 0):end] {
			if !math.IsNaN(v) {
				known = append(known, in.sign()*v)
			}
		}
		if i == n-1 {
			known = sinceFall(known, order.Median(spreads))
		}
		b.x[i] = order.Median(known)
		if k := len(known); k > 2 {
			tops = append(tops, order.Pick(known, k-2)-b.x[i])
			spreads = append(spreads, slices.Max(known)-slices.Min(known))
		}
	}
	if len(tops) > 0 {
		b.top = order.Median(tops)
	}
	if day := 24 / b.hours; day >= 4 && day == math.Trunc(day) {
		b.takeDay(int(day))
	}
	return b
}

// farFall is how far below all others the newest values must be, in multiples of what a block spreads over, to be a fall.
const farFall = 3

// sinceFall gives the newest values of a block where they are far below all others: after a clean-up they alone say how things are, from
// the first on. Else it gives all. A slip is taken for a clean-up until the next value; a warning that stands outlasts it (see Alarm).
func sinceFall(x []float64, spread float64) []float64 {
	for k := len(x) - 1; k >= len(x)/2 && k > 0; k-- {
		if slices.Max(x[k:]) < slices.Min(x[:k])-farFall*spread {
			return x[k:]
		}
	}
	return x
}

// at is the season of block i, which may lie in the future; scale is 1 for the season as it is expected.
func (b *blocks) at(i int, scale float64) float64 {
	if b.season == nil {
		return 0
	}
	return scale * b.swell.at(i) * b.season[i%len(b.season)]
}

// phases is the number of blocks in a day where the series has a course of the day or week, else 1.
func (b *blocks) phases() int {
	if b.season == nil {
		return 1
	}
	return int(24 / b.hours)
}
