package group

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/param"
)

// byDeviation asks of each instance alone whether its level against the group's median is now far from what it usually is,
// in median absolute deviations of its own history: an instance that always runs higher is normal at its height.
type byDeviation struct {
	window time.Duration
	limit  float64
}

func newMAD(p param.Values) Detector {
	return byDeviation{window: p.Duration("window"), limit: map[string]float64{"high": 5, "medium": 7, "low": 10}[p.String("sensitivity")]}
}

func (d byDeviation) Detect(ctx context.Context, in Input) (*Output, error) {
	h, err := train(in, d.window)
	if err != nil {
		return nil, err
	}
	if h == nil {
		return blank(in), nil
	}
	out := blank(in)
	out.Window = h.window
	levels := make([][]float64, len(in.Values))
	for i, s := range h.at {
		levels[s.instance] = append(levels[s.instance], h.trained.Row(i)[0])
	}
	for j, own := range levels {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		now, ok := h.now(j)
		switch {
		case !ok:
			out.Why[j] = tooSparse
			continue
		case len(own) == 0:
			out.Why[j] = "nothing of its history is known"
			continue
		}
		usual := order.Median(own)
		for i, v := range own {
			own[i] = math.Abs(v - usual)
		}
		// Half of the group's spread at least: a short history makes some instance look calmer than it is.
		scale := max(1.4826*order.Median(own), h.unit[0]/2)
		out.Cluster[j] = 0
		out.set(j, math.Abs(now[0]-usual)/(d.limit*scale))
		if out.Outlier[j] {
			out.Why[j] = fmt.Sprintf("level is %+.3g against the group's median, %+.3g is usual", now[0], usual)
		}
	}
	return out, nil
}
