package report

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/demo/alert"
	"github.com/forewarn/earlywarning/demo/grafana"
)

// A series is called by its display name without the output, else by its labels, else by its field.
func TestWhatASeriesIsCalled(t *testing.T) {
	called := func(name, display string, labels data.Labels) (string, string) {
		f := data.NewField(name, labels, []float64{1})
		if display != "" {
			f.Config = &data.FieldConfig{DisplayNameFromDS: display}
		}
		output := outputOf(f)
		return title(f, output), output
	}
	for name, c := range map[string]struct {
		field, display string
		labels         data.Labels
		title, output  string
	}{
		"by its display name":        {"Value", "web-1 upper", data.Labels{"output": "upper", "x": "y"}, "web-1", "upper"},
		"another output's name":      {"Value", "web-1 upper", data.Labels{"output": "lower"}, "web-1 upper", "lower"},
		"by its labels, in order":    {"Value", "", data.Labels{"z": "last", "a": "first", "output": "score"}, "first last", "score"},
		"by its field":               {"orders", "", nil, "orders", "actual"},
		"by a field that tells both": {"forecast", "", nil, "forecast", "forecast"},
		"an output and nothing else": {"score", "score", nil, "score", "score"},
		"a label that is no output":  {"threshold", "limit", data.Labels{"output": ""}, "limit", "threshold"},
	} {
		gotTitle, gotOutput := called(c.field, c.display, c.labels)
		require.Equal(t, []string{c.title, c.output}, []string{gotTitle, gotOutput}, name)
	}
}

// Outputs of one series are one, in the order in which they come; times are read once; texts are passed over.
func TestOutputsOfOneSeriesAreOne(t *testing.T) {
	at := []time.Time{now, now.Add(time.Hour)}
	missing, known := (*float64)(nil), 4.0
	f := data.NewFrame("", data.NewField("time", nil, at), data.NewField("end", nil, []time.Time{now, now}), data.NewField("note", nil, []string{"a", "b"}),
		data.NewField("v", data.Labels{"h": "b", "output": "actual"}, []*float64{missing, &known}), data.NewField("v", data.Labels{"h": "a", "output": "actual"}, []int64{1, 2}),
		data.NewField("v", data.Labels{"h": "b", "output": "score"}, []float64{0.5, 0.7}))
	times, all := over(f)
	require.Equal(t, at, times)
	require.Len(t, all, 2)
	require.Equal(t, []string{"b", "a"}, []string{all[0].name, all[1].name})
	require.Equal(t, map[string][]float64{"actual": {1, 2}}, all[1].outputs)
	require.Equal(t, []float64{0.5, 0.7}, all[0].outputs["score"])
	require.True(t, math.IsNaN(all[0].outputs["actual"][0]), "what is missing is not zero")
}

// The page shows an answer's notices, tables, charts and models, and an error instead where there is one.
func TestWhatThePageShowsOfAnAnswer(t *testing.T) {
	line := wide("web-1", map[string][]float64{"actual": {1, 2}, "forecast": {nan, 3}})
	line.Meta = &data.FrameMeta{Notices: []data.Notice{{Text: "two points only"}}, Custom: map[string]any{"series": []map[string]any{{"name": "web-1", "algorithm": "theta"}}}}
	table := rowsOf(strs("series", "a"), nums("score", 2))
	marks := data.NewFrame("", data.NewField("time", nil, []time.Time{now}))
	marks.Meta = &data.FrameMeta{DataTopic: data.DataTopicAnnotations}
	a := Answer{Kind: "forecast", Took: 1234567 * time.Nanosecond, Findings: []string{"1", "2", "3", "4", "5", "6", "7"}, Frames: data.Frames{line, table, marks, data.NewFrame("")}}
	v := viewOf(a, "s", now)
	require.Equal(t, []string{"two points only"}, v.Notices)
	require.Len(t, v.Figures, 1)
	require.Equal(t, []tableView{{Head: []string{"series", "score"}, Rows: [][]string{{"a", "2"}}}}, v.Tables)
	require.Equal(t, []string{"1", "2", "3", "4", "5", "and 2 more"}, v.Findings)
	require.Equal(t, []string{"forecast", "1ms", ""}, []string{v.Kind, v.Took, v.Error})

	v = viewOf(Answer{Err: errors.New("no such host")}, "", now)
	require.Equal(t, "no such host", v.Error)
	require.Empty(t, v.Figures)
	require.Empty(t, v.Tables)
}

