package warn

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestBlocksAreMediansCountedFromTheEnd(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		step   time.Duration
		values []float64
		hours  float64
		x      []float64
	}{
		"half hours":             {30 * time.Minute, []float64{9, 1, 3, 5, 7}, 1, []float64{9, 2, 6}},
		"twenty minutes":         {20 * time.Minute, []float64{1, 2, 9, 4, 5, 60}, 1, []float64{2, 5}},
		"hours":                  {time.Hour, []float64{1, 2, 3}, 1, []float64{1, 2, 3}},
		"a step beyond an hour":  {6 * time.Hour, []float64{1, 2}, 6, []float64{1, 2}},
		"no divisor of an hour":  {25 * time.Minute, []float64{1, 2, 3, 4}, 5.0 / 6, []float64{1.5, 3.5}},
		"gaps are left out":      {20 * time.Minute, []float64{nan, 4, 8, nan, nan, nan, 1, nan, nan}, 1, []float64{6, nan, 1}},
		"nothing":                {time.Hour, nil, 1, []float64{}},
		"days: no course of one": {24 * time.Hour, []float64{5, 6, 7, 8, 9}, 24, []float64{5, 6, 7, 8, 9}},
	} {
		b := newBlocks(Input{Values: c.values, Step: c.step, Above: true})
		require.InDelta(t, c.hours, b.hours, 1e-12, name)
		require.Len(t, b.x, len(c.x), name)
		for i, want := range c.x {
			require.True(t, b.x[i] == want || math.IsNaN(b.x[i]) && math.IsNaN(want), "%s: %v", name, b.x)
		}
		require.Nil(t, b.season, name)
		require.Zero(t, b.at(3, 1), name)
		require.Equal(t, 1, b.phases(), name)
	}
}

func TestDangerIsUpwardsInBlocks(t *testing.T) {
	down := newBlocks(Input{Values: []float64{5, 4, 3}, Step: time.Hour})
	require.Equal(t, []float64{-5, -4, -3}, down.x)
}

// What is second highest within an hour is what a crossing is made of: two values of three.
func TestTopIsTheSecondHighestOfAnHour(t *testing.T) {
	values := make([]float64, 0, 60)
	for h := range 10 {
		base := float64(10 * h)
		values = append(values, base, base+1, base+2, base+3, base+4, base+50) // median 2.5, second highest 4
	}
	b := newBlocks(Input{Values: values, Step: 10 * time.Minute, Above: true})
	require.InDelta(t, 1.5, b.top, 1e-12)
	require.Zero(t, newBlocks(Input{Values: values, Step: time.Hour, Above: true}).top, "of one value there is no second")
}

func TestAHistoryHasNoMoreBlocksThanAreLookedAt(t *testing.T) {
	b := newBlocks(Input{Values: course(60, 1, 1, func(h float64) float64 { return h }), Step: time.Hour, Above: true})
	require.Len(t, b.x, mostBlocks)
	require.InDelta(t, 60*24-1, b.x[mostBlocks-1], 6, "the newest are kept")
}

func TestTheCourseOfADayIsTakenOut(t *testing.T) {
	day := func(h float64) float64 { return 10 * math.Sin(2*math.Pi*h/24) }
	b := newBlocks(Input{Values: course(14, 0.3, 1, func(h float64) float64 { return 50 + 0.05*h + day(h) }), Step: time.Hour, Above: true})
	require.Equal(t, 24, b.phases())
	mean := 0.0
	for k, v := range b.season {
		require.InDelta(t, day(float64(k)), v, 0.6)
		mean += v / 24
	}
	require.InDelta(t, 0, mean, 0.05, "growth is no part of it")
	for i := 1; i < len(b.x); i++ {
		require.InDelta(t, 50+0.05*float64(i), b.x[i], 2)
	}
	require.InDelta(t, day(14*24+6), b.at(14*24+6, 1), 0.6, "it goes on")
	require.InDelta(t, 2*b.at(30, 1), b.at(30, 2), 1e-12)
}

