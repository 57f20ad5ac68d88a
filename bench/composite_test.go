package main

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAlarmsAgainstEvents(t *testing.T) {
	alarm := make([]bool, 300)
	for _, i := range []int{5, 20, 22, 60, 118, 200, 210, 250} {
		alarm[i] = true
	}
	hits, alone := countAlarms(alarm, 10, []incident{{from: 21, to: 24}, {from: 100, to: 110}, {from: 150, to: 160}})
	require.Equal(t, 2, hits, "one within, one in the rows after, one missed")
	require.Equal(t, 3, alone, "60; 200 with 210; 250; what is in training does not count")
}

func TestRecallAtANumberOfAlarms(t *testing.T) {
	score := make([]float64, 400)
	for i := 0; i < 400; i += 40 { // ten excursions, each higher than the one before
		score[i+10], score[i+11] = 1+float64(i)/40, 1+float64(i)/40
	}
	events := []incident{{from: 370, to: 371}, {from: 290, to: 292}, {from: 10, to: 11}}
	m := tally{machines: []machine{{score: score, events: events}}}
	require.InDelta(t, 1.0/3, m.recallAt(0), 1e-9)
	require.InDelta(t, 2.0/3, m.recallAt(1), 1e-9)
	require.InDelta(t, 2.0/3, m.recallAt(6), 1e-9)
	require.InDelta(t, 1, m.recallAt(7), 1e-9)
	require.Equal(t, []bool{false, false, false, true, false, true}, confirmed([]float64{0.5, math.NaN(), 1, 1.2, 0.9, 2}, 1))
}

func TestInterpretationNamesRowsAndMetrics(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.txt")
	require.NoError(t, os.WriteFile(path, []byte("3-5:1,4\n\n10-10:2\n"), 0o600))
	events, err := interpretation(path, 100)
	require.NoError(t, err)
	require.Equal(t, []incident{{103, 105, []int{0, 3}}, {110, 110, []int{1}}}, events)
	for _, text := range []string{"5-3:1", "a-b:1", "3-5", "3:1", "3-5:x"} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err := interpretation(path, 0)
		require.Error(t, err, text)
	}
}
