package query

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
)

// onTrial trains a model with an algorithm and gives its contests after some time.
func onTrial(t *testing.T, l *lab, algorithm string, after time.Duration) []Contest {
	t.Helper()
	raw := `{"queryType":"forecast",` + learntFrom + `,"model":{"algorithm":"` + algorithm + `"}}`
	trained := l.train(1, raw)
	l.clock = l.clock.Add(after)
	like, err := Parse([]byte(raw), Defaults{})
	require.NoError(t, err)
	out, err := l.Trial(t.Context(), trained, like)
	require.NoError(t, err)
	return out
}

func TestTheTwinAgainstItselfIsADraw(t *testing.T) {
	for _, c := range onTrial(t, newLab(t), "seasonal-naive", 40*time.Hour) {
		require.InDelta(t, 1, c.Ratio(), 1e-9)
		require.Equal(t, 40, c.Points)
		require.Greater(t, c.Twin, 0.0)
	}
}

func TestAModelIsComparedOverTheNewestTwoDays(t *testing.T) {
	l := newLab(t)
	broke := began.Add(60 * time.Hour)
	l.source.value = func(host int, at time.Time) float64 {
		if host == 0 && at.Before(broke) && !at.Before(began) {
			return rhythm(host, at.Add(12*time.Hour)) // long ago by then
		}
		return rhythm(host, at)
	}
	list := onTrial(t, l, "ets", 5*24*time.Hour)
	require.Len(t, list, 2)
	require.Equal(t, 48, list[1].Points)
	require.Less(t, list[1].Ratio(), 1.0, "noise is averaged, the twin repeats it")
	require.Equal(t, "h1", list[1].Name)
	require.Equal(t, SeriesKey("h1", series.Labels{"host": "h1"}), list[1].Key)
}

func TestItIsTooEarlyToTellAtFirst(t *testing.T) {
	require.Nil(t, onTrial(t, newLab(t), "ets", 11*time.Hour))
	require.Nil(t, onTrial(t, newLab(t), "ets", 23*time.Hour), "24 values are needed")
	require.NotNil(t, onTrial(t, newLab(t), "ets", 24*time.Hour))
	require.Nil(t, onTrial(t, newLab(t), "ets", 60*24*time.Hour), "too old to go on from")
}

func TestRatiosOfErrors(t *testing.T) {
	for name, c := range map[string]struct {
		contest Contest
		want    float64
	}{
		"better":                  {Contest{Model: 1, Twin: 2, Points: 24}, 0.5},
		"worse":                   {Contest{Model: 3, Twin: 2, Points: 48}, 1.5},
		"too few":                 {Contest{Model: 3, Twin: 2, Points: 23}, math.NaN()},
		"both are never wrong":    {Contest{Points: 48}, 1},
		"the twin is never wrong": {Contest{Model: 0.1, Points: 48}, math.Inf(1)},
	} {
		got := c.contest.Ratio()
		require.True(t, got == c.want || math.IsNaN(got) && math.IsNaN(c.want), "%s: %v", name, got)
	}
}

func TestADemotedSeriesIsAnsweredByItsTwinInEveryRange(t *testing.T) {
	l := newLab(t)
	trained := l.train(1, `{"queryType":"forecast",`+learntFrom+`,"model":{"algorithm":"ets"}}`)
	trained.Demoted = map[string]Demoted{SeriesKey("h0", series.Labels{"host": "h0"}): {Ratio: 1.44, Since: began}}
	l.clock = l.clock.Add(6 * time.Hour)
	a := l.ask(`{"model":{"name":"cpu"}}`, -3*time.Hour, 0)
	require.Equal(t, []string{"seasonal-naive", "ets"}, []string{a.Results[0].Algorithm, a.Results[1].Algorithm})
	require.Equal(t, 1, strings.Count(noticesOf(a), "1.4 times as far off of late as the same as last season"))
	for k, v := range a.Results[0].Forecast {
		require.InDelta(t, rhythm(0, a.Grid.Time(a.Past+k).Add(-24*time.Hour)), v, 1e-9)
	}
	require.Len(t, a.Results[0].Expected, 3)
	before := l.ask(`{"model":{"name":"cpu"}}`, -30*time.Hour, -20*time.Hour) // as of before its training
	require.Contains(t, noticesOf(before), "newer data than this range shows")
	require.NotContains(t, noticesOf(before), "far off of late")
	require.NotEqual(t, "seasonal-naive", before.Results[0].Algorithm)
}
