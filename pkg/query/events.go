package query

import (
	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/series"
)

// eventful is the forecaster that takes events.
const eventful = "piecewise"

// events gives the calendar's holidays and make-up workdays over a grid and the steps ahead of it; nil where the query's
// algorithm has no use for them.
func (q *Query) events(g series.Grid) []forecast.Event {
	if q.Model.Algorithm != eventful || q.Calendar == nil || q.Calendar.Empty() {
		return nil
	}
	holiday, worked := forecast.Event{Name: "holiday"}, forecast.Event{Name: "make-up workday"}
	for i := range g.Len + q.Steps() {
		switch q.Calendar.Day(g.Time(i)).Kind {
		case calendar.Holiday:
			holiday.Steps = append(holiday.Steps, i)
		case calendar.MakeUp:
			worked.Steps = append(worked.Steps, i)
		}
	}
	var out []forecast.Event
	for _, e := range []forecast.Event{holiday, worked} {
		if len(e.Steps) > 0 && e.Steps[0] < g.Len { // what was never seen has no known effect
			out = append(out, e)
		}
	}
	return out
}
