package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// rowsOf reads a drawing: # is true.
func rowsOf(drawing string) []bool {
	out := make([]bool, len(drawing))
	for i, c := range drawing {
		out[i] = c == '#'
	}
	return out
}

// As score_alerts.py of the benchmark pack counts the same rows.
func TestAlertsOfAFileAreJudgedByItsLabels(t *testing.T) {
	label := "####.......#####...................................##...............####....."
	alert := "#............#....#..#..#.......................................#..........#.."[:len(label)]
	f := labelled{rel: "realX/a.csv", labels: rowsOf(label), train: 5, step: time.Hour}
	m := marked{opening: make([]float64, len(label))}
	m.alert[0], m.alert[1], m.alert[2] = rowsOf(alert), make([]bool, len(label)), rowsOf(strings.Repeat("#", len(label)))
	j := f.judge("wsd", m)
	require.Equal(t, "realX", j.folder)
	require.Equal(t, 3, j.events, "what is in the history does not count")
	require.InDelta(t, float64(len(label)-5)/168, j.weeks, 1e-12)
	require.Equal(t, [3]int{2, 0, 3}, j.found, "one within, one in the ten rows after; none; all")
	require.Equal(t, [3]int{1, 0, 0}, j.alone, "three rows apart is one alert: an event explains it; the one long after explains nothing")
	require.Nil(t, j.nab)
	f.rel, f.group = "1.csv", "other"
	require.Equal(t, "other", f.judge("wsd", m).folder, "where there is no folder, what the index says")
}

// Figures of score_nab.py of the benchmark pack for the same rows: 200 rows, windows [60, 79] and [120, 129].
func TestNABScoresAreThoseOfItsDefinition(t *testing.T) {
	opening := make([]float64, 200)
	for i, s := range map[int]float64{10: 9, 40: 1.5, 65: 3, 70: 8, 85: 2, 118: 1.2, 128: 1.1, 190: 1.4} {
		opening[i] = s
	}
	opening[5], opening[100] = math.NaN(), 0.9
	f := newNABFile(opening, []incident{{from: 60, to: 79}, {from: 120, to: 129}})
	require.Len(t, f.hits, 7, "the first 30 rows do not count, nor where no alert begins")
	for k, want := range map[int][3]float64{0: {49.17, 49.17, 49.45}, 1: {75.82, 65.77, 83.88}} {
		threshold := []float64{0.7, 0.5}[k]
		for i, p := range nabProfiles {
			require.InDelta(t, want[i], nabScore([]*nabFile{f}, p, threshold), 0.01, "%s from %v", p.name, threshold)
		}
	}
	require.InDelta(t, 0, nabScore([]*nabFile{f}, nabProfiles[0], 1.1), 1e-9, "nothing detected")
	require.InDelta(t, 0.5238095238, nabThreshold([]*nabFile{f}, nabProfiles[0]), 1e-9, "the score of the last alert that helps")
	perfect := newNABFile(append(make([]float64, 60), append([]float64{5}, make([]float64, 139)...)...), []incident{{from: 60, to: 79}})
	require.InDelta(t, 100, nabScore([]*nabFile{perfect}, nabProfiles[0], 0.5), 1e-9)
}

func TestFoldersAreSummedAndWritten(t *testing.T) {
	one := judged{set: "nab", folder: "b", name: "b/1", weeks: 2, events: 4, found: [3]int{2, 1, 3}, alone: [3]int{6, 0, 8}, nab: newNABFile(make([]float64, 100), nil)}
	two := judged{set: "nab", folder: "b", name: "b/2", weeks: 2, events: 1, alone: [3]int{2, 0, 2}, nab: newNABFile(make([]float64, 100), []incident{{from: 50, to: 60}})}
	three := judged{set: "nab", folder: "a", name: "a/1", weeks: 1, nab: newNABFile(make([]float64, 100), nil)}
	folders, sets := byFolder([]judged{one, two, three})
	require.Len(t, folders, 2)
	require.Len(t, sets, 1)
	require.Equal(t, "a", folders[0].name)
	b := folders[1]
	require.Equal(t, []float64{0.4, 2}, []float64{b.recall(0), b.perWeek(0)})
	require.Equal(t, 3.0, b.worst)
	require.Equal(t, "b/1", b.worstFile)
	require.Equal(t, 3, sets[0].files)
	require.Len(t, others(folders, "b"), 1)

	path := filepath.Join(t.TempDir(), "folders.csv")
	require.NoError(t, writeFolders(path, []judged{one, two, three}))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, foldersHead+"nab,a,1,1.0000,0,0,0,0,0,0,0,\nnab,b,2,4.0000,5,1,2,3,0,8,10,\nnab,all,3,5.0000,5,1,2,3,0,8,10,0.00\n", string(text))
}

func TestFoldersNeedNoScoresToBeWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folders.csv")
	require.NoError(t, run(t.Context(), []string{"detect", "-data", detectData(t), "-sets", "nab,wsd", "-folders", path}))
	made, err := readTrial("x", path)
	require.NoError(t, err)
	require.Len(t, made.folders, 4, "one each, and the sets")
	require.Equal(t, 1.0, made.folders["nab/realX"][eventsColumn])
	require.Equal(t, 1.0, made.folders["nab/realX"][foundColumn+1], "the planted incident is found at medium")
	require.Zero(t, made.folders["wsd/all"][falseColumn+1])
	require.Greater(t, made.folders["nab/all"][nabColumn], 50.0)
}
