package warn

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Each kind of history that a straight line would take for trouble, asked at moments of its last days: never told, and where the line
// would cross, held back by the guard that is named.
func TestEveryGuardHoldsBackWhatItIsFor(t *testing.T) {
	uneven := func(h float64) float64 { // restarts after 60 to 100 hours
		for _, p := range []float64{60, 90, 75, 80, 66, 100} {
			if h < p {
				break
			}
			h -= p
		}
		return 20 + 0.5*h
	}
	for _, c := range []struct {
		name      string
		guard     string // that is named at least once; empty = the line never crosses
		noise     float64
		threshold float64
		from      int // hours of history at the first moment
		at        func(h float64) float64
	}{
		{"season of the day", Seasonal, 0.5, 82, 300, func(h float64) float64 { return 60 + 15*math.Sin(2*math.Pi*h/24) }},
		{"noise", "", 3, 90, 300, func(float64) float64 { return 70 }},
		{"sawtooth of clean-ups", Contained, 0.2, 90, 300, sawtooth(30, 50, 72, 0)},
		{"a disk that was enlarged", Restarted, 0.15, 90, 318, func(h float64) float64 {
			if h < 316 {
				return 55 + 0.1*h
			}
			return (55 + 0.1*h) / 2
		}},
		{"a counter that is reset", Contained, 0.2, 60, 290, func(h float64) float64 { return 0.3 * math.Mod(h, 160) }},
		{"a level shift at a deployment", Restarted, 0.4, 90, 320, func(h float64) float64 {
			if h < 318 {
				return 35
			}
			return 70
		}},
		{"a leak with restarts", Contained, 0.4, 95, 300, func(h float64) float64 { return 20 + 0.9*math.Mod(h, 70) }},
		{"a leak with uneven restarts", Contained, 0.4, 80, 275, uneven},
		{"growth that stopped", NoTrend, 0.3, 95, 300, func(h float64) float64 { return 30 + 0.2*min(h, 290) }},
		{"growth that slows down towards a ceiling below", Slowing, 0.2, 80, 180, func(h float64) float64 {
			return 24 + 50*(1-math.Exp(-max(h-100, 0)/40))
		}},
		{"growth that stopped below", "", 0.2, 90, 300, func(h float64) float64 { return 82 - 50*math.Exp(-h/60) }},
	} {
		all := course(14, c.noise, 1, c.at)
		named := map[string]int{}
		for n := c.from; n <= len(all); n += 3 {
			a := answer(all[:n], c.threshold)
			require.Less(t, a.Prob72, 0.5, "%s at %d", c.name, n)
			require.NotEqual(t, Breached, a.State, "%s at %d", c.name, n)
			for _, g := range a.HeldBack {
				named[g]++
			}
		}
		if c.guard == "" {
			require.Empty(t, named, c.name)
			continue
		}
		require.Positive(t, named[c.guard], "%s: %v", c.name, named)
	}
}

// Stairs of even steps are growth: they are told although each tread is level, and the time is that of the step that crosses.
func TestStairsAreGrowth(t *testing.T) {
	values := course(14, 0.1, 6, func(h float64) float64 { return 30 + 2*math.Floor(h/17) })
	a := answer(values, 80) // 68 now; six more steps
	require.Equal(t, Rising, a.State)
	require.InDelta(t, 85, a.ETA, 26)
	require.Empty(t, a.HeldBack)
}

// slowly is a series of three stretches that each grow less, or more, than the one before.
func bending(bend float64) *futures {
	return &futures{blocks: blocks{hours: 1, x: []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24}},
		regimes: []regime{{lines: []stretch{{from: 0, to: 25, known: 25, level: 24, slope: 1}}, bend: bend}}}
}

