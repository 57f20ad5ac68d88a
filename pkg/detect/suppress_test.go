package detect

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// limited flags all above 10 with a fixed threshold, so that only the stages decide.
func limited(t require.TestingT, x []float64, g Guards, volume []float64) *Output {
	return detectRun(t, Input{Values: x, Step: time.Minute, Threshold: &Threshold{Value: 10}, Guards: g, Volume: volume}, "threshold", nil)
}

func flagged(out *Output) string {
	text := make([]byte, len(out.Anomalous))
	for i, a := range out.Anomalous {
		switch {
		case a:
			text[i] = '!'
		case out.Held != nil && out.Held[i] != "":
			text[i] = out.Held[i][0]
		default:
			text[i] = '.'
		}
	}
	return string(text)
}

// series reads a drawing: x is far outside, X twice as far, - as expected, ? missing.
func drawn(text string) []float64 {
	return times(len(text), func(i int) float64 {
		return map[byte]float64{'x': 11, 'X': 30, '-': 1, '?': math.NaN()}[text[i]]
	})
}

func TestStages(t *testing.T) {
	for name, c := range map[string]struct {
		x, want string
		g       Guards
	}{
		"nothing held":                    {"--x-xx--", "..!.!!..", Guards{}},
		"2 of 3":                          {"--x-xx--", "..p.!!..", Guards{K: 2, N: 3}},
		"3 of 3":                          {"--xxxx-x", "..pp!!.p", Guards{K: 3, N: 3}},
		"1 of 1":                          {"-x-", ".!.", Guards{K: 1, N: 1}},
		"3 of 5":                          {"x-x-x--x", "p.p.!..p", Guards{K: 3, N: 5}},
		"missing points are not counted":  {"x??x", "p..!", Guards{K: 2, N: 2}},
		"k of n holds the urgent as well": {"--X-", "..p.", Guards{K: 2, N: 2}},
		"for":                             {"-xx-xxx-", ".ff.ff!.", Guards{For: 3 * time.Minute}},
		"cooldown":                        {"x-xx---x", "!.cc...!", Guards{Cooldown: 4 * time.Minute}},
		"cooldown counts from the end":    {"xxx--x--", "!!!..c..", Guards{Cooldown: 3 * time.Minute}},
		"much worse breaks the cooldown":  {"x-X-----", "!.!.....", Guards{Cooldown: 9 * time.Minute}},
		"a gap does not end an episode":   {"x??x----", "!..!....", Guards{Cooldown: 9 * time.Minute}},
		"floor":                           {"-xX-", ".f!.", Guards{Floor: 20, HasFloor: true}},
	} {
		t.Run(name, func(t *testing.T) {
			out := limited(t, drawn(c.x), c.g, nil)
			require.Equal(t, c.want, flagged(out))
			total := 0
			for _, n := range out.HeldBack {
				total += n
			}
			held := 0
			for i, stage := range out.Held {
				if stage != "" {
					held++
					require.False(t, out.Anomalous[i])
				}
			}
			require.Equal(t, total, held, "each point that was held back is counted once")
		})
	}
}

func TestARatioOfFewIsNotRaised(t *testing.T) {
	x := drawn("xxxx")
	out := limited(t, x, Guards{MinVolume: 100}, []float64{5, 500, 100, math.NaN()})
	require.Equal(t, "m!!!", flagged(out), "an unknown volume holds nothing back")
	require.Equal(t, map[string]int{"minVolume": 1}, out.HeldBack)
}

func TestABadNormalIsNamed(t *testing.T) {
	x := drawn("xxx-------x-------")
	in := Input{Values: x, Step: time.Minute, From: 10, Threshold: &Threshold{Value: 10}}
	out := detectRun(t, in, "threshold", nil)
	require.Len(t, out.Notices, 1)
	require.Contains(t, out.Notices[0], "30 % of the history are already beyond the threshold of 10")
	in.Guards = Guards{Floor: 1000, HasFloor: true}
	in.Threshold = &Threshold{Value: 5, Direction: Below}
	require.Contains(t, detectRun(t, in, "threshold", nil).Notices[0], "70 %")
	in.Guards = Guards{Floor: 5, HasFloor: true}
	in.Threshold = &Threshold{Value: 1e6}
	require.Contains(t, detectRun(t, in, "threshold", nil).Notices[0], "the floor of 5")
	in.Guards = Guards{}
	require.Empty(t, detectRun(t, in, "threshold", nil).Notices)
}

func TestWrongGuardsAreNamed(t *testing.T) {
	for says, in := range map[string]Input{
		"n is 65":         {Guards: Guards{N: 65}},
		"k is 4":          {Guards: Guards{K: 4, N: 3}},
		"k is 1":          {Guards: Guards{K: 1}},
		"minVolume is -1": {Guards: Guards{MinVolume: -1}},
		"cooldown is -1s": {Guards: Guards{Cooldown: -time.Second}},
		"volume is 1":     {Volume: []float64{1}},
	} {
		in.Values, in.Step = daily(30, 1), time.Minute
		_, err := Run(t.Context(), in, Options{})
		require.ErrorContains(t, err, says)
	}
}

// A stage only ever takes flags away, and every point taken says by which stage.
func TestStagesOnlyTakeAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := drawn(rapid.StringMatching(`[xX-][xX?-]{4,80}`).Draw(t, "x"))
		n := rapid.IntRange(1, 8).Draw(t, "n")
		g := Guards{N: n, K: rapid.IntRange(0, n).Draw(t, "k"), For: time.Duration(rapid.IntRange(0, 3).Draw(t, "for")) * time.Minute,
			Cooldown: time.Duration(rapid.IntRange(0, 9).Draw(t, "cooldown")) * time.Minute}
		free := limited(t, x, Guards{}, nil)
		held := limited(t, x, g, nil)
		for i := range x {
			if held.Anomalous[i] {
				require.True(t, free.Anomalous[i])
			}
			if free.Anomalous[i] && !held.Anomalous[i] {
				require.NotEmpty(t, held.Held[i])
			}
		}
	})
}
