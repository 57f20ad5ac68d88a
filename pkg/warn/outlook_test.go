package warn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

// leaking is a leak that began nine days ago with the course of a day on it, at ten minutes a step.
func leaking(slope float64) Input {
	values := make([]float64, 14*144)
	for i := range values {
		day := float64(i) / 144
		values[i] = 30 + slope*max(0, day-5) + 2*math.Sin(2*math.Pi*day) + 0.4*math.Sin(float64(7*i*i%1009))
	}
	least, most := 0.0, 100.0
	return Input{Values: values, Step: 10 * time.Minute, Threshold: 90, Above: true, Horizon: 7 * 24 * time.Hour, Seed: 1, Bounds: forecast.Bounds{Min: &least, Max: &most}}
}

func TestTheOutlookGoesOnAsTheSeriesDid(t *testing.T) {
	in := leaking(5)
	_, out := LookAhead(in, DefaultGuards(), 2*144, 0.9)
	for i, v := range out.Mean {
		day := 14 + float64(i)/144
		require.InDelta(t, 30+5*(day-5)+2*math.Sin(2*math.Pi*day), v, 3, "step %d", i)
		require.Less(t, out.Lower[i], v)
		require.Greater(t, out.Upper[i], v)
	}
	require.InDelta(t, in.Values[len(in.Values)-1], out.Mean[0], 1, "it begins where the series is")
	require.Greater(t, out.Upper[287]-out.Lower[287], 2*(out.Upper[11]-out.Lower[11]), "and is less sure of what is far")
}

// The middle of the futures meets the limit when half of them have crossed it, and their edge when the earliest have.
func TestTheOutlookMeetsTheLimitWhenTheWarningSaysSo(t *testing.T) {
	for _, slope := range []float64{4.5, 5, 6} {
		in := leaking(slope)
		a, out := LookAhead(in, DefaultGuards(), 7*144, 1-2*early)
		require.Equal(t, Rising, a.State, "slope %g", slope)
		hours := func(line []float64) float64 {
			return float64(1+slices.IndexFunc(line, func(v float64) bool { return v >= in.Threshold })) / 6
		}
		require.InDelta(t, a.ETA, hours(out.Mean), 0.15*a.ETA, "slope %g", slope)
		require.InDelta(t, a.ETAEarly, hours(out.Upper), 0.2*a.ETA, "slope %g", slope)
	}
}

func TestTheBandOfTheOutlookHoldsWhatItSays(t *testing.T) {
	held, n := 0, 0
	rng := rand.New(rand.NewPCG(1, 1))
	for range 60 { // walks with a drift; the last two days are what came
		level, drift := 50.0, 0.1*rng.Float64()-0.05
		values := make([]float64, 16*24)
		for i := range values {
			level += drift
			values[i] = level + rng.NormFloat64()
		}
		known := len(values) - 48
		_, out := LookAhead(Input{Values: values[:known], Step: time.Hour, Threshold: 100, Above: true, Seed: 1}, DefaultGuards(), 48, 0.9)
		for k := range out.Mean {
			if v := values[known+k]; v >= out.Lower[k] && v <= out.Upper[k] {
				held++
			}
			n++
		}
	}
	require.InDelta(t, 0.93, float64(held)/float64(n), 0.03, "of %d", n)
}

func TestTheOutlookIsTheSameUpsideDown(t *testing.T) {
	in := leaking(4)
	down := in
	down.Values = slices.Clone(in.Values)
	for i := range down.Values {
		down.Values[i] *= -1
	}
	least, most := -100.0, 0.0
	down.Threshold, down.Above, down.Bounds = -90, false, forecast.Bounds{Min: &least, Max: &most}
	_, up := LookAhead(in, DefaultGuards(), 300, 0.9)
	_, turned := LookAhead(down, DefaultGuards(), 300, 0.9)
	for i := range up.Mean {
		require.InDelta(t, up.Mean[i], -turned.Mean[i], 1e-9)
		require.InDelta(t, up.Lower[i], -turned.Upper[i], 1e-9)
		require.InDelta(t, up.Upper[i], -turned.Lower[i], 1e-9)
	}
}

func TestTheOutlookOfAnySeriesIsOrderedAndInsideTheBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(0, 100), rapid.Just(math.NaN()), rapid.Just(50.0)), 0, 400).Draw(t, "values")
		least, most := 0.0, 100.0
		in := Input{Values: values, Step: rapid.SampledFrom([]time.Duration{time.Minute, 7 * time.Minute, time.Hour, 2 * time.Hour, 24 * time.Hour}).Draw(t, "step"),
			Threshold: rapid.Float64Range(0, 100).Draw(t, "limit"), Above: rapid.Bool().Draw(t, "above"), Bounds: forecast.Bounds{Min: &least, Max: &most}}
		steps := rapid.IntRange(1, 200).Draw(t, "steps")
		a, out := LookAhead(in, DefaultGuards(), steps, 0.9)
		told, expected := fmt.Sprint(a), fmt.Sprint(Evaluate(in, DefaultGuards()))
		require.Equal(t, expected, told, "the answer is that without a chart")
		if out == nil {
			return
		}
		require.Len(t, out.Mean, steps)
		for i := range out.Mean {
			require.LessOrEqual(t, 0.0, out.Lower[i])
			require.LessOrEqual(t, out.Lower[i], out.Mean[i])
			require.LessOrEqual(t, out.Mean[i], out.Upper[i])
			require.LessOrEqual(t, out.Upper[i], 100.0)
		}
	})
}

func TestThereIsNoOutlookWithoutFuturesOfItsOwn(t *testing.T) {
	in := leaking(5)
	asked, short, unknown, stepless := in, in, in, in
	asked.Modelled, short.Values, unknown.Values, stepless.Step = true, in.Values[:6], []float64{math.NaN(), math.Inf(1)}, 0
	for name, in := range map[string]Input{"a forecast is asked for": asked, "an hour": short, "nothing known": unknown, "no step": stepless} {
		_, out := LookAhead(in, DefaultGuards(), 10, 0.9)
		require.Nil(t, out, name)
	}
	_, out := LookAhead(in, DefaultGuards(), 0, 0.9)
	require.Nil(t, out, "no steps")
	in.Threshold = 10
	a, out := LookAhead(in, DefaultGuards(), 10, 0.9)
	require.Equal(t, Breached, a.State)
	require.NotNil(t, out, "what is across has a future, too")
}