func TestWhySaysWhatTheLineDoesNot(t *testing.T) {
	require.Nil(t, bending(0).why(200), "the line does not cross within three days")
	require.Equal(t, []string{Slowing}, bending(-0.1).why(90))
	require.Equal(t, []string{Contained}, bending(0.1).why(90), "it speeds up")
	level := bending(0)
	level.regimes[0].lines[0].slope = 0
	require.Equal(t, []string{NoTrend}, level.why(90), "what is steady now, though the last day rose")
	jumped := bending(0)
	jumped.regimes[0].lines = []stretch{{from: 0, to: 20}, {from: 20, to: 25, level: 24, slope: 1}}
	jumped.regimes[0].breaks = []change{{jump: 9}}
	jumped.regimes[0].noise = 1
	require.Equal(t, []string{Restarted}, jumped.why(90))
	jumped.regimes[0].breaks[0].jump = 3
	require.Equal(t, []string{Contained}, jumped.why(90), "too small for a jump")
}

// After a clean-up no time is stated from the first value on, at any step, whether much is freed or little, and the reason of the
// former is named.
func TestTheFirstValueAfterACleanUpEndsATime(t *testing.T) {
	for _, step := range []time.Duration{time.Minute, 10 * time.Minute, 15 * time.Minute, 20 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour} {
		for _, freed := range []float64{6, 15, 40} {
			for after := range 4 {
				values := make([]float64, int(14*24*time.Hour/step))
				for i := range values {
					h := float64(i) * step.Hours()
					values[i] = 40 + 0.14*h + math.Sin(2*math.Pi*h/24) + 0.2*math.Sin(13*float64(i))
					if i >= len(values)-after {
						values[i] -= freed
					}
				}
				a := Evaluate(Input{Values: values, Step: step, Threshold: 92, Above: true, Seed: 1}, DefaultGuards())
				require.Equal(t, after == 0, a.State == Rising, "%d values after %v were freed, every %s", after, freed, step)
				require.Equal(t, after == 0, a.Prob72 >= 0.5)
				if after > 0 && freed > 6 {
					require.Equal(t, []string{Restarted}, a.HeldBack, "%d values after %v were freed, every %s", after, freed, step)
				}
			}
		}
	}
}

// A single low value, such as of a scrape that failed, ends no warning that stands: the next value says so again.
func TestASlipDoesNotEndAWarning(t *testing.T) {
	var m Alarm
	values := disk(40, 3.3, 0.5, 0.2, 1)
	slip := len(values) - 9
	values[slip-1] = 0
	for n := slip - 40; n <= len(values); n++ {
		in := Input{Values: values[:n], Step: 10 * time.Minute, Threshold: 92, Above: true, Seed: 1}
		a := m.Next(DefaultRule(), Evaluate(in, DefaultGuards()), time.Unix(int64(600*n), 0))
		require.Equal(t, n >= slip-16, a.Firing, "%d values before the slip", slip-n)
		require.Equal(t, n >= slip-16 && n != slip, a.ETAEarly < 72, "%d values before the slip", slip-n)
	}
}

func TestAFallIsFarBelowAllOthers(t *testing.T) {
	for name, c := range map[string]struct {
		x      []float64
		spread float64
		want   int // values that are left
	}{
		"two":                  {[]float64{9, 9, 8, 9, 1, 1}, 1, 2},
		"three of six":         {[]float64{9, 9, 8, 1, 2, 1}, 1, 3},
		"four of six":          {[]float64{9, 9, 1, 1, 2, 1}, 1, 6}, // the median says so by itself
		"one":                  {[]float64{9, 9, 8, 9, 9, 1}, 1, 1},
		"one of two":           {[]float64{9, 1}, 1, 1},
		"not far":              {[]float64{9, 9, 8, 9, 5, 5}, 1, 6},
		"back again":           {[]float64{9, 9, 8, 1, 1, 9}, 1, 6},
		"a rise":               {[]float64{1, 1, 1, 1, 9, 9}, 1, 6},
		"on its way down":      {[]float64{9, 9, 9, 9, 6, 1}, 1, 1},
		"nothing to compare":   {[]float64{1}, 1, 1},
		"none":                 {nil, 1, 0},
		"no spread is known":   {[]float64{9, 9, 8, 9, 1, 1}, math.NaN(), 6},
		"of a constant series": {[]float64{9, 9, 9, 9, 8, 8}, 0, 2},
	} {
		require.Len(t, sinceFall(c.x, c.spread), c.want, name)
	}
}
