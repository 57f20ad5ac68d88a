package warn

import (
	"math"

	"github.com/forewarn/earlywarning/pkg/series"
)

// scaling says whether the swing of a season shrinks with the level, as that of a load does of which a part is taken away, or stays
// what it is.
type scaling struct {
	chance float64 // that it shrinks; 0 where it cannot
	mean   float64 // level at which it was measured
}

// learnScaling weighs the two by what each leaves over of the swings of the days, as their likelihoods do where the noise is normal and
// its size unknown. Where the level never changed both are as likely; values of either sign have no level to shrink with. x has its
// season still, rest is its distance from the mean of the day around.
func learnScaling(x, rest, season []float64) scaling {
	day := len(season)
	lo, hi := series.Extent(x)
	if !(lo*hi > 0) {
		return scaling{}
	}
	s := scaling{mean: mean(x)}
	var level, size, one []float64
	for d := 0; (d+1)*day <= len(rest); d++ {
		var num, den, sum, n float64
		for k, v := range rest[d*day : (d+1)*day] {
			if !math.IsNaN(v) {
				num, den = num+v*season[k], den+season[k]*season[k]
				sum, n = sum+x[d*day+k]-season[k], n+1
			}
		}
		if n > float64(day)/2 {
			level, size, one = append(level, sum/n/s.mean), append(size, num/den), append(one, 1)
		}
	}
	days := float64(len(size))
	differ := days * seasonSpread * seasonSpread // one day from another, for no reason
	s.chance = 1 / (1 + math.Pow((leftOver(level, size)+differ)/(leftOver(one, size)+differ), days/2))
	return s
}

// share is what part of the swing is left at a level, 1 at most: what grows keeps the swing that was seen.
func (s scaling) share(level float64) float64 { return min(max(level/s.mean, 0), 1) }

// shrunk is how much further from zero than x the level lies at the end of the blocks from `from` on, where the swing has shrunk with
// it: the multiple of the whole course that is nearest to them. It is 0 where they are not lower than the level was.
func (b *blocks) shrunk(from int) float64 {
	var gv, gg, sum, n float64
	for i := max(from, len(b.x)-len(b.season)); i < len(b.x); i++ {
		if v := b.x[i]; !math.IsNaN(v) {
			s := b.at(i, 1)
			g := 1 + s/b.scaling.mean
			gv, gg, sum, n = gv+g*(v+s), gg+g*g, sum+v, n+1
		}
	}
	if level := gv / gg; level/b.scaling.mean < 1 {
		return level - sum/n
	}
	return 0
}

// leftOver is the sum of squares of y less the multiple of x that is nearest to it.
func leftOver(x, y []float64) float64 {
	var xx, xy, yy float64
	for i, v := range x {
		xx, xy, yy = xx+v*v, xy+v*y[i], yy+y[i]*y[i]
	}
	if xx == 0 {
		return yy
	}
	return max(yy-xy*xy/xx, 0)
}

// mean is that of the known values.
func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		if !math.IsNaN(v) {
			sum += v
		}
	}
	return sum / float64(series.CountKnown(x))
}
