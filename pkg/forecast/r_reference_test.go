package forecast

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Reference values of R's packages, R 4.2.2 with forecast 8.20, MASS 7.3.58.2 and urca 1.3.3: testdata/r.json, made by
// testdata/oracle.R (its head has the command). The series are R's own data sets and some made of sines.

// reals is a list in which null is a missing value.
type reals []float64

func (x *reals) UnmarshalJSON(b []byte) error {
	var list []*float64
	if err := json.Unmarshal(b, &list); err != nil {
		var one *float64 // R writes a list of one as a number
		if json.Unmarshal(b, &one) != nil {
			return err
		}
		list = []*float64{one}
	}
	*x = make(reals, len(list))
	for i, v := range list {
		if (*x)[i] = math.NaN(); v != nil {
			(*x)[i] = *v
		}
	}
	return nil
}

// readOracle reads a file of reference values.
func readOracle(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, into))
}

type rSeries struct {
	Period int
	Values reals
}

// rValues is what oracle.R writes.
type rValues struct {
	Series map[string]rSeries
	ETS    []struct {
		Series, Model      string
		Period             int
		Parameters, States reals
		LogLik, AICc       float64
		Fitted, Mean       reals
	}
	Naive []struct {
		Series                                      string
		Period                                      int
		Seasonal, Fitted, Naive, Drift, DriftFitted reals
	}
	Theta []struct {
		Series       string
		Mean         reals
		Alpha, Drift float64
	}
	ARIMA []struct {
		Series           string
		P, D, Q          int
		AR, MA           reals
		Mean, Squares    float64
		Residuals, Ahead reals
	}
	UnitRoot []struct {
		Series      string
		Statistic   float64
		Differences int
	}
	MSTL []struct {
		Series  string
		Periods reals
		Trend   reals
		Seasons []reals
	}
	Croston []struct {
		Series               string
		Alpha                float64
		Values, Mean, Fitted reals
	}
	Huber []struct {
		Series           string
		Intercept, Slope float64
	}
}

func readR(t *testing.T) (v rValues) {
	readOracle(t, "r.json", &v)
	require.NotEmpty(t, v.Series)
	return v
}

func TestTheSeriesOfRAreThoseOfTheTests(t *testing.T) {
	v := readR(t)
	require.Equal(t, reals(airPassengers), v.Series["air"].Values)
	require.Equal(t, reals(nile), v.Series["nile"].Values)
	require.Equal(t, reals(lh), v.Series["lh"].Values)
}

func TestTheNaiveMethodsAreThoseOfR(t *testing.T) {
	v := readR(t)
	for _, c := range v.Naive {
		t.Run(c.Series, func(t *testing.T) {
			in := Input{Values: v.Series[c.Series].Values, Periods: []int{c.Period}}
			m := fitted(t, in, seasonalNaive{})
			require.Equal(t, []float64(c.Seasonal), m.Forecast(len(c.Seasonal)))
			requireSame(t, c.Fitted, m.Fitted())
			require.Equal(t, []float64(c.Naive), fitted(t, in, newNaive(nil)).Forecast(len(c.Naive)))
			if c.Drift == nil {
				return // R's has no answer where values are missing
			}
			m = fitted(t, in, newDrift(nil))
			require.InDeltaSlice(t, c.Drift, m.Forecast(len(c.Drift)), 1e-8)
			require.InDeltaSlice(t, c.DriftFitted[1:], m.Fitted()[1:], 1e-8)
		})
	}
}

func TestTheUnitRootTestIsThatOfR(t *testing.T) {
	v := readR(t)
	differences := 0
	for _, c := range v.UnitRoot {
		y := known(v.Series[c.Series].Values)
		require.InDelta(t, c.Statistic, kpss(y), 1e-9, c.Series)
		require.Equal(t, c.Differences == 1, kpss(y) > kpssCritical, c.Series)
		differences += c.Differences
	}
	require.True(t, 0 < differences && differences < len(v.UnitRoot), "both answers occur")
}

func TestDecompositionsAreThoseOfR(t *testing.T) {
	at := []int{1, 2, 25, 100, 101, 333, 400, 500, 501, 670, 671, 672} // as in oracle.R, counted from 1
	v := readR(t)
	for _, c := range v.MSTL {
		t.Run(fmt.Sprint(c.Series, c.Periods), func(t *testing.T) {
			var periods []int
			for _, p := range c.Periods {
				periods = append(periods, int(p))
			}
			d := mstl(v.Series[c.Series].Values, periods, false, nil)
			for k, i := range at {
				require.InDelta(t, c.Trend[k], d.trend[i-1], 1e-6, "trend at %d", i)
				for s := range periods {
					require.InDelta(t, c.Seasons[s][k], d.seasons[s][i-1], 1e-6, "season %d at %d", periods[s], i)
				}
			}
		})
	}
}

func TestCrostonIsThatOfR(t *testing.T) {
	for _, c := range readR(t).Croston {
		m := fitted(t, Input{Values: c.Values, Step: time.Hour}, intermittent{"croston", c.Alpha})
		name := fmt.Sprint(c.Series, c.Alpha)
		require.InDeltaSlice(t, c.Mean, m.Forecast(len(c.Mean)), 1e-9, name)
		for i, v := range m.Fitted() {
			if !math.IsNaN(v) { // before anything came R says 0, and we do not know
				require.InDelta(t, c.Fitted[i], v, 1e-9, "%s at %d", name, i)
			}
		}
		sba := fitted(t, Input{Values: c.Values, Step: time.Hour}, intermittent{"sba", c.Alpha})
		require.InDelta(t, (1-c.Alpha/2)*c.Mean[0], sba.Forecast(1)[0], 1e-9, "Syntetos and Boylan's factor")
	}
}

func TestHubersLineIsThatOfR(t *testing.T) {
	v := readR(t)
	for _, c := range v.Huber {
		y := v.Series[c.Series].Values
		a, b := huberLine(y)
		require.InEpsilon(t, c.Intercept, a, 1e-5, c.Series)
		require.InEpsilon(t, c.Slope, b, 1e-4, c.Series)
	}
}
