package frame

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/explain"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/warn"
)

func TestARuleGetsOneNumberForEachSeries(t *testing.T) {
	for o, want := range map[query.Output][2]float64{query.ETA: {9, warn.Never}, query.ETAEarly: {6, warn.Never}, query.Probability: {0.8, 0}, query.Probability24: {0.8, 0},
		query.State: {1, 0}, query.Current: {9, 3}, query.Growth: {2, 0}} {
		f := Frames(answer(query.Warning, o), true)[0]
		require.Equal(t, data.FrameTypeNumericWide, f.Meta.Type)
		require.Len(t, f.Fields, 2)
		for k, field := range f.Fields {
			require.Equal(t, 1, field.Len())
			require.Equal(t, want[k], *field.At(0).(*float64), "%s", o)
			require.Equal(t, data.Labels{"host": fmt.Sprintf("web-%d", k+1)}, field.Labels, "so that eta and probability meet on equal labels")
		}
	}
	f := Frames(answer(query.Warning, query.Probability72), true)[0]
	require.Nil(t, f.Fields[0].At(0).(*float64), "not known is no data for that series alone")
}

// What only explains must not silence a rule: no data of one of its queries is no data of the whole rule. Nulls are data.
func TestWhatExplainsIsNeverNoData(t *testing.T) {
	for _, o := range []query.Output{query.Expected, query.Lower, query.Upper, query.LastWeek, query.Score, query.Anomalous} {
		a := answer(query.Anomaly, o)
		for i := range a.Results {
			r := &a.Results[i]
			r.Expected, r.Lower, r.Upper, r.LastWeek, r.Score, r.Anomalous = nil, nil, nil, nil, nil, nil // too few points
		}
		f := Frames(a, true)[0]
		if o == query.Score || o == query.Anomalous {
			require.Len(t, f.Fields, 1, "%s: a condition without an answer has no data", o)
			continue
		}
		require.Len(t, f.Fields, 3, o)
		for _, field := range f.Fields[1:] {
			require.Equal(t, 4, field.Len())
			require.True(t, field.NilAt(3))
		}
		a.Results = nil
		require.Empty(t, Frames(a, true)[0].Fields, "without a series there is nothing to explain either")
	}
}

func TestTheValueOfAWeekBeforeIsANumberOfAWarning(t *testing.T) {
	a := answer(query.Warning, query.LastWeek)
	a.Results[0].Warning, a.Results[0].LastWeek = nil, []float64{70, 74}
	a.Results[1].Warning, a.Results[1].LastWeek = nil, []float64{70, nan}
	f := Frames(a, true)[0]
	require.Equal(t, 74.0, *f.Fields[0].At(0).(*float64))
	require.True(t, f.Fields[1].NilAt(0))
}

// A source that gives several signals has the sum of their parts; an entity that it says nothing of has none.
func TestTheShareOfASource(t *testing.T) {
	a := answer(query.Composite, query.SignalShare)
	a.Query.Signal = "logs"
	a.Results[0].Shares = []query.Share{{Signal: "cpu", Share: 0.5}, {Signal: "logs timeout", Share: 0.2}, {Signal: "logs OutOfMemory", Share: 0.25}, {Signal: "logsize", Share: 0.05}}
	a.Results[1].Shares = nil
	f := Frames(a, true)[0]
	require.InDelta(t, 0.45, *f.Fields[0].At(0).(*float64), 1e-12)
	require.Equal(t, "percentunit", f.Fields[0].Config.Unit)
	require.True(t, f.Fields[1].NilAt(0))
}

// A rule such as eta < 72 must not fire on a series that never crosses, or on one that nothing can be said of.
func TestNeverAndUncertainAreFarAboveAnyRulesThreshold(t *testing.T) {
	require.Greater(t, warn.Never, 24.0*365*100)
	require.Greater(t, warn.Uncertain, warn.Never)
	a := answer(query.Warning, query.ETA)
	a.Results[0].Warning.ETA = warn.Uncertain
	f := Frames(a, true)[0]
	require.Equal(t, warn.Uncertain, *f.Fields[0].At(0).(*float64))
	mapping := f.Fields[0].Config.Mappings[0].(data.ValueMapper)
	require.Equal(t, "never", mapping["1000000"].Text)
	require.Equal(t, "uncertain", mapping["2000000"].Text)
	require.Equal(t, "h", f.Fields[0].Config.Unit)
}

