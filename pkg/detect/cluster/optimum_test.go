package cluster

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/param"
)

// optimum is the least inertia of k groups on a line, by dynamic programming over the sorted points, whose best groups are runs
// (Wang, Song: Ckmeans.1d.dp, The R Journal 3, 2011).
func optimum(x []float64, k int) float64 {
	x = slices.Sorted(slices.Values(x))
	within := func(from, to int) (sum float64) {
		mean := 0.0
		for _, v := range x[from:to] {
			mean += v / float64(to-from)
		}
		for _, v := range x[from:to] {
			sum += (v - mean) * (v - mean)
		}
		return sum
	}
	best := make([]float64, len(x)+1)
	for n := range best {
		best[n] = within(0, n)
	}
	for range k - 1 {
		next := make([]float64, len(best))
		for n := range best {
			next[n] = best[n]
			for cut := range n {
				next[n] = min(next[n], best[cut]+within(cut, n))
			}
		}
		best = next
	}
	return best[len(x)]
}

// No grouping is better than the best, and groups that lie apart are found as they are.
func TestKMeansOnALineAgainstTheOptimum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-100, 100), 1, 40).Draw(t, "points")
		k := rapid.IntRange(1, min(len(x), 5)).Draw(t, "k")
		m, err := KMeans(t.Context(), Points{x, 1}, k, 10)
		require.NoError(t, err)
		require.GreaterOrEqual(t, m.Inertia, optimum(x, k)*(1-1e-9)-1e-9)
	})
	rng := rand.New(rand.NewPCG(1, 2))
	for k := 1; k <= 6; k++ {
		var x []float64
		for i := range 20 * k {
			x = append(x, 100*float64(i%k)+rng.NormFloat64())
		}
		m, err := KMeans(t.Context(), Points{x, 1}, k, 10)
		require.NoError(t, err)
		require.InDelta(t, optimum(x, k), m.Inertia, 1e-6, "%d groups", k)
	}
}

// Where Lloyd's iteration ends each centre is the mean of its points, and the inertia is what it says it is.
func TestEachCentreIsTheMeanOfItsPoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		m, err := KMeans(t.Context(), p, rapid.IntRange(1, min(p.Len(), 6)).Draw(t, "k"), 3)
		require.NoError(t, err)
		sums, counts, inertia := make([]float64, len(m.Centres.X)), make([]float64, m.Centres.Len()), 0.0
		for i, a := range m.Of {
			counts[a]++
			inertia += Squared(p.Row(i), m.Centres.Row(a))
			for f, v := range p.Row(i) {
				sums[a*p.Dims+f] += v
			}
		}
		require.InDelta(t, inertia, m.Inertia, 1e-9*(1+inertia))
		for i, v := range m.Centres.X {
			if n := counts[i/p.Dims]; n > 0 {
				require.InDelta(t, sums[i]/n, v, 1e-9*(1+math.Abs(v)))
			}
		}
	})
}

// widths is the mean silhouette by its definition.
func widths(p Points, of []int, groups int) float64 {
	if groups < 2 {
		return 0
	}
	total, n := 0.0, 0.0
	for i, own := range of {
		if own < 0 {
			continue
		}
		n++
		mean := func(group int) float64 {
			sum, k := 0.0, 0.0
			for j, g := range of {
				if g == group && j != i {
					sum += math.Sqrt(Squared(p.Row(i), p.Row(j)))
					k++
				}
			}
			return sum / k // not a number of nobody
		}
		a, b := mean(own), math.Inf(1)
		for g := range groups {
			if d := mean(g); g != own && d < b {
				b = d
			}
		}
		if !math.IsNaN(a) && !math.IsInf(b, 1) && max(a, b) > 0 {
			total += (b - a) / max(a, b)
		}
	}
	if n == 0 {
		return 0
	}
	return total / n
}

