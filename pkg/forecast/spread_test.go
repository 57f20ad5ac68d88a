package forecast

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/series"
)

// same are so many origins with errors of 1 at each of so many steps, of either sign.
func same(origins, steps int) [][]float64 {
	rows := make([][]float64, origins)
	for k := range rows {
		rows[k] = make([]float64, steps)
		for h := range rows[k] {
			rows[k][h] = 1 - 2*float64((h+k)%2)
		}
	}
	return rows
}

func spreadOf(rows [][]float64, steps int) []float64 {
	return spreadAhead(rows, -1, 0, make([]float64, steps), nil)
}

// Where nothing is extreme, the spread at a step is the root mean square of all errors about it, counted one by one.
func TestTheSpreadIsTheMeanSquareAboutEachStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		origins, steps := rapid.IntRange(manyOrigins, maxOrigins).Draw(t, "origins"), rapid.IntRange(1, 150).Draw(t, "steps")
		value := rapid.OneOf(rapid.Float64Range(0.5, 1), rapid.Float64Range(-1, -0.5), rapid.Just(math.NaN()))
		rows := make([][]float64, origins)
		for k := range rows {
			rows[k] = rapid.SliceOfN(value, steps, steps).Draw(t, "errors")
		}
		half := max(4, steps/24)
		last := 0.0
		for h, got := range spreadOf(rows, steps) {
			sum, n := 0.0, 0.0
			for _, row := range rows {
				for _, e := range row[max(h-half, 0):min(h+half+1, steps)] {
					if !math.IsNaN(e) {
						sum += e * e
						n++
					}
				}
			}
			want := 0.0
			if n > 0 {
				want = 1.2 * math.Sqrt(sum/n)
			}
			last = max(want, 0.98*last)
			require.InDelta(t, last, got, 1e-9, "step %d", h+1)
		}
	})
}

// One origin of eight met an incident at its last steps: the band is wide there, but not as wide as that one alone would have it, and
// as narrow as ever before.
func TestAnIncidentAtOneStepDoesNotMakeTheBandOfThatStep(t *testing.T) {
	const origins, steps = 8, 96
	rows := same(origins, steps)
	calm := spreadOf(rows, steps)
	for h := 88; h < steps; h++ {
		rows[7][h] = 70
	}
	got := spreadOf(rows, steps)
	for h := range 84 {
		require.InDelta(t, calm[h], got[h], 1e-9, "step %d", h+1)
	}
	alone := 1.2 * math.Sqrt((7+70*70)/8.)
	overall := 8 * 70 * 70 / float64(origins*steps) // nearly all of the squares are the incident's
	require.InDelta(t, 1.2*math.Sqrt((7+overall)/8), got[steps-1], 0.1, "it counts as far as all errors together are large")
	require.Less(t, got[steps-1], alone/5)
	require.Greater(t, got[steps-1], 1.5*calm[steps-1])
}

// What several origins have met is no incident, and neither is what five times the others' size explains.
func TestWhatSeveralOriginsMetIsNoIncident(t *testing.T) {
	const origins, steps = 8, 96
	for name, met := range map[string]struct {
		origins []int
		size    float64
	}{
		"half of them":         {[]int{1, 3, 5, 7}, 70},
		"one, four times":      {[]int{7}, 4},
		"one, just five times": {[]int{7}, 5},
	} {
		rows := same(origins, steps)
		sum := float64(origins - len(met.origins))
		for _, k := range met.origins {
			sum += met.size * met.size
			for h := range rows[k] {
				rows[k][h] *= met.size
			}
		}
		require.InDelta(t, 1.2*math.Sqrt(sum/origins), spreadOf(rows, steps)[50], 1e-9, name)
	}
}

// Two origins cannot tell which of them is the odd one.
func TestOfTwoOriginsNeitherIsAnIncident(t *testing.T) {
	rows := same(2, 20)
	for h := range rows[1] {
		rows[1][h] = 100
	}
	require.InDelta(t, 1.4*math.Sqrt((1+1e4)/2), spreadOf(rows, 20)[10], 1e-9)
}

// The windows do not change with who is left out, and leaving out the incident leaves none of it.
func TestTheSpreadOfTheOthersKnowsNothingOfTheOne(t *testing.T) {
	rows := same(8, 48)
	others := spreadOf(same(7, 48), 48)
	for h := range rows[3] {
		rows[3][h] = 1e6
	}
	about := windowsOf(rows)
	require.InDeltaSlice(t, others, spreadAhead(rows, 3, 0, make([]float64, 48), about), 1e-9)
	require.InDelta(t, 1, about.overall(3), 1e-12)
	require.True(t, math.IsNaN(windowsOf(nil).overall(-1)))
	gone := windowsOf([][]float64{series.Missing(5), series.Missing(5)})
	require.True(t, math.IsNaN(gone.overall(-1)) && math.IsNaN(gone.meanSquare(2, -1, math.NaN())))
}

// Scale is scale: errors a thousand times as large are a spread a thousand times as large, incidents included.
func TestTheSpreadHasTheScaleOfTheErrors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.OneOf(rapid.Float64Range(-2, 2), rapid.SampledFrom([]float64{0, 50, -300, math.NaN()}))
		rows, large := make([][]float64, 8), make([][]float64, 8)
		for k := range rows {
			rows[k] = rapid.SliceOfN(value, 30, 30).Draw(t, "errors")
			large[k] = moved(rows[k], 0, 1024)
		}
		got, want := spreadOf(large, 40), moved(spreadOf(rows, 40), 0, 1024)
		require.InDeltaSlice(t, want, got, 1e-9*(1+slices.Max(want)))
	})
}
