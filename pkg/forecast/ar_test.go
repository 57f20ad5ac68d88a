package forecast

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
)

// Luteinising hormone in blood, every ten minutes (Diggle 1990; R's lh).
var lh = []float64{
	2.4, 2.4, 2.4, 2.2, 2.1, 1.5, 2.3, 2.3, 2.5, 2.0, 1.9, 1.7, 2.2, 1.8, 3.2, 3.2, 2.7, 2.2, 2.2, 1.9, 1.9, 1.8, 2.7, 3.0,
	2.3, 2.0, 2.0, 2.9, 2.9, 2.7, 2.7, 2.3, 2.6, 2.4, 1.8, 1.7, 1.5, 1.4, 2.1, 3.3, 3.5, 3.5, 3.1, 2.6, 2.1, 3.4, 3.0, 2.9,
}

// estimated gives the autoregression on some lags, and its constant as the textbooks have it.
func estimated(t *testing.T, y []float64, lags ...int) (m *regressionModel, constant float64) {
	m = &regressionModel{n: len(y), length: len(y), lags: lags, y: y, centre: meanOf(y)}
	m.fit = regressLags(y, m.centre, lags)
	require.NotNil(t, m.fit)
	m.lo, m.hi = series.Extent(y)
	return m, m.Explain()["constant"]
}

func TestAutoregressionIsThatOfStatsmodels(t *testing.T) {
	// statsmodels 0.15.0: AutoReg(lh, 3).fit(); R 4.2.2's ar.ols(lh, order.max = 3, aic = FALSE) gives .65782 -.06581 -.23484
	m, constant := estimated(t, lh, 1, 2, 3)
	require.InDeltaSlice(t, []float64{0.65782378, -0.06581322, -0.23483547}, m.fit.coef, 1e-6)
	require.InDelta(t, 1.53752119, constant, 1e-6)
	require.InDeltaSlice(t, []float64{2.44932988, 2.25338388, 2.17762953}, m.Forecast(3), 1e-6)

	// AutoReg(log(AirPassengers), [1, 2, 12, 13]).fit()
	m, _ = estimated(t, logs(airPassengers), 1, 2, 12, 13)
	require.InDeltaSlice(t, []float64{0.7114580799431651, -0.024364065827465087, 0.9157473939443029, -0.6220388835031747}, m.fit.coef, 2e-5)
	f := m.Forecast(12)
	require.InDeltaSlice(t, []float64{6.105974581651014, 6.053079586426074, 6.151198021947845}, []float64{f[0], f[1], f[11]}, 1e-5)
}

func TestAutoregressionContinuesWhatItCanExpress(t *testing.T) {
	wave := func(i int) float64 {
		t := 2 * math.Pi * float64(i)
		return 50 + 0.01*float64(i) + 10*math.Sin(t/24) + 3*math.Cos(t/168)
	}
	y := make([]float64, 24*28)
	for i := range y {
		y[i] = wave(i)
	}
	m, err := sparseAR{}.Fit(context.Background(), Input{Values: y, Periods: []int{24, 168}})
	require.NoError(t, err)
	for h, f := range m.Forecast(72) {
		require.InDelta(t, wave(len(y)+h), f, 0.02)
	}
	fitted := m.Fitted()
	for i := 200; i < len(y); i++ {
		require.InDelta(t, y[i], fitted[i], 0.02)
	}
}

func TestAutoregressionLearnsFromCompleteRowsOnly(t *testing.T) {
	// An AR(1) of coefficient 0.8 with a fifth of its points missing at random is still that AR(1).
	rng := rand.New(rand.NewPCG(3, 3))
	y := make([]float64, 6000)
	for i := range y[1:] {
		y[i+1] = 0.8*y[i] + rng.NormFloat64()
	}
	for i := range y {
		if rng.Float64() < 0.2 {
			y[i] = math.NaN()
		}
	}
	fit := regressLags(y, 0, []int{1, 2})
	require.InDelta(t, 0.8, fit.coef[0], 0.05)
	require.InDelta(t, 0, fit.coef[1], 0.05)
}

func TestAutoregressionStaysNearItsDataWhenItExplodes(t *testing.T) {
	y := make([]float64, 60)
	for i := range y {
		y[i] = math.Pow(1.3, float64(i))
	}
	m, err := sparseAR{}.Fit(context.Background(), Input{Values: y, Periods: []int{}})
	require.NoError(t, err)
	f := m.Forecast(1000)
	require.True(t, finite(f))
	require.LessOrEqual(t, f[0], 1.5*y[59])
}

func TestLagsAreThoseOfTheSeasonsTheHistoryCanTell(t *testing.T) {
	for name, c := range map[string]struct {
		periods []int
		n       int
		want    []int
	}{
		"no season":               {nil, 100, []int{1, 2, 3, 4, 5}},
		"a day":                   {[]int{24}, 500, []int{1, 2, 3, 4, 5, 21, 22, 23, 24, 25, 26, 27}},
		"a long season":           {[]int{288}, 2000, []int{1, 2, 3, 4, 5, 286, 287, 288, 289, 290}},
		"a season within five":    {[]int{4}, 100, []int{1, 2, 3, 4, 5, 6, 7}},
		"too short for the day":   {[]int{24}, 40, []int{1, 2, 3, 4, 5}},
		"hardly enough for one":   {nil, 6, []int{1}},
		"neighbouring seasons":    {[]int{6, 12}, 500, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}},
		"part of a group of lags": {[]int{24}, 60, []int{1, 2, 3, 4, 5, 21, 22, 23, 24, 25}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, arLags(c.periods, c.n)) })
	}
}

func TestGapsAreFilledFromTheSeasonBefore(t *testing.T) {
	nan := math.NaN()
	y := []float64{1, 2, 3, 4, 5, 6, 7, 8, 1, nan, 3, 4, nan, nan, nan, nan, nan, nan, nan, 9}
	require.Equal(t, []float64{1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 9}, fillGaps(y, []int{8}))
	require.Equal(t, []float64{7, 7, 8, 9, 9}, fillGaps([]float64{nan, 7, nan, 9, nan}, nil))
	whole := []float64{1, 2}
	require.Equal(t, whole, fillGaps(whole, []int{1}))
}

func TestSolveRefusesWhatIsNotPositive(t *testing.T) {
	require.False(t, solve([]float64{0}, []float64{1}, 1, 1e-7))
	require.False(t, solve([]float64{1, 2, 2, 1}, []float64{1, 1}, 2, 1e-7))
	r := []float64{5, 7}
	require.True(t, solve([]float64{2, 1, 1, 3}, r, 2, 0))
	require.InDeltaSlice(t, []float64{1.6, 1.8}, r, 1e-12)
}
