package forecast

import (
	"math"
	"time"
)

// coarsening gives how many steps to take together so that a long forecast in small steps stays cheap and its models see
// whole patterns, not single points: up to an hour, a 24th of the horizon and of each season, dividing the seasons and the
// day. Seasons within the hour are left to the detail where that knows a longer one.
func coarsening(in Input, horizon int) int {
	limit := min(horizon/24, len(in.Values)/336, int(time.Hour/in.Step))
	seasons := in.overAnHour()
	for _, m := range seasons {
		limit = min(limit, m/24)
	}
	for q := limit; q > 1; q-- {
		whole := (24*time.Hour)%(time.Duration(q)*in.Step) == 0
		for _, m := range seasons {
			whole = whole && m%q == 0
		}
		if whole {
			return q
		}
	}
	return 1
}

// overAnHour gives the proven seasons that are longer than an hour, or all where there is none.
func (in Input) overAnHour() []int {
	for i, m := range in.Periods {
		if time.Duration(m)*in.Step > time.Hour {
			return in.Periods[i:]
		}
	}
	return in.Periods
}

// coarsen gives the input on a grid of q times the step that ends at the same time.
func (in Input) coarsen(q int) Input {
	if q == 1 {
		return in
	}
	out := in
	out.Values = aggregate(in.Values, q)
	out.Step = in.Step * time.Duration(q)
	out.Start = in.Start.Add(in.Step * time.Duration(len(in.Values)%q))
	out.Periods, out.seasons = divided(in.overAnHour(), q), divided(in.seasons, q)
	return out
}

func divided(periods []int, q int) []int {
	out := make([]int, len(periods))
	for i, m := range periods {
		out[i] = m / q
	}
	return out
}

// aggregate gives the means of q values each, counted from the end; a mean of fewer than half its values is missing.
func aggregate(y []float64, q int) []float64 {
	out := make([]float64, len(y)/q)
	y = y[len(y)%q:]
	for i := range out {
		sum, n := 0.0, 0
		for _, v := range y[i*q : (i+1)*q] {
			if !math.IsNaN(v) {
				sum += v
				n++
			}
		}
		if out[i] = sum / float64(n); 2*n < q {
			out[i] = math.NaN()
		}
	}
	return out
}

// dayOrLess gives the longest proven season of at most a day; 0 where there is none.
func (in Input) dayOrLess() int {
	out := 0
	for _, m := range in.Periods {
		if time.Duration(m)*in.Step <= 24*time.Hour && 2*m <= len(in.Values) {
			out = m
		}
	}
	return out
}
