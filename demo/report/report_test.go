package report

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/demo/alert"
	"github.com/forewarn/earlywarning/demo/grafana"
	"github.com/forewarn/earlywarning/demo/world"
)

var (
	nan = math.NaN()
	now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

// wide is a frame over time, by the hour up to two hours after now: one field for each output of one series.
func wide(name string, outputs map[string][]float64) *data.Frame {
	var times []time.Time
	for _, values := range outputs {
		for i := range values {
			if i >= len(times) {
				times = append(times, now.Add(time.Duration(i-2)*time.Hour))
			}
		}
	}
	f := data.NewFrame("", data.NewField("time", nil, times))
	for _, o := range sortedKeys(outputs) {
		values := make([]*float64, len(times))
		for i, v := range outputs[o] {
			if !math.IsNaN(v) {
				values[i] = &outputs[o][i]
			}
		}
		field := data.NewField(o, data.Labels{"instance": name, "output": o}, values)
		field.Config = &data.FieldConfig{DisplayNameFromDS: name + " " + o}
		f.Fields = append(f.Fields, field)
	}
	return f
}

func rowsOf(fields ...*data.Field) *data.Frame {
	f := data.NewFrame("", fields...)
	f.Meta = &data.FrameMeta{Type: data.FrameTypeTable}
	return f
}

func strs(name string, values ...string) *data.Field { return data.NewField(name, nil, values) }

func nums(name string, values ...float64) *data.Field { return data.NewField(name, nil, values) }

func TestWhatAnAnswerSays(t *testing.T) {
	marks := data.NewFrame("", data.NewField("time", nil, []time.Time{now.Add(-30 * time.Hour), now.Add(-50 * time.Minute)}), strs("title", "a", "b"), strs("text", "old", "93, expected 41"))
	marks.Meta = &data.FrameMeta{DataTopic: data.DataTopicAnnotations}
	for name, c := range map[string]struct {
		kind  string
		frame *data.Frame
		want  []string
	}{
		"a forecast":         {"forecast", wide("web-1", map[string][]float64{"actual": {40, 41, nan, nan}, "forecast": {nan, nan, 44, 50}, "lower": {nan, nan, 40, 42}, "upper": {nan, nan, 48, 58}}), []string{"web-1: now 41, then 50 at the end of the forecast (42 to 58)"}},
		"without a band":     {"forecast", wide("web-1", map[string][]float64{"forecast": {nan, nan, 44, 50}}), []string{"web-1: 50 at the end of the forecast"}},
		"a score":            {"anomaly", wide("web-1", map[string][]float64{"score": {0, 2.5, nan}}), []string{"web-1: score 2.5 now (1 is the limit)"}},
		"a low score":        {"anomaly", wide("web-1", map[string][]float64{"score": {3, 0.5}}), []string{"all 1 series as usual now"}},
		"a flag":             {"anomaly", wide("web-1", map[string][]float64{"anomalous": {0, 1}}), []string{"web-1: unusual now"}},
		"marked points":      {"anomaly", wide("web-1", map[string][]float64{"anomaly": {nan, 93, nan, 90}, "actual": {1, 93, 2, 90}}), []string{"web-1: 2 of 4 points unusual"}},
		"values":             {"series", wide("web-1", map[string][]float64{"actual": {1, 2, nan}}), []string{"web-1: 2"}},
		"marks":              {"anomaly", marks, []string{"2 marked; the newest 50 min ago: b 93, expected 41"}},
		"no marks":           {"anomaly", &data.Frame{Meta: marks.Meta}, []string{"no data"}},
		"nothing":            {"forecast", data.NewFrame(""), []string{"no data"}},
		"a warning":          {"warning", rowsOf(strs("series", "db-1 /var"), nums("current", 87), nums("eta", 40.4), nums("eta_early", 37), nums("probability", 0.87), nums("threshold", 90)), []string{"db-1 /var: now 87, crosses in 40 h (earliest 37 h), 87 % likely"}},
		"no warning":         {"warning", rowsOf(strs("series", "db-1"), nums("current", 30), nums("eta", stated), nums("eta_early", 2*stated), nums("probability", 0)), []string{"nothing to warn of among 1 series"}},
		"an outlier":         {"outlier", rowsOf(strs("series", "a", "b"), nums("score", 0.2, 3.1), nums("outlier", 0, 1)), []string{"b: unlike the others, score 3.1"}},
		"entities":           {"composite", rowsOf(strs("series", "api", "web"), nums("score", 1.4, 0.3)), []string{"api: score 1.4"}},
		"a table of its own": {"table", rowsOf(strs("name", "x")), []string{"no data"}},
	} {
		got := findings(Answer{Kind: c.kind, Frames: data.Frames{c.frame}}, now, "")
		require.Len(t, got, len(c.want), "%s: %v", name, got)
		for i := range got {
			require.True(t, strings.HasPrefix(got[i], c.want[i]), "%s: %q", name, got[i])
		}
	}
}

func TestHoursInWords(t *testing.T) {
	for h, want := range map[float64]string{0: "now", -1: "now", 0.5: "30 min", 1: "1 h", 71.6: "72 h", stated: "never", 2 * stated: "uncertain"} {
		require.Equal(t, want, hours(h))
	}
	require.Equal(t, "–", hours(nan))
	for d, want := range map[time.Duration]string{time.Minute: "1 min", 119 * time.Minute: "119 min", 3 * time.Hour: "3 h", 50 * time.Hour: "2 days"} {
		require.Equal(t, want, age(d))
	}
	for d, want := range map[time.Duration]string{5 * time.Minute: "5m", 2 * time.Hour: "2h", 90 * time.Second: "1m30s", 0: "0s"} {
		require.Equal(t, want, short(d))
	}
}

// scripted is a plugin that answers by what a query asks for, and notes how it was asked.
type scripted struct {
	health  backend.HealthStatus
	answers map[string]backend.DataResponse // by output; none = no answer to the query
	asked   []*backend.QueryDataRequest
}

func (s *scripted) CheckHealth(context.Context, backend.PluginContext) (*backend.CheckHealthResult, error) {
	return &backend.CheckHealthResult{Status: s.health, Message: "Prometheus: up"}, nil
}

func (s *scripted) QueryData(_ context.Context, req *backend.QueryDataRequest) (*backend.QueryDataResponse, error) {
	s.asked = append(s.asked, req)
	out := &backend.QueryDataResponse{Responses: backend.Responses{}}
	for _, q := range req.Queries {
		var model struct{ Output string }
		if err := json.Unmarshal(q.JSON, &model); err != nil {
			return nil, err
		}
		if a, ok := s.answers[model.Output]; ok {
			out.Responses[q.RefID] = a
		}
	}
	return out, nil
}

func node(ref, output string) grafana.Node {
	return grafana.Node{RefID: ref, SourceUID: "forewarn", Back: time.Hour, Model: json.RawMessage(`{"refId":"` + ref + `","queryType":"anomaly","output":"` + output + `"}`)}
}

func work(p Plugin, printed *[]string) Work {
	reduce := grafana.Node{RefID: "B", SourceUID: grafana.ExpressionUID, Model: json.RawMessage(`{"type":"reduce","expression":"A","reducer":"last","settings":{"mode":"dropNN"}}`)}
	above := grafana.Node{RefID: "C", SourceUID: grafana.ExpressionUID, Model: json.RawMessage(`{"type":"threshold","expression":"B","conditions":[{"evaluator":{"type":"gt","params":[0]}}]}`)}
	rule := func(title, output string, held time.Duration) grafana.Rule {
		return grafana.Rule{Title: title, Group: "hosts", Condition: "C", For: held, Annotations: map[string]string{"summary": "{{ $labels.instance }} is hot.", "description": `It is {{ printf "%.0f" $values.B.Value }}.`}, Nodes: []grafana.Node{node("A", output), reduce, above}}
	}
	query := func(output string) grafana.Query { return grafana.Query{RefID: "A", Model: node("A", output).Model} }
	return Work{Plugin: p, Now: now, Print: func(line string) { *printed = append(*printed, line) },
		Dashboards: []grafana.Dashboard{{UID: "d", Title: "Hosts", Panels: []grafana.Panel{
			{Title: "CPU", Unit: "percent", From: now.Add(-time.Hour), To: now, Queries: []grafana.Query{query("actual")}},
			{Title: "Broken", Queries: []grafana.Query{query("broken")}}, {Title: "Silent", Queries: []grafana.Query{query("silent")}}}}},
		Rules: []grafana.Rule{rule("Fires", "anomalous", 0), rule("Pends", "anomalous", 5*time.Minute), rule("Normal", "calm", 0), rule("Empty", "empty", 0), rule("Fails", "broken", 0)}}
}

func answers() map[string]backend.DataResponse {
	hot := wide("web-<1>", map[string][]float64{"actual": {40, 93}})
	flag := data.NewFrame("", data.NewField("time", nil, []time.Time{now}), data.NewField("anomalous", data.Labels{"instance": "web-1"}, []float64{1}))
	calm := data.NewFrame("", data.NewField("time", nil, []time.Time{now}), data.NewField("anomalous", data.Labels{"instance": "web-1"}, []float64{0}))
	return map[string]backend.DataResponse{"actual": {Frames: data.Frames{hot}}, "anomalous": {Frames: data.Frames{flag}}, "calm": {Frames: data.Frames{calm}}, "empty": {Frames: data.Frames{data.NewFrame("")}},
		"broken": {Error: errors.New("source cannot be reached")}}
}

// Panels are asked as a person would ask, rules as Grafana's alerting does; what fails is told and counted, and the rest goes on.
func TestARun(t *testing.T) {
	p := &scripted{health: backend.HealthStatusOk, answers: answers()}
	var printed []string
	r, err := Run(t.Context(), work(p, &printed))
	require.NoError(t, err)
	require.Equal(t, 3, r.Failed, "a panel's query, one without an answer, and a rule")
	states := map[string]string{}
	for i := range r.Rules {
		states[r.Rules[i].Title] = r.Rules[i].State()
	}
	require.Equal(t, map[string]string{"Fires": "firing", "Pends": "pending", "Normal": "normal", "Empty": "no data", "Fails": "error"}, states)
	all := strings.Join(printed, "\n")
	for _, text := range []string{"Health: Prometheus: up", "✓ CPU", "web-<1>: 93", "✗ Broken", "source cannot be reached", "no answer to this query", "FIRING   Fires", "web-1 is hot. Why: It is 1.", "fires when it has held for 5m", "ERROR    Fails"} {
		require.Contains(t, all, text)
	}
	for _, req := range p.asked[:3] {
		require.Empty(t, req.Headers["FromAlert"])
	}
	for _, req := range p.asked[3:] {
		require.Equal(t, "true", req.Headers["FromAlert"])
		require.Equal(t, now.Add(-time.Hour), req.Queries[0].TimeRange.From.UTC())
	}
	_, err = Run(t.Context(), work(&scripted{health: backend.HealthStatusError}, &printed))
	require.ErrorContains(t, err, "not healthy")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Run(ctx, work(p, &printed))
	require.ErrorIs(t, err, context.Canceled)
}

// The page is one file that refers to nothing outside itself, with names as they are and not as markup.
func TestThePageStandsAlone(t *testing.T) {
	p := &scripted{health: backend.HealthStatusOk, answers: answers()}
	var printed []string
	r, err := Run(t.Context(), work(p, &printed))
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, Write(&b, r, []world.Incident{{Of: "web-1", Text: "long ago", From: now.Add(-48 * time.Hour)}, {Of: "web-2", Text: "lately", From: now.Add(-time.Hour)}, {Of: "web-3", Text: "not yet", From: now.Add(time.Hour)}}))
	text := b.String()
	require.NotRegexp(t, `(?i)(src|href)\s*=\s*"?(https?:)?//`, text)
	require.NotRegexp(t, `(?i)<script|@import|url\(`, text)
	require.NotContains(t, text, "web-<1>")
	require.Contains(t, text, "web-&lt;1&gt;")
	require.Contains(t, text, "<svg")
	require.Contains(t, text, "source cannot be reached")
	require.Less(t, strings.Index(text, "lately"), strings.Index(text, "long ago"), "the newest first")
	require.NotContains(t, text, "not yet")
	require.Equal(t, strings.Count(text, "<svg"), strings.Count(text, "</svg>"))
	require.Regexp(t, `1 March 2026 12:00 UTC`, text)
}

