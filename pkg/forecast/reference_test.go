package forecast

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func stl(y []float64, period, window int, robust bool) (season, trend []float64) {
	season, trend = make([]float64, len(y)), make([]float64, len(y))
	newSTL(len(y), period, window, robust, &stlWork{}).split(y, season, trend)
	return season, trend
}

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
		season, trend := stl(y, 12, 7, c.robust)
		require.InDelta(t, c.season0, season[0], 1e-9)
		require.InDelta(t, c.trend0, trend[0], 1e-9)
		require.InDelta(t, c.trend143, trend[143], 1e-9)
		require.InDelta(t, c.residual, y[0]-season[0]-trend[0], 1e-9)
	}
}

// More cycles than are smoothed from a table, the last of them incomplete. statsmodels 0.15.0: STL(y, period=12, seasonal=11,
// seasonal_deg=0, seasonal_jump=2, trend_jump=3, low_pass_jump=2).fit(inner_iter=2, outer_iter=0).
func TestSTLOfManyCyclesIsThatOfStatsmodels(t *testing.T) {
	y := make([]float64, 70*12+5)
	for i := range y {
		at := float64(i)
		y[i] = 50 + 10*math.Sin(2*math.Pi*at/12)*(1+at/800) + 3*math.Cos(at*1.7) + 0.01*at
	}
	season, trend := stl(y, 12, 11, false)
	for at, want := range map[int][2]float64{
		0: {0.19863287350824702, 50.20316645255257}, 400: {12.986035155962183, 54.0043247716162}, 835: {-9.91878571439283, 58.356342594649675},
		840: {0.1773660026605186, 58.48629004692967}, 844: {17.439384057049498, 58.60578966174709},
	} {
		require.InDelta(t, want[0], season[at], 1e-9, "season at %d", at)
		require.InDelta(t, want[1], trend[at], 1e-9, "trend at %d", at)
	}
}

func TestSTLGivesMissingPointsNoWeight(t *testing.T) {
	y := dayWeek(24*28, 24, 0, 0, 0.3, 3)
	whole, trend := stl(y, 24, 11, false)
	gappy := append([]float64(nil), y...)
	for i := 300; i < 330; i++ {
		gappy[i] = math.NaN()
	}
	season, trendToo := stl(gappy, 24, 11, false)
	for i := range y {
		require.InDelta(t, whole[i], season[i], 1.2)
		require.InDelta(t, trend[i], trendToo[i], 1.2)
	}
}

func TestMSTLIsSTLForEachPeriodTwice(t *testing.T) {
	// statsmodels 0.15.0: STL of period 24 with seasonal=11, then of 168 with seasonal=15, seasonal_deg=0, trend and low-pass
	// windows and jumps as R's stl chooses them, each on what the other leaves, twice (Bandara et al., algorithm 1)
	z := make([]float64, 24*28)
	for i := range z {
		x := float64(i)
		z[i] = 50 + 10*math.Sin(2*math.Pi*x/24) + 5*math.Cos(2*math.Pi*x/168) + 0.01*x + math.Sin(x*x*0.37)
	}
	d := mstl(z, []int{24, 168}, false, nil)
	adjusted := d.adjusted(z)
	for _, c := range []struct {
		at                         int
		daily, weekly, trend, rest float64
	}{
		{0, -0.24104522235373047, 5.332074309855787, 50.14616290139116, 49.90897091249795},
		{100, 8.868008551002942, -4.175355333398717, 51.0478071799056, 50.12174133614162},
		{335, -2.722998599143593, 5.190990892520539, 53.33995179116913, 52.55924487880087},
		{671, -3.0209941169298506, 5.192021353124317, 56.784625363185185, 57.010884790018125},
	} {
		require.InDelta(t, c.daily, d.seasons[0][c.at], 1e-6)
		require.InDelta(t, c.weekly, d.seasons[1][c.at], 1e-6)
		require.InDelta(t, c.trend, d.trend[c.at], 1e-6)
		require.InDelta(t, c.rest, adjusted[c.at], 1e-6)
	}
}