func TestEachStateHasAWordAndAColour(t *testing.T) {
	a := answer(query.Warning, query.State)
	mapping := Frames(a, false)[0].Fields[0].Config.Mappings[0].(data.ValueMapper)
	for _, s := range []warn.State{warn.OK, warn.Rising, warn.UncertainState, warn.Breached} {
		a.Results[0].Warning.State = s
		v := *Frames(a, false)[0].Fields[0].At(0).(*float64)
		require.Equal(t, string(s), mapping[fmt.Sprint(int(v))].Text)
		require.NotEmpty(t, mapping[fmt.Sprint(int(v))].Color)
	}
}

func TestSeriesWithoutAnAnswerAreNullAndNotZero(t *testing.T) {
	a := answer(query.Warning, query.ETA)
	a.Results[1].Warning = nil
	f := Frames(a, true)[0]
	require.Len(t, f.Fields, 2)
	require.Nil(t, f.Fields[1].At(0).(*float64))
	a = answer(query.Outlier, query.OutlierOutput)
	f = Frames(a, true)[0]
	require.Equal(t, 1.0, *f.Fields[0].At(0).(*float64))
	require.Nil(t, f.Fields[1].At(0).(*float64), "nothing to compare with is not the same as no outlier")
}

func columnOf(t *testing.T, f *data.Frame, name string) *data.Field {
	t.Helper()
	field, i := f.FieldByName(name)
	require.GreaterOrEqual(t, i, 0, "no column %s", name)
	return field
}

func TestTheMostUrgentComesFirst(t *testing.T) {
	a := answer(query.Warning, query.Table)
	early := func(name string, hours float64) query.Result {
		return query.Result{Name: name, Labels: series.Labels{"host": name}, Warning: &warn.Answer{ETA: hours + 3, ETAEarly: hours, State: warn.Rising}}
	}
	a.Results = []query.Result{early("never", warn.Never), {Name: "short", Why: "too few points"}, early("later", 50), early("now", 0), early("uncertain", warn.Uncertain), early("also now", 0)}
	f := Frames(a, false)[0]
	var names []string
	for i := range f.Rows() {
		names = append(names, columnOf(t, f, "series").At(i).(string))
	}
	require.Equal(t, []string{"also now", "now", "later", "never", "uncertain", "short"}, names)
	require.Equal(t, "too few points", columnOf(t, f, "held back").At(5), "why there is no answer")
	require.Equal(t, "", columnOf(t, f, "state").At(5))

	b := answer(query.Composite, query.Table)
	b.Results[0].Score, b.Results[1].Score = []float64{9, 0.1, nan}, []float64{0, 0.2, nan}
	require.Equal(t, "web-2", columnOf(t, Frames(b, false)[0], "series").At(0), "by the newest known score")
}

// For the weekly review: the day on which it runs out, and why what grows is not told of, in the reader's language.
func TestATableOfWarningsSaysWhenAndWhyNot(t *testing.T) {
	a := answer(query.Warning, query.Table)
	told := func(name string, w warn.Answer) query.Result {
		return query.Result{Name: name, Labels: series.Labels{"date": "a label of that name"}, Warning: &w}
	}
	a.Results = []query.Result{
		told("across", warn.Answer{State: warn.Breached}),
		told("soon", warn.Answer{ETAEarly: 20, ETA: 25.5, State: warn.Rising}),
		told("by day", warn.Answer{ETAEarly: warn.Never, ETA: warn.Never, State: warn.OK, HeldBack: []string{warn.Seasonal}}),
		told("too short", warn.Answer{ETAEarly: warn.Uncertain, ETA: warn.Uncertain, State: warn.UncertainState, HeldBack: []string{warn.ShortHistory, warn.PoorFit}}),
		{Name: "unknown", Why: "too few points"},
	}
	f := Frames(a, false)[0]
	date := columnOf(t, f, "date")
	require.Equal(t, a.AsOf.Add(25*time.Hour+30*time.Minute), *date.At(1).(*time.Time))
	for _, row := range []int{0, 2, 3, 4} {
		require.True(t, date.NilAt(row), "row %d has no date to come", row)
	}
	require.Equal(t, "a label of that name", columnOf(t, f, "exported_date").At(0))

	held := columnOf(t, f, "held back")
	require.Equal(t, []any{"", "", "season", "short-history, poor-fit", "too few points"}, []any{held.At(0), held.At(1), held.At(2), held.At(3), held.At(4)}, "names for programs")
	require.Equal(t, data.ValueMappings{data.ValueMapper{
		"season":                  {Text: "it is the course of the day or week"},
		"short-history, poor-fit": {Text: "too little history for a trend; the forecast was worse than repeating the last cycle"},
	}}, held.Config.Mappings)
	a.Query.Language = explain.Chinese
	f = Frames(a, false)[0]
	require.Equal(t, "属于日或周的正常起伏", columnOf(t, f, "held back").Config.Mappings[0].(data.ValueMapper)["season"].Text)
	a.Results = a.Results[:2]
	require.Nil(t, columnOf(t, Frames(a, false)[0], "held back").Config, "nothing was held back")
}

