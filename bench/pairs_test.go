package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect/composite"
)

func TestTwoWeakSignalsOutweighOneStrong(t *testing.T) {
	var p pairs
	for seed := range uint64(10) {
		require.NoError(t, p.draw(t.Context(), seed))
	}
	require.Equal(t, 10, p.draws)
	require.Equal(t, 10, p.heavier, p.String())
	require.Equal(t, 10, p.named, p.String())
	require.LessOrEqual(t, p.strong, p.raised)
}

func TestSignalsByShare(t *testing.T) {
	out := &composite.Output{Shares: [][]float64{{0.1, 0.3}, {0.6, 0.3}, {0.3, 0.4}}}
	require.Equal(t, []int{1, 2, 0}, byShare(out, 0))
	require.Equal(t, []int{2, 0, 1}, byShare(out, 1), "of equal ones the first stays first")
}
