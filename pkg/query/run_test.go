package query

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/warn"
)

func TestPlainSeriesAreWhatTheSourceGives(t *testing.T) {
	l := newLab(t)
	a := l.ask(`{"queryType":"series","source":{"kind":"prometheus","expr":"x"},"interval":"1h"}`, -5*time.Hour, 0)
	require.Equal(t, []int{5, 5}, []int{a.Past, a.Grid.Len})
	for k, r := range a.Results {
		require.Equal(t, []any{"h0", 5}, []any{strings.Replace(r.Name, "1", "0", 1), r.Points})
		for i, v := range r.Actual {
			require.Equal(t, rhythm(k, a.Grid.Time(i)), v)
		}
		require.Nil(t, r.Forecast)
		require.Nil(t, r.Score)
	}
	require.Equal(t, []string{"x"}, a.Stats.Executed)
}

// young gives the second host nothing before the last hours.
func (l *lab) young(hours int) {
	l.source.value = func(host int, at time.Time) float64 {
		if host == 1 && at.Before(began.Add(-time.Duration(hours)*time.Hour)) {
			return math.NaN()
		}
		return rhythm(host, at)
	}
}

func TestASeriesWithTooLittleIsShownWithoutAnAnswerAndWithTheReason(t *testing.T) {
	for kind, more := range map[string]string{"forecast": `,"model":{"algorithm":"ets"}`, "warning": `,"model":{"algorithm":"ets"},"threshold":{"value":90}`, "anomaly": ""} {
		t.Run(kind, func(t *testing.T) {
			l := newLab(t)
			l.young(2)
			a := l.ask(`{"queryType":"`+kind+`","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"5d","interval":"1h","horizon":"6h"`+more+`}`, -4*time.Hour, 0)
			require.Len(t, a.Results, 2)
			full, short := a.Results[0], a.Results[1]
			require.NotEmpty(t, full.Algorithm)
			require.Empty(t, short.Algorithm)
			require.Len(t, short.Actual, 4, "what there is, is shown")
			require.Contains(t, short.Why, "too few points")
			require.Nil(t, short.Warning)
			require.Contains(t, noticesOf(a), "h1: too few points")
		})
	}
}

// The value of a week before is that of the same local time, also over a change of the clock; what was not read is missing.
func TestTheValueOfAWeekBefore(t *testing.T) {
	for kind, more := range map[string]string{"anomaly": "", "warning": `,"threshold":{"value":90}`} {
		l := newLab(t)
		a := l.ask(`{"queryType":"`+kind+`","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"8d","interval":"1h","output":"last_week"`+more+`}`, -5*time.Hour, 0)
		require.Len(t, a.Results, 2)
		for k, r := range a.Results {
			require.Len(t, r.LastWeek, a.Past)
			require.Nil(t, r.Score, "nothing is scored or forecast for it")
			require.Nil(t, r.Warning)
			for i, v := range r.LastWeek {
				require.Equal(t, rhythm(k, a.Grid.Time(i).AddDate(0, 0, -7)), v)
			}
		}
		short := l.ask(`{"queryType":"`+kind+`","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"2d","interval":"1h","output":"last_week"`+more+`}`, -5*time.Hour, 0)
		for _, v := range short.Results[0].LastWeek {
			require.True(t, math.IsNaN(v))
		}
	}
	l := newLab(t)
	a := l.ask(`{"queryType":"anomaly","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"14d","interval":"1h","output":"last_week","calendar":{"timezone":"Europe/Berlin"}}`, -30*24*time.Hour, 0)
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for i, v := range a.Results[0].LastWeek {
		require.Equal(t, rhythm(0, a.Grid.Time(i).In(berlin).AddDate(0, 0, -7)), v)
	}
}

func TestNoSeriesIsAnAnswerWithoutResults(t *testing.T) {
	for _, kind := range []string{"forecast", "anomaly", "outlier", "series"} {
		l := newLab(t)
		l.source.hosts = 0
		a := l.ask(`{"queryType":"`+kind+`","source":{"kind":"prometheus","expr":"x"}}`, -time.Hour, 0)
		require.Empty(t, a.Results, kind)
	}
}

