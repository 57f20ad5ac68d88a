package query

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// read gives the hours before and after the beginning that a query of a range reads.
func (l *lab) read(raw string, from, to time.Duration) [2]float64 {
	l.t.Helper()
	l.source.asked = nil
	l.ClearCache()
	l.ask(raw, from, to)
	r := l.source.asked[0]
	return [2]float64{r.From.Sub(began).Hours(), r.To.Sub(began).Hours()}
}

func TestWhatIsReadForWhat(t *testing.T) {
	l := newLab(t)
	l.train(1, `{"queryType":"forecast","source":{"kind":"prometheus","expr":"load"},"trainingWindow":"4d","interval":"1h","horizon":"12h","model":{"algorithm":"ets"}}`)
	q := func(kind, more string) string {
		return fmt.Sprintf(`{"queryType":%q,"source":{"kind":"prometheus","expr":"x"},"trainingWindow":"2d","interval":"1h","horizon":"6h"%s}`, kind, more)
	}
	for name, c := range map[string]struct {
		query    string
		from, to time.Duration
		want     [2]float64
	}{
		"a forecast: its window before the end":          {q("forecast", `,"model":{"algorithm":"ets"}`), -6 * time.Hour, 0, [2]float64{-48, 0}},
		"and what is shown, where that is longer":        {q("forecast", `,"model":{"algorithm":"ets"}`), -60 * time.Hour, 0, [2]float64{-60, 0}},
		"as of the end of a range in the past":           {q("forecast", `,"model":{"algorithm":"ets"}`), -30 * time.Hour, -10 * time.Hour, [2]float64{-58, -10}},
		"never what lies ahead":                          {q("forecast", `,"model":{"algorithm":"ets"}`), -6 * time.Hour, 6 * time.Hour, [2]float64{-48, 0}},
		"an anomaly: its window before what is shown":    {q("anomaly", ""), -6 * time.Hour, 0, [2]float64{-54, 0}},
		"outliers as well":                               {q("outlier", ""), -6 * time.Hour, 0, [2]float64{-54, 0}},
		"plain series: only what is shown":               {q("series", ""), -6 * time.Hour, 0, [2]float64{-6, 0}},
		"a warning: its window":                          {q("warning", `,"model":{"algorithm":"ets"},"threshold":{"value":900}`), -6 * time.Hour, 0, [2]float64{-48, 0}},
		"a model's forecast: from its training on":       {`{"model":{"name":"cpu"}}`, -1 * time.Hour, 0, [2]float64{-1, 0}},
		"a range that begins between steps, rounded":     {q("series", ""), -90 * time.Minute, 0, [2]float64{-2, 0}},
		"and one that ends between them":                 {q("series", ""), -6 * time.Hour, -30 * time.Minute, [2]float64{-6, -1}},
		"a range shorter than a step: the newest bucket": {q("series", ""), -10 * time.Minute, 0, [2]float64{-1, 0}},
	} {
		require.Equal(t, c.want, l.read(c.query, c.from, c.to), name)
	}
	l.clock = began.Add(3 * time.Hour)
	require.Equal(t, [2]float64{0, 3}, l.read(`{"model":{"name":"cpu"}}`, -time.Hour, 0))
}

func TestAnAnswerEndsAtTheLastCompleteBucketAndGoesOnFromThere(t *testing.T) {
	l := newLab(t)
	rapid.Check(t, func(rt *rapid.T) {
		l.clock = began.Add(time.Duration(rapid.IntRange(0, 7200).Draw(rt, "clock")) * time.Second)
		from := time.Duration(rapid.IntRange(-20*3600, -1).Draw(rt, "from")) * time.Second
		to := from + time.Duration(rapid.IntRange(1, 30*3600).Draw(rt, "length"))*time.Second
		a := l.ask(`{"source":{"kind":"prometheus","expr":"x"},"model":{"algorithm":"naive"},"trainingWindow":"1d","interval":"15m","horizon":"2h"}`, from, to)
		require.False(rt, a.AsOf.After(l.clock))
		require.Zero(rt, a.AsOf.Unix()%900)
		require.Equal(rt, a.AsOf, a.Grid.Time(a.Past))
		require.Equal(rt, a.Past+8, a.Grid.Len)
		for _, r := range a.Results {
			require.Len(rt, r.Actual, a.Past)
			require.Len(rt, r.Expected, a.Past)
			require.Len(rt, r.Forecast, 8)
		}
	})
}

func TestTooManyPointsAreRefusedBeforeTheyAreRead(t *testing.T) {
	l := newLab(t)
	q, err := Parse([]byte(`{"queryType":"anomaly","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"30d","interval":"1m"}`), Defaults{})
	require.NoError(t, err)
	_, err = l.Execute(t.Context(), q, Range{began.Add(-60 * 24 * time.Hour), began})
	require.ErrorIs(t, err, ErrInvalid)
	require.ErrorContains(t, err, "129600 points of the range shown and the training window; at most 100000")
	require.Empty(t, l.source.asked)
}
