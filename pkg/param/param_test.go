package param

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var specs = []Spec{
	{Name: "k", Kind: Number, Default: 3.0, Min: Bound(1), Max: Bound(10)},
	{Name: "n", Kind: Integer, Default: 2},
	{Name: "on", Kind: Boolean, Default: false},
	{Name: "mode", Kind: Choice, Default: "a", Choices: []string{"a", "b"}},
	{Name: "window", Kind: Duration, Default: time.Hour},
}

func TestDefaultsAndValues(t *testing.T) {
	v, err := Parse(specs, nil)
	require.NoError(t, err)
	require.Equal(t, 3.0, v.Float("k"))
	require.Equal(t, time.Hour, v.Duration("window"))
	v, err = Parse(specs, map[string]any{"k": 4.5, "n": 7.0, "on": true, "mode": "b", "window": "1d12h"})
	require.NoError(t, err)
	require.Equal(t, 4.5, v.Float("k"))
	require.Equal(t, 7, v.Int("n"))
	require.True(t, v.Bool("on"))
	require.Equal(t, "b", v.String("mode"))
	require.Equal(t, 36*time.Hour, v.Duration("window"))
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		raw  map[string]any
		says string
	}{
		"unknown":      {map[string]any{"z": 1.0}, `unknown option "z", known are: k, n, on, mode, window`},
		"below":        {map[string]any{"k": 0.5}, "below the least allowed value 1"},
		"above":        {map[string]any{"k": 11.0}, "above the greatest allowed value 10"},
		"not a number": {map[string]any{"k": "3"}, "3 is not a number"},
		"NaN":          {map[string]any{"k": math.NaN()}, "not a number"},
		"not whole":    {map[string]any{"n": 1.5}, "not a whole number"},
		"not boolean":  {map[string]any{"on": 1.0}, "not true or false"},
		"no choice":    {map[string]any{"mode": "c"}, "c is not one of a, b"},
		"no duration":  {map[string]any{"window": "soon"}, "not a duration such as"},
		"zero":         {map[string]any{"window": "0s"}, "longer than zero"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(specs, c.raw)
			require.ErrorIs(t, err, ErrInvalid)
			require.ErrorContains(t, err, c.says)
		})
	}
	_, err := Parse(nil, map[string]any{"z": 1.0})
	require.ErrorContains(t, err, "known are: none")
}

func TestDurationsAreReadAsTheyAreWritten(t *testing.T) {
	for _, text := range []string{"30s", "5m", "1h30m", "14d", "1w", "1y"} {
		d, err := ParseDuration(text)
		require.NoError(t, err)
		back, err := ParseDuration(FormatDuration(d))
		require.NoError(t, err)
		require.Equal(t, d, back)
	}
}