func TestANoticeOfManySeriesIsSaidOnce(t *testing.T) {
	a := &Answer{Results: []Result{{Name: "a"}, {Name: "b"}, {Name: "c"}}}
	a.addNotices([][]string{{"clipped", "short"}, {"clipped"}, nil})
	require.Equal(t, []series.Notice{{Severity: series.Info, Text: "2 series: clipped"}, {Severity: series.Info, Text: "a: short"}}, a.Notices)
}

func TestAWarningSaysHowLongIsLeft(t *testing.T) {
	l := newLab(t)
	l.source.value = func(host int, at time.Time) float64 { // two hosts: one fills, one does not
		wobble := (rhythm(0, at) - rhythm(0, at.Add(24*time.Hour))) / 4
		if host == 0 {
			return 60 + 0.25*at.Sub(began).Hours() + wobble
		}
		return 40 + wobble
	}
	a := l.ask(`{"queryType":"warning","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"10d","interval":"1h","horizon":"7d","threshold":{"value":80},"model":{"algorithm":"linear"}}`, -4*time.Hour, 0)
	filling, still := a.Results[0].Warning, a.Results[1].Warning
	require.Equal(t, warn.Rising, filling.State)
	require.InDelta(t, 80, filling.ETA, 6, "20 left at a quarter an hour")
	require.LessOrEqual(t, filling.ETAEarly, filling.ETA)
	require.Greater(t, filling.Probability, 0.9)
	require.InDelta(t, 6, filling.GrowthPerDay, 0.5)
	require.Equal(t, []any{warn.OK, warn.Never}, []any{still.State, still.ETA})
	require.Equal(t, 80.0, still.Threshold)
}

// A chart meets its limit when the warning says so, whatever the models of forecast queries would make of the series: this one began to
// climb a week ago, after a week of rest.
func TestTheChartOfAWarningSaysWhatTheWarningSays(t *testing.T) {
	l := newLab(t)
	l.source.value = func(_ int, at time.Time) float64 {
		wobble := (rhythm(0, at) - rhythm(0, at.Add(24*time.Hour))) / 4
		return 30 + 0.25*max(0, at.Sub(began.Add(-7*24*time.Hour)).Hours()) + wobble
	}
	ask := func(fields string) Result {
		return l.ask(`{"queryType":"warning","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"14d","interval":"1h","horizon":"7d","confidence":0.8,`+fields+`}`, -4*time.Hour, 0).Results[0]
	}
	meets := func(line []float64, limit float64) float64 {
		return float64(1 + slices.IndexFunc(line, func(v float64) bool { return v >= limit }))
	}
	up := ask(`"threshold":{"value":84}`)
	require.Equal(t, warn.Rising, up.Warning.State)
	require.InDelta(t, up.Warning.ETA, meets(up.Forecast, 84), 3, "hours")
	require.InDelta(t, up.Warning.ETAEarly, meets(up.ForecastUp, 84), 8, "nine in ten futures cross later, as eight in ten values lie in the band")
	require.Contains(t, up.Why, "how the series itself moved")
	own := ask(`"threshold":{"value":84},"model":{"algorithm":"drift"}`)
	require.Equal(t, "drift", own.Algorithm, "who asks for an algorithm sees that one's forecast")
	require.NotEqual(t, up.Forecast, own.Forecast)
	table := ask(`"threshold":{"value":84},"output":"eta"`)
	require.Equal(t, up.Warning.ETA, table.Warning.ETA, "and the numbers are the same without a chart")
	require.Empty(t, table.Forecast)
}

func TestTheSameQueryGivesTheSameAnswer(t *testing.T) {
	for _, raw := range []string{`{"queryType":"warning","source":{"kind":"prometheus","expr":"x"},"threshold":{"value":80},"model":{"algorithm":"ets"},"interval":"1h"}`,
		`{"queryType":"anomaly","source":{"kind":"prometheus","expr":"x"},"interval":"1h"}`, `{"source":{"kind":"prometheus","expr":"x"},"interval":"1h","model":{"algorithm":"mstl"}}`} {
		one, two := newLab(t).ask(raw, -4*time.Hour, 0), newLab(t).ask(raw, -4*time.Hour, 0)
		require.Equal(t, one.Results, two.Results)
	}
}

