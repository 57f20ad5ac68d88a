package forecast

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// ARIMA beside R's stats; see r_reference_test.go.

// within tells whether an autoregression is inside the region that ours are sought in: its partial autocorrelations are.
func within(coef []float64) bool {
	a := slices.Clone(coef)
	for k := len(a) - 1; k >= 0; k-- {
		r := a[k]
		if math.Abs(r) >= arimaEdge {
			return false
		}
		before := slices.Clone(a[:k])
		for i := range k {
			a[i] = (before[i] + r*before[k-1-i]) / (1 - r*r)
		}
	}
	return true
}

// armaErrors gives the one-step errors of a model of w with a mean, as conditional has them.
func armaErrors(w, ar, ma []float64, mean float64) []float64 {
	e := make([]float64, len(w))
	constant := mean
	for _, a := range ar {
		constant -= a * mean
	}
	conditional(w, ar, moved(ma, 0, -1), constant, e)
	return e
}

func total(e []float64) (squares float64) {
	for _, v := range e {
		squares += v * v
	}
	return squares
}

// R's arima(method = "CSS", n.cond = 4) sums up the same errors. Its coefficients give the same errors and forecasts here; and with
// ours, where R's are inside the region that ours are sought in, the sum is as small.
func TestConditionalARMAIsThatOfR(t *testing.T) {
	// Our search, from zero, ends in another minimum; for the first the mean is then so far off that there is no estimate.
	second := map[string]float64{"lh (2,0,2)": math.Inf(1), "lynx (1,0,2)": 1.66, "lh (3,0,2)": 1.03, "nile (2,1,2)": 1.02, "www (3,1,2)": 1.02}
	v := readR(t)
	compared := 0
	for _, c := range v.ARIMA {
		name := fmt.Sprintf("%s (%d,%d,%d)", c.Series, c.P, c.D, c.Q)
		t.Run(name, func(t *testing.T) {
			y := []float64(v.Series[c.Series].Values)
			if c.Series == "lynx" {
				y = logs(y)
			}
			w := difference(y, c.D)
			e := armaErrors(w, c.AR, c.MA, c.Mean)
			require.InEpsilon(t, c.Squares, total(e), 1e-6)
			require.InDeltaSlice(t, c.Residuals, newest(e, len(c.Residuals)), 1e-6*rms(w))

			if !within(c.AR) || !within(moved(c.MA, 0, -1)) {
				return
			}
			compared++
			x, _ := estimateARMA(w, arimaOrder{c.P, c.D, c.Q, c.D == 0})
			if math.IsInf(second[name], 1) {
				require.Nil(t, x)
				return
			}
			m, mean := newARIMAModel(arimaOrder{c.P, 0, c.Q, c.D == 0}, x), 0.0
			if c.D == 0 {
				mean = x[len(x)-1]
			}
			require.LessOrEqual(t, total(armaErrors(w, m.ar, m.ma, mean)), c.Squares*max(second[name], 1.001))
			if c.Q == 0 {
				require.InDeltaSlice(t, c.AR, m.ar, 1e-5, "without a moving average there is one minimum")
			}
		})
	}
	require.Greater(t, compared, 80)
}

// The forecasts of R's models, levels put back together from differences.
func TestARIMAGoesOnAsInR(t *testing.T) {
	v := readR(t)
	for _, c := range v.ARIMA {
		if !within(c.AR) || !within(moved(c.MA, 0, -1)) {
			continue
		}
		y := []float64(v.Series[c.Series].Values)
		if c.Series == "lynx" {
			y = logs(y)
		}
		o := arimaOrder{c.P, c.D, c.Q, c.D == 0}
		m := newARIMAModel(o, make([]float64, c.P+c.Q+1))
		ar := slices.Clone(c.AR)
		for range c.D {
			ar = append(ar, 0)
			for i := len(ar) - 1; i > 0; i-- {
				ar[i] -= ar[i-1]
			}
			ar[0]++
		}
		m.ar, m.ma, m.constant = ar, c.MA, c.Mean
		for _, a := range c.AR {
			m.constant -= a * c.Mean
		}
		m.run(y, make([]float64, len(y)))
		near := 1e-6 * rms(y)
		if c.Q > 0 {
			near = 0.1 * math.Sqrt(c.Squares/float64(len(y))) // R's goes on by a Kalman filter, which knows something of the first errors
		}
		require.InDeltaSlice(t, c.Ahead, m.Forecast(len(c.Ahead)), near, "%s (%d,%d,%d)", c.Series, c.P, c.D, c.Q)
	}
}
