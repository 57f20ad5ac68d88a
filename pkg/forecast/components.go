package forecast

import (
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/param"
)

// Component is one part of what a series consists of: "trend", a season named by its length ("daily season"), "events" or
// "remainder". At every known point of the past the parts add up to the value, and at every step ahead to the forecast.
type Component struct {
	Name   string
	Period int       // in steps; 0 for all but seasons
	Past   []float64 // as long as the values; the remainder is NaN where the value is missing
	Future []float64 // as long as the forecast; the remainder has none
}

const (
	trendComponent     = "trend"
	eventsComponent    = "events"
	remainderComponent = "remainder"
)

// explained is a model that has a decomposition of its own.
type explained interface {
	components(in Input, mean []float64) []Component
}

func (m *seasonalModel) components(in Input, mean []float64) []Component {
	return composed(in, mean, m.split)
}

// composed lists a decomposition's parts.
func composed(in Input, mean []float64, d decomposition) []Component {
	n, h := len(in.Values), len(mean)
	trend := Component{Name: trendComponent, Past: slices.Clone(d.trend), Future: slices.Clone(mean)}
	rest := Component{Name: remainderComponent, Past: slices.Clone(in.Values)}
	var seasons []Component
	for i, period := range d.periods {
		s := Component{Name: seasonName(period, in.Step), Period: period, Past: slices.Clone(d.seasons[i]), Future: make([]float64, h)}
		for t := range s.Future {
			s.Future[t] = s.Past[n-period+t%period]
			trend.Future[t] -= s.Future[t]
		}
		seasons = append(seasons, s)
	}
	for t := range rest.Past {
		rest.Past[t] -= trend.Past[t]
		for _, s := range seasons {
			rest.Past[t] -= s.Past[t]
		}
	}
	return slices.Concat([]Component{trend}, seasons, []Component{rest})
}

func (m *piecewiseModel) components(in Input, mean []float64) []Component {
	n, h := len(in.Values), len(mean)
	named := func(name string, period int) Component {
		return Component{Name: name, Period: period, Past: make([]float64, n), Future: make([]float64, h)}
	}
	out := []Component{named(trendComponent, 0)}
	for _, p := range m.periods {
		out = append(out, named(seasonName(p, in.Step), p))
	}
	if len(m.events) > 0 {
		out = append(out, named(eventsComponent, 0))
	}
	rest := Component{Name: remainderComponent, Past: slices.Clone(in.Values)}
	basis, seasons := m.scratch()
	for t := range n + h {
		trend, events := m.parts(t, basis, seasons)
		values := append([]float64{trend}, seasons...)
		values = append(values, events)[:len(out)]
		if t >= n {
			// What the remainder still adds ahead, and what the bounds take away, counts as trend.
			values[0] = mean[t-n]
			for _, v := range values[1:] {
				values[0] -= v
			}
		}
		for k, v := range values {
			if t < n {
				out[k].Past[t] = v
				rest.Past[t] -= v
			} else {
				out[k].Future[t-n] = v
			}
		}
	}
	return append(out, rest)
}

// seasonName names a season for people.
func seasonName(period int, step time.Duration) string {
	switch length := time.Duration(period) * step; length {
	case time.Hour:
		return "hourly season"
	case 24 * time.Hour:
		return "daily season"
	case 7 * 24 * time.Hour:
		return "weekly season"
	default:
		if step >= 24*time.Hour && period == yearSteps(step) {
			return "yearly season"
		}
		return "season of " + param.FormatDuration(length)
	}
}

// smoothTrend is a local line through a tenth of the values, the first of which is known, for series without a season.
func smoothTrend(y []float64) []float64 {
	out := make([]float64, len(y))
	window := nextOdd(max(len(y)/10, 7))
	s := prepared(window, 1, max(window/10, 1))
	s.smooth(y, knownWeights(y), out)
	level := math.NaN()
	for t, v := range out {
		if math.IsNaN(v) {
			out[t] = level // nothing known within the window: as before it
		}
		level = out[t]
	}
	return out
}

// explain fills in the parts of the answer: those that the model has, or what MSTL splits the past into; what the forecast has
// besides the seasons then counts as trend.
func (r *Result) explain(in Input) {
	periods := usable(r.Periods, len(in.Values))
	if m, ok := r.model.(explained); ok {
		r.Components = m.components(in, r.Mean)
	} else if len(periods) > 0 {
		r.Components = composed(in, r.Mean, mstl(in.Values, periods, false, in.work))
	} else {
		r.Components = composed(in, r.Mean, decomposition{trend: smoothTrend(in.Values)})
	}
}