func TestAnAnomalyIsFlaggedAndExplained(t *testing.T) {
	l := newLab(t)
	l.source.value = func(host int, at time.Time) float64 {
		if host == 0 && !at.Before(began.Add(-3*time.Hour)) {
			return rhythm(host, at) + 60
		}
		return rhythm(host, at)
	}
	a := l.ask(`{"queryType":"anomaly","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"10d","interval":"1h"}`, -6*time.Hour, 0)
	hot, calm := a.Results[0], a.Results[1]
	require.Equal(t, []bool{false, false, false}, hot.Anomalous[:3])
	require.True(t, hot.Anomalous[5])
	require.Greater(t, hot.Score[5], 1.0)
	require.Greater(t, hot.Actual[5], hot.Upper[5])
	require.Len(t, hot.Episodes, 1)
	require.NotContains(t, calm.Anomalous, true)
	require.Empty(t, calm.Episodes)
	above := l.ask(`{"queryType":"anomaly","direction":"below","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"10d","interval":"1h"}`, -6*time.Hour, 0)
	require.NotContains(t, above.Results[0].Anomalous, true, "only what is asked for counts")
}

func TestOutliersStandOutFromTheirGroup(t *testing.T) {
	l := newLab(t)
	l.source.hosts = 6
	l.source.value = func(host int, at time.Time) float64 {
		if host == 5 && !at.Before(began.Add(-8*time.Hour)) {
			return 400 + rhythm(host, at)/100
		}
		return rhythm(0, at) + rhythm(host, at)/100
	}
	a := l.ask(`{"queryType":"outlier","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"4d","interval":"1h"}`, -12*time.Hour, 0)
	for k, r := range a.Results {
		require.Equal(t, k == 5, r.Outlier.Outlier, r.Name)
		require.NotEmpty(t, r.Outlier.Why)
		require.Len(t, r.Anomalous, a.Past)
		require.Equal(t, []int{5, 6}, []int{r.Outlier.Agree, r.Outlier.Members})
		require.InDelta(t, a.Results[0].Outlier.Expected, r.Outlier.Expected, 1e-9, "one middle for all that are judged by the whole window")
	}
	hot := a.Results[5].Outlier
	require.InDelta(t, 400, hot.Actual, 20)
	require.Greater(t, hot.Actual-hot.Expected, 100.0)
	for _, r := range a.Results[:5] {
		require.InDelta(t, r.Outlier.Expected, r.Outlier.Actual, 10)
	}
	require.NotNil(t, a.Band)
	require.Len(t, a.Band.Lower, a.Past)
	l = newLab(t)
	l.source.hosts = 2
	a = l.ask(`{"queryType":"outlier","source":{"kind":"prometheus","expr":"x"},"trainingWindow":"2d","interval":"1h"}`, -12*time.Hour, 0)
	require.False(t, a.Results[0].Outlier.Outlier, "two are no group")
	require.Equal(t, "nothing to compare with", a.Results[0].Outlier.Why)
	require.True(t, math.IsNaN(a.Results[0].Outlier.Score), "which is no score, not a good one")
	require.Equal(t, 0, a.Results[0].Outlier.Members, "nor is anybody compared")
}

const joined = `{"queryType":"composite","join":["host"],"trainingWindow":"7d","interval":"1h","sources":[{"name":"cpu","kind":"prometheus","expr":"a"},{"name":"io","kind":"prometheus","expr":"b"}]}`

