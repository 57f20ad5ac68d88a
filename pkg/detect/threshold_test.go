package detect

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestThresholdScoresOneAtTheLimit(t *testing.T) {
	nan := math.NaN()
	for name, c := range map[string]struct {
		limit     float64
		dir       Direction
		values    []float64
		want      []float64
		anomalous []bool
	}{
		"above":                     {80, Above, []float64{0, 40, 80, 80.5, 120}, []float64{0, 0.5, 1, 1.00625, 1.5}, []bool{false, false, false, true, true}},
		"above by default":          {80, "", []float64{40, 120}, []float64{0.5, 1.5}, []bool{false, true}},
		"below":                     {10, Below, []float64{30, 15, 10, 5, 0}, []float64{0, 0.5, 1, 1.5, 2}, []bool{false, false, false, true, true}},
		"a negative limit":          {-10, Above, []float64{-30, -15, -10, -5}, []float64{0, 0.5, 1, 1.5}, []bool{false, false, false, true}},
		"below a negative limit":    {-10, Below, []float64{0, -5, -10, -20}, []float64{0, 0.5, 1, 2}, []bool{false, false, false, true}},
		"zero: the mean so far":     {0, Above, []float64{-4, -2, 0, 2}, []float64{0, 1 - 2.0/3, 1, 2}, []bool{false, false, false, true}},
		"zero errors are no errors": {0, Above, []float64{0, 0, 0, 1}, []float64{1, 1, 1, 5}, []bool{false, false, false, true}},
		"missing is never flagged":  {1, Above, []float64{nan, 2, math.Inf(1), nan}, []float64{nan, 2, nan, nan}, []bool{false, true, false, false}},
		"far beyond":                {1, Above, []float64{1e9}, []float64{1000}, []bool{true}},
	} {
		t.Run(name, func(t *testing.T) {
			out := detectRun(t, Input{Values: c.values, Threshold: &Threshold{c.limit, c.dir}}, "threshold", nil)
			for i, want := range c.want {
				if math.IsNaN(want) {
					require.True(t, math.IsNaN(out.Score[i]))
					continue
				}
				require.InDelta(t, want, out.Score[i], 1e-12, "score %d", i)
			}
			require.Equal(t, c.anomalous, out.Anomalous)
			require.Equal(t, c.dir == Below, !math.IsNaN(out.Lower[0]), "the limit is drawn on its side only")
			require.Equal(t, c.dir != Below, !math.IsNaN(out.Upper[0]))
		})
	}
}

func TestThresholdAnswersForOnePoint(t *testing.T) {
	out := detectRun(t, Input{Values: []float64{95}, Threshold: &Threshold{90, Above}}, "threshold", nil)
	require.Equal(t, []bool{true}, out.Anomalous)
}
