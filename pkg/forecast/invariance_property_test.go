package forecast

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What may be done to a series and does the same to its forecast. Scale and zero are in promises_test.go and property_test.go.

// When a series was measured is not a part of it, where no clock changes.
func TestTheDateDoesNotMatter(t *testing.T) {
	zones := []*time.Location{nil, time.UTC, time.FixedZone("east", 8*3600), time.FixedZone("half", -12600)}
	each(t, func(t *testing.T, v variant) {
		in := weeks()
		in.Bounds = far()
		want, err := v.forecast(in, 12)
		require.NoError(t, err)
		for i, zone := range zones {
			in.Start, in.Zone = monday.Add(time.Duration(i*1234567)*time.Second), zone
			got, err := v.forecast(in, 12)
			require.NoError(t, err)
			require.Equal(t, want.Mean, got.Mean)
			require.Equal(t, want.Upper, got.Upper)
			requireSame(t, want.Fitted, got.Fitted)
		}
	})
}

// How long a step is says which seasons there may be, and nothing else: with the seasons given a step is a step.
func TestAStepIsAStepWhereTheSeasonsAreGiven(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		if v.id == Auto || v.id == combinationID {
			return // long horizons in short steps are forecast from means, and a level of a day is looked for in days
		}
		in := weeks()
		in.Bounds, in.Periods = far(), []int{24}
		want, err := v.forecast(in, 12)
		require.NoError(t, err)
		for _, step := range []time.Duration{time.Second, 7 * time.Minute, 24 * time.Hour} {
			in.Step = step
			got, err := v.forecast(in, 12)
			require.NoError(t, err)
			require.Equal(t, want.Mean, got.Mean, "step %s", step)
		}
	})
}

// mirrors tells whether a variant knows no up and down.
func (v variant) mirrors() bool {
	switch v.id {
	case Auto, combinationID, "intermittent":
		return false // members in logs, and counts, are positive
	case "piecewise":
		return v.params["season"] != "multiplicative" && !v.saturates()
	}
	return v.params["logs"] != true && v.params["season"] != "multiplicative" && v.params["errors"] != "multiplicative"
}

// A series turned upside down has its forecast turned upside down: free memory is used memory seen from the other side.
func TestAMirroredSeriesHasAMirroredForecast(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		if !v.mirrors() {
			return
		}
		in := weeks()
		in.Values = moved(in.Values, -50, 1) // about zero, where nothing is in shares
		want, err := v.forecast(in, 24)
		require.NoError(t, err)
		in.Values = moved(in.Values, 0, -1)
		got, err := v.forecast(in, 24)
		require.NoError(t, err)
		near := 0.02 * want.Sigma[0]
		if v.id == "piecewise" {
			near = 0.2 * want.Sigma[0] // its priors are about the least value
		}
		for h := range want.Mean {
			require.InDelta(t, -want.Mean[h], got.Mean[h], near, "step %d", h+1)
			require.InDelta(t, -want.Upper[h], got.Lower[h], 3*near, "step %d", h+1)
			require.InDelta(t, -want.Lower[h], got.Upper[h], 3*near, "step %d", h+1)
		}
	})
}

// A steady rise added to a series is added to the forecast of every model that has a line in it.
func TestALineAddedIsALineAdded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(20, trendBlocks).Draw(t, "n") // of more points the medians of blocks are taken
		slope := rapid.Float64Range(-5, 5).Draw(t, "slope")
		x := noise(n, 10, 2, rapid.Uint64().Draw(t, "seed"))
		y := slices.Clone(x)
		for i := range y {
			y[i] += slope * float64(i)
		}
		for name, f := range map[string]Forecaster{"drift": newDrift(nil), "Theil-Sen": linear{}, "Huber": linear{huber: true}} {
			a, err := f.Fit(context.Background(), Input{Values: x})
			require.NoError(t, err)
			b, err := f.Fit(context.Background(), Input{Values: y})
			require.NoError(t, err)
			ahead := b.Forecast(8)
			for h, want := range a.Forecast(8) {
				require.InDelta(t, want+slope*float64(n+h), ahead[h], 1e-5*(1+math.Abs(slope)*float64(n)), "%s, step %d", name, h+1)
			}
		}
	})
}

// What repeats itself exactly with the season and is added to a series is added to the forecast.
func TestARhythmAddedIsARhythmAdded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		period := rapid.SampledFrom([]int{6, 13, 24}).Draw(t, "period")
		cycle := rapid.SliceOfN(rapid.Float64Range(-50, 50), period, period).Draw(t, "cycle")
		n := period * rapid.IntRange(4, 9).Draw(t, "cycles")
		x := noise(n, 10, 1, rapid.Uint64().Draw(t, "seed"))
		y := slices.Clone(x)
		for i := range y {
			y[i] += cycle[i%period]
		}
		for name, f := range map[string]Forecaster{"seasonal naive": seasonalNaive{}, "mstl": mstlForecaster{trend: "ets"}, "theta": thetaForecaster{"dynamic"},
			"linear": linear{}, "median of cycles": medianProfile{4}} {
			in := Input{Values: x, Periods: []int{period}, seasons: []int{period}}
			a, err := f.Fit(context.Background(), in)
			require.NoError(t, err)
			in.Values = y
			b, err := f.Fit(context.Background(), in)
			require.NoError(t, err)
			ahead := b.Forecast(period)
			for h, want := range a.Forecast(period) {
				require.InDelta(t, want+cycle[h], ahead[h], 0.02, "%s, step %d", name, h+1)
			}
		}
	})
}

// A missing value says nothing: the forecast after it is what was forecast before it, a step on.
func TestAMissingValueIsAStepAhead(t *testing.T) {
	in := weeks()
	in.findSeasons()
	in.Bounds = far()
	each(t, func(t *testing.T, v variant) {
		if v.id == Auto || v.id == combinationID {
			return // its means are made of what came
		}
		c, err := v.options(24).forecaster()
		require.NoError(t, err)
		m, err := c.fit(context.Background(), in)
		require.NoError(t, err)
		before := m.Forecast(60)
		on := m.fork()
		for k := range 20 {
			require.InDelta(t, before[k], on.next(), 1e-6*(1+math.Abs(before[k])), "the %dth missing", k+1)
			on.push(math.NaN())
		}
		for h, want := range before[20:] {
			got := on.Forecast(40)[h]
			require.InDelta(t, want, got, 1e-6*(1+math.Abs(want)), "step %d", h+1)
		}
	})
}

// What came before the window an algorithm looks at cannot change it: old history is neither help nor harm to the naive ones.
func TestOnlyTheNewestCycleCountsForTheNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		period := rapid.IntRange(1, 12).Draw(t, "period")
		last := rapid.SliceOfN(rapid.Float64Range(-9, 9), period, period).Draw(t, "last cycle")
		old := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), period*2, 60).Draw(t, "older")
		m, err := seasonalNaive{}.Fit(context.Background(), Input{Values: append(old, last...), Periods: []int{period}})
		require.NoError(t, err)
		require.Equal(t, append(slices.Clone(last), last...), m.Forecast(2*period))
	})
}
