// Package calendar says what people know of time and a series cannot: the zone its users live in, public holidays and the
// workdays that make up for them, maintenance, deployments, and stretches that are not to be learnt from.
package calendar

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones are known on machines without a zone database, too
)

// ErrInvalid is wrapped by every error of New; the message names the field, the value and what would be right.
var ErrInvalid = errors.New("invalid calendar")

// Definition is a calendar as users write it, in a query, a model's definition or a provisioned file. The zero value is UTC
// without anything special.
type Definition struct {
	Timezone    string      `json:"timezone,omitempty"` // IANA name; empty is UTC
	Holidays    string      `json:"holidays,omitempty"` // bundled list: "CN", or empty for none
	Days        []DateRange `json:"days,omitempty"`     // own days; they win over the bundled list
	Excluded    []Span      `json:"excluded,omitempty"` // not learnt from
	Maintenance []Window    `json:"maintenance,omitempty"`
	Events      []Span      `json:"events,omitempty"` // deployments and the like
}

// DateRange declares local days, the last one included.
type DateRange struct {
	Date string `json:"date"`         // 2026-10-01
	To   string `json:"to,omitempty"` // last day; empty is Date
	Kind string `json:"kind"`         // holiday | workday
	Name string `json:"name,omitempty"`
}

// Span is a stretch of time from From up to, but not including, To.
type Span struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Reason string    `json:"reason,omitempty"`
}

// Calendar is a checked Definition. It is safe for concurrent use. A nil Calendar is UTC without anything special.
type Calendar struct {
	zone   *time.Location
	list   string
	days   map[int]Day
	years  map[int]bool // that the bundled list covers
	fixed  []Mark       // absolute marks, by start
	weekly []recurring
}

// New checks a definition.
func New(d Definition) (*Calendar, error) {
	c := &Calendar{zone: time.UTC, list: d.Holidays, days: map[int]Day{}, years: map[int]bool{}}
	if d.Timezone != "" {
		zone, err := time.LoadLocation(d.Timezone)
		if err != nil || d.Timezone == "Local" {
			return nil, fmt.Errorf("%w: timezone is %q, an IANA name such as Asia/Shanghai is needed", ErrInvalid, d.Timezone)
		}
		c.zone = zone
	}
	switch d.Holidays {
	case "":
	case China:
		c.china()
	default:
		return nil, fmt.Errorf("%w: holidays is %q, bundled lists are: %s", ErrInvalid, d.Holidays, China)
	}
	for i, r := range d.Days {
		if err := c.declare(r); err != nil {
			return nil, fmt.Errorf("%w: days[%d]: %w", ErrInvalid, i, err)
		}
	}
	for _, part := range []struct {
		field string
		kind  MarkKind
		spans []Span
	}{{"excluded", Excluded, d.Excluded}, {"events", Deployment, d.Events}} {
		for i, s := range part.spans {
			if !s.From.Before(s.To) {
				return nil, fmt.Errorf("%w: %s[%d] ends at %s, a time after its start %s is needed", ErrInvalid, part.field, i, s.To.Format(time.RFC3339), s.From.Format(time.RFC3339))
			}
			c.fixed = append(c.fixed, Mark{part.kind, s.From, s.To, s.Reason})
		}
	}
	for i, w := range d.Maintenance {
		if err := c.maintain(w); err != nil {
			return nil, fmt.Errorf("%w: maintenance[%d]: %w", ErrInvalid, i, err)
		}
	}
	slices.SortStableFunc(c.fixed, func(a, b Mark) int { return a.From.Compare(b.From) })
	return c, nil
}

// Excluding gives a calendar with more stretches that are not learnt from; c itself stays as it is.
func (c *Calendar) Excluding(spans []Span) *Calendar { return c.with(Excluded, spans) }

// Deploying gives a calendar with more deployments; c itself stays as it is.
func (c *Calendar) Deploying(spans []Span) *Calendar { return c.with(Deployment, spans) }

func (c *Calendar) with(kind MarkKind, spans []Span) *Calendar {
	if len(spans) == 0 {
		return c
	}
	out := &Calendar{zone: time.UTC}
	if c != nil {
		*out = *c
	}
	out.fixed = slices.Clone(out.fixed)
	for _, s := range spans {
		if s.From.Before(s.To) {
			out.fixed = append(out.fixed, Mark{kind, s.From, s.To, s.Reason})
		}
	}
	slices.SortStableFunc(out.fixed, func(a, b Mark) int { return a.From.Compare(b.From) })
	return out
}

// Key tells calendars apart by all that they know.
func (c *Calendar) Key() string {
	if c == nil {
		return ""
	}
	return fmt.Sprint(c.zone, c.list, c.days, c.fixed, c.weekly)
}

// Zone is where days begin and end.
func (c *Calendar) Zone() *time.Location {
	if c == nil {
		return time.UTC
	}
	return c.zone
}

// Empty tells whether nothing is special: UTC, no list, no marks.
func (c *Calendar) Empty() bool {
	return c == nil || c.zone == time.UTC && len(c.days) == 0 && len(c.fixed) == 0 && len(c.weekly) == 0
}

// Uncovered names the years between two times that the bundled list does not know; empty where no list is asked for.
func (c *Calendar) Uncovered(from, to time.Time) (years []int) {
	if c == nil || c.list == "" {
		return nil
	}
	for y := from.In(c.zone).Year(); y <= to.In(c.zone).Year(); y++ {
		if !c.years[y] {
			years = append(years, y)
		}
	}
	return years
}

// Notice says in words which years the bundled list lacks; empty where it lacks none.
func (c *Calendar) Notice(from, to time.Time) string {
	years := c.Uncovered(from, to)
	if len(years) == 0 {
		return ""
	}
	text := make([]string, len(years))
	for i, y := range years {
		text[i] = fmt.Sprint(y)
	}
	return fmt.Sprintf("the bundled holidays of %s do not cover %s: add its days to calendar.days", c.list, strings.Join(text, ", "))
}
