package warn

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// courses are histories of every kind that is told or held back, at one hour, with a threshold above.
var courses = map[string]struct {
	values    func() []float64
	threshold float64
}{
	"growth": {func() []float64 { return course(14, 0.3, 1, func(h float64) float64 { return 40 + 0.1*h }) }, 78.5},
	"growth and a day": {func() []float64 {
		return course(14, 0.3, 2, func(h float64) float64 { return 30 + 0.15*h + 4*math.Sin(2*math.Pi*h/24) })
	}, 90},
	"a late ramp":        {func() []float64 { return course(14, 0.3, 3, func(h float64) float64 { return 40 + 0.5*max(h-300, 0) }) }, 78},
	"a sawtooth":         {func() []float64 { return course(14, 0.2, 3, sawtooth(30, 50, 72, 0)) }, 90},
	"a floor that rises": {func() []float64 { return course(14, 0.2, 5, sawtooth(40, 10, 24, 0.1)) }, 87.5},
	"level":              {func() []float64 { return course(14, 0.5, 6, func(float64) float64 { return 70 }) }, 90},
	"an office's week":   {func() []float64 { return course(14, 0.5, 7, office) }, 50},
	"gaps": {func() []float64 {
		v := course(14, 0.3, 8, func(h float64) float64 { return 40 + 0.1*h })
		for i := range v {
			if i%7 == 3 || i > 120 && i < 150 {
				v[i] = math.NaN()
			}
		}
		return v
	}, 78.5},
}

// changed gives a times each value plus b.
func changed(x []float64, a, b float64) []float64 {
	out := slices.Clone(x)
	for i := range out {
		out[i] = a*out[i] + b
	}
	return out
}

func TestTheUnitOfAMetricChangesNoTime(t *testing.T) {
	for name, c := range courses {
		want := answer(c.values(), c.threshold)
		for _, a := range []float64{1 << 30, 1.0 / 1024} { // bytes for gigabytes
			got := answer(changed(c.values(), a, 0), a*c.threshold)
			require.Equal(t, want.State, got.State, "%s times %g", name, a)
			require.Equal(t, []float64{want.ETA, want.ETAEarly, want.Prob24, want.Prob72}, []float64{got.ETA, got.ETAEarly, got.Prob24, got.Prob72}, "%s times %g", name, a)
			require.InEpsilon(t, want.GrowthPerDay*a+1e-9, got.GrowthPerDay+1e-9, 1e-6, name)
		}
		for _, a := range []float64{100, 0.37} { // a share for per cent: not exact in binary
			got := answer(changed(c.values(), a, 0), a*c.threshold)
			require.InDelta(t, want.Prob72, got.Prob72, 0.05, "%s times %g", name, a)
			require.Equal(t, Stated(want.ETA), Stated(got.ETA), "%s times %g", name, a)
			if Stated(want.ETA) {
				require.InEpsilon(t, want.ETA, got.ETA, 0.05, "%s times %g", name, a)
			}
		}
	}
}

func TestTheZeroOfAMetricChangesNoTime(t *testing.T) {
	for name, c := range courses { // degrees in another scale, a counter that began elsewhere
		want := answer(c.values(), c.threshold)
		for _, b := range []float64{-64, 1024, 1e6} {
			got := answer(changed(c.values(), 1, b), c.threshold+b)
			require.Equal(t, Stated(want.ETA), Stated(got.ETA), "%s plus %g", name, b)
			require.InDelta(t, want.Prob72, got.Prob72, 0.08, "%s plus %g", name, b)
			if Stated(want.ETA) {
				require.InEpsilon(t, want.ETA, got.ETA, 0.08, "%s plus %g", name, b)
			}
		}
	}
}

func TestBelowIsAboveInAMirror(t *testing.T) {
	for name, c := range courses {
		up := answer(c.values(), c.threshold)
		down := Evaluate(Input{Values: negative(c.values()), Step: time.Hour, Threshold: -c.threshold, Seed: 1}, DefaultGuards())
		require.InDelta(t, -up.GrowthPerDay, down.GrowthPerDay, 1e-12, name)
		require.Equal(t, []float64{up.ETA, up.ETAEarly, up.Probability, up.Prob24, up.Prob72}, []float64{down.ETA, down.ETAEarly, down.Probability, down.Prob24, down.Prob72}, name)
		require.Equal(t, []any{up.State, up.HeldBack}, []any{down.State, down.HeldBack}, name)
	}
}

func TestAFartherThresholdIsNeverNearer(t *testing.T) {
	for name, c := range courses {
		before := Answer{Prob24: 1, Prob72: 1, Probability: 1}
		for k := range 8 {
			a := answer(c.values(), c.threshold+float64(4*k))
			if a.State == Breached {
				continue
			}
			require.LessOrEqual(t, a.Prob24, before.Prob24, "%s, %d", name, k)
			require.LessOrEqual(t, a.Prob72, before.Prob72, "%s, %d", name, k)
			require.LessOrEqual(t, a.Probability, before.Probability, "%s, %d", name, k)
			if Stated(a.ETA) && Stated(before.ETA) {
				require.GreaterOrEqual(t, a.ETA, before.ETA, "%s, %d", name, k)
			}
			before = a
		}
	}
}

