package forecast

// blend gives the weighted mean of the middle of the rows at each step: of what lies between the quantiles trim and 1 - trim of
// the weights. Weights sum to 1.
func blend(rows [][]float64, weights []float64) []float64 {
	out := make([]float64, len(rows[0]))
	order := make([]int, len(rows))
	for t := range out {
		for i := range order {
			k := i
			for ; k > 0 && rows[order[k-1]][t] > rows[i][t]; k-- {
				order[k] = order[k-1]
			}
			order[k] = i
		}
		out[t] = middle(rows, weights, order, t)
	}
	return out
}

// trim is the share of the weights that is left out at either end.
const trim = 1. / 3

// middle averages at step t; order sorts the rows there.
func middle(rows [][]float64, weights []float64, order []int, t int) float64 {
	below, sum, share := 0.0, 0.0, 0.0
	for _, i := range order {
		if w := min(below+weights[i], 1-trim) - max(below, trim); w > 0 {
			sum += w * rows[i][t]
			share += w
		}
		below += weights[i]
	}
	return sum / share
}
