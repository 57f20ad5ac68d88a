package forecast

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func componentsOf(t require.TestingT, in Input, id string, h int) *Result {
	r, err := Run(context.Background(), in, Options{Algorithm: id, Horizon: h, Confidence: 0.9, Components: true})
	require.NoError(t, err)
	return r
}

func TestComponentsAreNamedAndFollowWhatMadeTheSeries(t *testing.T) {
	x := hourlyKink(24 * 28)
	for _, id := range everyAlgorithm() {
		t.Run(id, func(t *testing.T) {
			r := componentsOf(t, Input{Values: x, Step: time.Hour, Periods: []int{24, 168}}, id, 24)
			var names []string
			for _, c := range r.Components {
				names = append(names, c.Name)
			}
			require.Equal(t, []string{"trend", "daily season", "weekly season", "remainder"}, names)
			require.Equal(t, []int{0, 24, 168, 0}, []int{r.Components[0].Period, r.Components[1].Period, r.Components[2].Period, r.Components[3].Period})
			for i := 100; i < 500; i++ {
				at := float64(i)
				require.InDelta(t, 50+0.02*math.Min(at, 300), r.Components[0].Past[i], 1.2)
				require.InDelta(t, 10*math.Sin(2*math.Pi*at/24), r.Components[1].Past[i], 1.2)
				require.InDelta(t, 3*math.Cos(2*math.Pi*at*3/168), r.Components[2].Past[i], 1.2)
			}
		})
	}
}

func TestComponentsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(40, 24*14).Draw(t, "points")
		x := dayWeek(n, 24, 3, 0.05, 1, rapid.Uint64().Draw(t, "seed"))
		for _, k := range rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 12).Draw(t, "gaps") {
			x[k] = math.NaN()
		}
		top := 60.0
		id := rapid.SampledFrom(everyAlgorithm()).Draw(t, "algorithm")
		r := componentsOf(t, Input{Values: x, Step: time.Hour, Bounds: Bounds{Max: &top}}, id, 30)
		for i, v := range x {
			sum := 0.0
			for _, c := range r.Components {
				require.Len(t, c.Past, n)
				sum += c.Past[i]
			}
			if math.IsNaN(v) {
				require.True(t, math.IsNaN(sum))
			} else {
				require.InDelta(t, v, sum, 1e-9*(1+math.Abs(v)))
			}
		}
		for h, m := range r.Mean {
			sum := 0.0
			for _, c := range r.Components {
				if c.Future != nil {
					sum += c.Future[h]
				}
			}
			require.InDelta(t, m, sum, 1e-9*(1+math.Abs(m)))
		}
	})
}

func TestSeasonsAreNamedByTheirLength(t *testing.T) {
	for want, c := range map[string]struct {
		period int
		step   time.Duration
	}{
		"hourly season":      {60, time.Minute},
		"daily season":       {288, 5 * time.Minute},
		"weekly season":      {168, time.Hour},
		"yearly season":      {52, 7 * 24 * time.Hour},
		"season of 12h":      {12, time.Hour},
		"season of 1h30m":    {3, 30 * time.Minute},
		"season of 2d4h":     {52, time.Hour},
		"season of 30s":      {3, 10 * time.Second},
		"season of 12w":      {12, 7 * 24 * time.Hour},
		"season of 1d20h40m": {268, 10 * time.Minute},
	} {
		require.Equal(t, want, seasonName(c.period, c.step))
	}
}

func TestWithoutASeasonThereIsATrendAndARemainder(t *testing.T) {
	x := []float64{1, 2, math.NaN(), 4, 5, 6.5, 7, 8, 9, 10, 11, 12, 13}
	r := componentsOf(t, Input{Values: x, Step: time.Hour, Periods: []int{}}, "drift", 3)
	require.Len(t, r.Components, 2)
	require.InDelta(t, 9, r.Components[0].Past[8], 0.3)
	require.Equal(t, r.Mean, r.Components[0].Future)
	require.Nil(t, r.Components[1].Future)
	constant := componentsOf(t, Input{Values: []float64{math.NaN(), 3, 3, 3, 3}, Step: time.Hour}, Auto, 2)
	require.InDeltaSlice(t, []float64{3, 3, 3, 3}, constant.Components[0].Past[1:], 1e-12)
	require.Equal(t, []float64{3, 3}, constant.Components[0].Future)

	none, err := Run(context.Background(), Input{Values: x, Step: time.Hour}, Options{Algorithm: "drift", Horizon: 3, Confidence: 0.9})
	require.NoError(t, err)
	require.Nil(t, none.Components, "only where they are asked for")
}
