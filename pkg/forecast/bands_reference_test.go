package forecast

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// Reference values of numpy 2.4.6 and scipy 1.17.1: testdata/bands.json, made by testdata/bands.py (its head has the command) on errors
// it draws and the series of r.json.

// bandValues is what bands.py writes.
type bandValues struct {
	Forms []struct {
		Name                       string
		Rows, Widths               []reals
		Floor, Persistence, Newest float64
		Inside                     *float64
		Sigma, Even, Levels        reals
	}
	Reaches []struct {
		Series string
		Lo, Hi float64
	}
	Trends []struct {
		Series        string
		Period, Every int
		Holes         []int
		Rest          reals
	}
	Shared []struct {
		Errors                        [][]reals
		Forecasts                     []reals
		Near, Far, First, Last, Blend reals
	}
	Minima []struct {
		Name             string
		Lo, Start, Hi, X float64
		Tried            int
	}
	Lines []struct {
		Series string
		A, B   reals
		Best   []struct {
			Alpha, Squares float64
			Fitted         reals
		}
	}
}

func readBands(t *testing.T) (v bandValues, series map[string]rSeries) {
	readOracle(t, "bands.json", &v)
	return v, readR(t).Series
}

// plain makes slices of numbers of what JSON gave.
func plain(rows []reals) [][]float64 {
	out := make([][]float64, len(rows))
	for i, row := range rows {
		out[i] = row
	}
	return out
}

func TestTheReachIsTheMeanExcessBeyondTheEnds(t *testing.T) {
	v, series := readBands(t)
	for _, c := range v.Reaches {
		got := reachOf(Input{Values: series[c.Series].Values})
		near := 1e-9 * (math.Abs(c.Lo) + math.Abs(c.Hi))
		require.InDelta(t, c.Lo, got.lo, near, c.Series)
		require.InDelta(t, c.Hi, got.hi, near, c.Series)
	}
}

// scipy's straight lines between the means of cycles, the first and the last going on; cycles of which less than half is known do not
// count.
func TestACycleIsSeenWithoutTheLinesBetweenMeans(t *testing.T) {
	v, series := readBands(t)
	for _, c := range v.Trends {
		x := append([]float64(nil), series[c.Series].Values...)
		for _, i := range c.Holes {
			x[i] = math.NaN()
		}
		out := make([]float64, len(x))
		require.True(t, detrend(x, c.Period, out), c.Series)
		for i, want := range c.Rest {
			if got := out[i*c.Every]; math.IsNaN(want) {
				require.True(t, math.IsNaN(got), "%s at %d: a hole stays one", c.Series, i*c.Every)
			} else {
				require.InDelta(t, want, got, 1e-8*rms(x), "%s with holes %v at %d", c.Series, c.Holes, i*c.Every)
			}
		}
	}
	require.False(t, detrend([]float64{1, 2, math.NaN(), math.NaN()}, 2, make([]float64, 4)), "one known cycle has no line")
}

// From the members' errors to the forecast: the typical error of each half, the shares, and the mean of the middle third at each step, also
// beyond the horizon that was compared.
func TestFromErrorsToABlendIsAsWrittenOut(t *testing.T) {
	v, _ := readBands(t)
	for _, c := range v.Shared {
		steps := len(c.Errors[0][0])
		scores := make([]score, len(c.Errors))
		for i, errors := range c.Errors {
			scores[i].near, scores[i].far = halves(plain(errors))
			require.InEpsilon(t, c.Near[i], scores[i].near, 1e-9)
			require.InEpsilon(t, c.Far[i], scores[i].far, 1e-9)
		}
		s := shares{over: steps}
		near, far := weights(scores, score.nearError), weights(scores, score.farError)
		for i := range near {
			s.add(near[i], far[i])
		}
		s.even()
		require.InDeltaSlice(t, c.First, s.near, 1e-10)
		require.InDeltaSlice(t, c.Last, s.far, 1e-10)
		require.InDeltaSlice(t, c.Blend, s.blend(plain(c.Forecasts)), 1e-9, "%d models over %d steps", len(c.Errors), steps)
	}
}

// A member that is forecast worse than twice the best in one half has no say at that end, and at the other it may.
func TestTheSayOfAHalfIsNotThatOfTheOther(t *testing.T) {
	scores := []score{{near: 1, far: 5}, {near: 2.5, far: 2}, {near: 1.5, far: math.Inf(1)}}
	near, far := weights(scores, score.nearError), weights(scores, score.farError)
	require.Zero(t, near[1], "2.5 times the best error")
	require.Equal(t, []float64{0, 1, 0}, far)
	s := shares{over: 11}
	for i := range near {
		s.add(near[i], far[i])
	}
	s.even()
	at := make([]float64, 3)
	s.at(5, at)
	require.InDeltaSlice(t, []float64{near[0] / 2, 0.5, near[2] / 2}, at, 1e-12, "midway half of each")
	m := &combinedModel{q: 1, ids: []string{"a", "b", "a"}, shares: s}
	told := m.Explain()
	require.InDelta(t, 0.5, told["weight of a"], 1e-12, "two members of one name are told as one")
	require.InDelta(t, 0.5, told["weight of b"], 1e-12)
}
