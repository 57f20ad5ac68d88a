package detect

import (
	"math"
	"slices"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/order"
)

const (
	deployedLeast = 3   // known points of a deployment that tell of a level
	deployedReach = day // after a deployment, until the detectors have learnt its level themselves
)

// deployment is a stretch [from, to) of the grid.
type deployment struct{ from, to int }

// deployments gives the calendar's, those that overlap or touch as one.
func (in Input) deployments() (all []deployment) {
	g := in.grid()
	for _, m := range in.Calendar.Marks(g.Start.Add(-deployedReach), g.End()) {
		if m.Kind != calendar.Deployment {
			continue
		}
		from, to := m.Indices(g)
		if n := len(all); n > 0 && from <= all[n-1].to {
			all[n-1].to = max(all[n-1].to, to)
		} else if from < to {
			all = append(all, deployment{from, to})
		}
	}
	return all
}

// since is where scoring has to begin so that the level of each deployment is known whose reach is in sight.
func (c marks) since(in Input) int {
	from := in.From
	for _, d := range c.deployed {
		if d.from < from && d.to+int(deployedReach/in.Step) > in.From {
			from = d.from
		}
	}
	return from
}

// deployedBy tells whether a deployment ends just before point i.
func (c marks) deployedBy(i int) bool {
	return slices.ContainsFunc(c.deployed, func(d deployment) bool { return d.to == i })
}

// levels lets the level that was reached by the end of a deployment be expected, too, for the time that a detector needs to learn it. A deployment of which fewer than three points are known, or at whose end the
// values lie within the band, moves nothing.
func (c marks) levels(in Input, out *Output) {
	for n, d := range c.deployed {
		by, ok := out.moved(in.Values, d)
		if !ok {
			continue
		}
		end := min(d.to+int(deployedReach/in.Step), len(in.Values))
		if n+1 < len(c.deployed) {
			end = min(end, c.deployed[n+1].from)
		}
		for i := max(d.to, in.From); i < end; i++ {
			out.move(in.Values[i], i, by)
		}
	}
}

// moved is the median distance from what was expected in the newer half of a deployment, or in all of a short one; ok where it is out of
// the band.
func (out *Output) moved(values []float64, d deployment) (by float64, ok bool) {
	var off, half []float64
	for _, from := range []int{d.from + (d.to-d.from)/2, d.from} {
		off, half = off[:0], half[:0]
		for i := from; i < d.to; i++ {
			if x := values[i] - (out.Lower[i]+out.Upper[i])/2; !math.IsNaN(x) {
				off, half = append(off, x), append(half, out.half(i))
			}
		}
		if len(off) >= deployedLeast {
			by = order.Median(off)
			return by, math.Abs(by) > order.Median(half)
		}
	}
	return 0, false
}

// move widens the band at point i to one that lies so much higher, too; what is expected is the level that the value is nearer to. What lies
// between is on its way back, or beside a band that has begun to follow.
func (out *Output) move(v float64, i int, by float64) {
	half, own, score := out.half(i), (out.Lower[i]+out.Upper[i])/2, out.Score[i]
	if !(half > 0) || math.IsNaN(own) {
		return
	}
	out.Lower[i], out.Upper[i] = min(out.Lower[i], out.Lower[i]+by), max(out.Upper[i], out.Upper[i]+by)
	nearer := min(max(v, min(own, own+by)), max(own, own+by)) // NaN where the value is
	if d := math.Abs(v - nearer); d/half < score {
		out.Score[i] = d / half
	}
	if !(math.Abs(v-own) < math.Abs(v-own-by)) {
		out.Expected[i] = own + by
	}
}

// forget takes the answers of points [from, to) out again.
func (out *Output) forget(from, to int) {
	for i := from; i < to; i++ {
		out.Expected[i], out.Lower[i], out.Upper[i], out.Score[i] = math.NaN(), math.NaN(), math.NaN(), math.NaN()
		if out.P != nil {
			out.P[i] = math.NaN()
		}
	}
}