func TestFasterGrowthIsNeverLater(t *testing.T) {
	values := courses["growth and a day"].values()
	before := 0.0
	for _, growth := range []float64{2, 1, 0.5, 0.2, 0, -0.2, -0.5} {
		a := Evaluate(Input{Values: values, Step: time.Hour, Threshold: 90, Above: true, Seed: 1, Growth: growth, Horizon: 14 * 24 * time.Hour}, DefaultGuards())
		require.GreaterOrEqual(t, a.ETA, before, "%v", growth)
		before = a.ETA
	}
	now := Evaluate(Input{Values: values, Step: time.Hour, Threshold: 90, Above: true, Seed: 1}, DefaultGuards())
	later := Evaluate(Input{Values: values, Step: time.Hour, Threshold: 90, Above: true, Seed: 1, Growth: 2, GrowthAfter: 300 * time.Hour}, DefaultGuards())
	require.Equal(t, now.ETA, later.ETA, "what comes after the crossing does not matter")
}

// The same values every ten minutes, half hours and hours tell the same, and of a day's steps at least what is left in days.
func TestTheStepOfTheGridChangesLittle(t *testing.T) {
	at := func(step time.Duration) Answer {
		n := int(14 * 24 * time.Hour / step)
		v := make([]float64, n)
		for i := range v {
			h := float64(i) * step.Hours()
			v[i] = 40 + 0.1*h + 0.3*math.Sin(h*h)
		}
		return Evaluate(Input{Values: v, Step: step, Threshold: 78.5, Above: true, Seed: 1}, DefaultGuards())
	}
	for _, step := range []time.Duration{time.Minute, 10 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour} {
		a := at(step)
		require.Equal(t, Rising, a.State, step)
		require.InDelta(t, 49, a.ETA, 6, step)
		require.InDelta(t, 2.4, a.GrowthPerDay, 0.2, step)
	}
}

func TestNothingOfWhatIsMissingIsTakenForANumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := courses["growth"].values()
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(values)-4), 0, 150).Draw(t, "missing") {
			values[i] = rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e200}).Draw(t, "as")
		}
		a := answer(values, 78.5)
		require.Equal(t, Rising, a.State)
		require.InDelta(t, 50, a.ETA, 14)
		require.InDelta(t, 2.4, a.GrowthPerDay, 0.4)
	})
}

func TestFuturesOfAnyHistoryAreFinite(t *testing.T) {
	value := rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.SampledFrom([]float64{0, math.NaN(), 1e149, -1e149, 1e-300}))
	rapid.Check(t, func(t *rapid.T) {
		in := Input{Step: rapid.SampledFrom([]time.Duration{time.Minute, 10 * time.Minute, time.Hour, 5 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}).Draw(t, "step"), Above: rapid.Bool().Draw(t, "above"),
			Values: rapid.SliceOfN(value, 0, 400).Draw(t, "values"), Threshold: rapid.Float64Range(-1e6, 1e6).Draw(t, "threshold"), Growth: rapid.Float64Range(-1, 10).Draw(t, "growth"),
			Horizon: time.Duration(rapid.IntRange(0, 1000).Draw(t, "horizon")) * time.Hour}
		a := Evaluate(in, DefaultGuards())
		for _, v := range []float64{a.ETA, a.ETAEarly} {
			require.False(t, math.IsNaN(v) || math.IsInf(v, 0))
			require.GreaterOrEqual(t, v, 0.0)
		}
		require.False(t, a.Probability < 0 || a.Probability > 1)
		require.True(t, slices.IsSorted(a.times))
		require.Contains(t, []State{OK, Rising, UncertainState, Breached}, a.State)
	})
}

// When a series is looked at plays no part: the same answers a year later, or in another zone, raise and end the same warnings.
func TestTheDateChangesNoWarning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shares := rapid.SliceOfN(rapid.Float64Range(0, 1), 1, 40).Draw(t, "shares")
		shift := time.Duration(rapid.Int64Range(0, int64(3*365*24*time.Hour)).Draw(t, "shift"))
		var here, there Alarm
		at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		for k, s := range shares {
			now := at.Add(time.Duration(k) * 40 * time.Minute)
			a := here.Next(DefaultRule(), foreseen(s), now)
			b := there.Next(DefaultRule(), foreseen(s), now.Add(shift).In(time.FixedZone("", 5*3600)))
			require.Equal(t, []any{a.Firing, a.ETAEarly, a.HeldBack}, []any{b.Firing, b.ETAEarly, b.HeldBack}, k)
		}
		require.Equal(t, here.Runs, there.Runs)
	})
}

// What lies at the threshold has crossed it; what is constant anywhere else never will, however it is asked.
func TestAConstantCrossesOnlyWhereItLies(t *testing.T) {
	for _, step := range []time.Duration{time.Minute, time.Hour, 24 * time.Hour} {
		for _, n := range []int{1, 2, 3, 20, 400} {
			values := slices.Repeat([]float64{50}, n)
			for _, above := range []bool{true, false} {
				at := Evaluate(Input{Values: values, Step: step, Threshold: 50, Above: above, Seed: 1}, DefaultGuards())
				require.Equal(t, Breached, at.State, "%d values every %s", n, step)
				require.Zero(t, at.ETA)
				beyond := 51.0
				if !above {
					beyond = 49
				}
				off := Evaluate(Input{Values: values, Step: step, Threshold: beyond, Above: above, Seed: 1}, DefaultGuards())
				require.Contains(t, []State{OK, UncertainState}, off.State, "%d values every %s", n, step)
				require.False(t, off.Within(24) >= 0.1, "%d values every %s", n, step)
				require.False(t, math.Abs(off.GrowthPerDay) > 0, "of one value nothing is known")
			}
		}
	}
}
