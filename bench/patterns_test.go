package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnlyGroupsThatArePersonsCount(t *testing.T) {
	truth := []string{"a", "a", "b", "b", "c"}
	for _, c := range []struct {
		found []int
		want  float64
	}{
		{[]int{7, 7, 3, 3, 1}, 1},
		{[]int{1, 1, 1, 1, 2}, 0.2}, // two were joined
		{[]int{1, 2, 3, 3, 4}, 0.6}, // one was split
		{[]int{1, 1, 2, 2, 2}, 0.4}, // one more in a group spoils it
	} {
		require.InDelta(t, c.want, grouping(c.found, truth), 1e-12)
	}
}

func TestASampleIsReadWithWhatAPersonSaid(t *testing.T) {
	dir := t.TempDir()
	zipped(t, dir, "a.csv.gz", "LineId,Content,EventId\n1,\"a, b\",E1\n2,c,E2\n")
	texts, events, err := logSample(filepath.Join(dir, "a.csv.gz"))
	require.NoError(t, err)
	require.Equal(t, [][]string{{"a, b", "c"}, {"E1", "E2"}}, [][]string{texts, events})
	for text, says := range map[string]string{"": "no header", "LineId,Content\n1,a\n": "columns Content and EventId are needed", "Content,EventId\n\"a": "quote"} {
		zipped(t, dir, "b.csv.gz", text)
		_, _, err := logSample(filepath.Join(dir, "b.csv.gz"))
		require.ErrorContains(t, err, says)
	}
	_, _, err = logSample(filepath.Join(dir, "absent.csv.gz"))
	require.ErrorIs(t, err, os.ErrNotExist)
}

// wordy writes the eight logs: two forms of message each, of which a person made two kinds.
func wordy(t *testing.T, dir string) {
	t.Helper()
	for name := range drainAccuracy {
		text := "LineId,Content,EventId\n"
		for i := range 60 {
			text += fmt.Sprintf("%d,connection from 10.0.0.%d closed after %d ms,E1\n%d,worker %d started,E2\n", 2*i, i, 7*i, 2*i+1, i)
		}
		zipped(t, dir, "loghub/"+name+"_2k.log_structured.csv.gz", text)
	}
}

func TestLogsAreGroupedAndPrintedBesideDrain(t *testing.T) {
	dir := t.TempDir()
	wordy(t, dir)
	text := printed(t, func() error { return run(t.Context(), []string{"patterns", "-data", dir}) })
	rows := strings.Split(strings.TrimSpace(text), "\n")
	require.Len(t, rows, 1+len(drainAccuracy)+1)
	require.Equal(t, []string{"Apache", "1.000", "1.000", "2"}, strings.Fields(rows[1]), "in the order of the names, and two forms")
	require.Equal(t, []string{"mean", "1.000"}, strings.Fields(rows[len(rows)-1]))
	require.NoError(t, os.Remove(filepath.Join(dir, "loghub", "HDFS_2k.log_structured.csv.gz")))
	require.ErrorIs(t, run(t.Context(), []string{"patterns", "-data", dir}), os.ErrNotExist)
	require.ErrorContains(t, run(t.Context(), []string{"patterns"}), "-data is needed: the folder of loghub")
}
