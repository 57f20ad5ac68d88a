package forecast

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// counted is a forecaster that fails as it is told to, or repeats the last value, and says what it was given.
type counted struct {
	fails error
	given *[]int // lengths of the data
}

func (c counted) Fit(ctx context.Context, in Input) (Model, error) {
	*c.given = append(*c.given, len(in.Values))
	if c.fails != nil {
		return nil, c.fails
	}
	return seasonalNaive{}.Fit(ctx, in)
}

// candidatesOf are so many candidates that all do alike.
func candidatesOf(n int, c Forecaster) []candidate {
	return slices.Repeat([]candidate{{id: "counted", forecaster: c, periods: []int{}}}, n)
}

// The clock is asked before each candidate but the first three, which are compared however late it is; nobody is fitted after it said
// that it is late, and whoever is left out counts as what could not be fitted.
func TestComparingAsksTheClockBeforeEachButTheFirst(t *testing.T) {
	in := Input{Values: ramp(60), Step: time.Hour}
	plan := planBacktest(in, 4)
	rapid.Check(t, func(t *rapid.T) {
		members, allowed := rapid.IntRange(0, 12).Draw(t, "members"), rapid.IntRange(0, 12).Draw(t, "allowed")
		var given []int
		asked := 0
		scores, tried, err := plan.run(t.Context(), in, candidatesOf(members, counted{given: &given}), func() bool { asked++; return asked > allowed })
		require.NoError(t, err)
		require.Equal(t, min(members, leastTried+allowed), tried)
		require.Len(t, given, tried)
		require.Len(t, scores, members)
		for i, s := range scores {
			left := i >= tried
			for _, e := range []float64{s.mae, s.near, s.far} {
				require.Equal(t, left, math.IsInf(e, 1), "candidate %d", i)
			}
			require.Equal(t, left, s.errors == nil && s.forecasts == nil)
		}
	})
}

// Too little history is no failure of the comparison, anything else is; a cancelled one says so and asks nobody further.
func TestWhatEndsAComparison(t *testing.T) {
	in := Input{Values: ramp(60), Step: time.Hour}
	plan := planBacktest(in, 4)
	broken := errors.New("the matrix is made of wood")
	for _, c := range []struct {
		fails, want error
		fits        int
	}{{nil, nil, 3}, {ErrTooShort, nil, 3}, {broken, broken, 1}} {
		var given []int
		scores, _, err := plan.run(t.Context(), in, candidatesOf(3, counted{c.fails, &given}), nil)
		require.ErrorIs(t, err, c.want)
		require.Equal(t, slices.Repeat([]int{plan.origins[0]}, c.fits), given, "each sees what is before the oldest origin")
		require.Equal(t, c.want != nil, scores == nil)
		for _, s := range scores {
			require.Equal(t, c.fails != nil, math.IsInf(s.mae, 1))
		}
	}
	var given []int
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err := plan.run(gone, in, candidatesOf(3, counted{given: &given}), nil)
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, given)
	scores, tried, err := backtestPlan{}.run(t.Context(), in, candidatesOf(3, counted{given: &given}), nil)
	require.True(t, scores == nil && tried == 0 && err == nil && given == nil, "without an origin there is nothing to compare")
}

// Rolled from origin to origin, the naive model's forecast is the last known value before each, and its errors are the differences.
func TestRollingForecastsFromEachOrigin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.Float64Range(-100, 100), rapid.Just(math.NaN()))
		y := append([]float64{1}, rapid.SliceOfN(value, 40, 80).Draw(t, "values")...)
		plan := planBacktest(Input{Values: y}, rapid.IntRange(1, 20).Draw(t, "horizon"))
		m, err := seasonalNaive{}.Fit(t.Context(), Input{Values: y[:plan.origins[0]], Periods: []int{}})
		require.NoError(t, err)
		s := plan.roll(y, m)
		sum, n := 0.0, 0.0
		for k, at := range plan.origins {
			past := known(y[:at])
			for h := range plan.horizon {
				last, e := past[len(past)-1], s.errors[k][h]
				require.Equal(t, last, s.forecasts[k][h], "origin %d, step %d", at, h+1)
				if require.Equal(t, math.IsNaN(y[at+h]), math.IsNaN(e)); !math.IsNaN(e) {
					require.Equal(t, y[at+h]-last, e)
					sum, n = sum+math.Abs(e), n+1
				}
			}
		}
		if n > 0 {
			require.InDelta(t, sum/n, s.mae, 1e-9)
		} else {
			require.True(t, math.IsInf(s.mae, 1))
		}
	})
}

// An error that no number can hold is unknown, as is that of a missing value.
func TestAnErrorBeyondTheNumbersIsUnknown(t *testing.T) {
	nan := math.NaN()
	requireSame(t, []float64{1, nan, nan, nan, nan}, misses([]float64{3, nan, 1e308, -1e308, 2, 7}, []float64{2, 5, -1e308, 1e308, math.Inf(1)}))
	unknown, few := [][]float64{{nan, nan}, {nan, nan}}, [][]float64{{0.1, nan}, {nan, nan}, {-0.1, nan}}
	require.True(t, math.IsNaN(leaveOneOut(unknown, windowsOf(unknown), 1, 2, 2)), "of unknown errors no share is inside")
	require.Equal(t, 1.0, leaveOneOut(few, windowsOf(few), 1, 2, 2))
}

// The typical error of a half lies between the best and the worst origin's in it, has the unit of the errors, and that of one half does
// not hear of the other.
func TestTheHalvesOfTheHorizonAreJudgedApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := rapid.IntRange(2, 20).Draw(t, "steps")
		rows := make([][]float64, rapid.IntRange(1, 8).Draw(t, "origins"))
		louder, scaled := make([][]float64, len(rows)), make([][]float64, len(rows))
		least, most := math.Inf(1), 0.0
		for k := range rows {
			rows[k] = rapid.SliceOfN(rapid.Float64Range(0.1, 5), steps, steps).Draw(t, "errors")
			scaled[k] = moved(rows[k], 0, -8)
			louder[k] = slices.Concat(rows[k][:steps/2], moved(rows[k][steps/2:], 0, 3))
			first := meanOf(rows[k][:steps/2])
			least, most = min(least, first), max(most, first)
		}
		near, far := halves(rows)
		require.True(t, least <= near && near <= 1.002*most, "%v is not between %v and %v", near, least, most)
		n, f := halves(scaled)
		require.InEpsilonSlice(t, []float64{8 * near, 8 * far}, []float64{n, f}, 1e-9)
		n, f = halves(louder)
		require.InEpsilonSlice(t, []float64{near, 3 * far}, []float64{n, f}, 1e-9)
	})
}
