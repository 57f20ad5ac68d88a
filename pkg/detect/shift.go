package detect

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/param"
)

const (
	shiftLeast = 60  // known values before anything is expected
	shiftDrift = 0.5 // standard deviations that a value may stray without adding up
	shiftMost  = 1.5 // limits that a sum grows to: so the way back takes ten points and not as long as the shift did
	shiftClip  = 3.0 // more than so many a single value does not count
)

// shift adds up how far values stray to one side of the level before (Page: Continuous inspection schemes, Biometrika 41, 1954):
// a cumulative sum, two-sided, with drift 0.5, over values less their season, standardised by median and median absolute deviation
// of the window before, and by what their memory adds (a lag-one correlation of r counts as (1+r)/(1-r) times the variance). One
// wild value is no shift: it adds 2.5 at most. The score is the sum over the limit; with limit 10 a sum of independent normal
// values gets there about once in 141,000 points (Siegmund: Sequential analysis, 1985). A shift that has lasted for the stated
// time is the new level, at the end of a deployment at once.
type shift struct {
	window, adopt time.Duration
	limit         float64
}

func newShift(p param.Values) Detector {
	return shift{p.Duration("window"), p.Duration("adopt"), pick(p, "limit", 8, 10, 14)}
}

func (d shift) Detect(ctx context.Context, in Input) (Output, error) {
	out := blank(len(in.Values))
	o, every := in.past(d.window, shiftLeast)
	adopt := max(int(d.adopt/in.Step), 1)
	middle, scale := math.NaN(), math.NaN()
	var up, down float64
	var memory lagOne
	outside := 0
	var since []float64 // what was left of the values since the sum went over the limit
	season, changes := newProfiled(in.Step), in.clockChanges()
	var during []float64 // the same of the deployment that goes on
	for i, v := range in.Values {
		if i%4096 == 0 && ctx.Err() != nil {
			return out, ctx.Err()
		}
		if outside == 0 {
			if left, changed := season.review(in.Values[:i], o.Size()); changed {
				o, _ = in.past(d.window, shiftLeast)
				for _, v := range left {
					o.Push(v)
				}
				up, down, middle, memory = 0, 0, math.NaN(), lagOne{}
			}
		}
		usual := season.expect()
		learnt := v
		if k := changes.at(i); k != 0 && season.season != nil {
			usual = changes.nearer(v, middle, usual, season.expectBy(k))
			learnt, season.stale = math.NaN(), changes.at(i+1) == 0
		}
		if (math.IsNaN(middle) || i%every == 0 && outside == 0) && len(o.Sorted()) >= shiftLeast && !math.IsNaN(usual) {
			middle = o.Quantile(0.5)
			scale = max(normalMAD*o.Deviation(middle), leastScale*math.Abs(middle+usual))
		}
		left := v - usual
		if math.IsNaN(middle) || math.IsNaN(left) {
			o.Push(left)
			season.learn(learnt)
			continue
		}
		z := 0.0
		if left != middle {
			z = min(max((left-middle)/(scale*memory.inflate()), -shiftClip), shiftClip)
		}
		most := shiftMost * d.limit
		up, down = min(max(up+z-shiftDrift, 0), most), min(max(down-z-shiftDrift, 0), most)
		score := max(up, down) / d.limit
		if i >= in.From {
			out.Expected[i], out.Score[i] = usual+middle, score
		}
		if during = append(during, left); in.marks.stage(i) != heldDeployment {
			during = during[:0]
		}
		level, deployed := math.NaN(), false
		if in.marks.deployedBy(i+1) && len(during) >= deployedLeast {
			level = order.Median(slices.Clone(during[len(during)/2:]))
			deployed = math.Abs(level-middle) > shiftClip*scale
		}
		if score < 1 && !deployed {
			if outside, since = 0, since[:0]; math.Abs(z) < shiftClip {
				memory.learn(z)
			}
			o.Push(left)
			season.learn(learnt)
			continue
		}
		// What may be a new level is kept apart until it has lasted.
		outside++
		since = append(since, left)
		season.learn(math.NaN())
		if outside < adopt && !deployed {
			o.Push(math.NaN())
			continue
		}
		by := order.Median(slices.Clone(since))
		if deployed {
			by, since = level, append(since[:0], during[len(during)/2:]...)
		}
		if !season.raise(by) {
			by = 0
		}
		o, _ = in.past(d.window, shiftLeast)
		for _, v := range since {
			o.Push(v - by)
		}
		up, down, outside, since, middle = 0, 0, 0, since[:0], math.NaN()
	}
	out.State = keeps(season.reviewed(), season, o, since, memory, middle, scale, up, down)
	return out, nil
}

// lagOne learns how much a value resembles the one before.
type lagOne struct{ last, product, square float64 }

const lagForgets = 0.995 // weight that what was learnt keeps at each value

func (l *lagOne) learn(z float64) {
	l.product = lagForgets*l.product + z*l.last
	l.square = lagForgets*l.square + z*z
	l.last = z
}

// inflate is the factor on the standard deviation of sums.
func (l *lagOne) inflate() float64 {
	if l.square == 0 {
		return 1
	}
	r := min(max(l.product/l.square, 0), 0.9)
	return math.Sqrt((1 + r) / (1 - r))
}
