package group

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect"
)

// hosts are k instances over a week at 5 minutes with one load that moves them all; the first half usually runs lower.
func hosts(k int, seed uint64) [][]float64 {
	rng := rand.New(rand.NewPCG(seed, 3))
	out := make([][]float64, k)
	for j := range out {
		out[j] = make([]float64, 2016)
		for i := range out[j] {
			out[j][i] = 40 + 15*math.Sin(2*math.Pi*float64(i)/288) + 2*rng.NormFloat64()
			if j < k/2 {
				out[j][i] -= 10
			}
		}
	}
	return out
}

func runGroup(t *testing.T, values [][]float64) *Output {
	out, err := Run(context.Background(), Input{Values: values, Step: 5 * time.Minute}, detect.Options{})
	require.NoError(t, err)
	return out
}

func TestNobodyIsAccusedWhereAllBehaveAsUsual(t *testing.T) {
	for seed := range uint64(20) {
		out := runGroup(t, hosts(6, seed))
		require.NotContains(t, out.Outlier, true, "two usual levels make two clusters, and neither is bad; scores %v", out.Score)
	}
}

func TestNobodyIsAccusedWhereAllRiseTogether(t *testing.T) {
	values := hosts(6, 1)
	for j := range values {
		for i := 2004; i < 2016; i++ {
			values[j][i] += 50
		}
	}
	require.NotContains(t, runGroup(t, values).Outlier, true)
}

func TestTheHotOneIsNamed(t *testing.T) {
	values := hosts(6, 1)
	for i := 2004; i < 2016; i++ {
		values[4][i] += 45
	}
	out := runGroup(t, values)
	require.Equal(t, []bool{false, false, false, false, true, false}, out.Outlier)
	require.Contains(t, out.Why[4], "against the group's median")
	require.Greater(t, out.Score[4], 2.0)
}

func TestTooFewInstancesAndTooLittleHistory(t *testing.T) {
	out := runGroup(t, hosts(2, 1))
	require.NotContains(t, out.Outlier, true)
	require.Contains(t, out.Notices[0], "at least 3")

	short := hosts(3, 1)
	for j := range short {
		short[j] = short[j][:24]
	}
	_, err := Run(context.Background(), Input{Values: short, Step: 5 * time.Minute}, detect.Options{})
	require.ErrorIs(t, err, detect.ErrTooShort)
}

func TestAnInstanceWithoutDataHasNoScore(t *testing.T) {
	values := hosts(6, 1)
	for i := range values[2] {
		values[2][i] = math.NaN()
	}
	out := runGroup(t, values)
	require.True(t, math.IsNaN(out.Score[2]))
	require.False(t, out.Outlier[2])
}

func TestUnknownAlgorithm(t *testing.T) {
	_, err := Run(context.Background(), Input{Values: hosts(3, 1), Step: time.Minute}, detect.Options{Algorithm: "dbscan"})
	require.ErrorIs(t, err, detect.ErrUnknownAlgorithm)
}

func TestKMeansIsThatOfScikitLearn(t *testing.T) {
	// scikit-learn 1.9.1: KMeans(k, n_init=50, random_state=0).fit(points).inertia_, silhouette_score(points, labels_)
	points := make([]point, 90)
	for i := range points {
		x := float64(i)
		points[i] = point{math.Sin(x*1.7) + float64(i%3)*6, math.Cos(x * 2.3), math.Sin(x * 0.9)}
		if i%3 == 1 {
			points[i][1] += 5
		}
	}
	for k, want := range map[int][2]float64{2: {1055.3110420727853, 0.6078202552195499}, 3: {134.65803811047726, 0.7861572015110652}} {
		c := kmeans(points, k)
		require.InDelta(t, want[0], c.inertia, 1e-6)
		require.InDelta(t, want[1], silhouette(points, c), 1e-9)
	}
	near, _ := nearest(point{6, 5, 0}, kmeans(points, 3).centres)
	require.InDeltaSlice(t, []float64{6.013282445512787, 5.004632732899682, 0.008114698093001419}, slice(kmeans(points, 3).centres[near]), 1e-9)
}

func slice(p point) []float64 { return p[:] }

func BenchmarkGroup100(b *testing.B) {
	values := hosts(100, 1)
	for b.Loop() {
		_, _ = Run(context.Background(), Input{Values: values, Step: 5 * time.Minute}, detect.Options{})
	}
}
