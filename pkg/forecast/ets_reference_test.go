package forecast

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Exponential smoothing beside R's forecast; see r_reference_test.go.

// etsOf reads a model of R's ets: its form, its parameters and its initial states, the season's next value first.
func etsOf(model string, period int, p, states reals) (*etsModel, []float64) {
	m := &etsModel{params: etsParams{p[0], p[1], p[2], p[3]}}
	m.shape.relativeErrors, m.shape.relativeSeason = model[0] == 'M', model[2] == 'M'
	if m.shape.trend = model[1] == 'A'; m.shape.trend {
		if m.shape.damped = strings.HasSuffix(model, "d"); !m.shape.damped {
			m.params.phi = 1
		}
	}
	x0 := slices.Clone(states)
	if period > 1 {
		m.shape.period = period
		slices.Reverse(x0[len(x0)-period:]) // R's newest comes first
	}
	return m, x0
}

// deviance is twice the negative log likelihood, as R has it, of a model started from x0.
func (m *etsModel) deviance(y, x0 []float64) float64 {
	out := make([]float64, len(y))
	run := etsModel{shape: m.shape}
	run.state.load(x0, m.shape.etsForm)
	squares, logs := 0.0, 0.0
	for _, v := range y {
		f, e := run.state.step(v, m.params, m.shape.relativeSeason)
		if m.shape.relativeErrors {
			e /= f
			logs += math.Log(math.Abs(f))
		}
		squares += e * e
	}
	return float64(len(out))*math.Log(squares) + 2*logs
}

// Given the parameters and the initial states that R found, the recursions of all fifteen members of the family give R's fitted
// values, forecasts and likelihood: no search has a part in this.
func TestEveryRecursionOfExponentialSmoothingIsThatOfR(t *testing.T) {
	v := readR(t)
	forms := map[string]bool{}
	for _, c := range v.ETS {
		t.Run(c.Series+" "+c.Model, func(t *testing.T) {
			y := v.Series[c.Series].Values
			m, x0 := etsOf(c.Model, c.Period, c.Parameters, c.States)
			m.run(y, 0, nil, x0)
			size := rms(y)
			require.InDeltaSlice(t, c.Fitted, newest(m.Fitted(), len(c.Fitted)), 1e-8*size)
			require.InDeltaSlice(t, c.Mean, m.Forecast(len(c.Mean)), 1e-8*size)
			require.InDelta(t, -2*c.LogLik, m.deviance(y, x0), 1e-5)
			forms[c.Model] = true
		})
	}
	require.Len(t, forms, 15)
}

// Our estimate of every form is at least as likely as R's on R's own data sets, and where it is not likelier the forecasts agree.
func TestEveryFormOfExponentialSmoothingIsAtLeastAsLikelyAsInR(t *testing.T) {
	// Two minima each, of which R's search ends in the better one; AICc prefers a level alone to either.
	second := map[string]float64{"lh AAN": 3.4, "lh AANd": 0.2}
	v := readR(t)
	agree := 0
	for _, c := range v.ETS {
		name := c.Series + " " + c.Model
		t.Run(name, func(t *testing.T) {
			y := v.Series[c.Series].Values
			theirs, _ := etsOf(c.Model, c.Period, c.Parameters, c.States)
			m := estimate(y, theirs.shape.etsForm)
			if theirs.shape.relativeErrors {
				m = fitFamily(context.Background(), y, theirs.shape)
			}
			if c.Series == "gas" && theirs.shape.relativeErrors && !theirs.shape.relativeSeason {
				require.Nil(t, m, "a swing of one size that takes the level below zero has no shares")
				return
			}
			require.NotNil(t, m)
			require.LessOrEqual(t, m.aicc, c.AICc+second[name]+0.01)
			if c.AICc-m.aicc < 0.01 && second[name] == 0 {
				agree++
				require.InDeltaSlice(t, c.Mean, m.Forecast(len(c.Mean)), 0.02*rms(y))
			}
		})
	}
	require.GreaterOrEqual(t, agree, 12, "both searches mostly end at the same place where there is but one")
}

func TestStandardThetaIsThatOfR(t *testing.T) {
	v := readR(t)
	for _, c := range v.Theta {
		t.Run(c.Series, func(t *testing.T) {
			fitted, err := fitStandardTheta(v.Series[c.Series].Values)
			require.NoError(t, err)
			m := fitted.(*standardTheta)
			require.InDelta(t, c.Drift, m.drift, 1e-9*math.Abs(c.Drift))
			require.InDelta(t, c.Alpha, m.alpha, 1e-3)
			for h, want := range c.Mean {
				require.InEpsilon(t, want, m.Forecast(len(c.Mean))[h], 5e-4, "step %d", h+1)
			}
		})
	}
}
