package forecast

import (
	"context"
	"fmt"
	"math"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

// piecewise is an additive model of a trend in straight pieces, or in pieces of a logistic curve between a floor and a capacity,
// of Fourier seasons and of events such as holidays (Taylor, Letham: "Forecasting at scale", The American Statistician 72, 2018).
// Changes of slope are few because their sizes have a Laplace prior; seasons and events have normal ones. The estimate is the
// posterior mode, as the authors' program gives by default; here it is found by iteratively reweighted ridge regression (Hunter,
// Li: "Variable selection using MM algorithms", Annals of Statistics 33, 2005). What the model leaves over is forecast on as a
// first-order autoregression.
type piecewise struct {
	growth       string
	season       string
	changepoints int
	flexibility  float64
	harmonics    int
}

func newPiecewise(p param.Values) Forecaster {
	return piecewise{p.String("growth"), p.String("season"), p.Int("changepoints"), p.Float("flexibility"), p.Int("harmonics")}
}

const (
	piecewiseLeast = 10
	changeShare    = 0.8  // of the history within which the slope may change
	trendPrior     = 5.0  // standard deviations of the priors, in units of the largest value:
	seasonPrior    = 10.0 // of each Fourier coefficient and event
	piecewiseInner = 25   // reweightings at most
	piecewiseOuter = 12   // linearisations at most, for what is not linear
	piecewiseDone  = 1e-7
	piecewiseMost  = 10000 // rows that are regressed on at most; longer histories are thinned evenly
)

func (f piecewise) Fit(ctx context.Context, in Input) (Model, error) {
	if err := needs("the piecewise trend", in.Values, piecewiseLeast); err != nil {
		return nil, err
	}
	m := &piecewiseModel{growth: f.growth, shares: f.season == "multiplicative", n: len(in.Values), length: float64(max(len(in.Values)-1, 1)),
		periods: usable(in.Periods, len(in.Values)), events: in.Events}
	if err := m.scales(in); err != nil {
		return nil, err
	}
	m.layOut(f, series.CountKnown(in.Values))
	if err := m.estimate(ctx, in.Values, f.flexibility); err != nil {
		return nil, err
	}
	m.finish(in.Values)
	return m, nil
}

// scales sets floor, capacity and unit.
func (m *piecewiseModel) scales(in Input) error {
	lo, hi := series.Extent(in.Values)
	if m.growth == "saturating" {
		if in.Bounds.Max == nil {
			return fmt.Errorf("%w: option \"growth\": saturating needs the capacity, which is the query's bounds.max", param.ErrInvalid)
		}
		if in.Bounds.Min != nil {
			m.floor = *in.Bounds.Min
		}
		if m.capacity = *in.Bounds.Max - m.floor; !(m.capacity > 0) {
			return fmt.Errorf("%w: option \"growth\": the capacity bounds.max is %v and must be above the floor %v", param.ErrInvalid, *in.Bounds.Max, m.floor)
		}
		m.unit = m.capacity
		return nil
	}
	// From the least value on, so that the priors do not depend on where zero is.
	if m.floor = lo; m.shares {
		m.floor = 0
	}
	if m.unit = max(math.Abs(lo-m.floor), math.Abs(hi-m.floor)); !(m.unit > 0) {
		m.unit = 1
	}
	return nil
}

// layOut chooses changepoints and harmonics; a model has at most a third as many terms as the data have points.
func (m *piecewiseModel) layOut(f piecewise, known int) {
	room := known/3 - 2 - len(m.events)
	for i, period := range m.periods {
		for k := 1; k <= f.harmonics && 2*k <= period && room >= 2; k++ {
			if m.hasHarmonic(i, period, k) {
				continue
			}
			m.waves = append(m.waves, wave{i, k})
			room -= 2
		}
	}
	if m.growth == "flat" {
		return
	}
	changes := max(min(f.changepoints, room), 0)
	for j := 1; j <= changes; j++ {
		m.changes = append(m.changes, math.Round(changeShare*m.length*float64(j)/float64(changes))/m.length)
	}
}

// hasHarmonic tells whether a shorter season has the same wave already.
func (m *piecewiseModel) hasHarmonic(season, period, k int) bool {
	for _, w := range m.waves {
		if w.season < season && w.k*period == k*m.periods[w.season] {
			return true
		}
	}
	return false
}

// wave is one harmonic of a season: a sine and a cosine.
type wave struct{ season, k int }
