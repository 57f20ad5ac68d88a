package forecast

import "gonum.org/v1/gonum/floats"

// shares is the say of each model in a forecast: near at its first step, far from step number over on, in proportion between.
type shares struct {
	near, far []float64 // each sums to 1
	over      int       // steps
}

// add appends a model.
func (s *shares) add(near, far float64) {
	s.near, s.far = append(s.near, near), append(s.far, far)
}

// even makes the shares sum to 1 again. Where no model is left that knows one half, those of the other half tell both.
func (s *shares) even() {
	near, far := floats.Sum(s.near), floats.Sum(s.far)
	if near == 0 {
		copy(s.near, s.far)
		near = far
	}
	if far == 0 {
		copy(s.far, s.near)
		far = near
	}
	floats.Scale(1/near, s.near)
	floats.Scale(1/far, s.far)
}

// of gives a model's mean share.
func (s *shares) of(i int) float64 { return (s.near[i] + s.far[i]) / 2 }

// at gives the shares at a step, counted from 0, in out.
func (s *shares) at(step int, out []float64) {
	if step >= s.over-1 {
		copy(out, s.far)
		return
	}
	f := float64(step) / float64(s.over-1)
	for i, near := range s.near {
		out[i] = near + f*(s.far[i]-near)
	}
}

// blend gives the weighted mean of the middle of the rows at each step: of what lies between the quantiles trim and 1 - trim of
// the shares.
func (s *shares) blend(rows [][]float64) []float64 {
	out := make([]float64, len(rows[0]))
	order, weights := make([]int, len(rows)), make([]float64, len(rows))
	for t := range out {
		for i := range order {
			k := i
			for ; k > 0 && rows[order[k-1]][t] > rows[i][t]; k-- {
				order[k] = order[k-1]
			}
			order[k] = i
		}
		s.at(t, weights)
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
