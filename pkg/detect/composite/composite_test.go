package composite

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/param"
)

const (
	fiveMinutes = 5 * time.Minute
	fortnight   = 4032
	shown       = 3456
)

// signals are independent daily metrics over two weeks at 5 minutes; common moves them all.
func signals(k int, seed uint64, common float64) []Signal {
	rng := rand.New(rand.NewPCG(seed, 4))
	out := make([]Signal, k)
	for j := range out {
		out[j] = Signal{Name: string(rune('a' + j)), Values: make([]float64, fortnight)}
	}
	for i := range fortnight {
		shared := common * rng.NormFloat64()
		for j := range out {
			out[j].Values[i] = 50 + 10*math.Sin(2*math.Pi*float64(i)/288) + rng.NormFloat64() + shared
		}
	}
	return out
}

func score(t require.TestingT, s []Signal) *Output {
	out, err := Run(context.Background(), Input{Signals: s, Step: fiveMinutes, From: shown})
	require.NoError(t, err)
	return out
}

func raise(s Signal, by float64) {
	for i := 4000; i < 4012; i++ {
		s.Values[i] += by
	}
}

// brief raises three points.
func brief(s Signal, by float64) {
	for i := 4000; i < 4003; i++ {
		s.Values[i] += by
	}
}

// still sets three points to so much above what is usual at that time, without noise.
func still(s Signal, above float64) {
	for i := 4000; i < 4003; i++ {
		s.Values[i] = 50 + 10*math.Sin(2*math.Pi*float64(i)/288) + above
	}
}

func flags(out *Output) (n int) {
	for _, a := range out.Anomalous {
		if a {
			n++
		}
	}
	return n
}

func TestTwoWeakSignalsAlarmTogetherAndNoneAlone(t *testing.T) {
	alone, together := 0, 0
	for seed := range uint64(20) {
		one, both := signals(3, seed, 0), signals(3, seed, 0)
		brief(one[0], 5.5)
		brief(both[0], 5.5)
		brief(both[1], 5.5)
		a, b := score(t, one), score(t, both)
		if flags(a) > 0 {
			alone++
		}
		if flags(b) > 0 {
			together++
		}
		require.Greater(t, b.Score[4001], a.Score[4001])
		require.Greater(t, b.Shares[0][4001]+b.Shares[1][4001], 0.75)
		require.Less(t, b.Shares[2][4001], 0.25)
	}
	require.LessOrEqual(t, alone, 2)
	require.GreaterOrEqual(t, together, 18)
}

func TestAnyTwoWeakSignalsCanOutweighOneStrongAndAreNamed(t *testing.T) {
	const weak, strong = 5, 6 // standard deviations
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(3, 8).Draw(t, "signals")
		who := rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6, 7}[:k]).Draw(t, "who")
		seed := rapid.Uint64().Draw(t, "seed")
		two, one := signals(k, seed, 0), signals(k, seed, 0)
		for j := range k {
			still(two[j], map[int]float64{who[0]: weak, who[1]: weak}[j])
			still(one[j], map[int]float64{who[2]: strong}[j])
		}
		a, b := score(t, two), score(t, one)
		require.Greater(t, mean(a.Score[4000:4003]), mean(b.Score[4000:4003]))
		first, second := mean(a.Shares[who[0]][4000:4003]), mean(a.Shares[who[1]][4000:4003])
		for _, j := range who[2:] {
			require.Less(t, mean(a.Shares[j][4000:4003]), min(first, second), "the two lead")
		}
		require.Greater(t, first+second, 0.6)
		require.Greater(t, mean(b.Shares[who[2]][4000:4003]), 0.4)
	})
}

func mean(x []float64) (m float64) {
	for _, v := range x {
		m += v / float64(len(x))
	}
	return m
}

