package composite

import (
	"context"
	"math"

	"github.com/forewarn/earlywarning/pkg/detect/cluster"
	"github.com/forewarn/earlywarning/pkg/detect/forest"
)

const mostGrown = 4096 // rows that a forest is grown from

// trees is the isolation forest over the signals in units (see forest.Forest); a signal's part is how far off it is.
type trees struct {
	spread *spread
	forest *forest.Forest
}

func isolation(ctx context.Context, signals [][]float64, until int) (*trees, error) {
	s := measure(signals, until, false)
	if s == nil {
		return nil, nil
	}
	p := cluster.Points{Dims: len(signals)}
	for i := 0; i < until; i += until/mostGrown + 1 {
		s.place(i)
		p.X = append(p.X, s.x...)
	}
	f, err := forest.Grow(ctx, p, forest.Options{})
	if err != nil {
		return nil, err
	}
	return &trees{s, f}, nil
}

func (t *trees) next(i int) (distance, now float64) {
	t.spread.place(i)
	d := math.Exp2(16 * t.forest.Score(t.spread.x)) // the score has little room above, a distance has
	return d, d
}

func (t *trees) contributions(weight float64, out []float64) {
	sum := 0.0
	for _, x := range t.spread.x {
		sum += x * x
	}
	for k, x := range t.spread.x {
		if sum > 0 {
			out[k] += weight * x * x / sum
		}
	}
}
