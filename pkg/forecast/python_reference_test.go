package forecast

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// Reference values of Python's libraries, statsforecast 2.1.1, statsmodels 0.15.0 and scipy 1.17.1: testdata/python.json, made by
// testdata/oracle.py (its head has the command) on the series of r.json.

// pythonValues is what oracle.py writes.
type pythonValues struct {
	Theta []struct {
		Series, Model       string
		Level, Alpha, Theta float64
		Fitted, Mean        reals
	}
	Sparse []struct {
		Series, Variant      string
		Alpha                float64
		Values, Mean, Fitted reals
	}
	Autoregression []struct {
		Series               string
		Periods, Lags        []int
		Logs                 bool
		Params, Fitted, Mean reals
	}
	Gaps []struct {
		Series      string
		Lags, Holes []int
		Params      reals
	}
	Decompositions []struct {
		Series      string
		Periods, At []int
		Robust      bool
		Trend       reals
		Seasons     []reals
	}
	Loess []struct {
		Series string
		Window int
		Smooth reals
	}
	Slopes []struct {
		Series string
		Slope  float64
	}
	Students []struct {
		Freedom              int
		Level, Width, Normal float64
	}
	Curves []struct {
		Name        string
		Y, Start, X reals
		Squares     float64
	}
	Piecewise []struct {
		Growth                  string
		Shares                  bool
		Capacity, Flexibility   float64
		Changepoints, Harmonics int
		Values, Model           reals
		Loss                    float64
	}
}

func readPython(t *testing.T) (v pythonValues, series map[string]rSeries) {
	readOracle(t, "python.json", &v)
	return v, readR(t).Series
}

// The equations of the four models, at the parameters that statsforecast found: no search has a part in this.
func TestEveryRecursionOfThetaIsThatOfStatsforecast(t *testing.T) {
	v, series := readPython(t)
	for _, c := range v.Theta {
		t.Run(c.Series+" "+c.Model, func(t *testing.T) {
			y := series[c.Series].Values
			m := dynamicTheta{alpha: c.Alpha, theta: c.Theta, l0: c.Level}
			if c.Model == "Theta" || c.Model == "OptimizedTheta" {
				a, b := line(y)
				m.fixed, m.a, m.b = true, a-b, b
			}
			got := make([]float64, len(y))
			m.run(y, got)
			require.InDeltaSlice(t, c.Fitted, newest(got, len(c.Fitted)), 1e-6*rms(y))
			require.InDeltaSlice(t, c.Mean, m.Forecast(len(c.Mean)), 1e-6*rms(y))
		})
	}
}

// Their searches are for the same least squares over the first three errors; ours comes at least as far.
func TestThetaFitsAtLeastAsCloselyAsStatsforecast(t *testing.T) {
	// Theirs starts at a level of -1e7, of which the three errors that do not count tell nothing; ours starts near the data.
	room := map[string]float64{"austres DynamicOptimizedTheta": 6e-3}
	v, series := readPython(t)
	for _, c := range v.Theta {
		fixed := c.Model == "OptimizedTheta"
		if !fixed && c.Model != "DynamicOptimizedTheta" {
			continue
		}
		t.Run(c.Series+" "+c.Model, func(t *testing.T) {
			y := series[c.Series].Values
			ours := fitDynamicTheta(y, fixed)
			theirs := dynamicTheta{alpha: c.Alpha, theta: c.Theta, l0: c.Level, fixed: fixed, a: ours.a, b: ours.b}
			got := make([]float64, len(y))
			theirs.run(y, got)
			squares := func(fitted []float64) float64 { return total(misses(y[thetaSkipped:], fitted[thetaSkipped:])) }
			require.LessOrEqual(t, squares(ours.Fitted()), squares(got)*(1+max(room[c.Series+" "+c.Model], 1e-3)))
			if squares(got) < squares(ours.Fitted())*(1+1e-3) {
				require.InDeltaSlice(t, c.Mean, ours.Forecast(len(c.Mean)), 0.01*rms(y), "as close, so the same forecast")
			}
		})
	}
}

