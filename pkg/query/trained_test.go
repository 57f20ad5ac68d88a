package query

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/series"
)

const byName = `{"model":{"name":"cpu"}}`

func TestAModelAnswersWithoutItsHistoryBeingReadAgain(t *testing.T) {
	l := newLab(t)
	l.train(1, `{"queryType":"forecast",`+learntFrom+`,"model":{"algorithm":"ets"}}`)
	l.clock = began.Add(6 * time.Hour)
	a := l.ask(byName, -3*time.Hour, 0)
	require.Len(t, l.source.asked, 1)
	require.Equal(t, began, l.source.asked[0].From, "only what is newer than the model, or shown")
	require.Equal(t, []time.Time{l.shelf[1].From, l.shelf[1].To}, []time.Time{a.Stats.TrainingFrom, a.Stats.TrainingTo})
	require.Empty(t, a.Notices)
	for k, r := range a.Results {
		require.Contains(t, r.Why, "Version 1 of the model cpu, trained on 2026-03-01 12:00 UTC.")
		require.Equal(t, "ets", r.Algorithm)
		require.Len(t, r.Forecast, 12)
		require.Len(t, r.Expected, 3)
		for h, v := range r.Forecast {
			at := l.clock.Add(time.Duration(h) * time.Hour)
			require.InDelta(t, rhythm(k, at), v, 2)
			require.LessOrEqual(t, r.ForecastLo[h], v)
			require.GreaterOrEqual(t, r.ForecastUp[h], v)
		}
		for i, v := range r.Expected {
			require.InDelta(t, r.Actual[i], v, 3, "one step ahead each time")
			require.Less(t, r.Lower[i], v)
			require.Greater(t, r.Upper[i], v)
		}
	}
}

func TestAChartThatBeginsBeforeTheTrainingEndedShowsWhatItExpectedThen(t *testing.T) {
	l := newLab(t)
	trained := l.train(1, `{"queryType":"forecast",`+learntFrom+`,"model":{"algorithm":"ets"}}`)
	l.clock = began.Add(4 * time.Hour)
	r := l.ask(byName, -10*time.Hour, 0).Results[0]
	past := trained.Series[`{host="h0"}`].Past
	require.Equal(t, past.Fit[len(past.Fit)-6:], r.Expected[:6])
	require.False(t, math.IsNaN(r.Expected[6]), "and goes on where the training ended")
	old := l.ask(byName, -9*24*time.Hour, 0).Results[0]
	require.Len(t, old.Expected, 9*24)
	require.False(t, math.IsNaN(old.Expected[0]))
}

func TestAModelGoesOnWithWhatItHasSeenAlready(t *testing.T) {
	l := newLab(t)
	l.train(1, `{"queryType":"forecast",`+learntFrom+`,"model":{"algorithm":"ets"}}`)
	l.clock = began.Add(30 * time.Hour)
	once := l.ask(byName, -2*time.Hour, 0)
	again := l.ask(byName, -2*time.Hour, 0)
	require.Equal(t, once.Results[0].Forecast, again.Results[0].Forecast)
	l.clock = began.Add(33 * time.Hour)
	stepped := l.ask(byName, -2*time.Hour, 0).Results[0]
	fresh := newLab(t)
	fresh.train(1, `{"queryType":"forecast",`+learntFrom+`,"model":{"algorithm":"ets"}}`)
	fresh.clock = l.clock
	whole := fresh.ask(byName, -2*time.Hour, 0).Results[0]
	require.Equal(t, whole.Forecast, stepped.Forecast, "in steps or at once, it is the same")
	require.Equal(t, whole.Expected, stepped.Expected)
}

func TestALateSampleIsTakenIn(t *testing.T) {
	l := newLab(t)
	l.train(1, `{"queryType":"forecast",`+learntFrom+`,"model":{"algorithm":"ets"}}`)
	l.clock = began.Add(5 * time.Hour)
	late := began.Add(4 * time.Hour)
	l.source.value = func(host int, at time.Time) float64 {
		if at.Equal(late) {
			return math.NaN()
		}
		return rhythm(host, at)
	}
	l.ask(byName, -2*time.Hour, 0)
	l.source.value = rhythm
	l.ClearCache()
	l.clock = began.Add(6 * time.Hour)
	r := l.ask(byName, -2*time.Hour, 0).Results[0]
	require.Equal(t, rhythm(0, late), r.Actual[0])
	require.False(t, math.IsNaN(r.Expected[0]))
}

