package detect

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSeasonalResidualMarksTheIncidentAndLittleElse(t *testing.T) {
	for seed := range uint64(10) {
		x := daily(4032, seed)
		for i := 3800; i < 3824; i++ {
			x[i] += 30
		}
		out := detectRun(t, Input{Values: x, From: 2016}, Auto, nil)
		require.Equal(t, []int{288}, out.Periods)
		require.GreaterOrEqual(t, flagsIn(out, 3800, 3824), 20, "two hours, 30 above a noise of 1.25")
		require.Zero(t, flagsIn(out, 2016, 3800)+flagsIn(out, 3848, 4032), "a week without incidents; the newest level takes two hours to come back")
	}
}

func TestExpectationIsTheMedianOfTheSlot(t *testing.T) {
	// 10 days: day d is worth d at every time of the day, but for an hour that is always 100 more.
	x := times(2880, func(i int) float64 {
		v := float64(i / 288)
		if i%288 >= 120 && i%288 < 132 {
			v += 100
		}
		return v
	})
	s := newSlots(288, fiveMinutes)
	for i := range x {
		middle, scale := s.expect()
		if i >= 9*288 && i%288 > 5 && i%288 < 115 {
			require.Equal(t, 5.0, middle, "of the days 2 to 8")
			require.InDelta(t, 1.4826*2, scale, 1e-12)
		}
		if i == 9*288+126 {
			require.Equal(t, 105.0, middle)
		}
		require.Equal(t, math.IsNaN(middle), math.IsNaN(s.learn(x[i])))
	}
}

func TestADailyPeakIsNoAnomaly(t *testing.T) {
	x := daily(4032, 1)
	for i := range x {
		if i%288 >= 24 && i%288 < 30 {
			x[i] += 60 // a backup job, every day
		}
	}
	require.Zero(t, flags(detectRun(t, Input{Values: x, From: 2592}, Auto, nil)))
}

func TestAnAbsentDailyPeakIsOne(t *testing.T) {
	x := daily(4032, 1)
	for i := range x {
		if d := i % 288; d >= 24 && d < 36 && i/288 != 12 {
			x[i] += 60
		}
	}
	out := detectRun(t, Input{Values: x, From: 2592}, Auto, nil)
	require.GreaterOrEqual(t, flagsIn(out, 12*288+24, 12*288+36), 9, "the job did not run on day 12")
	require.Equal(t, 1, episodes(out))
}

func TestAWeekendIsNoAnomalyOnceSeen(t *testing.T) {
	x := daily(28*288, 4)
	for i := range x {
		if day := i / 288 % 7; day >= 5 {
			x[i] = 30 + (x[i]-50)/4
		}
	}
	out := detectRun(t, Input{Values: x, From: 21 * 288}, Auto, nil)
	require.Equal(t, []int{288, 2016}, out.Periods)
	require.Zero(t, flags(out))
}

func TestNothingIsSaidBeforeEnoughIsKnown(t *testing.T) {
	out := detectRun(t, Input{Values: daily(300, 1)}, Auto, nil)
	for i := range leastKnown {
		require.True(t, math.IsNaN(out.Score[i]) && math.IsNaN(out.Upper[i]))
	}
	require.False(t, math.IsNaN(out.Score[leastKnown]))
	require.Zero(t, flags(out), "a new series raises no flag by itself")
}

func TestSeasonsAreFoundAsTheyCome(t *testing.T) {
	x := daily(6*288, 2)
	for d, want := range map[int][]int{1: nil, 3: {288}, 5: {288}} {
		require.Equal(t, want, detectRun(t, Input{Values: x[:d*288+1], From: 0}, Auto, nil).Periods, "after %d days", d)
	}
}

