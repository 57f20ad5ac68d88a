package warn

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

// line is a forecast that goes straight on from the value `from` by slope a step.
func line(from, slope float64, h int) *forecast.Result {
	r := &forecast.Result{Mean: make([]float64, h), Sigma: make([]float64, h)}
	for i := range r.Mean {
		r.Mean[i] = from + slope*float64(i+1)
	}
	return r
}

// saw is two weeks by the hour: a rise by `height` over `period` hours, a fall, and a floor that rises by drift an hour.
func saw(floor, height, period, drift float64, hours int) []float64 {
	out := make([]float64, hours)
	for i := range out {
		out[i] = floor + drift*float64(i) + height*math.Mod(float64(i), period)/period
	}
	return out
}

func guarded(values []float64, threshold, slope float64) Answer {
	in := Input{Values: values, Step: time.Hour, Threshold: threshold, Above: true, Forecast: line(values[len(values)-1], slope, 72)}
	return Evaluate(in, DefaultGuards())
}

func TestASawtoothBelowTheThresholdIsContained(t *testing.T) {
	values := saw(40, 40, 72, 0.01, 14*24) // peaks of 80, 81, 82 and 83
	a := guarded(values, 90, 40.0/72)
	require.Equal(t, UncertainState, a.State)
	require.Contains(t, a.HeldBack, Contained)
	require.Greater(t, a.Probability, 0.9, "the forecast alone would have warned")
}

func TestPeaksThatWillReachTheThresholdAreNotContained(t *testing.T) {
	values := saw(40, 40, 72, 0.05, 14*24) // peaks rise by 3.6 each: the next is beyond
	require.Greater(t, values[len(values)-1], 70.0)
	a := guarded(values, 95, 0.5)
	require.NotContains(t, a.HeldBack, Contained)
}

func TestACleanUpThatDidNotComeIsTold(t *testing.T) {
	values := saw(20, 40, 72, 0.02, 13*24)
	for range 48 { // beyond all earlier peaks
		values = append(values, values[len(values)-1]+40.0/72+0.1)
	}
	a := guarded(values, 88, 0.6)
	require.NotContains(t, a.HeldBack, Contained)
}

func TestFallsAreFoundOnceEach(t *testing.T) {
	values := saw(0, 10, 50, 0, 200)
	at := make([]float64, len(values))
	for i := range at {
		at[i] = float64(i)
	}
	peakAt, peak, width := falls(at, values)
	require.Equal(t, []float64{49, 99, 149}, peakAt)
	require.InDeltaSlice(t, []float64{9.8, 9.8, 9.8}, peak, 1e-9)
	require.InDelta(t, 9.8, width, 1e-9)
	for _, y := range [][]float64{nil, {1}, {1, 2}, {5, 5, 5, 5}} {
		_, none, _ := falls(at[:len(y)], y)
		require.Empty(t, none)
	}
	// A fall over two hours is one.
	values[100], values[99] = 4.9, 9.8
	values[101] = 0
	peakAt, _, _ = falls(at, values)
	require.Equal(t, []float64{49, 99, 149}, peakAt)
}

func TestAForecastWorseThanItsTwinIsNotBelieved(t *testing.T) {
	values := saw(0, 0, 1, 0.1, 14*24)
	in := Input{Values: values, Step: time.Hour, Threshold: 36, Above: true, Forecast: line(33.5, 0.1, 72)}
	in.Forecast.Backtest = forecast.Backtest{Origins: 3, MAE: 1.3, SeasonalNaive: 1}
	require.Equal(t, []string{PoorFit}, Evaluate(in, DefaultGuards()).HeldBack)
	in.Forecast.Backtest.MAE = 1.1
	require.Empty(t, Evaluate(in, DefaultGuards()).HeldBack)
	in.Forecast.Backtest = forecast.Backtest{MAE: 9} // no backtest was made
	require.Empty(t, Evaluate(in, DefaultGuards()).HeldBack)
}

func TestGrowthHasToBeProvenAndToGoOn(t *testing.T) {
	flat := saw(80, 3, 24, 0, 14*24)
	require.Contains(t, guarded(flat, 90, 0.5).HeldBack, NoTrend, "a season is no growth")

	stopped := saw(30, 0, 1, 0.2, 14*24)
	for i := 8 * 24; i < len(stopped); i++ {
		stopped[i] = stopped[8*24] + 0.01*math.Sin(float64(i))
	}
	require.Contains(t, guarded(stopped, 75, 0.5).HeldBack, NoTrend, "it grew once, but no longer")

	require.Empty(t, guarded(saw(20, 3, 24, 0.2, 14*24), 95, 0.2).HeldBack)
	require.Contains(t, guarded(saw(90, 3, 24, -0.1, 14*24), 97, 0.9).HeldBack, NoTrend, "it falls")
}

func TestWhatHappenedBeforeNeedsNoTrend(t *testing.T) {
	values := saw(50, 3, 24, 0, 14*24)
	values[100] = 99
	require.Contains(t, guarded(values, 70, 0.5).HeldBack, NoTrend, "one noisy point did not happen")
	values[101] = 99
	require.Empty(t, guarded(values, 70, 0.5).HeldBack)
}

func TestEveryGuardCanBeTurnedOff(t *testing.T) {
	values := saw(80, 3, 5, 0, 20)
	in := Input{Values: values, Step: time.Hour, Threshold: 90, Above: true, Forecast: line(82, 0.5, 72)}
	in.Forecast.Backtest = forecast.Backtest{Origins: 1, MAE: 5, SeasonalNaive: 1}
	require.Equal(t, []string{ShortHistory, PoorFit, NoTrend}, Evaluate(in, DefaultGuards()).HeldBack)
	a := Evaluate(in, Guards{})
	require.Empty(t, a.HeldBack)
	require.Equal(t, Rising, a.State)
}
