package forecast

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSimplexFindsKnownMinima(t *testing.T) {
	// Minima known in closed form; Rosenbrock's valley is the example of Nelder and Mead's paper.
	for name, c := range map[string]struct {
		f        func(x []float64) float64
		from, at []float64
		within   float64
	}{
		"a parabola": {func(x []float64) float64 { return 1 + (x[0]-3)*(x[0]-3) }, []float64{0}, []float64{3}, 1e-3},
		"a bowl": {func(x []float64) float64 { return 2 + (x[0]-1)*(x[0]-1) + 4*(x[1]+2)*(x[1]+2) + (x[2]-0.5)*(x[2]-0.5) },
			[]float64{0, 0, 0}, []float64{1, -2, 0.5}, 1e-3},
		"Rosenbrock's valley": {func(x []float64) float64 {
			return 1 + 100*(x[1]-x[0]*x[0])*(x[1]-x[0]*x[0]) + (1-x[0])*(1-x[0])
		}, []float64{-1.2, 1}, []float64{1, 1}, 0.1},
		"beside a forbidden region": {func(x []float64) float64 {
			if x[0] < 1 {
				return math.Inf(1)
			}
			return 1 + (x[0]-2)*(x[0]-2)
		}, []float64{0.5}, []float64{2}, 1e-3},
	} {
		t.Run(name, func(t *testing.T) { require.InDeltaSlice(t, c.at, simplex(c.f, c.from), c.within) })
	}
}

func TestSimplexKeepsWithinItsEvaluations(t *testing.T) {
	calls := 0
	simplex(func(x []float64) float64 { calls++; return -x[0] - x[1] }, []float64{0, 0})
	require.LessOrEqual(t, calls, 2*simplexSteps+3)
}

func TestSimplexStaysWhereNothingIsANumber(t *testing.T) {
	require.Len(t, simplex(func([]float64) float64 { return math.NaN() }, []float64{1, 2}), 2)
}
