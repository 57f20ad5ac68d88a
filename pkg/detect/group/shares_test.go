package group

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/param"
)

// requests are those of four sources over two weeks at 5 minutes: their number and their shares follow the day.
func requests(seed uint64) [][]float64 {
	rng := rand.New(rand.NewPCG(seed, 9))
	out := make([][]float64, 4)
	for j := range out {
		out[j] = make([]float64, 2*week)
	}
	for i := range 2 * week {
		day := math.Sin(2 * math.Pi * float64(i) / 288)
		total := 1000 * (1.2 + day)
		for j, share := range []float64{0.4 + 0.2*day, 0.3 - 0.15*day, 0.25 - 0.05*day, 0.05} {
			out[j][i] = total * share * math.Exp(0.08*rng.NormFloat64())
		}
	}
	return out
}

func TestTheCrawlerIsNamed(t *testing.T) {
	values := requests(1)
	for i := 2*week - 12; i < 2*week; i++ {
		sum := values[0][i] + values[1][i] + values[2][i] + values[3][i]
		for j := range values { // the sum stays, so that no count tells of it
			values[j][i] *= 0.65
		}
		values[3][i] += 0.35 * sum
	}
	out := runGroup(t, values, "shares", nil)
	require.Equal(t, []int{3}, outliers(out))
	require.Regexp(t, `^3[78] % of the whole, 5 % is usual at this time; [6-9]\d % of a shift of 0\.\d\d \(Jensen-Shannon distance, limit 0\.\d\d\)$`, out.Why[3])
	require.Regexp(t, `^\d+ % of the whole, \d+ % is usual at this time`, out.Why[0])
	for j := range 3 {
		require.Less(t, out.Score[j], out.Score[3])
	}
}

// What the day does to the shares is no shift, at whatever hour one looks, nor is twice the traffic of everybody.
func TestTheDayIsNoShift(t *testing.T) {
	values, accused := requests(2), 0
	const looks = 96
	for k := range looks {
		until := 2*week - 9*k
		cut := make([][]float64, len(values))
		for j := range cut {
			cut[j] = append([]float64{}, values[j][:until]...)
			for i := until - 12; i < until; i++ {
				cut[j][i] *= 2
			}
		}
		accused += len(outliers(runGroup(t, cut, "shares", nil)))
	}
	require.LessOrEqual(t, accused, 1, "of %d looks", looks)
}

func TestOneWhoIsMissingIsNamed(t *testing.T) {
	values := requests(3)
	for i := 2*week - 12; i < 2*week; i++ {
		values[0][i] = math.NaN() // a counter that nobody writes any more
	}
	out := runGroup(t, values, "shares", nil)
	require.Contains(t, outliers(out), 0)
	require.Contains(t, out.Why[0], "0 % of the whole")
}

// A category that never was before: the database and Prometheus know nothing of it until it comes.
func TestANewCategoryIsNamed(t *testing.T) {
	values := append(requests(4), make([]float64, 2*week))
	for i := range values[4] {
		values[4][i] = math.NaN()
		if i >= 2*week-12 {
			values[4][i] = values[0][i]
		}
	}
	out := runGroup(t, values, "shares", nil)
	require.Equal(t, []int{4}, outliers(out))
}

func TestSensitivityOfShares(t *testing.T) {
	values := requests(5)
	for i := 2*week - 12; i < 2*week; i++ {
		values[3][i] *= 3
	}
	last := math.Inf(1)
	for _, s := range []string{"high", "medium", "low"} {
		score := runGroup(t, values, "shares", map[string]any{"sensitivity": s}).Score[3]
		require.Less(t, score, last)
		last = score
	}
}

func TestSharesOfWhatIsNoWhole(t *testing.T) {
	ask := func(values [][]float64) (*Output, error) {
		return Run(context.Background(), Input{Values: values, Step: fiveMinutes}, detect.Options{Algorithm: "shares"})
	}
	_, err := ask([][]float64{{1, 2, -3}, {1, 2, 3}})
	require.ErrorIs(t, err, param.ErrInvalid)
	require.ErrorContains(t, err, "value 2 of category 0 is -3")
	_, err = ask([][]float64{make([]float64, 40), make([]float64, 40)})
	require.ErrorIs(t, err, detect.ErrTooShort)
	one, err := ask([][]float64{{1, 2, 3}})
	require.NoError(t, err)
	require.Len(t, one.Notices, 1)
	require.True(t, math.IsNaN(one.Score[0]))
	none, err := ask(nil)
	require.NoError(t, err)
	require.Empty(t, none.Score)

	quiet := requests(6)
	for _, row := range quiet {
		for i := 2*week - 12; i < 2*week; i++ {
			row[i] = 0
		}
	}
	out, err := ask(quiet)
	require.NoError(t, err)
	require.Empty(t, outliers(out), "nothing has no shares")
	require.True(t, math.IsNaN(out.Score[0]))
}

// Values computed with scipy 1.17.1: scipy.spatial.distance.jensenshannon(p, q, base=2).
func TestDivergenceAgainstSciPy(t *testing.T) {
	for _, c := range []struct {
		p, q []float64
		want float64
	}{
		{[]float64{0.5, 0.5}, []float64{0.5, 0.5}, 0},
		{[]float64{1, 0}, []float64{0, 1}, 1},
		{[]float64{0.4, 0.3, 0.25, 0.05}, []float64{0.26, 0.195, 0.1625, 0.3825}, 0.3607880126349592},
		{[]float64{0.55, 0.45}, []float64{0.5, 0.5}, 0.04252825000991675},
		{[]float64{0.7, 0.2, 0.1, 0}, []float64{0.1, 0.2, 0.3, 0.4}, 0.6483198268048995},
	} {
		_, got := divergence(c.p, c.q)
		require.InDelta(t, c.want, got, 1e-12, fmt.Sprint(c.p, c.q))
	}
}

// The divergence is symmetric, within 0 and 1 bit, and made of parts that are never negative.
func TestDivergenceProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(2, 8).Draw(t, "categories")
		draw := func(name string) []float64 {
			x, sum := rapid.SliceOfN(rapid.Float64Range(0, 1), k, k).Draw(t, name), 0.0
			for _, v := range x {
				sum += v
			}
			if sum == 0 {
				x[0], sum = 1, 1
			}
			for i := range x {
				x[i] /= sum
			}
			return x
		}
		p, q := draw("p"), draw("q")
		parts, there := divergence(p, q)
		_, back := divergence(q, p)
		sum := 0.0
		for _, v := range parts {
			if v < 0 {
				t.Fatalf("a part is %g", v)
			}
			sum += v
		}
		if math.Abs(there-back) > 1e-9 || there > 1+1e-9 || math.Abs(sum-there*there) > 1e-9 {
			t.Fatalf("%g there, %g back, parts %g", there, back, sum)
		}
	})
}
