package query

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

func TestFitsAreToldApartByAllThatChangesThem(t *testing.T) {
	lo := 0.0
	base := func() (forecast.Input, forecast.Options) {
		return forecast.Input{Values: []float64{1, 2, 3}, Step: time.Minute, Start: began}, forecast.Options{Algorithm: "ets", Horizon: 3, Confidence: 0.95}
	}
	key := func(change func(in *forecast.Input, o *forecast.Options)) string {
		in, o := base()
		change(&in, &o)
		k, err := fitKey(in, o)
		require.NoError(t, err)
		return k
	}
	seen := map[string]string{}
	for name, change := range map[string]func(in *forecast.Input, o *forecast.Options){
		"as it is":       func(*forecast.Input, *forecast.Options) {},
		"a value":        func(in *forecast.Input, _ *forecast.Options) { in.Values[1] = 2.0000001 },
		"a gap":          func(in *forecast.Input, _ *forecast.Options) { in.Values[1] = math.NaN() },
		"one more":       func(in *forecast.Input, _ *forecast.Options) { in.Values = append(in.Values, 0) },
		"the order":      func(in *forecast.Input, _ *forecast.Options) { in.Values[0], in.Values[1] = 2, 1 },
		"the step":       func(in *forecast.Input, _ *forecast.Options) { in.Step = time.Hour },
		"a limit":        func(in *forecast.Input, _ *forecast.Options) { in.Bounds.Min = &lo },
		"the algorithm":  func(_ *forecast.Input, o *forecast.Options) { o.Algorithm = "theta" },
		"an option":      func(_ *forecast.Input, o *forecast.Options) { o.Params = map[string]any{"a": 1} },
		"the horizon":    func(_ *forecast.Input, o *forecast.Options) { o.Horizon = 4 },
		"the confidence": func(_ *forecast.Input, o *forecast.Options) { o.Confidence = 0.9 },
		"components":     func(_ *forecast.Input, o *forecast.Options) { o.Components = true },
		"an event": func(in *forecast.Input, _ *forecast.Options) {
			in.Events = []forecast.Event{{Name: "holiday", Steps: []int{1}}}
		},
		"its time": func(in *forecast.Input, _ *forecast.Options) {
			in.Events = []forecast.Event{{Name: "holiday", Steps: []int{2}}}
		},
		"its name": func(in *forecast.Input, _ *forecast.Options) {
			in.Events = []forecast.Event{{Name: "workday", Steps: []int{1}}}
		},
	} {
		k := key(change)
		require.Empty(t, seen[k], "%s is fitted like %s", name, seen[k])
		seen[k] = name
	}
}

func TestWhatCannotBeWrittenAsAKeyIsAnError(t *testing.T) {
	_, err := fitKey(forecast.Input{}, forecast.Options{Params: map[string]any{"a": math.NaN()}})
	require.ErrorIs(t, err, ErrInvalid)
	nan := math.NaN()
	_, err = fitKey(forecast.Input{Bounds: forecast.Bounds{Min: &nan}}, forecast.Options{})
	require.ErrorIs(t, err, ErrInvalid)
}

func TestTheSameValuesHaveTheSameDigestAndOthersAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64(), 1, 1500).Draw(t, "x") // over more than one block
		y := append([]float64{}, x...)
		require.Equal(t, digest(x), digest(y))
		i := rapid.IntRange(0, len(x)-1).Draw(t, "i")
		y[i] = math.Nextafter(y[i], math.Inf(1))
		if math.Float64bits(y[i]) != math.Float64bits(x[i]) {
			require.NotEqual(t, digest(x), digest(y))
		}
		require.NotEqual(t, digest(x), digest(append(x, 0)))
	})
}

func TestAHeldFitIsGivenAsItIs(t *testing.T) {
	f := newFits(1 << 20)
	in := forecast.Input{Values: make([]float64, 60), Step: time.Minute}
	for i := range in.Values {
		in.Values[i] = float64(i)
	}
	o := forecast.Options{Algorithm: "linear", Horizon: 3, Confidence: 0.9}
	one, held, err := f.run(t.Context(), in, o)
	require.NoError(t, err)
	require.False(t, held)
	two, held, err := f.run(t.Context(), in, o)
	require.NoError(t, err)
	require.True(t, held)
	require.Same(t, one, two)
	_, _, err = f.run(t.Context(), forecast.Input{Values: in.Values[:1], Step: time.Minute}, o)
	require.ErrorIs(t, err, forecast.ErrTooShort)
	n, _ := f.cache.Stats()
	require.Equal(t, 1, n, "what failed is not held")
}

func TestLongerFitsCountForMore(t *testing.T) {
	r := &forecast.Result{Fitted: make([]float64, 100), Mean: make([]float64, 10), Components: []forecast.Component{{Past: make([]float64, 100)}}, Errors: [][]float64{make([]float64, 50)}}
	require.Equal(t, int64(8*260+1024), fitBytes(r))
}
