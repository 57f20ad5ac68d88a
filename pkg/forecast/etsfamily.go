package forecast

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"github.com/forewarn/earlywarning/pkg/series"
)

// etsShape is a member of the exponential smoothing family that is not additive throughout: errors or the season in shares of
// the level. Written as corrections by the difference y - ŷ, models with additive and with multiplicative errors have the same
// recursions and differ in the likelihood alone (Hyndman, Koehler, Ord, Snyder: "Forecasting with exponential smoothing",
// Springer 2008, tables 2.2 and 2.3). A multiplicative season has multiplicative errors here: the other combination is unstable
// (the same, section 10.2).
type etsShape struct {
	etsForm
	relativeErrors bool
	relativeSeason bool
}

// etsAhead is for how many steps, or a cycle of the season, the level must stay positive where errors are shares of it.
const etsAhead = 12

// shapes lists what is estimated besides the additive forms.
func (e ets) shapes(forms []etsForm) []etsShape {
	var out []etsShape
	for _, f := range forms {
		if e.season != "multiplicative" && e.errors != "additive" {
			out = append(out, etsShape{etsForm: f, relativeErrors: true})
		}
		if f.period > 0 && e.season != "additive" && e.errors != "additive" {
			out = append(out, etsShape{f, true, true})
		}
	}
	return out
}

// residuals runs the model over y from the states in x behind the smoothing parameters, and writes what maximum likelihood
// squares and sums: differences, or, with errors in shares, shares times the geometric mean of the forecasts.
func (m *etsModel) residuals(x, y, out []float64) {
	k := len(m.shape.parameters())
	m.params = m.shape.decode(x[:k])
	m.state.load(x[k:], m.shape.etsForm)
	known, logs := 0, 0.0
	for i, v := range y {
		f, e := m.state.step(v, m.params, m.shape.relativeSeason)
		if out[i] = 0; math.IsNaN(e) {
			continue
		}
		known++
		if out[i] = e; m.shape.relativeErrors {
			if !(f > 0) {
				out[0] = math.Inf(1)
				return
			}
			out[i] = e / f
			logs += math.Log(f)
		}
	}
	if m.shape.relativeErrors {
		floats.Scale(math.Exp(logs/float64(known)), out)
	}
}

// fitFamily estimates a shape by maximum likelihood over parameters and initial states; nil where the data do not determine it.
func fitFamily(ctx context.Context, y []float64, shape etsShape) *etsModel {
	seg, m := y, shape.period
	if m == 0 {
		seg = y[max(len(y)-etsSegment, 0):] // as the additive forms, to which it is compared
	}
	n := series.CountKnown(seg)
	start := shape.parameters()
	k := len(start) + shape.states() + 1
	if m > 0 {
		k-- // the season's states are determined up to their mean
	}
	if n-k-1 <= 0 || m > 0 && len(seg) < 2*m || ctx.Err() != nil {
		return nil
	}
	states, typical := shape.initial(seg)
	f := &etsModel{shape: shape}
	search := func(x, out []float64) { f.residuals(x, seg, out) }
	sizes := append(slices.Repeat([]float64{1}, len(start)), typical...)
	var best []float64
	least := math.Inf(1)
	out := make([]float64, len(seg))
	x := bestStart(func(p []float64) float64 {
		search(slices.Concat(p, states), out)
		return floats.Dot(out, out)
	}, start)
	if shape.damped {
		start[2] = 3 // from far below 0.98 the search sticks at the other end
	}
	for _, from := range [][]float64{x, start} {
		if v, sse := marquardt(search, slices.Concat(from, states), sizes, len(seg), 1e-10); sse < least {
			best, least = v, sse
		}
	}
	if !(least > 0) || math.IsInf(least, 1) {
		return nil
	}
	// With the geometric mean in it, the sum of squares is the whole likelihood.
	f.aicc = corrected(float64(n)*math.Log(least), n, k)
	k = len(shape.parameters())
	f.params = shape.decode(best[:k])
	from := len(y) - len(seg)
	var early []float64
	if from > 0 {
		early, _ = shape.initial(y[:from])
	}
	f.run(y, from, early, best[k:])
	if ahead := f.Forecast(max(m, etsAhead)); !finite(ahead) || shape.relativeErrors && slices.Min(ahead) <= 0 {
		return nil // shares of nothing are none: what made the errors so alike in shares was not the level
	}
	return f
}

// initial gives states to start from: the season from the means of the phases, level and slope from a line through the first
// deseasonalised points; and the usual size of each.
func (f etsShape) initial(y []float64) (states, typical []float64) {
	y = series.Bridge(y)
	lo, hi := series.Extent(y)
	size := math.Max(hi-lo, 1e-12*math.Max(math.Abs(hi), 1))
	season := make([]float64, f.period)
	flat := slices.Clone(y[:min(len(y), max(10, 2*f.period))])
	if f.period > 0 {
		f.phases(y, season)
		for i := range flat {
			if s := season[i%f.period]; f.relativeSeason {
				flat[i] /= s
			} else {
				flat[i] -= s
			}
		}
	}
	a, b := line(flat)
	if !f.trend {
		a, b = meanOf(flat), 0
	}
	states, typical = []float64{a - b}, []float64{size}
	if f.trend {
		states, typical = append(states, b), append(typical, size/10)
	}
	for _, s := range season {
		states = append(states, s)
		if f.relativeSeason {
			typical = append(typical, 1)
		} else {
			typical = append(typical, size)
		}
	}
	return states, typical
}

// phases writes each phase's mean difference from the mean of its cycle, or its mean share of it.
func (f etsShape) phases(y, season []float64) {
	m := f.period
	cycles := len(y) / m
	for c := range cycles {
		one := y[c*m : (c+1)*m]
		mean := meanOf(one)
		for k, v := range one {
			if f.relativeSeason {
				season[k] += v / mean / float64(cycles)
			} else {
				season[k] += (v - mean) / float64(cycles)
			}
		}
	}
}
