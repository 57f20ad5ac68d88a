package forecast

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

// Run fits a series and forecasts it with an interval. What is possible grows with the history: below 3 known points it
// refuses (ErrTooShort); with a few it repeats the last value; seasons need two cycles; a backtest, and with it `auto`,
// needs room for at least one held-out origin. The result says which of these held.
func Run(ctx context.Context, in Input, opt Options) (*Result, error) {
	r, err := trained(ctx, in, opt)
	if r != nil {
		r.model = nil // what a forecast is kept for does not need it, and it is large
	}
	return r, err
}

func trained(ctx context.Context, in Input, opt Options) (*Result, error) {
	if err := opt.check(in); err != nil {
		return nil, err
	}
	if c, ok := clockChanges(in.Zone, in.Start, in.Step, len(in.Values)+opt.Horizon); ok && len(in.Values) > 0 {
		return c.trained(ctx, in, opt)
	}
	lead, err := in.clean()
	if err != nil {
		return nil, err
	}
	in.work = &stlWork{}
	steady := in
	var shifts []levelShift
	if opt.combines() {
		steady.Values = slices.Clone(in.Values)
		shifts = findShifts(steady.Values, in.Step)
	}
	steady.findSeasons()
	in.Periods, in.seasons = steady.Periods, steady.seasons
	r := &Result{Periods: in.Periods}
	if lo, hi := series.Extent(in.Values); lo == hi {
		constant(in, opt, lo, r)
	} else if err := fit(ctx, steady, opt, r); err != nil {
		return nil, err
	}
	r.unsteady(in, shifts)
	r.keepInside(in.Bounds)
	if opt.Components {
		r.explain(in)
	}
	r.pad(lead)
	return r, nil
}

// unsteady brings the past's part back to the levels that there were before shifts.
func (r *Result) unsteady(in Input, shifts []levelShift) {
	if len(shifts) == 0 {
		return
	}
	for _, s := range shifts {
		r.Notices = append(r.Notices, s.tell(in.Start, in.Step))
	}
	for _, x := range [][]float64{r.Fitted, r.FittedLower, r.FittedUpper} {
		undoShifts(shifts, x)
	}
	for i, v := range in.Values {
		r.Residuals[i] = v - r.Fitted[i]
	}
}

// findSeasons finds the periods unless the caller gave them. A day and a week are then worth a lag in some models of the
// combination even if they were not proven: the backtest says what they are worth.
func (in *Input) findSeasons() {
	if in.Periods == nil {
		in.Periods = DetectPeriods(in.Values, in.Step)
		in.seasons = clockSeasons(in.Step, len(in.Values))
		if len(in.seasons) == 0 {
			in.seasons = in.Periods
		}
		return
	}
	in.Periods = usable(in.Periods, len(in.Values))
	in.seasons = in.Periods
}

func (o Options) check(in Input) error {
	if o.Horizon < 1 {
		return fmt.Errorf("%w: horizon is %d steps, at least 1 is needed", param.ErrInvalid, o.Horizon)
	}
	if !(o.Confidence >= 0.5 && o.Confidence <= 0.99) {
		return fmt.Errorf("%w: confidence is %v, 0.5 to 0.99 is needed", param.ErrInvalid, o.Confidence)
	}
	if in.Step <= 0 {
		return fmt.Errorf("%w: step is %s, a positive duration is needed", param.ErrInvalid, in.Step)
	}
	return nil
}

// The range of sizes in which a value's square, summed, is still a number: what is greater counts as missing, what is smaller as
// zero.
const smallest, largest = 1e-150, 1e150

// sound gives a value as it counts.
func sound(v float64) float64 {
	switch size := math.Abs(v); {
	case size > largest: // infinite, too
		return math.NaN()
	case size < smallest:
		return 0
	}
	return v
}

// clean copies the values as they count and without the missing values in front; it gives how many those are.
func (in *Input) clean() (lead int, err error) {
	x := make([]float64, len(in.Values))
	known := 0
	for i, v := range in.Values {
		if x[i] = sound(v); !math.IsNaN(x[i]) {
			known++
		}
	}
	if known < 3 {
		return 0, fmt.Errorf("%w: the series has %d known values, a forecast needs at least 3", ErrTooShort, known)
	}
	for math.IsNaN(x[lead]) {
		lead++
	}
	in.Values, in.Events = x[lead:], shifted(in.Events, lead)
	return lead, nil
}

// constant is the forecast of a series that never moved: it will not, and nothing is known of its spread.
func constant(in Input, opt Options, v float64, r *Result) {
	fill := func(n int, v float64) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = v
		}
		return out
	}
	n := len(in.Values)
	r.Algorithm, r.Why, r.Periods = "seasonal-naive", "The series is constant, so its value is repeated.", nil
	r.Fitted, r.FittedLower, r.FittedUpper = fill(n, v), fill(n, v), fill(n, v)
	r.Mean, r.Lower, r.Upper, r.Sigma = fill(opt.Horizon, v), fill(opt.Horizon, v), fill(opt.Horizon, v), fill(opt.Horizon, 0)
	r.Residuals = fill(n, 0)
	r.model = &naiveModel{period: 1, cycle: []float64{v}, fitted: r.Fitted}
}
