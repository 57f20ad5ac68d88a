package detect

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/param"
)

func TestRegistry(t *testing.T) {
	ids := map[string]bool{}
	for _, a := range Algorithms() {
		require.False(t, ids[a.ID], "id %s twice", a.ID)
		ids[a.ID] = true
		found, err := Lookup(a.ID)
		require.NoError(t, err)
		require.Equal(t, a.Title, found.Title)
		require.NotEmpty(t, a.Summary)
		require.NotEmpty(t, a.Reference)
		require.Positive(t, a.MinPoints)
		_, err = param.Parse(a.Params, nil)
		require.NoError(t, err)
	}
	_, err := Lookup("magic")
	require.ErrorIs(t, err, ErrUnknownAlgorithm)
	for _, id := range []string{"magic", "auto", "threshold", "dynamic-threshold", "seasonal-residual"} {
		require.ErrorContains(t, err, id)
	}
}

func TestAutoSaysWhatItTook(t *testing.T) {
	out := detectRun(t, Input{Values: daily(2016, 1), From: 1728}, "", nil)
	require.Equal(t, Auto, out.Algorithm)
	require.Contains(t, out.Why, "repeats every 1d")
	require.Empty(t, out.Notices)

	out = detectRun(t, Input{Values: noise(2016, 0, 1), From: 1728}, Auto, nil)
	require.Equal(t, Auto, out.Algorithm)
	require.Contains(t, out.Why, "No season")
	require.Empty(t, out.Notices)

	out = detectRun(t, Input{Values: daily(2016, 1), From: 1728}, "seasonal-residual", nil)
	require.Equal(t, "The query asks for this detector.", out.Why)
}

