package detect

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestGuardsHoldBackAndAreCounted(t *testing.T) {
	x := daily(2500, 5)
	for i := 2400; i < 2412; i++ {
		x[i] += 40
	}
	base := Input{Values: x, From: 2016}
	free := detectRun(t, base, Auto, nil)
	require.Equal(t, 12, flagsIn(free, 2400, 2412))
	require.Empty(t, free.HeldBack)
	for name, c := range map[string]struct {
		change func(*Guards)
		held   int
	}{
		heldMinDeviation: {func(g *Guards) { g.MinDeviation = 100 }, 12},
		heldMinRelative:  {func(g *Guards) { g.MinRelative = 5 }, 12},
		heldFloor:        {func(g *Guards) { g.Floor, g.HasFloor = 500, true }, 12},
		heldFor:          {func(g *Guards) { g.For = 3 * time.Hour }, flags(free)},
	} {
		t.Run(name, func(t *testing.T) {
			in := base
			c.change(&in.Guards)
			out := detectRun(t, in, Auto, nil)
			require.Zero(t, flags(out))
			require.Equal(t, map[string]int{name: c.held}, out.HeldBack)
			require.Equal(t, free.Score[2016:], out.Score[2016:], "guards hold flags back, not scores")
		})
	}
	t.Run("what has impact passes", func(t *testing.T) {
		in := base
		in.Guards = Guards{MinDeviation: 20, MinRelative: 0.2, Floor: 60, HasFloor: true, For: 10 * time.Minute}
		require.GreaterOrEqual(t, flags(detectRun(t, in, Auto, nil)), 10)
	})
}

func TestForRaisesAFlagOnceItHasLasted(t *testing.T) {
	x := []float64{0, 9, 9, 9, math.NaN(), 9, 9, 0, 9, 9, 9, 9}
	out := detectRun(t, Input{Values: x, Threshold: &Threshold{5, Above}, Guards: Guards{For: 18 * time.Minute}}, "threshold", nil)
	require.Equal(t, []bool{false, false, false, false, false, true, true, false, false, false, false, true}, out.Anomalous,
		"four points of five minutes cover 18 minutes; a missing point neither ends nor extends")
	require.Equal(t, map[string]int{heldFor: 6}, out.HeldBack)
}

func TestDirectionSilencesTheOtherSide(t *testing.T) {
	x := daily(2500, 5)
	for i := 2300; i < 2306; i++ {
		x[i] -= 40
	}
	for i := 2400; i < 2406; i++ {
		x[i] += 40
	}
	for _, algorithm := range []string{"seasonal-residual", "dynamic-threshold"} {
		both := detectRun(t, Input{Values: x, From: 2016}, algorithm, nil)
		for dir, sign := range map[Direction]float64{Above: 1, Below: -1} {
			out := detectRun(t, Input{Values: x, From: 2016, Direction: dir}, algorithm, nil)
			for i := 2016; i < len(x); i++ {
				if sign*(x[i]-out.Expected[i]) >= 0 {
					require.Equal(t, both.Score[i], out.Score[i])
				} else {
					require.Zero(t, out.Score[i])
					require.False(t, out.Anomalous[i])
				}
			}
		}
	}
	require.Positive(t, flagsIn(detectRun(t, Input{Values: x, From: 2016, Direction: Above}, Auto, nil), 2400, 2406))
	require.Positive(t, flagsIn(detectRun(t, Input{Values: x, From: 2016, Direction: Below}, Auto, nil), 2300, 2306))
}