func TestWhereAModelCannotAnswerItIsFittedOnRequestAndSaysWhy(t *testing.T) {
	for name, c := range map[string]struct {
		change func(l *lab)
		query  string
		from   time.Duration
		to     time.Duration
		says   string
		hosts  int // of two that it holds for
	}{
		"a series that is newer": {func(l *lab) { l.source.hosts = 3 }, byName, -time.Hour, 0, "h2: not in version 1 of the model cpu", 1},
		"a series too short then": {func(l *lab) { l.shelf[0].Series[`{host="h1"}`] = &TrainedSeries{} }, byName, -time.Hour, 0,
			"h1: version 1 of the model cpu keeps nothing of it, it had too few points", 1},
		"a range before its end":     {func(*lab) {}, byName, -50 * time.Hour, -40 * time.Hour, "2 series: version 1 of the model cpu was trained on newer data than this range shows", 2},
		"long after it was trained":  {func(l *lab) { l.clock = began.Add(11 * 24 * time.Hour) }, byName, -time.Hour, 0, "2 series: version 1 of the model cpu ends at 2026-03-01T12:00:00Z, too long ago", 2},
		"components are asked for":   {func(*lab) {}, `{"model":{"name":"cpu"},"output":"components"}`, -time.Hour, 0, "2 series: the model cpu keeps no components", 2},
		"nothing: it answers itself": {func(*lab) {}, byName, -time.Hour, 0, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.train(1, `{"queryType":"forecast",`+learntFrom+`}`)
			l.clock = began.Add(5 * time.Hour)
			c.change(l)
			a := l.ask(c.query, c.from, c.to)
			if c.says == "" {
				require.NotContains(t, noticesOf(a), "fitted on request")
				return
			}
			require.Contains(t, noticesOf(a), c.says)
			require.Contains(t, noticesOf(a), "fitted on request")
			for _, r := range a.Results {
				require.NotEmpty(t, r.Forecast, "%s is answered all the same", r.Name)
			}
		})
	}
}

func TestASeriesThatIsNewerThanTheModelIsFittedToAllOfItsHistory(t *testing.T) {
	l := newLab(t)
	l.train(1, `{"queryType":"forecast",`+learntFrom+`,"model":{"algorithm":"ets"}}`)
	l.source.hosts = 3
	l.clock = began.Add(5 * time.Hour)
	a := l.ask(byName, -time.Hour, 0)
	newer := a.Results[2]
	require.Equal(t, 240, newer.Points, "not to what came since the others were trained")
	for h, v := range newer.Forecast {
		require.InDelta(t, rhythm(2, l.clock.Add(time.Duration(h)*time.Hour)), v, 3, "it knows the rhythm of the day")
	}
	require.Contains(t, a.Results[0].Why, "Version 1 of the model cpu", "the others go on from theirs")
	require.Equal(t, 1, a.Past)
}

func TestAModelThatHasDriftedSaysThatItIsDue(t *testing.T) {
	l := newLab(t)
	l.train(1, `{"queryType":"forecast",`+learntFrom+`,"model":{"algorithm":"ets"}}`)
	l.source.value = func(host int, at time.Time) float64 {
		if at.Before(began) {
			return rhythm(host, at)
		}
		return rhythm(host, at) + 60*float64((at.Unix()/3600)%3)
	}
	l.clock = began.Add(72 * time.Hour)
	require.Contains(t, noticesOf(l.ask(byName, -time.Hour, 0)), "retraining is due: its errors are well above those in training")
	q, err := Parse(l.shelf[1].Query, Defaults{})
	require.NoError(t, err)
	grown, due, seen, why, err := l.Drift(t.Context(), l.shelf[1], q)
	require.NoError(t, err)
	require.Equal(t, []int{2, 2}, []int{due, seen})
	require.Greater(t, grown, 1.0)
	require.Contains(t, why, "errors")
}

