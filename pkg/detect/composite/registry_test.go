package composite

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRegistry(t *testing.T) {
	require.Equal(t, Auto, Methods()[0])
	seen := map[string]bool{}
	for _, a := range Algorithms() {
		require.False(t, seen[a.ID])
		seen[a.ID] = true
		for _, text := range []string{a.ID, a.Title, a.Summary, a.Reference} {
			require.NotEmpty(t, text)
		}
	}
}

// What the registry says a method needs is what it needs: with one value less it falls back to Fisher's method.
func TestEachMethodNeedsWhatTheRegistrySays(t *testing.T) {
	const k = 20
	for _, a := range Algorithms() {
		for _, short := range []int{0, 1} {
			need := max(a.PerSignal*k, leastTail) - short
			s := signals(k, 3, 0.5)
			for i := range s {
				s[i].Values = s[i].Values[:need+10]
			}
			out, err := Run(t.Context(), Input{Signals: s, Step: fiveMinutes, From: need, Method: a.ID})
			require.NoError(t, err)
			if short == 0 {
				require.Equal(t, a.ID, out.Method)
			} else {
				require.Equal(t, Fisher, out.Method)
			}
		}
	}
}
