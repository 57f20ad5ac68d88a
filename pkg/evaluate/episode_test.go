package evaluate

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// scores reads one letter a point: . quiet, 1 to 9 flagged with that score, ? without a score, ! flagged without one.
func scores(text string) (flags []bool, score []float64) {
	for _, c := range text {
		flags = append(flags, c >= '1' && c <= '9' || c == '!')
		switch c {
		case '?', '!':
			score = append(score, math.NaN())
		case '.':
			score = append(score, 0.2)
		default:
			score = append(score, float64(c-'0'))
		}
	}
	return flags, score
}

func TestFlaggedPointsAreJoinedToStretches(t *testing.T) {
	for text, want := range map[string][]Episode{
		"":               nil,
		"......":         nil,
		"..3...":         {{From: 2, To: 3, Peak: 3, At: 2}},
		"..253.":         {{From: 2, To: 5, Peak: 5, At: 3}},
		"2..3..":         {{From: 0, To: 4, Peak: 3, At: 3}},
		"2...3.":         {{From: 0, To: 1, Peak: 2, At: 0}, {From: 4, To: 5, Peak: 3, At: 4}},
		"2.???.3":        {{From: 0, To: 7, Peak: 3, At: 6}},
		"3..3..3":        {{From: 0, To: 7, Peak: 3, At: 0}},
		"!7":             {{From: 0, To: 2, Peak: 7, At: 1}},
		"?????2":         {{From: 5, To: 6, Peak: 2, At: 5}},
		"9....1....2..1": {{From: 0, To: 1, Peak: 9, At: 0}, {From: 5, To: 6, Peak: 1, At: 5}, {From: 10, To: 14, Peak: 2, At: 10}},
	} {
		flags, score := scores(text)
		require.Equal(t, want, Episodes(flags, score, 2), text)
	}
	flags, score := scores("3.3")
	require.Len(t, Episodes(flags, score, 0), 2, "without a gap neighbours alone are one")
	flags, score = scores("33")
	require.Len(t, Episodes(flags, score, 0), 1)
}

func TestStretchesCoverWhatIsFlagged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		flags, score := scores(rapid.StringOfN(rapid.SampledFrom([]rune("...??1359")), 0, 60, -1).Draw(t, "points"))
		gap := rapid.IntRange(0, 6).Draw(t, "gap")
		list := Episodes(flags, score, gap)
		last := -1
		for _, e := range list {
			require.Greater(t, e.From, last, "in order, and apart")
			require.True(t, flags[e.From] && flags[e.To-1] && flags[e.At], "they begin, peak and end flagged")
			require.Equal(t, score[e.At], e.Peak)
			for i := e.From; i < e.To; i++ {
				require.False(t, flags[i] && score[i] > e.Peak)
			}
			last = e.To
		}
		for i, f := range flags {
			in := false
			for _, e := range list {
				in = in || e.From <= i && i < e.To
			}
			require.True(t, in || !f, "point %d", i)
		}
		require.LessOrEqual(t, len(Episodes(flags, score, gap+1)), len(list), "a longer gap joins more")
	})
}

func TestTheScaleThatKeepsToTheBudget(t *testing.T) {
	for name, c := range map[string]struct {
		perWeek []float64
		budget  float64
		index   int
		ok      bool
	}{
		"the first is quiet enough":        {[]float64{1, 0.5, 0}, 1, 0, true},
		"the second":                       {[]float64{3, 1, 0}, 1, 1, true},
		"one that is noisy again, later":   {[]float64{1, 3, 0.5, 0}, 1, 2, true},
		"none":                             {[]float64{9, 5, 2}, 1, 2, false},
		"a budget of nothing":              {[]float64{2, 1, 0, 0}, 0, 2, true},
		"there are no scales":              {nil, 1, -1, false},
		"the greatest alone is exactly it": {[]float64{4, 3, 2}, 2, 2, true},
	} {
		index, ok := Choose(c.perWeek, c.budget)
		require.Equal(t, []any{c.index, c.ok}, []any{index, ok}, name)
	}
}

func TestScalesOnlyWiden(t *testing.T) {
	scales := Scales()
	require.Equal(t, 1.0, scales[0])
	for i := range scales[1:] {
		require.Greater(t, scales[i+1], scales[i])
	}
	scales[0] = 99
	require.Equal(t, 1.0, Scales()[0], "each caller has its own")
}

func TestAWiderScaleIsNeverChosenWithoutNeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perWeek := rapid.SliceOfN(rapid.Float64Range(0, 10), 1, 16).Draw(t, "per week")
		budget := rapid.Float64Range(0, 10).Draw(t, "budget")
		index, ok := Choose(perWeek, budget)
		if !ok {
			require.Greater(t, perWeek[len(perWeek)-1], budget)
			return
		}
		for _, n := range perWeek[index:] {
			require.LessOrEqual(t, n, budget)
		}
		require.True(t, index == 0 || perWeek[index-1] > budget)
	})
}
