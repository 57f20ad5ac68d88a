package forecast

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/series"
)

func run(t require.TestingT, values []float64, step time.Duration, horizon int, algorithm string) *Result {
	r, err := Run(context.Background(), Input{Values: values, Step: step}, Options{Algorithm: algorithm, Horizon: horizon, Confidence: 0.95})
	require.NoError(t, err)
	return r
}

func TestPeriods(t *testing.T) {
	walk := make([]float64, 4032)
	rng := rand.New(rand.NewPCG(7, 7))
	for i := range walk[1:] {
		walk[i+1] = walk[i] + rng.NormFloat64()
	}
	ramp := make([]float64, 4032)
	kink := make([]float64, 4032)
	for i := range ramp {
		ramp[i] = float64(i) + rng.NormFloat64()
		kink[i] = math.Max(0, float64(i)-2000) + rng.NormFloat64()
	}
	gaps := dayWeek(8064, 288, 8, 0, 1, 3)
	for i := 1000; i < 1400; i++ {
		gaps[i] = math.NaN()
	}
	for name, c := range map[string]struct {
		values []float64
		step   time.Duration
		want   []int
	}{
		"daily and weekly at 5 minutes":      {dayWeek(8064, 288, 8, 0, 1, 1), 5 * time.Minute, []int{288, 2016}},
		"daily and weekly at 1 hour":         {dayWeek(24*28, 24, 8, 0, 1, 1), time.Hour, []int{24, 168}},
		"daily and weekly at 1 minute":       {dayWeek(1440*28, 1440, 8, 0, 1, 1), time.Minute, []int{1440, 10080}},
		"daily alone":                        {dayWeek(4032, 288, 0, 0, 1, 1), 5 * time.Minute, []int{288}},
		"daily on a rising trend":            {dayWeek(4032, 288, 0, 0.05, 1, 1), 5 * time.Minute, []int{288}},
		"with a gap of more than a day":      {gaps, 5 * time.Minute, []int{288, 2016}},
		"a random walk has none":             {walk, 5 * time.Minute, nil},
		"a ramp has none":                    {ramp, 5 * time.Minute, nil},
		"a ramp that starts midway has none": {kink, 5 * time.Minute, nil},
		"less than two days has none":        {dayWeek(500, 288, 0, 0, 1, 1), 5 * time.Minute, nil},
		"empty":                              {nil, 5 * time.Minute, nil},
		"a season the clock does not know":   {dayWeek(4032, 288, 0, 0, 1, 1), 11 * time.Minute, []int{288}},
		"half a day":                         {dayWeek(2016, 72, 0, 0, 1, 1), 10 * time.Minute, []int{72}},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.want, DetectPeriods(c.values, c.step)) })
	}
}

func TestADayAndAWeekAreFoundAtAnyStep(t *testing.T) {
	for _, step := range []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour} {
		day := int(24 * time.Hour / step)
		require.Equal(t, []int{day, 7 * day}, DetectPeriods(dayWeek(28*day, day, 8, 0, 1, 1), step), "step %s", step)
	}
}

func TestSeasonsAreHardlyEverFoundInNoise(t *testing.T) {
	for name, make := range map[string]func(rng *rand.Rand, before float64, i int) float64{
		"white noise":      func(rng *rand.Rand, _ float64, _ int) float64 { return rng.NormFloat64() },
		"persistent noise": func(rng *rand.Rand, before float64, _ int) float64 { return 0.9*before + rng.NormFloat64() },
		"a noisy ramp":     func(rng *rand.Rand, _ float64, i int) float64 { return 0.1*float64(i) + 5*rng.NormFloat64() },
		"a random walk":    func(rng *rand.Rand, before float64, _ int) float64 { return before + rng.NormFloat64() },
		"an exponential": func(rng *rand.Rand, _ float64, i int) float64 {
			return math.Exp(float64(i)/200) + 0.1*rng.NormFloat64()
		},
		"rare single peaks": func(rng *rand.Rand, _ float64, _ int) float64 { return max(rng.NormFloat64()-3, 0) },
	} {
		found := 0
		for seed := range uint64(100) {
			rng := rand.New(rand.NewPCG(seed, 5))
			x := series.Missing(700)
			before := 0.0
			for i := range x {
				before = make(rng, before, i)
				x[i] = before
			}
			if DetectPeriods(x, time.Hour) != nil {
				found++
			}
		}
		require.LessOrEqual(t, found, 3, name)
	}
}

