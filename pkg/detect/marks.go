package detect

import (
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/order"
)

const (
	specialDays  = 4   // earlier days of the same kind that a holiday or make-up workday is compared with
	specialBack  = 35  // days that are looked back on for them
	specialWidth = 1.5 // times the band's half-width around them: few samples tell less
	clockDays    = 7   // days after a change of the clock in which the local time of day is asked as well
)

// marks is what the calendar knows of each point; nil slices where it knows nothing.
type marks struct {
	silent   []string // stage that keeps the point from being raised
	unlearnt []bool   // not to be learnt from
	days     []localDay
	deployed []deployment
}

// newMarks lays the calendar's marks and days over the input.
func newMarks(in Input) (c marks) {
	if in.Calendar.Empty() {
		return c
	}
	n := len(in.Values)
	g := in.grid()
	for _, m := range in.Calendar.Marks(g.Start, g.End()) {
		i, j := m.Indices(g)
		for ; i < j; i++ {
			if m.Kind != calendar.Excluded {
				if c.silent == nil {
					c.silent = make([]string, n)
				}
				if c.silent[i] != heldMaintenance {
					c.silent[i] = string(m.Kind)
				}
			}
			if m.Kind != calendar.Deployment {
				c.drop(i, n)
			}
		}
	}
	c.days, c.deployed = in.daysOf(), in.deployments()
	for _, d := range c.days {
		if d.kind.Special() {
			for i := d.from; i < d.to; i++ {
				c.drop(i, n)
			}
		}
	}
	return c
}

func (c *marks) drop(i, n int) {
	if c.unlearnt == nil {
		c.unlearnt = make([]bool, n)
	}
	c.unlearnt[i] = true
}

// stage names what keeps point i from being raised; empty for nothing.
func (c marks) stage(i int) string {
	if c.silent == nil {
		return ""
	}
	return c.silent[i]
}

// learnt gives the values with those missing that are not to be learnt from.
func (c marks) learnt(values []float64) []float64 {
	if c.unlearnt == nil {
		return values
	}
	out := slices.Clone(values)
	for i, skip := range c.unlearnt {
		if skip {
			out[i] = math.NaN()
		}
	}
	return out
}

// recall scores the points that were not learnt from against the band, which never depends on the point itself.
func (c marks) recall(in Input, out *Output) {
	for i, skip := range c.unlearnt {
		if skip && i >= in.From {
			out.band(i, in.Values[i], out.Expected[i], out.half(i))
		}
	}
}

// half is the half-width of the band at i.
func (out *Output) half(i int) float64 { return (out.Upper[i] - out.Lower[i]) / 2 }

// localDay is a local day's part of the grid.
type localDay struct {
	from, to int // indices, cut to the input
	kind     calendar.Kind
}

// daysOf gives the local days of the input.
func (in Input) daysOf() (days []localDay) {
	g, zone := in.grid(), in.Calendar.Zone()
	for i := 0; i < g.Len; {
		t := g.Time(i).In(zone)
		y, m, d := t.Date()
		next := time.Date(y, m, d+1, 0, 0, 0, 0, zone)
		j := min(i+max(int((next.Sub(t)+g.Step-1)/g.Step), 1), g.Len)
		days = append(days, localDay{i, j, in.Calendar.Day(t).Kind})
		i = j
	}
	return days
}

// special compares the points of holidays, make-up workdays and the days after a change of the clock with the same local
// time of earlier days of the same kind as well; the smaller score counts. So a holiday is judged as a day off, and a worked
// Saturday as a workday.
func (c marks) special(in Input, out *Output) {
	if in.Calendar.Empty() || in.Step > time.Hour {
		return
	}
	for k, d := range c.days {
		if d.to <= in.From || !d.kind.Special() && !in.Calendar.Shifted(in.grid().Time(d.to-1), clockDays) {
			continue
		}
		var alike []int // days back
		for back := k - 1; back >= 0 && k-back <= specialBack && len(alike) < specialDays; back-- {
			if e := c.days[back]; e.kind.Off() == d.kind.Off() && !e.kind.Special() {
				alike = append(alike, k-back)
			}
		}
		for i := max(d.from, in.From); i < d.to; i++ {
			c.compare(in, out, i, alike)
		}
	}
}

// compare gives point i the benefit of the days so many days back.
func (c marks) compare(in Input, out *Output, i int, back []int) {
	g := in.grid()
	half := specialWidth * out.half(i)
	if !(half > 0) {
		return
	}
	var buf [3 * specialDays]float64
	near := buf[:0]
	for _, n := range back {
		at := g.Index(in.Calendar.Back(g.Time(i), n))
		for j := max(at-1, 0); j <= at+1 && j < i; j++ {
			if v := in.Values[j]; !math.IsNaN(v) && (c.unlearnt == nil || !c.unlearnt[j]) {
				near = append(near, v)
			}
		}
	}
	if len(near) == 0 {
		return
	}
	own, low, high, score := out.Expected[i], out.Lower[i], out.Upper[i], out.Score[i]
	out.band(i, in.Values[i], order.Median(near), half)
	if score < out.Score[i] {
		out.Expected[i], out.Score[i] = own, score
	}
	out.Lower[i], out.Upper[i] = min(low, out.Lower[i]), max(high, out.Upper[i])
	if v := in.Values[i]; v >= out.Lower[i] && v <= out.Upper[i] {
		out.Score[i] = min(out.Score[i], atLimit)
	}
}
