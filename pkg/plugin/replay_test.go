package plugin

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/train"
)

func TestAReplayIsWrittenWithoutWhatJSONHasNot(t *testing.T) {
	nan, at := math.NaN(), time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	got := replayOf(&train.Replayed{From: at, To: at.Add(time.Hour), Threshold: 1.5, PerWeek: 2,
		Alerts: []train.Alert{{Series: "a", From: at, To: at.Add(90 * time.Minute), Peak: nan, Actual: nan, Expected: nan},
			{Series: "b", Labels: series.Labels{"host": "b"}, From: at, To: at, Peak: 3, Actual: 1, Expected: 2, Reason: "why"}},
		Scales: []float64{1, 2}, Curve: []float64{5, 2}})
	raw, err := json.Marshal(got)
	require.NoError(t, err)
	require.JSONEq(t, `{"from":"2026-03-01T10:00:00Z","to":"2026-03-01T11:00:00Z","perWeek":2,"scoreThreshold":1.5,
		"alerts":[{"series":"a","labels":{},"from":"2026-03-01T10:00:00Z","to":"2026-03-01T11:30:00Z","minutes":90,"peak":0,"actual":null,"expected":null,"reason":""},
			{"series":"b","labels":{"host":"b"},"from":"2026-03-01T10:00:00Z","to":"2026-03-01T10:00:00Z","minutes":0,"peak":3,"actual":1,"expected":2,"reason":"why"}],
		"curve":[{"scoreThreshold":1,"perWeek":5},{"scoreThreshold":2,"perWeek":2}],"notices":[]}`, string(raw))
	raw, err = json.Marshal(replayOf(&train.Replayed{Threshold: 1}))
	require.NoError(t, err)
	require.Contains(t, string(raw), `"alerts":[],"curve":[],"notices":[]`, "empty lists, not null")
}

func TestAReplayIsOfADefinitionOrOfAModel(t *testing.T) {
	i := served(t, nil)
	d := anomalyOf("cpu", 0)
	bad := -1.0
	for name, c := range map[string]struct {
		body   api.ReplayRequest
		status int
		field  string
	}{
		"both":               {api.ReplayRequest{Definition: &d, Model: "cpu"}, 400, "definition"},
		"neither":            {api.ReplayRequest{}, 400, "definition"},
		"too long":           {api.ReplayRequest{Definition: &d, Days: 93}, 400, "days"},
		"backwards":          {api.ReplayRequest{Definition: &d, Days: -1}, 400, "days"},
		"a negative budget":  {api.ReplayRequest{Definition: &d, Days: 7, AlertsPerWeek: &bad}, 400, "alertsPerWeek"},
		"no such model":      {api.ReplayRequest{Model: "none"}, 404, ""},
		"a wrong definition": {api.ReplayRequest{Definition: &api.Definition{Name: "x", Query: json.RawMessage(`{}`)}}, 400, "query.source"},
	} {
		status, raw := sendAs(t, i, "v", "Viewer", "POST", "replay", c.body)
		require.Equal(t, c.status, status, name)
		var p api.Problem
		require.NoError(t, json.Unmarshal(raw, &p))
		require.Equal(t, c.field, p.Field, name)
	}
	d.Name = "" // not saved yet
	var r api.Replay
	require.Equal(t, 200, as(t, i, "v", "Viewer", "POST", "replay", api.ReplayRequest{Definition: &d}, &r))
	require.InDelta(t, 30, r.To.Sub(r.From).Hours()/24, 1, "thirty days where none are asked")
}

func TestAReplayOfAModelKnowsItsLabels(t *testing.T) {
	i := served(t, nil)
	trained(t, i, anomalyOf("cpu", 0))
	var before, after api.Replay
	require.Equal(t, 200, as(t, i, "v", "Viewer", "POST", "replay", api.ReplayRequest{Model: "cpu", Days: 14}, &before))
	require.NotEmpty(t, before.Alerts)
	first := before.Alerts[0]
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "labels",
		api.NewLabel{Model: "cpu", Series: first.Labels, From: first.From.Add(-time.Hour), To: first.To.Add(time.Hour), Kind: api.KindNotAnomaly}, nil))
	require.Equal(t, 200, as(t, i, "v", "Viewer", "POST", "replay", api.ReplayRequest{Model: "cpu", Days: 14}, &after))
	for _, a := range after.Alerts {
		require.False(t, a.Series == first.Series && a.From.Equal(first.From), "what was no anomaly is not shown again")
	}
}

func TestAPreviewOfASourceThatFailsSaysWhose(t *testing.T) {
	i := served(t, nil)
	for _, c := range []struct {
		body   string
		status int
	}{
		{`{"query":{"source":{"kind":"prometheus","expr":"fail"}}}`, 502},
		{`{"query":{"source":{"kind":"mysql","rawSql":"SELECT 1"}}}`, 400},
		{`{"query":{"source":{"kind":"prometheus","expr":"a"},"hroizon":"1h"}}`, 400},
		{`{"query":{"source":{"kind":"prometheus","expr":"a"},"model":{"name":"cpu"}}}`, 404},
		{`{}`, 400},
	} {
		status, raw := sendAs(t, i, "v", "Viewer", "POST", "preview", c.body)
		require.Equal(t, c.status, status, "%s: %s", c.body, raw)
	}
}

