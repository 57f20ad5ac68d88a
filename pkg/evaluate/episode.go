// Package evaluate tells how good answers would have been on past data: accuracy, and what would have fired. It knows nothing of
// Grafana, HTTP or SQL.
package evaluate

import "math"

// Episode is a stretch in which one series was flagged: a would-be alert. From and To are indices, To is not part of it.
type Episode struct {
	From, To int
	Peak     float64 // highest score
	At       int     // index of the peak
}

// Episodes joins flagged points to stretches. Two that are at most gap points apart are one, because an alert rule that keeps
// firing for a while would not have fired twice; points without a score neither end a stretch nor count for the gap.
func Episodes(flags []bool, score []float64, gap int) []Episode {
	var out []Episode
	quiet := math.MaxInt
	for i, f := range flags {
		s := score[i]
		switch {
		case f && quiet <= gap:
			out[len(out)-1].add(i, s)
			quiet = 0
		case f:
			out = append(out, Episode{From: i, To: i + 1, Peak: s, At: i})
			quiet = 0
		case len(out) > 0 && !math.IsNaN(s):
			quiet++
		}
	}
	return out
}

func (e *Episode) add(i int, score float64) {
	e.To = i + 1
	if score > e.Peak || math.IsNaN(e.Peak) {
		e.Peak, e.At = score, i
	}
}

// Scales are the multiples of a detector's band that a number of alerts is looked for at. None is below 1: a band is not
// narrowed to fill a budget.
func Scales() []float64 {
	return []float64{1, 1.1, 1.2, 1.35, 1.5, 1.75, 2, 2.5, 3, 4, 5, 7, 10, 15, 25, 50}
}

// Choose gives the index of the least scale from which on no scale makes more alerts a week than the budget; ok is false where
// even the greatest makes more. perWeek stands beside ascending scales.
func Choose(perWeek []float64, budget float64) (index int, ok bool) {
	index = len(perWeek) - 1
	if index < 0 || perWeek[index] > budget {
		return index, false
	}
	for index > 0 && perWeek[index-1] <= budget {
		index--
	}
	return index, true
}
