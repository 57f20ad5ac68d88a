package evaluate

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// line reads one letter an hour: . nothing, w a warning stands, x the threshold is crossed, X both.
func line(text string) (firing, over []bool) {
	for _, c := range text {
		firing, over = append(firing, c == 'w' || c == 'X'), append(over, c == 'x' || c == 'X')
	}
	return firing, over
}

func TestWhatBecameOfWarnings(t *testing.T) {
	for text, want := range map[string]Warnings{
		"":                   {},
		"..........":         {},
		"..www.............": {Raised: 1, Withdrawn: 1},
		"..wwwwXX..........": {Raised: 1, Confirmed: 1, Crossings: 1, Leads: []time.Duration{4 * time.Hour}},
		"..ww..xx..........": {Raised: 1, Confirmed: 1, Crossings: 1, Leads: []time.Duration{4 * time.Hour}},
		"..ww.......xx.....": {Raised: 1, Withdrawn: 1, Crossings: 1, Missed: 1},
		"..wwwwwwwwwXX.....": {Raised: 1, Confirmed: 1, Crossings: 1, Leads: []time.Duration{9 * time.Hour}},
		"....xx............": {Crossings: 1, Missed: 1},
		"....XX............": {Crossings: 1, Missed: 1},
		"xx.......ww":        {Raised: 1, Open: 1},
		".........ww.":       {Raised: 1, Open: 1},
		"..wwXwX...........": {Raised: 1, Confirmed: 1, Crossings: 2, Leads: []time.Duration{2 * time.Hour}},
	} {
		firing, over := line(text)
		require.Equal(t, want, Outcomes(firing, over, time.Hour, 6*time.Hour), text)
	}
}

func TestEveryWarningAndCrossingIsCountedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(t, "n")
		firing, over := rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "firing"), rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "over")
		w := Outcomes(firing, over, time.Hour, time.Duration(rapid.IntRange(0, 20).Draw(t, "within"))*time.Hour)
		require.Equal(t, w.Raised, w.Confirmed+w.Withdrawn+w.Open)
		require.Len(t, w.Leads, w.Confirmed)
		require.LessOrEqual(t, w.Missed, w.Crossings)
		for _, l := range w.Leads {
			require.Positive(t, l)
		}
	})
}

func TestOutcomesOfManySeriesAreAdded(t *testing.T) {
	var all Warnings
	for _, text := range []string{"..wwwwXX..........", "..wwXX............", "..ww..............", "....xx............"} {
		firing, over := line(text)
		all.Add(Outcomes(firing, over, time.Hour, 6*time.Hour))
	}
	require.Equal(t, 3*time.Hour, all.Lead(), "between 4 and 2")
	require.Equal(t, "Of 3 warnings 2 were confirmed (3 h ahead in the median), 1 were withdrawn and 0 are open; of 3 crossings 1 came without a warning.", all.String())
	none := Warnings{}
	require.Zero(t, none.Lead())
	require.Equal(t, "Of 0 warnings 0 were confirmed, 0 were withdrawn and 0 are open; of 0 crossings 0 came without a warning.", none.String())
}
