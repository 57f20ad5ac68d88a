package warn

import (
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

func TestAForecastWorseThanItsTwinIsNotBelieved(t *testing.T) {
	values := course(14, 0, 1, func(h float64) float64 { return 0.1 * h })
	in := Input{Values: values, Step: time.Hour, Threshold: 36, Above: true, Modelled: true, Forecast: line(33.5, 0.1, 72)}
	in.Forecast.Backtest = forecast.Backtest{Origins: 3, MAE: 1.3, SeasonalNaive: 1}
	require.Equal(t, []string{PoorFit}, Evaluate(in, DefaultGuards()).HeldBack)
	in.Forecast.Backtest.MAE = 1.1
	require.Empty(t, Evaluate(in, DefaultGuards()).HeldBack)
	in.Forecast.Backtest = forecast.Backtest{MAE: 9} // no backtest was made
	require.Empty(t, Evaluate(in, DefaultGuards()).HeldBack)
}

func TestEveryGuardCanBeTurnedOff(t *testing.T) {
	values := course(1, 0, 1, func(h float64) float64 { return 80 + h/10 })[:20]
	in := Input{Values: values, Step: time.Hour, Threshold: 90, Above: true, Modelled: true, Forecast: line(82, 0.5, 72)}
	in.Forecast.Backtest = forecast.Backtest{Origins: 1, MAE: 5, SeasonalNaive: 1}
	require.Equal(t, []string{ShortHistory, PoorFit}, Evaluate(in, DefaultGuards()).HeldBack)
	a := Evaluate(in, Guards{})
	require.Empty(t, a.HeldBack)
	require.Equal(t, Rising, a.State)
}