func TestETSIsAtLeastAsCloseAsThatOfStatsmodels(t *testing.T) {
	// statsmodels 0.15.0: ETSModel(y, error="add", ...).fit(maxiter=5000): sse and the first forecast. The initial states are
	// profiled out exactly here, so the errors can only be the same or smaller.
	for name, c := range map[string]struct {
		y             []float64
		form          etsForm
		sse, forecast float64
	}{
		"oil, level":  {oil, etsForm{}, 14236.772233997577, 542.6791442715601},
		"oil, trend":  {oil, etsForm{trend: true}, 10864.673437462945, 535.0444024699499},
		"Nile, level": {nile, etsForm{}, 2042013.5585777475, 804.9968816856509},
		"Nile, trend": {nile, etsForm{trend: true}, 2026825.950469653, 802.4712804727542},
	} {
		t.Run(name, func(t *testing.T) {
			m := estimate(c.y, c.form)
			sse, _ := squaresOf(c.y, m)
			require.LessOrEqual(t, sse, c.sse*(1+1e-6))
			require.InEpsilon(t, c.sse, sse, 0.02)
			require.InEpsilon(t, c.forecast, m.Forecast(1)[0], 0.01)
		})
	}
}

// squaresOf gives the least sum of squared errors at a model's parameters, and the initial states that have it.
func squaresOf(y []float64, m *etsModel) (sse float64, x0 []float64) {
	w := newProfile(y, m.shape.etsForm)
	sse = w.sse(m.params)
	w.x0[0] += w.shift
	return sse, w.x0
}

func TestHeldInitialStatesCostLittle(t *testing.T) {
	y := dayWeek(24*21, 24, 0, 0, 1, 3)
	form := etsForm{trend: true, damped: true, period: 24}
	w := newProfile(y, form)
	quick := w.sse(form.decode(w.search(form.parameters())))
	full := w.sse(form.decode(simplex(func(x []float64) float64 { return w.sse(form.decode(x)) }, form.parameters())))
	require.Less(t, quick, 1.02*full)
}

// Reference values of the ETS tests: R 4.2.2, package forecast 8.20.

func TestETSOfOilIsThatOfR(t *testing.T) {
	// ets(oil, "ANN"): alpha .8337, l0 446.559, sigma 29.829, AICc 179.859
	m := estimate(oil, etsForm{})
	require.InDelta(t, 0.8337, m.params.alpha, 5e-4)
	_, x0 := squaresOf(oil, m)
	require.InDelta(t, 446.559, x0[0], 0.1)
	require.InDelta(t, 179.859, m.aicc, 1e-3)
}

func TestETSOfTheNileIsThatOfR(t *testing.T) {
	// ets(Nile): ETS(A,N,N), alpha .24553, l0 1110.687, logLik -726.3905, AICc 1459.031
	fitted, err := ets{trend: "auto", errors: "additive"}.Fit(context.Background(), Input{Values: nile})
	require.NoError(t, err)
	m := fitted.(*etsModel)
	require.Equal(t, etsShape{}, m.shape)
	require.InDelta(t, 0.24553, m.params.alpha, 1e-3)
	sse, x0 := squaresOf(nile, m)
	require.InDelta(t, 1110.687, x0[0], 1)
	require.InDelta(t, -726.3905, -50*math.Log(sse), 1e-3)
	require.InDelta(t, 1459.031, m.aicc, 1e-3)
}

func TestHoltWintersOfAirPassengersIsAtLeastAsLikelyAsInR(t *testing.T) {
	// ets(log(AirPassengers), "AAA", damped = FALSE): alpha .69748, beta .0030583, gamma 1.13e-4, logLik 120.585. The initial
	// states are profiled out exactly here, so the likelihood can only be the same or a little higher.
	m := estimate(logs(airPassengers), etsForm{trend: true, period: 12})
	sse, _ := squaresOf(logs(airPassengers), m)
	logLik := -72 * math.Log(sse)
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
			d := fitDynamicTheta(c.y, false)
			for h := range 4 {
				require.InEpsilon(t, c.standard[h], s.Forecast(4)[h], 0.002)
				require.InEpsilon(t, c.dynamic[h], d.Forecast(4)[h], 0.002)
			}
		})
	}
}

func TestTheTableOfASmoothIsTheSmooth(t *testing.T) {
	for _, n := range []int{2, 3, 7, 11, 12, 30, 64} {
		for _, window := range []int{7, 11, 15} {
			s := prepared(window, 0, (window+9)/10)
			y, want, table := dayWeek(n, 5, 0, 0, 3, uint64(n)), make([]float64, n+2), make([]float64, (n+2)*n)
			s.smoothBeyond(y, nil, want)
			s.meansBeyond(table, n)
			for i, v := range want {
				sum := 0.0
				for j, w := range table[i*n : (i+1)*n] {
					sum += w * y[j]
				}
				require.InDelta(t, v, sum, 1e-9, "row %d of %d, window %d", i, n, window)
			}
		}
	}
}
