package forecast

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/series"
)

// wallClock tells where steps lie on a grid of local time, on which every day has the same number of steps: where clocks go
// forward, places are left out; where they go back, places are used twice.
type wallClock struct {
	place []int // of each step, counted from the first one that is used
}

// clockChanges gives the wall clock of n steps, false where clocks do not change meanwhile or where a change is no whole number of
// steps: then the grid is that of the steps.
func clockChanges(zone *time.Location, start time.Time, step time.Duration, n int) (wallClock, bool) {
	if zone == nil || step > time.Hour || n == 0 {
		return wallClock{}, false
	}
	first := offsetAt(zone, start)
	end := start.Add(time.Duration(n-1) * step)
	if !changes(zone, start, end) {
		return wallClock{}, false
	}
	c := wallClock{place: make([]int, n)}
	for t, until, moved := 0, -1, 0; t < n; t++ {
		if t > until { // a new stretch of the same offset
			at := start.Add(time.Duration(t) * step)
			shift := offsetAt(zone, at) - first
			if shift%step != 0 {
				return wallClock{}, false
			}
			moved, until = int(shift/step), n
			if _, next := at.In(zone).ZoneBounds(); !next.IsZero() && !next.After(end) {
				until = int((next.Sub(start) - 1) / step)
			}
		}
		c.place[t] = t + moved
	}
	if first := slices.Min(c.place); first < 0 { // clocks go back within the first hour
		for t := range c.place {
			c.place[t] -= first
		}
	}
	return c, true
}

// OnClocks lays values, one for each step from start on, on a grid of local time, on which every day has the same number of steps: an
// hour that clocks leave out is missing, and of one that comes twice the newer half counts. It gives the values themselves where
// clocks do not change meanwhile.
func OnClocks(values []float64, zone *time.Location, start time.Time, step time.Duration) []float64 {
	c, ok := clockChanges(zone, start, step, len(values))
	if !ok {
		return values
	}
	return c.local(values)[:c.place[len(values)-1]+1]
}

func offsetAt(zone *time.Location, t time.Time) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// changes tells whether clocks change after one time and up to another.
func changes(zone *time.Location, after, until time.Time) bool {
	_, next := after.In(zone).ZoneBounds()
	return !next.IsZero() && !next.After(until)
}

// local puts x, a value for each of the first steps, on the grid; of two at one place the known and the newer one counts.
func (c wallClock) local(x []float64) []float64 {
	out := series.Missing(c.length(len(x)))
	for t, v := range x {
		if !math.IsNaN(v) {
			out[c.place[t]] = v
		}
	}
	return out
}

// length gives how many places the first n steps take up.
func (c wallClock) length(n int) int { return slices.Max(c.place[:n]) + 1 }

// past reads the values of the first n steps from the grid.
func (c wallClock) past(x []float64, n int) []float64 {
	out := make([]float64, n)
	for t := range out {
		out[t] = x[c.place[t]]
	}
	return out
}

// ahead reads the values of the steps from the n-th on from a forecast on the grid, which starts after all places used so far.
func (c wallClock) ahead(x []float64, n int) []float64 {
	from := c.length(n)
	out := make([]float64, len(c.place)-n)
	for h := range out {
		out[h] = x[max(c.place[n+h]-from, 0)]
	}
	return out
}

// horizon gives how many places a forecast of all steps from the n-th on takes.
func (c wallClock) horizon(n int) int { return max(c.length(len(c.place))-c.length(n), 1) }

// trained fits on local time, so that a day's course stays with people's clocks, and brings the answer back.
func (c wallClock) trained(ctx context.Context, in Input, opt Options) (*Result, error) {
	n := len(in.Values)
	moved, there := c.moved(in, opt)
	r, err := trained(ctx, moved, there)
	if err != nil {
		return nil, err
	}
	for _, x := range []*[]float64{&r.Fitted, &r.FittedLower, &r.FittedUpper} {
		*x = c.past(*x, n)
	}
	r.Residuals = make([]float64, n)
	for t, v := range in.Values {
		r.Residuals[t] = v - r.Fitted[t]
	}
	for _, x := range []*[]float64{&r.Mean, &r.Lower, &r.Upper, &r.Sigma} {
		*x = c.ahead(*x, n)
	}
	for h := 1; h < len(r.Sigma); h++ {
		r.Sigma[h] = max(r.Sigma[h], 0.98*r.Sigma[h-1]) // an hour that comes twice steps back
	}
	for i, row := range r.Errors {
		r.Errors[i] = slices.Concat(row, series.Missing(max(opt.Horizon-len(row), 0)))[:opt.Horizon]
	}
	for i, part := range r.Components {
		if r.Components[i].Past = c.past(part.Past, n); len(part.Future) > 0 { // the remainder has none
			r.Components[i].Future = c.ahead(part.Future, n)
		}
	}
	return r, nil
}

// moved gives what is asked for on the grid.
func (c wallClock) moved(in Input, opt Options) (Input, Options) {
	opt.Horizon = c.horizon(len(in.Values))
	in.Values, in.Zone, in.Events = c.local(in.Values), nil, c.events(in.Events)
	return in, opt
}

// events moves events onto the grid.
func (c wallClock) events(events []Event) []Event {
	out := make([]Event, len(events))
	for i, e := range events {
		out[i].Name = e.Name
		for _, t := range e.Steps {
			place := t
			if t >= 0 && t < len(c.place) {
				place = c.place[t]
			}
			if k := len(out[i].Steps); k == 0 || place > out[i].Steps[k-1] {
				out[i].Steps = append(out[i].Steps, place)
			}
		}
	}
	return out
}
