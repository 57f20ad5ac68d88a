package composite

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/param"
)

// oracleSignals are four signals of 300 points from the linear congruential generator of Numerical Recipes, twelve numbers a
// value, so that an oracle in another language sees the same: one, one that follows it, one of its own, and one that never moves.
func oracleSignals() [][]float64 {
	seed := uint32(21)
	out := [][]float64{make([]float64, 300), make([]float64, 300), make([]float64, 300), make([]float64, 300)}
	for i := range 300 {
		var e [4]float64
		for k := range e {
			for range 12 {
				seed = 1664525*seed + 1013904223
				e[k] += float64(seed) / (1 << 32)
			}
			e[k] -= 6
		}
		out[0][i] = 5 + 2*e[0]
		out[1][i] = 3*out[0][i] + e[1]
		out[2][i] = 100 + 10*e[2]
		out[3][i] = 7
	}
	out[0][250], out[1][250], out[2][250], out[3][251] = 12, 30, 160, 8
	return out
}

// until gives the distance of point i, having seen all before.
func until(p part, i int) (d float64) {
	for k := range i + 1 {
		d, _ = p.next(k)
	}
	return d
}

// Distances and contributions of numpy 2.4.6: median, robust units, moving averages, covariance of the first 200 rows plus ridge,
// its inverse by numpy.linalg.inv and those of its 2 x 2 blocks; the residual of the eigenvectors that hold 99 % of the variance
// by numpy.linalg.eigh.
func TestDistancesAgainstNumpy(t *testing.T) {
	x := oracleSignals()
	for i, want := range map[int]struct {
		distance float64
		parts    []float64
	}{
		0:   {1.90416663, []float64{0.0335496717, 0.0209847588, 0.94546557, 0}},
		250: {7.89978991, []float64{0.292962217, 0.206553059, 0.500484724, 0}},
		251: {281.53685057, []float64{2.99181543e-05, 2.49948552e-06, 0.000164681774, 0.999802901}},
	} {
		m, ok := mahalanobis(x, 200)
		require.True(t, ok)
		require.InDelta(t, want.distance, until(m, i), 1e-6)
		parts := make([]float64, 4)
		m.contributions(1, parts)
		require.InDeltaSlice(t, want.parts, parts, 1e-7)
	}
	p, ok := components(x, 200)
	require.True(t, ok)
	for i, want := range map[int]float64{0: 4.92923651e-03, 250: 0.657259246, 251: 30.0000201} {
		d, now := p.next(i)
		require.InDelta(t, want, d, 1e-6)
		require.Equal(t, d, now)
	}
}

func TestAShortHistoryHasNoCovariance(t *testing.T) {
	x := oracleSignals()
	_, ok := mahalanobis(x, 99)
	require.False(t, ok)
	_, ok = components(x, 99)
	require.False(t, ok)
	x[1][5] = math.NaN()
	_, ok = mahalanobis(x, 100)
	require.False(t, ok, "99 known values of one")
	p, err := isolation(t.Context(), x, 50)
	require.NoError(t, err)
	require.Nil(t, p)
}

func TestAMissingSignalIsAsUsual(t *testing.T) {
	x := oracleSignals()
	for k := range x {
		x[k][0] = math.NaN()
	}
	m, ok := mahalanobis(x, 200)
	require.True(t, ok)
	require.Zero(t, until(m, 0))
	parts := make([]float64, 4)
	m.contributions(1, parts)
	require.Equal(t, make([]float64, 4), parts)
}

func TestASmallChangeThatLastsIsFartherOutThanOneThatPasses(t *testing.T) {
	x := oracleSignals()
	for i := 260; i < 280; i++ {
		x[2][i] = 120 // two units
	}
	x[3][251] = 7
	m, _ := mahalanobis(x, 200)
	first := until(m, 260)
	last := 0.0
	for i := 261; i < 280; i++ {
		last, _ = m.next(i)
	}
	require.Greater(t, last, 1.3*first)
}

func TestDistancesDoNotDependOnUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := oracleSignals(), oracleSignals()
		for k := range y {
			unit, shift := rapid.Float64Range(0.001, 1000).Draw(t, "unit"), rapid.Float64Range(-3, 3).Draw(t, "shift")
			for i := range y[k] {
				y[k][i] = unit * (y[k][i] + shift)
			}
		}
		a, _ := mahalanobis(x, 200)
		b, _ := mahalanobis(y, 200)
		for i := range 260 {
			d, now := a.next(i)
			e, same := b.next(i)
			require.InEpsilon(t, d, e, 1e-6)
			require.InEpsilon(t, now, same, 1e-6)
		}
	})
}

func TestDeparturesAreFromTheMedianOfTheNewest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(-5, 5), 1, 150).Draw(t, "x")
		for range rapid.IntRange(0, 5).Draw(t, "gaps") {
			x[rapid.IntRange(0, len(x)-1).Draw(t, "gap")] = math.NaN()
		}
		got := departures([][]float64{x})[0]
		var known []float64
		for i, v := range x {
			if math.IsNaN(v) || len(known) == 0 {
				require.True(t, math.IsNaN(got[i]))
			} else {
				newest := slices.Sorted(slices.Values(known[max(len(known)-recentPoints, 0):]))
				n := len(newest)
				require.InDelta(t, v-(newest[(n-1)/2]+newest[n/2])/2, got[i], 1e-12)
			}
			if !math.IsNaN(v) {
				known = append(known, v)
			}
		}
	})
}

func TestASeasonIsTakenAwayAsTheHistoryKnewIt(t *testing.T) {
	x := make([]float64, 400)
	for i := range x {
		x[i] = 10 * math.Sin(2*math.Pi*float64(i)/40)
		if i >= 300 {
			x[i] += 100 // lasts to the end
		}
	}
	out := deseasoned(x, []int{40, 300}, 300, nil)
	for i := range out {
		want := 0.0
		if i >= 300 {
			want = 100
		}
		require.InDelta(t, want, out[i], 0.5)
	}
	require.Same(t, &x[0], &deseasoned(x, nil, 300, nil)[0])
	require.Same(t, &x[0], &deseasoned(x, []int{150}, 300, nil)[0], "two cycles prove nothing")
}

func TestEveryMethodFindsWhatIsFarOutAndSaysWhich(t *testing.T) {
	for _, method := range Methods() {
		s := signals(5, 1, 0.5)
		raise(s[3], 25)
		for k := range s {
			if method == IsolationForest { // few of its cuts are in one signal of five
				raise(s[k], 20)
			}
		}
		out, err := Run(t.Context(), Input{Signals: s, Step: fiveMinutes, From: shown, Method: method})
		require.NoError(t, err)
		require.Equal(t, method, out.Method)
		require.True(t, out.Anomalous[4003], "%s: %v", method, out.Score[4000:4012])
		require.LessOrEqual(t, flags(out), 24, method)
		for k := range s {
			require.LessOrEqual(t, out.Shares[k][4003], out.Shares[3][4003], method)
		}
	}
	_, err := Run(t.Context(), Input{Signals: signals(2, 1, 0), Step: fiveMinutes, Method: "magic"})
	require.ErrorIs(t, err, param.ErrInvalid)
	require.ErrorContains(t, err, "auto, fisher")
}

func TestAShortHistoryFallsBackToFisherAndSaysSo(t *testing.T) {
	s := signals(2, 6, 0)
	for k := range s {
		s[k].Values = s[k].Values[:90]
	}
	out, err := Run(t.Context(), Input{Signals: s, Step: fiveMinutes, From: 80})
	require.NoError(t, err)
	require.Equal(t, Fisher, out.Method)
	require.Contains(t, out.Notices[0], "too short")
}

func TestABrokenRelationIsFoundThoughEachValueIsOrdinary(t *testing.T) {
	s := signals(2, 3, 8) // two signals that move together
	for i := 4000; i < 4012; i++ {
		shared := 12.0
		s[0].Values[i] = 50 + 10*math.Sin(2*math.Pi*float64(i)/288) + shared
		s[1].Values[i] = 50 + 10*math.Sin(2*math.Pi*float64(i)/288) - shared
	}
	auto, err := Run(t.Context(), Input{Signals: s, Step: fiveMinutes, From: shown})
	require.NoError(t, err)
	fisher, err := Run(t.Context(), Input{Signals: s, Step: fiveMinutes, From: shown, Method: Fisher})
	require.NoError(t, err)
	require.Positive(t, flags(auto))
	require.Zero(t, flags(fisher))
}
