package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// What is printed of trials, and how one is chosen.

// twoSets are three folders of two sets and their sums, as a trial reads them.
func twoSets(name string, found ...float64) trial {
	t := trialOf(name, map[string]float64{"a/x": found[0], "a/y": found[1], "b/z": found[2], "a/all": found[0] + found[1], "b/all": found[2]})
	t.folders["a/all"][eventsColumn] = 20
	t.folders["a/all"][nabColumn] = 60 + found[0]
	return t
}

func TestATrialIsPrintedAsWhatItChanges(t *testing.T) {
	plain, more := twoSets("as it is", 5, 5, 2), twoSets("more = 2", 6, 8, 1)
	text := printed(t, func() error {
		printTrialHead(plain)
		printTrial(plain, plain)
		printTrial(more, plain)
		return nil
	})
	rows := strings.Split(strings.TrimSpace(text), "\n")
	require.Len(t, rows, 3)
	require.Regexp(t, `a: medium, high +\| b: medium, high +\| +NAB$`, rows[0], "the sets, not their folders")
	require.Regexp(t, `^as it is +\|  0\.50  1\.00   0\.50  0\.00   \|  0\.20  1\.00   0\.20  0\.00   \|  65\.0$`, rows[1], "recall and false alerts a week at medium and at high")
	require.Regexp(t, `^more = 2 +\| \+0\.20 \+0\.00  \+0\.20 \+0\.00   \| -0\.10 \+0\.00  -0\.10 \+0\.00   \|  \+1\.0$`, rows[2])
}

// Without a folder the trial that is best on the others is chosen, and asked for that one.
func TestEachFolderIsLeftOutOnce(t *testing.T) {
	plain := twoSets("as it is", 5, 5, 5)
	text := printed(t, func() error {
		printLeftOut([]trial{plain, twoSets("loud", 9, 0, 5), twoSets("even", 6, 6, 6)})
		return nil
	})
	rows := strings.Split(strings.TrimSpace(text), "\n")
	require.Regexp(t, `as it is: 0\.450; of the best variant, even: 0\.550$`, rows[0])
	require.Len(t, rows, 2+3+1)
	for i, folder := range []string{"a/x", "a/y", "b/z"} {
		require.True(t, strings.HasPrefix(rows[2+i], folder), rows[2+i])
	}
	require.Regexp(t, `^a/x +even +0\.550 +0\.450$`, rows[2])
	require.Regexp(t, `^a/y +loud +-0\.050 +0\.450$`, rows[3], "who does well on the others may do badly here")
	require.Regexp(t, `worth [+-]0\.\d{3} on average, and is better on \d of 3$`, rows[5])
}

// More found is worth more, more false alerts are worth less, and the order of the folders is nothing.
func TestTheValueOfATrialIsOrdered(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) float64 { return float64(rapid.IntRange(0, 10).Draw(t, name)) }
		one := twoSets("one", draw("x"), draw("y"), draw("z"))
		folders := []string{"a/x", "a/y", "b/z"}
		before := value(one, folders)
		require.InDelta(t, before, value(one, []string{"b/z", "a/y", "a/x"}), 1e-12)
		folder := rapid.SampledFrom(folders).Draw(t, "folder")
		one.folders[folder][foundColumn+1]++
		more := value(one, folders)
		require.Greater(t, more, before)
		one.folders[folder][falseColumn+2] += 20
		require.Less(t, value(one, folders), more)
	})
}

func TestWholeNumbersStayWholeAndMove(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 5000).Draw(t, "n")
		factor := rapid.SampledFrom([]float64{0.75, 1.25}).Draw(t, "factor")
		text := constant{kind: plain}.scaled(fmt.Sprint(n), factor)
		var got int
		_, err := fmt.Sscanf(text, "%d", &got)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprint(got), text)
		require.Equal(t, factor > 1, got > n, "it moves by one at least")
		require.LessOrEqual(t, math.Abs(float64(got)-factor*float64(n)), 1.0)
	})
}

func TestATrialIsReadByFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f.csv")
	require.NoError(t, os.WriteFile(path, []byte(foldersHead+"kpi,a,3,2.5,4,1,2,3,0,1,5,\nnab,all,1,1.0,2,0,0,0,0,0,0,61.20\n"), 0o600))
	got, err := readTrial("x", path)
	require.NoError(t, err)
	require.Equal(t, []string{"nab/all"}, setNames(got))
	row := got.folders["kpi/a"]
	require.Equal(t, []float64{2.5, 4, 2, 1}, []float64{row[weeksColumn], row[eventsColumn], row[foundColumn+1], row[falseColumn+1]})
	require.True(t, math.IsNaN(row[nabColumn]), "only NAB has its score")
	require.InDelta(t, 61.2, got.folders["nab/all"][nabColumn], 1e-12)
	require.InDelta(t, 0.5, rate(got, "kpi/a", foundColumn+1, eventsColumn), 1e-12)
	_, err = readTrial("x", path+"gone")
	require.ErrorIs(t, err, os.ErrNotExist)
}

// A constant of a group, and the value that belongs to it where several stand in a line.
func TestAConstantIsFoundWhereverItStands(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, os.MkdirAll(detectRoom, 0o755))
	source := "package detect\n\nconst one = 8\n\nconst (\n\ttwo, three = 0.5, 12 // of both\n)\n\nvar four = [...]float64{2}\n"
	require.NoError(t, os.WriteFile(filepath.Join(detectRoom, "x.go"), []byte(source), 0o600))
	for name, want := range map[string]string{"one": "const one = 10", "two": "two, three = 0.625, 12 // of both", "three": "two, three = 0.5, 15 // of both"} {
		dir := t.TempDir()
		_, _, err := constant{"x.go", name, plain}.times(dir, 1.25)
		require.NoError(t, err)
		text, err := os.ReadFile(filepath.Join(dir, "x.go"))
		require.NoError(t, err)
		require.Contains(t, string(text), want)
	}
	for name, says := range map[string]string{"five": "has no constant five", "": "has no constant"} {
		_, _, err := constant{"x.go", name, plain}.times(t.TempDir(), 1.25)
		require.ErrorContains(t, err, says)
	}
	_, _, err := constant{"y.go", "one", plain}.times(t.TempDir(), 1.25)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(filepath.Join(detectRoom, "z.go"), []byte("not Go"), 0o600))
	_, _, err = constant{"z.go", "one", plain}.times(t.TempDir(), 1.25)
	require.ErrorContains(t, err, "expected 'package'")
}
