package warn

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// load is a level with a course of the day that swings by 60 % of it, as requests do.
func load(level func(h float64) float64) func(h float64) float64 {
	return func(h float64) float64 { return level(h) * (1 - 0.6*math.Cos(2*math.Pi*h/24)) }
}

func scalingOf(values []float64) scaling {
	b := newBlocks(Input{Values: values, Step: time.Hour, Above: true})
	return b.scaling
}

func TestWhetherASwingGoesWithTheLevelIsLearnt(t *testing.T) {
	weekend := func(h float64) float64 {
		if math.Mod(h/24, 7) >= 5 {
			return 70
		}
		return 100
	}
	day := func(h float64) float64 { return 30 * math.Sin(2*math.Pi*h/24) }
	require.Greater(t, scalingOf(course(14, 0.5, 1, load(weekend))).chance, 0.95, "fewer people ask at weekends, by day and by night")
	require.Less(t, scalingOf(course(14, 0.5, 1, func(h float64) float64 { return weekend(h) + day(h) })).chance, 0.05, "the same swing on either level")
	require.Less(t, scalingOf(course(14, 0.3, 1, func(h float64) float64 { return 40 + 0.1*h + 5*math.Sin(2*math.Pi*h/24) })).chance, 0.05, "a disk that fills")
	require.InDelta(t, 0.5, scalingOf(course(14, 0.5, 1, load(func(float64) float64 { return 100 }))).chance, 0.02, "the level never changed")
	require.Zero(t, scalingOf(course(14, 0.5, 1, day)).chance, "degrees below zero")
	require.Zero(t, scalingOf(course(14, 0, 1, func(float64) float64 { return 50 })).chance, "without a swing")
	require.Zero(t, newBlocks(Input{Values: course(14, 0.3, 1, func(h float64) float64 { return 50 + 0.03*h*math.Sin(2*math.Pi*h/24) }), Step: time.Hour}).scaling.chance, "a swing that grows by itself")
	down := newBlocks(Input{Values: course(14, 0.5, 1, load(weekend)), Step: time.Hour})
	require.Greater(t, down.scaling.chance, 0.95)
	require.Negative(t, down.scaling.mean, "danger is upwards there too")
}

func TestSwingsShrinkAndDoNotGrow(t *testing.T) {
	for _, sign := range []float64{1, -1} {
		s := scaling{chance: 1, mean: sign * 100}
		require.InDelta(t, 0.7, s.share(sign*70), 1e-12)
		require.Equal(t, 1.0, s.share(sign*130))
		require.Zero(t, s.share(-sign*5), "there is nothing left to swing")
	}
}

// After seven tenths are left of a load at its evening's height, a night of the usual depth would be below zero. It is not foreseen.
func TestALoadOfWhichAPartIsTakenAwaySwingsLess(t *testing.T) {
	for _, hours := range []int{3, 5} {
		values := course(14, 1, 2, load(func(h float64) float64 {
			switch {
			case h >= 13*24+16:
				return 70
			case math.Mod(h/24, 7) >= 5:
				return 85 // which tells that the swing goes with the level
			}
			return 100
		}))[:13*24+16+hours]
		b := newBlocks(Input{Values: values, Step: time.Hour})
		require.InDelta(t, 70, math.Abs(b.x[len(b.x)-1]+b.shrunk(len(values)-hours)), 12, "the level, and not what is left without the usual evening")
		a := Evaluate(Input{Values: values, Step: time.Hour, Threshold: 20, Seed: 1}, DefaultGuards()) // nights were at 40, and will be at 28
		require.Less(t, a.Prob24, 0.5, "%d hours after", hours)
	}
}

func TestWhereNothingFellNothingShrinks(t *testing.T) {
	b := newBlocks(Input{Values: course(14, 0.5, 3, load(func(h float64) float64 { return 100 + 0.2*h })), Step: time.Hour, Above: true})
	require.Zero(t, b.shrunk(0), "the level rose")
	require.Zero(t, b.shrunk(len(b.x)), "of no blocks nothing is known")
	b.season, b.scaling = nil, scaling{}
	require.Zero(t, b.shrunk(0), "no season")
}

func TestTheMeanIsThatOfWhatIsKnown(t *testing.T) {
	nan := math.NaN()
	require.Equal(t, 2.0, mean([]float64{nan, 3, 1, nan}))
	require.True(t, math.IsNaN(mean(nil)))
}

func TestAMultipleLeavesTheLeastOver(t *testing.T) {
	require.Zero(t, leftOver([]float64{1, 2, 3}, []float64{2, 4, 6}))
	require.Equal(t, 13.0, leftOver([]float64{0, 0}, []float64{2, 3}), "of nothing there is no multiple")
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 20).Draw(t, "n")
		x := rapid.SliceOfN(rapid.Float64Range(-10, 10), n, n).Draw(t, "x")
		y := rapid.SliceOfN(rapid.Float64Range(-10, 10), n, n).Draw(t, "y")
		k, other := rapid.Float64Range(-5, 5).Draw(t, "k"), 0.0
		for i := range x {
			other += (y[i] - k*x[i]) * (y[i] - k*x[i])
		}
		require.LessOrEqual(t, leftOver(x, y), other+1e-6)
	})
}
