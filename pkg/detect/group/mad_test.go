package group

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDeviationIsFromTheInstancesOwnUsualPlace(t *testing.T) {
	// Instance 0 moves to where others are all the time, and is not where it was.
	values := hosts(12, 3)
	add(values[0], 0, week-12, 80)
	out := runGroup(t, values, "mad", nil)
	require.Equal(t, []int{0}, outliers(out))
	require.Greater(t, runGroup(t, values, "mad", map[string]any{"sensitivity": "high"}).Score[0], out.Score[0])
}
