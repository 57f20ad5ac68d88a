package forecast

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/series"
)

// loaded is 15 days of a daily season and noise; from the given day on, values are changed.
func loaded(day int, from float64, change func(float64) float64) []float64 {
	x := dayWeek(15*day, day, 0, 0, 1, 3)
	for i := int(from * float64(day)); i < len(x); i++ {
		x[i] = change(x[i])
	}
	return x
}

func double(v float64) float64 { return 2 * v }

// A deployment that doubles the load is learnt from six hours on: the forecast is as close as the noise, of mean size 2.2 after the
// doubling, allows, and the band is no wider than that asks for.
func TestAutoRecoversFromADoubledLoad(t *testing.T) {
	for _, step := range []time.Duration{5 * time.Minute, time.Hour} {
		day := int(24 * time.Hour / step)
		for _, hours := range []float64{6, 12, 24, 48, 72, 168} {
			all := loaded(day, 14-hours/24, double)
			r := run(t, all[:14*day], step, day, Auto)
			require.Less(t, meanAbsolute([][]float64{misses(all[14*day:], r.Mean)}), 3.3, "step %s, %v hours after", step, hours)
			require.Less(t, r.Upper[day/2]-r.Lower[day/2], 16.0)
			require.Contains(t, r.Notices[len(r.Notices)-1], "what was before is brought to the level since")
			require.InDelta(t, 50, r.Fitted[5*day+day/2], 25, "the past stays at its own level")
			require.InDelta(t, all[5*day]-r.Fitted[5*day], r.Residuals[5*day], 1e-9)
		}
	}
}

func TestWhatIsAShiftOfLevel(t *testing.T) {
	const day = 24
	spike := loaded(day, 15, double)
	for i := 10 * day; i < 10*day+20; i++ {
		spike[i] += 60
	}
	ramp := make([]float64, 15*day)
	for i := range ramp {
		ramp[i] = float64(i)
	}
	sawtooth := make([]float64, 15*day)
	for i := range sawtooth {
		sawtooth[i] = 20 + float64(i%(5*day))
	}
	gap := loaded(day, 10, double)
	for i := 10*day - 5; i < 10*day+8; i++ {
		gap[i] = math.NaN()
	}
	for name, c := range map[string]struct {
		values []float64
		step   time.Duration
		want   []levelShift
	}{
		"doubled, season and all":      {loaded(day, 10, double), time.Hour, []levelShift{{240, 2, 0}}},
		"forty more":                   {loaded(day, 10, func(v float64) float64 { return v + 40 }), time.Hour, []levelShift{{240, 1, 40}}},
		"forty less, within the day":   {loaded(day, 10.25, func(v float64) float64 { return v - 40 }), time.Hour, []levelShift{{246, 1, -40}}},
		"doubled in a gap":             {gap, time.Hour, []levelShift{{248, 2, 0}}},
		"not yet a quarter of a day":   {loaded(day, 14.9, double), time.Hour, nil},
		"a weekend":                    {dayWeek(15*day, day, 5, 0, 1, 3), time.Hour, nil},
		"a large weekend, on a Sunday": {dayWeek(14*day, day, 30, 0, 1, 3), time.Hour, nil},
		"a trend":                      {ramp, time.Hour, nil},
		"a disk that is cleaned":       {sawtooth, time.Hour, nil},
		"an incident that is over":     {spike, time.Hour, nil},
		"steps of a day":               {loaded(day, 10, double), 24 * time.Hour, nil},
		"nothing known":                {series.Missing(200), time.Hour, nil},
		"empty":                        {nil, time.Hour, nil},
	} {
		t.Run(name, func(t *testing.T) {
			before := append([]float64(nil), c.values...)
			got := findShifts(c.values, c.step)
			require.Len(t, got, len(c.want))
			for i, s := range got {
				require.InDelta(t, c.want[i].at, s.at, 2)
				require.InDelta(t, c.want[i].factor, s.factor, 0.05)
				require.InDelta(t, c.want[i].add, s.add, 2)
			}
			undoShifts(got, c.values)
			for i, v := range before {
				if !math.IsNaN(v) {
					require.InDelta(t, v, c.values[i], 1e-9*(1+math.Abs(v)))
				}
			}
		})
	}
}

func TestSeveralShiftsEndOnOneLevel(t *testing.T) {
	x := loaded(24, 6, func(v float64) float64 { return v + 60 })
	for i := 12 * 24; i < len(x); i++ {
		x[i] += 15
	}
	require.NotEmpty(t, findShifts(x, time.Hour))
	for _, mean := range aggregate(x, 24) {
		require.InDelta(t, 125, mean, 19, "a quarter of the rise by 75 at most")
	}
}

// A disk that was cleaned once goes on filling as fast as before.
func TestACleanUpDoesNotChangeTheSlope(t *testing.T) {
	x := make([]float64, 17*24)
	for i := range x {
		x[i] = 60 + 0.02*float64(i) + 0.05*math.Sin(float64(i))
		if i >= 10*24 {
			x[i] -= 40
		}
	}
	r := run(t, x[:14*24], time.Hour, 72, Auto)
	require.InDelta(t, x[len(x)-1], r.Mean[71], 1)
}

