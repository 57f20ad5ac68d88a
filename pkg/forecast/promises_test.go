package forecast

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/param"
)

// What the package promises of every forecaster, held against every entry of the registry with every choice that its options
// offer. A new algorithm is tested here by being registered.

// variant is an algorithm with some options.
type variant struct {
	id     string
	params map[string]any
}

func (v variant) String() string {
	if len(v.params) == 0 {
		return v.id
	}
	return fmt.Sprint(v.id, v.params)
}

// variants lists auto, every algorithm as it is, and with each value of each option that is unlike the default: all choices of a
// choice, both ends of a range.
func variants() []variant {
	out := []variant{{id: Auto}}
	for _, a := range Algorithms() {
		out = append(out, variant{id: a.ID})
		for _, p := range a.Params {
			var values []any
			switch p.Kind {
			case param.Choice:
				for _, c := range p.Choices {
					values = append(values, c)
				}
			case param.Boolean:
				values = []any{true, false}
			default:
				values = []any{*p.Min, *p.Max}
			}
			for _, v := range values {
				if v != p.Default {
					out = append(out, variant{a.ID, map[string]any{p.Name: v}})
				}
			}
		}
	}
	return out
}

// forecast runs a variant; the bounds serve the trend that saturates, and are far off.
func (v variant) forecast(in Input, horizon int) (*Result, error) {
	return Run(context.Background(), in, v.options(horizon))
}

func (v variant) options(horizon int) Options {
	return Options{Algorithm: v.id, Params: v.params, Horizon: horizon, Confidence: 0.9}
}

// saturates tells whether the variant needs a capacity, which moves neither with the scale nor with the level of the data.
func (v variant) saturates() bool { return v.params["growth"] == "saturating" }

// far are bounds that no test series comes near.
func far() Bounds {
	lo, hi := -1e5, 1e5
	return Bounds{Min: &lo, Max: &hi}
}

// weeks are three weeks of hours with a day's season, a weekend, a trend and noise, some values missing.
func weeks() Input {
	x := dayWeek(24*21, 24, 4, 0.01, 1, 12)
	for _, k := range []int{40, 41, 99, 300, 301, 302, 303, 304, 305, 306, 307, 308} {
		x[k] = math.NaN()
	}
	return Input{Values: x, Step: time.Hour, Start: monday}
}

// requireSame compares to the bit, missing values too.
func requireSame(t require.TestingT, want, got []float64) {
	require.Len(t, got, len(want))
	for i, v := range want {
		if math.Float64bits(v) != math.Float64bits(got[i]) && !(math.IsNaN(v) && math.IsNaN(got[i])) {
			require.Failf(t, "not the same", "at %d: %v, not %v", i, got[i], v)
		}
	}
}

// each runs a test for every variant.
func each(t *testing.T, test func(t *testing.T, v variant)) {
	for _, v := range variants() {
		t.Run(v.String(), func(t *testing.T) { test(t, v) })
	}
}

func TestEveryForecastIsCompleteAndFinite(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		in := weeks()
		in.Bounds = far()
		r, err := v.forecast(in, 30)
		require.NoError(t, err)
		for name, x := range map[string][]float64{"mean": r.Mean, "lower": r.Lower, "upper": r.Upper, "sigma": r.Sigma} {
			require.Len(t, x, 30, name)
			require.True(t, finite(x), name)
		}
		for name, x := range map[string][]float64{"fitted": r.Fitted, "lower": r.FittedLower, "upper": r.FittedUpper, "residuals": r.Residuals} {
			require.Len(t, x, len(in.Values), name)
		}
		for h := range r.Mean {
			require.True(t, r.Lower[h] <= r.Mean[h] && r.Mean[h] <= r.Upper[h], "step %d", h)
			if h > 0 {
				require.GreaterOrEqual(t, r.Sigma[h], 0.98*r.Sigma[h-1], "the spread does not fall")
			}
		}
		known := 0
		for i, x := range in.Values {
			if f := r.Fitted[i]; !math.IsNaN(f) && !math.IsNaN(x) {
				require.InDelta(t, x-f, r.Residuals[i], 1e-9)
				require.True(t, r.FittedLower[i] <= f && f <= r.FittedUpper[i])
				known++
			}
		}
		require.Greater(t, known, len(in.Values)/2, "most of the past has an expectation")
		require.Len(t, r.Errors, r.Backtest.Origins)
		require.Positive(t, r.Backtest.Origins)
		require.Positive(t, r.Backtest.MAE)
		require.True(t, 0 <= r.Backtest.Coverage && r.Backtest.Coverage <= 1)
		require.NotEmpty(t, r.Why)
		for name, x := range r.Explain {
			require.False(t, math.IsNaN(x) || math.IsInf(x, 0), name)
		}
	})
}

