package forecast

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSTLIsThatOfStatsmodels(t *testing.T) {
	// statsmodels 0.15.0: STL(log(y), period=12, seasonal=7, robust=True, seasonal_deg=0, seasonal_jump=1, trend_jump=3,
	// low_pass_jump=2).fit(inner_iter=1, outer_iter=15), and with robust=False .fit(inner_iter=2, outer_iter=0)
	y := logs(airPassengers)
	for _, c := range []struct {
		robust                              bool
		season0, trend0, trend143, residual float64
	}{
		{false, -0.09155863854025993, 4.8091127144889505, 6.197001927713922, 0.0009447953464034597},
		{true, -0.06827560720319059, 4.795518684698449, 6.201443461743816, -0.008744206200164584},
	} {
		season, trend := stl(y, stlOptions{period: 12, seasonal: 7, robust: c.robust})
		require.InDelta(t, c.season0, season[0], 1e-9)
		require.InDelta(t, c.trend0, trend[0], 1e-9)
		require.InDelta(t, c.trend143, trend[143], 1e-9)
		require.InDelta(t, c.residual, y[0]-season[0]-trend[0], 1e-9)
	}
}

// Reference values of the ETS tests: R 4.2.2, package forecast 8.20.

func TestETSOfOilIsThatOfR(t *testing.T) {
	// ets(oil, "ANN"): alpha .8337, l0 446.559, sigma 29.829, AICc 179.859
	m := estimate(oil, etsForm{})
	require.InDelta(t, 0.8337, m.params.alpha, 5e-4)
	require.InDelta(t, 446.559, m.x0[0], 0.1)
	require.InDelta(t, 179.859, m.aicc, 1e-3)
}

func TestETSOfTheNileIsThatOfR(t *testing.T) {
	// ets(Nile): ETS(A,N,N), alpha .24553, l0 1110.687, logLik -726.3905, AICc 1459.031
	fitted, err := ets{trend: "auto"}.Fit(context.Background(), Input{Values: nile})
	require.NoError(t, err)
	m := fitted.(*etsModel)
	require.Equal(t, etsForm{}, m.form)
	require.InDelta(t, 0.24553, m.params.alpha, 1e-3)
	require.InDelta(t, 1110.687, m.x0[0], 1)
	require.InDelta(t, -726.3905, -50*math.Log(m.sse), 1e-3)
	require.InDelta(t, 1459.031, m.aicc, 1e-3)
}

func TestHoltWintersOfAirPassengersIsAtLeastAsLikelyAsInR(t *testing.T) {
	// ets(log(AirPassengers), "AAA", damped = FALSE): alpha .69748, beta .0030583, gamma 1.13e-4, logLik 120.585. The initial
	// states are profiled out exactly here, so the likelihood can only be the same or a little higher.
	m := estimate(logs(airPassengers), etsForm{trend: true, period: 12})
	logLik := -72 * math.Log(m.sse)
	require.GreaterOrEqual(t, logLik, 120.585-0.01)
	require.Less(t, logLik, 122.0)
	require.InDelta(t, 0.69748, m.params.alpha, 0.05)
}

func TestThetaIsThatOfStatsforecast(t *testing.T) {
	// statsforecast 2.1.1: Theta(season_length=1) and DynamicOptimizedTheta(season_length=1), fit(y).predict(h=4)["mean"].
	// It optimises the initial level together with alpha on a coarser tolerance, hence one part in five hundred.
	for name, c := range map[string]struct {
		y                 []float64
		standard, dynamic [4]float64
	}{
		"oil":  {oil, [4]float64{546.06193616, 548.89682781, 551.73171945, 554.56661109}, [4]float64{542.7472657, 542.7472657, 542.7472657, 542.7472657}},
		"nile": {nile, [4]float64{800.88499189, 799.52783917, 798.17068646, 796.81353374}, [4]float64{798.23018873, 798.23018873, 798.23018873, 798.23018873}},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := fitStandardTheta(c.y)
			require.NoError(t, err)
			d, err := fitDynamicTheta(c.y)
			require.NoError(t, err)
			for h := range 4 {
				require.InEpsilon(t, c.standard[h], s.Forecast(4)[h], 0.002)
				require.InEpsilon(t, c.dynamic[h], d.Forecast(4)[h], 0.002)
			}
		})
	}
}