func TestSignalsAreJoinedByTheEntityTheySpeakOf(t *testing.T) {
	l := newLab(t)
	l.source.value = func(host int, at time.Time) float64 {
		if host == 0 && !at.Before(began.Add(-2*time.Hour)) {
			return rhythm(host, at) + 80
		}
		return rhythm(host, at)
	}
	a := l.ask(joined, -6*time.Hour, 0)
	require.Len(t, a.Results, 2, "one for each host, not for each signal")
	hot, calm := a.Results[0], a.Results[1]
	require.Equal(t, series.Labels{"host": "h0"}, hot.Labels)
	require.Greater(t, hot.Score[5], calm.Score[5])
	require.Len(t, hot.Shares, 2)
	sum := 0.0
	for _, s := range hot.Shares {
		require.Contains(t, []string{"cpu", "io"}, s.Signal)
		sum += s.Share
	}
	require.InDelta(t, 1, sum, 1e-6)
	require.Equal(t, []string{"a", "b"}, a.Stats.Executed)
	require.NotEmpty(t, hot.Episodes)
	for _, s := range hot.Episodes[len(hot.Episodes)-1].Shares {
		require.InDelta(t, 80, *s.Actual-*s.Expected, 15, "each signal's own numbers are told: %s", s.Signal)
	}
}

func TestSeriesWithoutTheJoinedLabelsAreLeftOutAndCounted(t *testing.T) {
	l := newLab(t)
	a := l.ask(strings.Replace(joined, `["host"]`, `["host","disk"]`, 1), -6*time.Hour, 0)
	require.Empty(t, a.Results)
	require.Contains(t, noticesOf(a), "source cpu: 2 series lack one of the labels to join on ([host disk]) and were left out")
}

func TestEntitiesAreNamedByTheirLabels(t *testing.T) {
	key, labels, ok := entityOf(series.Labels{"host": "a", "disk": "/", "job": "node"}, []string{"host", "disk"})
	require.Equal(t, []any{"a /", series.Labels{"host": "a", "disk": "/"}, true}, []any{key, labels, ok})
	_, _, ok = entityOf(series.Labels{"host": ""}, []string{"host"})
	require.False(t, ok, "an empty label names nothing")
}

func TestAnErrorOfOneSourceNamesIt(t *testing.T) {
	l := newLab(t)
	q, err := Parse([]byte(strings.Replace(joined, `"kind":"prometheus","expr":"b"`, `"kind":"mysql","rawSql":"SELECT 1"`, 1)), Defaults{})
	require.NoError(t, err)
	_, err = l.Execute(t.Context(), q, Range{began.Add(-time.Hour), began})
	require.ErrorContains(t, err, "source io: ")
}

func TestWhatRatiosRestOnIsReadBesideThem(t *testing.T) {
	l := newLab(t)
	raw := `{"queryType":"anomaly","source":{"kind":"prometheus","expr":"ratio"},"interval":"1h","trainingWindow":"5d","guards":{"minVolume":1000},"volume":{"kind":"prometheus","expr":"requests"}}`
	l.source.value = func(host int, at time.Time) float64 {
		if !at.Before(began.Add(-3 * time.Hour)) {
			return rhythm(host, at) + 60
		}
		return rhythm(host, at)
	}
	a := l.ask(raw, -6*time.Hour, 0)
	require.Equal(t, []string{"ratio", "requests"}, a.Stats.Executed)
	require.NotContains(t, a.Results[0].Anomalous, true, "about a hundred requests are too few")
	require.Equal(t, "minVolume", heldAt(a.Results[0], 5))
}

// heldAt names what held back a point.
func heldAt(r Result, i int) string {
	if r.Held == nil {
		return ""
	}
	return r.Held[i]
}

func TestAVolumeOfAnotherLengthIsAligned(t *testing.T) {
	require.Equal(t, []float64{3, 4}, aligned([]float64{1, 2, 3, 4}, 2))
	got := aligned([]float64{1}, 3)
	require.True(t, math.IsNaN(got[0]) && math.IsNaN(got[1]))
	require.Equal(t, 1.0, got[2])
}

func TestFromFillsWhatLiesBefore(t *testing.T) {
	require.Equal(t, []float64{2, 3}, from([]float64{1, 2, 3}, 1))
	require.Empty(t, from([]float64{1}, 9))
	got := from([]float64{1, 2}, -2)
	require.Len(t, got, 4)
	require.True(t, math.IsNaN(got[0]) && math.IsNaN(got[1]))
	require.Equal(t, []float64{1, 2}, got[2:])
}