// A disk of 2 TB and one of 1 TB that may both be nine tenths full, and one whose size is not known.
func TestATableOfWarningsSaysEachSeriesOwnThreshold(t *testing.T) {
	a := answer(query.Warning, query.Table)
	a.Query.Threshold.Value = 90 // per cent of what is read
	a.Results[0].Warning.Threshold, a.Results[1].Warning.Threshold = 1.8e12, 0.9e12
	a.Results = append(a.Results, query.Result{Name: "web-3", Labels: series.Labels{"threshold": "mine"}, Warning: &warn.Answer{ETA: warn.Uncertain, ETAEarly: warn.Uncertain, Threshold: nan, State: warn.UncertainState}},
		query.Result{Name: "web-4", Why: "too few points"})
	f := Frames(a, false)[0]
	got := map[any]any{}
	for i := range f.Rows() {
		got[columnOf(t, f, "series").At(i)] = nil
		if v := columnOf(t, f, "threshold").At(i).(*float64); v != nil {
			got[columnOf(t, f, "series").At(i)] = *v
		}
	}
	require.Equal(t, map[any]any{"web-1": 1.8e12, "web-2": 0.9e12, "web-3": nil, "web-4": nil}, got)
	require.Empty(t, columnOf(t, f, "threshold").Config.Unit, "it is the metric's, which the panel knows")
	columnOf(t, f, "exported_threshold")
}

func TestSharesAreListedTheLargestFirst(t *testing.T) {
	r := query.Result{Shares: []query.Share{{Signal: "a", Share: 0.25}, {Signal: "b", Share: 0.5}, {Signal: "c", Share: 0.25}}}
	require.Equal(t, "b 50 %, a 25 %, c 25 %", shares(&r))
	require.Equal(t, "", shares(&query.Result{}))
	require.Equal(t, "a 0 %", shares(&query.Result{Shares: []query.Share{{Signal: "a", Share: math.Copysign(0, -1)}}}))
}

func TestLabelsThatAreNamedLikeColumnsKeepApart(t *testing.T) {
	a := answer(query.Warning, query.Table)
	a.Results[0].Labels = series.Labels{"state": "Bavaria", "series": "B", "host": "x"}
	f := Frames(a, false)[0]
	seen := map[string]bool{}
	for _, field := range f.Fields {
		require.False(t, seen[field.Name], field.Name)
		seen[field.Name] = true
	}
	require.Equal(t, "Bavaria", columnOf(t, f, "exported_state").At(0))
	require.Equal(t, "rising", columnOf(t, f, "state").At(0))

	b := answer(query.Forecast, query.All)
	b.Results[0].Labels, b.Results[1].Labels = series.Labels{"output": "watts"}, series.Labels{"output": "volts"}
	f = Frames(b, false)[0]
	labels := map[string]bool{}
	for _, field := range f.Fields[1:] {
		require.False(t, labels[field.Labels.String()], field.Labels)
		labels[field.Labels.String()] = true
	}
	require.Equal(t, data.Labels{"output": "actual", "exported_output": "watts"}, f.Fields[1].Labels)
	b = answer(query.Forecast, query.ForecastOutput)
	b.Results[0].Labels = series.Labels{"output": "watts"}
	require.Equal(t, data.Labels{"output": "watts"}, Frames(b, true)[0].Fields[1].Labels, "alone, it keeps its own")
}

