package detect

import (
	"context"
	"fmt"
	"math"

	"github.com/forewarn/earlywarning/pkg/param"
)

// atLimit is the score of a value at the limit: what is abnormal lies beyond it.
var atLimit = math.Nextafter(1, 0)

// fixed is a fixed limit. The score is 1 plus how far the value is beyond the limit in units of |limit|, and not below 0:
// value/limit for a positive limit from above, and half of it at half the limit. A limit of 0 has no such unit: there it is
// the mean of |value| so far, and 1 while all were 0. A value at the limit scores just below 1.
type fixed struct{}

func newThreshold(param.Values) Detector { return fixed{} }

func (fixed) Detect(_ context.Context, in Input) (Output, error) {
	t := in.Threshold
	if t == nil {
		return Output{}, fmt.Errorf("%w: threshold is missing, the detector threshold needs one", param.ErrInvalid)
	}
	out := blank(len(in.Values))
	unit, sum, n := math.Abs(t.Value), 0.0, 0.0
	for i, v := range in.Values {
		if t.Value == 0 && !math.IsNaN(v) {
			sum, n = sum+math.Abs(v), n+1
			if unit = sum / n; unit == 0 {
				unit = 1
			}
		}
		if i < in.From {
			continue
		}
		beyond := v - t.Value
		if t.Direction == Below {
			beyond = -beyond
			out.Lower[i] = t.Value
		} else {
			out.Upper[i] = t.Value
		}
		switch {
		case math.IsNaN(v):
		case beyond > 0:
			out.Score[i] = math.Min(1+beyond/unit, scoreCap)
		default:
			out.Score[i] = math.Min(math.Max(1+beyond/unit, 0), atLimit)
		}
	}
	out.State = keeps(0, unit, sum, n)
	return out, nil
}
