package forecast

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What an answer consists of and says, beside the numbers ahead.

// The parts add up to what is known and to what is forecast, in every option, through a change of clocks, inside bounds, with gaps.
func TestPartsAddUpInEveryOptionAndThroughAChangeOfClocks(t *testing.T) {
	zone, change := berlin(t), changeovers["back"]
	lo, hi := 40.0, 62.0 // the series goes from 36 to 64
	each(t, func(t *testing.T, v variant) {
		in := weeks()
		in.Zone, in.Start, in.Bounds = zone, change.Add(-20*24*time.Hour), Bounds{&lo, &hi}
		opt := v.options(40)
		opt.Components = true
		r, err := Run(context.Background(), in, opt)
		require.NoError(t, err)
		require.Equal(t, trendComponent, r.Components[0].Name)
		require.Equal(t, remainderComponent, r.Components[len(r.Components)-1].Name)
		for i, x := range in.Values {
			sum := 0.0
			for _, c := range r.Components {
				sum += c.Past[i]
			}
			if again := i > 0 && start(in, i).In(zone).Hour() == start(in, i-1).In(zone).Hour(); math.IsNaN(x) || again || start(in, i+1).In(zone).Hour() == start(in, i).In(zone).Hour() {
				continue // of the hour that comes twice the newer one is split
			}
			require.InDelta(t, x, sum, 1e-6, "point %d", i)
		}
		for h, m := range r.Mean {
			sum := 0.0
			for _, c := range r.Components[:len(r.Components)-1] {
				sum += c.Future[h]
			}
			require.InDelta(t, m, sum, 1e-6, "step %d", h+1)
		}
	})
}

// start is the time of a value.
func start(in Input, i int) time.Time { return in.Start.Add(time.Duration(i) * in.Step) }

// Expect is Run's forecast for who needs nothing else, whatever is asked.
func TestTheExpectationIsTheForecastWhateverIsAsked(t *testing.T) {
	all := variants()
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SampledFrom(all).Draw(t, "variant")
		n := rapid.IntRange(3, shiftBefore*24).Draw(t, "points") // of more, Expect brings levels together for every algorithm
		h := rapid.IntRange(1, 60).Draw(t, "horizon")
		in := Input{Values: noise(n, 20, 2, rapid.Uint64().Draw(t, "seed")), Step: time.Hour, Start: monday, Bounds: far(), Periods: rapid.SampledFrom([][]int{{}, {7}}).Draw(t, "periods")}
		r, err := v.forecast(in, h)
		mean, periods, again := Expect(context.Background(), in, v.options(h))
		if err != nil {
			require.ErrorIs(t, err, ErrTooShort)
			require.ErrorIs(t, again, ErrTooShort)
			return
		}
		if r.Algorithm == twinID && v.id != twinID {
			return // auto found that nothing beats its twin, which costs a backtest to know
		}
		require.NoError(t, again)
		require.Equal(t, r.Mean, mean)
		require.Equal(t, r.Periods, periods)
	})
}

// Why an answer is what it is stands in one sentence, and what a reader should know besides in notices.
func TestAnAnswerSaysWhy(t *testing.T) {
	low := 45.0
	long := dayWeek(24*21, 24, 4, 0, 1, 3)
	walk := make([]float64, 400)
	for i, e := range noise(400, 0, 1, 9)[1:] {
		walk[i+1] = walk[i] + e
	}
	for name, c := range map[string]struct {
		in        Input
		algorithm string
		why       string
		notice    string // "" = none
	}{
		"asked for":        {Input{Values: long}, "theta", "The query asks for this algorithm.", ""},
		"constant":         {Input{Values: []float64{4, 4, 4, 4}}, Auto, "The series is constant, so its value is repeated.", ""},
		"constant, asked":  {Input{Values: []float64{4, 4, 4, 4}}, "ets", "The series is constant, so its value is repeated.", ""},
		"little":           {Input{Values: []float64{4, 5, 4, 6, 3}}, Auto, "Too little history to compare models, so the last cycle is repeated.", "5 known points are too few for a backtest"},
		"little, asked":    {Input{Values: []float64{4, 5, 4, 6, 3}}, "drift", "The query asks for this algorithm.", "5 known points are too few for a backtest"},
		"compared":         {Input{Values: long}, Auto, "held-out stretches the combination of", ""},
		"clipped":          {Input{Values: long, Bounds: Bounds{Min: &low}}, "mstl", "The query asks for this algorithm.", "the forecast was clipped to the bounds at"},
		"stopped":          {Input{Values: append(slices.Clone(long), make([]float64, 60)...)}, Auto, "The last 60 values are equal, far longer than ever before", "the metric has stopped"},
		"doubled":          {Input{Values: loaded(24, 12, double), Start: monday}, Auto, "closer than repeating the last cycle", "times on 2026-03-14 00:00 UTC: what was before is brought to the level since"},
		"a level, blindly": {Input{Values: loaded(24, 12, double), Start: monday}, "ets", "The query asks for this algorithm.", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c.in.Step = time.Hour
			r, err := Run(context.Background(), c.in, Options{Algorithm: c.algorithm, Horizon: 24, Confidence: 0.9})
			require.NoError(t, err)
			require.Contains(t, r.Why, c.why)
			if c.notice == "" {
				require.Empty(t, r.Notices)
				return
			}
			require.True(t, slices.ContainsFunc(r.Notices, func(s string) bool { return strings.Contains(s, c.notice) }), "%v", r.Notices)
		})
	}
}

