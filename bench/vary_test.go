package main

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAConstantIsAQuarterLessOrMore(t *testing.T) {
	for name, c := range map[string]struct {
		expression string
		kind       kind
		less, more string
	}{
		"a number":               {"3.6", plain, "2.7", "4.5"},
		"a whole number":         {"14", plain, "10", "18"},
		"a small whole number":   {"1", plain, "0", "2"},
		"what leaves little":     {"0.97", nearOne, "0.9775", "0.9625"},
		"a length of time":       {"5 * time.Minute", plain, "5 * time.Minute * 75 / 100", "5 * time.Minute * 125 / 100"},
		"a number in powers":     {"1e-5", plain, "7.5e-06", "1.25e-05"},
		"the width of the band ": {"2.5", width, "1.875", "3.125"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.less, constant{kind: c.kind}.scaled(c.expression, 0.75))
			require.Equal(t, c.more, constant{kind: c.kind}.scaled(c.expression, 1.25))
		})
	}
}

// Every constant that is to be varied stands in the detectors' source, and the overlay changes nothing else.
func TestEveryConstantIsFoundInTheSource(t *testing.T) {
	t.Chdir("..")
	for _, c := range constants {
		dir := t.TempDir()
		overlay, text, err := c.times(dir, 1.25)
		require.NoError(t, err, c.name)
		var o struct{ Replace map[string]string }
		raw, err := os.ReadFile(overlay)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(raw, &o))
		require.Len(t, o.Replace, 1)
		for was, is := range o.Replace {
			before, err := os.ReadFile(was)
			require.NoError(t, err)
			after, err := os.ReadFile(is)
			require.NoError(t, err)
			require.NotEqual(t, string(before), string(after))
			require.Contains(t, string(after), text)
			require.InDelta(t, len(before), len(after), 12)
		}
	}
	_, _, err := constant{"auto.go", "nothing", plain}.times(t.TempDir(), 1)
	require.ErrorContains(t, err, "has no constant nothing")
}

// trialOf gives the same columns to folders of two sets.
func trialOf(name string, found map[string]float64) trial {
	out := trial{name, map[string][]float64{}}
	for folder, n := range found {
		row := make([]float64, nabColumn+1)
		row[weeksColumn], row[eventsColumn], row[nabColumn] = 10, 10, math.NaN()
		row[foundColumn+1], row[foundColumn+2], row[falseColumn+1] = n, n, 10
		out.folders[folder] = row
	}
	return out
}

func TestTheValueOfATrial(t *testing.T) {
	one := trialOf("one", map[string]float64{"a/x": 8, "a/y": 4, "b/z": 2})
	require.InDelta(t, 0.8-0.1/2, value(one, []string{"a/x"}), 1e-12, "recall of both settings, a tenth of half an alert a week")
	require.InDelta(t, (0.6+0.2)/2-0.05, value(one, []string{"a/x", "a/y", "b/z"}), 1e-12, "a set counts as much as another")
}

func TestWrongTrialsSayWhatIsRight(t *testing.T) {
	require.ErrorContains(t, run(t.Context(), []string{"vary"}), "-data is needed")
	path := filepath.Join(t.TempDir(), "f.csv")
	require.NoError(t, os.WriteFile(path, []byte(foldersHead), 0o600))
	_, err := readTrial("x", path)
	require.ErrorContains(t, err, "has 1 rows")
	require.NoError(t, os.WriteFile(path, []byte(foldersHead+"a,b,1,2,x,0,0,0,0,0,0,\n"), 0o600))
	_, err = readTrial("x", path)
	require.ErrorContains(t, err, `parsing "x"`)
}