func TestAPreviewListsEachSeries(t *testing.T) {
	g := series.NewGrid(time.Unix(0, 0), time.Unix(300, 0), time.Minute)
	nan := math.NaN()
	got := previewOf(g, series.Series{Name: "a", Labels: series.Labels{"h": "1"}, Values: []float64{nan, 1, nan, 2, nan}}, "")
	require.Equal(t, []int{2, 3}, []int{got.Points, got.Missing})
	require.Equal(t, []int64{60, 180}, []int64{got.From.Unix(), got.To.Unix()})
	none := previewOf(g, series.Series{Name: "b", Values: series.Missing(5)}, "")
	require.Equal(t, []any{0, 5, map[string]string{}}, []any{none.Points, none.Missing, none.Labels})
	require.Nil(t, none.From)
	require.Nil(t, none.To)
}

func TestAPreviewSaysWhatItCostsAndIsGoodFor(t *testing.T) {
	i := served(t, nil)
	for expr, want := range map[string]struct {
		series int
		level  string
	}{"ab": {2, train.ReadyDaily}, "none": {0, train.ReadyNone}} {
		var p api.Preview
		body := api.PreviewRequest{Query: json.RawMessage(fmt.Sprintf(`{"source":{"kind":"prometheus","expr":%q},"trainingWindow":"4d","interval":"30m"}`, expr))}
		require.Equal(t, 200, as(t, i, "v", "Viewer", "POST", "preview", body, &p))
		require.Len(t, p.Series, want.series)
		require.Equal(t, want.level, p.Readiness.Level)
		require.NotEmpty(t, p.Readiness.Message)
		require.Equal(t, want.series*192, p.Cost.Points)
		if want.series > 0 {
			require.Greater(t, p.Cost.FitSeconds, 0.0)
			require.Equal(t, 192, p.Series[0].Points)
			require.NotNil(t, p.Series[0].From)
		}
	}
	require.Equal(t, 502, as(t, i, "v", "Viewer", "POST", "preview", `{"query":{"source":{"kind":"prometheus","expr":"fail"}}}`, nil))
	require.Equal(t, 400, as(t, i, "v", "Viewer", "POST", "preview", `{"query":{"source":{"kind":"mysql","rawSql":"SELECT 1"}}}`, nil), "MySQL is not configured")
}

// Two signals may have series of the same name: each says which signal it belongs to, in the order of the query's sources.
func TestAPreviewOfAComposite(t *testing.T) {
	i := served(t, nil)
	var p api.Preview
	body := `{"query":{"queryType":"composite","sources":[{"name":"cpu","kind":"prometheus","expr":"ab"},{"name":"memory","kind":"prometheus","expr":"ab"},{"name":"idle","kind":"prometheus","expr":"none"}],"join":["h"],"trainingWindow":"4d","interval":"30m"}}`
	require.Equal(t, 200, as(t, i, "v", "Viewer", "POST", "preview", body, &p))
	var got [][2]string
	for _, s := range p.Series {
		got = append(got, [2]string{s.Signal, s.Name})
	}
	require.Equal(t, [][2]string{{"cpu", "h0"}, {"cpu", "h1"}, {"memory", "h0"}, {"memory", "h1"}}, got)
	require.Equal(t, 4, p.Cost.Series)
	require.Equal(t, 200, as(t, i, "v", "Viewer", "POST", "preview", `{"query":{"source":{"kind":"prometheus","expr":"ab"},"trainingWindow":"4d","interval":"30m"}}`, &p))
	require.Empty(t, p.Series[0].Signal, "one source needs no name")
}

func TestAReplayFindsTheSpikesAndTheBudgetSetsTheThreshold(t *testing.T) {
	i := served(t, nil)
	d := anomalyOf("cpu", 0)
	var r api.Replay
	require.Equal(t, 200, as(t, i, "v", "Viewer", "POST", "replay", api.ReplayRequest{Definition: &d, Days: 21}, &r))
	require.GreaterOrEqual(t, len(r.Alerts), 4, "a spike every five days in each of two series: %+v", r.Notices)
	require.Equal(t, 1.0, r.ScoreThreshold)
	require.NotEmpty(t, r.Curve)
	for k := 1; k < len(r.Curve); k++ {
		require.LessOrEqual(t, r.Curve[k].PerWeek, r.Curve[k-1].PerWeek+1e-9)
	}
	require.NotNil(t, r.Alerts[0].Expected)
	require.NotEmpty(t, r.Alerts[0].Reason)
	none := 0.1
	var tight api.Replay
	require.Equal(t, 200, as(t, i, "v", "Viewer", "POST", "replay", api.ReplayRequest{Definition: &d, Days: 21, AlertsPerWeek: &none}, &tight))
	require.Less(t, len(tight.Alerts), len(r.Alerts))
	require.Greater(t, tight.ScoreThreshold, 1.0)

	m := trained(t, i, anomalyOf("cpu", 0.1))
	require.NotNil(t, m.Coverage)
	var byName api.Replay
	require.Equal(t, 200, as(t, i, "v", "Viewer", "POST", "replay", api.ReplayRequest{Model: "cpu", Days: 21}, &byName))
	require.Equal(t, tight.ScoreThreshold, byName.ScoreThreshold, "the definition's budget")
	trainedLive, err := i.trainer.Trained(t.Context(), "cpu", 0)
	require.NoError(t, err)
	require.Greater(t, trainedLive.Threshold, 1.0, "queries are answered with it")
}
