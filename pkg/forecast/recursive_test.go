package forecast

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// randomRows gives rows of 1, k regressors and a value that depends on them, with noise.
func randomRows(seed uint64, n, k int) [][]float64 {
	rng := rand.New(rand.NewPCG(seed, 5))
	out := make([][]float64, n)
	for i := range out {
		row := make([]float64, k+2)
		row[0], row[k+1] = 1, 0.5+0.1*rng.NormFloat64()
		for j := 1; j <= k; j++ {
			row[j] = rng.NormFloat64()
			row[k+1] += float64(j) * row[j]
		}
		out[i] = row
	}
	return out
}

// Reference: the QR decomposition of all rows at once (gonum), each times the root of its weight.
func TestRowsOneByOneGiveTheirWeightedLeastSquares(t *testing.T) {
	const k = 3
	for _, fade := range []float64{1, 0.95, 0.5} {
		for _, n := range []int{8, 9, 10, 11, 71} { // every number of rows that wait at the end
			rows := randomRows(uint64(n), n, k)
			r := newRecursive(k, fade)
			left, right := mat.NewDense(n, k+1, nil), mat.NewVecDense(n, nil)
			for i, row := range rows {
				r.add(row)
				root := math.Pow(fade, float64(n-1-i)/2)
				for j := range k + 1 {
					left.Set(i, j, root*row[j])
				}
				right.SetVec(i, root*row[k+1])
			}
			require.True(t, r.solve())
			var want mat.VecDense
			require.NoError(t, want.SolveVec(left, right))
			require.InDelta(t, want.AtVec(0), r.constant, 1e-5, "fade %v, %d rows", fade, n)
			for j, got := range r.coef {
				require.InDelta(t, want.AtVec(j+1), got, 1e-5, "fade %v, %d rows, regressor %d", fade, n, j)
			}
		}
	}
}

func TestHowManyRowsWaitDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k, n := rapid.IntRange(1, 7).Draw(t, "k"), rapid.IntRange(1, 300).Draw(t, "rows")
		fade := rapid.SampledFrom([]float64{1, 0.99, 0.4}).Draw(t, "fade") // 0.4: the sums are scaled down on the way
		rows := randomRows(rapid.Uint64().Draw(t, "seed"), n, k)
		for range rapid.IntRange(0, 5).Draw(t, "wild rows") {
			rows[rapid.IntRange(0, n-1).Draw(t, "at")][k+1] = rapid.Float64Range(-1000, 1000).Draw(t, "value")
		}
		groups, single := newRecursive(k, fade), newRecursive(k, fade)
		for i, row := range rows {
			groups.add(row)
			single.add(row)
			single.settle()
			if i%50 == 49 {
				require.Equal(t, single.solve(), groups.solve())
			}
		}
		groups.settle()
		require.Equal(t, single.sums, groups.sums)
		require.Equal(t, single.coef, groups.coef)
		require.Equal(t, single.size, groups.size)
	})
}

func TestAWildRowCountsLess(t *testing.T) {
	const k, n = 2, 150
	for at := n - 4; at < n; at++ { // each place among rows that are added together
		rows := randomRows(3, n, k)
		rows[at][k+1] += 1e4
		r := newRecursive(k, 1)
		for _, row := range rows {
			r.add(row)
		}
		require.True(t, r.solve())
		require.InDelta(t, 0.5, r.constant, 0.05, "row %d", at)
		require.InDelta(t, 1, r.coef[0], 0.05, "row %d", at)
		require.InDelta(t, 2, r.coef[1], 0.05, "row %d: an even share of 1e4 in %d rows would be 70", at, n)
	}
}

func TestRowsAreForgotten(t *testing.T) {
	const k = 2
	r := newRecursive(k, 0.9)
	for i, row := range randomRows(4, 900, k) {
		if i < 600 {
			row[k+1] = -row[k+1] // the opposite holds at first
		}
		r.add(row)
	}
	require.True(t, r.solve())
	require.InDelta(t, 1, r.coef[0], 0.1)
	require.InDelta(t, 2, r.coef[1], 0.1)
}

func TestTooFewOrEqualRowsAreNotSolved(t *testing.T) {
	r := newRecursive(2, 1)
	require.False(t, r.solve(), "no row")
	for _, row := range randomRows(6, 5, 2) {
		r.add(row)
	}
	require.False(t, r.solve(), "5 rows for 3 coefficients")
	r = newRecursive(2, 1)
	for range 50 {
		r.add([]float64{1, 2, 3, 4})
	}
	require.False(t, r.solve(), "rows that are all the same")
	require.Nil(t, r.coef)
}
