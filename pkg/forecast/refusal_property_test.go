package forecast

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/param"
)

// Whatever is refused is refused by name: the field, the value that it has, and what would be right.

func TestEveryWrongOptionOfARunIsNamed(t *testing.T) {
	for _, c := range []struct {
		opt  Options
		step time.Duration
		says string
	}{
		{Options{Horizon: 0, Confidence: 0.9}, time.Hour, "horizon is 0 steps, at least 1 is needed"},
		{Options{Horizon: -7, Confidence: 0.9}, time.Hour, "horizon is -7 steps, at least 1 is needed"},
		{Options{Horizon: 5, Confidence: 0.499}, time.Hour, "confidence is 0.499, 0.5 to 0.99 is needed"},
		{Options{Horizon: 5, Confidence: 0.991}, time.Hour, "confidence is 0.991, 0.5 to 0.99 is needed"},
		{Options{Horizon: 5, Confidence: 95}, time.Hour, "confidence is 95, 0.5 to 0.99 is needed"},
		{Options{Horizon: 5, Confidence: math.NaN()}, time.Hour, "confidence is NaN, 0.5 to 0.99 is needed"},
		{Options{Horizon: 5, Confidence: 0.9}, 0, "step is 0s, a positive duration is needed"},
		{Options{Horizon: 5, Confidence: 0.9}, -time.Minute, "step is -1m0s, a positive duration is needed"},
	} {
		in := Input{Values: oil, Step: c.step}
		_, err := Run(context.Background(), in, c.opt)
		require.ErrorIs(t, err, param.ErrInvalid)
		require.ErrorContains(t, err, c.says)
		s, r, err := Train(context.Background(), in, c.opt)
		require.ErrorIs(t, err, param.ErrInvalid)
		require.True(t, s == nil && r == nil)
	}
}

// Every option of every algorithm, beyond its ends, of another kind, and not among its choices.
func TestEveryWrongParameterIsNamed(t *testing.T) {
	for _, a := range Algorithms() {
		for _, p := range a.Params {
			wrong := map[string]any{"a list": []any{1.0}, "nothing": nil}
			switch p.Kind {
			case param.Choice:
				wrong["no choice"], wrong["a number"] = "sideways", 1.0
			case param.Boolean:
				wrong["a word"] = "true"
			default:
				wrong["too small"], wrong["too large"], wrong["a word"], wrong["not a number"] = *p.Min-1, *p.Max+1, "many", math.NaN()
			}
			for kind, value := range wrong {
				t.Run(fmt.Sprint(a.ID, " ", p.Name, " ", kind), func(t *testing.T) {
					_, err := Run(context.Background(), Input{Values: nile, Step: time.Hour, Bounds: far()},
						Options{Algorithm: a.ID, Params: map[string]any{p.Name: value}, Horizon: 3, Confidence: 0.9})
					require.ErrorIs(t, err, param.ErrInvalid)
					require.ErrorContains(t, err, fmt.Sprintf("option %q", p.Name))
					if p.Kind == param.Choice {
						require.ErrorContains(t, err, strings.Join(p.Choices, ", "))
					}
					if kind == "too small" {
						require.ErrorContains(t, err, fmt.Sprint(*p.Min))
					}
					if kind == "too large" {
						require.ErrorContains(t, err, fmt.Sprint(*p.Max))
					}
				})
			}
		}
		_, err := Run(context.Background(), Input{Values: nile, Step: time.Hour}, Options{Algorithm: a.ID, Params: map[string]any{"sped": 1.0}, Horizon: 3, Confidence: 0.9})
		require.ErrorIs(t, err, param.ErrInvalid)
		require.ErrorContains(t, err, `"sped"`, a.ID)
	}
}

func TestAnUnknownAlgorithmIsToldAllThatThereAre(t *testing.T) {
	_, err := Lookup("Prophet")
	require.ErrorIs(t, err, ErrUnknownAlgorithm)
	require.ErrorContains(t, err, `"Prophet"`)
	for _, id := range everyAlgorithm() {
		require.ErrorContains(t, err, id)
	}
}

// Too few values: how many there are and how many it takes.
func TestTooLittleHistoryIsCounted(t *testing.T) {
	for n := range 3 {
		for _, id := range everyAlgorithm() {
			_, err := Run(context.Background(), Input{Values: append(ramp(n), math.NaN(), math.Inf(1)), Step: time.Hour}, Options{Algorithm: id, Horizon: 2, Confidence: 0.9})
			require.ErrorIs(t, err, ErrTooShort, id)
			require.ErrorContains(t, err, fmt.Sprintf("the series has %d known values, a forecast needs at least 3", n), id)
		}
	}
	for _, a := range Algorithms() {
		if a.MinPoints <= 3 {
			continue
		}
		_, err := Run(context.Background(), Input{Values: noise(a.MinPoints-1, 10, 1, 5), Step: time.Hour}, Options{Algorithm: a.ID, Horizon: 2, Confidence: 0.9})
		require.ErrorIs(t, err, ErrTooShort, a.ID)
		require.ErrorContains(t, err, fmt.Sprint(a.MinPoints-1), a.ID)
	}
}

func TestACapacityThatIsNoneIsNamed(t *testing.T) {
	lo, hi := 10.0, 90.0
	for says, b := range map[string]Bounds{
		"saturating needs the capacity, which is the query's bounds.max":       {Min: &lo},
		"the capacity bounds.max is 10 and must be above the floor 90":         {Min: &hi, Max: &lo},
		"the capacity bounds.max is 10 and must be above the floor 10":         {Min: &lo, Max: &lo},
		"option \"growth\": saturating needs the capacity, which is the query": {},
	} {
		_, err := Run(context.Background(), Input{Values: nile, Step: time.Hour, Bounds: b},
			Options{Algorithm: "piecewise", Params: map[string]any{"growth": "saturating"}, Horizon: 3, Confidence: 0.9})
		require.ErrorIs(t, err, param.ErrInvalid)
		require.ErrorContains(t, err, says)
	}
}

