package forecast

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Edges of the parts by themselves, which a run as a whole meets rarely.

// A forecaster that is asked by itself refuses what is too little for it, and names how much would do.
func TestAForecasterByItselfCountsWhatItHas(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		f      Forecaster
		values []float64
		says   string
	}{
		"naive":       {seasonalNaive{}, []float64{nan, nan}, "the series has no known value, at least 1 is needed"},
		"croston":     {intermittent{"croston", 0.1}, []float64{1, nan, 0}, "3"},
		"theta":       {thetaForecaster{"dynamic"}, []float64{1, 2, nan, 3, 4}, "5"},
		"linear":      {linear{}, []float64{1, 2, 3, 4, nan, 5}, "6"},
		"no backtest": {combination{horizon: 5}, []float64{1, 2, 3, 4, 5, 6, 7}, "7 known values leave no room for a backtest"},
	} {
		_, err := c.f.Fit(t.Context(), Input{Values: c.values, Step: time.Hour})
		require.ErrorIs(t, err, ErrTooShort, name)
		require.ErrorContains(t, err, c.says, name)
	}
}

// The clocks' change stands between the caller and the refusal: it comes through as it is.
func TestTooLittleHistoryIsToldThroughAChangeOfClocks(t *testing.T) {
	night := time.Date(2026, 3, 28, 20, 0, 0, 0, time.UTC)
	in := Input{Values: []float64{1, math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN(), math.NaN(), 2}, Step: time.Hour, Start: night, Zone: zoneNamed(t, "Europe/Berlin")}
	opt := Options{Algorithm: "theta", Horizon: 3, Confidence: 0.9}
	_, err := Run(t.Context(), in, opt)
	require.ErrorIs(t, err, ErrTooShort)
	_, _, err = Expect(t.Context(), in, opt)
	require.ErrorIs(t, err, ErrTooShort)
	_, _, err = Train(t.Context(), in, opt)
	require.ErrorIs(t, err, ErrTooShort)
}

func TestNoStepHasNoSeason(t *testing.T) {
	x := dayWeek(24*28, 24, 6, 0, 0.1, 1)
	require.NotEmpty(t, DetectPeriods(x, time.Hour))
	require.Nil(t, DetectPeriods(x, 0))
	require.Nil(t, DetectPeriods(x, -time.Hour))
	require.Nil(t, DetectPeriods(series200(math.NaN()), time.Hour))
	require.Nil(t, DetectPeriods(series200(5), time.Hour))
}

// series200 is the same value two hundred times.
func series200(v float64) []float64 { return slices.Repeat([]float64{v}, 200) }

// A window of one point has no neighbours: the smooth are the values.
func TestAWindowOfOnePointSmoothsNothing(t *testing.T) {
	x, out := noise(40, 3, 1, 9), make([]float64, 40)
	for _, degree := range []int{0, 1} {
		s := prepared(1, degree, 1)
		s.smooth(x, nil, out)
		require.InDeltaSlice(t, x, out, 1e-12)
		require.Nil(t, s.kernel, "nothing is worth preparing")
	}
}

// Where nothing is known as far as the window reaches, the trend stays where it was, and what comes after the gap is followed again.
func TestATrendStaysWhereItWasThroughALongGap(t *testing.T) {
	y := make([]float64, 300)
	for i := range y {
		y[i] = 10
		if i >= 200 {
			y[i] = 50
		}
		if i >= 60 && i < 200 {
			y[i] = math.NaN()
		}
	}
	trend := smoothTrend(y)
	require.True(t, finite(trend))
	for i, v := range trend {
		switch {
		case i < 160:
			require.InDelta(t, 10, v, 1e-9, "at %d", i)
		case i >= 200:
			require.InDelta(t, 50, v, 1e-9, "at %d", i)
		}
	}
	r, err := Run(t.Context(), Input{Values: y, Step: time.Hour, Periods: []int{}}, Options{Algorithm: "naive", Horizon: 5, Confidence: 0.9, Components: true})
	require.NoError(t, err)
	require.Equal(t, trend, r.Components[0].Past)
}

// Nothing is known of the last whole mean: the steps start from the next one, not from nowhere.
func TestDetailAfterAnOutageStartsFromTheNextMean(t *testing.T) {
	nan := math.NaN()
	d := detail{q: 3, phi: 0.5}
	require.Equal(t, []float64{6, 6, 6}, d.refine([]float64{6, 6}, 30, []float64{nan, nan, nan}, 3))
	got := d.refine([]float64{6, 6}, 30, []float64{nan, nan, 8}, 3)
	require.InDeltaSlice(t, []float64{7, 6.5, 6.25}, got, 1e-9, "one of three is too few for a mean, and still the last value is")
}

// A sale on the calendar is a part of its own, which is what the values have beside trend and season, in the past and ahead.
func TestAnEventIsAPartOfItsOwn(t *testing.T) {
	const n, h = 24 * 21, 48
	sale := Event{Name: "sale", Steps: []int{100, 101, 102, 103, 104, 300, 301, 302, 303, 304, n + 10, n + 11}}
	x := dayWeek(n+h, 24, 0, 0, 0.1, 3)
	for _, i := range sale.Steps {
		x[i] += 40
	}
	in := Input{Values: x[:n], Step: time.Hour, Start: monday, Periods: []int{24}, Events: []Event{sale}}
	r, err := Run(context.Background(), in, Options{Algorithm: "piecewise", Horizon: h, Confidence: 0.9, Components: true})
	require.NoError(t, err)
	k := slices.IndexFunc(r.Components, func(c Component) bool { return c.Name == eventsComponent })
	require.Positive(t, k)
	for i, v := range slices.Concat(r.Components[k].Past, r.Components[k].Future) {
		if sale.Covers(i) {
			require.InDelta(t, 40, v, 4, "step %d", i)
		} else {
			require.Zero(t, v, "step %d", i)
		}
	}
	for t1, v := range in.Values {
		for _, c := range r.Components {
			v -= c.Past[t1]
		}
		require.InDelta(t, 0, v, 1e-9, "the parts add up at %d", t1)
	}
	require.InDelta(t, x[n+10], r.Mean[10], 4, "and the sale to come is in the forecast")
	require.InDelta(t, x[n+12], r.Mean[12], 4)
}