func TestNoiseRaisesFewFlags(t *testing.T) {
	// 20 weeks at 5 minutes each; counts of episodes over all of them.
	for name, c := range map[string]struct {
		memory float64
		most   int
	}{
		"white noise":     {0, 2},
		"autocorrelated":  {0.9, 8},
		"a random walk":   {1, 10},
		"mostly zero":     {-1, 3},
		"bursts each day": {-2, 20}, // of four points at no fixed time, their size varies
	} {
		t.Run(name, func(t *testing.T) {
			x := noise(20*2016, max(c.memory, 0), 11)
			for i := range x {
				switch {
				case c.memory == -1 && x[i] < 2, c.memory == -2 && i%230 > 3:
					x[i] = 0
				case c.memory == -2:
					x[i] = 20 + 5*x[i]
				}
			}
			require.LessOrEqual(t, episodes(detectRun(t, Input{Values: x, From: 2016}, Auto, nil)), c.most)
		})
	}
}

func TestALastingShiftBecomesTheNewNormal(t *testing.T) {
	for name, base := range map[string][]float64{"with a season": daily(6000, 1), "without": noise(6000, 0.3, 1), "constant zero": make([]float64, 6000)} {
		t.Run(name, func(t *testing.T) {
			x := append([]float64{}, base...)
			for i := 4200; i < len(x); i++ {
				x[i] += 50
			}
			out := detectRun(t, Input{Values: x, From: 4000}, Auto, nil)
			require.True(t, out.Anomalous[4202], "the shift is seen")
			require.Equal(t, 1, episodes(out), "and told once")
			require.Zero(t, flagsIn(out, 4200+300, 6000), "after a day it is normal")
			again := append(append([]float64{}, x...), base[2880:3600]...)
			out = detectRun(t, Input{Values: again, From: 6000}, Auto, nil)
			require.True(t, out.Anomalous[6004], "so that the way back is seen, too")
		})
	}
}

func TestAnIncidentIsNotLearnt(t *testing.T) {
	x := daily(4032, 5)
	for i := 3000; i < 3100; i++ {
		x[i] += 40
	}
	out := detectRun(t, Input{Values: x, From: 2900}, Auto, nil)
	require.GreaterOrEqual(t, flagsIn(out, 3000, 3100), 90, "eight hours: flagged to the end")
	require.Zero(t, flagsIn(out, 3110, 4032), "nor is the time after it, nor the next day at that hour")
	for i := 3288; i < 3388; i++ {
		require.InDelta(t, 50+20*math.Sin(2*math.Pi*float64(i)/288), out.Expected[i], 4)
	}
}

func TestSensitivityOrdersTheBands(t *testing.T) {
	x := daily(2500, 3)
	var width [3]float64
	for k, s := range []string{"high", "medium", "low"} {
		out := detectRun(t, Input{Values: x, From: 2499}, "seasonal-residual", map[string]any{"sensitivity": s})
		width[k] = out.Upper[2499] - out.Lower[2499]
	}
	require.Less(t, width[0], width[1])
	require.Less(t, width[1], width[2])
}

func TestOtherSteps(t *testing.T) {
	for _, step := range []time.Duration{time.Minute, 30 * time.Minute, time.Hour} {
		t.Run(step.String(), func(t *testing.T) {
			day := int(24 * time.Hour / step)
			x := noise(14*day, 0, 6)
			for i := range x {
				x[i] += 50 + 20*math.Sin(2*math.Pi*float64(i)/float64(day))
			}
			for i := 12 * day; i < 12*day+5; i++ {
				x[i] += 60
			}
			out := detectRun(t, Input{Values: x, Step: step, From: 10 * day}, Auto, nil)
			require.Contains(t, out.Periods, day)
			require.GreaterOrEqual(t, flagsIn(out, 12*day, 12*day+5), 4)
			require.Equal(t, 1, episodes(out))
		})
	}
}

func BenchmarkSeasonal4032(b *testing.B) {
	in := Input{Values: daily(4032, 1), Step: fiveMinutes}
	for b.Loop() {
		detectRun(b, in, "seasonal-residual", nil)
	}
}
