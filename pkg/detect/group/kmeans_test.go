package group

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// threeGroups are 90 points in four dimensions.
func threeGroups() points {
	p := points{dims: 4}
	for i := range 90 {
		x := float64(i)
		row := []float64{math.Sin(x*1.7) + float64(i%3)*6, math.Cos(x * 2.3), math.Sin(x * 0.9), 2 * math.Cos(x*0.4)}
		if i%3 == 1 {
			row[1] += 5
		}
		p.x = append(p.x, row...)
	}
	return p
}

func TestKMeansIsThatOfScikitLearn(t *testing.T) {
	// scikit-learn 1.9.1: KMeans(k, n_init=50, random_state=0).fit(points), silhouette_score(points, labels_)
	p := threeGroups()
	for k, want := range map[int]struct{ inertia, width float64 }{
		2: {1237.6776297574256, 0.5520133243481898},
		3: {317.01412520876363, 0.6877502702742159},
	} {
		c := kmeans(p, k)
		require.InDelta(t, want.inertia, c.inertia, 1e-9)
		require.InDelta(t, want.width, silhouette(p, c), 1e-12)
	}
	c := kmeans(p, 3)
	centres := [][]float64{c.centres.row(0), c.centres.row(1), c.centres.row(2)}
	slices.SortFunc(centres, func(a, b []float64) int { return int(math.Copysign(1, a[0]-b[0])) })
	for i, want := range [][]float64{
		{-0.052916448594011456, -0.016716292602399596, 0.011333535042914058, -0.010723848028272372},
		{6.013282445512787, 5.004632732899682, 0.008114698093001419, -0.04415286667997672},
		{12.049493708643809, 0.01054293491429692, -0.0012451805946802246, -0.07061111851640028},
	} {
		require.InDeltaSlice(t, want, centres[i], 1e-12)
	}
}

func TestKMeansGivesTheSameEachTime(t *testing.T) {
	require.Equal(t, kmeans(threeGroups(), 4), kmeans(threeGroups(), 4))
}

func TestFewerDifferentPointsThanClusters(t *testing.T) {
	c := kmeans(points{[]float64{1, 1, 2, 2, 1, 1, 2, 2}, 2}, 5)
	require.Equal(t, 2, c.centres.len())
	require.Zero(t, c.inertia)
}

func TestLloydOnlyImproves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := points{rapid.SliceOfN(rapid.Float64Range(-100, 100), 30, 90).Draw(t, "x"), 3}
		p.x = p.x[:len(p.x)/3*3]
		k := rapid.IntRange(1, 6).Draw(t, "k")
		start := plusPlus(p, k, rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)))
		before := 0.0
		for i := range p.len() {
			_, d := nearest(p.row(i), start)
			before += d
		}
		c := lloyd(p, start)
		require.LessOrEqual(t, c.inertia, before+1e-9)
		sum := 0.0
		for i, a := range c.of {
			near, d := nearest(p.row(i), c.centres)
			require.InDelta(t, d, squared(p.row(i), c.centres.row(a)), 1e-9, "each point is with its nearest centre %d", near)
			sum += d
		}
		require.InDelta(t, sum, c.inertia, 1e-6)
		s := silhouette(p, c)
		require.True(t, s >= -1 && s <= 1)
	})
}

func BenchmarkKMeans10000(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 1))
	p := points{dims: 4}
	for i := range 40000 {
		p.x = append(p.x, rng.NormFloat64()+float64(i/4%5)*4)
	}
	for b.Loop() {
		kmeans(p, 5)
	}
}