func TestRefusals(t *testing.T) {
	x, nan := daily(30, 1), math.NaN()
	lo, hi := 2.0, 1.0
	for name, c := range map[string]struct {
		in   Input
		opt  Options
		want error
		says string
	}{
		"empty":                 {Input{}, Options{}, ErrTooShort, "0 known values"},
		"one point":             {Input{Values: []float64{1}}, Options{}, ErrTooShort, "needs 20"},
		"all missing":           {Input{Values: times(40, func(int) float64 { return nan })}, Options{}, ErrTooShort, "0 known values"},
		"all infinite":          {Input{Values: times(40, func(int) float64 { return math.Inf(1) })}, Options{}, ErrTooShort, "0 known values"},
		"unknown algorithm":     {Input{Values: x}, Options{Algorithm: "magic"}, ErrUnknownAlgorithm, "seasonal-residual"},
		"window of nothing":     {Input{Values: x}, Options{Algorithm: "dynamic-threshold", Params: map[string]any{"window": "0s"}}, param.ErrInvalid, `"window"`},
		"k too large":           {Input{Values: x}, Options{Algorithm: "dynamic-threshold", Params: map[string]any{"k": 21.0}}, param.ErrInvalid, `"k"`},
		"unknown sensitivity":   {Input{Values: x}, Options{Params: map[string]any{"sensitivity": "extreme"}}, param.ErrInvalid, "high, medium, low"},
		"unknown option":        {Input{Values: x}, Options{Params: map[string]any{"sigma": 3.0}}, param.ErrInvalid, "sigma"},
		"no limit":              {Input{Values: x}, Options{Algorithm: "threshold"}, param.ErrInvalid, "threshold is missing"},
		"limit not a number":    {Input{Values: x, Threshold: &Threshold{Value: nan}}, Options{Algorithm: "threshold"}, param.ErrInvalid, "threshold value"},
		"limit without side":    {Input{Values: x, Threshold: &Threshold{1, "over"}}, Options{Algorithm: "threshold"}, param.ErrInvalid, "above or below"},
		"step of zero":          {Input{Values: x, Step: -1}, Options{}, param.ErrInvalid, "step"},
		"from outside":          {Input{Values: x, From: 31}, Options{}, param.ErrInvalid, "from is 31"},
		"from negative":         {Input{Values: x, From: -1}, Options{}, param.ErrInvalid, "from is -1"},
		"unknown direction":     {Input{Values: x, Direction: "up"}, Options{}, param.ErrInvalid, "both, above or below"},
		"negative deviation":    {Input{Values: x, Guards: Guards{MinDeviation: -1}}, Options{}, param.ErrInvalid, "minDeviation is -1"},
		"relative not a number": {Input{Values: x, Guards: Guards{MinRelative: nan}}, Options{}, param.ErrInvalid, "minRelative"},
		"floor not a number":    {Input{Values: x, Guards: Guards{Floor: nan, HasFloor: true}}, Options{}, param.ErrInvalid, "floor"},
		"negative wait":         {Input{Values: x, Guards: Guards{For: -time.Minute}}, Options{}, param.ErrInvalid, "for is -1m0s"},
		"min above max":         {Input{Values: x, Min: &lo, Max: &hi}, Options{}, param.ErrInvalid, "min is 2"},
		"min not a number":      {Input{Values: x, Min: &nan}, Options{}, param.ErrInvalid, "min"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.in.Step == 0 {
				c.in.Step = time.Minute
			}
			_, err := Run(context.Background(), c.in, c.opt)
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestRunStopsWhenTheContextEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, algorithm := range []string{"dynamic-threshold", "seasonal-residual"} {
		_, err := Run(ctx, Input{Values: daily(100, 1), Step: fiveMinutes}, Options{Algorithm: algorithm})
		require.ErrorIs(t, err, context.Canceled)
	}
}

func TestTheInputStaysAsItWas(t *testing.T) {
	x := daily(600, 1)
	x[300] = math.Inf(1)
	before := append([]float64{}, x...)
	limit := Threshold{Value: 60}
	detectRun(t, Input{Values: x, From: 300, Threshold: &limit}, "threshold", nil)
	detectRun(t, Input{Values: x, From: 300}, Auto, nil)
	require.Equal(t, before, x)
	require.Equal(t, Threshold{Value: 60}, limit)
}

func TestOutputHasTheShapeOfTheInput(t *testing.T) {
	for _, algorithm := range []string{"threshold", "dynamic-threshold", "seasonal-residual"} {
		out := detectRun(t, Input{Values: daily(600, 1), From: 400, Threshold: &Threshold{Value: 60}}, algorithm, nil)
		for _, row := range [][]float64{out.Expected, out.Lower, out.Upper, out.Score} {
			require.Len(t, row, 600)
			for i := range 400 {
				require.True(t, math.IsNaN(row[i]), "%s: nothing before From", algorithm)
			}
		}
		require.Len(t, out.Anomalous, 600)
		require.NotContains(t, out.Anomalous[:400], true)
		for i := 400; i < 600; i++ {
			require.GreaterOrEqual(t, out.Score[i], 0.0)
		}
	}
}

func TestOddSeries(t *testing.T) {
	nan := math.NaN()
	base := daily(2500, 7)
	for name, x := range map[string][]float64{
		"constant":       times(2500, func(int) float64 { return 5 }),
		"zero":           times(2500, func(int) float64 { return 0 }),
		"tiny variance":  times(2500, func(i int) float64 { return 5 + 1e-13*float64(i%2) }),
		"a line":         times(2500, func(i int) float64 { return float64(i) }),
		"a counter":      times(2500, func(i int) float64 { return 1e9 + 60*float64(i) + float64(i%7) }),
		"half missing":   times(2500, func(i int) float64 { return []float64{base[i], nan}[i%2] }),
		"mostly missing": times(2500, func(i int) float64 { return map[bool]float64{true: base[i], false: nan}[i%10 == 0] }),
		"a long gap":     times(2500, func(i int) float64 { return map[bool]float64{true: base[i], false: nan}[i < 1200 || i > 1900] }),
		"one hour":       daily(20, 1),
		"infinities":     times(2500, func(i int) float64 { return []float64{base[i], base[i], math.Inf(1), math.Inf(-1), 1e200}[i%5] }),
		"huge":           times(2500, func(i int) float64 { return 1e140 * base[i] }),
		"very small":     times(2500, func(i int) float64 { return 1e-140 * base[i] }),
		"two values":     times(2500, func(i int) float64 { return float64(i / 7 % 2) }),
		"a sine":         times(2500, func(i int) float64 { return math.Sin(2 * math.Pi * float64(i) / 288) }),
	} {
		for _, algorithm := range []string{Auto, "dynamic-threshold"} {
			t.Run(name+" "+algorithm, func(t *testing.T) {
				out := detectRun(t, Input{Values: x, From: len(x) / 2}, algorithm, nil)
				for i, s := range out.Score {
					if !finite(x[i]) || math.IsNaN(x[i]) {
						require.True(t, math.IsNaN(s), "missing has no score")
						require.False(t, out.Anomalous[i])
					}
					require.False(t, math.IsInf(s, 0) || math.IsInf(out.Upper[i], 0))
				}
				if algorithm == Auto {
					require.Zero(t, flags(out), "nothing happens here")
				}
			})
		}
	}
}

func TestBandStaysInsideTheBounds(t *testing.T) {
	lo, hi := 35.0, 60.0
	in := Input{Values: daily(2500, 8), From: 2016, Min: &lo, Max: &hi}
	out := detectRun(t, in, Auto, nil)
	free := detectRun(t, Input{Values: in.Values, From: 2016}, Auto, nil)
	clipped := 0
	for i := 2016; i < 2500; i++ {
		for _, row := range [][]float64{out.Lower, out.Expected, out.Upper} {
			require.GreaterOrEqual(t, row[i], lo)
			require.LessOrEqual(t, row[i], hi)
		}
		if free.Upper[i] > hi {
			clipped++
		}
		require.Equal(t, free.Score[i], out.Score[i], "bounds draw the band, they do not move scores")
	}
	require.Positive(t, clipped)
}
