package warn

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

// office is a load with peaks on working days and nearly none on the weekend; hour 0 is a Monday.
func office(h float64) float64 {
	day := 20 + 25*max(math.Sin(2*math.Pi*(math.Mod(h, 24)-6)/24), 0)
	if math.Mod(h/24, 7) >= 5 {
		return day / 2
	}
	return day
}

func TestAnalogsContinueAsItDidBefore(t *testing.T) {
	x := course(14, 0.2, 1, office)[:11*24+9] // Friday, nine in the morning
	a := newAnalogs(x, 24)
	path, rng := make([]float64, 72), rand.New(rand.NewPCG(1, 1))
	mean := make([]float64, 12)
	for range 400 {
		a.walk(path, rng)
		for t0 := range mean {
			mean[t0] += path[t0] / 400
		}
	}
	for t0, v := range mean {
		require.InDelta(t, office(float64(len(x)+t0)), v, 4, "%d blocks ahead", t0+1)
	}
}

func TestAnalogsStayWithinWhatWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(100, 300).Draw(t, "n")
		x := rapid.SliceOfN(rapid.Float64Range(-10, 10), n, n).Draw(t, "x")
		a := newAnalogs(x, rapid.SampledFrom([]int{1, 24}).Draw(t, "day"))
		if a == nil {
			return
		}
		path := make([]float64, 200)
		a.walk(path, rand.New(rand.NewPCG(1, 1)))
		for _, v := range path {
			require.False(t, math.IsNaN(v))
			require.LessOrEqual(t, math.Abs(v), 60.0, "no further than an analog, the distance to it, and that to one more where the history ends")
		}
	})
}

func TestAShortHistoryHasNoAnalogs(t *testing.T) {
	require.Nil(t, newAnalogs(make([]float64, 30), 1))
	require.Nil(t, newAnalogs(nil, 24))
	require.NotNil(t, newAnalogs(make([]float64, 60), 1))
}

func TestAScoreIsTheRankedProbability(t *testing.T) {
	// scipy 1.17.1 has none; by numpy 2.4.6: abs(x-y).mean() - abs(subtract.outer(x, x)).mean()/2
	require.InDelta(t, 0.2222222222222222, crps([]float64{3, 1, 2}, 2), 1e-12)
	require.InDelta(t, 2.21875, crps([]float64{0, 1, 5, 4.5}, 6), 1e-12)
	require.InDelta(t, 3, crps([]float64{4}, 7), 1e-12, "of one value it is the absolute error")
}

func TestWhatSwaysIsNotDrawnOn(t *testing.T) {
	for seed := range uint64(3) {
		values := course(14, 0.8, seed, office)
		top := slices.Max(values)
		for at := 9 * 24; at <= len(values); at += 5 {
			a := answer(values[:at], top+2)
			require.Less(t, a.Prob72, 0.5, "seed %d hour %d", seed, at)
		}
	}
}

func TestWhereItNeverWasAnalogsKnowNothing(t *testing.T) {
	up := read(Input{Values: course(14, 0.3, 1, func(h float64) float64 { return 40 + 0.1*h }), Step: time.Hour, Threshold: 90, Above: true}, 73.5)
	require.Zero(t, up.trusted)
	sways := read(Input{Values: course(14, 0.5, 1, func(h float64) float64 { return 60 + 18*math.Sin(2*math.Pi*h/31) }), Step: time.Hour, Threshold: 90, Above: true}, 60)
	require.Greater(t, sways.trusted, 0.5, "a sway that is not of a day")
}

func TestNoFutureGoesBeyondTheBounds(t *testing.T) {
	values := course(14, 0.3, 1, func(h float64) float64 { return 40 - 0.1*h })
	zero := 0.0
	in := Input{Values: values, Step: time.Hour, Threshold: -3, Seed: 1}
	require.Equal(t, Rising, Evaluate(in, DefaultGuards()).State, "it may fall below zero")
	in.Bounds = forecast.Bounds{Min: &zero}
	require.Equal(t, OK, Evaluate(in, DefaultGuards()).State)
	in.Threshold, in.Bounds = 3, forecast.Bounds{Max: &zero}
	in.Values = course(14, 0.3, 1, func(h float64) float64 { return 0.1*h - 40 })
	in.Above = true
	require.Equal(t, OK, Evaluate(in, DefaultGuards()).State)
}

// The season of a day is no use for a clean-up every two days.
func TestACourseOfTheDayIsTakenOnlyWhereItExplains(t *testing.T) {
	saw := newBlocks(Input{Values: course(14, 0.2, 1, sawtooth(30, 50, 48, 0)), Step: time.Hour, Above: true})
	p := saw.divide()
	require.Nil(t, saw.season)
	require.LessOrEqual(t, len(p.lines(p.last[p.n])), 9)
	sine := newBlocks(Input{Values: course(14, 0.2, 1, func(h float64) float64 { return 50 + 5*math.Sin(2*math.Pi*h/24) }), Step: time.Hour, Above: true})
	p = sine.divide()
	require.Len(t, sine.season, 24)
	require.Len(t, p.lines(p.last[p.n]), 1)
}