func TestRefusals(t *testing.T) {
	ok := Options{Algorithm: Auto, Horizon: 12, Confidence: 0.95}
	with := func(change func(*Options)) Options { o := ok; change(&o); return o }
	nan := math.NaN()
	for name, c := range map[string]struct {
		values []float64
		opt    Options
		want   error
		says   string
	}{
		"empty":             {nil, ok, ErrTooShort, "0 known values"},
		"one point":         {[]float64{1}, ok, ErrTooShort, "1 known values"},
		"all NaN":           {[]float64{nan, nan, nan, nan}, ok, ErrTooShort, "0 known values"},
		"infinite only":     {[]float64{math.Inf(1), math.Inf(-1), math.Inf(1)}, ok, ErrTooShort, "0 known values"},
		"horizon of zero":   {oil, with(func(o *Options) { o.Horizon = 0 }), param.ErrInvalid, "horizon is 0"},
		"confidence of 1":   {oil, with(func(o *Options) { o.Confidence = 1 }), param.ErrInvalid, "confidence is 1"},
		"unknown algorithm": {oil, with(func(o *Options) { o.Algorithm = "prophet" }), ErrUnknownAlgorithm, "naive, drift, seasonal-naive, ets, theta, linear, mstl"},
		"option of auto":    {oil, with(func(o *Options) { o.Params = map[string]any{"trend": "none"} }), param.ErrInvalid, `"trend"`},
		"unknown option":    {oil, with(func(o *Options) { o.Algorithm = "ets"; o.Params = map[string]any{"gamma": 1.0} }), param.ErrInvalid, `"gamma"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Run(context.Background(), Input{Values: c.values, Step: time.Minute}, c.opt)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestEveryAlgorithmOnOddSeries(t *testing.T) {
	nan := math.NaN()
	gap := dayWeek(1000, 24, 0, 0, 1, 5)
	for i := 300; i < 420; i++ {
		gap[i] = nan
	}
	late := append(series.Missing(400), dayWeek(300, 24, 0, 0, 1, 5)...)
	huge := make([]float64, 50)
	for i := range huge {
		huge[i] = 1e300 * float64(1+i%5)
	}
	inf := append([]float64{math.Inf(1)}, oil...)
	for name, values := range map[string][]float64{
		"three points": {1, 2, 4}, "four points": {1, 2, 4, 3}, "constant": {5, 5, 5, 5, 5, 5}, "constant with a gap": {5, nan, 5, 5},
		"a gap": gap, "starts late": late, "an infinite value": inf, "zero but one": append(make([]float64, 60), 1), "two levels": {0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0},
		"ends missing": append(append([]float64{}, oil...), nan, nan, nan),
	} {
		ids := []string{Auto}
		for _, a := range Algorithms() {
			ids = append(ids, a.ID)
		}
		for _, a := range ids {
			t.Run(name+" "+a, func(t *testing.T) {
				r, err := Run(context.Background(), Input{Values: values, Step: time.Hour}, Options{Algorithm: a, Horizon: 30, Confidence: 0.9})
				if err != nil {
					require.ErrorIs(t, err, ErrTooShort)
					require.NotEqual(t, Auto, a, "auto has a fallback")
					return
				}
				require.Len(t, r.Mean, 30)
				require.Len(t, r.Fitted, len(values))
				require.True(t, finite(r.Mean) && finite(r.Lower) && finite(r.Upper))
				for h := range r.Mean {
					require.LessOrEqual(t, r.Lower[h], r.Mean[h])
					require.GreaterOrEqual(t, r.Upper[h], r.Mean[h])
				}
			})
		}
	}
	_, err := Run(context.Background(), Input{Values: huge, Step: time.Hour}, Options{Algorithm: Auto, Horizon: 3, Confidence: 0.9})
	require.ErrorIs(t, err, ErrTooShort, "values whose squares overflow are no data")
}

func TestAutoBeatsItsTwinAndSaysBy(t *testing.T) {
	r := run(t, dayWeek(4032, 288, 5, 0, 1, 3), 5*time.Minute, 288, Auto)
	require.NotEqual(t, "seasonal-naive", r.Algorithm)
	require.Equal(t, []int{288, 2016}, r.Periods)
	require.Less(t, r.Backtest.MAE, 0.9*r.Backtest.SeasonalNaive)
	require.Contains(t, r.Why, "closer than repeating the last cycle")
}

func TestAutoFallsBackToTheTwinWhereNothingBeatsIt(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	walk := make([]float64, 400)
	for i := range walk[1:] {
		walk[i+1] = walk[i] + rng.NormFloat64()
	}
	r := run(t, walk, time.Hour, 24, Auto)
	require.LessOrEqual(t, r.Backtest.MAE, r.Backtest.SeasonalNaive*1.0000001)
}

func TestTheBandHoldsAboutAsOftenAsItSays(t *testing.T) {
	inside, total := 0, 0
	for seed := range uint64(40) {
		all := dayWeek(24*21+48, 24, 3, 0.01, 1, seed)
		r := run(t, all[:24*21], time.Hour, 48, Auto)
		for h, v := range all[24*21:] {
			total++
			if v >= r.Lower[h] && v <= r.Upper[h] {
				inside++
			}
		}
	}
	coverage := float64(inside) / float64(total)
	require.Greater(t, coverage, 0.90)
	require.Less(t, coverage, 0.995)
}

func TestBoundsHoldAndAreMentioned(t *testing.T) {
	lo, hi := 0.0, 60.0
	r, err := Run(context.Background(), Input{Values: dayWeek(24*14, 24, 0, 0.1, 1, 1), Step: time.Hour, Bounds: Bounds{Min: &lo, Max: &hi}},
		Options{Algorithm: "ets", Horizon: 200, Confidence: 0.95})
	require.NoError(t, err)
	for h := range r.Mean {
		require.GreaterOrEqual(t, r.Lower[h], lo)
		require.LessOrEqual(t, r.Upper[h], hi)
	}
	require.Contains(t, fmt.Sprint(r.Notices), "clipped to the bounds")
}

func TestInputIsNotChanged(t *testing.T) {
	values := append([]float64{math.NaN(), math.Inf(1)}, dayWeek(24*14, 24, 0, 0, 1, 9)...)
	before := append([]float64(nil), values...)
	run(t, values, time.Hour, 24, Auto)
	for i := range values {
		require.Equal(t, math.Float64bits(before[i]), math.Float64bits(values[i]))
	}
}

func TestCancelledRunStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Run(ctx, Input{Values: dayWeek(4032, 288, 5, 0, 1, 3), Step: 5 * time.Minute}, Options{Algorithm: Auto, Horizon: 288, Confidence: 0.95})
	require.ErrorIs(t, err, context.Canceled)
}

func TestTheilSenOfTheReferenceSeries(t *testing.T) {
	// R: 16 20 22 21 25 24 30 29 35 33 has a Theil-Sen slope of 2.
	y := []float64{16, 20, 22, 21, 25, 24, 30, 29, 35, 33}
	at, mid := BlockMedians(y, 1)
	require.Equal(t, 2.0, TheilSen(at, mid))
}

func TestLinearCarriesAFillingDiskOnAndIgnoresOneCleanUp(t *testing.T) {
	y := make([]float64, 14*24)
	for i := range y {
		y[i] = 40 + 0.1*float64(i) + math.Sin(float64(i)*1.3)
		if i >= 100 && i < 103 {
			y[i] = 5
		}
	}
	r := run(t, y, time.Hour, 72, "linear")
	require.InDelta(t, 40+0.1*float64(len(y)+71), r.Mean[71], 1.5)
}

func TestSeasonalNaiveRepeatsTheLastCycle(t *testing.T) {
	m, err := seasonalNaive{}.Fit(context.Background(), Input{Values: []float64{1, 2, 3, 4, math.NaN(), 6}, Periods: []int{3}})
	require.NoError(t, err)
	require.Equal(t, []float64{4, 2, 6, 4, 2}, m.Forecast(5), "a missing value is taken from the cycle before")
}
