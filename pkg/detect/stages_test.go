package detect_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/explain"
)

// monday is a Monday, 00:00 UTC.
var monday = time.Date(2026, 8, 31, 0, 0, 0, 0, time.UTC)

// held is what keeps an incident of a limit of 10 back, each case another stage.
type held struct {
	values   []float64
	guards   detect.Guards
	volume   []float64
	calendar calendar.Definition
	from     int // the point that is held
	points   int // so many are
}

func quietWith(n int, v float64, at ...int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = 1 + float64(i%3)/10
	}
	for _, i := range at {
		out[i] = v
	}
	return out
}

func minute(i int) *time.Time {
	t := monday.Add(time.Duration(i) * time.Minute)
	return &t
}

func heldBack() map[string]held {
	volume := quietWith(60, 3, 40, 41)
	for i := range volume {
		if volume[i] < 3 {
			volume[i] = 500
		}
	}
	return map[string]held{
		"floor":       {values: quietWith(60, 11, 40, 41), guards: detect.Guards{Floor: 12, HasFloor: true}, from: 40, points: 2},
		"minVolume":   {values: quietWith(60, 11, 40, 41), guards: detect.Guards{MinVolume: 100}, volume: volume, from: 40, points: 2},
		"maintenance": {values: quietWith(60, 11, 40, 41), calendar: calendar.Definition{Maintenance: []calendar.Window{{From: minute(38), To: minute(45), Reason: "planned"}}}, from: 40, points: 2},
		"persistence": {values: quietWith(60, 11, 40), guards: detect.Guards{K: 2, N: 3}, from: 40, points: 1},
		"for":         {values: quietWith(60, 11, 40, 41), guards: detect.Guards{For: 3 * time.Minute}, from: 40, points: 2},
		"cooldown":    {values: quietWith(60, 11, 30, 40, 41), guards: detect.Guards{Cooldown: 20 * time.Minute}, from: 40, points: 2},
	}
}

func answer(t *testing.T, c held, in detect.Input, algorithm string) (*detect.Output, []explain.Episode) {
	t.Helper()
	cal, err := calendar.New(c.calendar)
	require.NoError(t, err)
	in.Start, in.Guards, in.Volume, in.Calendar = monday, c.guards, c.volume, cal
	out, err := detect.Run(t.Context(), in, detect.Options{Algorithm: algorithm})
	require.NoError(t, err)
	g := explain.Input{Name: "x", Values: in.Values, Expected: out.Expected, Lower: out.Lower, Upper: out.Upper, Score: out.Score, Anomalous: out.Anomalous,
		Held: out.Held, From: in.From, Guards: c.guards, Calendar: cal, Algorithm: out.Algorithm}
	g.Grid.Start, g.Grid.Step, g.Grid.Len = in.Start, in.Step, len(in.Values)
	return out, explain.Episodes(g)
}

// saidInWords wants an episode that a stage held, told in words and not by the stage's id.
func saidInWords(t *testing.T, stage string, episodes []explain.Episode) {
	t.Helper()
	for _, e := range episodes {
		if e.HeldBack != stage {
			continue
		}
		english, chinese := e.Sentence(explain.English), e.Sentence(explain.Chinese)
		require.Contains(t, english, "held back by ")
		require.Contains(t, chinese, "已抑制：")
		require.NotContains(t, chinese, stage, "it has a name in Chinese")
		if strings.ToLower(stage) != stage {
			require.NotContains(t, english, stage, "and in English")
		}
		return
	}
	require.Fail(t, "no episode says "+stage)
}

func TestEveryStageIsVisibleInTheAnswer(t *testing.T) {
	for stage, c := range heldBack() {
		t.Run(stage, func(t *testing.T) {
			in := detect.Input{Values: c.values, Step: time.Minute, Threshold: &detect.Threshold{Value: 10}}
			out, episodes := answer(t, c, in, "threshold")
			require.Equal(t, map[string]int{stage: c.points}, out.HeldBack)
			for i := c.from; i < c.from+c.points; i++ {
				require.Equal(t, stage, out.Held[i])
				require.False(t, out.Anomalous[i])
				require.Greater(t, out.Score[i], 1.0, "the score stays")
			}
			saidInWords(t, stage, episodes)
		})
	}
}

// A fixed limit has no expectation; the guards of the deviation, deployments and the quarantine belong to detectors that learn.
func TestEveryStageOfADetectorThatLearnsIsVisible(t *testing.T) {
	const perDay = 288
	n, at := 16*perDay, 15*perDay+100
	wave := make([]float64, n)
	for i := range wave {
		wave[i] = 50 + 20*math.Sin(2*math.Pi*float64(i)/perDay) + float64(i*7919%13)/13
	}
	shifted := func(by float64, starts ...int) []float64 {
		out := append([]float64{}, wave...)
		for _, s := range starts {
			for i := s; i < s+4; i++ {
				out[i] += by
			}
		}
		return out
	}
	var often []int
	for k := range 9 {
		often = append(often, at+15*k)
	}
	deployed := []calendar.Span{{From: monday.Add(time.Duration(at-2) * 5 * time.Minute), To: monday.Add(time.Duration(at+8) * 5 * time.Minute), Reason: "1.2.3"}}
	for stage, c := range map[string]held{
		"minDeviation": {values: shifted(40, at), guards: detect.Guards{MinDeviation: 100}},
		"minRelative":  {values: shifted(40, at), guards: detect.Guards{MinRelative: 4}},
		"deployment":   {values: shifted(40, at), calendar: calendar.Definition{Events: deployed}},
		"repeats":      {values: shifted(40, often...)},
	} {
		t.Run(stage, func(t *testing.T) {
			in := detect.Input{Values: c.values, Step: 5 * time.Minute, From: 14 * perDay}
			out, episodes := answer(t, c, in, detect.Auto)
			require.Positive(t, out.HeldBack[stage], "%v", out.HeldBack)
			for i, s := range out.Held {
				require.False(t, s != "" && out.Anomalous[i])
			}
			saidInWords(t, stage, episodes)
			if stage == "repeats" {
				require.Contains(t, strings.Join(out.Notices, " "), "quarantined")
			}
		})
	}
}
