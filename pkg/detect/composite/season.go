package composite

import (
	"math"

	"github.com/forewarn/earlywarning/pkg/order"
)

const (
	leastCycles = 3 // of the history that a profile needs
	around      = 2 // neighbours to either side that a phase is joined with
)

// deseasoned takes a proven season away, as the history knew it: signals that share a season would else hold each other to it.
// The profile stays as it is from there on, so that an incident that lasts is not taken for one. Points stand in the season where people's
// clocks and days put them.
func deseasoned(values []float64, periods []int, from int, c *clocks) []float64 {
	period := 0
	for _, p := range periods {
		if leastCycles*p <= from {
			period = max(period, p)
		}
	}
	if period <= 2*around {
		return values
	}
	learnt := c.laid(values[:from])
	profile, near := make([]float64, period), make([]float64, 0, (2*around+1)*(len(learnt)/period+1))
	for phase := range profile {
		near = near[:0]
		for cycle := 0; cycle < len(learnt); cycle += period {
			for i := max(cycle+phase-around, 0); i <= min(cycle+phase+around, len(learnt)-1); i++ {
				if usable(learnt[i]) {
					near = append(near, learnt[i])
				}
			}
		}
		profile[phase] = math.NaN()
		if len(near) > 0 {
			profile[phase] = order.Median(near)
		}
	}
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v - profile[c.place(i, period)]
	}
	return out
}
