package forecast

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/param"
)

func with(t require.TestingT, values []float64, step time.Duration, horizon int, id string, params map[string]any) *Result {
	r, err := Run(context.Background(), Input{Values: values, Step: step}, Options{Algorithm: id, Params: params, Horizon: horizon, Confidence: 0.9})
	require.NoError(t, err)
	return r
}

func TestTrendOptionOfETS(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	line := make([]float64, 80)
	for i := range line {
		line[i] = 100 + 2*float64(i) + 0.1*rng.NormFloat64()
	}
	ahead := func(trend string) float64 {
		return with(t, line, time.Minute, 20, "ets", map[string]any{"trend": trend}).Mean[19]
	}
	require.InDelta(t, 298, ahead("linear"), 2)
	require.InDelta(t, 258, ahead("none"), 2, "stays where it is")
	require.Greater(t, ahead("damped"), 270.0)
	require.Less(t, ahead("damped"), ahead("linear"), "levels off")
	require.InDelta(t, 298, ahead("auto"), 2, "the information criterion sees the trend")
}

func TestETSHasAStateForAShortSeason(t *testing.T) {
	y := logs(airPassengers)
	in := Input{Values: y[:132], Step: time.Hour, Periods: []int{12}}
	errorOf := func(id string) float64 {
		r, err := Run(context.Background(), in, Options{Algorithm: id, Horizon: 12, Confidence: 0.95})
		require.NoError(t, err)
		if id == "ets" {
			require.Equal(t, 12.0, r.Explain["period"])
		}
		return meanAbsolute([][]float64{misses(y[132:], r.Mean)})
	}
	require.Less(t, errorOf("ets"), errorOf("seasonal-naive")/2, "the last year of AirPassengers")
}

// Long seasons, and several, are taken out before either sees the series; a short one is a state of ETS alone.
func TestETSIsMSTLWhereTheSeasonsAreLongOrSeveral(t *testing.T) {
	for _, c := range []struct {
		periods []int
		same    bool
	}{{[]int{24}, true}, {[]int{24, 168}, true}, {[]int{6, 24}, true}, {[]int{12}, false}} {
		in := Input{Values: dayWeek(24*21, 24, 4, 0, 1, 8), Step: time.Hour, Periods: c.periods}
		var means [2][]float64
		for i, id := range []string{"ets", "mstl"} {
			r, err := Run(context.Background(), in, Options{Algorithm: id, Horizon: 24, Confidence: 0.9})
			require.NoError(t, err)
			means[i] = r.Mean
		}
		if c.same {
			require.Equal(t, means[1], means[0], "%v", c.periods)
		} else {
			require.NotEqual(t, means[1], means[0], "%v", c.periods)
		}
	}
}

func TestVariantsOfTheta(t *testing.T) {
	line := make([]float64, 60)
	for i := range line {
		line[i] = 10 + float64(i) + 0.01*math.Sin(float64(i)*1.7)
	}
	standard := with(t, line, time.Minute, 10, "theta", map[string]any{"variant": "standard"})
	require.InDelta(t, 0.5, standard.Explain["drift"], 0.01, "half the slope")
	require.InDelta(t, 0.5, standard.Mean[9]-standard.Mean[8], 0.01)
	dynamic := with(t, line, time.Minute, 10, "theta", nil)
	require.Greater(t, dynamic.Mean[9], standard.Mean[9], "chooses to follow a clear trend")

	m, err := thetaForecaster{"standard"}.Fit(context.Background(), Input{Values: line})
	require.NoError(t, err)
	require.Len(t, m.Fitted(), 60)
	on := pushed(m, []float64{70, math.NaN(), 72}).Forecast(1)[0]
	require.InDelta(t, m.Forecast(1)[0]+2.5, on, 1, "the level follows, the slope stays")
}

func TestDriftOfNaive(t *testing.T) {
	walk := []float64{3, 5, 4, 8, math.NaN(), 13}
	require.Equal(t, []float64{15, 17, 19}, with(t, walk, time.Minute, 3, "seasonal-naive", map[string]any{"drift": true}).Mean)
	require.Equal(t, []float64{13, 13, 13}, with(t, walk, time.Minute, 3, "seasonal-naive", nil).Mean)
}

func TestRobustMSTLIsNotMisledByAnIncident(t *testing.T) {
	clean := dayWeek(24*28, 24, 0, 0, 0.2, 6)
	hit := append([]float64(nil), clean...)
	for day := 20; day < 24; day++ {
		hit[24*day+9] += 200
	}
	miss := func(robust bool) float64 {
		in := Input{Values: hit, Step: time.Hour, Periods: []int{24}}
		r, err := Run(context.Background(), in, Options{Algorithm: "mstl", Params: map[string]any{"robust": robust}, Horizon: 24, Confidence: 0.9})
		require.NoError(t, err)
		return math.Abs(r.Mean[9] - clean[24*27+9])
	}
	require.Less(t, 4*miss(true), miss(false))
}

