package main

import (
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

func TestLogRows(t *testing.T) {
	texts, events, err := logRows(strings.NewReader("LineId,Content,EventId\n1,\"a, b\",E1\n2,c,E2\n"))
	require.NoError(t, err)
	require.Equal(t, [][]string{{"a, b", "c"}, {"E1", "E2"}}, [][]string{texts, events})
	for _, text := range []string{"", "LineId,Content\n1,a\n", "Content,EventId\n\"a"} {
		_, _, err := logRows(strings.NewReader(text))
		require.Error(t, err, text)
	}
}
