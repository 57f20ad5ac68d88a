package group

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/param"
)

const (
	fiveMinutes = 5 * time.Minute
	week        = 2016
)

// hosts are k instances over a week at 5 minutes with one load that moves them all; the first half usually runs lower.
func hosts(k int, seed uint64) [][]float64 {
	rng := rand.New(rand.NewPCG(seed, 3))
	out := make([][]float64, k)
	for j := range out {
		out[j] = make([]float64, week)
		e := 0.0
		for i := range out[j] {
			e = 0.5*e + 2*rng.NormFloat64()
			out[j][i] = 40 + 15*math.Sin(2*math.Pi*float64(i)/288) + e
			if j < k/2 {
				out[j][i] -= 10
			}
		}
	}
	return out
}

// add raises one instance in [from, to).
func add(row []float64, from, to int, by float64) {
	for i := from; i < to; i++ {
		row[i] += by
	}
}

func runGroup(t require.TestingT, values [][]float64, algorithm string, params map[string]any) *Output {
	out, err := Run(context.Background(), Input{Values: values, Step: fiveMinutes}, detect.Options{Algorithm: algorithm, Params: params})
	require.NoError(t, err)
	return out
}

// outliers gives the indices of those accused.
func outliers(out *Output) (who []int) {
	for j, o := range out.Outlier {
		if o {
			who = append(who, j)
		}
	}
	return who
}

