package composite

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect"
)

func TestCombinedIsFishersMethodForIndependentSignals(t *testing.T) {
	// scipy 1.17.1: log(scipy.stats.combine_pvalues(p, method="fisher")[1])
	for _, c := range []struct {
		p    []float64
		want float64
	}{
		{[]float64{0.001, 0.001}, -11.119835915300744},
		{[]float64{1e-5, 0.5}, -9.6253958728241},
		{[]float64{0.2, 0.3, 0.04}, -2.8043904419667216},
	} {
		sum := 0.0
		for _, p := range c.p {
			sum -= 2 * math.Log(p)
		}
		require.InDelta(t, c.want, Combined(sum, len(c.p), 1), 1e-9)
		require.Greater(t, Combined(sum, len(c.p), 1.5), c.want, "signals that move together say less")
	}
}

// signals are independent daily metrics over two weeks at 5 minutes.
func signals(k int, seed uint64) []Signal {
	rng := rand.New(rand.NewPCG(seed, 4))
	out := make([]Signal, k)
	for j := range out {
		v := make([]float64, 4032)
		for i := range v {
			v[i] = 50 + 10*math.Sin(2*math.Pi*float64(i)/288) + rng.NormFloat64()
		}
		out[j] = Signal{Name: string(rune('a' + j)), Values: v}
	}
	return out
}

func score(t *testing.T, s []Signal) *Output {
	out, err := Run(context.Background(), Input{Signals: s, Step: 5 * time.Minute, From: 3456})
	require.NoError(t, err)
	return out
}

func raise(s Signal, by float64) {
	for i := 4000; i < 4012; i++ {
		s.Values[i] += by
	}
}

func TestTwoWeakSignalsOutweighEachAlone(t *testing.T) {
	one, both := signals(3, 1), signals(3, 1)
	raise(one[0], 5)
	raise(both[0], 5)
	raise(both[1], 5)
	a, b := score(t, one), score(t, both)
	require.Greater(t, b.Score[4003], 1.2*a.Score[4003])
	require.True(t, b.Anomalous[4003])
	require.Greater(t, b.Shares[0][4003]+b.Shares[1][4003], 0.9)
	require.Less(t, b.Shares[2][4003], 0.1)
}

func TestQuietSignalsRaiseNothing(t *testing.T) {
	flagged := 0
	for seed := range uint64(5) {
		for _, a := range score(t, signals(3, seed)).Anomalous {
			if a {
				flagged++
			}
		}
	}
	require.LessOrEqual(t, flagged, 1)
}

func TestSharesAddUpToOne(t *testing.T) {
	out := score(t, signals(3, 2))
	for i := 3456; i < 4032; i++ {
		require.InDelta(t, 1, out.Shares[0][i]+out.Shares[1][i]+out.Shares[2][i], 1e-9)
	}
}

func TestAMissingSignalIsNamedAndTheOthersAnswer(t *testing.T) {
	s := signals(2, 3)
	s = append(s, Signal{Name: "silent", Values: make([]float64, 4032)})
	for i := range s[2].Values {
		s[2].Values[i] = math.NaN()
	}
	raise(s[0], 20)
	out := score(t, s)
	require.Contains(t, out.Notices[0], "silent")
	require.True(t, out.Anomalous[4004])

	_, err := Run(context.Background(), Input{Signals: s[2:], Step: time.Minute, From: 100})
	require.ErrorIs(t, err, detect.ErrTooShort)
}
