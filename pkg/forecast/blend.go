package forecast

// blend gives the weighted median of the rows at each step, halfway between two values where the weights on both sides are
// the same. Weights sum to 1.
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

// middle finds the weighted median at step t; order sorts the rows there.
func middle(rows [][]float64, weights []float64, order []int, t int) float64 {
	const tolerance = 1e-9
	sum := 0.0
	for k, i := range order {
		sum += weights[i]
		switch {
		case sum > 0.5+tolerance || k == len(order)-1:
			return rows[i][t]
		case sum > 0.5-tolerance:
			return (rows[i][t] + rows[order[k+1]][t]) / 2
		}
	}
	return rows[0][t]
}
