package composite

import (
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/series"
)

// clocks say where points stand in a season: clocks that were changed move them, and a day whose weekday misleads stands for another, a
// holiday for a Sunday and a make-up workday for a Wednesday. nil moves nothing.
type clocks struct {
	ahead []int // steps that the clock is ahead of what it was at the first point
	like  []int // steps to the same time of the day that it stands for, in the same week; 0 = its own
	week  int   // steps
}

// clocks are those of the calendar; nil where it knows nothing that moves a point.
func (in *Input) clocks() *clocks {
	if in.Calendar.Empty() {
		return nil
	}
	g := in.grid()
	c := &clocks{ahead: make([]int, g.Len), like: make([]int, g.Len), week: int(7 * 24 * time.Hour / g.Step)}
	first, moved := 0, false
	for i := range g.Len {
		t := g.Time(i).In(in.Calendar.Zone())
		_, offset := t.Zone()
		if i == 0 {
			first = offset
		}
		c.ahead[i] = int(time.Duration(offset-first) * time.Second / g.Step)
		days := 0
		switch in.Calendar.Day(t).Kind {
		case calendar.Holiday:
			days = int(time.Sunday - t.Weekday())
		case calendar.MakeUp:
			days = int(time.Wednesday - t.Weekday())
		}
		c.like[i] = days * int(24*time.Hour/g.Step)
		moved = moved || c.ahead[i] != 0 || c.like[i] != 0
	}
	if !moved {
		return nil
	}
	return c
}

// place gives the phase of point i in a season. Only one of whole weeks knows days.
func (c *clocks) place(i, period int) int {
	if c == nil {
		return i % period
	}
	at := i + c.ahead[i]
	if c.week > 0 && period%c.week == 0 {
		at += c.like[i]
	}
	return (at%period + period) % period
}

// laid puts the values of the first points where their clocks say, for a season to be learnt from: an hour that clocks left out is missing,
// and so are days that stand for others.
func (c *clocks) laid(values []float64) []float64 {
	if c == nil {
		return values
	}
	n := len(values)
	for i := range values {
		n = max(n, i+c.ahead[i]+1)
	}
	out := series.Missing(n)
	for i, v := range values {
		if at := i + c.ahead[i]; at >= 0 && c.like[i] == 0 && !math.IsNaN(v) {
			out[at] = v
		}
	}
	return out
}
