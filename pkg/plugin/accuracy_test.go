package plugin

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/train"
)

// evaluatedBy lets a rule ask about two hosts with a threshold as of a time, as Grafana's alerting does.
func evaluatedBy(t *testing.T, i *Instance, now time.Time, threshold float64) {
	t.Helper()
	raw := fmt.Sprintf(`{"refId":"A","queryType":"warning","source":{"kind":"prometheus","expr":"ab"},"trainingWindow":"2d","interval":"30m","threshold":{"value":%g},"output":"eta_early"}`, threshold)
	req := &backend.QueryDataRequest{Headers: map[string]string{"FromAlert": "true", "http_X-Rule-Uid": "full", "http_X-Rule-Name": "Load+too+high"},
		Queries: []backend.DataQuery{{RefID: "A", JSON: []byte(raw), TimeRange: backend.TimeRange{From: now.Add(-time.Hour), To: now}}}}
	res, err := i.QueryData(context.Background(), req)
	require.NoError(t, err)
	require.NoError(t, res.Responses["A"].Error)
	require.Len(t, res.Responses["A"].Frames[0].Fields, 2)
}

// metric gives the samples of a metric by the values of their labels.
func metric(t *testing.T, r prometheus.Gatherer, name string) map[string]float64 {
	t.Helper()
	families, err := r.Gather()
	require.NoError(t, err)
	out := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name {
				key := ""
				for _, l := range m.GetLabel() {
					key += l.GetValue() + " "
				}
				out[key] = m.GetGauge().GetValue()
			}
		}
	}
	return out
}

// observed is a data source with the registry that its metrics are in.
func observed(t *testing.T) (*Instance, *prometheus.Registry) {
	t.Helper()
	registry := prometheus.NewRegistry()
	m, err := NewMetrics(registry)
	require.NoError(t, err)
	i, err := Factory(m, "1.2.3", "")(context.Background(), backend.DataSourceInstanceSettings{UID: "ds", URL: fakePrometheus(t).URL, JSONData: []byte("{}")})
	require.NoError(t, err)
	t.Cleanup(i.(*Instance).Dispose)
	return i.(*Instance), registry
}

// trailReport asks for a report of the trail over the last days.
func trailReport(t *testing.T, i *Instance, report string) *data.Frame {
	t.Helper()
	now := time.Now()
	res, err := i.QueryData(context.Background(), &backend.QueryDataRequest{Queries: []backend.DataQuery{{RefID: "A", JSON: []byte(`{"refId":"A","queryType":"trail","report":"` + report + `"}`),
		TimeRange: backend.TimeRange{From: now.Add(-7 * 24 * time.Hour), To: now.Add(time.Minute)}}}})
	require.NoError(t, err)
	require.NoError(t, res.Responses["A"].Error)
	return res.Responses["A"].Frames[0]
}

func TestEvaluationsOfARuleAreJudged(t *testing.T) {
	i, registry := observed(t)
	// The hosts' load is lowest at 18:00 UTC and highest at 06:00.
	high := time.Now().UTC().Add(-6 * time.Hour).Truncate(24 * time.Hour).Add(6 * time.Hour)
	evaluatedBy(t, i, high.Add(-12*time.Hour), 55)
	raised := high.Add(-40 * time.Hour)
	for _, host := range []string{"h0"} { // foreseen; h1 is not
		labels := map[string]string{"host": host, "alertname": "Load too high"}
		body := api.Warning{State: "raised", Key: "w" + host, Rule: "Load too high", Labels: labels, At: &raised, Values: map[string]any{"eta": 50.0, "ruleUid": "full"}}
		require.Equal(t, 200, as(t, i, "anna", "Editor", "POST", "warnings", body, nil))
	}
	evaluatedBy(t, i, high, 55) // both are beyond it
	evaluatedBy(t, i, high, 55)
	lines, _, err := i.store.Audit(t.Context(), store.AuditFilter{Kind: store.CrossingBegan})
	require.NoError(t, err)
	require.Len(t, lines, 2, "once each")
	require.Equal(t, "Load too high", lines[0].Values["rule"])

	var got api.LiveAccuracy
	require.Equal(t, 200, as(t, i, "eve", "Viewer", "GET", "accuracy", nil, &got))
	require.Len(t, got.Rules, 1)
	one := got.Rules[0]
	require.Equal(t, []any{"Load too high", "full"}, []any{one.Rule, one.RuleUID})
	require.Equal(t, []int{1, 1, 0, 0, 2, 1}, []int{one.Raised, one.Confirmed, one.Withdrawn, one.Open, one.Crossings, one.Missed})
	require.InDelta(t, 40, *one.LeadHours, 1)
	require.Equal(t, one.Outcomes, got.Total)
	require.InDelta(t, 30*24, got.To.Sub(got.From).Hours(), 2)

	require.Equal(t, map[string]float64{"ds raised Load too high ": 1, "ds confirmed Load too high ": 1, "ds withdrawn Load too high ": 0, "ds open Load too high ": 0, "ds missed Load too high ": 1},
		metric(t, registry, "forewarn_early_warnings"))
	require.InDelta(t, 40, metric(t, registry, "forewarn_early_warning_lead_hours")["ds Load too high "], 1)

	f := trailReport(t, i, "accuracy")
	require.Equal(t, 1, f.Rows())
	require.Equal(t, "Load too high", f.At(0, 0))
	precision, ok := f.ConcreteAt(8, 0)
	require.True(t, ok)
	require.InDelta(t, 1, precision, 1e-12)

	evaluatedBy(t, i, high.Add(-12*time.Hour), 55)
	ended, _, err := i.store.Audit(t.Context(), store.AuditFilter{Kind: store.CrossingEnded})
	require.NoError(t, err)
	require.Len(t, ended, 2)
}

