package frame

import (
	"flag"
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/experimental"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/explain"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/warn"
)

var update = flag.Bool("update", false, "rewrite the golden frames")

var nan = math.NaN()

func signals(list []query.Share) (out []explain.Signal) {
	for _, s := range list {
		out = append(out, explain.Signal{Name: s.Signal, Share: []float64{s.Share, s.Share, s.Share, s.Share}})
	}
	return out
}

// answer is a small answer of each type: two series, four points of past and two ahead where there is a future.
func answer(t query.Type, o query.Output) *query.Answer {
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	q := &query.Query{RefID: "A", Type: t, Output: o, Styled: true, Interval: time.Hour, Threshold: &detect.Threshold{Value: 90, Direction: detect.Above}}
	a := &query.Answer{Query: q, Past: 4, AsOf: start.Add(4 * time.Hour), Grid: series.Grid{Start: start, Step: time.Hour, Len: 4}}
	a.Stats.TrainingFrom, a.Stats.TrainingTo, a.Stats.Executed = start.Add(-24*time.Hour), a.AsOf, []string{"up"}
	a.Notices = []series.Notice{{Severity: series.Warning, Text: "something to know"}}
	for _, name := range []string{"web-1", "web-2"} {
		r := query.Result{Name: name, Labels: series.Labels{"host": name}, Actual: []float64{1, nan, 3, 9}, Points: 3, Algorithm: "auto", Why: "because"}
		switch t {
		case query.Forecast, query.Warning:
			a.Grid.Len = 6
			r.Expected, r.Lower, r.Upper = []float64{1, 2, 3, 4}, []float64{0, 1, 2, 3}, []float64{2, 3, 4, 5}
			r.Forecast, r.ForecastLo, r.ForecastUp = []float64{5, 6}, []float64{4, 5}, []float64{6, 7}
			if q.Crosses() {
				r.Crosses = &query.Crosses{Hours: 1, Value: 91, Lower: 84, Upper: 98}
				if name == "web-2" {
					r.Crosses = &query.Crosses{Hours: warn.Never, Value: nan, Lower: nan, Upper: nan}
				}
			}
			if o == query.Components {
				r.Components = []forecast.Component{
					{Name: "trend", Past: []float64{1, 2, 3, 4}, Future: []float64{4, 4.5}},
					{Name: "daily season", Period: 24, Past: []float64{0, 1, 0, -1}, Future: []float64{1, 1.5}},
					{Name: "remainder", Past: []float64{0, nan, 0, 6}},
				}
			}
			if t == query.Warning {
				r.Warning = &warn.Answer{ETA: 9, ETAEarly: 6, Probability: 0.8, Prob24: 0.8, Prob72: nan, State: warn.Rising, Current: 9, Threshold: 90, GrowthPerDay: 2}
				if name == "web-2" {
					r.Warning = &warn.Answer{ETA: warn.Never, ETAEarly: warn.Never, State: warn.OK, Current: 3, Threshold: 90}
				}
			}
		case query.Anomaly:
			r.Expected, r.Lower, r.Upper = []float64{1, 2, 3, 4}, []float64{0, 1, 2, 3}, []float64{2, 3, 4, 5}
			r.Score, r.Anomalous = []float64{0, nan, 0, 5}, []bool{false, false, false, true}
		case query.Outlier:
			r.Outlier = &query.OutlierResult{Score: 2, Outlier: name == "web-1", Why: "far from the group", Actual: 93, Expected: 31, Agree: 11, Members: 12}
			r.Anomalous = []bool{false, false, false, name == "web-1"}
			if name == "web-2" {
				r.Outlier.Score, r.Outlier.Actual = nan, nan
			}
		case query.Composite:
			r.Actual = nil
			r.Score, r.Anomalous = []float64{0, nan, 0.5, 1.5}, []bool{false, false, false, true}
			r.Shares = []query.Share{{Signal: "cpu", Share: 0.25}, {Signal: "logs", Share: 0.75}}
		}
		if o == query.Hindcasts {
			r.Ahead, r.Hindcast = []float64{nan, 2, 3, 3}, &query.Hindcast{Lead: 6 * time.Hour, OriginEvery: 10 * time.Minute, RefitEvery: 24 * time.Hour, Fits: 1, Points: 2, MAE: 0.5, Twin: 1, Coverage: 1}
			r.PastWarning = &query.PastWarning{Every: time.Hour, ETA: []float64{nan, 40, 39, 0}, ETAEarly: []float64{nan, 30, 29, 0}, Left: []float64{3, 2, 1, 0}, Firing: []bool{false, true, true, true},
				Stood: []query.Stood{{From: a.Grid.Time(1), To: a.Grid.Time(4), First: warn.Answer{State: warn.Rising, Current: 2, Threshold: 90, ETA: 40, ETAEarly: 30}, Crossed: true, CrossedIn: 2 * time.Hour}}}
		}
		r.Episodes = explain.Episodes(explain.Input{Name: name, Grid: a.Grid, Values: r.Actual, Expected: r.Expected, Lower: r.Lower, Upper: r.Upper,
			Score: r.Score, Anomalous: r.Anomalous, Algorithm: r.Algorithm, Signals: signals(r.Shares)})
		a.Results = append(a.Results, r)
	}
	return a
}