func TestTheAnswerExplainsItself(t *testing.T) {
	a := answer(query.Forecast, query.All)
	a.Query.Model = query.Model{Name: "cpu", Version: 3}
	a.Stats.Read, a.Stats.Fit, a.Stats.FitsCached = 1500*time.Microsecond, 2*time.Millisecond, 1
	a.Results[0].Backtest = &forecast.Backtest{Origins: 3, MAE: 0.5, SeasonalNaive: nan, Coverage: 0.94}
	a.Results[1].Backtest = &forecast.Backtest{MAE: 7}
	a.Results[0].HeldBack = map[string]int{"for": 2}
	m := Frames(a, false)[0].Meta
	e := m.Custom.(explanation)
	require.Equal(t, []any{query.Forecast, "2026-03-01T04:00:00Z", "cpu", 3}, []any{e.QueryType, e.AsOf, e.Model, e.Version})
	require.Equal(t, []any{0.5, 0.94, map[string]int{"for": 2}}, []any{*e.Series[0].MAE, *e.Series[0].Coverage, e.Series[0].HeldBack})
	require.Nil(t, e.Series[0].NaiveMAE, "JSON has no NaN")
	require.Nil(t, e.Series[1].MAE, "a backtest that was not made has no error")
	require.Equal(t, "up", m.ExecutedQueryString)
	require.Equal(t, []float64{1.5, 2, 1, 2}, []float64{m.Stats[0].Value, m.Stats[1].Value, m.Stats[2].Value, m.Stats[3].Value})
	require.Equal(t, []data.Notice{{Severity: data.NoticeSeverityWarning, Text: "something to know"}}, m.Notices)
}

func TestWhatIsSaidIsBounded(t *testing.T) {
	a := answer(query.Anomaly, query.All)
	one := a.Results[0]
	a.Results, a.Notices = nil, nil
	for k := range 150 {
		r := one
		r.Name = fmt.Sprint("s", k)
		r.Episodes = nil
		for i := range 30 {
			r.Episodes = append(r.Episodes, explain.Episode{Name: r.Name, From: a.AsOf.Add(time.Duration(i) * time.Minute), To: a.AsOf})
		}
		a.Results = append(a.Results, r)
		a.Notices = append(a.Notices, series.Notice{Text: fmt.Sprint("n", k)})
	}
	frames := Frames(a, false)
	e := frames[0].Meta.Custom.(explanation)
	require.Len(t, e.Series, mostExplained)
	require.Len(t, e.Series[0].Episodes, mostEpisodes)
	require.Equal(t, a.AsOf.Add(29*time.Minute), e.Series[0].Episodes[mostEpisodes-1].From, "the newest are kept")
	require.Len(t, frames[0].Meta.Notices, mostNotices)
	require.Equal(t, mostRegions, frames[1].Rows())
}

func TestARisingWarningIsPaintedAhead(t *testing.T) {
	a := answer(query.Warning, query.All)
	frames := Frames(a, false)
	require.Len(t, frames, 2)
	row := frames[1].RowCopy(0)
	require.Equal(t, []any{a.AsOf.Add(6 * time.Hour), a.AsOf.Add(9 * time.Hour), true, "orange", "web-1"}, row[:5])
	require.Equal(t, "crosses 90 in about 9 h (earliest 6 h), 80 % likely within the horizon", row[5])
	require.Equal(t, 1, frames[1].Rows(), "what never crosses has no moment")
	a.Results[0].Warning.ETAEarly = 0.25
	require.True(t, strings.Contains(Frames(a, false)[1].RowCopy(0)[5].(string), "earliest 15 min"))
}

func TestAPointThatWasAloneIsCountedAndNotPainted(t *testing.T) {
	a := answer(query.Anomaly, query.All)
	for _, stage := range []string{"persistence", "for"} {
		a.Results[0].Episodes = []explain.Episode{{Name: "web-1", HeldBack: stage}}
		a.Results[1].Episodes = nil
		require.Len(t, Frames(a, false), 1, stage)
	}
}

