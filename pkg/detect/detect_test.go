package detect

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/param"
)

const fiveMinutes = 5 * time.Minute

// daily is a metric with a daily season and autocorrelated noise, n points at 5 minutes.
func daily(n int, seed uint64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 2))
	out, e := make([]float64, n), 0.0
	for i := range out {
		e = 0.6*e + rng.NormFloat64()
		out[i] = 50 + 20*math.Sin(2*math.Pi*float64(i)/288) + e
	}
	return out
}

func detectRun(t require.TestingT, in Input, algorithm string, params map[string]any) *Output {
	if in.Step == 0 {
		in.Step = fiveMinutes
	}
	out, err := Run(context.Background(), in, Options{Algorithm: algorithm, Params: params})
	require.NoError(t, err)
	return out
}

func flags(out *Output) (n int) {
	for _, a := range out.Anomalous {
		if a {
			n++
		}
	}
	return n
}

func TestThresholdScoresOneAtTheLimit(t *testing.T) {
	for name, c := range map[string]struct {
		limit  float64
		dir    Direction
		values []float64
		want   []float64
	}{
		"above":            {80, Above, []float64{0, 40, 80, 120}, []float64{0, 0.5, 1, 1.5}},
		"below":            {10, Below, []float64{30, 15, 10, 5}, []float64{0, 0.5, 1, 1.5}},
		"a negative limit": {-10, Above, []float64{-30, -15, -10, -5}, []float64{0, 0.5, 1, 1.5}},
		"a limit of zero":  {0, Above, []float64{-4, -2, 0, 2}, []float64{0, 0, 1, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			out := detectRun(t, Input{Values: c.values, Threshold: &Threshold{c.limit, c.dir}}, "threshold", nil)
			require.InDeltaSlice(t, c.want, out.Score, 1e-12)
			for i, s := range out.Score {
				require.Equal(t, s >= 1, out.Anomalous[i])
			}
		})
	}
}

func TestDynamicThresholdIsThatOfPandas(t *testing.T) {
	// pandas 2.3.3: x.shift(1).rolling(10, min_periods=5).mean() and .std()
	x := []float64{112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, 115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140}
	out := detectRun(t, Input{Values: x, Step: time.Minute}, "dynamic-threshold", map[string]any{"window": "10m", "sensitivity": "medium"})
	for i, want := range map[int][2]float64{5: {122.4, 8.14248119432891}, 6: {124.5, 8.916277250063501}, 10: {129.8, 12.398924684557661}, 13: {127.3, 14.468740250776657}} {
		require.InDelta(t, want[0], out.Expected[i], 1e-9)
		require.InDelta(t, want[0]+3*want[1], out.Upper[i], 1e-9)
		require.InDelta(t, math.Abs(x[i]-want[0])/(3*want[1]), out.Score[i], 1e-9)
	}
	require.True(t, math.IsNaN(out.Score[4]), "four points before are too few")
}

func TestSeasonalResidualMarksTheIncidentAndLittleElse(t *testing.T) {
	for seed := range uint64(5) {
		x := daily(4032, seed)
		for i := 3800; i < 3824; i++ {
			x[i] += 30
		}
		out := detectRun(t, Input{Values: x, From: 2016}, Auto, nil)
		require.Equal(t, "seasonal-residual", out.Algorithm)
		require.Equal(t, []int{288}, out.Periods)
		hit, false0 := 0, 0
		for i, a := range out.Anomalous {
			if a && i >= 3800 && i < 3824+12 {
				hit++
			} else if a {
				false0++
			}
		}
		require.GreaterOrEqual(t, hit, 20)
		require.LessOrEqual(t, false0, 2, "a week without incidents")
	}
}

func TestADailyPeakIsNoAnomaly(t *testing.T) {
	x := daily(4032, 1)
	for i := range x {
		if i%288 >= 24 && i%288 < 30 {
			x[i] += 60 // a backup job, every day
		}
	}
	require.LessOrEqual(t, flags(detectRun(t, Input{Values: x, From: 2592}, Auto, nil)), 2)
}

func TestScoresDoNotDependOnTheFuture(t *testing.T) {
	x := daily(3000, 3)
	for _, algorithm := range []string{"dynamic-threshold", "seasonal-residual"} {
		whole := detectRun(t, Input{Values: x, From: 2000}, algorithm, nil)
		rapid.Check(t, func(t *rapid.T) {
			n := rapid.IntRange(2001, 3000).Draw(t, "n")
			part := detectRun(t, Input{Values: x[:n], From: 2000}, algorithm, nil)
			// The moving mean's reference point is the median of all data; only rounding may differ.
			require.InDelta(t, whole.Score[n-1], part.Score[n-1], 1e-6)
			require.InDelta(t, whole.Expected[n-1], part.Expected[n-1], 1e-6)
		})
	}
}

func TestShiftAndScaleDoNotMoveScores(t *testing.T) {
	x := daily(2500, 4)
	rapid.Check(t, func(t *rapid.T) {
		scale := rapid.Float64Range(0.01, 1000).Draw(t, "scale")
		moved := make([]float64, len(x))
		for i, v := range x {
			moved[i] = scale * v
		}
		for _, algorithm := range []string{"dynamic-threshold", "seasonal-residual"} {
			a, b := detectRun(t, Input{Values: x, From: 2000}, algorithm, nil), detectRun(t, Input{Values: moved, From: 2000}, algorithm, nil)
			for i := 2000; i < len(x); i++ {
				require.InDelta(t, a.Score[i], b.Score[i], 1e-6*(1+a.Score[i]))
			}
		}
	})
}

