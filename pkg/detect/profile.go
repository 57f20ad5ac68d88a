package detect

import (
	"context"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/param"
)

const profileLeast = 0.99 // quantile of past distances that the limit starts from

// profile is the left matrix profile: the distance of the newest stretch of points to the most like one before it (Yeh et al.:
// Matrix profile I, ICDM 2016; only the past: Lu et al., Matrix profile XXIV, KDD 2022), on stretches that are not normalised
// (Akbarinia, Cloez: Efficient matrix profile computation using different distance functions, 2019), as the level of a metric
// matters. Each step takes the sums of squares along the diagonals one further, so that a point costs one pass over the
// history. The score is the distance over a multiple of what all but 1 % of the stretches before kept to.
type profile struct {
	length, window time.Duration
	factor         float64
}

func newProfile(p param.Values) Detector {
	return profile{p.Duration("length"), p.Duration("window"), pick(p, "factor", 1.5, 2, 3)}
}

func (d profile) Detect(ctx context.Context, in Input) (Output, error) {
	out := blank(len(in.Values))
	n := len(in.Values)
	m := max(int(d.length/in.Step), 3)
	window := max(int(d.window/in.Step), 2*m)
	x := carried(in.Values)
	sums := make([]float64, min(window+1, n)) // by distance of the two stretches: squared distance of the newest and the one so far before it
	past, every := in.past(d.window, 2*m)
	limit := math.NaN()
	for i := range x {
		if i%256 == 0 && ctx.Err() != nil {
			return out, ctx.Err()
		}
		nearest := math.Inf(1)
		for lag := 1; lag <= min(i, window); lag++ {
			e := x[i] - x[i-lag]
			s := sums[lag] + e*e
			if old := i - m; old-lag >= 0 {
				e = x[old] - x[old-lag]
				s = max(s-e*e, 0)
			}
			sums[lag] = s
			if lag >= m && i-lag >= m-1 {
				nearest = min(nearest, s)
			}
		}
		if math.IsInf(nearest, 1) {
			continue
		}
		distance := math.Sqrt(nearest / float64(m))
		if i%every == 0 && len(past.Sorted()) >= robustLeast {
			limit = d.factor * max(past.Quantile(profileLeast), leastScale*math.Abs(x[i-1]), math.SmallestNonzeroFloat64)
		}
		if i >= in.From && !math.IsNaN(in.Values[i]) && !math.IsNaN(limit) {
			out.Score[i] = min(distance/limit, scoreCap)
		}
		past.Push(distance)
	}
	out.State = keeps(window+m, sums, past, limit)
	return out, nil
}

// carried takes the last known value over gaps: a line would know what comes after them.
func carried(x []float64) []float64 {
	out := make([]float64, len(x))
	last := 0.0
	for _, v := range x {
		if !math.IsNaN(v) {
			last = v
			break
		}
	}
	for i, v := range x {
		if !math.IsNaN(v) {
			last = v
		}
		out[i] = last
	}
	return out
}
