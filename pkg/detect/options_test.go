package detect

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/param"
)

// other gives a value of an option that is not its default.
func other(s param.Spec) any {
	switch s.Kind {
	case param.Choice:
		return s.Choices[(slices.Index(s.Choices, s.Default.(string))+1)%len(s.Choices)]
	case param.Duration:
		return param.FormatDuration(2 * s.Default.(time.Duration))
	case param.Integer:
		return float64(2 * s.Default.(int))
	}
	return s.Default.(float64) + 0.2
}

// eventful has all that an option may bear on: a season, spikes, a shift, standing still, gaps.
func eventful() []float64 {
	x := daily(24*288, 7)
	for i := 10 * 288; i < len(x); i += 331 {
		x[i] += 30
		x[i+1] += 25
		x[i+2] -= 15
	}
	for i := 18 * 288; i < len(x); i++ {
		x[i] += 9
	}
	for k, length := range []int{3, 8, 20, 60} {
		for i := 16*288 + 200*k; i < 16*288+200*k+length; i++ {
			x[i] = math.NaN()
			x[i+100] = 50
		}
	}
	return x
}

// Every option is read: another value gives another answer.
func TestEveryOptionOfEveryDetectorMatters(t *testing.T) {
	with := map[string]map[string]any{ // what makes the option matter
		"same-period days": {"with": withMean}, "previous-period points": {"with": withMean},
		"forecast-residual forecaster": {"forecaster": "linear"}, // of one long season, mstl and ets say the same
	}
	x := eventful()
	for _, a := range Algorithms() {
		for _, s := range a.Params {
			t.Run(a.ID+"/"+s.Name, func(t *testing.T) {
				params := map[string]any{}
				for k, v := range with[a.ID+" "+s.Name] {
					params[k] = v
				}
				in := Input{Values: x, Start: monday, From: 14 * 288, Threshold: &Threshold{Value: 60}}
				was := detectRun(t, in, a.ID, params)
				params[s.Name] = other(s)
				is := detectRun(t, in, a.ID, params)
				require.False(t, same(was.Score, is.Score) && same(was.Upper, is.Upper), "%s = %v changes nothing", s.Name, params[s.Name])
			})
		}
	}
}

func same(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) })
}

// Help texts name the numbers that the sensitivities stand for; this holds auto's to them.
func TestAutosHelpNamesItsWidths(t *testing.T) {
	a, err := Lookup(Auto)
	require.NoError(t, err)
	require.Contains(t, a.Params[0].Help, "high 2.5, medium 3.6, low 6.5")
	for s, want := range map[string]float64{"high": 2.5, "medium": 3.6, "low": 6.5} {
		p, err := param.Parse(a.Params, map[string]any{"sensitivity": s})
		require.NoError(t, err)
		require.Equal(t, want, a.New(p).(automatic).scales)
	}
}

func TestTheDefaultIsMedium(t *testing.T) {
	x := eventful()
	for _, a := range Algorithms() {
		if !slices.ContainsFunc(a.Params, func(s param.Spec) bool { return s.Name == "sensitivity" }) {
			continue
		}
		in := Input{Values: x[:17*288], Start: monday, From: 15 * 288}
		requireSame(t, detectRun(t, in, a.ID, nil).Score, detectRun(t, in, a.ID, map[string]any{"sensitivity": "medium"}).Score)
	}
}