// Three weeks with a rhythm of 28 from trough to crest and noise of 1.4: whoever looks at the season comes within a few units, and
// nobody is off by more than the swing.
func TestEveryForecastIsNearWhatComes(t *testing.T) {
	all := dayWeek(24*22, 24, 0, 0, 1, 12)
	blind := map[string]bool{"naive": true, "drift": true, "intermittent": true}
	each(t, func(t *testing.T, v variant) {
		r, err := v.forecast(Input{Values: all[:24*21], Step: time.Hour, Bounds: far()}, 24)
		require.NoError(t, err)
		most := 3.5
		if blind[v.id] || v.saturates() {
			most = 28
		}
		require.Less(t, meanAbsolute([][]float64{misses(all[24*21:], r.Mean)}), most)
	})
}

func TestTheSameInputGivesTheSameAnswerToTheBit(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		in := weeks()
		in.Bounds = far()
		opt := v.options(24)
		opt.Components = true
		a, err := Run(context.Background(), in, opt)
		require.NoError(t, err)
		b, err := Run(context.Background(), in, opt)
		require.NoError(t, err)
		require.Equal(t, a.Mean, b.Mean)
		require.Equal(t, a.Lower, b.Lower)
		require.Equal(t, a.Upper, b.Upper)
		require.Equal(t, a.Why, b.Why)
		require.Equal(t, a.Explain, b.Explain)
		require.Equal(t, a.Notices, b.Notices)
		require.Equal(t, paths(a, 2, 3), paths(b, 2, 3))
		require.Equal(t, len(a.Components), len(b.Components))
	})
}

func TestTheInputStaysAsItWas(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		in := weeks()
		in.Bounds, in.Events = far(), []Event{{Name: "sale", Steps: []int{30, 31, 520}}}
		in.Values[3], in.Values[200] = math.Inf(1), 1e200
		_, err := v.forecast(in, 24)
		require.NoError(t, err)
		want := weeks().Values
		want[3], want[200] = math.Inf(1), 1e200
		requireSame(t, want, in.Values)
		require.Equal(t, []int{30, 31, 520}, in.Events[0].Steps)
		require.Nil(t, in.Periods)
	})
}

// A unit is a matter of taste: bytes or kilobytes. A power of two changes no digit, so that no estimate may end elsewhere.
func TestUnitsDoNotMatter(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		if v.saturates() {
			return // its capacity has a unit, too
		}
		in := weeks()
		want, err := v.forecast(in, 24)
		require.NoError(t, err)
		for _, scale := range []float64{1.0 / (1 << 30), 0.25, 1 << 20, 1 << 40} {
			scaled := in
			scaled.Values = moved(in.Values, 0, scale)
			got, err := v.forecast(scaled, 24)
			require.NoError(t, err)
			for h := range want.Mean {
				near := 1e-4 * want.Sigma[h]
				require.InDelta(t, want.Mean[h], got.Mean[h]/scale, near, "scale %v", scale)
				require.InDelta(t, want.Lower[h], got.Lower[h]/scale, near, "scale %v", scale)
				require.InDelta(t, want.Upper[h], got.Upper[h]/scale, near, "scale %v", scale)
			}
		}
	})
}

// What is measured from another zero is forecast the same, where shares of the level play no part.
func TestWhereZeroIsDoesNotMatterToAdditiveModels(t *testing.T) {
	shares := func(v variant) bool {
		return v.id == "intermittent" || v.saturates() || v.params["season"] == "multiplicative" || v.params["errors"] == "multiplicative" || v.params["logs"] == true
	}
	each(t, func(t *testing.T, v variant) {
		if shares(v) {
			return
		}
		in := weeks()
		want, err := v.forecast(in, 24)
		require.NoError(t, err)
		for _, shift := range []float64{-5000, 300, 1e6} {
			shifted := in
			shifted.Values = moved(in.Values, shift, 1)
			got, err := v.forecast(shifted, 24)
			require.NoError(t, err)
			near := 0.03 * want.Sigma[0]
			if v.id == Auto || v.id == combinationID {
				near = want.Sigma[0] / 2 // members in logs join where all values are well above zero
			}
			require.InDeltaSlice(t, moved(want.Mean, shift, 1), got.Mean, near, "shift %v", shift)
		}
	})
}