func TestDriftIsNothingWhereNothingCanBeSaid(t *testing.T) {
	l := newLab(t)
	trained := l.train(1, `{"queryType":"forecast",`+learntFrom+`,"model":{"algorithm":"ets"}}`)
	q, err := Parse(trained.Query, Defaults{})
	require.NoError(t, err)
	for name, change := range map[string]func(){
		"long ago":       func() { l.clock = began.Add(60 * 24 * time.Hour) },
		"before its end": func() { l.clock = began.Add(-time.Hour) },
		"no series":      func() { l.clock, l.source.hosts = began.Add(24*time.Hour), 0 },
	} {
		change()
		grown, due, seen, _, err := l.Drift(t.Context(), trained, q)
		require.NoError(t, err, name)
		require.Equal(t, []any{0.0, 0, 0}, []any{grown, due, seen}, name)
	}
	l.source.hosts, l.clock = 2, began.Add(30*time.Hour)
	l.ClearCache()
	grown, due, seen, _, err := l.Drift(t.Context(), trained, q)
	require.NoError(t, err)
	require.Equal(t, []int{0, 2}, []int{due, seen})
	require.Less(t, grown, 1.0, "as in training")
}

func TestAnotherConfidenceWidensTheSameBand(t *testing.T) {
	l := newLab(t)
	l.train(1, `{"queryType":"forecast",`+learntFrom+`,"model":{"algorithm":"ets"}}`)
	l.clock = began.Add(3 * time.Hour)
	usual := l.ask(byName, -time.Hour, 0).Results[0]
	narrow := l.ask(`{"model":{"name":"cpu"},"confidence":0.5}`, -time.Hour, 0).Results[0]
	require.Equal(t, usual.Forecast, narrow.Forecast)
	for h := range usual.Forecast {
		require.Less(t, narrow.ForecastUp[h]-narrow.ForecastLo[h], usual.ForecastUp[h]-usual.ForecastLo[h])
	}
	ratio := (usual.Upper[0] - usual.Lower[0]) / (narrow.Upper[0] - narrow.Lower[0])
	require.InDelta(t, 1.959964/0.674490, ratio, 1e-3, "quantiles of the normal distribution, R 4.4 qnorm(0.975)/qnorm(0.75)")
}

func TestABandStaysInsideTheMetricsLimits(t *testing.T) {
	lo, hi := 10.0, 20.0
	require.Equal(t, 10.0, inside(forecast.Bounds{Min: &lo, Max: &hi}, 3))
	require.Equal(t, 20.0, inside(forecast.Bounds{Min: &lo, Max: &hi}, 30))
	require.Equal(t, 3.0, inside(forecast.Bounds{}, 3))
}

func TestAQuerysOwnLimitsHoldForAModelsForecast(t *testing.T) {
	l := newLab(t)
	l.train(1, `{"queryType":"forecast",`+learntFrom+`,"model":{"algorithm":"ets"}}`)
	l.clock = began.Add(3 * time.Hour)
	free := l.ask(byName, -2*time.Hour, 0).Results[0]
	kept := l.ask(`{"model":{"name":"cpu"},"bounds":{"min":45,"max":55}}`, -2*time.Hour, 0).Results[0]
	require.Less(t, slices.Min(free.ForecastLo), 45.0)
	for h := range kept.Forecast {
		require.GreaterOrEqual(t, kept.ForecastLo[h], 45.0)
		require.LessOrEqual(t, kept.ForecastUp[h], 55.0)
		require.Equal(t, min(max(free.Forecast[h], 45), 55), kept.Forecast[h])
	}
	require.GreaterOrEqual(t, slices.Min(kept.Lower), 45.0)
	again := l.ask(byName, -2*time.Hour, 0).Results[0]
	require.Equal(t, free.Forecast, again.Forecast, "and for no other query")
}

func TestAWarningIsAnsweredFromAForecastsModel(t *testing.T) {
	l := newLab(t)
	l.train(1, `{"queryType":"forecast",`+learntFrom+`,"model":{"algorithm":"ets"}}`)
	l.clock = began.Add(3 * time.Hour)
	a := l.ask(`{"queryType":"warning","model":{"name":"cpu"},"threshold":{"value":1000}}`, -time.Hour, 0)
	require.NotNil(t, a.Results[0].Warning)
	require.Contains(t, a.Results[0].Why, "Version 1 of the model cpu")
	require.Equal(t, began.Add(3*time.Hour).Add(-10*24*time.Hour), l.source.asked[0].From, "the trend is that of the whole window")
}

