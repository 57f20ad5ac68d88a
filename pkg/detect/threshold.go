package detect

import (
	"context"
	"fmt"
	"math"

	"github.com/forewarn/earlywarning/pkg/param"
)

// fixed is a fixed limit. The score grows evenly and is 1 at the limit: value/limit for a positive limit from above, and in
// general 1 + (how far beyond)/|limit|, never below 0. For a limit of 0 the unit is the median of |value|.
type fixed struct{}

func newThreshold(param.Values) Detector { return fixed{} }

func (fixed) Detect(_ context.Context, in Input) (Output, error) {
	t := in.Threshold
	if t == nil {
		return Output{}, fmt.Errorf("%w: threshold is missing, the detector threshold needs one", param.ErrInvalid)
	}
	out := blank(len(in.Values))
	unit := math.Abs(t.Value)
	if unit == 0 {
		unit = typical(in.Values)
	}
	for i := in.From; i < len(in.Values); i++ {
		beyond := in.Values[i] - t.Value
		if t.Direction == Below {
			beyond = -beyond
			out.Lower[i] = t.Value
		} else {
			out.Upper[i] = t.Value
		}
		if !math.IsNaN(beyond) {
			out.Score[i] = math.Min(math.Max(1+beyond/unit, 0), scoreCap)
		}
	}
	return out, nil
}

// typical is the median of |x| over known values that are not 0; 1 where there is none.
func typical(x []float64) float64 {
	var abs []float64
	for _, v := range x {
		if v != 0 && !math.IsNaN(v) {
			abs = append(abs, math.Abs(v))
		}
	}
	if len(abs) == 0 {
		return 1
	}
	return median(abs)
}
