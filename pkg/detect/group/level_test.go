package group

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/detect"
)

// ran gives what was run with the answer.
func ran(t require.TestingT, values [][]float64, algorithm string) (*Output, Input) {
	in := Input{Values: values, Step: fiveMinutes}
	out, err := Run(context.Background(), in, detect.Options{Algorithm: algorithm})
	require.NoError(t, err)
	return out, in
}

// An hour of one host at 40 above the others: the numbers say so, whatever detector names it, and how many agree.
func TestLevelsStandBesideTheMiddle(t *testing.T) {
	values := hosts(7, 5)
	add(values[6], week-12, week, 60)
	want := slices.Clone(values[6][week-12:])
	slices.Sort(want)
	for _, algorithm := range every() {
		out, in := ran(t, values, algorithm)
		require.Equal(t, []int{6}, outliers(out), algorithm)
		own, middle := out.Levels(in)
		require.InDelta(t, (want[5]+want[6])/2, own[6], 3, "%s: the median of the hour", algorithm)
		require.Greater(t, own[6]-middle[6], 45.0, algorithm)
		for j := range 6 {
			require.InDelta(t, middle[j], own[j], 15, "%s: those who agree are near it", algorithm)
		}
		agree, of := out.Agree()
		require.Equal(t, []int{6, 7}, []int{agree, of}, algorithm)
		_, whole := out.UsualPart(6)
		require.False(t, whole)
	}
}

// A detector that names the steps is taken at its word: the level is that of those steps, not of the calm ones about them.
func TestLevelsAreThoseOfTheStepsThatAreNamed(t *testing.T) {
	values := hosts(9, 6)
	add(values[2], week-4, week, 80)
	out, in := ran(t, values, "dbscan")
	require.Equal(t, []int{2}, outliers(out))
	steps := 0
	for _, flag := range out.Flags[2][week-12:] {
		if flag {
			steps++
		}
	}
	require.Less(t, steps, 8)
	own, middle := out.Levels(in)
	require.Greater(t, own[2]-middle[2], 50.0)
}

func TestLevelsOfPartsAreParts(t *testing.T) {
	values := requests(3)
	for i := 2*week - 12; i < 2*week; i++ {
		values[3][i] *= 12
	}
	out, in := ran(t, values, "shares")
	own, usual := out.Levels(in)
	sum := 0.0
	for _, part := range own {
		sum += part
	}
	require.InDelta(t, 100, sum, 1e-9, "per cent of the whole")
	require.InDelta(t, 5, usual[3], 1)
	require.Greater(t, own[3], 25.0)
	percent, whole := out.UsualPart(3)
	require.True(t, whole)
	require.Equal(t, usual[3], percent)
	now := Parts(values, 3)
	require.InDelta(t, own[3], now[2*week-1], 10)
	require.InDelta(t, 5, now[2*week-13], 3)
}

func TestPartsOfNothingAreUnknown(t *testing.T) {
	nan := math.NaN()
	values := [][]float64{{1, 0, nan, 3, math.Inf(1)}, {3, 0, nan, nan, 2}}
	got := Parts(values, 1)
	require.Equal(t, 75.0, got[0])
	require.True(t, math.IsNaN(got[1]), "nothing of nothing")
	require.True(t, math.IsNaN(got[2]), "nobody is known")
	require.Equal(t, 0.0, got[3], "the others are known")
	require.Equal(t, 100.0, got[4], "infinite is missing")
}

func TestLevelsOfNobody(t *testing.T) {
	out, in := ran(t, nil, "kmeans")
	own, middle := out.Levels(in)
	require.Empty(t, own)
	require.Empty(t, middle)
	out, in = ran(t, hosts(2, 1), "kmeans")
	own, _ = out.Levels(in)
	require.True(t, math.IsNaN(own[0]), "two are no group")
	agree, of := out.Agree()
	require.Equal(t, []int{0, 0}, []int{agree, of})
	values := hosts(5, 1)
	for i := range values[3] {
		values[3][i] = math.NaN()
	}
	out, in = ran(t, values, "dbscan")
	own, middle = out.Levels(in)
	require.True(t, math.IsNaN(own[3]) && math.IsNaN(middle[3]))
	_, of = out.Agree()
	require.Equal(t, 4, of, "who is not measured is not compared")
}

// The numbers are medians: they do not depend on the instances' order, move with the unit, and lie within what was measured.
func TestLevelsFollowTheUnitAndNotTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := hosts(rapid.IntRange(3, 8).Draw(t, "k"), rapid.Uint64Range(0, 50).Draw(t, "seed"))
		if rapid.Bool().Draw(t, "one is apart") {
			add(values[0], week-12, week, 70)
		}
		out, in := ran(t, values, "dbscan")
		own, middle := out.Levels(in)
		turned, scaled := make([][]float64, len(values)), make([][]float64, len(values))
		for j, row := range values {
			turned[len(values)-1-j] = row
			scaled[j] = make([]float64, len(row))
			for i, v := range row {
				scaled[j][i] = 3 * v
			}
			newest := row[week-12:]
			require.GreaterOrEqual(t, own[j], slices.Min(newest))
			require.LessOrEqual(t, own[j], slices.Max(newest))
		}
		other, in := ran(t, turned, "dbscan")
		back, backs := other.Levels(in)
		slices.Reverse(back)
		slices.Reverse(backs)
		require.InDeltaSlice(t, own, back, 1e-9)
		require.InDeltaSlice(t, middle, backs, 1e-9)
		other, in = ran(t, scaled, "dbscan")
		three, _ := other.Levels(in)
		for j := range own {
			require.InDelta(t, 3*own[j], three[j], 1e-6)
		}
	})
}