func TestAnAnomalysModelWidensTheBand(t *testing.T) {
	l := newLab(t)
	trained := l.train(1, `{"queryType":"anomaly",`+strings.Replace(learntFrom, `,"horizon":"12h"`, "", 1)+`}`)
	plain := l.ask(byName, -2*time.Hour, 0).Results[0]
	trained.Threshold = 3
	wide := l.ask(byName, -2*time.Hour, 0).Results[0]
	for i := range plain.Upper {
		require.InDelta(t, 3*(plain.Upper[i]-plain.Expected[i]), wide.Upper[i]-wide.Expected[i], 1e-6)
	}
	trained.Threshold = 0
	require.Equal(t, plain.Upper, l.ask(byName, -2*time.Hour, 0).Results[0].Upper, "none kept means the detector's own")
}

func TestWhatAQuerySaysWinsOverWhatTheModelWasTrainedFor(t *testing.T) {
	l := newLab(t)
	l.train(1, `{"queryType":"forecast",`+learntFrom+`,"bounds":{"min":0},"confidence":0.9}`)
	for name, c := range map[string]struct {
		query string
		check func(q *Query)
	}{
		"nothing": {byName, func(q *Query) {
			require.Equal(t, []any{12 * time.Hour, 0.9, "load"}, []any{q.Horizon, q.Confidence, q.Source.Expr})
		}},
		"the horizon":     {`{"model":{"name":"cpu"},"horizon":"3h"}`, func(q *Query) { require.Equal(t, 3*time.Hour, q.Horizon) }},
		"another source":  {`{"model":{"name":"cpu"},"source":{"kind":"prometheus","expr":"other"}}`, func(q *Query) { require.Equal(t, "other", q.Source.Expr) }},
		"nulls":           {`{"model":{"name":"cpu"},"horizon":null,"bounds":null,"interval":null}`, func(q *Query) { require.Equal(t, 12*time.Hour, q.Horizon); require.NotNil(t, q.Bounds.Min) }},
		"the same step":   {`{"model":{"name":"cpu"},"interval":"60m"}`, func(q *Query) { require.Equal(t, time.Hour, q.Interval) }},
		"an empty step":   {`{"model":{"name":"cpu"},"interval":""}`, func(q *Query) { require.Equal(t, time.Hour, q.Interval) }},
		"Grafana's words": {`{"refId":"B","intervalMs":1000,"model":{"name":"cpu"}}`, func(q *Query) { require.Equal(t, "B", q.RefID) }},
		"its version":     {`{"model":{"name":"cpu","version":1}}`, func(q *Query) { require.Equal(t, []any{"cpu", 1}, []any{q.Model.Name, q.Model.Version}) }},
		"its name alone":  {byName, func(q *Query) { require.Equal(t, 1, q.Model.Version, "the live one is named, for the answer to say") }},
	} {
		t.Run(name, func(t *testing.T) {
			q, err := Resolve(t.Context(), []byte(c.query), Defaults{Interval: "5m"}, l.shelf)
			require.NoError(t, err)
			c.check(q)
		})
	}
}

