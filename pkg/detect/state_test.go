package detect

import (
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStateCountsWhatIsReachedOnce(t *testing.T) {
	type node struct {
		value float64
		next  *node
	}
	shared := make([]float64, 3, 10)
	ring := &node{1, nil}
	ring.next = &node{2, ring}
	var none *node
	var empty any
	for name, c := range map[string]struct {
		learnt []any
		want   int
	}{
		"nothing":                   {nil, 0},
		"numbers":                   {[]any{1.5, int32(3), true}, 8 + 4 + 1},
		"room counts":               {[]any{make([]float64, 3, 10)}, 24 + 80},
		"what is shared":            {[]any{shared, shared}, 2*24 + 80},
		"a ring":                    {[]any{ring}, 8 + 16 + 16},
		"no pointer":                {[]any{none}, 8},
		"slices of slices":          {[]any{[][]byte{make([]byte, 5), nil}}, 24 + 2*24 + 5},
		"an array of pointers":      {[]any{[2]*float64{new(float64), nil}}, 16 + 8},
		"behind an interface":       {[]any{&struct{ x any }{[]int64{1, 2}}}, 8 + 16 + 24 + 16},
		"an interface with nothing": {[]any{&empty}, 8 + 16},
		"flat structures":           {[]any{make([]moments, 2)}, 24 + 2*24},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, keeps(0, c.learnt...).Bytes)
		})
	}
	require.True(t, flat(reflect.TypeFor[[4]moments]()))
	require.False(t, flat(reflect.TypeFor[node]()))
}

// What a detector keeps does not grow with the series, and what it reads again is what its options ask for.
func TestStateOfEveryDetector(t *testing.T) {
	const perDay = 48
	windows := map[string]int{Auto: 28 * perDay, "seasonal-residual": 28 * perDay, "same-period": perDay, "previous-period": 10, "forecast-residual": 14 * perDay,
		"level-shift": 28 * perDay, "kmeans": 14 * perDay, "isolation-forest": 14 * perDay, "matrix-profile": 7*perDay + 3}
	for _, a := range Algorithms() {
		t.Run(a.ID, func(t *testing.T) {
			state := func(days int) State {
				x := times(days*perDay, func(i int) float64 { return 50 + 20*math.Sin(2*math.Pi*float64(i)/perDay) + float64(i*7919%13)/13 })
				return detectRun(t, Input{Values: x, Step: 30 * time.Minute, Threshold: &Threshold{Value: 1e6}}, a.ID, nil).State
			}
			some, more := state(90), state(140)
			require.Positive(t, some.Bytes)
			require.InDelta(t, some.Bytes, more.Bytes, 0.35*float64(some.Bytes))
			require.Equal(t, windows[a.ID], some.Window)
			require.Equal(t, some.Window, more.Window)
		})
	}
}

func TestAComparisonReachesAsFarAsItsReference(t *testing.T) {
	for kind, want := range map[string]int{withYesterday: 24, withLastWeek: 168, withMean: 72, withInterval: 72, withAmplitude: 72} {
		require.Equal(t, want, comparison{kind: kind, days: 3}.reach(time.Hour), kind)
	}
	require.Equal(t, 8, comparison{kind: withMean, points: 4}.reach(time.Hour))
}
