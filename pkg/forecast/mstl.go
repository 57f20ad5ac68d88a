package forecast

import "slices"

// decomposition is a series split into seasons, trend and remainder.
type decomposition struct {
	periods []int
	seasons [][]float64
	trend   []float64
}

// mstl splits a series with several seasons (Bandara, Hyndman, Bergmeir: "MSTL: a seasonal-trend decomposition algorithm
// for time series with multiple seasonal patterns", arXiv 2107.13462): STL for each period in turn, shortest first, twice.
// Periods must be ascending and below half the length; the seasonal windows are the paper's 11, 15, 19, …
func mstl(y []float64, periods []int, robust bool, work *stlWork) decomposition {
	d := decomposition{periods: periods, seasons: make([][]float64, len(periods))}
	rounds := 2
	if len(periods) == 1 {
		rounds = 1
	}
	if work == nil {
		work = &stlWork{}
	}
	fits := make([]*stlFit, len(periods))
	for i := len(periods) - 1; i >= 0; i-- { // the longest first, which needs the most memory
		fits[i] = newSTL(len(y), periods[i], 11+4*i, robust, work)
		d.seasons[i] = make([]float64, len(y))
	}
	d.trend = make([]float64, len(y))
	work.rest = append(work.rest[:0], y...)
	rest := work.rest
	for range rounds {
		for i := range periods {
			for t, s := range d.seasons[i] {
				rest[t] += s
			}
			fits[i].split(rest, d.seasons[i], d.trend)
			for t, s := range d.seasons[i] {
				rest[t] -= s
			}
		}
	}
	return d
}

// adjusted gives y without its seasons.
func (d decomposition) adjusted(y []float64) []float64 {
	out := slices.Clone(y)
	for _, s := range d.seasons {
		for t := range out {
			out[t] -= s[t]
		}
	}
	return out
}

// season gives the sum of all seasons at point t of the data, or, for t beyond the end, as the last cycle of each repeats.
func (d decomposition) season(t int) float64 {
	sum := 0.0
	for i, s := range d.seasons {
		k := t
		if n := len(s); k >= n {
			m := d.periods[i]
			k = n - m + (k-n)%m
		}
		sum += s[k]
	}
	return sum
}