// Nothing that is known of a forecaster's own past is told by how far ahead one asks.
func TestALongerHorizonBeginsWithTheShorter(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		if v.id == Auto || v.id == combinationID {
			return // weights and means depend on the horizon
		}
		in := weeks()
		in.Bounds = far()
		short, err := v.forecast(in, 7)
		require.NoError(t, err)
		long, err := v.forecast(in, 100)
		require.NoError(t, err)
		require.Equal(t, short.Mean, long.Mean[:7])
		requireSame(t, short.Fitted, long.Fitted)
	})
}

// Values that were never there, in front, are no data.
func TestMissingValuesInFrontChangeNothing(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		in := weeks()
		in.Bounds = far()
		want, err := v.forecast(in, 24)
		require.NoError(t, err)
		late := in
		late.Values = append([]float64{math.NaN(), math.Inf(-1), math.NaN(), 1e170, math.NaN()}, in.Values...)
		late.Start = in.Start.Add(-5 * time.Hour)
		got, err := v.forecast(late, 24)
		require.NoError(t, err)
		require.Equal(t, want.Mean, got.Mean)
		require.Equal(t, want.Upper, got.Upper)
		require.Len(t, got.Fitted, len(in.Values)+5)
		for _, f := range got.Fitted[:5] {
			require.True(t, math.IsNaN(f))
		}
	})
}

// A source that lags behind leaves the end empty: the forecast still follows the clock, not the newest value's phase.
func TestMissingValuesAtTheEndDoNotShiftTheSeason(t *testing.T) {
	all := dayWeek(24*22, 24, 0, 0, 1, 12)
	blind := map[string]bool{"naive": true, "drift": true, "intermittent": true}
	each(t, func(t *testing.T, v variant) {
		if blind[v.id] || v.saturates() {
			return
		}
		for _, gap := range []int{1, 5, 11} {
			x := append([]float64(nil), all[:24*21]...)
			for i := range gap {
				x[len(x)-1-i] = math.NaN()
			}
			r, err := v.forecast(Input{Values: x, Step: time.Hour}, 24)
			require.NoError(t, err)
			require.Less(t, meanAbsolute([][]float64{misses(all[24*21:], r.Mean)}), 4.5, "%d missing", gap)
		}
	})
}

func TestBoundsHoldForEveryAlgorithm(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		lo, hi := 45.0, 60.0 // the series goes from 36 to 64
		in := weeks()
		in.Bounds = Bounds{Min: &lo, Max: &hi}
		s, r, err := Train(context.Background(), in, v.options(48))
		require.NoError(t, err)
		kept, err := stored(t, s).Result(48, 0.99)
		require.NoError(t, err)
		wide, top := r.Band(0.99)
		for _, x := range [][]float64{r.Mean, r.Lower, r.Upper, wide, top, kept.Mean, kept.Lower, kept.Upper} {
			for _, y := range x {
				require.True(t, lo <= y && y <= hi, "%v", y)
			}
		}
		for _, y := range r.Fitted {
			require.True(t, math.IsNaN(y) || lo <= y && y <= hi, "%v", y)
		}
	})
}

func TestAConstantStaysWhatItIs(t *testing.T) {
	each(t, func(t *testing.T, v variant) {
		for _, level := range []float64{0, 7, -3e9, 1e-149, 1e149} {
			x := make([]float64, 200)
			for i := range x {
				x[i] = level
			}
			x[50] = math.NaN()
			s, r, err := Train(context.Background(), Input{Values: x, Step: time.Hour}, v.options(5))
			require.NoError(t, err)
			for h := range r.Mean {
				require.Equal(t, []float64{level, level, level, 0}, []float64{r.Mean[h], r.Lower[h], r.Upper[h], r.Sigma[h]})
			}
			require.Equal(t, level, stored(t, s).Push(level))
		}
	})
}

func TestACancelledFitEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	each(t, func(t *testing.T, v variant) {
		in := weeks()
		in.Bounds = far()
		_, err := Run(ctx, in, v.options(24))
		require.ErrorIs(t, err, context.Canceled)
	})
}
