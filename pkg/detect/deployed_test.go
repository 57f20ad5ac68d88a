package detect

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/calendar"
)

const (
	deployedAt = 14*288 + 100 // points; the series goes on for a week
	deployed30 = deployedAt + 6
)

// deployed is the calendar of an event of half an hour, and of more from there on.
func deployedFor(t *testing.T, more ...time.Duration) *calendar.Calendar {
	begin := monday.Add(deployedAt * fiveMinutes)
	d := calendar.Definition{Events: []calendar.Span{{From: begin, To: begin.Add(30 * time.Minute)}}}
	for _, after := range more {
		d.Events = append(d.Events, calendar.Span{From: begin.Add(after), To: begin.Add(after + 30*time.Minute)})
	}
	return calendarOf(t, d)
}

func stepped(rhythm bool, steps map[int]float64) []float64 {
	x := noise(21*288, 0, 8)
	for i := range x {
		if x[i] += 100; rhythm {
			x[i] += 15 * math.Sin(2*math.Pi*float64(i)/288)
		}
		for at, by := range steps {
			if i >= at {
				x[i] += by
			}
		}
	}
	return x
}

// A deployment that doubles the load is no incident, and what happens on the new level is one: with a band from the same moment on, whichever
// detector draws it.
func TestTheLevelAfterADeploymentIsTheNewNormal(t *testing.T) {
	for _, algorithm := range []string{Auto, "seasonal-residual", "dynamic-threshold", "mad", "forecast-residual", "level-shift"} {
		for _, rhythm := range []bool{true, false} {
			x := stepped(rhythm, map[int]float64{deployedAt + 1: 40})
			in := Input{Values: x, Start: monday, From: deployedAt - 288}
			blind := flags(detectRun(t, in, algorithm, nil))
			if in.Calendar = deployedFor(t); blind < 20 { // not seen at all beside a day's swing, or for so short
				require.Contains(t, []string{"mad", "dynamic-threshold"}, algorithm)
				require.True(t, rhythm)
				continue
			}
			out := detectRun(t, in, algorithm, nil)
			require.LessOrEqual(t, flagsIn(out, deployedAt, len(x)), 2, "%s, rhythm %t, blind %d", algorithm, rhythm, blind)
			require.Positive(t, out.HeldBack[heldDeployment], algorithm)

			for i := deployed30 + 90; i < deployed30+102; i++ {
				x[i] += 200
			}
			out = detectRun(t, in, algorithm, nil)
			require.Positive(t, flagsIn(out, deployed30+90, deployed30+110), "%s, rhythm %t: an incident after the deployment", algorithm, rhythm)
		}
	}
}

func TestTheNewLevelIsWhatIsExpected(t *testing.T) {
	x := stepped(true, map[int]float64{deployedAt + 1: 40})
	in := Input{Values: x, Start: monday, From: deployedAt - 288, Calendar: deployedFor(t)}
	wide := detectRun(t, in, Auto, nil)
	for i := deployed30; i < deployed30+200; i++ {
		require.InDelta(t, x[i], wide.Expected[i], 12, "point %d", i)
		require.Less(t, wide.Lower[i], wide.Expected[i])
		require.Greater(t, wide.Upper[i], wide.Expected[i])
	}
	// A rule that looks at the newest points only says the same.
	in.From = deployed30 + 60
	narrow := detectRun(t, in, Auto, nil)
	require.Equal(t, wide.Score[in.From:], narrow.Score[in.From:])
	require.Equal(t, wide.Anomalous[in.From:], narrow.Anomalous[in.From:])
	for _, part := range [][]float64{narrow.Score, narrow.Expected, narrow.Lower, narrow.Upper} {
		for _, v := range part[:in.From] {
			require.True(t, math.IsNaN(v), "what is not asked for is not answered")
		}
	}
}

func TestADeploymentExcusesItsOwnLevelOnly(t *testing.T) {
	ask := func(c *calendar.Calendar, steps map[int]float64) *Output {
		return detectRun(t, Input{Values: stepped(true, steps), Start: monday, From: deployedAt - 288, Calendar: c}, Auto, nil)
	}
	later := map[int]float64{deployed30 + 24: 40}
	require.Greater(t, flags(ask(deployedFor(t), later)), 100, "two hours after it is an incident")
	before := map[int]float64{deployedAt - 24: 40, deployed30 + 24: -40}
	require.Greater(t, flagsIn(ask(deployedFor(t), before), deployedAt-24, deployedAt), 10, "before it as well")
	further := map[int]float64{deployedAt + 1: 40, deployed30 + 24: 40}
	require.Greater(t, flagsIn(ask(deployedFor(t), further), deployed30+24, len(stepped(true, nil))), 100, "so is what goes on rising")
	back := map[int]float64{deployedAt + 1: 40, deployed30 + 12: -40}
	require.Zero(t, flags(ask(deployedFor(t), back)), "rolled back to what it was is none")
	require.Zero(t, flags(ask(deployedFor(t, 2*time.Hour), map[int]float64{deployedAt + 1: 40, deployedAt + 25: 40})), "two deployments, each with its step")
	x := stepped(true, map[int]float64{deployedAt + 1: 40})
	for i := deployedAt; i < deployed30; i++ {
		x[i] = math.NaN()
	}
	out := detectRun(t, Input{Values: x, Start: monday, From: deployedAt - 288, Calendar: deployedFor(t)}, Auto, nil)
	require.Greater(t, flags(out), 100, "nothing was known of its level")
}

// What was flagged without a deployment is as it was where values stay within the band.
func TestADeploymentWithoutAStepMovesNothing(t *testing.T) {
	x := stepped(true, nil)
	in := Input{Values: x, Start: monday, From: deployedAt - 288}
	plain := detectRun(t, in, Auto, nil)
	in.Calendar = deployedFor(t)
	out := detectRun(t, in, Auto, nil)
	requireSame(t, plain.Score, out.Score)
	requireSame(t, plain.Expected, out.Expected)
}
