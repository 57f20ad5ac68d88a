package calendar

import (
	"fmt"
	"time"
)

// Kind is what a day is like.
type Kind int

// The kinds of days.
const (
	Workday Kind = iota
	Weekend      // Saturday or Sunday
	Holiday      // public or own holiday
	MakeUp       // a Saturday or Sunday that is worked
)

// Off tells whether people rest.
func (k Kind) Off() bool { return k == Weekend || k == Holiday }

// Special tells whether the day of the week misleads: a holiday, or a make-up workday.
func (k Kind) Special() bool { return k == Holiday || k == MakeUp }

// Day is what is known of one local day.
type Day struct {
	Kind Kind
	Name string
}

// mostDays bounds one declared range: a longer one is a slip.
const mostDays = 366

func (c *Calendar) declare(r DateRange) error {
	from, err := date(r.Date)
	if err != nil {
		return err
	}
	to := from
	if r.To != "" {
		if to, err = date(r.To); err != nil {
			return err
		}
	}
	n := int(to.Sub(from)/(24*time.Hour)) + 1
	if n < 1 || n > mostDays {
		return fmt.Errorf("from %s to %s are %d days, 1 to %d are allowed", r.Date, r.To, n, mostDays)
	}
	for i := range n {
		switch d := from.AddDate(0, 0, i); r.Kind {
		case "holiday":
			c.days[key(d)] = Day{Holiday, r.Name}
		case "workday":
			c.days[key(d)] = Day{worked(d), r.Name}
		default:
			return fmt.Errorf("kind is %q, holiday or workday is needed", r.Kind)
		}
	}
	return nil
}

func worked(d time.Time) Kind {
	if weekend(d) {
		return MakeUp
	}
	return Workday
}

func date(text string) (time.Time, error) {
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return d, fmt.Errorf("%q is not a date such as 2026-10-01", text)
	}
	return d, nil
}

func weekend(t time.Time) bool { return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday }

// key numbers the date of a time, as its location sees it.
func key(t time.Time) int {
	y, m, d := t.Date()
	return y*10000 + int(m)*100 + d
}

// Day gives the local day that holds t.
func (c *Calendar) Day(t time.Time) Day {
	t = t.In(c.Zone())
	if c != nil {
		if d, ok := c.days[key(t)]; ok {
			return d
		}
	}
	if weekend(t) {
		return Day{Kind: Weekend}
	}
	return Day{}
}

// Back gives the same local time of day n days before: 23 or 25 hours earlier across a change of the clock. A time that did
// not exist that day is moved as time.Date does.
func (c *Calendar) Back(t time.Time, n int) time.Time {
	t = t.In(c.Zone())
	y, m, d := t.Date()
	h, min, s := t.Clock()
	return time.Date(y, m, d-n, h, min, s, t.Nanosecond(), c.Zone())
}

// Shifted tells whether the clock was changed within the n days before t.
func (c *Calendar) Shifted(t time.Time, n int) bool {
	if c.Zone() == time.UTC {
		return false
	}
	_, now := t.In(c.zone).Zone()
	_, before := t.AddDate(0, 0, -n).In(c.zone).Zone()
	return now != before
}
