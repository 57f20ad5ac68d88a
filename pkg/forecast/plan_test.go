package forecast

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Whatever the length, the horizon and the seasons: origins ascend at one distance, the last held-out stretch ends with the data, and
// at least half of them, and no fewer than eight points, come before the first.
func TestAnyBacktestPlanLeavesRoomForFitAndForecast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 3000).Draw(t, "n")
		horizon := rapid.IntRange(1, 1000).Draw(t, "horizon")
		periods := rapid.SampledFrom([][]int{nil, {7}, {24}, {24, 168}, {96, 672}, {1440}}).Draw(t, "periods")
		p := planBacktest(Input{Values: make([]float64, n), Periods: usable(periods, n)}, horizon)
		if len(p.origins) == 0 {
			require.True(t, n < 14 || horizon == 0 || p.horizon == 0, "%d points", n)
			return
		}
		require.LessOrEqual(t, len(p.origins), maxOrigins)
		require.LessOrEqual(t, p.horizon, horizon)
		require.True(t, slices.IsSorted(p.origins))
		require.GreaterOrEqual(t, p.origins[0], max(n/2, 8))
		require.Equal(t, n, p.origins[len(p.origins)-1]+p.horizon)
		for k := 1; k < len(p.origins); k++ {
			require.Equal(t, p.origins[1]-p.origins[0], p.origins[k]-p.origins[k-1])
			require.LessOrEqual(t, p.origins[k]-p.origins[k-1], p.horizon, "no point between two stretches is left untested")
		}
	})
}

// More history is never fewer origins, up to all.
func TestMoreHistoryIsMoreOrigins(t *testing.T) {
	last := 0
	for n := 12; n < 600; n++ {
		k := len(planBacktest(Input{Values: make([]float64, n)}, 24).origins)
		require.GreaterOrEqual(t, k, last-1, "%d points", n)
		last = k
	}
	require.Equal(t, maxOrigins, last)
}

func TestSeasonsThatPeopleLiveBy(t *testing.T) {
	for step, want := range map[time.Duration][]int{
		time.Minute: {60, 720, 1440, 10080}, 5 * time.Minute: {12, 144, 288, 2016}, 15 * time.Minute: {48, 96, 672},
		time.Hour: {12, 24, 168}, 6 * time.Hour: {4, 28}, 24 * time.Hour: {7}, 7 * 24 * time.Hour: nil,
		13 * time.Minute: nil, 7 * time.Minute: {1440}, 25 * time.Hour: nil,
	} {
		require.Equal(t, want, clockPeriods(step), "step %s", step)
	}
	for step, want := range map[time.Duration][]int{
		time.Hour: {24, 168}, 24 * time.Hour: {7, 365}, 7 * 24 * time.Hour: {52}, 12 * time.Hour: {14}, 13 * time.Minute: nil,
	} {
		require.Equal(t, want, clockSeasons(step, 1000), "step %s", step)
	}
	require.Equal(t, []int{24}, clockSeasons(time.Hour, 100), "two weeks are needed for a week")
}

// What a steady rise, another unit or another zero does to a series does nothing to its seasons.
func TestSeasonsAreFoundInAnyUnitAndOnAnyTrend(t *testing.T) {
	base := dayWeek(24*28, 24, 6, 0, 1, 12)
	rapid.Check(t, func(t *rapid.T) {
		scale := rapid.Float64Range(0.001, 1000).Draw(t, "scale")
		level, trend := rapid.Float64Range(-1e4, 1e4).Draw(t, "level"), rapid.Float64Range(-3, 3).Draw(t, "trend")
		x := make([]float64, len(base))
		for i, v := range base {
			x[i] = level + scale*(v+trend*float64(i))
		}
		require.Equal(t, []int{24, 168}, DetectPeriods(x, time.Hour))
	})
}
