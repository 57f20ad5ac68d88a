package group

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/param"
)

// blanked makes values missing in [from, to).
func blanked(row []float64, from, to int) {
	for i := from; i < to; i++ {
		row[i] = math.NaN()
	}
}

// sane checks what holds for every answer: an outlier has a score of 1 or more and a reason, others less or none, and no band is
// upside down.
func sane(t require.TestingT, out *Output, k, n int) {
	require.Len(t, out.Score, k)
	require.Len(t, out.Why, k)
	for j, s := range out.Score {
		require.False(t, math.IsInf(s, 0), "score %v of %d", s, j)
		require.Equal(t, s >= 1, out.Outlier[j], "score %v of %d", s, j)
		require.NotEmpty(t, out.Why[j])
		require.Equal(t, math.IsNaN(s), out.Cluster[j] < 0, "what is not known is in no cluster")
	}
	if k == 0 {
		return
	}
	require.Len(t, out.Low, n)
	for i := range out.Low {
		require.Equal(t, math.IsNaN(out.Low[i]), math.IsNaN(out.High[i]))
		require.False(t, out.Low[i] > out.High[i])
	}
	for j, row := range out.Flags {
		require.Len(t, row, n)
		if !out.Outlier[j] {
			require.NotContains(t, row, true, "flags of %d, which is none", j)
		}
	}
}

func TestAnInstanceThatComesLateIsComparedWithTheOthers(t *testing.T) {
	for name, since := range map[string]int{"two days ago": week - 576, "six hours ago": week - 72, "within the window": week - 8} {
		for _, algorithm := range every() {
			t.Run(name+" "+algorithm, func(t *testing.T) {
				values := hosts(8, 3)
				blanked(values[6], 0, since)
				out := runGroup(t, values, algorithm, nil)
				sane(t, out, 8, week)
				require.Empty(t, outliers(out), "it behaves as its peers do")
			})
		}
	}
}

func TestAnInstanceThatIsGoneIsNobodysOutlier(t *testing.T) {
	for name, c := range map[string]struct {
		from    int
		unknown bool
	}{
		"for the whole window":  {week - 12, true},
		"for most of it":        {week - 8, true},
		"for the newest points": {week - 3, false},
		"ever":                  {0, true},
	} {
		for _, algorithm := range every() {
			t.Run(name+" "+algorithm, func(t *testing.T) {
				values := hosts(8, 4)
				blanked(values[2], c.from, week)
				out := runGroup(t, values, algorithm, nil)
				sane(t, out, 8, week)
				require.Empty(t, outliers(out))
				require.Equal(t, c.unknown, math.IsNaN(out.Score[2]))
				if c.unknown {
					require.NotEqual(t, "as the group and its own history", out.Why[2])
				}
				for j := range 8 {
					if j != 2 {
						require.False(t, math.IsNaN(out.Score[j]), "the others are judged all the same")
					}
				}
			})
		}
	}
}

func TestTheHotOneIsFoundThoughOthersAreMissing(t *testing.T) {
	for _, algorithm := range every() {
		values := hosts(9, 5)
		blanked(values[1], 0, week)
		blanked(values[3], week-30, week)
		for i := range week { // one in ten scrapes was lost everywhere
			if i%10 == 7 {
				for j := range values {
					values[j][i] = math.NaN()
				}
			}
		}
		add(values[7], week-12, week, 45)
		out := runGroup(t, values, algorithm, nil)
		sane(t, out, 9, week)
		require.Equal(t, []int{7}, outliers(out), algorithm)
	}
}

func TestGroupsThatAreNone(t *testing.T) {
	all := hosts(3, 6)
	for j := range all {
		blanked(all[j], 0, week)
	}
	for _, algorithm := range every() {
		for k := range 3 {
			out := runGroup(t, hosts(6, 1)[:k], algorithm, nil)
			sane(t, out, k, week)
			require.Empty(t, outliers(out), "%d instances", k)
			require.Contains(t, out.Notices[0], "a group needs at least 3")
		}
		out, err := Run(context.Background(), Input{Values: all, Step: fiveMinutes}, detect.Options{Algorithm: algorithm})
		if err != nil {
			require.ErrorIs(t, err, detect.ErrTooShort, "nothing is known of anybody")
			continue
		}
		sane(t, out, 3, week)
		require.Empty(t, outliers(out))
	}
}

// Of two of three that are left nobody can say who is right.
func TestTwoThatAreLeftAccuseNobody(t *testing.T) {
	for _, algorithm := range []string{"dbscan"} {
		values := hosts(3, 7)
		blanked(values[0], week-24, week)
		add(values[1], week-12, week, 60)
		out := runGroup(t, values, algorithm, nil)
		sane(t, out, 3, week)
		require.Empty(t, outliers(out), algorithm)
	}
}

func TestAThousandInstances(t *testing.T) {
	values := alike(1000, 300, 0.3, false, 8)
	add(values[123], 288, 300, 25)
	blanked(values[500], 0, 250)
	blanked(values[501], 250, 300)
	for _, algorithm := range every() {
		out := runGroup(t, values, algorithm, nil)
		sane(t, out, 1000, 300)
		require.Contains(t, outliers(out), 123, algorithm)
		require.LessOrEqual(t, len(outliers(out)), 2, algorithm)
	}
}

// What a group does later changes nothing about what was said earlier: an answer over a range is that of its end.
func TestStreamingIsTheSameAsLookingBack(t *testing.T) {
	values := hosts(6, 9)
	add(values[3], week-60, week-30, 50)
	for _, algorithm := range every() {
		for _, end := range []int{week - 70, week - 50, week - 10} {
			part := make([][]float64, len(values))
			for j := range values {
				part[j] = slices.Clone(values[j][:end])
			}
			out := runGroup(t, part, algorithm, nil)
			require.Equal(t, end == week-50, slices.Contains(outliers(out), 3), "%s until %d", algorithm, end)
		}
	}
}

// Whatever the values, an answer is sane: no NaN flags anybody, no infinity is a score.
func TestAnyValuesGiveASaneAnswer(t *testing.T) {
	odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, -1e300, 1e300, 5e-324, 1e140}
	rapid.Check(t, func(t *rapid.T) {
		k, n := rapid.IntRange(0, 7).Draw(t, "instances"), rapid.IntRange(1, 260).Draw(t, "n")
		values := alike(k, n, 0, false, rapid.Uint64().Draw(t, "seed"))
		for range rapid.IntRange(0, 12).Draw(t, "stretches") {
			if k == 0 {
				break
			}
			row, from := values[rapid.IntRange(0, k-1).Draw(t, "row")], rapid.IntRange(0, n-1).Draw(t, "from")
			v := rapid.SampledFrom(odd).Draw(t, "value")
			for i := from; i < min(from+rapid.IntRange(1, n).Draw(t, "length"), n); i++ {
				row[i] = v
			}
		}
		algorithm := rapid.SampledFrom(every()).Draw(t, "algorithm")
		out, err := Run(context.Background(), Input{Values: values, Step: time.Minute, From: rapid.IntRange(0, n).Draw(t, "shown")}, detect.Options{Algorithm: algorithm})
		if err != nil {
			require.True(t, errors.Is(err, detect.ErrTooShort) || k > 0 && errors.Is(err, param.ErrInvalid), "%v", err)
			return
		}
		sane(t, out, k, n)
	})
}
