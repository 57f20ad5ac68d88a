package forecast

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestABacktestIsPlannedEvenWhereASeasonFillsTheData(t *testing.T) {
	for name, c := range map[string]struct {
		n, horizon int
		periods    []int
		least      int // points of the oldest fit, at least
	}{
		"no season":                           {4032, 288, nil, 2016},
		"a daily season":                      {4032, 288, []int{288}, 2016},
		"a weekly season with room":           {8064, 288, []int{288, 2016}, 4032},
		"a weekly season seen exactly twice":  {4033, 288, []int{2016}, 2016},
		"daily beside weekly seen only twice": {4033, 288, []int{288, 2016}, 2016},
	} {
		t.Run(name, func(t *testing.T) {
			p := planBacktest(Input{Values: make([]float64, c.n), Periods: c.periods}, c.horizon)
			require.NotEmpty(t, p.origins)
			require.GreaterOrEqual(t, p.origins[0], c.least)
			require.LessOrEqual(t, p.origins[len(p.origins)-1]+p.horizon, c.n)
		})
	}
	require.Empty(t, planBacktest(Input{Values: make([]float64, 11)}, 3).origins)
}

func TestAWeeklyCleanUpSeenTwiceKeepsABandThatIsNoGuess(t *testing.T) {
	// A level that falls by 5 once a week and is otherwise steady: two weeks and a step at 5 minutes.
	values := make([]float64, 4033)
	for i := range values {
		values[i] = 60 + 5*float64(i%2016)/2016
	}
	r := run(t, values, 5*time.Minute, 288, Auto)
	require.Positive(t, r.Backtest.Origins)
	require.Less(t, r.Sigma[287], 4.0)
}