// encoded writes a model as a state would hold it.
func encoded(m Model) []byte {
	s := &State{Algorithm: "x", Step: time.Hour, Confidence: 0.9, model: m, bands: newBandTable(&Result{Mean: []float64{1}, Sigma: []float64{1}, Residuals: []float64{1}})}
	b, _ := Marshal(s)
	return b
}

// What no training writes is refused with what is wrong about it, however well its checksum holds.
func TestAStoredModelThatCannotBeIsNamed(t *testing.T) {
	nan := math.NaN()
	for says, m := range map[string]Model{
		"a cycle is empty":                           &naiveModel{},
		"a list has a value that is not a number":    &naiveModel{period: 1, cycle: []float64{nan}},
		"a number is NaN":                            &linearModel{slope: nan},
		"a number is +Inf":                           &linearModel{level: math.Inf(1)},
		"a season is empty":                          &deltaModel{period: 1},
		"a season in shares is missing":              &etsModel{shape: etsShape{relativeErrors: true, relativeSeason: true}},
		"an ARIMA model is incomplete":               &arimaModel{order: arimaOrder{p: 2}, ar: []float64{1}, values: []float64{1}},
		"the interval of a sparse count is 0":        &sparseModel{variant: "croston", alpha: 0.1, begun: true, seen: true, size: 3},
		"1.5 is not between 0 and 1":                 &sparseModel{variant: "tsb", alpha: 1.5},
		"0 is not between 1e-09 and 1":               &standardTheta{},
		"0 is not between 1 and 1e+06":               &dynamicTheta{alpha: 0.5},
		"2 is not between 0 and 1":                   &dynamicTheta{alpha: 0.5, theta: 2, n: 5, decay: 2},
		"-3 is not between 0 and 1.099511627776e+12": &sparseModel{variant: "tsb", alpha: 0.1, since: -3},
	} {
		_, err := Unmarshal(encoded(m))
		require.ErrorIs(t, err, ErrBadState, says)
		require.ErrorContains(t, err, says)
	}
	_, err := Unmarshal(encoded(&naiveModel{period: 1, cycle: []float64{4}}))
	require.NoError(t, err, "and what can be is read")
}

func TestAStoredStateThatCannotBeIsNamed(t *testing.T) {
	bent := func(change func(*State)) []byte {
		s, _ := train(t, noise(60, 10, 1, 2), time.Hour, []int{}, 5, "naive")
		change(s)
		b, err := Marshal(s)
		require.NoError(t, err)
		return b
	}
	for says, change := range map[string]func(*State){
		"its step is 0s":                 func(s *State) { s.Step = 0 },
		"a spread is -1":                 func(s *State) { s.bands.spread[0] = -1 },
		"its bands have gaps":            func(s *State) { s.bands.spread[0] = math.NaN() },
		"its bands are incomplete":       func(s *State) { s.bands.spread = s.bands.spread[1:] },
		"1 is not between 0 and 0.999":   func(s *State) { s.bands.phi = 1 },
		"a number is NaN":                func(s *State) { s.Confidence = math.NaN() },
		"-1 is not between 0 and 1.797":  func(s *State) { s.bands.below[2] = -1 },
		"no model, or too many within":   func(s *State) { s.model = nested(5) },
		"a count is missing or above 64": func(s *State) { s.Periods = make([]int, 65) },
	} {
		_, err := Unmarshal(bent(change))
		require.ErrorIs(t, err, ErrBadState, says)
		require.ErrorContains(t, err, says)
	}
	reach := bent(func(s *State) { s.bands.reach.lo, s.bands.reach.hi = 5, 4 })
	_, err := Unmarshal(reach)
	require.ErrorContains(t, err, "its bands have gaps", "a reach that ends before it begins")
}

// nested is a combination within a combination, so many deep.
func nested(depth int) Model {
	if depth == 0 {
		return &naiveModel{period: 1, cycle: []float64{1}}
	}
	return &combinedModel{q: 1, ids: []string{"x"}, shares: always(1), models: []Model{nested(depth - 1)}}
}

// Numbers, texts, truths and limits come back as they were, in their order, and nothing is left over.
func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &writer{}
		counts := rapid.SliceOfN(rapid.IntRange(0, 1<<20), 0, 20).Draw(t, "counts")
		number, signed := rapid.Float64().Draw(t, "number"), rapid.Int64().Draw(t, "signed")
		text := rapid.StringN(0, 40, 200).Draw(t, "text")
		truths := rapid.SliceOfN(rapid.Bool(), 5, 5).Draw(t, "truths")
		limit := rapid.Ptr(rapid.Float64Range(-1e300, 1e300), true).Draw(t, "limit")
		w.ints(counts)
		w.float(number)
		w.text(text)
		w.flags(truths...)
		w.limit(limit)
		w.int64(signed)

		r := &reader{b: w.b}
		require.ElementsMatch(t, counts, r.ints(1<<20, 20))
		require.Equal(t, math.Float64bits(number), math.Float64bits(r.float()))
		require.Equal(t, text, r.text())
		got := make([]bool, 5)
		r.flags(&got[0], &got[1], &got[2], &got[3], &got[4])
		require.Equal(t, truths, got)
		require.Equal(t, limit, r.limit())
		require.Equal(t, signed, r.int64())
		require.NoError(t, r.err)
		require.Empty(t, r.b)
		require.Zero(t, r.byte(), "after the end there is nothing but zeros")
		require.ErrorContains(t, r.err, "it ends too early")
	})
}
