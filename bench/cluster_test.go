package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect/group"
)

// clusterData is a small window of two clusters and a group of which one host is another.
func clusterData(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	window, hosts := "x,y\n", ""
	for i := range 60 {
		window += fmt.Sprintf("%.3f,%.3f\n", float64(i%2)*8+0.1*math.Sin(float64(i)), 0.1*math.Cos(float64(3*i)))
	}
	for _, row := range identical(6, 300, 3) {
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = fmt.Sprint(v)
		}
		hosts += strings.Join(cells, ",") + "\n"
	}
	zipped(t, dir, "window10k.csv.gz", window)
	zipped(t, dir, "group100x1000.csv.gz", hosts)
	return dir
}

func TestGroupingsAreTimedBesideScikitLearn(t *testing.T) {
	dir := clusterData(t)
	python := plainFile(t, dir, "python", "#!/bin/sh\nprintf 'K-means k=5, 10 starts\\t12.5\\n'\nprintf 'nonsense\\n'\n[ -f \"$3\" ]\n")
	require.NoError(t, os.Chmod(python, 0o700))
	text := printed(t, func() error {
		return run(t.Context(), []string{"cluster", "-data", dir, "-runs", "1", "-draws", "8", "-python", python})
	})
	require.Regexp(t, `K-means k=5, 10 starts +\d+\.\d{3} +12\.5  inertia \d`, text)
	require.Regexp(t, `DBSCAN eps=0\.8 min=10 +\d+\.\d{3}   +2 clusters, 0 noise`, text)
	require.Regexp(t, `isolation forest, 100 trees, fit and score .*highest score 0\.\d{3}`, text)
	for _, a := range group.Algorithms() {
		require.Regexp(t, a.ID+` +accuses somebody in \d of 8 groups of identical hosts`, text)
	}
}

func TestWrongClusterCallsSayWhatIsRight(t *testing.T) {
	require.ErrorContains(t, run(t.Context(), []string{"cluster"}), "-data is needed: the folder of window10k.csv.gz")
	require.ErrorContains(t, run(t.Context(), []string{"cluster", "-data", "x", "-runs", "0"}), "-runs is 0")
	require.ErrorIs(t, run(t.Context(), []string{"cluster", "-data", t.TempDir()}), os.ErrNotExist)
	require.ErrorContains(t, run(t.Context(), []string{"cluster", "-data", clusterData(t), "-runs", "1", "-python", filepath.Join(t.TempDir(), "none")}), "none: ")
}

func TestIdenticalHostsHaveOneLoad(t *testing.T) {
	hosts := identical(4, 1440, 2)
	require.Len(t, hosts, 4)
	for i := range hosts[0] {
		mean := (hosts[0][i] + hosts[1][i] + hosts[2][i] + hosts[3][i]) / 4
		require.InDelta(t, 40+10*math.Sin(2*math.Pi*float64(i)/1440), mean, 4, "minute %d", i)
	}
	require.NotEqual(t, hosts[0], hosts[1], "and noise of their own")
	require.Equal(t, hosts, identical(4, 1440, 2), "the same in every run")
}

func TestWhoIsAccusedIsNamedByNumber(t *testing.T) {
	require.Equal(t, []int{1, 3}, accused(&group.Output{Outlier: []bool{false, true, false, true}}))
	require.Empty(t, accused(&group.Output{Outlier: make([]bool, 3)}))
}
