package param

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// raw is how a query's options arrive: decoded from JSON.
func raw(t require.TestingT, text string) map[string]any {
	var out map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &out))
	return out
}

func TestOptionsAsTheyArriveFromJSON(t *testing.T) {
	v, err := Parse(specs, raw(t, `{"k": 10, "n": -3, "on": false, "mode": "a", "window": "90m"}`))
	require.NoError(t, err)
	require.Equal(t, Values{"k": 10.0, "n": -3, "on": false, "mode": "a", "window": 90 * time.Minute}, v)
	for text, says := range map[string]string{
		`{"k": null}`:             `option "k": <nil> is not a number`,
		`{"k": []}`:               `option "k"`,
		`{"n": 1e300}`:            `option "n"`,
		`{"n": "7"}`:              "7 is not a number",
		`{"on": "true"}`:          "true is not true or false",
		`{"mode": 1}`:             "1 is not one of a, b",
		`{"mode": ""}`:            "is not one of a, b",
		`{"mode": "A"}`:           "A is not one of a, b",
		`{"window": 5}`:           "5 is not a duration",
		`{"window": "-5m"}`:       "not a duration such as",
		`{"window": "5"}`:         "not a duration such as",
		`{"window": "1.5h"}`:      "not a duration such as",
		`{"Window": "5m"}`:        `unknown option "Window"`,
		`{"k": 11, "a": 1}`:       `unknown option "a"`, // in the order of names, so that the same query has the same error
		`{"k": 0.9999999999}`:     "least allowed value 1",
		`{"k": 10.000000001}`:     "greatest allowed value 10",
		`{"window": "0"}`:         "longer than zero",
		`{"window": "99999999y"}`: "not a duration such as",
	} {
		_, err := Parse(specs, raw(t, text))
		require.ErrorIs(t, err, ErrInvalid, text)
		require.ErrorContains(t, err, says, text)
	}
}

func TestOneThatIsNotGivenIsItsDefault(t *testing.T) {
	v, err := Parse(specs, raw(t, `{"n": 7}`))
	require.NoError(t, err)
	require.Equal(t, Values{"k": 3.0, "n": 7, "on": false, "mode": "a", "window": time.Hour}, v)
	none, err := Parse(nil, nil)
	require.NoError(t, err)
	require.Empty(t, none)
}

// A value that nobody declared, or of another kind than it is asked for, is the zero value: an algorithm cannot be made to panic.
func TestReadingWhatIsNotThere(t *testing.T) {
	v := Values{"text": "x"}
	for _, name := range []string{"missing", "text"} {
		require.Zero(t, v.Float(name))
		require.Zero(t, v.Int(name))
		require.False(t, v.Bool(name))
		require.Zero(t, v.Duration(name))
	}
	require.Zero(t, v.String("missing"))
	require.Zero(t, Values(nil).Int("n"))
}

func TestAKindThatIsNotKnownIsRefused(t *testing.T) {
	_, err := Parse([]Spec{{Name: "x", Kind: "colour"}}, map[string]any{"x": "red"})
	require.ErrorIs(t, err, ErrInvalid)
	require.ErrorContains(t, err, `kind "colour" is not known`)
}

// The declaration is what forms are made of: its names and bounds are part of the contract.
func TestADeclarationInJSON(t *testing.T) {
	text, err := json.Marshal(Spec{Name: "k", Kind: Number, Default: 3.0, Min: Bound(0), Unit: "σ", Help: "Width."})
	require.NoError(t, err)
	require.JSONEq(t, `{"name": "k", "kind": "number", "default": 3, "min": 0, "unit": "σ", "help": "Width."}`, string(text))
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"1ms": time.Millisecond, "30s": 30 * time.Second, "1h30m": 90 * time.Minute, "1d": 24 * time.Hour, "2w": 14 * 24 * time.Hour, "1y": 365 * 24 * time.Hour, "1w3d12h": 252 * time.Hour,
	} {
		got, err := ParseDuration(text)
		require.NoError(t, err)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", " ", "m", "5 m", "5m ", "5M", "m5", "30m1h", "1h1h", "∞", "5分钟"} {
		_, err := ParseDuration(text)
		require.ErrorContains(t, err, fmt.Sprintf("%q is not a duration", text))
	}
}

// Whatever is given, an answer has every declared option, of its kind and within its bounds; or there is an error of the user's.
func TestParseProperties(t *testing.T) {
	value := rapid.OneOf(rapid.Float64().AsAny(), rapid.Float64Range(-20, 20).AsAny(), rapid.Bool().AsAny(), rapid.SampledFrom([]string{"a", "b", "c", "5m", "1h", "0s", ""}).AsAny(),
		rapid.Just[any](nil), rapid.Just[any](math.NaN()), rapid.Just[any](math.Inf(-1)), rapid.Just[any]([]any{1.0}))
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.MapOfN(rapid.SampledFrom([]string{"k", "n", "on", "mode", "window", "other"}), value, 0, 4).Draw(t, "given")
		v, err := Parse(specs, given)
		if err != nil {
			require.ErrorIs(t, err, ErrInvalid)
			return
		}
		require.Len(t, v, len(specs))
		require.NotContains(t, given, "other")
		require.True(t, v.Float("k") >= 1 && v.Float("k") <= 10)
		require.Contains(t, []string{"a", "b"}, v.String("mode"))
		require.Positive(t, v.Duration("window"))
		require.IsType(t, 0, v["n"])
		require.IsType(t, true, v["on"])
		for name := range given {
			require.Contains(t, v, name)
		}
	})
}

// A duration that is written is read as what it was, to the millisecond that Prometheus knows.
func TestDurationsThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(1, int64(5*365*24*time.Hour/time.Millisecond)).Draw(t, "ms")) * time.Millisecond
		got, err := ParseDuration(FormatDuration(d))
		require.NoError(t, err)
		require.Equal(t, d, got)
	})
}