func TestQueriesThatDoNotFitTheModelAreRefused(t *testing.T) {
	l := newLab(t)
	l.train(1, `{"queryType":"forecast",`+learntFrom+`}`)
	for name, c := range map[string]struct {
		query string
		want  error
		says  string
	}{
		"another step":            {`{"model":{"name":"cpu"},"interval":"5m"}`, ErrInvalid, `field "interval" is 5m, needed is 1h, which the model "cpu" was trained with`},
		"another purpose":         {`{"model":{"name":"cpu"},"queryType":"anomaly"}`, ErrInvalid, `field "queryType" is anomaly, needed is forecast`},
		"an algorithm as well":    {`{"model":{"name":"cpu","algorithm":"ets"}}`, ErrInvalid, "one of the two"},
		"options as well":         {`{"model":{"name":"cpu","options":{"a":1}}}`, ErrInvalid, "one of the two"},
		"a negative version":      {`{"model":{"name":"cpu","version":-1}}`, ErrInvalid, "model.version"},
		"no such model":           {`{"model":{"name":"gpu"}}`, ErrNoModel, "gpu"},
		"no such version":         {`{"model":{"name":"cpu","version":7}}`, ErrNoModel, "cpu"},
		"an unknown field":        {`{"model":{"name":"cpu"},"hroizon":"1h"}`, ErrInvalid, "hroizon"},
		"several sources":         {`{"model":{"name":"cpu"},"sources":[{"name":"a","kind":"prometheus","expr":"a"}]}`, ErrInvalid, "sources"},
		"a warning of no limit":   {`{"model":{"name":"cpu"},"queryType":"warning"}`, ErrInvalid, "threshold"},
		"an output it has not":    {`{"model":{"name":"cpu"},"output":"score"}`, ErrInvalid, "output"},
		"a range of its own kind": {`{"model":{"name":"cpu"},"horizon":"soon"}`, ErrInvalid, "horizon"},
	} {
		_, err := Resolve(t.Context(), []byte(c.query), Defaults{}, l.shelf)
		require.ErrorIs(t, err, c.want, name)
		require.ErrorContains(t, err, c.says, name)
	}
	_, err := Resolve(t.Context(), []byte(`{"source":{"kind":"prometheus","expr":"load"},"model":{"name":"cpu"}}`), Defaults{}, nil)
	require.ErrorIs(t, err, ErrNoModel, "a data source without models")
	l.shelf[0].Query = []byte("{")
	_, err = Resolve(t.Context(), []byte(byName), Defaults{}, l.shelf)
	require.ErrorContains(t, err, "definition cannot be read")
}

func TestASeriesIsFoundByItsLabelsAndWithoutThemByItsName(t *testing.T) {
	require.Equal(t, `{a="1", b="2"}`, SeriesKey("name", series.Labels{"b": "2", "a": "1"}))
	require.Equal(t, "name", SeriesKey("name", nil))
}

func TestWhatIsLearntKeepsTheNewestExpectationsAndTheWidestBand(t *testing.T) {
	l := newLab(t)
	q, err := Parse([]byte(`{`+strings.Replace(learntFrom, `"10d"`, `"40d"`, 1)+`,"model":{"algorithm":"ets"}}`), Defaults{})
	require.NoError(t, err)
	sets, err := l.ReadFor(t.Context(), q, l.clock.Add(20*time.Minute), q.TrainingWindow)
	require.NoError(t, err)
	s, r, err := Learn(t.Context(), q, sets[0].Grid, sets[0].Series[0])
	require.NoError(t, err)
	require.Len(t, s.Past.Fit, keptPast)
	require.Equal(t, r.Fitted[len(r.Fitted)-keptPast:], s.Past.Fit)
	require.Equal(t, began, s.Past.End, "the bucket that is not complete is not learnt")
	for i := len(r.Fitted) - keptPast; i < len(r.Fitted); i++ {
		require.LessOrEqual(t, r.Fitted[i]-r.FittedLower[i], s.Past.Lower)
		require.LessOrEqual(t, r.FittedUpper[i]-r.Fitted[i], s.Past.Upper)
	}
	_, _, err = Learn(t.Context(), q, sets[0].Grid, series.Series{Values: series.Missing(sets[0].Grid.Len)})
	require.ErrorIs(t, err, forecast.ErrTooShort)
}

func TestExcludedTimeIsNotLearntByModels(t *testing.T) {
	l := newLab(t)
	bad := l.badDay()
	learn := func(calendar string) *TrainedSeries {
		q, err := Parse([]byte(`{`+learntFrom+`,"model":{"algorithm":"ets"}`+calendar+`}`), Defaults{})
		require.NoError(t, err)
		sets, err := l.ReadFor(t.Context(), q, l.clock, q.TrainingWindow)
		require.NoError(t, err)
		s, _, err := Learn(t.Context(), q, sets[0].Grid, sets[0].Series[0])
		require.NoError(t, err)
		return s
	}
	with := learn("")
	without := learn(fmt.Sprintf(`,"calendar":{"excluded":[{"from":%q,"to":%q}]}`, bad.Format(time.RFC3339), bad.Add(24*time.Hour).Format(time.RFC3339)))
	require.Less(t, without.Past.Upper, with.Past.Upper/3)
}
