package cluster

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// drawn are some blobs of points.
func drawn(t *rapid.T) Points {
	return blobs(rapid.IntRange(2, 90).Draw(t, "n"), rapid.IntRange(1, 5).Draw(t, "dims"), rapid.IntRange(1, 4).Draw(t, "blobs"), rapid.Uint32().Draw(t, "seed"))
}

// moved shifts and scales points by powers of two and whole numbers, which are exact.
func moved(p Points, shift float64, scale float64) Points {
	out := Points{make([]float64, len(p.X)), p.Dims}
	for i, v := range p.X {
		out.X[i] = scale * (v + shift)
	}
	return out
}

func TestGroupsDoNotDependOnUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		k := rapid.IntRange(1, min(p.Len(), 5)).Draw(t, "k")
		scale := math.Exp2(float64(rapid.IntRange(-10, 10).Draw(t, "scale")))
		q := moved(p, 0, scale)
		a, err := KMeans(t.Context(), p, k, 3)
		require.NoError(t, err)
		b, err := KMeans(t.Context(), q, k, 3)
		require.NoError(t, err)
		require.Equal(t, a.Of, b.Of)
		require.InEpsilon(t, 1+a.Inertia*scale*scale, 1+b.Inertia, 1e-9)
		eps := rapid.Float64Range(0.2, 4).Draw(t, "eps")
		of, groups, err := DBSCAN(p, eps, 3)
		require.NoError(t, err)
		same, again, err := DBSCAN(q, eps*scale, 3)
		require.NoError(t, err)
		require.Equal(t, of, same)
		require.Equal(t, groups, again)
		require.InDelta(t, Silhouette(p, of, groups), Silhouette(q, of, groups), 1e-9)
	})
}

// Several centres never fit worse than one, each point is in a group that exists, and the same points give the
// same groups each time.
func TestWhatHoldsForEveryGrouping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		one, err := KMeans(t.Context(), p, 1, 1)
		require.NoError(t, err)
		for k := 1; k <= min(p.Len(), 6); k++ {
			m, err := KMeans(t.Context(), p, k, 4)
			require.NoError(t, err)
			require.LessOrEqual(t, m.Inertia, one.Inertia*(1+1e-9)+1e-9)
			require.LessOrEqual(t, m.Centres.Len(), k)
			for _, a := range m.Of {
				require.True(t, a >= 0 && a < m.Centres.Len())
			}
			again, err := KMeans(t.Context(), p, k, 4)
			require.NoError(t, err)
			require.Equal(t, m, again)
			if s := Silhouette(p, m.Of, m.Centres.Len()); !(s >= -1 && s <= 1) {
				t.Fatalf("a silhouette of %v", s)
			}
		}
	})
}

// With as many centres as points every point is one.
func TestAsManyCentresAsPoints(t *testing.T) {
	p := blobs(40, 3, 4, 9)
	m, err := KMeans(t.Context(), p, 40, 5)
	require.NoError(t, err)
	require.Equal(t, 40, m.Centres.Len())
	require.InDelta(t, 0, m.Inertia, 1e-9)
}

// A wider reach only joins: what was one group stays together, and noise only becomes less.
func TestAWiderReachOnlyJoins(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t)
		eps, least := rapid.Float64Range(0.2, 3).Draw(t, "eps"), rapid.IntRange(1, 5).Draw(t, "least")
		near, _, err := DBSCAN(p, eps, least)
		require.NoError(t, err)
		wide, _, err := DBSCAN(p, 1.5*eps, least)
		require.NoError(t, err)
		count := make([]int, p.Len()) // neighbours: who has enough is a core, and only cores bind
		for i := range count {
			for j := range count {
				if Squared(p.Row(i), p.Row(j)) <= eps*eps {
					count[i]++
				}
			}
		}
		for i := range near {
			if near[i] >= 0 {
				require.GreaterOrEqual(t, wide[i], 0, "noise only becomes less")
			}
			for j := range i {
				if near[i] >= 0 && near[i] == near[j] && count[i] >= least && count[j] >= least {
					require.Equal(t, wide[i], wide[j])
				}
			}
		}
	})
}

func TestPointsThatAreAllTheSame(t *testing.T) {
	p := Points{make([]float64, 60), 3}
	m, err := KMeans(t.Context(), p, 4, 3)
	require.NoError(t, err)
	require.Equal(t, 1, m.Centres.Len())
	require.Zero(t, m.Inertia)
	of, groups, err := DBSCAN(p, 1e-9, 20)
	require.NoError(t, err)
	require.Equal(t, 1, groups)
	require.NotContains(t, of, -1)
	_, groups, err = DBSCAN(p, 1e-9, 21)
	require.NoError(t, err)
	require.Zero(t, groups, "one too few")
}

// Coordinates far from zero and far apart are grouped all the same.
func TestGreatDistances(t *testing.T) {
	p := Points{[]float64{1e140, 1e140 + 1e130, -1e140, -1e140 - 1e130, 0, 1}, 1}
	m, err := KMeans(t.Context(), p, 3, 10)
	require.NoError(t, err)
	require.Equal(t, m.Of[0], m.Of[1])
	require.Equal(t, m.Of[2], m.Of[3])
	require.Equal(t, m.Of[4], m.Of[5])
	of, groups, err := DBSCAN(p, 2, 2)
	require.NoError(t, err)
	require.Equal(t, 1, groups)
	require.Equal(t, []int{-1, -1, -1, -1, 0, 0}, of)
}