func TestOneStrongSignalAlarmsAlone(t *testing.T) {
	s := signals(5, 1, 0)
	raise(s[3], 15)
	out := score(t, s)
	require.True(t, out.Anomalous[4001])
	for k := range s {
		require.LessOrEqual(t, out.Shares[k][4001], out.Shares[3][4001], "the strong one leads")
	}
}

func TestSignalsThatAlwaysMoveTogetherCountOnce(t *testing.T) {
	// One cause moves all three; on a day when it is a little stronger three signals say it, not three causes.
	free, tied := signals(3, 2, 0), signals(3, 2, 3)
	for i := range free {
		raise(free[i], 5)
		raise(tied[i], 5*math.Sqrt(10)) // as many standard deviations
	}
	require.Greater(t, score(t, free).Score[4001], 1.2*score(t, tied).Score[4001])
}

func TestQuietSignalsRaiseNothing(t *testing.T) {
	flagged := 0
	for _, common := range []float64{0, 3} {
		for seed := range uint64(15) {
			flagged += flags(score(t, signals(4, seed, common)))
		}
	}
	require.LessOrEqual(t, flagged, 1, "60 weeks of signals in 30 entities, two days shown of each")
}

func TestSeverityFadesWhereTheScoreFalls(t *testing.T) {
	s := signals(3, 1, 0)
	raise(s[0], 30)
	out := score(t, s)
	severity := out.Severity()
	require.Equal(t, out.Score[4011], severity[4011])
	for i := shown; i < fortnight; i++ {
		require.GreaterOrEqual(t, severity[i], out.Score[i])
	}
	require.Greater(t, severity[4014], 2*out.Score[4014])
	require.Less(t, severity[4030], severity[4014]/3)
}

func TestSharesAddUpToOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := signals(3, rapid.Uint64().Draw(t, "seed"), 0)
		gap := rapid.IntRange(shown, fortnight-1).Draw(t, "gap")
		s[1].Values[gap] = math.NaN()
		out := score(t, s)
		require.True(t, math.IsNaN(out.Shares[1][gap]))
		for i := range fortnight {
			sum, known := 0.0, 0
			for _, row := range out.Shares {
				if !math.IsNaN(row[i]) {
					require.True(t, row[i] >= 0 && row[i] <= 1)
					sum += row[i]
					known++
				}
			}
			if i < shown {
				require.Zero(t, known)
				require.True(t, math.IsNaN(out.Score[i]))
				continue
			}
			require.InDelta(t, 1, sum, 1e-9)
			require.GreaterOrEqual(t, out.Score[i], 0.0)
		}
	})
}

func TestScoresDoNotDependOnTheFuture(t *testing.T) {
	s := signals(3, 5, 1)
	raise(s[0], 8)
	whole := score(t, s)
	for _, n := range []int{shown + 1, 3700, 4003} {
		part := make([]Signal, len(s))
		for k := range s {
			part[k] = Signal{s[k].Name, s[k].Values[:n]}
		}
		out := score(t, part)
		require.Equal(t, whole.Score[shown:n], out.Score[shown:])
		require.Equal(t, whole.Anomalous[:n], out.Anomalous)
	}
}

func TestAMissingSignalIsNamedAndTheOthersAnswer(t *testing.T) {
	s := append(signals(2, 3, 0), Signal{"silent", make([]float64, fortnight)})
	for i := range s[2].Values {
		s[2].Values[i] = math.NaN()
	}
	raise(s[0], 20)
	out := score(t, s)
	require.Len(t, out.Notices, 1)
	require.Contains(t, out.Notices[0], "silent")
	require.True(t, out.Anomalous[4004])
	require.True(t, math.IsNaN(out.Shares[2][4004]))
}

func TestAPointWithoutAnySignalHasNoScore(t *testing.T) {
	s := signals(2, 3, 0)
	s[0].Values[4000], s[1].Values[4000] = math.NaN(), math.Inf(1)
	out := score(t, s)
	require.True(t, math.IsNaN(out.Score[4000]))
	require.False(t, out.Anomalous[4000])
}

