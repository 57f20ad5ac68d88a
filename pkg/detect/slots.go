package detect

import (
	"math"
	"time"

	"github.com/forewarn/earlywarning/pkg/series"
)

const (
	slotCycles = 7 // cycles that a slot's median looks back
	fewCycles  = 4 // with fewer than so many the neighbourhood is doubled
	leastPool  = 3 // values that a median needs
	neighbours = 5 * time.Minute
)

// slots gives the median and the median absolute deviation of the values at the same phase of the cycles before, joined by
// their neighbours: Hampel's identifier (The influence curve and its role in robust estimation, JASA 69, 1974) along a
// season. Each slot keeps its values in order, so that a step costs a merge of a few short lists. Which of two values is the
// smaller cannot be foreseen, so the inner loops are written without branches on it; infinities end the lists.
type slots struct {
	period, near, wide int
	sorted             []float64 // period rows of slotCycles values, ascending, with infinity in the unused places and at the end
	counts             []int     // values in use
	arrived            []float64 // the same in order of arrival: row of the cycle, column of the phase
	pending            []float64 // newest values: they enter when they are no neighbours of the next ones any more
	at, entered        int
	middle             float64   // of the newest expect
	merged, spare      []float64 // between two infinities
}

// slotRow is the length of a row: its values and one infinity.
const slotRow = slotCycles + 1

func newSlots(period int, step time.Duration) *slots {
	near := min(int(math.Round(float64(neighbours)/float64(step))), 2)
	wide := max(2*near, 1)
	pool := (2*wide+1)*slotCycles + 2
	s := &slots{period: period, near: near, wide: wide, sorted: make([]float64, period*slotRow), counts: make([]int, period),
		arrived: series.Missing(period * slotCycles), middle: math.NaN(), merged: make([]float64, pool), spare: make([]float64, pool)}
	for i := range s.sorted {
		s.sorted[i] = math.Inf(1)
	}
	s.merged[0], s.spare[0] = math.Inf(-1), math.Inf(-1)
	return s
}

// expect gives median and scale (1.4826 times the median absolute deviation) for the next value; NaN where too few values
// at its phase are known.
func (s *slots) expect() (middle, scale float64) {
	h := s.near
	if s.entered < fewCycles*s.period {
		h = s.wide
	}
	n := 0
	s.merged[1] = math.Inf(1)
	for k := -h; k <= h; k++ {
		phase := (s.at + k + s.period) % s.period
		if c := s.counts[phase]; c > 0 {
			s.merge(n, c, s.sorted[phase*slotRow:(phase+1)*slotRow])
			n += c
			s.merged[n+1] = math.Inf(1)
		}
	}
	if n < leastPool {
		s.middle = math.NaN()
		return s.middle, s.middle
	}
	s.middle = (s.merged[(n+1)/2] + s.merged[n/2+1]) / 2
	return s.middle, 1.4826 * middleDeviation(s.merged[:n+2], s.middle)
}

// merge joins the c values of a row into the n values that are merged so far.
func (s *slots) merge(n, c int, row []float64) {
	if n == 0 {
		copy(s.merged[1:], row)
		return
	}
	a, out := s.merged[1:], s.spare[1:n+c+1]
	i, j := 0, 0
	for k := range out {
		x, y := a[i], row[j]
		first := 0
		if x <= y {
			first = 1
		}
		out[k] = min(x, y)
		i += first
		j += 1 - first
	}
	s.merged, s.spare = s.spare, s.merged
}

// middleDeviation is the median of |x - m| for sorted x between two infinities: the deviations grow from the middle outwards on
// both sides, so the middle one is found by walking out.
func middleDeviation(x []float64, m float64) float64 {
	n := len(x) - 2
	hi := n/2 + 1
	for x[hi-1] >= m {
		hi--
	}
	lo, before, d := hi-1, 0.0, 0.0
	for range n/2 + 1 {
		below, above := m-x[lo], x[hi]-m
		down := 0
		if below <= above {
			down = 1
		}
		before, d = d, min(below, above)
		lo -= down
		hi += 1 - down
	}
	if n%2 == 0 {
		return (before + d) / 2
	}
	return d
}

// learn takes the next value in and gives the median that expect found for it.
func (s *slots) learn(v float64) float64 {
	s.pending = append(s.pending, v)
	if len(s.pending) > s.wide {
		s.enter(s.pending[0])
		copy(s.pending, s.pending[1:])
		s.pending = s.pending[:s.wide]
	}
	s.at = (s.at + 1) % s.period
	return s.middle
}

// enter puts a value into its slot in place of the one slotCycles cycles before.
func (s *slots) enter(v float64) {
	phase := s.entered % s.period
	place := &s.arrived[s.entered%len(s.arrived)]
	row := s.sorted[phase*slotRow : (phase+1)*slotRow]
	n := s.counts[phase]
	if !math.IsNaN(*place) {
		i := 0
		for row[i] != *place {
			i++
		}
		copy(row[i:n], row[i+1:n+1])
		n--
	}
	if !math.IsNaN(v) {
		i := n
		for ; i > 0 && row[i-1] > v; i-- {
			row[i] = row[i-1]
		}
		row[i] = v
		n++
	}
	*place, s.counts[phase] = v, n
	s.entered++
}

// raise shifts all that was learnt.
func (s *slots) raise(by float64) {
	for _, x := range [][]float64{s.sorted, s.arrived, s.pending} {
		for i := range x {
			x[i] += by
		}
	}
}
