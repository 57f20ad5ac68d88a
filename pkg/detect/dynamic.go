package detect

import (
	"context"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/param"
)

const (
	dynamicLeast = 10   // known values in the window before anything is expected
	dynamicFloor = 1e-9 // least half-width, as part of the mean: rounding is no deviation
)

// dynamic is the moving mean plus or minus k standard deviations of the window before each point, a Shewhart chart with
// moving limits.
//
// What is far outside would widen the limits for as long as the window lasts and hide what follows. So a value enters the
// window as no further from the mean than twice the limit, until a tenth of the window's length has been outside without a
// break: from then on it enters as it is, and a new level is learnt. Where no score reaches 2 this is the plain rule.
type dynamic struct {
	window time.Duration
	k      float64
}

func newDynamic(p param.Values) Detector {
	return dynamic{window: p.Duration("window"), k: pick(p, "k", 2, 3, 4)}
}

func (d dynamic) Detect(ctx context.Context, in Input) (Output, error) {
	out := blank(len(in.Values))
	w := max(int(d.window/in.Step), dynamicLeast)
	s, run := newSliding(min(w, max(len(in.Values), dynamicLeast))), 0
	for i, v := range in.Values {
		if i%4096 == 0 && ctx.Err() != nil {
			return out, ctx.Err()
		}
		if m := s.moments(); m.n >= dynamicLeast {
			half := max(d.k*m.deviation(), dynamicFloor*math.Abs(m.mean))
			if i >= in.From {
				out.band(i, v, m.mean, half)
			}
			switch {
			case math.IsNaN(v):
			case math.Abs(v-m.mean) <= half:
				run = 0
			default:
				if run++; 10*run < w {
					v = m.mean + math.Copysign(min(math.Abs(v-m.mean), 2*half), v-m.mean)
				}
			}
		}
		s.push(v)
	}
	out.State = keeps(0, s, run)
	return out, nil
}
