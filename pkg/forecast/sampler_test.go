package forecast

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drift is a forecast with rising spread and three error curves.
func drift(h int) *Result {
	r := &Result{Mean: make([]float64, h), Sigma: make([]float64, h), Errors: make([][]float64, 3)}
	for k := range r.Errors {
		r.Errors[k] = make([]float64, h)
	}
	for t := range h {
		r.Mean[t], r.Sigma[t] = float64(t), 1+0.1*float64(t)
		for k := range r.Errors {
			r.Errors[k][t] = r.Sigma[t] * math.Sin(float64((k+2)*t)/7+float64(k))
		}
	}
	return r
}

func TestPiecesOfAFutureJoinToTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := rapid.IntRange(1, 60).Draw(t, "h")
		seed := rapid.Uint64().Draw(t, "seed")
		r := drift(h)
		whole := paths(r, 3, seed)
		s := r.Sampler(seed)
		path := make([]float64, h)
		for _, want := range whole {
			s.Next()
			for at := 0; at < h; {
				to := rapid.IntRange(at+1, h).Draw(t, "to")
				s.Extend(path, at, to)
				at = to
			}
			require.Equal(t, want, path)
		}
	})
}

func TestStepsLeftOutDoNotChangeWhatFollows(t *testing.T) {
	// In distribution: the spread of the last step and how it goes with an earlier one.
	const h, n = 30, 20_000
	r := drift(h)
	moments := func(draw func(s *Sampler, path []float64)) (spread, together float64) {
		s, path := r.Sampler(1), make([]float64, h)
		for range n {
			s.Next()
			draw(s, path)
			a, b := (path[20]-r.Mean[20])/r.Sigma[20], (path[h-1]-r.Mean[h-1])/r.Sigma[h-1]
			spread += b * b / n
			together += a * b / n
		}
		return spread, together
	}
	v0, c0 := moments(func(s *Sampler, path []float64) { s.Extend(path, 0, h) })
	v1, c1 := moments(func(s *Sampler, path []float64) { s.Extend(path, 20, 21); s.Extend(path, 29, 30) })
	require.InDelta(t, v0, v1, 0.04)
	require.InDelta(t, c0, c1, 0.04)
	require.InDelta(t, 1, v0, 0.06, "the spread is Sigma")
}