func TestSilhouetteIsAsDefined(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		groups := rapid.IntRange(1, 4).Draw(t, "groups")
		of := make([]int, p.Len())
		for i := range of {
			of[i] = rapid.IntRange(-1, groups-1).Draw(t, "group")
		}
		require.InDelta(t, widths(p, of, groups), Silhouette(p, of, groups), 1e-9)
	})
}

// Whatever order the points come in, the same ones hang together: the order only numbers the groups, and says where a border belongs.
func TestDensityDoesNotKnowTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		eps, least := rapid.Float64Range(0.2, 4).Draw(t, "eps"), rapid.IntRange(1, 5).Draw(t, "least")
		order := rapid.Permutation(slices.Collect(func(yield func(int) bool) {
			for i := range p.Len() {
				if !yield(i) {
					return
				}
			}
		})).Draw(t, "order")
		turned := Points{Dims: p.Dims}
		for _, i := range order {
			turned.X = append(turned.X, p.Row(i)...)
		}
		of, groups, err := DBSCAN(p, eps, least)
		require.NoError(t, err)
		other, again, err := DBSCAN(turned, eps, least)
		require.NoError(t, err)
		require.Equal(t, groups, again)
		core := func(i int) bool {
			near := 0
			for j := range p.Len() {
				if Squared(p.Row(i), p.Row(j)) <= eps*eps {
					near++
				}
			}
			return near >= least
		}
		renamed := map[int]int{}
		for at, i := range order {
			require.Equal(t, of[i] < 0, other[at] < 0, "noise is noise")
			if !core(i) {
				continue
			}
			if to, ok := renamed[of[i]]; ok {
				require.Equal(t, to, other[at])
			}
			renamed[of[i]] = other[at]
		}
		require.Len(t, renamed, groups, "each group has a core")
	})
}

// A chain hangs together by its links, in more dimensions than the grid has, too; a link that is too long parts it.
func TestAChainHangsTogetherByItsLinks(t *testing.T) {
	for _, dims := range []int{1, 2, 4, 5, 7} {
		for _, along := range []int{0, dims - 1} {
			p := Points{make([]float64, 30*dims), dims}
			for i := range 30 {
				p.X[i*dims+along] = 0.999 * float64(i)
			}
			of, groups, err := DBSCAN(p, 1, 3)
			require.NoError(t, err)
			require.Equal(t, 1, groups)
			require.NotContains(t, of, -1, "its ends are borders")
			for i := 15; i < 30; i++ {
				p.X[i*dims+along] += 1.1
			}
			of, groups, err = DBSCAN(p, 1, 3)
			require.NoError(t, err)
			require.Equal(t, 2, groups, "%d dimensions", dims)
			require.Equal(t, []int{0, 1}, []int{of[14], of[15]})
		}
	}
}

func TestTheNearestOfEquallyNearIsTheFirst(t *testing.T) {
	p := Points{[]float64{-1, 0, 1, 0, 1, 0}, 2}
	at, d := p.Nearest([]float64{0, 0})
	require.Equal(t, 0, at)
	require.Equal(t, 1.0, d)
	at, d = p.Nearest([]float64{1, 0})
	require.Equal(t, 1, at)
	require.Zero(t, d)
	require.Equal(t, 3, p.Len())
	require.Equal(t, []float64{1, 0}, p.Row(2))
}

func TestTooManyCentresAreRefused(t *testing.T) {
	p := blobs(400, 1, 3, 2)
	_, err := KMeans(t.Context(), p, mostMeans+1, 1)
	require.ErrorIs(t, err, param.ErrInvalid)
	require.ErrorContains(t, err, "k is 257")
	m, err := KMeans(t.Context(), p, mostMeans, 1)
	require.NoError(t, err)
	require.Equal(t, mostMeans, m.Centres.Len())
	_, err = From(p, Points{p.X[:mostMeans+1], 1})
	require.ErrorIs(t, err, param.ErrInvalid)
}