func TestGuardsHoldBackAndAreCounted(t *testing.T) {
	x := daily(2500, 5)
	for i := 2400; i < 2412; i++ {
		x[i] += 40
	}
	base := Input{Values: x, From: 2016}
	require.Positive(t, flags(detectRun(t, base, Auto, nil)))
	for name, c := range map[string]struct {
		change func(*Input)
		stage  string
	}{
		"direction":    {func(in *Input) { in.Direction = Below }, heldDirection},
		"minDeviation": {func(in *Input) { in.Guards.MinDeviation = 100 }, heldMinDeviation},
		"minRelative":  {func(in *Input) { in.Guards.MinRelative = 5 }, heldMinRelative},
		"floor":        {func(in *Input) { in.Guards.Floor, in.Guards.HasFloor = 500, true }, heldFloor},
		"for":          {func(in *Input) { in.Guards.For = 3 * time.Hour }, heldFor},
	} {
		t.Run(name, func(t *testing.T) {
			in := base
			c.change(&in)
			out := detectRun(t, in, Auto, nil)
			require.Zero(t, flags(out))
			require.GreaterOrEqual(t, out.HeldBack[c.stage], 10)
		})
	}
	in := base
	in.Guards.For = 30 * time.Minute
	out := detectRun(t, in, Auto, nil)
	require.False(t, out.Anomalous[2403])
	require.True(t, out.Anomalous[2411], "after lasting half an hour it is raised")
}

func TestOnePointAloneIsHeldBackUnlessItIsExtreme(t *testing.T) {
	for add, want := range map[float64]bool{14: false, 200: true} {
		x := daily(2500, 6)
		x[2400] += add
		out := detectRun(t, Input{Values: x, From: 2016}, Auto, nil)
		require.GreaterOrEqual(t, out.Score[2400], 1.0, "add %v", add)
		require.Equal(t, want, out.Anomalous[2400], "add %v", add)
	}
}

func TestOddSeries(t *testing.T) {
	nan := math.NaN()
	gap := daily(2500, 7)
	for i := 1200; i < 1500; i++ {
		gap[i] = nan
	}
	constant := make([]float64, 500)
	for i := range constant {
		constant[i] = 5
	}
	step := append(append([]float64{}, constant...), 6, 6, 6)
	inf := append(daily(500, 1), math.Inf(1), math.Inf(-1), 1e300)
	for name, x := range map[string][]float64{"gap": gap, "constant": constant, "infinite": inf, "twenty": daily(20, 1)} {
		for _, algorithm := range []string{Auto, "dynamic-threshold"} {
			t.Run(name+" "+algorithm, func(t *testing.T) {
				out := detectRun(t, Input{Values: x, From: len(x) / 2}, algorithm, nil)
				require.Len(t, out.Score, len(x))
				for i, s := range out.Score {
					if math.IsNaN(x[i]) || math.Abs(x[i]) > 1e150 {
						require.True(t, math.IsNaN(s), "missing has no score")
						require.False(t, out.Anomalous[i])
					}
				}
				if name == "constant" {
					require.Zero(t, flags(out))
				}
			})
		}
	}
	require.Positive(t, flags(detectRun(t, Input{Values: step, From: 300}, "dynamic-threshold", nil)), "a constant that moves is outside")
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		in   Input
		opt  Options
		want error
		says string
	}{
		"empty":             {Input{Step: time.Minute}, Options{}, ErrTooShort, "0 known values"},
		"one point":         {Input{Step: time.Minute, Values: []float64{1}}, Options{}, ErrTooShort, "needs 20"},
		"unknown algorithm": {Input{Step: time.Minute, Values: daily(30, 1)}, Options{Algorithm: "magic"}, ErrUnknownAlgorithm, "seasonal-residual"},
		"bad option":        {Input{Step: time.Minute, Values: daily(30, 1)}, Options{Algorithm: "dynamic-threshold", Params: map[string]any{"window": "0s"}}, param.ErrInvalid, `"window"`},
		"no limit":          {Input{Step: time.Minute, Values: daily(30, 1)}, Options{Algorithm: "threshold"}, param.ErrInvalid, "threshold is missing"},
		"step of zero":      {Input{Values: daily(30, 1)}, Options{}, param.ErrInvalid, "step"},
		"from outside":      {Input{Step: time.Minute, Values: daily(30, 1), From: 31}, Options{}, param.ErrInvalid, "from is 31"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Run(context.Background(), c.in, c.opt)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestBandStaysInsideTheBounds(t *testing.T) {
	lo, hi := 35.0, 60.0
	out := detectRun(t, Input{Values: daily(2500, 8), From: 2016, Min: &lo, Max: &hi}, Auto, nil)
	for i := 2016; i < 2500; i++ {
		require.GreaterOrEqual(t, out.Lower[i], lo)
		require.LessOrEqual(t, out.Upper[i], hi)
	}
}

func BenchmarkSeasonal4032(b *testing.B) {
	x := daily(4032, 1)
	for b.Loop() {
		_, _ = Run(context.Background(), Input{Values: x, Step: fiveMinutes, From: 3456}, Options{})
	}
}

func BenchmarkDynamic4032(b *testing.B) {
	x := daily(4032, 1)
	for b.Loop() {
		_, _ = Run(context.Background(), Input{Values: x, Step: fiveMinutes, From: 3456}, Options{Algorithm: "dynamic-threshold"})
	}
}