func TestConfirmationAndHysteresis(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		score []float64
		want  string // of each point: x flagged, . not
		held  int
	}{
		"one point alone":                  {[]float64{0, 1.5, 0, 0, 0}, ".....", 1},
		"one extreme point":                {[]float64{0, 2, 0, 0, 0}, ".x...", 0},
		"two in a row":                     {[]float64{0, 1.2, 1.1, 0, 0}, "..x..", 1},
		"two of three":                     {[]float64{0, 1.2, 0, 1.1, 0}, "...x.", 1},
		"two of four are too few":          {[]float64{1.2, 0, 0, 1.1, 0}, ".....", 2},
		"raised, it holds above half":      {[]float64{3, 0.7, 0.6, 0.5, 0.4}, "xxxx.", 0},
		"raised, it needs no confirmation": {[]float64{3, 0, 0, 1.1, 0}, "x..x.", 0},
		"three quiet points end it":        {[]float64{3, 0, 0, 0, 1.1}, "x....", 1},
		"missing points do not end it":     {[]float64{3, nan, nan, nan, 0.7}, "x...x", 0},
		"nor do they confirm":              {[]float64{nan, 1.2, nan, nan, 0}, ".....", 1},
		"neighbours are known points":      {[]float64{1.2, nan, nan, 1.2, 0}, "...x.", 1},
		"half alone raises nothing":        {[]float64{0.9, 0.9, 0.9, 0.9, 0.9}, ".....", 0},
	} {
		t.Run(name, func(t *testing.T) {
			out := blank(len(c.score))
			copy(out.Score, c.score)
			out.flag(Input{Values: c.score, Step: time.Minute}, true, urgent)
			got := ""
			for _, a := range out.Anomalous {
				got += map[bool]string{true: "x", false: "."}[a]
			}
			require.Equal(t, c.want, got)
			require.Equal(t, c.held, out.HeldBack[heldPersistence])
		})
	}
}

func TestAHeldPointConfirmsNothing(t *testing.T) {
	out := blank(3)
	copy(out.Score, []float64{1.5, 1.5, 1.5})
	copy(out.Expected, []float64{0, 0, 0})
	out.flag(Input{Values: []float64{5, 20, 5}, Step: time.Minute, Guards: Guards{MinDeviation: 10}}, true, urgent)
	require.NotContains(t, out.Anomalous, true)
	require.Equal(t, map[string]int{heldMinDeviation: 2, heldPersistence: 1}, out.HeldBack)
}

// Another signal's score: known and calm holds back, known and outside within the time passes, unknown does not hold back.
func TestAnotherSignalAgreesOrHoldsBack(t *testing.T) {
	nan := math.NaN()
	x := []float64{0, 9, 9, 9, 9, 9, 9}
	for name, c := range map[string]struct {
		other  []float64
		within time.Duration
		want   []bool
	}{
		"at the point or before":   {[]float64{0, 0, 0, 1, 0, 0, 0}, 5 * time.Minute, []bool{false, false, false, true, true, false, false}},
		"at the edge of its band":  {[]float64{0, 0, 0, math.Nextafter(1, 0), 1, 0, 0}, time.Minute, []bool{false, false, false, false, true, false, false}},
		"not at all":               {make([]float64, 7), time.Hour, make([]bool, 7)},
		"unknown":                  {[]float64{nan, nan, nan, nan, nan, nan, nan}, 10 * time.Minute, []bool{false, true, true, true, true, true, true}},
		"unknown for the time":     {[]float64{0, 0, nan, nan, nan, 0, nan}, 5 * time.Minute, []bool{false, false, false, true, true, false, false}},
		"no other":                 {nil, 5 * time.Minute, []bool{false, true, true, true, true, true, true}},
		"an other nobody asks for": {make([]float64, 7), 0, []bool{false, true, true, true, true, true, true}},
	} {
		out := detectRun(t, Input{Values: x, Other: c.other, Threshold: &Threshold{5, Above}, Guards: Guards{Agreement: c.within}}, "threshold", nil)
		require.Equal(t, c.want, out.Anomalous, name)
		held := 0
		for i, flagged := range c.want {
			if x[i] > 5 && !flagged {
				held++
			}
		}
		require.Equal(t, held, out.HeldBack[heldAgreement], name)
	}
	for name, in := range map[string]Input{
		"other is 2, one for each of the 7 values is needed": {Values: x, Step: time.Minute, Other: []float64{1, 2}},
		"agreement is -1m0s, 0 or more is needed":            {Values: x, Step: time.Minute, Guards: Guards{Agreement: -time.Minute}},
	} {
		_, err := Run(t.Context(), in, Options{Algorithm: "threshold"})
		require.ErrorContains(t, err, name)
	}
}