func TestNoiseHasNoCourse(t *testing.T) {
	for seed := range uint64(5) {
		b := newBlocks(Input{Values: course(14, 5, seed, func(float64) float64 { return 50 }), Step: time.Hour, Above: true})
		power := 0.0
		for _, v := range b.season {
			power += v * v / 24
		}
		require.Less(t, math.Sqrt(power), 1.5, "of the 1.7 that a median of fourteen has by chance some is left")
	}
	short := newBlocks(Input{Values: course(2, 0.1, 1, func(h float64) float64 { return 10 * math.Sin(2*math.Pi*h/24) }), Step: time.Hour, Above: true})
	require.Nil(t, short.season, "two days are no rule")
}

func TestASwingThatGrowsIsFoundAndNeverTurnsOver(t *testing.T) {
	grows := newBlocks(Input{Values: course(14, 0.3, 1, func(h float64) float64 { return 50 + 0.03*h*math.Sin(2*math.Pi*h/24) }), Step: time.Hour, Above: true})
	require.Greater(t, grows.swell.rate, 0.001)
	shrinks := newBlocks(Input{Values: course(14, 0.3, 1, func(h float64) float64 { return 50 + (12-0.03*h)*math.Sin(2*math.Pi*h/24) }), Step: time.Hour, Above: true})
	require.Less(t, shrinks.swell.rate, -0.001)
	require.Zero(t, shrinks.swell.at(100_000), "a swing that has died does not come back upside down")
	require.Equal(t, 1.0, swell{}.at(500))
	require.InDelta(t, 1.5, swell{0.01, 100}.at(150), 1e-12)
}

func TestDistancesFromTheMeanOfTheDay(t *testing.T) {
	x := make([]float64, 12)
	for i := range x {
		x[i] = float64(i) + []float64{0, 3, 0, -3}[i%4]
	}
	rest := aroundDay(x, 4)
	for i, v := range rest {
		if i < 2 || i > 9 {
			require.True(t, math.IsNaN(v), "half a day is missing around %d", i)
			continue
		}
		require.InDelta(t, []float64{0, 3, 0, -3}[i%4], v, 1e-12, "a line leaves nothing")
	}
	x[5], x[6] = math.NaN(), math.NaN()
	require.True(t, math.IsNaN(aroundDay(x, 4)[5]), "what is not known is no distance")
}

func TestWeeksThatAreAlikeHaveACourse(t *testing.T) {
	weekend := func(h float64) float64 {
		if math.Mod(h/24, 7) >= 5 {
			return 20
		}
		return 0
	}
	x := course(21, 0.5, 1, func(h float64) float64 { return 0.05*h + weekend(h) })
	w := weekly(x, 168)
	require.Len(t, w, 168)
	step := w[5*24+12] - w[2*24+12]
	require.InDelta(t, 20, step, 2)
	partial := weekly(x[30:], 168) // phase 0 is that of the first block, wherever the week begins
	require.InDelta(t, 20, partial[(5*24+12-30)%168]-partial[(2*24+12+168-30)%168], 2)
	require.Nil(t, weekly(course(21, 0.5, 1, func(h float64) float64 { return 0.05 * h }), 168), "growth alone")
	require.Nil(t, weekly(course(14, 3, 2, func(float64) float64 { return 5 }), 168), "chance")
	missing := course(14, 1, 1, weekend)
	for i := range missing {
		if i%3 > 0 {
			missing[i] = math.NaN()
		}
	}
	require.Nil(t, weekly(missing, 168), "too little is known")
}

func TestCorrelationIsPearsonsOfThePairsThatAreKnown(t *testing.T) {
	nan := math.NaN()
	// scipy 1.17.1: stats.pearsonr([1, 2, 3, 5], [2, 1, 4, 6]).statistic
	require.InDelta(t, 0.9022436386781061, correlation([]float64{1, 2, nan, 3, 5, 9}, []float64{2, 1, 7, 4, 6, nan}), 1e-12)
	require.Zero(t, correlation([]float64{1, nan, nan}, []float64{1, 2, 3}), "few")
	require.Zero(t, correlation([]float64{4, 4, 4}, []float64{1, 2, 3}), "nothing moves")
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-100, 100), 8, 40).Draw(t, "x")
		r := correlation(x, changed(x, rapid.Float64Range(0.1, 10).Draw(t, "a"), rapid.Float64Range(-50, 50).Draw(t, "b")))
		require.True(t, r == 0 || math.Abs(r-1) < 1e-6, "%v", r)
	})
}
