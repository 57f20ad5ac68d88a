package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

// MarkKind says what is known of a stretch of time.
type MarkKind string

// The kinds of marks.
const (
	Maintenance MarkKind = "maintenance" // not learnt from, and silent
	Excluded    MarkKind = "excluded"    // not learnt from
	Deployment  MarkKind = "deployment"  // a known cause: silent, and a new level is no incident
)

// Mark is one known stretch, from From up to but not including To.
type Mark struct {
	Kind     MarkKind
	From, To time.Time
	Reason   string
}

// Window is maintenance: absolute (from, to), or each week or day at a local time (start, duration).
type Window struct {
	From     *time.Time `json:"from,omitempty"`
	To       *time.Time `json:"to,omitempty"`
	Days     []string   `json:"days,omitempty"`     // mon … sun; empty is every day
	Start    string     `json:"start,omitempty"`    // 02:30, local time
	Duration string     `json:"duration,omitempty"` // 90m; at most a week
	Reason   string     `json:"reason,omitempty"`
}

type recurring struct {
	on           [7]bool
	hour, minute int
	length       time.Duration
	reason       string
}

const longestRecurring = 7 * 24 * time.Hour

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func (c *Calendar) maintain(w Window) error {
	if w.From != nil || w.To != nil {
		switch {
		case w.Start != "" || w.Duration != "" || len(w.Days) > 0:
			return fmt.Errorf("from and to are given together with days, start or duration, one of the two is needed")
		case w.From == nil || w.To == nil || !w.From.Before(*w.To):
			return fmt.Errorf("from and to are both needed, from before to")
		}
		c.fixed = append(c.fixed, Mark{Maintenance, *w.From, *w.To, w.Reason})
		return nil
	}
	at, err := time.Parse("15:04", w.Start)
	if err != nil {
		return fmt.Errorf("start is %q, a local time such as 02:30 is needed", w.Start)
	}
	length, err := param.ParseDuration(w.Duration)
	if err != nil {
		return fmt.Errorf("duration: %w", err)
	}
	if length > longestRecurring {
		return fmt.Errorf("duration is %s, at most 1w is allowed", w.Duration)
	}
	r := recurring{hour: at.Hour(), minute: at.Minute(), length: length, reason: w.Reason}
	for _, name := range w.Days {
		i := slices.Index(weekdays, strings.ToLower(name))
		if i < 0 {
			return fmt.Errorf("days holds %q, known are: %s", name, strings.Join(weekdays, ", "))
		}
		r.on[i] = true
	}
	if len(w.Days) == 0 {
		r.on = [7]bool{true, true, true, true, true, true, true}
	}
	c.weekly = append(c.weekly, r)
	return nil
}

// Marks gives what is known between two times, by start. Recurring maintenance begins at its local time also on days when
// the clock changes.
func (c *Calendar) Marks(from, to time.Time) []Mark {
	if c == nil {
		return nil
	}
	var out []Mark
	for _, m := range c.fixed {
		if m.From.Before(to) && m.To.After(from) {
			out = append(out, m)
		}
	}
	for _, r := range c.weekly {
		y, mo, d := from.Add(-r.length).In(c.zone).Date()
		for ; ; d++ {
			start := time.Date(y, mo, d, r.hour, r.minute, 0, 0, c.zone)
			if !start.Before(to) {
				break
			}
			end := start.Add(r.length)
			if r.on[start.Weekday()] && end.After(from) {
				out = append(out, Mark{Maintenance, start, end, r.reason})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Mark) int { return a.From.Compare(b.From) })
	return out
}

// Indices gives the buckets [i, j) of a grid that a mark touches, cut to the grid.
func (m Mark) Indices(g series.Grid) (i, j int) {
	i, j = g.Index(m.From), g.Index(m.To)
	if m.To.After(g.Time(j)) {
		j++
	}
	return min(max(i, 0), g.Len), min(max(j, 0), g.Len)
}

// Learn gives a copy of values on a grid in which maintenance and excluded stretches are missing; the values themselves where
// nothing is left out.
func (c *Calendar) Learn(g series.Grid, values []float64) []float64 {
	out := values
	g.Len = len(values)
	for _, m := range c.Marks(g.Start, g.End()) {
		if m.Kind == Deployment {
			continue
		}
		i, j := m.Indices(g)
		if i < j && len(out) > 0 && &out[0] == &values[0] {
			out = slices.Clone(values)
		}
		copy(out[i:j], series.Missing(j-i))
	}
	return out
}
