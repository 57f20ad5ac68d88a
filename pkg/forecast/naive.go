package forecast

import (
	"context"
	"fmt"
	"math"

	"github.com/forewarn/earlywarning/pkg/param"
)

// seasonalNaive repeats the last cycle of the longest season, or the last value where there is no season (Hyndman,
// Athanasopoulos: "Forecasting: principles and practice", 3rd ed., section 5.2). It is the twin every other model must beat.
type seasonalNaive struct{}

func newSeasonalNaive(param.Values) Forecaster { return seasonalNaive{} }

func (seasonalNaive) Fit(_ context.Context, in Input) (Model, error) {
	if knownCount(in.Values) == 0 {
		return nil, fmt.Errorf("%w: the series has no known value, at least 1 is needed", ErrTooShort)
	}
	m := 1
	if k := len(in.Periods); k > 0 {
		m = in.Periods[k-1]
	}
	f := &naiveModel{period: m, fitted: nans(len(in.Values)), cycle: nans(m)}
	fallback := lastKnown(in.Values)
	for i, v := range in.Values {
		slot := i % m
		f.fitted[i] = f.cycle[slot]
		if !math.IsNaN(v) {
			f.cycle[slot] = v
		}
	}
	for k, v := range f.cycle {
		if math.IsNaN(v) {
			f.cycle[k] = fallback
		}
	}
	f.next = len(in.Values) % m
	return f, nil
}

type naiveModel struct {
	period, next int
	fitted       []float64
	cycle        []float64 // last known value of each phase
}

func (f *naiveModel) Fitted() []float64 { return f.fitted }

func (f *naiveModel) Forecast(h int) []float64 {
	out := make([]float64, h)
	for i := range out {
		out[i] = f.cycle[(f.next+i)%f.period]
	}
	return out
}

func (f *naiveModel) Explain() map[string]float64 {
	return map[string]float64{"period": float64(f.period)}
}
