package forecast

import "sort"

// Event is something on the calendar that moves the series, such as a holiday or a sale.
type Event struct {
	Name  string
	Steps []int // that it covers, ascending, counted from Values[0]; steps beyond the data are the future
}

// Covers tells whether the event covers step t.
func (e Event) Covers(t int) bool {
	k := sort.SearchInts(e.Steps, t)
	return k < len(e.Steps) && e.Steps[k] == t
}

// shifted gives the events counted from a step by steps later.
func shifted(events []Event, by int) []Event {
	if by == 0 || len(events) == 0 {
		return events
	}
	out := make([]Event, len(events))
	for i, e := range events {
		out[i] = Event{Name: e.Name, Steps: make([]int, len(e.Steps))}
		for k, t := range e.Steps {
			out[i].Steps[k] = t - by
		}
	}
	return out
}
