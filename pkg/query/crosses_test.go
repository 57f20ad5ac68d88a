package query

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// A metric that grows by 2 an hour from 500 on: the forecast reaches 540 in 20 hours, where its band lies about the limit.
func TestAForecastSaysWhereItReachesTheThreshold(t *testing.T) {
	l := newLab(t)
	l.source.value = func(host int, at time.Time) float64 {
		return 500 + 2*at.Sub(l.clock).Hours() + float64(host) + 0.1*math.Sin(float64(at.Unix()/3600*7919%100))
	}
	const ask = `{"queryType":"forecast","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"10d","interval":"1h","horizon":%q,"threshold":{"value":%g,"direction":%q},"output":"eta"}`
	a := l.ask(fmt.Sprintf(ask, "48h", 540.0, "above"), -time.Hour, 0)
	c := a.Results[0].Crosses
	require.InDelta(t, 20, c.Hours, 2)
	require.GreaterOrEqual(t, c.Value, 540.0)
	require.InDelta(t, 541, c.Value, 2)
	require.Less(t, c.Lower, c.Value)
	require.Greater(t, c.Upper, c.Value)
	at := a.Past + int(c.Hours)
	require.Equal(t, a.Results[0].Forecast[at-a.Past], c.Value, "the value at that time")
	require.Less(t, a.Results[0].Forecast[at-a.Past-1], 540.0, "and not before")

	near := l.ask(fmt.Sprintf(ask, "6h", 540.0, "above"), -time.Hour, 0).Results[0].Crosses
	require.Equal(t, warn.Never, near.Hours, "not within six hours")
	require.True(t, math.IsNaN(near.Value) && math.IsNaN(near.Lower) && math.IsNaN(near.Upper))
	require.Zero(t, l.ask(fmt.Sprintf(ask, "6h", 400.0, "above"), -time.Hour, 0).Results[0].Crosses.Hours, "it is there already")
	require.Equal(t, warn.Never, l.ask(fmt.Sprintf(ask, "6h", 400.0, "below"), -time.Hour, 0).Results[0].Crosses.Hours, "and leaves it")

	none := l.ask(`{"queryType":"forecast","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"10d","interval":"1h","threshold":{"value":540}}`, -time.Hour, 0)
	require.Nil(t, none.Results[0].Crosses, "only where it is asked for")
}

// A trained model's rule asks with a threshold and a horizon of its own, which win over the definition's.
func TestATrainedForecastIsAskedForItsCrossing(t *testing.T) {
	l := newLab(t)
	l.source.value = func(_ int, at time.Time) float64 { return 500 + 2*at.Sub(began).Hours() }
	l.train(3, `{"queryType":"forecast","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"10d","interval":"1h","horizon":"24h"}`)
	a := l.ask(`{"queryType":"forecast","model":{"name":"cpu"},"horizon":"2d","threshold":{"value":560},"output":"crossing"}`, -time.Hour, 0)
	require.InDelta(t, 30, a.Results[0].Crosses.Hours, 3)
	require.Equal(t, 48, a.Grid.Len-a.Past)
	_, err := Resolve(t.Context(), []byte(`{"queryType":"forecast","model":{"name":"cpu"},"output":"crossing"}`), Defaults{}, l.shelf)
	require.ErrorIs(t, err, ErrInvalid)
	require.ErrorContains(t, err, `field "threshold" is missing`)
}

func TestWithoutAForecastThereIsNoCrossing(t *testing.T) {
	q := &Query{Type: Forecast, Output: ETA, Interval: time.Hour, Threshold: &detect.Threshold{Value: 5, Direction: detect.Above}}
	require.Nil(t, q.crosses(&Result{}))
	require.Nil(t, q.crosses(&Result{Forecast: []float64{math.NaN(), math.NaN()}}))
	c := q.crosses(&Result{Forecast: []float64{math.NaN(), 4, 5}})
	require.Equal(t, []float64{2, 5}, []float64{c.Hours, c.Value})
	require.True(t, math.IsNaN(c.Lower), "a forecast without a band")
}

// Whatever the forecast, what is told is its first value at the threshold or beyond; above and below are each other's mirror.
func TestTheCrossingIsTheFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-10, 10), 1, 30).Draw(t, "forecast")
		limit := rapid.Float64Range(-10, 10).Draw(t, "limit")
		q := &Query{Type: Forecast, Output: ETA, Interval: 30 * time.Minute, Threshold: &detect.Threshold{Value: limit, Direction: detect.Above}}
		mirror := make([]float64, len(values))
		for i, v := range values {
			mirror[i] = -v
		}
		got := q.crosses(&Result{Forecast: values, ForecastLo: mirror, ForecastUp: values})
		first := -1
		for i := len(values) - 1; i >= 0; i-- {
			if values[i] >= limit {
				first = i
			}
		}
		if first < 0 {
			require.Equal(t, warn.Never, got.Hours)
		} else {
			require.Equal(t, []float64{float64(first) / 2, values[first], -values[first], values[first]}, []float64{got.Hours, got.Value, got.Lower, got.Upper})
		}
		q.Threshold = &detect.Threshold{Value: -limit, Direction: detect.Below}
		require.Equal(t, got.Hours, q.crosses(&Result{Forecast: mirror}).Hours)
	})
}
