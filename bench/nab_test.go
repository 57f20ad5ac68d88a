package main

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/tests/promserver"
)

// NAB's score by its laws, and the small parts of the commands that need a server.

// drawnNAB is a file with windows and alerts in it.
func drawnNAB(t *rapid.T) (opening []float64, windows []incident) {
	n := rapid.IntRange(40, 300).Draw(t, "rows")
	for at := n/6 + 1; at+12 < n; at += rapid.IntRange(30, 90).Draw(t, "apart") {
		windows = append(windows, incident{from: at, to: at + rapid.IntRange(2, 11).Draw(t, "length")})
	}
	opening = make([]float64, n)
	for _, i := range rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 12).Draw(t, "alerts") {
		opening[i] = rapid.SampledFrom([]float64{0.5, 1, 1.5, 4}).Draw(t, "score")
	}
	return opening, windows
}

// The best threshold is the best: no other, tried at every score that there is, does better.
func TestNoThresholdIsBetterThanTheOneFound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		opening, windows := drawnNAB(t)
		if len(windows) == 0 {
			return
		}
		files := []*nabFile{newNABFile(opening, windows)}
		for _, p := range nabProfiles {
			best := nabScore(files, p, nabThreshold(files, p))
			require.LessOrEqual(t, best, 100.0+1e-9)
			require.GreaterOrEqual(t, best, -1e-9, "at worst nothing is detected")
			for _, s := range []float64{0, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 1.1} {
				require.LessOrEqual(t, nabScore(files, p, s), best+1e-9)
			}
		}
	})
}

// An alert where nothing is costs; one in a window that had none gains, the earlier the more; a second one in it changes nothing for
// the worse.
func TestAlertsAreWorthWhatTheyTell(t *testing.T) {
	windows := []incident{{from: 60, to: 79}}
	score := func(at ...int) float64 {
		opening := make([]float64, 200)
		for _, i := range at {
			opening[i] = 3
		}
		return nabScore([]*nabFile{newNABFile(opening, windows)}, nabProfiles[0], 0.5)
	}
	require.InDelta(t, 0, score(), 1e-9)
	require.InDelta(t, 100, score(60), 1e-9)
	last := score(60)
	for at := 61; at <= 79; at++ {
		require.Less(t, score(at), last, "row %d", at)
		require.Positive(t, score(at))
		last = score(at)
		require.InDelta(t, score(60), score(60, at), 1e-9, "what was told is told")
	}
	require.Negative(t, score(40))
	require.Greater(t, score(81), score(150), "a little late is forgiven a little")
	require.InDelta(t, score(40), score(180), 1e-9, "long before and long after are the same")
	require.Equal(t, score(), score(10), "the first rows do not count")
}

func TestTheCurveFallsFromEarlyToLate(t *testing.T) {
	last := 1.0
	for x := -1.0; x <= 3; x += 0.125 {
		require.Less(t, nabCurve(x), last)
		last = nabCurve(x)
	}
	require.InDelta(t, 0, nabCurve(0), 1e-12, "at the end of a window")
	require.InDelta(t, -1, nabCurve(3), 1e-6)
}

// A row for each row of the file, the scorers' columns, and no score where there is nothing to say.
func TestMarksAreWrittenAsTheScorersReadThem(t *testing.T) {
	m := marked{score: []float64{math.NaN(), 0.25, 3}, opening: []float64{0, 0.5, 3}}
	m.alert = [3][]bool{{false, false, true}, {false, false, false}, {false, true, true}}
	path := filepath.Join(t.TempDir(), "deep", "x.csv")
	require.NoError(t, writeMarks(path, labelled{}, m))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "score,alert,alert_low,alert_high\n0,0,0,0\n0.25,0,0,1\n3,1,0,1\n", string(text))
	require.NoError(t, writeMarks(path, labelled{stamps: []string{"a", "b", "c"}}, m))
	text, err = os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "timestamp,anomaly_score,score,alert,alert_low,alert_high\na,0,0,0,0,0\nb,0.333333,0.25,0,0,1\nc,0.75,3,1,0,1\n", string(text))
}

func TestRunsOfLabelsAreEvents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		label := rapid.SliceOfN(rapid.Bool(), 0, 40).Draw(t, "label")
		again := make([]bool, len(label))
		last := -2
		for _, e := range runsOf(label) {
			require.Greater(t, e.from, last+1, "two runs are parted")
			require.LessOrEqual(t, e.from, e.to)
			for i := e.from; i <= e.to; i++ {
				again[i] = true
			}
			last = e.to
		}
		require.True(t, slices.Equal(label, again))
	})
}

func TestEveryFifthMinuteIsKept(t *testing.T) {
	values := make([]float64, 12)
	for i := range values {
		values[i] = float64(i)
	}
	got := coarse([]promserver.Metric{{Name: "m", Step: time.Minute, Values: values}})
	require.Equal(t, []float64{0, 5, 10}, got[0].Values)
	require.Equal(t, 5*time.Minute, got[0].Step)
}

func TestListsOfRangesAreRead(t *testing.T) {
	got, err := durations("1d,14d,90m")
	require.NoError(t, err)
	require.Equal(t, []time.Duration{24 * time.Hour, 336 * time.Hour, 90 * time.Minute}, got)
	_, err = durations("1d,")
	require.ErrorContains(t, err, `"" is not a duration`)
	value := 0.126
	require.Equal(t, []string{"0.13", "-"}, []string{orDash(&value), orDash(nil)})
	require.InDelta(t, 1.5, ms(1500*time.Microsecond), 1e-12)
}

// Every command tells what it is for, and which flags it has.
func TestEveryCommandHelps(t *testing.T) {
	for _, c := range commands {
		require.NotEmpty(t, c.summary, c.name)
		require.ErrorContains(t, run(t.Context(), []string{c.name, "-no-such-flag"}), "no-such-flag", c.name)
		require.ErrorContains(t, run(t.Context(), nil), c.name)
	}
}