func TestGoldenFrames(t *testing.T) {
	for _, qt := range []query.Type{query.Forecast, query.Anomaly, query.Warning, query.Outlier, query.Composite, query.Series} {
		for _, o := range query.Outputs(qt) {
			t.Run(string(qt)+" "+string(o), func(t *testing.T) {
				resp := &backend.DataResponse{Frames: Frames(answer(qt, o), false)}
				experimental.CheckGoldenJSONResponse(t, "testdata", filepath.Base(string(qt)+"_"+string(o)), resp, *update)
			})
		}
	}
}

func TestLabelsAndNamesAreUniqueInEveryFrame(t *testing.T) {
	for _, qt := range []query.Type{query.Forecast, query.Anomaly, query.Warning, query.Outlier, query.Composite, query.Series} {
		for _, o := range query.Outputs(qt) {
			if o == query.Table {
				continue
			}
			f := Frames(answer(qt, o), false)[0]
			require.Equal(t, data.FrameTypeVersion{0, 1}, f.Meta.TypeVersion)
			labels, names := map[string]bool{}, map[string]bool{}
			for _, field := range f.Fields {
				if field.Type() != data.FieldTypeNullableFloat64 {
					continue
				}
				require.False(t, labels[field.Labels.String()], "%s %s: %s", qt, o, field.Labels)
				require.False(t, names[field.Config.DisplayNameFromDS])
				labels[field.Labels.String()], names[field.Config.DisplayNameFromDS] = true, true
			}
		}
	}
}

func TestTheBandFindsItsOtherSide(t *testing.T) {
	f := Frames(answer(query.Forecast, query.All), false)[0]
	names := map[string]bool{}
	for _, field := range f.Fields {
		names[field.Config.DisplayNameFromDS] = true
	}
	bands := 0
	for _, field := range f.Fields {
		if to, ok := field.Config.Custom["fillBelowTo"].(string); ok {
			bands++
			require.True(t, names[to], to)
		}
	}
	require.Equal(t, 2, bands)
}

func TestStyleNoneLeavesThePanelItsChoices(t *testing.T) {
	a := answer(query.Forecast, query.All)
	a.Query.Styled = false
	for _, field := range Frames(a, false)[0].Fields[1:] {
		require.Nil(t, field.Config.Custom)
		require.Nil(t, field.Config.Color)
	}
}

func TestNoSeriesIsAFrameWithoutFields(t *testing.T) {
	for _, qt := range []query.Type{query.Forecast, query.Warning, query.Anomaly} {
		a := answer(qt, query.Outputs(qt)[2])
		a.Results = nil
		frames := Frames(a, true)
		require.Len(t, frames, 1)
		require.Empty(t, frames[0].Fields)
	}
}

func TestAlertsGetNoAnnotations(t *testing.T) {
	require.Len(t, Frames(answer(query.Anomaly, query.All), false), 2)
	require.Len(t, Frames(answer(query.Anomaly, query.Score), true), 1)
}

func TestMissingIsNullAndTextIsEscaped(t *testing.T) {
	f := Frames(answer(query.Series, query.All), false)[0]
	require.Nil(t, f.Fields[1].At(1).(*float64))
	a := answer(query.Anomaly, query.All)
	a.Results[0].Name = "<script>"
	for _, field := range Frames(a, false)[1].Fields {
		if field.Name == "title" {
			require.Equal(t, "&lt;script&gt;", field.At(0))
		}
	}
}

func TestWhatWasHeldBackIsGreyAndSaysWhy(t *testing.T) {
	a := answer(query.Anomaly, query.All)
	a.Query.Language = explain.Chinese
	r := &a.Results[0]
	r.Held = []string{"", "", "", "maintenance"}
	r.Episodes = explain.Episodes(explain.Input{Name: "web-1", Grid: a.Grid, Values: r.Actual, Expected: r.Expected, Score: r.Score, Held: r.Held})
	frames := Frames(a, false)
	require.Len(t, frames, 2)
	row := frames[1].RowCopy(0)
	require.Equal(t, "#8e8e8e", row[3])
	require.Contains(t, row[5], "已抑制：维护窗口")
	require.Equal(t, "red", frames[1].RowCopy(1)[3])
}

func TestAGroupHasABand(t *testing.T) {
	a := answer(query.Outlier, query.All)
	a.Band = &query.Band{Lower: []float64{1, 1, nan, 1}, Upper: []float64{3, 3, nan, 3}}
	f := Frames(a, false)[0]
	lower, upper := f.Fields[len(f.Fields)-2], f.Fields[len(f.Fields)-1]
	require.Equal(t, "group lower", lower.Config.DisplayNameFromDS)
	require.Equal(t, "group lower", upper.Config.Custom["fillBelowTo"])
	require.Nil(t, upper.At(2).(*float64))
	a.Query.Output = query.Score
	require.Len(t, Frames(a, true)[0].Fields, len(a.Results), "rules read instances only")
}
