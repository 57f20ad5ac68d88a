package detect

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// settled flags the points of a drawing: a digit is a flagged point with that score, a dot a quiet one, a blank a missing one.
func settled(drawing string, step time.Duration, most int) (string, *Output) {
	out := blank(len(drawing))
	for i, c := range drawing {
		switch c {
		case ' ':
		case '.':
			out.Score[i] = 0
		default:
			out.Score[i], out.Anomalous[i] = float64(c-'0'), true
		}
	}
	out.settle(Input{Values: out.Score, Step: step}, most)
	got := ""
	for i, c := range drawing {
		if c != ' ' && c != '.' && !out.Anomalous[i] {
			c = '-'
		}
		got += string(c)
	}
	return got, &out
}

func TestSettle(t *testing.T) {
	for name, c := range map[string]struct {
		step        time.Duration
		most        int
		given, want string
	}{
		"few":                                  {time.Minute, 3, "2..2..2...", "2..2..2..."},
		"one too many":                         {time.Minute, 3, "2..2..2..2.22.", "2..2..2..-.--."},
		"never asked":                          {time.Minute, 0, "2.2.2.2.2.2", "2.2.2.2.2.2"},
		"worse":                                {time.Minute, 2, "2..2..3..2..3..4", "2..2..3..-..-..4"},
		"the worst point of an episode counts": {time.Minute, 2, "2..252..5..6", "2..252..-..6"},
		"worse in the midst":                   {time.Minute, 2, "2..2..2252..", "2..2..--52.."},
		"a missing point ends no episode":      {time.Minute, 2, "2 2 2..2..2", "2 2 2..2..-"},
		"a day later":                          {6 * time.Hour, 2, "2.2....2.2..2", "2.2....2.2..2"},
		"within a day":                         {6 * time.Hour, 2, "2.2.2.2.2", "2.2.-.2.2"},
		"ten within a week":                    {time.Hour, 99, strings.Repeat("1.", 10), strings.Repeat("1.", 10)},
		"beyond ten further out":               {time.Hour, 99, strings.Repeat("1.", 10) + "1.2.1.", strings.Repeat("1.", 10) + "-.2.-."},
		"each more asks more":                  {time.Hour, 99, strings.Repeat("2.", 20) + "2.3.", strings.Repeat("2.", 20) + "-.3."},
		"a week later it is forgiven":          {time.Hour, 99, strings.Repeat("1.", 10) + strings.Repeat(".", 168) + "1.", strings.Repeat("1.", 10) + strings.Repeat(".", 168) + "1."},
		"an episode that goes on is one":       {time.Hour, 99, strings.Repeat("1", 20) + ".1.", strings.Repeat("1", 20) + ".1."},
	} {
		t.Run(name, func(t *testing.T) {
			got, out := settled(c.given, c.step, c.most)
			require.Equal(t, c.want, got)
			held := strings.Count(c.want, "-")
			require.Equal(t, held, out.HeldBack[heldRepeats])
			require.Equal(t, held > 0, len(out.Notices) == 1, "the quarantine is said")
		})
	}
}

func TestSettleOnlyHoldsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.StringOfN(rapid.SampledFrom([]rune("...  123456789")), 0, 200, -1).Draw(t, "given")
		most := rapid.IntRange(0, 5).Draw(t, "most")
		got, out := settled(given, time.Hour, most)
		for i := range given {
			require.True(t, given[i] == got[i] || got[i] == '-')
			if got[i] == '-' {
				require.Equal(t, heldRepeats, out.Held[i])
			}
		}
	})
}

// As long as the week's level is not reached, more that are allowed within a day are fewer held back.
func TestSettleAllowsWhatItIsTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.StringOfN(rapid.SampledFrom([]rune("...  123456789")), 0, 2*settleWeek, -1).Draw(t, "given")
		most := rapid.IntRange(1, 5).Draw(t, "most")
		got, _ := settled(given, time.Hour, most)
		more, _ := settled(given, time.Hour, most+1)
		require.LessOrEqual(t, strings.Count(more, "-"), strings.Count(got, "-"))
	})
}

// Whatever a series does, no week has more alerts than its worst score allows.
func TestNoWeekHasMoreAlertsThanTheirScoresAllow(t *testing.T) {
	const week = 7 * 24
	rapid.Check(t, func(t *rapid.T) {
		worst := rapid.IntRange(1, 4).Draw(t, "worst")
		allowed := settleWeek + int(math.Round(float64(worst-1)/settleRaise))
		pattern := rapid.StringOfN(rapid.SampledFrom([]rune(". 1234"[:2+worst])), 1, 20, -1).Draw(t, "pattern")
		given := strings.Repeat(pattern, 1000/len(pattern))
		got, out := settled(given, time.Hour, math.MaxInt)
		var starts []int
		open := false
		for i := range got {
			switch {
			case got[i] == ' ':
			case !out.Anomalous[i]:
				open = false
			case !open:
				open, starts = true, append(starts, i)
			}
		}
		for i, from := range starts {
			n := 0
			for _, s := range starts[i:] {
				if s-from <= week {
					n++
				}
			}
			require.LessOrEqual(t, n, allowed, "from %d on", from)
		}
	})
}

func TestTheQuarantineSaysWhy(t *testing.T) {
	_, out := settled("2.2.2.2.", time.Hour, 2)
	require.Equal(t, []string{"the series is quarantined at times: 2 points were not flagged because 2 alerts within a day had been as bad"}, out.Notices)
	_, out = settled(strings.Repeat("1.", 12), time.Hour, 99)
	require.Equal(t, []string{"the series is quarantined at times: 2 points were not flagged because beyond 10 alerts within a week each has to go further out"}, out.Notices)
	_, out = settled(strings.Repeat("3.", 12)+strings.Repeat(".", 30)+"1.", time.Hour, 11)
	require.Equal(t, []string{"the series is quarantined at times: 2 points were not flagged because 11 alerts within a day had been as bad, and beyond 10 alerts within a week each has to go further out"}, out.Notices)
}

func TestSeverityFades(t *testing.T) {
	nan := math.NaN()
	out := Output{Score: []float64{nan, 0, 2, 0, nan, 0, 1.9, 0.5}}
	fade := severityFades // a variable, as constants are exact
	want := []float64{nan, 0, 2, fade * 2, nan, fade * (fade * 2), 1.9, fade * 1.9}
	requireSame(t, want, out.Severity())
	require.Equal(t, 0.5, out.Score[7], "the scores stay")
}
