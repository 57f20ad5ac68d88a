package composite

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// sumOf is Fisher's statistic.
func sumOf(p []float64) (sum float64) {
	for _, v := range p {
		sum -= 2 * math.Log(v)
	}
	return sum
}

func evidenceOf(p []float64) []float64 {
	out := make([]float64, len(p))
	for i, v := range p {
		out[i] = -2 * math.Log(v)
	}
	return out
}

func TestPooledIsFishersMethodForIndependentSignals(t *testing.T) {
	// scipy 1.17.1: log(scipy.stats.combine_pvalues(p, method="fisher").pvalue)
	for _, c := range []struct {
		p    []float64
		want float64
	}{
		{[]float64{0.001, 0.001}, -11.119835915300744},
		{[]float64{1e-5, 0.5}, -9.6253958728241},
		{[]float64{0.2, 0.3, 0.04}, -2.8043904419667216},
		{[]float64{1e-8, 1e-8, 1e-8, 1e-8, 1e-8}, -77.14591260854347},
		{[]float64{1e-8}, -18.420680743952367},
		{[]float64{0.9, 0.8, 0.95, 0.99}, -0.0007062767537759785},
	} {
		require.InDelta(t, c.want, pooled(sumOf(c.p), len(c.p), 1), 1e-9)
		require.Greater(t, pooled(sumOf([]float64{1e-4, 1e-4}), 2, 1.5), pooled(sumOf([]float64{1e-4, 1e-4}), 2, 1), "signals that move together say less")
	}
}

func TestPooledIsBrownsForCoupledSignals(t *testing.T) {
	// scipy 1.17.1: scipy.stats.chi2.logsf(sum/c, 2*d/c)
	require.InDelta(t, -9.088355224425326, pooled(30, 2, 1.5), 1e-9)
	require.InDelta(t, -11.375315554494815, pooled(60, 4, 2.2), 1e-9)
}

func TestTwoWeakSignalsOutweighOneStrong(t *testing.T) {
	require.Less(t, combine(evidenceOf([]float64{1e-3, 1e-3}), 0), combine(evidenceOf([]float64{1e-5, 0.5}), 0))
}

func TestSilentSignalsDoNotDrownThoseThatSpeak(t *testing.T) {
	silent := []float64{0.9, 0.7, 0.5, 0.3, 0.6, 0.8, 0.4, 0.5, 0.5, 0.6}
	two := append([]float64{1e-5, 1e-5}, silent...)
	require.Less(t, combine(evidenceOf(two), 0), math.Log(1e-6))
	require.Greater(t, pooled(sumOf(two), len(two), 1), math.Log(1e-4), "Fisher's method over all says little")
	require.InDelta(t, math.Log(11*1e-9), combine(evidenceOf(append([]float64{1e-9}, silent...)), 0), 1e-6, "one alone: Bonferroni")
}

func TestCombineProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOfN(rapid.Float64Range(1e-12, 1), 1, 12).Draw(t, "p")
		coupled := rapid.Float64Range(0, 4).Draw(t, "coupled")
		got := combine(evidenceOf(p), coupled)
		shuffled := rapid.Permutation(p).Draw(t, "shuffled")
		require.InDelta(t, got, combine(evidenceOf(shuffled), coupled), 1e-9, "the order of signals says nothing")
		require.LessOrEqual(t, got, math.Log(float64(len(p)))+math.Log(slices.Min(p))+1e-9, "not weaker than the strongest signal with Bonferroni")
		more := slices.Clone(p)
		i := rapid.IntRange(0, len(p)-1).Draw(t, "i")
		more[i] /= 10
		require.LessOrEqual(t, combine(evidenceOf(more), coupled), got+1e-9, "more evidence is not less surprising")
	})
}

func TestSurprise(t *testing.T) {
	normal := make([]float64, 2000) // the quantiles of |Z| in units of the band
	for i := range normal {
		normal[i] = math.Sqrt2 * math.Erfinv((float64(i)+0.5)/2000) / bandScales
	}
	p := func(history []float64, s float64) float64 {
		e := surprise(append(slices.Clone(history), s), 0, len(history))
		return math.Exp(-e[len(e)-1] / 2)
	}
	require.InDelta(t, 0.5, p(normal, 0.6744897501960817/bandScales), 0.002)
	require.InDelta(t, 0.05, p(normal, normal5/bandScales), 0.002)
	require.InDelta(t, 0.01, p(normal, 2.5758293035489004/bandScales), 0.0005)
	require.InDelta(t, 0.05*math.Exp(-(4-normal5)/normalDecay), p(normal, 1), 2e-5, "at the edge of the band")
	require.InEpsilon(t, leastP, p(normal, 500), 1e-9)
	require.Equal(t, 1.0, p(normal, 0))
	require.True(t, math.IsNaN(p(normal, math.NaN())))

	heavy := slices.Clone(normal)
	for i := 1800; i < 2000; i++ {
		heavy[i] *= 1 + float64(i-1800)/40
	}
	require.Greater(t, p(heavy, 2), 100*p(normal, 2), "a signal that is often far out says less")
	require.Equal(t, p(nil, 1), p(make([]float64, 2000), 1), "a history without any deviation makes nothing more surprising")

	history := slices.Clone(heavy)
	last := 1.0
	for s := 0.0; s < 4; s += 0.01 {
		now := p(history, s)
		require.LessOrEqual(t, now, last)
		last = now
	}
}

func TestCouplingIsTheMeanCovariance(t *testing.T) {
	a, b, c := make([]float64, 4000), make([]float64, 4000), make([]float64, 4000)
	for i := range a {
		// -2 ln p of evenly spread p, in orders that have nothing to do with each other.
		a[i] = -2 * math.Log((float64(i)+0.5)/4000)
		b[i] = a[i]
		c[i] = -2 * math.Log((float64((i*1597+7)%4000)+0.5)/4000)
	}
	variance := 0.0
	for _, v := range a {
		variance += (min(v, mostEvidence) - 2) * (min(v, mostEvidence) - 2) / 4000
	}
	require.InDelta(t, variance, coupling([][]float64{a, b}, 0, 4000), 0.01, "the same twice")
	require.InDelta(t, 0, coupling([][]float64{a, c}, 0, 4000), 0.1)
	require.InDelta(t, variance/3, coupling([][]float64{a, b, c}, 0, 4000), 0.1, "one pair of three")
	require.Zero(t, coupling([][]float64{a, b}, 0, 50), "too little to tell")
	require.Zero(t, coupling([][]float64{a}, 0, 4000))
}
