package query

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

func TestNaturalFloor(t *testing.T) {
	at := func(v float64) *float64 { return &v }
	nan := math.NaN()
	for name, c := range map[string]struct {
		asked  forecast.Bounds
		values []float64
		want   *float64
	}{
		"never below zero":         {forecast.Bounds{}, []float64{0, nan, 3}, at(0)},
		"once below zero":          {forecast.Bounds{}, []float64{4, -0.1, 3}, nil},
		"a lower limit asked for":  {forecast.Bounds{Min: at(-5)}, []float64{1, 2}, at(-5)},
		"an upper limit asked for": {forecast.Bounds{Max: at(100)}, []float64{1, 2}, at(0)},
		"only below zero allowed":  {forecast.Bounds{Max: at(0)}, []float64{0, 0}, nil},
		"nothing known":            {forecast.Bounds{}, []float64{nan, nan}, nil},
		"nothing but zeros":        {forecast.Bounds{}, []float64{0, 0}, nil},
		"no points":                {forecast.Bounds{}, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := natural(c.asked, c.values)
			require.Equal(t, c.want, got.Min)
			require.Equal(t, c.asked.Max, got.Max)
		})
	}
}