func TestSeveralSeriesHaveColoursOfTheirOwnThatSayNothingElse(t *testing.T) {
	for _, kind := range []query.Type{query.Series, query.Forecast, query.Anomaly, query.Warning, query.Outlier} {
		a := answer(kind, query.All)
		for len(a.Results) <= len(actualColours) {
			a.Results = append(a.Results, a.Results[0])
		}
		var seen []any
		for _, field := range Frames(a, false)[0].Fields {
			if field.Labels[outputLabel] == string(query.Actual) {
				seen = append(seen, field.Config.Color["fixedColor"])
			}
		}
		require.Equal(t, "blue", seen[0], "one series alone is blue")
		different := map[any]bool{}
		for _, colour := range seen {
			different[colour] = true
		}
		require.Len(t, different, len(actualColours))
		require.Equal(t, seen[0], seen[len(actualColours)], "and then from the start again")
		require.NotRegexp(t, "red|orange|yellow", fmt.Sprint(seen))
	}
}

func TestOnlySeriesWithMarkedPointsAreNamedAsSuchInTheLegend(t *testing.T) {
	a := answer(query.Anomaly, query.All)
	a.Results[1].Anomalous = make([]bool, len(a.Results[1].Anomalous))
	var hidden []any
	for _, field := range Frames(a, false)[0].Fields {
		if field.Labels[outputLabel] == string(anomaly) {
			from, _ := field.Config.Custom["hideFrom"].(map[string]any)
			hidden = append(hidden, from["legend"])
		}
	}
	require.Equal(t, []any{nil, true}, hidden)
}

func TestColoursAreLeftToThePanelWhereItAsksForThem(t *testing.T) {
	single := answer(query.Forecast, query.Actual)
	plain := answer(query.Forecast, query.All)
	plain.Query.Styled = false
	for _, a := range []*query.Answer{single, plain} {
		require.Nil(t, Frames(a, false)[0].Fields[1].Config.Color)
	}
}

func TestTheThresholdIsOneLineInTheLegend(t *testing.T) {
	a := answer(query.Warning, query.All)
	hidden := 0
	for _, field := range Frames(a, false)[0].Fields[1:] {
		if field.Labels["output"] != "threshold" {
			continue
		}
		for i := range field.Len() {
			require.Equal(t, 90.0, *field.At(i).(*float64))
		}
		if h, ok := field.Config.Custom["hideFrom"].(map[string]any); ok && h["viz"] == true {
			hidden++
		}
	}
	require.Equal(t, 1, hidden, "two series, one line seen")
}

func TestAnOutlierIsToldInNumbers(t *testing.T) {
	for o, want := range map[query.Output]float64{query.Actual: 93, query.Expected: 31, query.Agree: 11, query.Members: 12, query.OutlierOutput: 1, query.Score: 2} {
		f := Frames(answer(query.Outlier, o), true)[0]
		require.Equal(t, data.FrameTypeNumericWide, f.Meta.Type)
		require.Equal(t, want, *f.Fields[0].At(0).(*float64), o)
		require.Equal(t, data.Labels{"host": "web-1"}, f.Fields[0].Labels, "so that they meet on equal labels")
		require.Equal(t, o != query.Expected, f.Fields[1].NilAt(0), "%s of one that nothing is known of, but the group it belongs to; null keeps the rule from having no data", o)
		a := answer(query.Outlier, o)
		a.Results[0].Outlier = nil // the history was too short for all
		require.True(t, Frames(a, true)[0].Fields[0].NilAt(0), o)
	}
}

func TestAForecastsCrossingIsToldInNumbers(t *testing.T) {
	for o, want := range map[query.Output]float64{query.ETA: 1, query.Crossing: 91, query.CrossingLower: 84, query.CrossingUpper: 98} {
		a := answer(query.Forecast, o)
		a.Results = append(a.Results, query.Result{Name: "web-3"}) // too short for a forecast
		f := Frames(a, true)[0]
		require.Equal(t, data.FrameTypeNumericWide, f.Meta.Type)
		require.Equal(t, want, *f.Fields[0].At(0).(*float64), o)
		require.Equal(t, o != query.ETA, f.Fields[1].NilAt(0), "never is a number, and there is no value of it")
		require.True(t, f.Fields[2].NilAt(0))
	}
	mapping := Frames(answer(query.Forecast, query.ETA), false)[0].Fields[1].Config.Mappings[0].(data.ValueMapper)
	require.Equal(t, "never", mapping["1000000"].Text)
}
