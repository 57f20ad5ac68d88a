package forest

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/detect/cluster"
	"github.com/forewarn/earlywarning/pkg/param"
)

// generator is the linear congruential generator of Numerical Recipes, so that an oracle in another language sees the same
// points.
func generator(seed uint32) func() float64 {
	return func() float64 {
		seed = 1664525*seed + 1013904223
		return float64(seed) / (1 << 32)
	}
}

// oracle are 1,000 points around two centres, and three more: one between them, one far away, one beside.
func oracle() cluster.Points {
	p := cluster.Points{Dims: 3}
	g := generator(4)
	var centre [6]float64
	for i := range centre {
		centre[i] = 20*g() - 10
	}
	g = generator(3)
	for i := range 3000 {
		e := -6.0
		for range 12 {
			e += g()
		}
		p.X = append(p.X, centre[i/3%2*3+i%3]+e)
	}
	return cluster.Points{X: append(p.X, 0, 0, 0, 30, 30, 30, p.X[0]+4, p.X[1], p.X[2]), Dims: 3}
}

// The mean scores of 40 forests of scikit-learn 1.9.1 (n_estimators=100, max_samples=256, score_samples) on the same points;
// a single forest differs from its mean by 0.009 on average.
func TestAgainstScikitLearn(t *testing.T) {
	p := oracle()
	mean := make([]float64, p.Len())
	const forests = 20
	for seed := range uint64(forests) {
		f, err := Grow(t.Context(), p, Options{Seed: seed})
		require.NoError(t, err)
		for i, s := range f.Scores(p) {
			mean[i] += s / forests
		}
	}
	for i, want := range map[int]float64{1000: 0.63162332, 1001: 0.7690317, 1002: 0.55116108, 0: 0.41372124, 1: 0.42676799, 2: 0.44414342, 3: 0.44575114, 4: 0.44103725} {
		require.InDelta(t, want, mean[i], 0.01, "point %d", i)
	}
	total := 0.0
	for _, s := range mean {
		total += s / float64(len(mean))
	}
	require.InDelta(t, 0.467754, total, 0.003)
}

// _average_path_length of scikit-learn 1.9.1.
func TestPathLength(t *testing.T) {
	for n, want := range map[int]float64{0: 0, 1: 0, 2: 1, 3: 1.20739236, 10: 3.74888048, 256: 10.24477092, 1000: 12.96994089} {
		require.InDelta(t, want, pathLength(n), 1e-8)
	}
}

func TestScoresOfOneAndOfManyAreTheSame(t *testing.T) {
	p := oracle()
	f, err := Grow(t.Context(), p, Options{Trees: 20, Seed: 5})
	require.NoError(t, err)
	again, err := Grow(t.Context(), p, Options{Trees: 20, Seed: 5})
	require.NoError(t, err)
	for i, s := range f.Scores(p) {
		require.InDelta(t, s, f.Score(p.Row(i)), 1e-12)
		require.Equal(t, f.Score(p.Row(i)), again.Score(p.Row(i)), "the same seed gives the same forest")
		require.True(t, s > 0 && s < 1)
	}
	require.Positive(t, f.Bytes())
}

func TestTheUnitOfAFeatureDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		unit := math.Exp2(float64(rapid.IntRange(-20, 20).Draw(t, "unit"))) // exact
		p, q := cluster.Points{Dims: 2}, cluster.Points{Dims: 2}
		for range 100 {
			a, b := rng.NormFloat64(), rng.NormFloat64()
			p.X, q.X = append(p.X, a, b), append(q.X, a, unit*b)
		}
		f, err := Grow(t.Context(), p, Options{Trees: 10})
		require.NoError(t, err)
		g, err := Grow(t.Context(), q, Options{Trees: 10})
		require.NoError(t, err)
		require.InDeltaSlice(t, f.Scores(p), g.Scores(q), 1e-12)
	})
}

func TestPointsThatAreAllAlikeAreNotUnusual(t *testing.T) {
	for _, n := range []int{1, 2, 300} {
		f, err := Grow(t.Context(), cluster.Points{X: make([]float64, 2*n), Dims: 2}, Options{})
		require.NoError(t, err)
		require.InDelta(t, 0.5, f.Score([]float64{0, 0}), 1e-12)
		require.False(t, math.IsNaN(f.Score([]float64{math.NaN(), 3})))
	}
}

func TestRefusals(t *testing.T) {
	good := cluster.Points{X: []float64{1, 2}, Dims: 1}
	for _, c := range []struct {
		p cluster.Points
		o Options
	}{
		{cluster.Points{}, Options{}}, {cluster.Points{Dims: 1}, Options{}}, {good, Options{Trees: -1}},
		{cluster.Points{X: []float64{math.NaN()}, Dims: 1}, Options{}}, {cluster.Points{X: []float64{math.Inf(-1)}, Dims: 1}, Options{}},
	} {
		_, err := Grow(t.Context(), c.p, c.o)
		require.ErrorIs(t, err, param.ErrInvalid)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Grow(ctx, good, Options{})
	require.ErrorIs(t, err, context.Canceled)
}

// The farther out, the more unusual, up to where no cut is left; the middle of the points is the least.
func TestFartherOutIsMoreUnusual(t *testing.T) {
	p := window()
	p = cluster.Points{X: p.X[:8000], Dims: 4}
	f, err := Grow(t.Context(), p, Options{})
	require.NoError(t, err)
	for _, side := range []float64{-1, 1} {
		last := 0.0
		for _, far := range []float64{12, 15, 20, 30, 100, 1e6} {
			s := f.Score([]float64{10 + side*far, 10 + side*far, 10 + side*far, 10 + side*far})
			require.GreaterOrEqual(t, s, last, "%g to the side %g", far, side)
			last = s
		}
		require.Greater(t, last, 0.6)
	}
	for i := range 200 {
		require.Less(t, f.Score(p.Row(i)), 0.7)
	}
	require.Greater(t, f.Score([]float64{10, 10, 10, 40}), f.Score([]float64{10, 10, 10, 10}), "one feature is enough")
}

// A seed decides which forest it is, and all forests judge alike.
func TestForestsOfOtherSeedsJudgeAlike(t *testing.T) {
	p := cluster.Points{X: window().X[:8000], Dims: 4}
	odd := []float64{40, -20, 40, -20}
	var first []float64
	for seed := range uint64(5) {
		f, err := Grow(t.Context(), p, Options{Seed: seed})
		require.NoError(t, err)
		again, err := Grow(t.Context(), p, Options{Seed: seed})
		require.NoError(t, err)
		scores := f.Scores(p)
		require.Equal(t, scores, again.Scores(p))
		require.InDelta(t, 0.8, f.Score(odd), 0.12)
		if first == nil {
			first = scores
			continue
		}
		require.NotEqual(t, first, scores)
		require.InDeltaSlice(t, first, scores, 0.12)
	}
}

func window() cluster.Points {
	rng := rand.New(rand.NewPCG(1, 2))
	p := cluster.Points{X: make([]float64, 40000), Dims: 4}
	for i := range p.X {
		p.X[i] = rng.NormFloat64() + 5*float64(i/4%5)
	}
	return p
}

func BenchmarkGrowAndScore10k(b *testing.B) {
	p := window()
	for b.Loop() {
		f, err := Grow(b.Context(), p, Options{})
		if err != nil {
			b.Fatal(err)
		}
		f.Scores(p)
	}
}

func BenchmarkScoreOne(b *testing.B) {
	p := window()
	f, err := Grow(b.Context(), p, Options{})
	if err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		f.Score(p.Row(i % p.Len()))
		i++
	}
}