func TestLogsOfAutoregressionKeepSwingsInProportion(t *testing.T) {
	wave := func(i int) float64 {
		return math.Exp(0.002*float64(i) + math.Sin(2*math.Pi*float64(i)/24))
	}
	y := make([]float64, 24*20)
	for i := range y {
		y[i] = wave(i)
	}
	r := with(t, y, time.Hour, 48, "ar", map[string]any{"logs": true})
	for h, f := range r.Mean {
		require.InEpsilon(t, wave(len(y)+h), f, 0.02)
	}
}

func TestCyclesOfAutoregressionForgetAnOlderRhythm(t *testing.T) {
	// The rhythm turned upside down three weeks ago.
	y := dayWeek(24*70, 24, 0, 0, 0.1, 8)
	for i := range y[:24*49] {
		y[i] = 100 - y[i]
	}
	errorOf := func(cycles float64) float64 {
		in := Input{Values: y, Step: time.Hour, Periods: []int{24}}
		r, err := Run(context.Background(), in, Options{Algorithm: "ar", Params: map[string]any{"cycles": cycles}, Horizon: 24, Confidence: 0.9})
		require.NoError(t, err)
		return meanAbsolute([][]float64{misses(y[len(y)-24:], r.Mean)})
	}
	require.Less(t, errorOf(14), 0.7)
	require.LessOrEqual(t, errorOf(14), errorOf(0))
}

func TestEveryDeclaredOptionIsUnderstood(t *testing.T) {
	for _, a := range Algorithms() {
		p, err := param.Parse(a.Params, nil)
		require.NoError(t, err)
		require.NotNil(t, a.New(p), a.ID)
		require.NotEmpty(t, a.Title)
		require.NotEmpty(t, a.Summary)
		require.NotEmpty(t, a.Reference)
		require.Positive(t, a.MinPoints)
		for _, s := range a.Params {
			require.NotEmpty(t, s.Help, "%s %s", a.ID, s.Name)
		}
		found, err := Lookup(a.ID)
		require.NoError(t, err)
		require.Equal(t, a.Title, found.Title)
	}
}

func TestEachAlgorithmWorksFromTheLeastPointsItStates(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for _, a := range Algorithms() {
		x := make([]float64, max(a.MinPoints, 3))
		for i := range x {
			x[i] = 10 + rng.NormFloat64()
		}
		_, err := Run(context.Background(), Input{Values: x, Step: time.Hour}, Options{Algorithm: a.ID, Horizon: 2, Confidence: 0.9})
		require.NoError(t, err, a.ID)
	}
}

func TestWhatGrowingHistoryMakesPossible(t *testing.T) {
	all := dayWeek(24*28, 24, 6, 0, 1, 2)
	for n, want := range map[int]string{3: "seasonal-naive", 9: "seasonal-naive", 24 * 28: "combination"} {
		r := run(t, all[:n], time.Hour, 6, Auto)
		require.Equal(t, want, r.Algorithm, "%d points", n)
		if n < 12 {
			require.Contains(t, r.Why, "Too little history")
			require.NotEmpty(t, r.Notices)
			require.Zero(t, r.Backtest.Origins)
		} else {
			require.Positive(t, r.Backtest.Origins)
			require.Empty(t, r.Notices)
		}
	}
	_, err := Run(context.Background(), Input{Values: all[:10], Step: time.Hour}, Options{Algorithm: "combination", Horizon: 6, Confidence: 0.9})
	require.True(t, errors.Is(err, ErrTooShort), "asked for by name it says what it lacks")
}

func TestPeriodsGivenAreTheOnlyOnes(t *testing.T) {
	y := dayWeek(24*28, 24, 8, 0, 1, 2)
	for name, c := range map[string]struct {
		given, used []int
	}{
		"found":             {nil, []int{24, 168}},
		"none":              {[]int{}, nil},
		"the day only":      {[]int{24}, []int{24}},
		"longer than there": {[]int{24, 600}, []int{24}},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := Run(context.Background(), Input{Values: y, Step: time.Hour, Periods: c.given}, Options{Algorithm: Auto, Horizon: 24, Confidence: 0.9})
			require.NoError(t, err)
			require.Equal(t, c.used, r.Periods)
		})
	}
}
