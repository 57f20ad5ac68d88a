package detect

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFeaturesOfAPointAreWhatTheNewestPointsSay(t *testing.T) {
	x := times(40, func(i int) float64 { return float64(i * i % 11) })
	f := newFeatures(Input{Values: x, Step: time.Hour})
	var row [featureCount]float64
	require.False(t, f.raw(11, &row), "too few points before")
	require.True(t, f.raw(30, &row))
	newer, older, path := 0.0, 0.0, 0.0
	for k := range 6 {
		newer, older = newer+x[30-k]/6, older+x[24-k]/6
		path += math.Abs(x[30-k]-x[29-k]) / 6
	}
	want := [featureCount]float64{x[30], x[30] - x[29], newer - older, path, x[30] - x[6]}
	for k := range want {
		require.InDelta(t, want[k], row[k], 1e-12, "feature %d", k)
	}
	x[29], x[6] = math.NaN(), math.NaN()
	require.True(t, f.raw(30, &row))
	require.Equal(t, x[30]-x[28], row[1], "the change is from the last known point")
	require.Zero(t, row[4], "nothing is said of yesterday where it is missing")
	for i := 25; i < 30; i++ {
		x[i] = math.NaN()
	}
	require.True(t, f.raw(30, &row))
	for i := 19; i < 25; i++ {
		x[i] = math.NaN()
	}
	require.False(t, f.raw(30, &row), "nothing is known of the points before the newest six")
	x[30] = math.NaN()
	require.False(t, f.raw(30, &row))
}

func TestTrainingUnitsAreRobust(t *testing.T) {
	x := noise(3000, 0, 5)
	calm := newFeatures(Input{Values: x, Step: fiveMinutes})
	rows := calm.train(0, len(x))
	require.Len(t, rows, featureCount*(3000-2*featureShort))
	require.InDelta(t, 1, calm.unit[0], 0.1, "the standard deviation of normal noise")
	require.InDelta(t, math.Sqrt2, calm.unit[1], 0.15, "that of differences")
	wild := append([]float64{}, x...)
	for i := 100; i < 300; i += 3 {
		wild[i] = 1e6
	}
	f := newFeatures(Input{Values: wild, Step: fiveMinutes})
	f.train(0, len(wild))
	require.InDelta(t, calm.unit[0], f.unit[0], 0.2, "a few wild values change no unit")
	require.Nil(t, calm.train(0, featureLeast/2), "too few to learn from")
	long := newFeatures(Input{Values: noise(3*featureSample, 0, 5), Step: fiveMinutes})
	require.InDelta(t, featureSample, len(long.train(0, 3*featureSample))/featureCount, 5, "a long history is thinned")
}

func TestLearningAnewIsDueOnCertainDays(t *testing.T) {
	var days []int
	for d := range 60 {
		if due(d*288, 288) {
			days = append(days, d)
		}
		require.False(t, due(d*288+1, 288))
	}
	require.Equal(t, []int{2, 3, 4, 8, 14, 21, 28, 35, 42, 49, 56}, days)
	f := newFeatures(Input{Step: fiveMinutes})
	require.True(t, f.due(288), "features are learnt after the first day as well")
	require.True(t, f.due(2*288))
	require.False(t, f.due(5*288))
	require.False(t, f.due(0))
	for step, want := range map[time.Duration]int{time.Minute: 1440, time.Hour: 24, 7 * time.Minute: 205, 12 * time.Hour: 24} {
		require.Equal(t, want, stepsADay(step))
	}
}
