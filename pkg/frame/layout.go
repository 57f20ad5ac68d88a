package frame

import (
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/pkg/query"
)

// layout says which rows a frame over time has: every point of the grid, or where a panel is too narrow to show so many, two for each
// stretch of them, which hold its lowest and its highest value in the order they came. Lines through those colour the same pixels as
// lines through all points, so that no spike is lost (Jugel et al.: M4: A visualization-oriented time series data aggregation,
// Proceedings of the VLDB Endowment 7, 2014). A stretch ends where the future begins; the last stretch of the past and that of the
// future are kept point by point, so that the newest values are what they are.
type layout struct {
	stretches []stretch // nil = every point
	rows      int
}

// stretch are the points [from, to), drawn as rows from row on: one for one point, two for more.
type stretch struct{ from, to, row int }

// layoutOf gives the rows of an answer. Only what is made to be looked at has fewer than the grid; a single output, which rules and
// other programs read, has them all.
func layoutOf(a *query.Answer) layout {
	most, n := a.Query.MaxDataPoints, a.Grid.Len
	if most <= 0 || n <= most || a.Query.Output.Single() {
		return layout{rows: n}
	}
	d := layout{stretches: make([]stretch, 0, most)}
	width := 2 * ((n + most - 1) / most)
	d.add(0, a.Past, a.Past%width, width)
	d.add(a.Past, n, width, width)
	return d
}

// add lays stretches over [from, to): the first one `first` long, the others as wide as width, the last one point by point.
func (d *layout) add(from, to, first, width int) {
	for next := from + first; from < to; next = from + width {
		if next = min(next, to); next == to {
			for ; from < to; from++ {
				d.put(from, from+1)
			}
			return
		}
		if next > from {
			d.put(from, next)
		}
		from = next
	}
}

func (d *layout) put(from, to int) {
	d.stretches = append(d.stretches, stretch{from, to, d.rows})
	d.rows += min(to-from, 2)
}

// times gives the rows' times: a stretch's start and middle.
func (d layout) times(all []time.Time) []time.Time {
	if d.stretches == nil {
		return all
	}
	out := make([]time.Time, 0, d.rows)
	for _, s := range d.stretches {
		if out = append(out, all[s.from]); s.to-s.from > 1 {
			out = append(out, all[(s.from+s.to)/2])
		}
	}
	return out
}

// pick moves the rows' values to the front of a column, and gives them. A stretch with one known value has it in both rows: a line
// through a gap is no gap.
func (d layout) pick(column []*float64) []*float64 {
	for _, s := range d.stretches {
		var low, high *float64
		lowAt, highAt := 0, 0
		for i, v := range column[s.from:s.to] {
			switch {
			case v == nil:
				continue
			case low == nil:
				low, high, lowAt, highAt = v, v, i, i
			case *v < *low:
				low, lowAt = v, i
			case *v > *high:
				high, highAt = v, i
			}
		}
		if lowAt > highAt {
			low, high = high, low
		}
		if column[s.row] = low; s.to-s.from > 1 {
			column[s.row+1] = high
		}
	}
	return column[:d.rows]
}

// timed is a frame over time that is being filled.
type timed struct {
	*data.Frame
	layout  layout
	scratch []*float64 // the column that is being made; a field copies it
}

// widest is the longest time between two rows: panels take a longer one than the field's interval for a gap, and break the line there.
func widest(times []time.Time, step time.Duration) time.Duration {
	for i := 1; i < len(times); i++ {
		step = max(step, times[i].Sub(times[i-1]))
	}
	return step
}

// newTimed begins a frame with the rows of the answer's grid.
func newTimed(a *query.Answer) *timed {
	t := &timed{layout: layoutOf(a), scratch: make([]*float64, a.Grid.Len)}
	at := t.layout.times(a.Grid.Times())
	times := data.NewField("time", nil, at)
	times.Config = &data.FieldConfig{Interval: float64(widest(at, a.Grid.Step).Milliseconds())}
	t.Frame = data.NewFrame("", times)
	t.Meta = &data.FrameMeta{Type: data.FrameTypeTimeSeriesWide, TypeVersion: typeVersion}
	return t
}

// column begins a column over the grid, without a value yet.
func (t *timed) column() []*float64 {
	clear(t.scratch)
	return t.scratch
}

// add adds the column that was begun last as a field.
func (t *timed) add(name string, l data.Labels, c *data.FieldConfig) {
	field := data.NewField(name, l, t.layout.pick(t.scratch))
	field.Config = c
	t.Fields = append(t.Fields, field)
}