// One chart for a series with a band or a future, one for all others together, and never more lines than colours.
func TestFigures(t *testing.T) {
	rich := wide("web-1", map[string][]float64{"actual": {1, 2, nan}, "forecast": {nan, nan, 3}, "lower": {0, 1, 2}, "upper": {2, 3, 4}, "anomaly": {nan, 2, nan}})
	got := figures(rich, "forecast", "percent", now)
	require.Len(t, got, 1)
	var texts []string
	for _, l := range got[0].Legend {
		texts = append(texts, l.Text)
	}
	require.Equal(t, []string{"actual", "forecast", "band", "unusual"}, texts)
	crowd := data.NewFrame("", data.NewField("time", nil, []time.Time{now, now.Add(time.Hour)}))
	for k := range 12 {
		crowd.Fields = append(crowd.Fields, data.NewField("actual", data.Labels{"instance": string(rune('a' + k))}, []float64{float64(k), 1}))
	}
	got = figures(crowd, "series", "", now)
	require.Len(t, got, 1)
	require.Len(t, got[0].Legend, mostLines)
	require.Equal(t, "l", got[0].Legend[0].Text, "the largest come first")
	require.NotEmpty(t, got[0].Note)
	require.Empty(t, figures(data.NewFrame(""), "series", "", now))
	require.Len(t, regexp.MustCompile(`limit`).FindAllString(figures(wide("a", map[string][]float64{"score": {0, 2}}), "composite", "", now)[0].Legend[0].Text, -1), 1, "a score has its limit drawn")
}

func TestTablesLeaveEmptyColumnsOut(t *testing.T) {
	got := tableOf(rowsOf(strs("series", "a", "b"), strs("held back", "", ""), nums("eta", 40.2, stated), nums("score", nan, nan)))
	require.Equal(t, tableView{Head: []string{"series", "eta"}, Rows: [][]string{{"a", "40 h"}, {"b", "never"}}}, got)
	require.Equal(t, []string{"1", "2", "and 3 more"}, firstOf([]string{"1", "2", "3", "4", "5"}, 2))
	r := RuleResult{Instances: []alert.Instance{{NoData: true}}}
	require.Equal(t, "no data", r.State())
}

func TestWhichModelsAnswered(t *testing.T) {
	f := data.NewFrame("")
	require.Empty(t, models(f))
	f.Meta = &data.FrameMeta{Custom: map[string]any{"series": []map[string]any{{"name": "a", "algorithm": "theta", "mae": 2.0, "seasonalNaiveMae": 4.0}, {"name": "b", "algorithm": "ets"}, {"name": "c"}}}}
	require.Equal(t, "a: theta (error 0.50 of the seasonal-naive forecast's); b: ets", models(f))
}