// A record burst in quiet days does not hide a later shift: its spread is held down.
func TestAnIncidentDoesNotHideAShift(t *testing.T) {
	x := dayWeek(15*24, 24, 0, 0, 0.3, 3)
	for i := 5 * 24; i < 5*24+10; i++ {
		x[i] += 90
	}
	for i := 12 * 24; i < len(x); i++ {
		x[i] -= 20
	}
	got := findShifts(x, time.Hour)
	require.Len(t, got, 1)
	require.Equal(t, 12*24, got[0].at)
}

func TestTheCommonSlopeIsNotThatOfASecondStep(t *testing.T) {
	x := make([]float64, 20*24)
	for i := range x {
		x[i] = math.Sin(float64(i)) / 10
		if i >= 8*24 {
			x[i] += 50
		}
		if i >= 16*24 {
			x[i] += 10
		}
	}
	require.InDelta(t, 0, commonSlope(x, 8*24, 24), 5e-4)
	for i := range x {
		x[i] += 0.02 * float64(i)
	}
	require.InDelta(t, 0.02, commonSlope(x, 8*24, 24), 0.002)
}

// Noise may look like a slope. That must not hide that the season was scaled: it would be found nowhere then.
func TestAScaledSeasonIsSeenWhateverTheNoiseLooksLike(t *testing.T) {
	for seed := range uint64(40) {
		x := dayWeek(14*24, 24, 0, 0, 1.5, seed)
		for i := 7 * 24; i < len(x); i++ {
			x[i] *= 3
		}
		got := findShifts(x, time.Hour)
		require.Len(t, got, 1, "seed %d", seed)
		require.InDelta(t, 3, got[0].factor, 0.25, "seed %d", seed)
		require.Equal(t, []int{24}, DetectPeriods(x, time.Hour), "seed %d", seed)
	}
}

// What is left out by extremes and the least spread would not have parted the blocks either: medians find no other shift.
func TestOutlinesExcludeNoShift(t *testing.T) {
	value := rapid.OneOf(rapid.Float64Range(-3, 3), rapid.SampledFrom([]float64{0, 1, 50, 51, math.NaN()}))
	parting := 0
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(value, 2, 40).Draw(t, "x")
		if rapid.Bool().Draw(t, "stepped") {
			for i := rapid.IntRange(0, len(x)-1).Draw(t, "at"); i < len(x); i++ {
				x[i] += 40
			}
		}
		all := outlines(x)
		require.Len(t, all, len(x)+1)
		for k := range all {
			want := moments(x[:k])
			require.Equal(t, []float64{want.n, want.lo, want.hi}, []float64{all[k].n, all[k].lo, all[k].hi})
			require.LessOrEqual(t, all[k].spread, want.spread)
			if want.n > 0 {
				require.InDelta(t, want.mean, all[k].mean, 1e-9)
			}
		}
		backwards := slices.Clone(x)
		slices.Reverse(backwards)
		after := outlines(backwards)
		for k := range x {
			if parted(moments(x[:k]), moments(x[k:])) {
				parting++
				require.True(t, parted(all[k], after[len(x)-k]), "at %d", k)
			}
		}
	})
	require.Positive(t, parting)
}

// Each day is a little more than the one before, so that every split has all of one side below all of the other.
func TestASteadyRiseOfManyYearsIsNoShift(t *testing.T) {
	require.Empty(t, findShifts(moved(ramp(40000), 0, 0.05), time.Hour))
	wavy := dayWeek(40000, 24, 5, 0.01, 1, 3)
	require.Empty(t, findShifts(wavy, time.Hour))
}

// Taken away and brought back, in turn: nothing is left of shifts, however they follow on each other.
func TestShiftsAreUndone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-100, 100), 1, 50).Draw(t, "x")
		level := slices.Clone(x)
		var shifts []levelShift
		for range rapid.IntRange(0, shiftMost).Draw(t, "shifts") {
			s := levelShift{at: rapid.IntRange(0, len(x)).Draw(t, "at"), factor: 1, add: rapid.Float64Range(-50, 50).Draw(t, "add")}
			if rapid.Bool().Draw(t, "scaled") {
				s.factor, s.add = rapid.Float64Range(1./shiftFactor, shiftFactor).Draw(t, "factor"), 0
			}
			s.apply(level)
			shifts = append(shifts, s)
		}
		undoShifts(shifts, level)
		require.InDeltaSlice(t, x, level, 1e-6)
		longer := append(slices.Clone(x), 7, 8)
		for _, s := range shifts {
			s.apply(longer)
		}
		require.Equal(t, []float64{7, 8}, longer[len(x):], "what comes after the data is at the newest level")
	})
}

// Another unit or another zero is the same shift at the same time.
func TestAShiftIsFoundInAnyUnit(t *testing.T) {
	const day = 24
	x := loaded(day, 10, func(v float64) float64 { return v + 60 })
	want := findShifts(slices.Clone(x), time.Hour)
	require.Len(t, want, 1)
	rapid.Check(t, func(t *rapid.T) {
		scale := math.Exp(rapid.Float64Range(-6, 6).Draw(t, "decades"))
		shift := rapid.Float64Range(-1000, 1000).Draw(t, "shift")
		got := findShifts(moved(x, -shift*scale-1e5*scale, scale), time.Hour) // below zero, where nothing is taken in shares
		require.Len(t, got, 1)
		require.Equal(t, want[0].at, got[0].at)
		require.InEpsilon(t, 60*scale, got[0].add, 0.05)
		require.Equal(t, 1.0, got[0].factor)
	})
}
