package cluster

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/param"
)

// Inertia and silhouette of scikit-learn 1.9.1's KMeans(k, n_init=20, tol=0) and silhouette_score on the same points.
func TestKMeansAgainstScikitLearn(t *testing.T) {
	for _, c := range []struct {
		n, dims, k               int
		inertia, silhouette, two float64
	}{
		{600, 4, 5, 2338.157716205, 0.745892341246, 39035.402616001},
		{600, 2, 3, 1218.139955880, 0.852843708713, 13556.814623197},
		{300, 7, 4, 2019.469304680, 0.836036986718, 38942.639663743},
	} {
		p := blobs(c.n, c.dims, c.k, 7)
		m, err := KMeans(t.Context(), p, c.k, 10)
		require.NoError(t, err)
		require.InDelta(t, c.inertia, m.Inertia, 1e-6)
		require.InDelta(t, c.silhouette, Silhouette(p, m.Of, c.k), 1e-9)
		m, err = KMeans(t.Context(), p, 2, 10)
		require.NoError(t, err)
		require.InDelta(t, c.two, m.Inertia, 1e-6)
	}
}

// Groups, noise points and Σ (i+1)(label_i+2) of scikit-learn 1.9.1's DBSCAN on the same points.
func TestDBSCANAgainstScikitLearn(t *testing.T) {
	for _, c := range []struct {
		n, dims, k           int
		eps                  float64
		least                int
		groups, noise, check int
	}{
		{600, 4, 5, 0.8, 5, 13, 442, 444730}, {600, 4, 5, 1.2, 10, 5, 216, 537438}, {600, 4, 5, 2.5, 4, 4, 0, 613500},
		{600, 2, 3, 0.8, 5, 3, 8, 537420}, {600, 2, 3, 1.2, 10, 3, 0, 541300},
		{300, 7, 4, 0.8, 5, 0, 300, 45150}, {300, 7, 4, 2.5, 4, 4, 21, 151194},
	} {
		of, groups, err := DBSCAN(blobs(c.n, c.dims, c.k, 7), c.eps, c.least)
		require.NoError(t, err)
		noise, check := 0, 0
		for i, g := range of {
			check += (i + 1) * (g + 2)
			if g < 0 {
				noise++
			}
		}
		require.Equal(t, []int{c.groups, c.noise, c.check}, []int{groups, noise, check}, "%v", c)
	}
}

// plain is Lloyd's iteration without bounds.
func plain(p, centres Points) float64 {
	c := Points{append([]float64{}, centres.X...), p.Dims}
	of := make([]int, p.Len())
	for changed := true; changed; {
		changed = false
		sums, counts := make([]float64, len(c.X)), make([]float64, c.Len())
		for i := range of {
			at, _ := c.Nearest(p.Row(i))
			changed = changed || at != of[i]
			of[i] = at
			counts[at]++
			for f, v := range p.Row(i) {
				sums[at*p.Dims+f] += v
			}
		}
		for i := range c.X {
			if n := counts[i/p.Dims]; n > 0 {
				c.X[i] = sums[i] / n
			}
		}
	}
	sum := 0.0
	for i, a := range of {
		sum += Squared(p.Row(i), c.Row(a))
	}
	return sum
}

func TestBoundsChangeNoResult(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dims := rapid.IntRange(1, 6).Draw(t, "dims")
		k := rapid.IntRange(1, 7).Draw(t, "k")
		p := blobs(rapid.IntRange(k, 120).Draw(t, "n"), dims, rapid.IntRange(1, 5).Draw(t, "blobs"), rapid.Uint32().Draw(t, "seed"))
		start := Points{p.X[:k*dims], dims}
		m, err := From(p, start)
		require.NoError(t, err)
		require.InDelta(t, plain(p, start), m.Inertia, 1e-6*(1+m.Inertia))
		for i, a := range m.Of {
			_, d := m.Centres.Nearest(p.Row(i))
			require.InDelta(t, d, Squared(p.Row(i), m.Centres.Row(a)), 1e-9, "each point has its nearest centre")
		}
	})
}

