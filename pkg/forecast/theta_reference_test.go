package forecast

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Reference values of numpy and scipy: testdata/bands.json, as in bands_reference_test.go.

// minimaOf are the functions of the same names in bands.py.
var minimaOf = map[string]func(x float64) float64{
	"parabola": func(x float64) float64 { return square(x - 0.3) },
	"quartic":  func(x float64) float64 { return square(square(x-0.62)) + 0.1*x },
	"wave":     func(x float64) float64 { return math.Sin(7 * x) },
	"kink":     func(x float64) float64 { return math.Abs(x-0.43) + x*x/5 },
	"logs":     func(x float64) float64 { return x - 0.5*math.Log(x) },
	"steep":    func(x float64) float64 { return math.Exp(6*(x-0.5)) - 9*x },
	"root":     func(x float64) float64 { return math.Sqrt(math.Abs(x-0.74)) + 0.05*x },
}

// Brent's method from the same three points comes to scipy's minimum, and needs no more values of the function, but for what it takes
// to come closer than scipy is asked to (theirs is a relative tolerance).
func TestTheMinimiserIsThatOfScipy(t *testing.T) {
	v, _ := readBands(t)
	require.Len(t, v.Minima, len(minimaOf))
	for _, c := range v.Minima {
		t.Run(c.Name, func(t *testing.T) {
			f, tried, best := minimaOf[c.Name], 0, c.Start
			start := f(c.Start)
			least := start
			lowest(func(x float64) float64 {
				require.True(t, c.Lo <= x && x <= c.Hi)
				tried++
				y := f(x)
				if y < least {
					best, least = x, y
				}
				return y
			}, c.Lo, c.Start, c.Hi, start)
			require.InDelta(t, c.X, best, 3*thetaClose)
			require.LessOrEqual(t, tried, c.Tried+4)
		})
	}
}

// Even where all values are alike, or none is a number, looking for the lowest ends.
func TestLookingForTheLowestEnds(t *testing.T) {
	for name, f := range map[string]func(float64) float64{
		"flat":        func(float64) float64 { return 3 },
		"no number":   func(float64) float64 { return math.NaN() },
		"endless":     func(float64) float64 { return math.Inf(1) },
		"falling":     func(x float64) float64 { return -x },
		"rising":      func(x float64) float64 { return x },
		"one lowest":  func(x float64) float64 { return indicator(x != 0.3) },
		"huge values": func(x float64) float64 { return 1e300 * square(x-0.2) },
		"tiny values": func(x float64) float64 { return 1e-300 * square(x-0.2) },
	} {
		for _, start := range []float64{0.1, 0.17, 0.3, 0.4} {
			tried, last := 0, math.NaN()
			lowest(func(x float64) float64 {
				require.True(t, 0.1 <= x && x <= 0.4, "%s from %v: %v", name, start, x)
				require.NotEqual(t, last, x, "%s: no place is tried twice in a row", name)
				tried, last = tried+1, x
				return f(x)
			}, 0.1, start, 0.4, f(start))
			require.LessOrEqual(t, tried, thetaTrials, name)
		}
	}
}

// numpy's polyfit of the first k points for every k: the lines that the forecasts go by are made from one another.
func TestTheLineSoFarIsTheRegressionOnThePointsSoFar(t *testing.T) {
	v, series := readBands(t)
	for _, c := range v.Lines {
		y := series[c.Series].Values
		l := newThetaLines(y, false)
		near := 1e-8 * rms(y)
		require.InDeltaSlice(t, c.A[:len(y)], l.a, near, c.Series)
		require.InDeltaSlice(t, c.B[:len(y)], l.b, near, c.Series)
		require.InDelta(t, c.A[len(y)], l.last.a, near, "%s: that of all points", c.Series)
		require.InDelta(t, c.B[len(y)], l.last.b, near)
		require.InDelta(t, meanOf(y), l.last.mean, near)
		a, b := line(y)
		fixed := newThetaLines(y, true)
		for i := range y {
			require.Equal(t, [2]float64{a - b, b}, [2]float64{fixed.a[i], fixed.b[i]}, "a line that stands is that of all points")
		}
	}
}

// scipy's bounded least squares on the model's equations written out: initial level and share of the line at an alpha.
func TestThetaAtAnAlphaIsLeastSquaresWithinBounds(t *testing.T) {
	v, series := readBands(t)
	for _, c := range v.Lines {
		y := series[c.Series].Values
		lines := newThetaLines(y, false)
		for _, want := range c.Best {
			m, sse := lines.solve(y, want.Alpha)
			require.InEpsilon(t, want.Squares, sse, 1e-6, "%s at %v", c.Series, want.Alpha)
			got := make([]float64, len(y))
			m.follow(y, lines, got)
			require.InDeltaSlice(t, want.Fitted, got, 1e-4*rms(y), "%s at %v", c.Series, want.Alpha)
		}
	}
}

// Following known lines is running the model point by point, and leaves it where running does, so that it goes on alike.
func TestFollowingIsRunning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		y := rapid.SliceOfN(rapid.Float64Range(-1e3, 1e3), 5, 200).Draw(t, "y")
		fixed := rapid.Bool().Draw(t, "fixed")
		m := dynamicTheta{alpha: rapid.Float64Range(thetaLeast, thetaMost).Draw(t, "alpha"), theta: rapid.Float64Range(1, 50).Draw(t, "theta"), l0: y[0] / 2, fixed: fixed}
		lines := newThetaLines(y, fixed)
		if fixed {
			m.a, m.b = lines.a[0], lines.b[0]
		}
		ran, followed := m, m
		want, got := make([]float64, len(y)), make([]float64, len(y))
		ran.run(y, want)
		followed.follow(y, lines, got)
		require.InDeltaSlice(t, want, got, 1e-7)
		require.InDeltaSlice(t, ran.Forecast(10), followed.Forecast(10), 1e-7)
		for _, v := range []float64{3, math.NaN(), -40} {
			ran.push(v)
			followed.push(v)
			require.InDelta(t, ran.next(), followed.next(), 1e-7)
		}
	})
}

// Eight values of alpha are tried and the best of them is closed in on, so a narrow valley between two that were tried can be missed.
// That is rare: at most one in a hundred noisy series has squared errors on a fine grid that are smaller by a thousandth, and none by a
// twentieth.
func TestNoAlphaIsMuchBetterThanTheOneFound(t *testing.T) {
	const cases = 500
	missed := 0
	for seed := range uint64(cases) {
		n := 12 + int(seed*7%139)
		y := dayWeek(n, 7, 0, float64(seed%5)/2-1, 0.1+float64(seed%11)/2, seed)
		lines := newThetaLines(y, seed%2 == 0)
		_, found := lines.solve(y, fitDynamicTheta(slices.Clone(y), seed%2 == 0).alpha)
		least := found
		for alpha := thetaLeast; alpha <= thetaMost; alpha += 0.01 {
			_, sse := lines.solve(y, alpha)
			least = min(least, sse)
		}
		missed += int(indicator(least < found*(1-1e-3)))
		require.Greater(t, least, 0.95*found, "seed %d", seed)
	}
	require.LessOrEqual(t, missed, cases/100)
}
