package forecast

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/param"
)

func expect(t require.TestingT, in Input, opt Options) []float64 {
	mean, _, err := Expect(context.Background(), in, opt)
	require.NoError(t, err)
	return mean
}

// On a series without a break, what is expected is the forecast, only cheaper. Auto may use its twin in Run, as it backtests.
func TestWhatIsExpectedIsTheForecast(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		in := weeks()
		in.Bounds = far()
		r, err := v.forecast(in, 24)
		require.NoError(t, err)
		mean, periods, err := Expect(context.Background(), in, v.options(24))
		require.NoError(t, err)
		require.Equal(t, r.Mean, mean)
		require.Equal(t, r.Periods, periods)
	})
}

func TestTheExpectationFollowsTheClock(t *testing.T) {
	zone := berlin(t)
	for name, change := range changeovers {
		for _, id := range []string{"seasonal-naive", "mstl", "ets", "theta", "ar", Auto} {
			t.Run(name+" "+id, func(t *testing.T) {
				start := change.Add(-14*24*time.Hour - 6*time.Hour)
				all := office(zone, start, time.Hour, 16*24)
				in := Input{Values: all[:14*24], Step: time.Hour, Start: start, Zone: zone}
				missed := func(zone *time.Location) float64 {
					in.Zone = zone
					mean := expect(t, in, Options{Algorithm: id, Horizon: 48})
					require.Len(t, mean, 48)
					return meanAbsolute([][]float64{misses(all[14*24:], mean)})
				}
				with, without := missed(zone), missed(nil)
				require.Less(t, with, 5.0, "of a swing of 60")
				require.Greater(t, without, 1.2*with)
			})
		}
	}
}

// A level that has lasted a day is the one that is expected, by whatever algorithm, with the season of the level before.
func TestTheExpectationIsAtTheLevelSince(t *testing.T) {
	const day = 24
	for _, a := range Algorithms() {
		if a.ID == "naive" || a.ID == "drift" || a.ID == "intermittent" {
			continue
		}
		t.Run(a.ID, func(t *testing.T) {
			all := loaded(day, 13, double)
			mean := expect(t, Input{Values: all[:14*day], Step: time.Hour}, Options{Algorithm: a.ID, Horizon: day})
			require.Less(t, meanAbsolute([][]float64{misses(all[14*day:], mean)}), 6.0, "of 100 with a swing of 56")
		})
	}
}

func TestWhatCannotBeExpected(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		values []float64
		opt    Options
		want   error
	}{
		"nothing":           {nil, Options{Algorithm: "mstl", Horizon: 1}, ErrTooShort},
		"two values":        {[]float64{1, nan, 2}, Options{Algorithm: "naive", Horizon: 1}, ErrTooShort},
		"too few for ARIMA": {oil, Options{Algorithm: "arima", Horizon: 1}, ErrTooShort},
		"no horizon":        {oil, Options{Algorithm: "naive"}, param.ErrInvalid},
		"unknown":           {oil, Options{Algorithm: "oracle", Horizon: 1}, ErrUnknownAlgorithm},
		"unknown option":    {oil, Options{Algorithm: "naive", Horizon: 1, Params: map[string]any{"x": 1.0}}, param.ErrInvalid},
	} {
		_, _, err := Expect(context.Background(), Input{Values: c.values, Step: time.Hour}, c.opt)
		require.ErrorIs(t, err, c.want, name)
	}
	_, _, err := Expect(context.Background(), Input{Values: oil}, Options{Algorithm: "naive", Horizon: 1})
	require.ErrorIs(t, err, param.ErrInvalid, "no step")
}

func TestTheExpectationStaysInsideTheBoundsAndLeavesTheInput(t *testing.T) {
	hi := 450.0
	values := append([]float64{math.NaN()}, oil...)
	in := Input{Values: values, Step: time.Hour, Bounds: Bounds{Max: &hi}}
	require.Equal(t, []float64{450, 450}, expect(t, in, Options{Algorithm: "naive", Horizon: 2}))
	requireSame(t, append([]float64{math.NaN()}, oil...), values)
	require.Equal(t, []float64{3, 3, 3}, expect(t, Input{Values: []float64{3, 3, math.Inf(1), 3}, Step: time.Hour}, Options{Algorithm: "ets", Horizon: 3}))
}
