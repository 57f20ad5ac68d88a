package forecast

import (
	"context"

	"github.com/forewarn/earlywarning/pkg/param"
)

// withoutSeason gives a forecaster that does not look at seasons.
type withoutSeason struct{ Forecaster }

func newNaive(param.Values) Forecaster { return withoutSeason{seasonalNaive{}} }

func newDrift(param.Values) Forecaster { return withoutSeason{seasonalNaive{drift: true}} }

func (f withoutSeason) Fit(ctx context.Context, in Input) (Model, error) {
	in.Periods, in.seasons, in.shared = []int{}, nil, nil
	return f.Forecaster.Fit(ctx, in)
}