// every gives the ids of all detectors that compare instances with each other: what holds for one has to hold for the others. Shares
// are parts of one whole and no peers (shares_test.go).
func every() (ids []string) {
	for _, a := range Algorithms() {
		if a.ID != "shares" {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

func TestNobodyIsAccusedWhereAllBehaveAsUsual(t *testing.T) {
	for _, algorithm := range every() {
		accused := 0
		for seed := range uint64(100) {
			if len(outliers(runGroup(t, hosts(6, seed), algorithm, nil))) > 0 {
				accused++
			}
		}
		require.LessOrEqual(t, accused, 1, "two usual levels make two clusters, and neither is bad")
		accused = 0
		for seed := range uint64(10) {
			accused += len(outliers(runGroup(t, hosts(60, seed), algorithm, nil)))
		}
		require.LessOrEqual(t, accused, 1, "600 instances")
	}
}

func TestNobodyIsAccusedWhereAllRiseTogether(t *testing.T) {
	values := hosts(6, 1)
	for j := range values {
		add(values[j], week-12, week, 50)
	}
	for _, algorithm := range every() {
		require.Empty(t, outliers(runGroup(t, values, algorithm, nil)))
	}
}

func TestTheHotOneIsNamed(t *testing.T) {
	for seed := range uint64(20) {
		values := hosts(6, seed)
		add(values[4], week-12, week, 45)
		for _, algorithm := range every() {
			out := runGroup(t, values, algorithm, nil)
			require.Equal(t, []int{4}, outliers(out))
			require.Contains(t, out.Why[4], "against the group's median")
			require.Equal(t, "as the group and its own history", out.Why[0])
			require.Greater(t, out.Score[4], 1.5)
		}
	}
}

func TestOneThatStaysBehindIsNamedToo(t *testing.T) {
	values := hosts(6, 2)
	for j := range values {
		if j != 5 {
			add(values[j], week-12, week, 40)
		}
	}
	for _, algorithm := range every() {
		require.Equal(t, []int{5}, outliers(runGroup(t, values, algorithm, nil)))
	}
}

func TestASmallClusterIsNotBadForBeingSmall(t *testing.T) {
	values := hosts(12, 3)
	add(values[0], 0, week, 80) // always has been
	for _, algorithm := range every() {
		out := runGroup(t, values, algorithm, nil)
		require.Empty(t, outliers(out), "scores %v", out.Score)
	}
	places := runGroup(t, values, "kmeans", nil).Cluster
	require.NotEqual(t, places[0], places[6], "it has a cluster of its own")
}

func TestAMemberOfTheSmallClusterThatComesBackIsNear(t *testing.T) {
	// Instance 0 moves to where others are all the time: a place among the known ones.
	values := hosts(12, 3)
	add(values[0], 0, week-12, 80)
	require.Empty(t, outliers(runGroup(t, values, "kmeans", nil)))
}

func TestAnIncidentThatLastsIsNotLearnt(t *testing.T) {
	for _, hours := range []int{1, 6, 20, 40} {
		values := hosts(12, 4)
		add(values[7], week-12*hours, week, 60)
		for _, algorithm := range every() {
			require.Equal(t, []int{7}, outliers(runGroup(t, values, algorithm, nil)), "%s after %d hours", algorithm, hours)
		}
	}
}

func TestHistoryEndsBeforeWhatIsShown(t *testing.T) {
	values := hosts(6, 5)
	add(values[1], week-1000, week, 60)
	out, err := Run(context.Background(), Input{Values: values, Step: fiveMinutes, From: week - 1000}, detect.Options{})
	require.NoError(t, err)
	require.Equal(t, []int{1}, outliers(out), "three and a half days, all of them shown and so not learnt")
	add(values[1], week-1700, week-1000, 60)
	require.Empty(t, outliers(runGroup(t, values, "kmeans", nil)), "six days of seven: usual by then")
}

func TestSensitivityAndClustersAreHeard(t *testing.T) {
	values := hosts(6, 1)
	add(values[4], week-12, week, 45)
	for _, algorithm := range every() {
		high := runGroup(t, values, algorithm, map[string]any{"sensitivity": "high"})
		low := runGroup(t, values, algorithm, map[string]any{"sensitivity": "low"})
		require.Greater(t, high.Score[4], low.Score[4])
	}
	places := func(algorithm string, clusters float64) []int {
		return slices.Compact(slices.Sorted(slices.Values(runGroup(t, values, algorithm, map[string]any{"clusters": clusters}).Cluster)))
	}
	require.Equal(t, []int{0}, places("kmeans", 1))
	require.Equal(t, []int{0, 1}, places("", 2))
	require.Equal(t, 36, runGroup(t, values, "kmeans", map[string]any{"window": "3h"}).Window)
}

func TestUnitsDoNotMatter(t *testing.T) {
	values := hosts(6, 6)
	add(values[2], week-12, week, 30)
	want := runGroup(t, values, "kmeans", nil)
	for j := range values {
		for i := range values[j] {
			values[j][i] *= 1e9
		}
	}
	require.InDeltaSlice(t, want.Score, runGroup(t, values, "kmeans", nil).Score, 1e-9)
}

func TestOrderDoesNotMatter(t *testing.T) {
	values := hosts(6, 7)
	add(values[2], week-12, week, 30)
	want := runGroup(t, values, "kmeans", map[string]any{"clusters": 1.0}).Score
	slices.Reverse(values)
	got := runGroup(t, values, "kmeans", map[string]any{"clusters": 1.0}).Score
	slices.Reverse(got)
	require.InDeltaSlice(t, want, got, 1e-9)
}

func TestRegistry(t *testing.T) {
	for _, a := range Algorithms() {
		found, err := Lookup(a.ID)
		require.NoError(t, err)
		require.Equal(t, a.Title, found.Title)
		require.NotEmpty(t, a.Summary)
		require.NotEmpty(t, a.Reference)
		require.Equal(t, a.ID, runGroup(t, hosts(3, 1), a.ID, nil).Algorithm)
	}
	require.Equal(t, "kmeans", runGroup(t, hosts(3, 1), detect.Auto, nil).Algorithm)
}

func TestTooFewInstances(t *testing.T) {
	for k := range 3 {
		for _, algorithm := range every() {
			out := runGroup(t, hosts(k, 1), algorithm, nil)
			require.Empty(t, outliers(out))
			require.Len(t, out.Score, k)
			require.Len(t, out.Notices, 1)
			require.Contains(t, out.Notices[0], "at least 3")
		}
	}
}

func TestOddGroups(t *testing.T) {
	same := hosts(5, 1)
	for j := range same {
		same[j] = slices.Clone(same[0])
	}
	constant, missing, infinite := hosts(5, 1), hosts(5, 1), hosts(5, 1)
	for j := range constant {
		for i := range constant[j] {
			constant[j][i] = 3
		}
	}
	for i := range missing[2] {
		missing[2][i] = math.NaN()
		infinite[2][i] = math.Inf(1)
	}
	for name, values := range map[string][][]float64{"all alike": same, "constant": constant, "one without data": missing, "one infinite": infinite} {
		for _, algorithm := range every() {
			t.Run(name+" "+algorithm, func(t *testing.T) {
				out := runGroup(t, values, algorithm, nil)
				require.Empty(t, outliers(out))
				for j, s := range out.Score {
					absent := math.IsNaN(values[j][0]) || math.IsInf(values[j][0], 0)
					require.Equal(t, absent, math.IsNaN(s))
					require.Equal(t, absent, out.Cluster[j] == -1)
				}
			})
		}
	}
	constant[3][week-1] = 3.01
	require.Empty(t, outliers(runGroup(t, constant, "kmeans", nil)), "a hair's breadth in a group that agrees to the last digit")
}

func TestRefusals(t *testing.T) {
	short, ragged := hosts(3, 1), hosts(3, 1)
	for j := range short {
		short[j] = short[j][:24]
	}
	ragged[1] = ragged[1][:100]
	for name, c := range map[string]struct {
		in   Input
		opt  detect.Options
		want error
		says string
	}{
		"too little history": {Input{Values: short, Step: fiveMinutes}, detect.Options{}, detect.ErrTooShort, "longer trainingWindow"},
		"no points":          {Input{Values: make([][]float64, 3), Step: fiveMinutes}, detect.Options{}, detect.ErrTooShort, "0 windows"},
		"unknown algorithm":  {Input{Values: hosts(3, 1), Step: fiveMinutes}, detect.Options{Algorithm: "optics"}, detect.ErrUnknownAlgorithm, "auto, kmeans, mad, dbscan"},
		"unknown option":     {Input{Values: hosts(3, 1), Step: fiveMinutes}, detect.Options{Params: map[string]any{"eps": 1.0}}, param.ErrInvalid, "eps"},
		"too many clusters":  {Input{Values: hosts(3, 1), Step: fiveMinutes}, detect.Options{Params: map[string]any{"clusters": 9.0}}, param.ErrInvalid, "clusters"},
		"no step":            {Input{Values: hosts(3, 1)}, detect.Options{}, param.ErrInvalid, "step"},
		"unequal lengths":    {Input{Values: ragged, Step: fiveMinutes}, detect.Options{}, param.ErrInvalid, "instance 1 are 100"},
		"from outside":       {Input{Values: short, Step: fiveMinutes, From: 25}, detect.Options{}, param.ErrInvalid, "from is 25"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Run(context.Background(), c.in, c.opt)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestRunStopsWhenTheContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, algorithm := range every() {
		_, err := Run(ctx, Input{Values: hosts(3, 1), Step: fiveMinutes}, detect.Options{Algorithm: algorithm})
		require.ErrorIs(t, err, context.Canceled)
	}
}

func BenchmarkGroup100(b *testing.B) {
	values := hosts(100, 1)
	for b.Loop() {
		runGroup(b, values, "", nil)
	}
}
