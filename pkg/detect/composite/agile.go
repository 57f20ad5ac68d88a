package composite

import (
	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/series"
)

const recentPoints = 60 // that a signal's newest level is the median of

// departures gives how far each signal is from the median of its newest known points: what changed just now, whatever the time
// of day.
func departures(signals [][]float64) [][]float64 {
	out := make([][]float64, len(signals))
	for k, values := range signals {
		out[k] = series.Missing(len(values))
		newest := order.NewWindow(recentPoints)
		for i, v := range values {
			if usable(v) {
				out[k][i] = v - newest.Quantile(0.5)
				newest.Push(v)
			}
		}
	}
	return out
}