// direct is DBSCAN by its definition: core points, their transitive reach, borders to the lowest group.
func direct(p Points, eps float64, least int) []int {
	n := p.Len()
	near := make([][]int, n)
	for i := range n {
		for j := range n {
			if Squared(p.Row(i), p.Row(j)) <= eps*eps {
				near[i] = append(near[i], j)
			}
		}
	}
	of := make([]int, n)
	for i := range of {
		of[i] = -1
	}
	groups := 0
	for i := range n {
		if of[i] >= 0 || len(near[i]) < least {
			continue
		}
		todo := []int{i}
		for len(todo) > 0 {
			j := todo[0]
			if todo = todo[1:]; of[j] >= 0 {
				continue
			}
			if of[j] = groups; len(near[j]) >= least {
				todo = append(todo, near[j]...)
			}
		}
		groups++
	}
	return of
}

func TestTheGridChangesNoResult(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := blobs(rapid.IntRange(1, 90).Draw(t, "n"), rapid.IntRange(1, 6).Draw(t, "dims"), 3, rapid.Uint32().Draw(t, "seed"))
		eps, least := rapid.Float64Range(0.1, 6).Draw(t, "eps"), rapid.IntRange(1, 8).Draw(t, "least")
		of, _, err := DBSCAN(p, eps, least)
		require.NoError(t, err)
		require.Equal(t, direct(p, eps, least), of)
	})
}

func TestFewDifferentPoints(t *testing.T) {
	p := Points{[]float64{1, 1, 1, 5, 5}, 1}
	m, err := KMeans(t.Context(), p, 4, 3)
	require.NoError(t, err)
	require.Zero(t, m.Inertia)
	require.Equal(t, 2, m.Centres.Len())
	one, err := KMeans(t.Context(), p, 1, 5)
	require.NoError(t, err)
	require.InDelta(t, 2.6, one.Centres.X[0], 1e-12)
	of, groups, err := DBSCAN(p, 0.5, 3)
	require.NoError(t, err)
	require.Equal(t, 1, groups)
	require.Equal(t, []int{0, 0, 0, -1, -1}, of)
	of, groups, err = DBSCAN(Points{nil, 2}, 1, 1)
	require.NoError(t, err)
	require.Empty(t, of)
	require.Zero(t, groups)
}

func TestSilhouetteOfNothing(t *testing.T) {
	p := Points{[]float64{1, 2, 3}, 1}
	require.Zero(t, Silhouette(p, []int{0, 0, 0}, 1))
	require.Zero(t, Silhouette(p, []int{-1, -1, -1}, 2))
	require.Zero(t, Silhouette(p, []int{0, 1, 2}, 3), "single points have no width")
	require.Greater(t, Silhouette(Points{[]float64{1, 1.1, 9, 9.1, 500}, 1}, []int{0, 0, 1, 1, -1}, 2), 0.9, "noise is left out")
}

func TestRefusals(t *testing.T) {
	p := Points{[]float64{1, 2, 3}, 1}
	_, err := KMeans(t.Context(), p, 4, 1)
	require.ErrorIs(t, err, param.ErrInvalid)
	_, err = KMeans(t.Context(), p, 0, 1)
	require.ErrorIs(t, err, param.ErrInvalid)
	_, err = KMeans(t.Context(), p, 1, 0)
	require.ErrorIs(t, err, param.ErrInvalid)
	for _, bad := range []Points{{[]float64{1, math.NaN()}, 1}, {[]float64{1, math.Inf(1)}, 1}, {[]float64{1, 2, 3}, 2}, {[]float64{1}, 0}} {
		_, err = KMeans(t.Context(), bad, 1, 1)
		require.ErrorIs(t, err, param.ErrInvalid)
		_, err = From(bad, Points{[]float64{1}, 1})
		require.ErrorIs(t, err, param.ErrInvalid)
		_, _, err = DBSCAN(bad, 1, 1)
		require.ErrorIs(t, err, param.ErrInvalid)
	}
	_, err = From(p, Points{[]float64{1, 2}, 2})
	require.ErrorIs(t, err, param.ErrInvalid)
	for _, eps := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, _, err = DBSCAN(p, eps, 1)
		require.ErrorIs(t, err, param.ErrInvalid)
	}
	_, _, err = DBSCAN(p, 1, 0)
	require.ErrorIs(t, err, param.ErrInvalid)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = KMeans(ctx, p, 1, 1)
	require.ErrorIs(t, err, context.Canceled)
}
