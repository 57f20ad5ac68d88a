package warn

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

func TestChancesWithinAnyTime(t *testing.T) {
	half := foreseen(0.5) // at 16 h, of a week
	for hours, want := range map[float64]float64{0: 0, 15: 0, 16: 0.5, 72: 0.5, 168: 0.5} {
		require.InDelta(t, want, half.Within(hours), 1e-12, "%v h", hours)
	}
	require.True(t, math.IsNaN(half.Within(169)), "futures reach a week")
	require.True(t, math.IsNaN(Answer{State: OK}.Within(5)), "of no futures nothing is known")
	require.Equal(t, 1.0, Answer{State: Breached}.Within(0))
	require.True(t, Answer{Probability: math.NaN()}.Unknown())
	require.False(t, half.Unknown())
}

func TestWhatSettlesARule(t *testing.T) {
	rule := DefaultRule()
	uncertain := foreseen(0.6)
	uncertain.State = UncertainState
	short := foreseen(0)
	short.seen = 24
	for name, c := range map[string]struct {
		a    Answer
		want int
	}{
		"breached":                          {Answer{State: Breached}, 1},
		"likely":                            {foreseen(0.5), 1},
		"likely, but held back":             {uncertain, 0},
		"as likely as not to be taken back": {foreseen(0.3), 0},
		"hardly":                            {foreseen(0.19), -1},
		"never":                             {foreseen(0), -1},
		"futures too short to say":          {short, 0},
		"unknown":                           {unknown(Input{}, 1, 0), 0},
	} {
		require.Equal(t, c.want, rule.Settles(c.a), name)
	}
}

func TestTheHorizonIsTheQuestionsThenTheForecasts(t *testing.T) {
	f := &forecast.Result{Mean: make([]float64, 12)}
	for name, c := range map[string]struct {
		in   Input
		want float64
	}{
		"asked for":    {Input{Step: time.Hour, Horizon: 48 * time.Hour, Forecast: f}, 48},
		"the forecast": {Input{Step: 30 * time.Minute, Forecast: f}, 6},
		"a week":       {Input{Step: time.Hour}, sight},
		"of nothing":   {Input{Step: time.Hour, Forecast: &forecast.Result{}}, sight},
	} {
		require.InDelta(t, c.want, c.in.horizon(), 1e-12, name)
	}
	values := course(14, 0.3, 1, func(h float64) float64 { return 40 + 0.1*h })
	in := Input{Values: values, Step: time.Hour, Threshold: 98, Above: true, Seed: 1} // 240 h are left
	require.False(t, Stated(Evaluate(in, DefaultGuards()).ETA), "more than a week")
	in.Horizon = 21 * 24 * time.Hour
	far := Evaluate(in, DefaultGuards())
	require.InDelta(t, 245, far.ETA, 40)
	require.Greater(t, far.Probability, far.Prob72)
}

func TestGrowthIsOfTheDayInTheMetricsUnit(t *testing.T) {
	for name, c := range map[string]struct {
		step   time.Duration
		values []float64
		want   float64
	}{
		"hours":                    {time.Hour, course(14, 0, 1, func(h float64) float64 { return h / 12 }), 2},
		"a week's steps":           {7 * 24 * time.Hour, []float64{0, 7, 14, 21, 28, 35, 42, 49, 56, 63}, 1},
		"it falls":                 {time.Hour, course(14, 0, 1, func(h float64) float64 { return -h / 24 }), -1},
		"a season is no growth":    {time.Hour, course(14, 0, 1, func(h float64) float64 { return 9 * math.Sin(2*math.Pi*h/24) }), 0},
		"one clean-up is no fall":  {time.Hour, course(14, 0, 1, func(h float64) float64 { return h/12 - 20*math.Floor(h/290) }), 2},
		"nothing moves":            {time.Hour, make([]float64, 100), 0},
		"too short for whole days": {time.Hour, course(2, 0, 1, func(h float64) float64 { return h }), 24},
	} {
		require.InDelta(t, c.want, growth(Input{Values: c.values, Step: c.step}), 0.05*math.Abs(c.want)+0.02, name)
	}
}

func TestWildValuesAreMissing(t *testing.T) {
	calm := []float64{1, math.NaN(), -1e150}
	require.Same(t, &calm[0], &finite(calm)[0], "no copy where none is needed")
	got := finite([]float64{1, math.Inf(1), -1e151, 2})
	require.Equal(t, []float64{1, 2}, known(got))
}
