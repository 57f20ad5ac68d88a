package forecast

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A combination forecasts means of several steps, so that a horizon that is no multiple of them is a case of its own.
func TestEveryHorizonIsAnswered(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	x := make([]float64, 4032)
	for i := range x {
		x[i] = 40 + 10*math.Sin(2*math.Pi*float64(i)/288) + rng.NormFloat64()
	}
	for _, h := range []int{1, 2, 7, 119, 120, 121, 122, 287, 289} {
		t.Run(fmt.Sprint(h), func(t *testing.T) {
			r, err := Run(context.Background(), Input{Values: x, Step: 5 * time.Minute}, Options{Algorithm: Auto, Horizon: h, Confidence: 0.95})
			require.NoError(t, err)
			require.Len(t, r.Mean, h)
			require.Len(t, r.Sigma, h)
			for _, row := range r.Errors {
				require.LessOrEqual(t, len(row), h)
			}
		})
	}
}
