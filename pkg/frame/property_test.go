package frame

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// drawn are answers of any shape: no series or several, with gaps, with labels that are named like columns.
func drawn() *rapid.Generator[*query.Answer] {
	return rapid.Custom(func(t *rapid.T) *query.Answer {
		kind := rapid.SampledFrom([]query.Type{query.Forecast, query.Anomaly, query.Warning, query.Outlier, query.Composite, query.Series}).Draw(t, "type")
		q := &query.Query{RefID: "A", Type: kind, Output: rapid.SampledFrom(query.Outputs(kind)).Draw(t, "output"), Styled: rapid.Bool().Draw(t, "styled"), Interval: time.Minute,
			Language: "en-US", Threshold: &detect.Threshold{Value: 3, Direction: detect.Above}}
		a := &query.Answer{Query: q, Past: rapid.IntRange(1, 5).Draw(t, "past")}
		ahead := 0
		if kind == query.Forecast || kind == query.Warning {
			ahead = rapid.IntRange(1, 3).Draw(t, "ahead")
		}
		a.Grid = series.Grid{Start: time.Unix(0, 0).UTC(), Step: time.Minute, Len: a.Past + ahead}
		a.AsOf = a.Grid.Time(a.Past)
		values := func(n int, name string) []float64 {
			out := make([]float64, n)
			for i := range out {
				out[i] = rapid.SampledFrom([]float64{math.NaN(), 0, -1.5, 7, 1e300}).Draw(t, name)
			}
			return out
		}
		for k := range rapid.IntRange(0, 3).Draw(t, "series") {
			r := query.Result{Name: fmt.Sprint("s", k), Labels: series.Labels{"host": fmt.Sprint(k)}, Actual: values(a.Past, "actual")}
			for _, l := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"output", "series", "eta", "state", "score", "shares"}), 0, 3, rapid.ID[string]).Draw(t, "labels") {
				r.Labels[l] = "x"
			}
			if rapid.Bool().Draw(t, "short") { // too little to answer
				a.Results = append(a.Results, r)
				continue
			}
			switch kind {
			case query.Forecast, query.Warning:
				r.Expected, r.Lower, r.Upper = values(a.Past, "expected"), values(a.Past, "lower"), values(a.Past, "upper")
				r.Forecast, r.ForecastLo, r.ForecastUp = values(ahead, "forecast"), values(ahead, "forecast lower"), values(ahead, "forecast upper")
				if kind == query.Warning {
					r.Warning = &warn.Answer{ETA: rapid.SampledFrom([]float64{0, 5, warn.Never, warn.Uncertain}).Draw(t, "eta"), ETAEarly: 1, Probability: math.NaN(), State: warn.Rising}
				}
			case query.Anomaly, query.Composite:
				r.Expected, r.Lower, r.Upper = values(a.Past, "expected"), values(a.Past, "lower"), values(a.Past, "upper")
				r.Score, r.Anomalous = values(a.Past, "score"), make([]bool, a.Past)
				r.Anomalous[a.Past-1] = true
			case query.Outlier:
				r.Outlier = &query.OutlierResult{Score: rapid.SampledFrom([]float64{math.NaN(), 0.5, 2}).Draw(t, "outlier")}
				r.Anomalous = make([]bool, a.Past)
			}
			a.Results = append(a.Results, r)
		}
		return a
	})
}

// What Grafana, its expressions and its rules rely on, whatever the answer.
func TestEveryAnswerBecomesFramesThatGrafanaReads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawn().Draw(t, "answer")
		frames := Frames(a, rapid.Bool().Draw(t, "for an alert"))
		require.NotEmpty(t, frames)
		for _, f := range frames {
			require.Equal(t, "A", f.RefID)
			rows, err := f.RowLen()
			require.NoError(t, err, "all fields are of one length")
			if len(f.Fields) == 0 {
				require.Empty(t, a.Results)
				continue
			}
			raw, err := json.Marshal(f)
			require.NoError(t, err)
			var back data.Frame
			require.NoError(t, json.Unmarshal(raw, &back))
			require.Equal(t, rows, back.Rows())
			if f.Meta.DataTopic == data.DataTopicAnnotations {
				continue
			}
			require.Equal(t, typeVersion, f.Meta.TypeVersion)
			seen := map[string]bool{}
			for k, field := range f.Fields {
				id := field.Name + field.Labels.String()
				if field.Labels != nil {
					id = field.Labels.String()
				}
				require.False(t, seen[id], "two fields are %s", id)
				seen[id] = true
				if f.Meta.Type == data.FrameTypeTimeSeriesWide {
					require.Equal(t, k == 0, field.Type() == data.FieldTypeTime)
				}
			}
		}
	})
}

func TestAWideFrameHasTheGridsTimesAndTheAnswersValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawn().Filter(func(a *query.Answer) bool { return a.Query.Type == query.Forecast && len(a.Results) > 0 }).Draw(t, "answer")
		a.Query.Output = query.All
		f := Frames(a, false)[0]
		require.Equal(t, a.Grid.Len, f.Rows())
		for i := range a.Grid.Len {
			require.Equal(t, a.Grid.Time(i), f.Fields[0].At(i))
		}
		for _, field := range f.Fields[1:] {
			var r *query.Result
			for k := range a.Results {
				if a.Results[k].Labels["host"] == field.Labels["host"] {
					r = &a.Results[k]
				}
			}
			for i := range a.Grid.Len {
				want := math.NaN()
				past, ahead := i < a.Past, i-a.Past
				switch o := query.Output(field.Labels["output"]); {
				case o == query.Actual && past:
					want = r.Actual[i]
				case o == query.Expected && past:
					want = r.Expected[i]
				case o == query.ForecastOutput && !past:
					want = r.Forecast[ahead]
				case o == query.Lower && past:
					want = r.Lower[i]
				case o == query.Lower:
					want = r.ForecastLo[ahead]
				case o == query.Upper && past:
					want = r.Upper[i]
				case o == query.Upper:
					want = r.ForecastUp[ahead]
				}
				got := field.At(i).(*float64)
				if math.IsNaN(want) {
					require.Nil(t, got, "what is missing is null")
				} else {
					require.Equal(t, want, *got)
				}
			}
		}
	})
}