// Cells of tables are written as they are read: moments by day and clock, what is missing as a dash, numbers in their unit.
func TestCellsAreWrittenAsTheyAreRead(t *testing.T) {
	missing, share := (*float64)(nil), 0.5
	percent := data.NewField("probability", nil, []*float64{&share, missing})
	percent.Config = &data.FieldConfig{Unit: "percentunit"}
	require.Equal(t, []string{"50 %", "–"}, []string{tableCell(percent, 0), tableCell(percent, 1)})
	etas := nums("eta_early", 0, 0.25, 50, stated, 2*stated)
	for i, want := range []string{"now", "15 min", "50 h", "never", "uncertain"} {
		require.Equal(t, want, tableCell(etas, i))
	}
	var none *time.Time
	moments := data.NewField("until", nil, []*time.Time{&now, none})
	require.Equal(t, []string{"Sun 1 Mar 12:00", "–"}, []string{tableCell(moments, 0), tableCell(moments, 1)})
	require.Equal(t, "true", tableCell(data.NewField("held", nil, []bool{true}), 0))
}

// A rule is as bad as the worst of its series; one that is met for a while first has to be met that long.
func TestStatesOfRules(t *testing.T) {
	met, calm, none := alert.Instance{Met: true, Summary: "web-1 is hot."}, alert.Instance{}, alert.Instance{NoData: true}
	for name, c := range map[string]struct {
		held      time.Duration
		instances []alert.Instance
		err       error
		state     string
		explained string
	}{
		"nothing was answered":   {0, nil, nil, "no data", ""},
		"no series has a number": {time.Minute, []alert.Instance{none, none}, nil, "no data", ""},
		"one has":                {time.Minute, []alert.Instance{none, calm}, nil, "normal", ""},
		"one is met":             {0, []alert.Instance{calm, none, met}, nil, "firing", ""},
		"one has to hold":        {2 * time.Hour, []alert.Instance{calm, met}, nil, "pending", "the condition holds; fires when it has held for 2h"},
		"it failed":              {0, []alert.Instance{met}, errors.New("refused"), "error", ""},
	} {
		r := RuleResult{Rule: grafana.Rule{Title: "CPU", Group: "hosts", For: c.held}, Instances: c.instances, Err: c.err}
		require.Equal(t, []string{c.state, c.explained}, []string{r.State(), r.Explain()}, name)
		lines := r.lines()
		require.True(t, strings.HasPrefix(strings.TrimSpace(lines[0]), strings.ToUpper(c.state)), lines[0])
		if c.err != nil {
			require.Len(t, lines, 1, "%s: an error stands alone", name)
			continue
		}
		require.Len(t, lines, 1+len(r.Met()), name)
	}
	require.Equal(t, []string{"web-1 is hot."}, (&RuleResult{Instances: []alert.Instance{calm, met}}).Met(), "no reason, no why")
}

// Models are told by name, with their error against the seasonal-naive forecast where both are known; not more than six.
func TestHowManyModelsAreTold(t *testing.T) {
	frame := func(series ...map[string]any) *data.Frame {
		f := data.NewFrame("")
		f.Meta = &data.FrameMeta{Custom: map[string]any{"series": series}}
		return f
	}
	one := map[string]any{"name": "a", "algorithm": "ets", "mae": 1.0}
	require.Equal(t, "ets", models(frame(one)), "one needs no name, and without the other error there is no share")
	one["seasonalNaiveMae"] = 0.0
	require.Equal(t, "ets", models(frame(one)), "no share of nothing")
	many := make([]map[string]any, 9)
	for i := range many {
		many[i] = map[string]any{"name": string(rune('a' + i)), "algorithm": "ets"}
	}
	require.Equal(t, "a: ets; b: ets; c: ets; d: ets; e: ets; f: ets; …", models(frame(many...)))
	other := data.NewFrame("")
	other.Meta = &data.FrameMeta{Custom: map[string]any{"series": "of another kind"}}
	require.Empty(t, models(other))
	other.Meta.Custom = map[string]any{"x": func() {}}
	require.Empty(t, models(other), "what is no JSON")
}

// Whatever a series holds, what is said of it is one line that names it, and says no number that is none.
func TestWhatIsSaidOfAnySeries(t *testing.T) {
	value := rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.Just(nan))
	rapid.Check(t, func(t *rapid.T) {
		n, outputs := rapid.IntRange(1, 8).Draw(t, "points"), map[string][]float64{}
		for _, o := range []string{"actual", "expected", "forecast", "lower", "upper", "score", "anomaly", "anomalous"} {
			if rapid.Bool().Draw(t, o) {
				outputs[o] = rapid.SliceOfN(value, n, n).Draw(t, o+"'s values")
			}
		}
		if len(outputs) == 0 {
			return
		}
		list := findings(Answer{Kind: "forecast", Frames: data.Frames{wide("web-1", outputs)}}, now, "percent")
		require.NotEmpty(t, list)
		for _, text := range list {
			require.NotContains(t, text, "NaN")
			require.NotContains(t, text, "\n")
			require.True(t, strings.HasPrefix(text, "web-1: ") || text == "all 1 series as usual now" || text == "no data", text)
		}
		for _, f := range figures(wide("web-1", outputs), "forecast", "percent", now) {
			require.NotContains(t, string(f.SVG), "NaN")
			require.LessOrEqual(t, len(f.Legend), mostLines+1)
		}
	})
}
