package detect

import (
	"context"
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/param"
)

const (
	silenceChanges = 20   // changes of value before standing still means anything
	silenceMargin  = 2.0  // times the longest stretch of the history
	sameValue      = 1e-9 // of the value: rounding is no change
)

// still measures how long a series has stood still, or has been missing, against how long it did before: the score is the
// length of the stretch over the limit, which is the stated time, or twice the longest stretch before where that is longer. A
// series that never moved, or never was, is not flagged.
type still struct {
	after   time.Duration
	missing bool
}

func newFlat(p param.Values) Detector    { return still{p.Duration("after"), false} }
func newMissing(p param.Values) Detector { return still{p.Duration("after"), true} }

func (d still) Detect(ctx context.Context, in Input) (Output, error) {
	out := blank(len(in.Values))
	least := max(float64(d.after)/float64(in.Step), 1)
	run, longest, changes, last := 0, 0, 0, math.NaN()
	for i, v := range in.Values {
		if i%4096 == 0 && ctx.Err() != nil {
			return out, ctx.Err()
		}
		gone := math.IsNaN(v)
		switch {
		case d.missing && gone:
			run++
		case d.missing:
			longest, run, changes = max(longest, run), 0, changes+1
		case gone:
			continue // a gap is neither a change nor standing still
		case math.Abs(v-last) <= sameValue*max(math.Abs(v), math.Abs(last)):
			run++
		default:
			longest, run = max(longest, run), 1
			if !math.IsNaN(last) {
				changes++
			}
		}
		last = v
		if i >= in.From && changes >= silenceChanges {
			out.Score[i] = min(float64(run)/max(least, silenceMargin*float64(longest)), scoreCap)
		}
	}
	out.State = keeps(0, run, longest, changes, last)
	return out, nil
}
