package detect

import (
	"math"

	"github.com/forewarn/earlywarning/pkg/series"
)

// moments are count, mean and sum of squared deviations of some values. They are only ever merged (Chan, Golub, LeVeque:
// Algorithms for computing the sample variance, Am. Stat. 37, 1983), never subtracted, so that neither a large mean nor an
// extreme value that has left the window costs digits.
type moments struct{ n, mean, m2 float64 }

func (a moments) merge(b moments) moments {
	if a.n == 0 {
		return b
	}
	if b.n == 0 {
		return a
	}
	n, d := a.n+b.n, b.mean-a.mean
	return moments{n, a.mean + d*b.n/n, a.m2 + b.m2 + d*d*a.n*b.n/n}
}

// deviation is the sample standard deviation (divisor n-1).
func (a moments) deviation() float64 { return math.Sqrt(a.m2 / (a.n - 1)) }

// sliding keeps the moments of the newest values, at O(1) amortised a value: two stacks make a queue, the older half as
// merged suffixes, the newer half as one sum.
type sliding struct {
	values []float64 // ring of the window; NaN is missing
	older  []moments // suffix sums of the older half, the longest last
	newer  moments
	at     int
}

func newSliding(window int) *sliding {
	return &sliding{values: series.Missing(window), older: make([]moments, 0, window)}
}

// push takes a value in and lets the oldest go.
func (s *sliding) push(v float64) {
	if len(s.older) == 0 {
		// All of the window becomes the older half.
		var sum moments
		for k := range s.values {
			i := s.at - 1 - k
			if i < 0 {
				i += len(s.values)
			}
			sum = one(s.values[i]).merge(sum)
			s.older = append(s.older, sum)
		}
		s.newer = moments{}
	}
	s.older = s.older[:len(s.older)-1]
	s.newer = s.newer.merge(one(v))
	s.values[s.at] = v
	if s.at++; s.at == len(s.values) {
		s.at = 0
	}
}

func (s *sliding) moments() moments {
	if n := len(s.older); n > 0 {
		return s.older[n-1].merge(s.newer)
	}
	return s.newer
}

func one(v float64) moments {
	if math.IsNaN(v) {
		return moments{}
	}
	return moments{1, v, 0}
}
