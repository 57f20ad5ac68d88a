package plugin

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
)

var stretch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func (i *Instance) label(t *testing.T, model, kind string, series map[string]string) (l api.Label) {
	t.Helper()
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "labels", api.NewLabel{Model: model, Series: series, From: stretch, To: stretch.Add(time.Hour), Kind: kind}, &l))
	return l
}

func precision(t *testing.T, i *Instance, model string) (out []api.Precision) {
	t.Helper()
	var p api.PrecisionAnswer
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "precision?model="+model, nil, &p))
	return p.Precision
}

func TestPrecisionIsCountedPerModelAndDetector(t *testing.T) {
	i := served(t, nil)
	d := anomalyOf("other", 0)
	d.Query = json.RawMessage(`{"queryType":"anomaly","source":{"kind":"prometheus","expr":"a"},"model":{"algorithm":"mad"},"trainingWindow":"7d","interval":"30m"}`)
	trained(t, i, anomalyOf("cpu", 0))
	trained(t, i, d)
	require.Empty(t, precision(t, i, ""))
	i.label(t, "cpu", api.KindIncident, map[string]string{"host": "h0"})
	i.label(t, "cpu", api.KindNotAnomaly, map[string]string{"host": "h1"})
	i.label(t, "cpu", api.KindIncident, nil)
	i.label(t, "other", api.KindNotAnomaly, map[string]string{"host": "h0"})
	all := precision(t, i, "")
	require.Len(t, all, 2)
	var v api.VersionDetail
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "models/cpu/versions/1", nil, &v))
	require.NotEmpty(t, v.Results[0].Algorithm)
	require.Equal(t, []any{"cpu", v.Results[0].Algorithm, 2, 1}, []any{all[0].Model, all[0].Algorithm, all[0].Incidents, all[0].NotAnomalies})
	require.InDelta(t, 2.0/3, *all[0].Precision, 1e-9)
	require.Equal(t, []any{"other", "mad", 0, 1, 0.0}, []any{all[1].Model, all[1].Algorithm, all[1].Incidents, all[1].NotAnomalies, *all[1].Precision})
	require.Len(t, precision(t, i, "other"), 1)
	require.Empty(t, precision(t, i, "none"))
}

func TestLabelsOfWhatIsNotTrainedCountWithoutADetector(t *testing.T) {
	i := served(t, nil)
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: anomalyOf("cpu", 0)}, nil))
	i.label(t, "cpu", api.KindIncident, map[string]string{"host": "h0"})
	require.Equal(t, []api.Precision{{Model: "cpu", Incidents: 1, Precision: p(1.0)}}, precision(t, i, ""))
}

func TestWhichDetectorAnswersForALabelledSeries(t *testing.T) {
	results := []api.SeriesResult{{Labels: map[string]string{"host": "a", "disk": "/"}, Algorithm: ""}, {Labels: map[string]string{"host": "a", "disk": "/var"}, Algorithm: "mad"},
		{Labels: map[string]string{"host": "b"}, Algorithm: "ets"}}
	for want, series := range map[string]map[string]string{"mad": {"host": "a"}, "ets": {"host": "b"}, "": {"host": "c"}} {
		require.Equal(t, want, algorithmFor(results, series))
	}
	require.Equal(t, "mad", algorithmFor(results, nil), "a label of all series counts for the first that has one")
}

func TestLabelsAreListedNewestFirstAndTakenAway(t *testing.T) {
	i := served(t, nil)
	require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: anomalyOf("cpu", 0)}, nil))
	one := i.label(t, "cpu", api.KindIncident, nil)
	time.Sleep(2 * time.Millisecond) // they are ordered by the millisecond
	two := i.label(t, "cpu", api.KindNotAnomaly, map[string]string{"host": "磁盘"})
	require.Equal(t, map[string]string{}, one.Series, "an object, not null")
	var all api.Labels
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "labels", nil, &all))
	require.Equal(t, []api.Label{two, one}, all.Labels)
	require.Equal(t, 204, as(t, i, "ben", "Editor", "DELETE", "labels/"+two.ID, nil, nil))
	require.Equal(t, 404, as(t, i, "ben", "Editor", "DELETE", "labels/"+two.ID, nil, nil))
	var left api.Labels
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "labels?model=cpu", nil, &left))
	require.Equal(t, []api.Label{one}, left.Labels)
	var audit api.Audit
	require.Equal(t, 200, as(t, i, "v", "Viewer", "GET", "audit?kind=label", nil, &audit))
	require.Equal(t, []string{"label.remove", "label.add", "label.add"}, []string{audit.Entries[0].Action, audit.Entries[1].Action, audit.Entries[2].Action})
	require.Equal(t, "ben", audit.Entries[0].Who)
}

func TestALabelNeedsItsFields(t *testing.T) {
	i := served(t, nil)
	for name, c := range map[string]struct {
		change func(l *api.NewLabel)
		field  string
	}{
		"a model": {func(l *api.NewLabel) { l.Model = "" }, "model"},
		"a kind":  {func(l *api.NewLabel) { l.Kind = "bad" }, "kind"},
		"a from":  {func(l *api.NewLabel) { l.From = time.Time{} }, "to"},
		"a to":    {func(l *api.NewLabel) { l.To = l.From }, "to"},
	} {
		l := api.NewLabel{Model: "cpu", From: stretch, To: stretch.Add(time.Hour), Kind: api.KindIncident}
		c.change(&l)
		status, raw := sendAs(t, i, "anna", "Editor", "POST", "labels", l)
		require.Equal(t, 400, status, name)
		var p api.Problem
		require.NoError(t, json.Unmarshal(raw, &p))
		require.Equal(t, c.field, p.Field, name)
	}
}
