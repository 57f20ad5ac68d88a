package composite

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/calendar"
)

func TestAnAlarmIsConfirmedAndLastsUntilTheScoreHasRecovered(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		score []float64
		want  string
	}{
		"one point alone":               {[]float64{0, 1.5, 0, 0, 0}, "....."},
		"two of three":                  {[]float64{0, 1.5, 0, 1.2, 0}, "...#."},
		"urgent":                        {[]float64{0, 2, 0}, ".#."},
		"on while not recovered":        {[]float64{1, 1, 0.9, 0.8, 0.79, 0.9, 0}, ".###.#."},
		"over after three":              {[]float64{1, 1, 0.5, 0.5, 0.5, 0.9, 1}, ".#....."},
		"a dip of two is no recovery":   {[]float64{1, 1, 0.5, 0.5, 1, 0.5}, ".#..#."},
		"a gap neither ends nor begins": {[]float64{1, nan, 1, nan, 0.9, nan, nan, nan, 0.9}, "..#.#...#"},
	} {
		t.Run(name, func(t *testing.T) {
			out := &Output{Score: c.score, Anomalous: make([]bool, len(c.score))}
			out.flag(0, time.Hour, nil)
			got := ""
			for _, a := range out.Anomalous {
				got += map[bool]string{true: "#", false: "."}[a]
			}
			require.Equal(t, c.want, got)
		})
	}
}

// drawn flags a row of excursions of two points each, so many points apart, and draws what became of them: # raised, c held by the
// cooldown, r by repeats.
func drawn(step time.Duration, apart int, peaks ...float64) (string, *Output) {
	out := &Output{Score: make([]float64, apart*len(peaks)), Anomalous: make([]bool, apart*len(peaks))}
	for k, p := range peaks {
		out.Score[k*apart], out.Score[k*apart+1] = p, p
	}
	out.flag(0, step, nil)
	text := ""
	for k := range peaks {
		switch i := k*apart + 1; {
		case out.Anomalous[i]:
			text += "#"
		case out.Held != nil:
			text += map[string]string{heldCooldown: "c", heldRepeats: "r", "": "."}[out.Held[i]]
		default:
			text += "."
		}
	}
	return text, out
}

func TestSoonAfterAnAlarmOnlyAWorseOneIsRaised(t *testing.T) {
	for name, c := range map[string]struct {
		step  time.Duration
		apart int
		peaks []float64
		want  string
	}{
		"within the hour":                   {5 * time.Minute, 12, []float64{1.2, 1.2, 1.2}, "#c#"},
		"after the hour":                    {5 * time.Minute, 20, []float64{1.2, 1.2, 1.2}, "###"},
		"clearly worse":                     {5 * time.Minute, 12, []float64{1.2, 1.8, 2.6}, "##c"},
		"ten points at least":               {time.Hour, 12, []float64{1.2, 1.2}, "#c"},
		"an hour is many points by seconds": {time.Second, 3000, []float64{1.2, 1.2}, "#c"},
	} {
		t.Run(name, func(t *testing.T) {
			got, out := drawn(c.step, c.apart, c.peaks...)
			require.Equal(t, c.want, got)
			require.Empty(t, out.Notices)
		})
	}
}

func TestAfterThreeAlarmsWithinADayOnlyAWorseOneIsRaised(t *testing.T) {
	got, out := drawn(5*time.Minute, 48, 1.5, 1.2, 1.3, 1.5, 1.9, 2.3, 2.2) // every four hours
	require.Equal(t, "###rr#r", got)
	require.Contains(t, out.Notices[0], "after 3 alarms within a day")
	got, out = drawn(5*time.Minute, 90, 1.2, 1.2, 1.2, 1.2, 1.2, 1.2) // four within 22.5 hours
	require.Equal(t, "###r##", got)
	require.Len(t, out.Notices, 1)
	got, out = drawn(5*time.Minute, 150, 1.2, 1.2, 1.2, 1.2, 1.2, 1.2)
	require.Equal(t, "######", got, "two within a day")
	require.Nil(t, out.Held)
}

// Whatever the scores, a point is raised or held and not both, and neither below the recovered score; no day begins more alarms than
// may, unless each is worse than those before it.
func TestAlarmsKeepToTheirRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		scores := rapid.SliceOfN(rapid.SampledFrom([]float64{0, 0.3, 0.85, 1, 1.1, 1.4, 2, 2.5, math.NaN()}), 30, 600).Draw(t, "scores")
		out := &Output{Score: scores, Anomalous: make([]bool, len(scores))}
		const step = 10 * time.Minute
		out.flag(0, step, nil)
		type begun struct {
			at   int
			peak float64
		}
		var list []begun
		last := math.MinInt32
		for i, a := range out.Anomalous {
			if out.Held != nil && out.Held[i] != "" {
				require.False(t, a)
				require.GreaterOrEqual(t, scores[i], 1.0)
			}
			if !a {
				continue
			}
			require.GreaterOrEqual(t, scores[i], recovered)
			known := 0
			for _, s := range scores[max(last, 0) : i+1] {
				if !math.IsNaN(s) {
					known++
				}
			}
			if last < 0 || known > settled+1 { // a new one
				if n := len(list); n >= mostAlarms && i-list[n-mostAlarms].at < 144 {
					for _, b := range list[n-mostAlarms:] {
						require.GreaterOrEqual(t, scores[i], worse*b.peak)
					}
				}
				list = append(list, begun{i, scores[i]})
			}
			list[len(list)-1].peak = max(list[len(list)-1].peak, scores[i])
			last = i
		}
	})
}