func TestSparseCountsAreThoseOfStatsforecast(t *testing.T) {
	v, _ := readPython(t)
	for _, c := range v.Sparse {
		t.Run(fmt.Sprint(c.Series, " ", c.Variant, c.Alpha), func(t *testing.T) {
			m := fitted(t, Input{Values: c.Values}, intermittent{c.Variant, c.Alpha})
			require.InDeltaSlice(t, c.Mean, m.Forecast(len(c.Mean)), 1e-9)
			for i, f := range m.Fitted() {
				if !math.IsNaN(f) { // before anything came theirs is 0
					require.InDelta(t, c.Fitted[i], f, 1e-9, "at %d", i)
				}
			}
		})
	}
}

// The whole of the algorithm ar: lags chosen from the periods, in logs or not, iterated forecasts.
func TestTheSparseAutoregressionIsThatOfStatsmodels(t *testing.T) {
	v, series := readPython(t)
	for _, c := range v.Autoregression {
		t.Run(c.Series, func(t *testing.T) {
			y := series[c.Series].Values
			m := fitted(t, Input{Values: y, Periods: c.Periods}, sparseAR{logs: c.Logs}).(*regressionModel)
			require.Equal(t, c.Lags, arLags(c.Periods, len(y)))
			require.Equal(t, c.Logs, m.logs)
			near := 2e-3 * rms(y) // normal equations with a ridge of 1e-7
			require.InDeltaSlice(t, c.Fitted, newest(m.Fitted(), len(c.Fitted)), near)
			require.InDeltaSlice(t, c.Mean, m.Forecast(len(c.Mean)), near)
			require.InDeltaSlice(t, c.Params[1:], m.fit.coef, 0.02)
		})
	}
}

func TestLagsWithGapsAreLeastSquaresOverCompleteRows(t *testing.T) {
	v, series := readPython(t)
	for _, c := range v.Gaps {
		y := append([]float64(nil), series[c.Series].Values...)
		for _, i := range c.Holes {
			y[i] = math.NaN()
		}
		centre := meanOf(y)
		fit := regressLags(y, centre, c.Lags)
		require.InDeltaSlice(t, c.Params[1:], fit.coef, 1e-4, c.Series)
		constant := fit.constant + centre
		for _, b := range fit.coef {
			constant -= b * centre
		}
		require.InDelta(t, c.Params[0], constant, 1e-3*(1+math.Abs(c.Params[0])), c.Series)
	}
}

// R's stl parts from statsmodels' after a dozen robust rounds, in which its partial sort misses the median: hence this oracle.
func TestDecompositionsAreThoseOfStatsmodels(t *testing.T) {
	v, series := readPython(t)
	for _, c := range v.Decompositions {
		t.Run(fmt.Sprint(c.Series, c.Periods, c.Robust), func(t *testing.T) {
			d := mstl(series[c.Series].Values, c.Periods, c.Robust, nil)
			for k, i := range c.At {
				require.InDelta(t, c.Trend[k], d.trend[i], 1e-6, "trend at %d", i)
				for s := range c.Periods {
					require.InDelta(t, c.Seasons[s][k], d.seasons[s][i], 1e-6, "season %d at %d", c.Periods[s], i)
				}
			}
		})
	}
}

// A local line at every point, whatever the window, the ends among them.
func TestLoessIsThatOfStatsmodels(t *testing.T) {
	v, series := readPython(t)
	for _, c := range v.Loess {
		y := series[c.Series].Values
		s, out := prepared(c.Window, 1, 1), make([]float64, len(y))
		s.smooth(y, nil, out)
		require.InDeltaSlice(t, c.Smooth, out, 1e-8*rms(y), "%s, window %d", c.Series, c.Window)
	}
}

func TestTheilSenWithGapsIsThatOfScipy(t *testing.T) {
	v, series := readPython(t)
	for _, c := range v.Slopes {
		at, mid := BlockMedians(series[c.Series].Values, 1)
		require.InDelta(t, c.Slope, TheilSen(at, mid), 1e-9*(1+math.Abs(c.Slope)), c.Series)
	}
}

