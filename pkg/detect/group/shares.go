package group

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/param"
)

const (
	leastCategories = 2
	leastDays       = 3    // stretches at the same time of other days, from which a baseline follows the day
	leastDistance   = 0.03 // Jensen-Shannon distance that is taken for usual in any case: three or four points of a share of one half
	usualShare      = 0.95 // of the history's distances lie below the usual one
)

// byShares asks whether the whole is made up as usual: the instances are categories (sources, status codes, routes) and their values
// parts of one sum. The newest stretch's shares are compared with those of the same time of other days by the Jensen-Shannon
// divergence (base 2: 0 is the same, 1 is nothing in common), whose root is a distance (Endres, Schindelin 2003). How far
// the shares usually are from it is learnt from the history, each of its stretches held against the others. Each category's
// part of the divergence is never negative, so that a shift has its authors.
type byShares struct {
	window time.Duration
	factor float64
}

func newShares(p param.Values) Detector {
	return byShares{window: p.Duration("window"), factor: map[string]float64{"high": 1.25, "medium": 1.5, "low": 2}[p.String("sensitivity")]}
}

func (d byShares) Detect(ctx context.Context, in Input) (*Output, error) {
	out := blank(in)
	if out.Notices = nil; len(in.Values) < leastCategories {
		out.Notices = append(out.Notices, fmt.Sprintf("the query gives %d series; a whole has %d parts at least", len(in.Values), leastCategories))
		return out, nil
	}
	for j, row := range in.Values {
		for i, v := range row {
			if v < 0 {
				return nil, fmt.Errorf("%w: value %d of category %d is %g, parts of a whole of zero or more are needed", param.ErrInvalid, i, j, v)
			}
		}
	}
	n := len(in.Values[0])
	out.Window = min(max(int(d.window/in.Step), 1), n)
	s := cutShares(in, out.Window)
	if len(s.past) < leastWindows {
		return nil, fmt.Errorf("%w: the history before the evaluated %s holds %d stretches of that length, %d are needed: choose a longer trainingWindow or a shorter window",
			detect.ErrTooShort, d.window, len(s.past), leastWindows)
	}
	if s.now == nil {
		return out, nil
	}
	usual, err := s.usual(ctx)
	if err != nil {
		return nil, err
	}
	limit := d.factor * max(leastDistance, usual)
	base := s.baseline(-1, s.newest)
	parts, distance := divergence(s.now, base)
	most := slices.Max(parts)
	out.parts, out.usual = make([]float64, len(parts)), make([]float64, len(parts))
	for j, part := range parts {
		score := 0.0
		if most > 0 {
			score = distance / limit * part / most
		}
		out.set(j, score)
		out.Cluster[j], out.parts[j], out.usual[j] = 0, 100*s.now[j], 100*base[j]
		if out.Outlier[j] {
			out.Why[j] = fmt.Sprintf("%.0f %% of the whole, %.0f %% is usual at this time; %.0f %% of a shift of %.2f (Jensen-Shannon distance, limit %.2f)",
				100*s.now[j], 100*base[j], 100*part/(distance*distance), distance, limit)
		} else {
			out.Why[j] = fmt.Sprintf("%.0f %% of the whole, %.0f %% is usual at this time", 100*s.now[j], 100*base[j])
		}
	}
	return out, nil
}

// shared is a history in stretches of one length that end where the evaluated one would, back to back.
type shared struct {
	now    []float64   // shares of the evaluated stretch; nil where nothing is known
	past   [][]float64 // shares of earlier stretches, newest first
	newest moment      // of the evaluated stretch
	at     []moment    // of each earlier stretch
}

// cutShares cuts the history. What lies from in.From on is left out where what lies before is enough.
func cutShares(in Input, window int) *shared {
	n := len(in.Values[0])
	s := &shared{now: sharesOf(in.Values, n-window, n), newest: in.moment(n, window)}
	for _, until := range []int{min(in.From, n-window), n - window} {
		s.past, s.at = nil, nil
		for k := 1; n-(k+1)*window >= 0; k++ {
			end := n - k*window
			if end > until {
				continue
			}
			if p := sharesOf(in.Values, end-window, end); p != nil {
				s.past, s.at = append(s.past, p), append(s.at, in.moment(end, window))
			}
		}
		if len(s.past) >= leastWindows {
			break
		}
	}
	return s
}

// sharesOf gives each category's part of the sum over [from, to). A category that is missing while others are known has no part; nil
// where less than half of the stretch is known or the sum is zero.
func sharesOf(values [][]float64, from, to int) []float64 {
	out, sum, seen := make([]float64, len(values)), 0.0, 0
	for i := from; i < to; i++ {
		any := false
		for j, row := range values {
			if v := row[i]; known(v) {
				out[j] += v
				sum += v
				any = true
			}
		}
		if any {
			seen++
		}
	}
	if 2*seen < to-from || !(sum > 0) {
		return nil
	}
	for j := range out {
		out[j] /= sum
	}
	return out
}

// baseline gives the median shares of the stretches without stretch skip that are at the same time of days alike, or of all days, or of all
// times, where those are too few.
func (s *shared) baseline(skip int, now moment) []float64 {
	var same []int
	for _, like := range []func(moment) bool{
		func(at moment) bool { return at == now },
		func(at moment) bool { return at.phase == now.phase },
		func(moment) bool { return true },
	} {
		same = same[:0]
		for i, at := range s.at {
			if i != skip && like(at) {
				same = append(same, i)
			}
		}
		if len(same) >= leastDays {
			break
		}
	}
	out, column, sum := make([]float64, len(s.past[0])), make([]float64, len(same)), 0.0
	for j := range out {
		for k, i := range same {
			column[k] = s.past[i][j]
		}
		out[j] = order.Median(column)
		sum += out[j]
	}
	if !(sum > 0) { // each category was absent more often than not
		copy(out, s.past[same[0]])
		return out
	}
	for j := range out {
		out[j] /= sum
	}
	return out
}

// usual is the distance that the history's stretches keep to the others, but for the most unusual ones.
func (s *shared) usual(ctx context.Context) (float64, error) {
	distances := make([]float64, len(s.past))
	for i, p := range s.past {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		_, distances[i] = divergence(p, s.baseline(i, s.at[i]))
	}
	slices.Sort(distances)
	return distances[int(usualShare*float64(len(distances)-1))], nil
}

// divergence gives each category's part of the Jensen-Shannon divergence of p and q in bits, and the root of their sum.
func divergence(p, q []float64) (parts []float64, distance float64) {
	parts = make([]float64, len(p))
	sum := 0.0
	for j := range p {
		m := (p[j] + q[j]) / 2
		if p[j] > 0 {
			parts[j] += p[j] * math.Log2(p[j]/m) / 2
		}
		if q[j] > 0 {
			parts[j] += q[j] * math.Log2(q[j]/m) / 2
		}
		parts[j] = max(parts[j], 0)
		sum += parts[j]
	}
	return parts, math.Sqrt(sum)
}
