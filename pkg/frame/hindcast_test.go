package frame

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/evaluate"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/warn"
)

var since = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// customOf is the meta of a frame's first series, as a browser reads it.
func customOf(t *testing.T, f *data.Frame) map[string]any {
	raw, err := json.Marshal(f.Meta.Custom)
	require.NoError(t, err)
	var out struct {
		Series []struct {
			Hindcast map[string]any `json:"hindcast"`
		} `json:"series"`
	}
	require.NoError(t, json.Unmarshal(raw, &out))
	return out.Series[0].Hindcast
}

func outputsOf(f *data.Frame) (out []string) {
	for _, field := range f.Fields[1:] {
		out = append(out, field.Labels[outputLabel])
	}
	return out
}

func TestAHindcastOfAForecastStandsBesideWhatCame(t *testing.T) {
	nan := math.NaN()
	a := &query.Answer{Query: &query.Query{Type: query.Forecast, Output: query.Hindcasts, Styled: true}, Grid: series.Grid{Start: since, Step: time.Hour, Len: 3}, Past: 3,
		Results: []query.Result{{Name: "cpu", Labels: series.Labels{"host": "a"}, Actual: []float64{1, 2, nan}, Ahead: []float64{nan, 2.5, 3}, Lower: []float64{nan, 1, 2}, Upper: []float64{nan, 4, 5},
			Hindcast: &query.Hindcast{Lead: 24 * time.Hour, OriginEvery: time.Hour, RefitEvery: 48 * time.Hour, Fits: 2, Points: 1, MAE: 0.5, Twin: 2, Coverage: nan}}}}
	frames := Frames(a, false)
	require.Len(t, frames, 1)
	f := frames[0]
	require.Equal(t, []string{"actual", "ahead", "lower", "upper"}, outputsOf(f))
	require.Equal(t, "cpu 1d ahead", f.Fields[2].Config.DisplayNameFromDS)
	require.Nil(t, f.Fields[2].At(0).(*float64))
	require.InDelta(t, 2.5, *f.Fields[2].At(1).(*float64), 1e-12)
	require.Equal(t, "cpu lower", f.Fields[4].Config.Custom["fillBelowTo"])
	require.Equal(t, map[string]any{"lead": "1d", "originEvery": "1h", "refitEvery": "2d", "fits": 2.0, "points": 1.0, "mae": 0.5, "twinMae": 2.0, "skill": 0.75, "coverage": nil}, customOf(t, f))
}

func TestAPastWarningStandsBesideWhatHappened(t *testing.T) {
	nan := math.NaN()
	stood := query.Stood{From: since, To: since.Add(2 * time.Hour), First: warn.Answer{State: warn.Rising, Current: 80, Threshold: 90, ETA: 48, ETAEarly: 40}, Crossed: true, CrossedIn: 50 * time.Hour}
	a := &query.Answer{Query: &query.Query{Type: query.Warning, Output: query.Hindcasts, Styled: true, Threshold: &detect.Threshold{Value: 90}}, Grid: series.Grid{Start: since, Step: time.Hour, Len: 3}, Past: 3,
		Results: []query.Result{{Name: "disk", Actual: []float64{80, 81, nan}, Limits: []float64{90, 90, 100},
			Warning: &warn.Answer{State: warn.Rising, ETA: 46, ETAEarly: 39, Threshold: 100},
			PastWarning: &query.PastWarning{Every: time.Hour, ETA: []float64{48, nan, 47}, ETAEarly: []float64{40, nan, 39}, Left: []float64{500, 49, 48}, Firing: []bool{true, true, false},
				Stood: []query.Stood{stood}, Became: evaluate.Warnings{Raised: 1, Confirmed: 1, Crossings: 1, Leads: []time.Duration{50 * time.Hour}}}}}}
	frames := Frames(a, false)
	require.Len(t, frames, 2, "and the stretches in which it stood")
	f := frames[0]
	require.Equal(t, []string{"actual", "threshold", "eta", "eta_early", "left", "firing"}, outputsOf(f))
	require.InDelta(t, 90, *f.Fields[2].At(1).(*float64), 0)
	require.InDelta(t, 100, *f.Fields[2].At(2).(*float64), 0, "the disk was enlarged")
	require.Nil(t, f.Fields[3].At(1).(*float64), "no time was stated")
	require.Nil(t, f.Fields[5].At(0).(*float64), "three weeks off is not drawn")
	require.Equal(t, []float64{1, 1, 0}, []float64{*f.Fields[6].At(0).(*float64), *f.Fields[6].At(1).(*float64), *f.Fields[6].At(2).(*float64)})
	require.Equal(t, "h", f.Fields[3].Config.Unit)
	require.Equal(t, "right", f.Fields[1].Config.Custom["axisPlacement"])
	names := map[string]bool{}
	for _, field := range f.Fields[1:] {
		require.False(t, names[field.Config.DisplayNameFromDS])
		names[field.Config.DisplayNameFromDS] = true
	}
	notes := frames[1]
	require.Equal(t, data.DataTopicAnnotations, notes.Meta.DataTopic)
	require.Equal(t, 1, notes.Rows(), "no region of the future among them")
	text, _ := notes.FieldByName("text")
	require.Equal(t, "80, and the threshold of 90 expected in 48 h (earliest 40 h); it was crossed 50 h later", text.At(0))
	got := customOf(t, f)
	require.InDelta(t, math.Log(500.0/48), got["etaError"], 1e-9, "of those at which it stood")
	delete(got, "etaError")
	require.Equal(t, map[string]any{"every": "1h", "raised": 1.0, "confirmed": 1.0, "withdrawn": 0.0, "open": 0.0, "crossings": 1.0, "missed": 0.0, "leadHours": 50.0}, got)
}

func TestWhatIsNoHindcastSaysNothingOfOne(t *testing.T) {
	require.Nil(t, compared(&query.Result{}))
	require.Nil(t, before(&query.Result{}, query.ETA))
	require.Nil(t, stood(&query.Result{}))
	p := &query.Result{PastWarning: &query.PastWarning{ETA: []float64{math.NaN()}, Left: []float64{1}, Firing: []bool{true}}}
	figures := compared(p).(ofWarning)
	require.Nil(t, figures.LeadHours)
	require.Nil(t, figures.ETAError)
}