func TestOfPanelsNothingIsNoted(t *testing.T) {
	i, _ := observed(t)
	evaluatedBy(t, i, time.Now(), 1e6)
	res, err := i.QueryData(context.Background(), &backend.QueryDataRequest{Headers: map[string]string{"http_X-Rule-Uid": "full"}, Queries: []backend.DataQuery{{RefID: "A",
		JSON:      []byte(`{"refId":"A","queryType":"warning","source":{"kind":"prometheus","expr":"ab"},"trainingWindow":"2d","interval":"30m","threshold":{"value":1},"output":"eta"}`),
		TimeRange: backend.TimeRange{From: time.Now().Add(-time.Hour), To: time.Now()}}}})
	require.NoError(t, err)
	require.NoError(t, res.Responses["A"].Error)
	lines, _, err := i.store.Audit(t.Context(), store.AuditFilter{})
	require.NoError(t, err)
	require.Empty(t, lines)
}

func TestTrialsOfModelsAreShown(t *testing.T) {
	i, registry := observed(t)
	d := forecastOf("cpu", "ab")
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: d, Train: true}, nil))
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("untrained", "ab")}, nil))
	var m api.Model
	until(t, "trained", func() bool {
		require.Equal(t, 200, as(t, i, "eve", "Viewer", "GET", "models/cpu", nil, &m))
		return m.Live == 1 && m.Job == nil
	})
	var got api.LiveAccuracy
	require.Equal(t, 200, as(t, i, "eve", "Viewer", "GET", "accuracy?days=7", nil, &got))
	require.Equal(t, []api.ModelTrial{{Model: "cpu", Demoted: []api.DemotedSeries{}}}, got.Models, "too early to tell")

	held, err := i.store.Model(t.Context(), "cpu")
	require.NoError(t, err)
	at := time.Date(2026, 11, 20, 4, 0, 0, 0, time.UTC)
	after := `{"version":1,"measured":"2026-11-20T09:00:00Z","ratio":0.7,"series":2,"points":96,"demoted":{"{host=\"h1\"}":{"name":"h1","ratio":1.4,"since":"2026-11-20T04:00:00Z"}}}`
	require.NoError(t, i.store.SetTrial(t.Context(), "cpu", held.Trial, []byte(after)))
	require.Equal(t, 200, as(t, i, "eve", "Viewer", "GET", "accuracy", nil, &got))
	require.Equal(t, []api.DemotedSeries{{Series: "h1", Ratio: 1.4, Since: at}}, got.Models[0].Demoted)
	require.InDelta(t, 0.7, *got.Models[0].Ratio, 1e-12)
	require.Equal(t, 1.0, metric(t, registry, "forewarn_model_demoted_series")["ds cpu "])
	require.InDelta(t, 0.7, metric(t, registry, "forewarn_model_live_error_ratio")["ds cpu "], 1e-12)
	f := trailReport(t, i, "models")
	require.Equal(t, []any{"cpu", int64(1), int64(1)}, []any{f.At(0, 0), f.At(1, 0), f.At(4, 0)})
	since, ok := f.ConcreteAt(5, 0)
	require.True(t, ok)
	require.Equal(t, at, since)

	i.trainer.Forget("cpu")
	res, err := i.QueryData(context.Background(), &backend.QueryDataRequest{Queries: []backend.DataQuery{{RefID: "A", JSON: []byte(`{"refId":"A","model":{"name":"cpu"}}`), TimeRange: backend.TimeRange{From: time.Now().Add(-time.Hour), To: time.Now()}}}})
	require.NoError(t, err)
	require.NoError(t, res.Responses["A"].Error)
	notices := ""
	for _, n := range res.Responses["A"].Frames[0].Meta.Notices {
		notices += n.Text
	}
	require.Contains(t, notices, "1.4 times as far off of late as the same as last season")
	require.Equal(t, 1, train.TrialOf(&store.Model{Trial: []byte(after)}).Version)
}

func TestDaysAreANumber(t *testing.T) {
	i, _ := observed(t)
	for _, days := range []string{"0", "-1", "401", "many", "1.5"} {
		status, raw := sendAs(t, i, "eve", "Viewer", "GET", "accuracy?days="+days, nil)
		require.Equal(t, 400, status)
		require.Contains(t, string(raw), `"field":"days"`)
	}
}

// A hindcast goes the way of every panel's query.
func TestAPanelShowsWhatWasForecastADayBefore(t *testing.T) {
	i, _ := observed(t)
	now := time.Now()
	res, err := i.QueryData(context.Background(), &backend.QueryDataRequest{Queries: []backend.DataQuery{
		{RefID: "A", JSON: []byte(`{"refId":"A","source":{"kind":"prometheus","expr":"ab"},"trainingWindow":"4d","interval":"1h","output":"hindcast","lead":"24h","model":{"algorithm":"seasonal-naive"}}`), TimeRange: backend.TimeRange{From: now.Add(-24 * time.Hour), To: now}},
		{RefID: "B", JSON: []byte(`{"refId":"B","queryType":"warning","source":{"kind":"prometheus","expr":"ab"},"trainingWindow":"4d","interval":"1h","output":"hindcast","threshold":{"value":500}}`), TimeRange: backend.TimeRange{From: now.Add(-24 * time.Hour), To: now}},
	}})
	require.NoError(t, err)
	for id, outputs := range map[string]int{"A": 4, "B": 6} {
		require.NoError(t, res.Responses[id].Error, id)
		f := res.Responses[id].Frames[0]
		require.Len(t, f.Fields, 1+2*outputs, id)
		require.InDelta(t, 24, f.Rows(), 1, id)
	}
}
