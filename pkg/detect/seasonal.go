package detect

import (
	"context"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/param"
)

const (
	slotCycles    = 7 // cycles that a slot's median looks back
	slotNeighbour = 1 // points either side of the slot
	levelAdapts   = time.Hour
)

// seasonal compares a point with the median of the same slot of earlier cycles; the scale is the median absolute deviation
// of those, with floors. A slow offset lets the expectation follow a level that drifts, by at most three scales.
type seasonal struct{ k float64 }

func newSeasonal(p param.Values) Detector {
	return seasonal{k: map[string]float64{"high": 4, "medium": 6, "low": 9}[p.String("sensitivity")]}
}

func (d seasonal) Detect(ctx context.Context, in Input) (Output, error) {
	out := blank(len(in.Values))
	base, periods := in.baseline()
	if err := ctx.Err(); err != nil {
		return out, err
	}
	out.Periods = periods
	if len(periods) == 0 {
		out.Notices = append(out.Notices, "no daily or weekly season is proven by the history, so points are compared with the level before them")
	}
	offset, follow := 0.0, math.Min(in.Step.Seconds()/levelAdapts.Seconds(), 0.5)
	// The offset starts where the newest history left it.
	for i := max(in.From-int(4*levelAdapts/in.Step)-1, 0); i < len(in.Values); i++ {
		b, s := base.at(i)
		if math.IsNaN(b) {
			continue
		}
		v := in.Values[i]
		if i >= in.From {
			out.band(i, v, b+offset/2, d.k*s+math.Abs(offset)/2)
		}
		if !math.IsNaN(v) {
			offset += follow * (math.Min(math.Max(v-b, -3*s), 3*s) - offset)
		}
	}
	return out, nil
}

// baseline gives expectation and scale of a point from the points before it.
type baseline struct {
	x       []float64
	periods []int
	floor   float64 // least scale: half the usual deviation, the noise between neighbours, and 0.5 % of the usual level
	window  int     // without a season: points that the local level looks back
	buf     []float64
}

// baseline learns seasons and floors from the history alone, so that scores do not depend on what comes later.
func (in *Input) baseline() (*baseline, []int) {
	history := in.Values[:in.From]
	b := &baseline{x: in.Values, window: max(int(2*time.Hour/in.Step), 12), buf: make([]float64, 0, 64)}
	if len(known(history)) >= 20 {
		b.periods = forecast.DetectPeriods(history, in.Step)
	} else {
		history = in.Values[:min(len(in.Values), max(in.From, 20))]
	}
	level := known(history)
	var diff, dev []float64
	for i := 1; i < len(history); i++ {
		if d := math.Abs(history[i] - history[i-1]); !math.IsNaN(d) {
			diff = append(diff, d)
		}
	}
	stride := max(len(history)/500, 1)
	for i := len(history) - 1; i > 0; i -= stride {
		if e, _ := b.at(i); !math.IsNaN(e - history[i]) {
			dev = append(dev, math.Abs(history[i]-e))
		}
	}
	for i, v := range level {
		level[i] = math.Abs(v)
	}
	b.floor = zero(0.005 * median(level))
	b.floor = math.Max(b.floor, zero(1.4826*median(diff)/math.Sqrt2))
	b.floor = math.Max(b.floor, zero(0.5*1.4826*median(dev)))
	return b, b.periods
}

func zero(v float64) float64 {
	if math.IsNaN(v) {
		return 0
	}
	return v
}

// at gives expectation and scale of point i; NaN where fewer than three earlier points say anything.
func (b *baseline) at(i int) (expected, scale float64) {
	b.buf = b.buf[:0]
	if k := len(b.periods); k > 0 {
		b.slots(i, b.periods[k-1])
		// A long season seen only a few times is joined by the shorter one's slots.
		if k > 1 && len(b.buf) < 3*(2*slotNeighbour+1) {
			b.slots(i, b.periods[k-2])
		}
	} else {
		for k := max(i-b.window, 0); k < i; k++ {
			b.add(b.x[k])
		}
	}
	if len(b.buf) < 3 {
		return math.NaN(), math.NaN()
	}
	expected = median(b.buf)
	for k, v := range b.buf {
		b.buf[k] = math.Abs(v - expected)
	}
	return expected, math.Max(1.4826*median(b.buf), b.floor)
}

// slots collects the values at the same phase of the cycles before i, with their neighbours.
func (b *baseline) slots(i, period int) {
	for c := 1; c <= slotCycles; c++ {
		at := i - c*period
		if at+slotNeighbour < 0 {
			return
		}
		for k := max(at-slotNeighbour, 0); k <= at+slotNeighbour && k < i; k++ {
			b.add(b.x[k])
		}
	}
}

func (b *baseline) add(v float64) {
	if !math.IsNaN(v) {
		b.buf = append(b.buf, v)
	}
}
