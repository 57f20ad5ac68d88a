package group

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/series"
)

func (in Input) grid() series.Grid {
	return series.Grid{Start: in.Start, Step: in.Step, Len: len(in.Values[0])}
}

// learnable gives the instances with those values missing that the calendar keeps from being learnt. The newest window, which is
// judged, stays as it is.
func (in Input) learnable(window int) [][]float64 {
	if len(in.Values) == 0 {
		return in.Values
	}
	g := in.grid()
	past := g.Slice(0, g.Len-window)
	out := slices.Clone(in.Values)
	for _, m := range in.Calendar.Marks(past.Start, past.End()) {
		if m.Kind == calendar.Deployment {
			continue
		}
		from, to := m.Indices(past)
		for j := range out {
			if &out[j][0] == &in.Values[j][0] {
				out[j] = slices.Clone(out[j])
			}
			for i := from; i < to; i++ {
				out[j][i] = math.NaN()
			}
		}
	}
	return out
}

// Sentences on outliers that are not told.
const (
	heldByMaintenance = "outliers held back by maintenance: %d"
	heldByDeployment  = "outliers held back by a deployment: %d"
)

// hold takes the outliers back of a window in which there was maintenance or a deployment, and says so.
func (out *Output) hold(in Input) {
	if !slices.Contains(out.Outlier, true) {
		return
	}
	g, stage := in.grid(), ""
	newest := g.Slice(g.Len-out.Window, g.Len)
	for _, m := range in.Calendar.Marks(newest.Start, newest.End()) {
		if m.Kind == calendar.Maintenance || m.Kind == calendar.Deployment && stage == "" {
			stage = string(m.Kind)
		}
	}
	if stage == "" {
		return
	}
	held := 0
	out.Held = make([]string, len(out.Outlier))
	for j, outlier := range out.Outlier {
		if outlier {
			out.Outlier[j], out.Held[j] = false, stage
			held++
		}
	}
	text := heldByMaintenance
	if stage == string(calendar.Deployment) {
		text = heldByDeployment
	}
	out.Notices = append(out.Notices, fmt.Sprintf(text, held))
}

// moment is when a stretch is.
type moment struct {
	phase int  // stretches from the time of the day of the newest one on people's clocks
	off   bool // people rest, as far as there is a calendar
}

// moment tells of the stretch that ends before point end.
func (in Input) moment(end, window int) moment {
	g := in.grid()
	length := time.Duration(window) * in.Step
	middle := func(end int) time.Time { return g.Time(end).Add(-length / 2) }
	clock := func(t time.Time) time.Duration {
		t = t.In(in.Calendar.Zone())
		return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute + time.Duration(t.Second())*time.Second
	}
	day := max(int(24*time.Hour/length), 1)
	phase := int(math.Round(float64(clock(middle(end))-clock(middle(g.Len)))/float64(length))) % day
	return moment{(phase + day) % day, in.Calendar != nil && in.Calendar.Day(middle(end)).Kind.Off()}
}
