package forecast

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/series"
)

// Values that are missing, anywhere and as many as one likes, and values of any size.

// holed takes stretches out of a series.
func holed(t *rapid.T, x []float64) []float64 {
	out := slices.Clone(x)
	for range rapid.IntRange(1, 6).Draw(t, "gaps") {
		from := rapid.IntRange(0, len(x)-1).Draw(t, "from")
		for i := from; i < min(from+rapid.IntRange(1, len(x)/3).Draw(t, "length"), len(x)); i++ {
			out[i] = math.NaN()
		}
	}
	return out
}

// However much is missing wherever, what is answered is whole: numbers ahead, an expectation where there is a basis, the same length.
func TestGapsAnywhereAreAnswered(t *testing.T) {
	base := dayWeek(24*12, 24, 0, 0.01, 1, 5)
	all := variants()
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SampledFrom(all).Draw(t, "variant")
		x := holed(t, base)
		in := Input{Values: x, Step: time.Hour, Start: monday, Bounds: far(), Periods: rapid.SampledFrom([][]int{nil, {}, {24}}).Draw(t, "periods")}
		opt := v.options(30)
		opt.Components = true
		s, r, err := Train(context.Background(), in, opt)
		if err != nil {
			require.ErrorIs(t, err, ErrTooShort)
			require.True(t, v.id != Auto || series.CountKnown(x) < 3)
			return
		}
		require.True(t, finite(r.Mean) && finite(r.Lower) && finite(r.Upper) && finite(r.Sigma))
		require.Len(t, r.Fitted, len(x))
		for i, value := range x {
			require.Equal(t, math.IsNaN(value) || math.IsNaN(r.Fitted[i]), math.IsNaN(r.Residuals[i]), "point %d", i)
		}
		for _, c := range r.Components {
			require.Len(t, c.Past, len(x))
			require.True(t, c.Future == nil || finite(c.Future), c.Name)
		}
		s = stored(t, s)
		require.False(t, math.IsNaN(s.Push(math.NaN())))
	})
}

// The rhythm of what is left is learnt, and where days are missing the forecast still follows it.
func TestTheRhythmIsLearntFromWhatIsLeft(t *testing.T) {
	const day = 24
	all := dayWeek(22*day, day, 0, 0, 0.5, 9)
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom([]string{Auto, "seasonal-naive", "ets", "theta", "mstl", "ar", "linear", "piecewise"}).Draw(t, "algorithm")
		x := slices.Clone(all[:21*day])
		for _, d := range rapid.SliceOfNDistinct(rapid.IntRange(1, 18), 1, 6, rapid.ID[int]).Draw(t, "days") {
			for i := d * day; i < d*day+rapid.IntRange(3, day).Draw(t, "hours"); i++ {
				x[i] = math.NaN()
			}
		}
		r, err := Run(context.Background(), Input{Values: x, Step: time.Hour, Periods: []int{day}}, Options{Algorithm: id, Horizon: day, Confidence: 0.9})
		require.NoError(t, err)
		require.Less(t, meanAbsolute([][]float64{misses(all[21*day:], r.Mean)}), 3.5, "%s: of a swing of 28", id)
	})
}

// Short gaps lie on a line between their neighbours, longer ones repeat the season before, and what is known stays.
func TestFilledGapsKeepWhatIsKnown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(4, 120).Draw(t, "n")
		x := noise(n, 10, 3, rapid.Uint64().Draw(t, "seed"))
		period := rapid.IntRange(2, 30).Draw(t, "period")
		y := holed(t, x)
		y[rapid.IntRange(0, n-1).Draw(t, "one is known")] = 5
		before := slices.Clone(y)
		out := fillGaps(y, []int{period})
		requireSame(t, before, y)
		require.True(t, finite(out))
		lo, hi := series.Extent(y)
		for i, v := range y {
			if !math.IsNaN(v) {
				require.Equal(t, v, out[i])
			}
			require.True(t, lo-1e-9 <= out[i] && out[i] <= hi+1e-9, "nothing is made up beyond what there was")
		}
		for from := 0; from < n; from++ {
			to := from
			for to < n && math.IsNaN(y[to]) {
				to++
			}
			if to-from > shortGap && from >= period {
				require.Equal(t, out[from-period], out[from], "a long gap begins as the season before did")
			}
			from = max(from, to-1)
		}
	})
}

// Finite in, finite out: whatever sizes lie side by side in one series, through the forecast, its store and its components.
func TestAnySizesSideBySideGiveNumbers(t *testing.T) {
	all := variants()
	size := rapid.Custom(func(t *rapid.T) float64 {
		sign := rapid.SampledFrom([]float64{-1, 1}).Draw(t, "sign")
		return sign * math.Pow(10, rapid.Float64Range(-155, 149).Draw(t, "decades"))
	})
	value := rapid.OneOf(size, rapid.Float64Range(-100, 100), rapid.SampledFrom([]float64{0, 1e150, -1e150, 1e-150, math.NaN(), math.MaxFloat64, math.SmallestNonzeroFloat64}))
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SampledFrom(all).Draw(t, "variant")
		in := Input{Values: rapid.SliceOfN(value, 0, 70).Draw(t, "values"), Step: time.Hour, Start: monday,
			Periods: rapid.SampledFrom([][]int{nil, {}, {6}}).Draw(t, "periods")}
		if v.saturates() {
			in.Bounds = far()
		}
		opt := v.options(9)
		opt.Components = true
		s, r, err := Train(context.Background(), in, opt)
		if err != nil {
			require.ErrorIs(t, err, ErrTooShort)
			return
		}
		require.True(t, finite(r.Mean) && finite(r.Lower) && finite(r.Upper) && finite(r.Sigma), fmt.Sprint(r.Mean))
		for h := range r.Mean {
			require.True(t, r.Lower[h] <= r.Mean[h] && r.Mean[h] <= r.Upper[h])
		}
		for i, f := range r.Fitted {
			require.False(t, math.IsInf(f, 0), "fitted %d", i)
		}
		for name, x := range r.Explain {
			require.False(t, math.IsNaN(x), name)
		}
		blob, err := Marshal(s)
		require.NoError(t, err)
		_, err = Unmarshal(blob)
		require.NoError(t, err)
	})
}
