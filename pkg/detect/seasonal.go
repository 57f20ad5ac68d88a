package detect

import (
	"context"

	"github.com/forewarn/earlywarning/pkg/param"
)

// seasonal compares each value with the median of the same slot of the cycles before, or with the local level where no
// season is proven. The band's half-width is k scales, see baseline.
type seasonal struct{ k float64 }

func newSeasonal(p param.Values) Detector {
	return seasonal{k: bySensitivity(p, 3, 4, 6)}
}

func (d seasonal) Detect(ctx context.Context, in Input) (Output, error) {
	out := blank(len(in.Values))
	b := newBaseline(in.Step)
	for i, v := range in.Values {
		if i%4096 == 0 && ctx.Err() != nil {
			return out, ctx.Err()
		}
		b.review(in.Values[:i])
		e := b.expect()
		if i >= in.From {
			out.band(i, v, e.lo+(e.hi-e.lo)/2, d.k*b.days.widened(e.scale)+(e.hi-e.lo)/2)
		}
		b.learn(v, e)
	}
	out.Periods, out.State = b.periods, keeps(b.reviewed(), b)
	if len(b.periods) == 0 {
		out.Notices = append(out.Notices, "no daily or weekly season is proven by the history, so points are compared with the level before them")
	}
	return out, nil
}
