package forecast

import (
	"context"
	"slices"

	"github.com/forewarn/earlywarning/pkg/series"
)

// Expect gives the Horizon values that an algorithm expects after the data, inside the bounds, and the seasons it used, in steps. It
// is for who compares forecasts with what came and so needs no backtest and no band: much cheaper than Run. As there, clocks that
// change are followed; whatever the algorithm, what was before a lasting change of level is brought to the level since. It wraps
// ErrTooShort as Run does; the confidence plays no part.
func Expect(ctx context.Context, in Input, opt Options) (mean []float64, periods []int, err error) {
	opt.Confidence = tailLevel
	if err := opt.check(in); err != nil {
		return nil, nil, err
	}
	n := len(in.Values)
	if c, ok := clockChanges(in.Zone, in.Start, in.Step, n+opt.Horizon); ok && n > 0 {
		moved, there := c.moved(in, opt)
		if mean, periods, err = Expect(ctx, moved, there); err != nil {
			return nil, nil, err
		}
		return c.ahead(mean, n), periods, nil
	}
	if _, err := in.clean(); err != nil {
		return nil, nil, err
	}
	findShifts(in.Values, in.Step)
	in.findSeasons()
	if lo, hi := series.Extent(in.Values); lo == hi {
		return slices.Repeat([]float64{lo}, opt.Horizon), nil, nil
	}
	c, err := opt.forecaster()
	if err != nil {
		return nil, nil, err
	}
	m, err := c.at(opt.Horizon).fit(ctx, in)
	if err != nil {
		return nil, nil, err
	}
	mean = m.Forecast(opt.Horizon)
	in.Bounds.clip(mean)
	return mean, in.Periods, finiteOr(mean, c.id)
}