func TestWidthsAreThoseOfScipy(t *testing.T) {
	v, _ := readPython(t)
	for _, c := range v.Students {
		require.InDelta(t, c.Normal, normalWidth(c.Level), 1e-9)
		switch {
		case c.Freedom == 4:
			require.InDelta(t, c.Width, studentWidth(c.Level), 1e-9, "at %v", c.Level)
			require.InDelta(t, c.Width/c.Normal, fewOrigins(c.Level, manyOrigins-1), 1e-9)
		case c.Level == 0.8:
			require.InDelta(t, c.Width/c.Normal, fewOrigins(c.Level, manyOrigins), 1e-9, "many have the 80 %% of 8 degrees")
		}
	}
}

// The search behind exponential smoothing in shares and ARIMA, on curves of other kinds.
func TestMarquardtIsAsCloseAsScipy(t *testing.T) {
	curves := map[string]func(x []float64, t float64) float64{
		"decay":  func(x []float64, t float64) float64 { return x[0]*math.Exp(-x[1]*t) + x[2] },
		"peak":   func(x []float64, t float64) float64 { return x[0] * math.Exp(-square((t-x[1])/x[2])) },
		"growth": func(x []float64, t float64) float64 { return x[0] / (1 + math.Exp(-x[1]*(t-x[2]))) },
		"wave":   func(x []float64, t float64) float64 { return x[0] * math.Sin(x[1]*t+x[2]) },
		"power":  func(x []float64, t float64) float64 { return x[0] * math.Pow(t+1, x[1]) },
	}
	v, _ := readPython(t)
	for _, c := range v.Curves {
		t.Run(c.Name, func(t *testing.T) {
			typical := make([]float64, len(c.Start))
			for i, s := range c.Start {
				typical[i] = max(math.Abs(s), 0.1)
			}
			x, squares := marquardt(func(x, out []float64) {
				for i := range out {
					out[i] = c.Y[i] - curves[c.Name](x, float64(i))
				}
			}, c.Start, typical, len(c.Y), 1e-12)
			require.InEpsilon(t, c.Squares, squares, 1e-6)
			require.InDeltaSlice(t, c.X, x, 1e-2)
		})
	}
}

// loss is twice the model's negative log posterior, up to a constant, with the noise's size profiled out.
func (m *piecewiseModel) loss(y []float64, flexibility float64) float64 {
	basis, seasons := m.scratch()
	squares, prior := 0.0, 0.0
	for t, v := range y {
		squares += square((v - m.at(t, basis, seasons)) / m.unit)
	}
	for j, v := range m.theta {
		switch {
		case j < m.changeTerms():
			prior += v * v / (2 * trendPrior * trendPrior)
		case j < m.trendTerms():
			prior += math.Abs(v) / flexibility
		default:
			prior += v * v / (2 * seasonPrior * seasonPrior)
		}
	}
	return float64(len(y))/2*math.Log(squares/float64(len(y))) + prior
}

// scipy's L-BFGS-B on the same posterior, each change of slope as the difference of two positive numbers.
func TestThePiecewiseModelIsThePosteriorMode(t *testing.T) {
	v, _ := readPython(t)
	for _, c := range v.Piecewise {
		t.Run(fmt.Sprint(c.Growth, " shares ", c.Shares), func(t *testing.T) {
			zero := 0.0
			f := piecewise{c.Growth, map[bool]string{false: "additive", true: "multiplicative"}[c.Shares], c.Changepoints, c.Flexibility, c.Harmonics}
			in := Input{Values: c.Values, Periods: []int{24}, Bounds: Bounds{&zero, &c.Capacity}}
			made, err := f.Fit(context.Background(), in)
			require.NoError(t, err)
			m := made.(*piecewiseModel)
			basis, seasons := m.scratch()
			require.InDelta(t, c.Loss, m.loss(c.Values, c.Flexibility), 0.5, "the posterior is as high")
			for i, want := range c.Model {
				require.InDelta(t, want, m.at(i, basis, seasons), 0.1, "step %d", i)
			}
		})
	}
}
