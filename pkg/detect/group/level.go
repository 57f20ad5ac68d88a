package group

import (
	"math"

	"github.com/forewarn/earlywarning/pkg/order"
	"github.com/forewarn/earlywarning/pkg/series"
)

// Levels give for each instance its median over the newest window, and the median of its group over the same steps: those at which it was
// outside where the detector names them, else all. Where the instances are parts of a whole the two are its part and what is usual at this
// time, in per cent. NaN is unknown. in is what was run.
func (out *Output) Levels(in Input) (own, middle []float64) {
	k := len(in.Values)
	if out.parts != nil {
		return out.parts, out.usual
	}
	own, middle = series.Missing(k), series.Missing(k)
	if k == 0 || out.Window == 0 {
		return own, middle
	}
	first := len(in.Values[0]) - out.Window
	medians := make([]float64, out.Window)
	column := make([]float64, 0, max(k, out.Window))
	for i := range medians {
		column = column[:0]
		for _, row := range in.Values {
			if v := row[first+i]; known(v) {
				column = append(column, v)
			}
		}
		medians[i] = math.NaN()
		if len(column) > 0 {
			medians[i] = order.Median(column)
		}
	}
	others := make([]float64, 0, out.Window)
	for j, row := range in.Values {
		column, others = column[:0], others[:0]
		for i, median := range medians {
			if v := row[first+i]; known(v) && !(out.Outlier[j] && out.Flags != nil && !out.Flags[j][first+i]) {
				column, others = append(column, v), append(others, median)
			}
		}
		if len(column) > 0 {
			own[j], middle[j] = order.Median(column), order.Median(others)
		}
	}
	return own, middle
}

// Agree counts the instances that are known, and those among them that are no outliers.
func (out *Output) Agree() (agree, of int) {
	for j, s := range out.Score {
		if math.IsNaN(s) {
			continue
		}
		of++
		if !out.Outlier[j] {
			agree++
		}
	}
	return agree, of
}

// UsualPart gives the part of the whole that is usual for instance j at this time, in per cent; ok is false where the instances are no
// parts of a whole.
func (out *Output) UsualPart(j int) (percent float64, ok bool) {
	if out.parts == nil {
		return math.NaN(), false
	}
	return out.usual[j], true
}

// Parts gives instance j's part of the sum at each point in per cent; NaN where the sum is nothing. A value that is missing while others are
// known is no part.
func Parts(values [][]float64, j int) []float64 {
	out := series.Missing(len(values[j]))
	for i := range out {
		sum := 0.0
		for _, row := range values {
			if known(row[i]) {
				sum += row[i]
			}
		}
		if sum > 0 {
			out[i] = 0
			if v := values[j][i]; known(v) {
				out[i] = 100 * v / sum
			}
		}
	}
	return out
}