func TestConstantSignalsAreQuiet(t *testing.T) {
	s := signals(3, 4, 0)
	for i := range s[0].Values {
		s[0].Values[i], s[1].Values[i] = 7, 0
	}
	require.Zero(t, flags(score(t, s)))
}

func TestShortHistoryStillAnswers(t *testing.T) {
	s := signals(2, 6, 0)
	for k := range s {
		s[k].Values = s[k].Values[:60]
		s[k].Values[58] += 60
		s[k].Values[59] += 60
	}
	out, err := Run(context.Background(), Input{Signals: s, Step: fiveMinutes, From: 50})
	require.NoError(t, err)
	require.True(t, out.Anomalous[59])
	require.NotContains(t, out.Anomalous[:58], true)
}

func TestRefusals(t *testing.T) {
	two := signals(2, 1, 0)
	ragged := []Signal{two[0], {"b", two[1].Values[:100]}}
	for name, c := range map[string]struct {
		in   Input
		want error
		says string
	}{
		"no signal":       {Input{Step: fiveMinutes}, detect.ErrTooShort, "none of the 0 signals"},
		"too short":       {Input{Signals: []Signal{{"a", []float64{1, 2}}}, Step: fiveMinutes}, detect.ErrTooShort, "none of the 1 signals"},
		"no step":         {Input{Signals: two}, param.ErrInvalid, "step"},
		"unequal lengths": {Input{Signals: ragged, Step: fiveMinutes}, param.ErrInvalid, "signal b are 100"},
		"from outside":    {Input{Signals: two, Step: fiveMinutes, From: fortnight + 1}, param.ErrInvalid, "from is 4033"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Run(context.Background(), c.in)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.says)
		})
	}
}

// A multiple of the limit divides the score and changes nothing of what was learnt; what is raised is what a person would be told at it.
func TestOneRunAnswersAtSeveralLimits(t *testing.T) {
	s := signals(4, 21, 0)
	raise(s[0], 4)
	raise(s[2], 4)
	for _, method := range Methods() {
		in := Input{Signals: s, Step: fiveMinutes, From: shown, Method: method}
		once, err := Run(context.Background(), in)
		require.NoError(t, err)
		all, err := RunScaled(context.Background(), in, 1, 1.5, 2.0/3)
		require.NoError(t, err)
		require.Equal(t, once.Score[shown:], all[0].Score[shown:], method)
		require.Equal(t, once.Anomalous, all[0].Anomalous, method)
		for k, scale := range []float64{1, 1.5, 2.0 / 3} {
			for i := shown; i < fortnight; i++ {
				require.InDelta(t, once.Score[i]/scale, all[k].Score[i], 1e-12, "%s at %d", method, i)
			}
			require.Equal(t, once.Shares[2][4005], all[k].Shares[2][4005], method)
		}
		require.LessOrEqual(t, flags(all[1]), flags(all[0]), method)
		require.LessOrEqual(t, flags(all[0]), flags(all[2]), method)
	}
	strict, err := RunScaled(context.Background(), Input{Signals: s, Step: fiveMinutes, From: shown}, 1e9)
	require.NoError(t, err)
	require.Zero(t, flags(strict[0]), "no score reaches such a limit")
	require.Nil(t, strict[0].Held, "so that nothing had to be held back")
}

func TestALimitIsAPositiveNumber(t *testing.T) {
	for _, scale := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err := RunScaled(context.Background(), Input{Signals: signals(2, 1, 0), Step: fiveMinutes, From: shown}, 1, scale)
		require.ErrorIs(t, err, param.ErrInvalid)
		require.ErrorContains(t, err, "scale is")
	}
}

func BenchmarkComposite5x4032(b *testing.B) {
	s := signals(5, 1, 0.5)
	for b.Loop() {
		score(b, s)
	}
}
