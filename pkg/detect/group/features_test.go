package group

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect/cluster"
)

func TestDescribeTakesNumpysQuantiles(t *testing.T) {
	// numpy 2.4.6: numpy.quantile(x, [0.1, 0.5, 0.9])
	x := []float64{3.1, -2, 8, 5.5, 0.25, 9, 1, math.NaN(), 1, 7, 4}
	p, ok := describe(x, nil)
	require.True(t, ok)
	require.InDelta(t, 3.55, p[0], 1e-12)
	require.InDelta(t, 8.1, p[1], 1e-12)
	require.InDelta(t, (8.1-0.025)/2, p[2], 1e-12)
	require.Equal(t, -2.0, x[1], "the values keep their order")
}

func TestDescribeNeedsHalfOfTheWindow(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		x  []float64
		ok bool
	}{{[]float64{1, nan}, true}, {[]float64{1, nan, nan}, false}, {[]float64{nan}, false}, {nil, false}} {
		_, ok := describe(c.x, nil)
		require.Equal(t, c.ok, ok)
	}
}

func TestDeviationsAreFromTheMedianOfTheMoment(t *testing.T) {
	nan := math.NaN()
	dev, size := deviations([][]float64{{1, nan, 5, math.Inf(1)}, {2, nan, 7, 4}, {9, nan, nan, 8}})
	require.Equal(t, 6.0, size, "of 2, 6 and 6; the moment without any value does not count")
	require.Equal(t, []float64{-1, -1}, []float64{dev[0][0], dev[0][2]})
	require.Equal(t, []float64{0, 1, -2}, []float64{dev[1][0], dev[1][2], dev[1][3]})
	require.Equal(t, []float64{7, 2}, []float64{dev[2][0], dev[2][3]})
	for j := range dev {
		require.True(t, math.IsNaN(dev[j][1]))
	}
	require.True(t, math.IsNaN(dev[0][3]), "infinite is missing")
}

func TestStretchesEndAtTheEndOfTheHistory(t *testing.T) {
	row := make([]float64, 20)
	for i := range row {
		row[i] = float64(i)
	}
	p, at := stretches([][]float64{row}, 16, 4)
	require.Equal(t, 7, p.Len(), "of 4 points each, half overlapping")
	require.Equal(t, 13.5, p.Row(0)[0], "the newest: 12 to 15")
	require.Equal(t, 1.5, p.Row(6)[0], "the oldest: 0 to 3")
	require.Equal(t, stretch{0, 6}, at[6])

	many := make([][]float64, 300)
	for j := range many {
		many[j] = make([]float64, 2000)
	}
	p, _ = stretches(many, 2000, 4)
	require.LessOrEqual(t, p.Len(), mostStretches+len(many))
}

func TestUnitsHaveAFloor(t *testing.T) {
	p := points{Dims: dims}
	for i := range 11 {
		p.X = append(p.X, float64(i), 5, 0)
	}
	u := scales(p, 100)
	require.InDelta(t, 8/spread80, u[0], 1e-12)
	require.Equal(t, 2.0, u[1], "2 % of the metric's size")
	require.Equal(t, [dims]float64{8 / spread80, 1, 1}, scales(p, 0), "a size of zero has no floor, and no unit is zero")
}

// past makes a history of k instances and 80 windows each whose only feature is given.
func past(k int, feature func(instance, time int) float64) *history {
	h := &history{times: 80, trained: points{Dims: dims}}
	for j := range k {
		for time := range 80 {
			h.at = append(h.at, stretch{j, time})
			h.trained.X = append(h.trained.X, feature(j, time), 0, 0)
		}
	}
	return h
}

func TestOnlyLastingClustersAreCentres(t *testing.T) {
	for name, c := range map[string]struct {
		away    func(instance, time int) bool
		centres int
	}{
		"nobody away":             {func(int, int) bool { return false }, 1},
		"one always":              {func(j, _ int) bool { return j == 0 }, 2},
		"one until lately":        {func(j, at int) bool { return j == 0 && at > 15 }, 2},
		"one since long ago":      {func(j, at int) bool { return j == 0 && at < 60 }, 2},
		"a role that moves on":    {func(j, at int) bool { return j == at/20 }, 2},
		"each day for a while":    {func(j, at int) bool { return at%10 < 2 }, 2},
		"one for half of it":      {func(j, at int) bool { return j == 0 && at < 40 }, 1},
		"one at the end":          {func(j, at int) bool { return j == 0 && at < 5 }, 1},
		"two incidents alike":     {func(j, at int) bool { return j == 0 && at < 20 || j == 1 && at >= 40 && at < 60 }, 1},
		"all of them for a while": {func(_, at int) bool { return at >= 30 && at < 40 }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			h := past(4, func(j, at int) float64 {
				if c.away(j, at) {
					return 50
				}
				return 0
			})
			all := grouped(t, h.trained, 2)
			kept := lastingOnly(all, h)
			require.Equal(t, c.centres, kept.Centres.Len())
			for i, a := range kept.Of {
				if a >= 0 {
					require.Equal(t, all.Centres.Row(all.Of[i]), kept.Centres.Row(a))
				} else {
					require.Equal(t, 50.0, h.trained.Row(i)[0], "left out with its cluster")
				}
			}
		})
	}
}

func TestWhereNoClusterLastsAllStay(t *testing.T) {
	h := past(3, func(_, at int) float64 { return float64(at / 20) })
	c := grouped(t, h.trained, 4)
	require.Equal(t, 4, c.Centres.Len())
	require.Equal(t, c, lastingOnly(c, h))
}

func TestSpreadGrowsWithTheNumberOfInstances(t *testing.T) {
	var limit [2]float64
	for i, k := range []int{4, 400} {
		rng := rand.New(rand.NewPCG(1, 1))
		h := past(k, func(int, int) float64 { return 5 * rng.NormFloat64() })
		limit[i] = learn(h, grouped(t, h.trained, 1), k).limit[0][0]
	}
	require.InDelta(t, 5*2.807, limit[0], 1.5, "99.5 % of a normal distribution")
	require.Greater(t, limit[1], limit[0])
	require.InDelta(t, 5*3.13, limit[1], 2.5, "half of the times the farthest of 400 was that far: the normal's 0.5^(1/400) point of |Z|")
}

func TestSpreadIsAtLeastAUnit(t *testing.T) {
	h := past(3, func(int, int) float64 { return 7 })
	require.Equal(t, [][]float64{{1}, {1}, {1}}, learn(h, grouped(t, h.trained, 1), 3).limit)
}

func grouped(t *testing.T, p points, k int) cluster.Means {
	c, err := cluster.KMeans(t.Context(), p, k, starts)
	require.NoError(t, err)
	return c
}