// Two looks make a score: how far the signals are out together, and, where they are not far, how surprising they are one by one. The
// latter has to be evident.
func TestWhatIsEvidentCountsThoughTheSignalsAreNotFarOut(t *testing.T) {
	s := signals(30, 8, 0)
	for k := range 2 {
		s[k].Values[4001] += 12
	}
	auto, err := Run(t.Context(), Input{Signals: s, Step: fiveMinutes, From: shown})
	require.NoError(t, err)
	fisher, err := Run(t.Context(), Input{Signals: s, Step: fiveMinutes, From: shown, Method: Fisher})
	require.NoError(t, err)
	for i := shown; i < fortnight; i++ {
		require.GreaterOrEqual(t, auto.Score[i], fisher.Score[i]/evident)
	}
	require.Equal(t, fisher.Score[4001]/evident, auto.Score[4001])
	require.Greater(t, auto.Score[4001], 1.0)
}

// What was held back, and the notice of it, belongs to the limit at which it was: a strict one has raised nothing that others could repeat.
func TestWhatIsHeldBackBelongsToItsLimit(t *testing.T) {
	s := signals(3, 31, 0)
	for k := range s {
		for at := shown + 20; at+3 < shown+288; at += 40 { // every three hours and a third, seven times in a day
			for i := range 3 {
				s[k].Values[at+i] += 9
			}
		}
	}
	in := Input{Signals: s, Step: fiveMinutes, From: shown}
	all, err := RunScaled(context.Background(), in, 1, 1e6, 0.5)
	require.NoError(t, err)
	for _, out := range []*Output{all[0], all[2]} {
		sane(t, out, shown)
		require.Contains(t, out.Held, heldRepeats)
		require.Len(t, out.Notices, 1)
		require.Contains(t, out.Notices[0], "after 3 alarms within a day only a worse one is raised")
		alarms := 0
		for i := shown; i < fortnight; i++ {
			require.False(t, out.Anomalous[i] && out.Held[i] != "", "raised or held back, not both")
			if out.Anomalous[i] && !out.Anomalous[i-1] {
				alarms++
			}
		}
		require.GreaterOrEqual(t, alarms, mostAlarms)
		require.Less(t, alarms, 7, "not each of the seven")
	}
	require.Nil(t, all[1].Held)
	require.Empty(t, all[1].Notices)
	require.Zero(t, flags(all[1]))
}

func TestMaintenanceSilencesAndIsNotLearnt(t *testing.T) {
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	ask := func(s []Signal, d calendar.Definition) *Output {
		c, err := calendar.New(d)
		require.NoError(t, err)
		out, err := Run(t.Context(), Input{Signals: s, Step: fiveMinutes, Start: start, From: shown, Calendar: c})
		require.NoError(t, err)
		return out
	}
	at := func(i int) time.Time { return start.Add(time.Duration(i) * fiveMinutes) }
	s := signals(3, 1, 0)
	raise(s[0], 30)
	for kind, d := range map[string]calendar.Definition{
		"maintenance": {Maintenance: []calendar.Window{{From: new(at(3990)), To: new(at(4006))}}},
		"deployment":  {Events: []calendar.Span{{From: at(3990), To: at(4006)}}},
	} {
		out := ask(s, d)
		require.Equal(t, kind, out.Held[4003])
		require.NotContains(t, out.Anomalous[:4006], true)
		require.True(t, out.Anomalous[4008], "what lasts beyond it is raised")
		require.InDelta(t, score(t, s).Score[4003], out.Score[4003], 0.1, "the score tells it all the same")
	}
	require.Nil(t, ask(s, calendar.Definition{Excluded: []calendar.Span{{From: at(3990), To: at(4006)}}}).Held, "what is excluded is only not learnt")

	bad := signals(3, 1, 0) // a day of the history on which all was far off
	for k := range bad {
		for i := 3000; i < 3288; i++ {
			bad[k].Values[i] += 40
		}
	}
	raise(bad[0], 12)
	require.Greater(t, ask(bad, calendar.Definition{Excluded: []calendar.Span{{From: at(3000), To: at(3288)}}}).Score[4003], 1.2*ask(bad, calendar.Definition{}).Score[4003])
}
