package group

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect"
)

// alike are k identical hosts over n steps: one load, and noise of the given memory; tails makes it heavy-tailed.
func alike(k, n int, memory float64, tails bool, seed uint64) [][]float64 {
	rng := rand.New(rand.NewPCG(seed, 9))
	out := make([][]float64, k)
	for j := range out {
		out[j] = make([]float64, n)
		e := 0.0
		for i := range out[j] {
			z := rng.NormFloat64()
			if tails {
				z *= math.Sqrt(5 / math.Max(rng.ExpFloat64()+rng.ExpFloat64(), 0.2) / 2) // about a t distribution
			}
			e = memory*e + z
			out[j][i] = 40 + 10*math.Sin(2*math.Pi*float64(i)/288) + e
		}
	}
	return out
}

func TestIdenticalHostsAreHardlyEverAccused(t *testing.T) {
	for _, c := range []struct {
		name   string
		memory float64
		tails  bool
		points int
		draws  int
	}{{"white noise", 0, false, 600, 500}, {"noise with memory", 0.7, false, 600, 300}, {"heavy tails", 0.3, true, 600, 200}, {"a short history", 0.5, false, 140, 300}} {
		for _, algorithm := range every() {
			t.Run(c.name+" "+algorithm, func(t *testing.T) {
				accused, draws := 0, 0
				for seed := range uint64(c.draws) {
					k := []int{3, 5, 8, 20}[seed%4]
					out, err := Run(context.Background(), Input{Values: alike(k, c.points, c.memory, c.tails, seed), Step: fiveMinutes}, detect.Options{Algorithm: algorithm})
					require.NoError(t, err)
					draws++
					if len(outliers(out)) > 0 {
						accused++
					}
				}
				require.LessOrEqual(t, accused, draws/100, "of %d draws", draws)
			})
		}
	}
}

func TestThePlantedAreFoundWhereTheyWere(t *testing.T) {
	values := alike(40, 1000, 0, false, 3)
	add(values[7], 300, 500, 9)
	add(values[21], 450, 480, -12)
	out, err := Run(context.Background(), Input{Values: values, Step: time.Minute}, detect.Options{Algorithm: "dbscan", Params: map[string]any{"window": "1000m"}})
	require.NoError(t, err)
	require.Equal(t, []int{7, 21}, outliers(out))
	for j, span := range map[int][2]int{7: {300, 500}, 21: {450, 480}} {
		for i, f := range out.Flags[j] {
			if f {
				require.True(t, i >= span[0] && i < span[1]+smoothing, "instance %d at %d", j, i)
			}
		}
		require.True(t, out.Flags[j][span[0]+10])
	}
	require.Equal(t, 1, out.Cluster[7])
	require.Contains(t, out.Why[21], "below")
	require.Less(t, out.High[400], values[7][400], "the band is that of the others")
	require.NotContains(t, out.Notices, "no outlier: all instances agree")
}

func TestNobodyIsNamedWhereAllAgree(t *testing.T) {
	for _, algorithm := range every() {
		out := runGroup(t, alike(10, 600, 0, false, 1), algorithm, nil)
		require.Contains(t, out.Notices, "no outlier: all instances agree")
		for i := range out.Low {
			require.LessOrEqual(t, out.Low[i], out.High[i])
		}
	}
}

func TestAGroupThatSplitsAccusesNobody(t *testing.T) {
	values := alike(10, 600, 0, false, 2)
	for j := range 5 {
		add(values[j], 590, 600, 40)
	}
	out := runGroup(t, values, "dbscan", nil)
	require.Empty(t, outliers(out))
	require.Contains(t, fmt.Sprint(out.Notices), "the group has split")
}

func TestAHabitIsNoOutlier(t *testing.T) {
	values := alike(10, 600, 0, false, 2)
	add(values[3], 0, 600, 40)
	require.Empty(t, outliers(runGroup(t, values, "dbscan", nil)))
	add(values[3], 588, 600, -40)
	require.Equal(t, []int{3}, outliers(runGroup(t, values, "dbscan", nil)), "whoever leaves it is one")
}

func TestASpikeOfOneStepIsNobodysOutlier(t *testing.T) {
	values := alike(10, 600, 0, false, 4)
	values[2][595] += 20
	require.Empty(t, outliers(runGroup(t, values, "dbscan", nil)))
}

func TestTheBandLeavesOutliersOut(t *testing.T) {
	values := alike(10, 600, 0, false, 5)
	add(values[4], 580, 600, 60)
	for _, algorithm := range every() {
		out := runGroup(t, values, algorithm, nil)
		require.Equal(t, []int{4}, outliers(out), algorithm)
		require.Less(t, out.High[599], 80.0)
	}
}

func BenchmarkDensity100x1000(b *testing.B) {
	values := alike(100, 1000, 0, false, 1)
	add(values[7], 300, 500, 12)
	for b.Loop() {
		_, err := Run(context.Background(), Input{Values: values, Step: time.Minute}, detect.Options{Algorithm: "dbscan", Params: map[string]any{"window": "1000m"}})
		require.NoError(b, err)
	}
}

func BenchmarkDay1000(b *testing.B) {
	values := alike(1000, 1440, 0, false, 1)
	for _, algorithm := range every() {
		b.Run(algorithm, func(b *testing.B) {
			for b.Loop() {
				_, err := Run(context.Background(), Input{Values: values, Step: time.Minute}, detect.Options{Algorithm: algorithm})
				require.NoError(b, err)
			}
		})
	}
}
