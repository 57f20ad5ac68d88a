// Package series holds what every other room works on: values on a regular time grid, with gaps kept as gaps.
//
// A missing value is NaN, never zero. All series of one answer share one Grid, so that they can be put in one wide
// data frame and compared point by point.
package series

import (
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// Grid is a regular time axis: Len points, the first at Start, Step apart. Times are multiples of Step since the Unix
// epoch when the grid was made by NewGrid. The value at index i covers [Time(i), Time(i)+Step).
type Grid struct {
	Start time.Time
	Step  time.Duration
	Len   int
}

// NewGrid gives the grid of all whole steps t with from <= t and t+step <= to: only complete buckets.
func NewGrid(from, to time.Time, step time.Duration) Grid {
	start := from.Truncate(step)
	if start.Before(from) {
		start = start.Add(step)
	}
	n := max(int(to.Sub(start)/step), 0)
	return Grid{Start: start, Step: step, Len: n}
}

// Time gives the time of index i, which may lie outside the grid.
func (g Grid) Time(i int) time.Time { return g.Start.Add(time.Duration(i) * g.Step) }

// End gives the time just after the last bucket.
func (g Grid) End() time.Time { return g.Time(g.Len) }

// Index gives the index of the bucket that holds t; it may be negative or >= Len when t lies outside the grid.
func (g Grid) Index(t time.Time) int {
	d := t.Sub(g.Start)
	i := int(d / g.Step)
	if d < 0 && d%g.Step != 0 {
		i--
	}
	return i
}

// Slice gives the part [i, j) of the grid.
func (g Grid) Slice(i, j int) Grid { return Grid{Start: g.Time(i), Step: g.Step, Len: j - i} }

// Times gives every time of the grid.
func (g Grid) Times() []time.Time {
	out := make([]time.Time, g.Len)
	for i := range out {
		out[i] = g.Time(i)
	}
	return out
}

// Labels name a series, as in Prometheus.
type Labels map[string]string

// String writes the labels in the order of their names: {a="1", b="2"}.
func (l Labels) String() string {
	names := slices.Sorted(maps.Keys(l))
	var b strings.Builder
	b.WriteByte('{')
	for i, n := range names {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(n + `="` + l[n] + `"`)
	}
	b.WriteByte('}')
	return b.String()
}

// Has tells whether l has all of the other's labels with the same values.
func (l Labels) Has(other Labels) bool {
	for k, v := range other {
		if have, ok := l[k]; !ok || have != v {
			return false
		}
	}
	return true
}

// Series is one metric's values on the grid of the Set that holds it; NaN is a missing value.
type Series struct {
	Name   string // display name: the legend, or the labels where none was asked for
	Labels Labels
	Values []float64
}

// Extent gives the indices of the first and the last known value; ok is false where there is none.
func (s Series) Extent() (first, last int, ok bool) {
	first, last = -1, -1
	for i, v := range s.Values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	return first, last, first >= 0
}

// Known counts the values that are neither NaN nor infinite.
func (s Series) Known() int { return CountKnown(s.Values) }

// Set is the answer of a source: series on one grid, and what has to be said about them.
type Set struct {
	Grid     Grid
	Series   []Series
	Notices  []Notice
	Executed string // the query as the source executed it
}

// Slice gives the part [i, j) of every series; the values are shared, not copied.
func (s *Set) Slice(i, j int) *Set {
	out := *s
	out.Grid = s.Grid.Slice(i, j)
	out.Series = make([]Series, len(s.Series))
	for k, one := range s.Series {
		one.Values = one.Values[i:j]
		out.Series[k] = one
	}
	return &out
}

// Notice is something the reader of an answer must know: a fallback, a clip, a gap, a reset.
type Notice struct {
	Severity Severity
	Text     string
}

// Severity says how a notice is shown.
type Severity int

// The severities of a notice, mildest first.
const (
	Info Severity = iota
	Warning
)