// Counts that are mostly zero: the rate of TSB fades by its weight at each zero, Croston's stands; a forecast is never above the
// largest count nor below none, and twice the counts are twice the forecast.
func TestSparseCountsKeepTheirLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 0, 0, 1, 2, 7}), 3, 60).Draw(t, "x")
		x[rapid.IntRange(0, len(x)-1).Draw(t, "one comes")] = 3
		alpha := rapid.Float64Range(0.01, 0.5).Draw(t, "alpha")
		quiet := rapid.IntRange(1, 30).Draw(t, "then nothing for")
		fit := func(variant string, x []float64) Model {
			m, err := intermittent{variant, alpha}.Fit(t.Context(), Input{Values: x})
			require.NoError(t, err)
			return m
		}
		zeros := make([]float64, quiet)
		for _, variant := range []string{"croston", "sba", "tsb"} {
			m := fit(variant, x)
			ahead := m.Forecast(3)
			require.Equal(t, []float64{ahead[0], ahead[0]}, ahead[1:], "the same rate at every step")
			require.True(t, 0 <= ahead[0] && ahead[0] <= 7)
			require.InEpsilon(t, 2*ahead[0], fit(variant, moved(x, 0, 2)).Forecast(1)[0], 1e-12)
			want := ahead[0]
			if variant == "tsb" {
				want *= math.Pow(1-alpha, float64(quiet))
			}
			require.InEpsilon(t, want, pushed(m, zeros).Forecast(1)[0], 1e-9, variant)
			require.InEpsilon(t, want, fit(variant, append(slices.Clone(x), zeros...)).Forecast(1)[0], 1e-9, variant)
		}
	})
}

// What is exactly a line in two pieces with smooth seasons and an event is found again, and goes on.
func TestThePiecewiseModelFindsWhatMadeTheSeries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const n = 24 * 21
		level, slope := rapid.Float64Range(-100, 100).Draw(t, "level"), rapid.Float64Range(-0.2, 0.2).Draw(t, "slope")
		swing, effect := rapid.Float64Range(2, 20).Draw(t, "swing"), rapid.Float64Range(-30, 30).Draw(t, "effect")
		sale := Event{Name: "sale"}
		for _, day := range []int{3, 8, 15, 21} {
			for h := range 24 {
				sale.Steps = append(sale.Steps, 24*day+h)
			}
		}
		at := func(i int) float64 {
			v := level + slope*float64(i) + swing*math.Sin(2*math.Pi*float64(i)/24) + swing/3*math.Cos(6*math.Pi*float64(i)/24)
			return v + effect*indicator(sale.Covers(i))
		}
		x := make([]float64, n)
		for i := range x {
			x[i] = at(i)
		}
		f := piecewise{growth: "linear", season: "additive", changepoints: 25, flexibility: 0.05, harmonics: 6}
		m, err := f.Fit(t.Context(), Input{Values: x, Periods: []int{24}, Events: []Event{sale}})
		require.NoError(t, err)
		for h, v := range m.Forecast(48) {
			require.InDelta(t, at(n+h), v, 0.5, "step %d", h+1)
		}
		require.InDelta(t, effect, m.Explain()["event sale"], 0.3)
		require.InDelta(t, slope, m.Explain()["slope"], 0.01)
	})
}

// Seasons that the history has not seen twice, or that are none, are left out without a word of them.
func TestOnlyUsableSeasonsAreUsed(t *testing.T) {
	x := dayWeek(24*9, 24, 0, 0, 1, 4)
	for _, c := range []struct{ given, used []int }{{[]int{0, 1, 24}, []int{24}}, {[]int{24, 109}, []int{24}}, {[]int{24, 108}, []int{24, 108}}, {[]int{-5}, nil}, {[]int{1000}, nil}} {
		r, err := Run(context.Background(), Input{Values: x, Step: time.Hour, Periods: c.given}, Options{Algorithm: "mstl", Horizon: 5, Confidence: 0.9})
		require.NoError(t, err)
		require.ElementsMatch(t, c.used, r.Periods, "%v", c.given)
		require.True(t, finite(r.Mean))
	}
}
