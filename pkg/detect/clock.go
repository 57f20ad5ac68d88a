package detect

import (
	"math"
	"time"
)

// clockChanges knows by how many steps the local clock was changed in the newest days: for so long, values may follow the clock
// or not.
type clockChanges struct {
	in   Input
	hour int // steps, at least 1
	next int // point at which the clock is asked again
	by   int
	off  [2]float64 // how far the newest values were from either expectation, on average
	seen int
}

func (in Input) clockChanges() *clockChanges {
	return &clockChanges{in: in, hour: max(int(time.Hour/in.Step), 1)}
}

// at gives the steps for point i, which follows the one before; asked anew each hour.
func (c *clockChanges) at(i int) int {
	zone := c.in.Calendar.Zone()
	if zone == time.UTC || i < c.next {
		return c.by
	}
	t := c.in.grid().Time(i)
	_, now := t.In(zone).Zone()
	_, before := t.AddDate(0, 0, -clockDays).In(zone).Zone()
	if c.by == 0 {
		c.off, c.seen = [2]float64{}, 0
	}
	c.by, c.next = int(time.Duration(now-before)*time.Second/c.in.Step), i+c.hour
	return c.by
}

// nearer picks the expectation that values have kept to since the clock was changed, that of the old hour or that of the local
// one; in the first hour the one that v itself, less beside, is nearer to.
func (c *clockChanges) nearer(v, beside, old, local float64) float64 {
	pick := [2]float64{old, local}
	which := 0
	off := [2]float64{math.Abs(v - beside - old), math.Abs(v - beside - local)}
	if c.seen < c.hour && off[1] < off[0] || c.seen >= c.hour && c.off[1] < c.off[0] {
		which = 1
	}
	if d := off[0] + off[1]; !math.IsNaN(d) {
		c.seen++
		for k := range off {
			c.off[k] += (off[k] - c.off[k]) / float64(min(c.seen, 4*c.hour))
		}
	}
	return pick[which]
}
