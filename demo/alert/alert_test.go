package alert

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/demo/grafana"
)

var nan = math.NaN()

func pointers(values ...float64) []*float64 {
	out := make([]*float64, len(values))
	for i := range values {
		if !math.IsNaN(values[i]) {
			out[i] = &values[i]
		}
	}
	return out
}

// numbers is a numeric frame with one number per host; over one with a series.
func numbers(output string, byHost map[string]float64) data.Frames {
	f := data.NewFrame("")
	for host, v := range byHost {
		f.Fields = append(f.Fields, data.NewField(output, data.Labels{"instance": host, "output": output}, pointers(v)))
	}
	return data.Frames{f}
}

func over(host string, values ...float64) *data.Frame {
	times := make([]time.Time, len(values))
	for i := range times {
		times[i] = time.Unix(int64(60*i), 0)
	}
	return data.NewFrame("", data.NewField("time", nil, times), data.NewField("actual", data.Labels{"instance": host}, pointers(values...)))
}

func TestFramesBecomeDimensions(t *testing.T) {
	notes := data.NewFrame("notes", data.NewField("id", nil, []int64{1, 2}))
	notes.Meta = &data.FrameMeta{DataTopic: data.DataTopicAnnotations}
	list, err := Fields(data.Frames{over("a", 1, nan, 3), notes})
	require.NoError(t, err)
	require.Len(t, list, 1, "annotations are no numbers")
	require.True(t, list[0].Time)
	require.Equal(t, map[string]string{"instance": "a"}, list[0].Labels)
	require.True(t, math.IsNaN(list[0].Values[1]))

	list, err = Fields(numbers("eta", map[string]float64{"a": 7}))
	require.NoError(t, err)
	require.Equal(t, 7.0, list[0].Number)
	list, err = Fields(data.Frames{data.NewFrame("")})
	require.NoError(t, err)
	require.Empty(t, list, "a frame without fields is no data")
	_, err = Fields(data.Frames{data.NewFrame("", data.NewField("x", nil, []float64{1, 2}))})
	require.ErrorIs(t, err, ErrUnknown, "a table is not one number per series")
}

func TestReduce(t *testing.T) {
	for name, c := range map[string]struct {
		expr   string
		values []float64
		want   float64
	}{
		"last, dropping":     {`{"reducer":"last","settings":{"mode":"dropNN"}}`, []float64{1, 2, nan}, 2},
		"last, strict":       {`{"reducer":"last"}`, []float64{1, 2, nan}, nan},
		"mean":               {`{"reducer":"mean","settings":{"mode":"dropNN"}}`, []float64{1, nan, 5}, 3},
		"mean, strict":       {`{"reducer":"mean"}`, []float64{1, nan, 5}, nan},
		"min":                {`{"reducer":"min"}`, []float64{4, -2, 5}, -2},
		"max":                {`{"reducer":"max"}`, []float64{4, -2, 5}, 5},
		"sum, infinity gone": {`{"reducer":"sum","settings":{"mode":"dropNN"}}`, []float64{4, math.Inf(1), 5}, 9},
		"count":              {`{"reducer":"count","settings":{"mode":"dropNN"}}`, []float64{4, nan, 5}, 2},
		"replaced":           {`{"reducer":"last","settings":{"mode":"replaceNN","replaceWithValue":-1}}`, []float64{4, nan}, -1},
		"nothing left":       {`{"reducer":"last","settings":{"mode":"dropNN"}}`, []float64{nan, nan}, nan},
		"empty":              {`{"reducer":"mean"}`, nil, nan},
	} {
		var e expression
		require.NoError(t, json.Unmarshal([]byte(c.expr), &e))
		got, err := reduce(&e, Dimension{Values: c.values, Time: true})
		require.NoError(t, err, name)
		if math.IsNaN(c.want) {
			require.True(t, math.IsNaN(got), name)
			continue
		}
		require.Equal(t, c.want, got, name)
	}
	got, err := reduce(&expression{Reducer: "last"}, Dimension{Number: 4})
	require.NoError(t, err)
	require.Equal(t, 4.0, got, "a number is what it is")
	values := []float64{nan, 1}
	_, err = reduce(&expression{Reducer: "last"}, Dimension{Values: values, Time: true})
	require.NoError(t, err)
	require.True(t, math.IsNaN(values[0]), "its input is left alone")
}

func TestThreshold(t *testing.T) {
	for _, c := range []struct {
		kind   string
		params []float64
		value  float64
		want   float64
	}{
		{"gt", []float64{80}, 80, 0}, {"gt", []float64{80}, 80.1, 1}, {"gte", []float64{1}, 1, 1}, {"lt", []float64{72}, 41, 1}, {"lt", []float64{72}, 1e6, 0},
		{"lt", []float64{72}, 2e6, 0}, {"lte", []float64{3}, 3, 1}, {"eq", []float64{3}, 3, 1}, {"ne", []float64{3}, 3, 0},
		{"within_range", []float64{1, 3}, 2, 1}, {"within_range", []float64{1, 3}, 3, 0}, {"outside_range", []float64{1, 3}, 4, 1}, {"outside_range", []float64{1, 3}, 2, 0},
	} {
		e := expression{}
		e.Conditions = append(e.Conditions, struct{ Evaluator evaluator }{evaluator{c.kind, c.params}})
		got, err := threshold(&e, Dimension{Number: c.value})
		require.NoError(t, err)
		require.Equal(t, c.want, got, "%g %s %v", c.value, c.kind, c.params)
		got, err = threshold(&e, Dimension{Number: nan})
		require.NoError(t, err)
		require.True(t, math.IsNaN(got), "no value, no answer")
	}
}

func TestWhatIsNotEvaluatedIsSaid(t *testing.T) {
	series := map[string][]Dimension{"A": {{Values: []float64{1}, Time: true}}, "N": {{Number: 1}}}
	for _, text := range []string{
		`{`, `{"type":"resample","expression":"A"}`, `{"type":"math","expression":"$A + 1"}`, `{"type":"math","expression":"$Z"}`, `{"type":"math","expression":"1 + 1"}`,
		`{"type":"math","expression":"$N +"}`, `{"type":"math","expression":"log($N)"}`, `{"type":"math","expression":"$N % 2"}`, `{"type":"math","expression":"!$N"}`, `{"type":"math","expression":"$N[0]"}`, `{"type":"reduce","expression":"Z"}`, `{"type":"reduce","expression":"A","reducer":"median"}`,
		`{"type":"reduce","expression":"A","reducer":"last","settings":{"mode":"odd"}}`, `{"type":"reduce","expression":"A","reducer":"last","settings":{"mode":"replaceNN"}}`,
		`{"type":"threshold","expression":"A","conditions":[{"evaluator":{"type":"gt","params":[1]}}]}`, `{"type":"threshold","expression":"N"}`,
		`{"type":"threshold","expression":"N","conditions":[{"evaluator":{"type":"gt"}}]}`, `{"type":"threshold","expression":"N","conditions":[{"evaluator":{"type":"odd","params":[1]}}]}`,
		`{"type":"threshold","expression":"N","conditions":[{"evaluator":{"type":"within_range","params":[1]}}]}`,
	} {
		_, err := evaluate(json.RawMessage(text), series)
		require.ErrorIs(t, err, ErrUnknown, text)
	}
}

func TestMath(t *testing.T) {
	at := func(host string, v float64) Dimension {
		return Dimension{Labels: map[string]string{"instance": host}, Number: v}
	}
	nodes := map[string][]Dimension{"V": {at("a", 93), at("b", 12)}, "E": {at("b", 40), at("a", 51)}, "S": {at("a", 1.2)}}
	for text, want := range map[string]map[string]float64{
		"abs($V - $E)":    {"a": 42, "b": 28},
		"100 * ${S}":      {"a": 120},
		"$V / ($E + -50)": {"a": 93, "b": -1.2},
		"$V * ($S >= 1) * ($V > 50) + ($S > 0.8)": {"a": 94},
		"($V < 20) + ($V <= 93)":                  {"a": 1, "b": 2},
		"$V - $S":                                 {"a": 91.8}, // a series that one of them lacks has no result
	} {
		got, err := formula(text, nodes)
		require.NoError(t, err, text)
		have := map[string]float64{}
		for _, d := range got {
			have[d.Labels["instance"]] = d.Number
		}
		require.InDeltaMapValues(t, want, have, 1e-9, text)
	}
	got, err := formula("$V > 1", map[string][]Dimension{"V": {at("a", nan)}})
	require.NoError(t, err)
	require.True(t, math.IsNaN(got[0].Number), "of no number nothing is known")
}

func disk() *grafana.Rule {
	return &grafana.Rule{Title: "Disk", Condition: "C", Annotations: map[string]string{
		"summary": `{{ $labels.instance }}: {{ if eq $values.A.Value 0.0 }}full{{ else }}full in {{ printf "%.0f" $values.M.Value }} h (earliest {{ printf "%.0f" $values.A.Value }} h){{ end }}`},
		Nodes: []grafana.Node{{RefID: "A", SourceUID: "forewarn"}, {RefID: "M", SourceUID: "forewarn"},
			{RefID: "C", SourceUID: grafana.ExpressionUID, Model: json.RawMessage(`{"type":"threshold","expression":"A","conditions":[{"evaluator":{"type":"lt","params":[72]}}]}`)}}}
}

func TestARuleOverNumbers(t *testing.T) {
	list, err := Evaluate(disk(), map[string]data.Frames{
		"A": numbers("eta_early", map[string]float64{"a": 6, "b": 1e6, "c": 0, "d": nan}),
		"M": numbers("eta", map[string]float64{"a": 9, "b": 1e6, "c": 0}),
	})
	require.NoError(t, err)
	got := map[string]Instance{}
	for _, i := range list {
		got[i.Labels["instance"]] = i
	}
	require.Len(t, got, 4)
	require.True(t, got["a"].Met)
	require.Equal(t, "a: full in 9 h (earliest 6 h)", got["a"].Summary, "the outputs of one series are joined")
	require.False(t, got["b"].Met, "never is no time")
	require.Empty(t, got["b"].Summary)
	require.Equal(t, "c: full", got["c"].Summary)
	require.True(t, got["d"].NoData)
	require.False(t, got["d"].Met)
}

func TestARuleOverTime(t *testing.T) {
	r := &grafana.Rule{Title: "CPU", Condition: "C", Annotations: map[string]string{"summary": `{{ $labels.instance }} {{ printf "%.0f" $values.B.Value }} %`},
		Nodes: []grafana.Node{{RefID: "A", SourceUID: "forewarn"},
			{RefID: "B", SourceUID: grafana.ExpressionUID, Model: json.RawMessage(`{"type":"reduce","expression":"A","reducer":"last","settings":{"mode":"dropNN"}}`)},
			{RefID: "C", SourceUID: grafana.ExpressionUID, Model: json.RawMessage(`{"type":"threshold","expression":"B","conditions":[{"evaluator":{"type":"gt","params":[80]}}]}`)}}}
	list, err := Evaluate(r, map[string]data.Frames{"A": {over("a", 20, 92, nan), over("b", 92, 20)}})
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, "a 92 %", list[0].Summary)
	require.False(t, list[1].Met)
	list, err = Evaluate(r, map[string]data.Frames{})
	require.NoError(t, err)
	require.Empty(t, list, "no data is no alert")

	r.Condition = "A"
	_, err = Evaluate(r, map[string]data.Frames{"A": {over("a", 20, 92)}})
	require.ErrorIs(t, err, ErrUnknown)
	r.Condition = "Z"
	_, err = Evaluate(r, nil)
	require.ErrorIs(t, err, ErrUnknown)
}

func TestABrokenMessageIsSaid(t *testing.T) {
	for _, text := range []string{"{{ $labels", "{{ $nobody }}", `{{ printf "%.0f" $values.A.Nothing }}`} {
		r := disk()
		r.Annotations["summary"] = text
		_, err := Evaluate(r, map[string]data.Frames{"A": numbers("eta_early", map[string]float64{"a": 6})})
		require.ErrorIs(t, err, ErrUnknown, text)
	}
}

// The report has to be able to tell every provisioned message, whichever of its nodes has a series.
func TestEveryProvisionedMessageCanBeTold(t *testing.T) {
	rules, err := grafana.Rules("../../provisioning/alerting")
	require.NoError(t, err)
	require.NotEmpty(t, rules)
	for _, r := range rules {
		for _, number := range []float64{nan, 0, 12.5, 1e6} {
			all := map[string]float64{}
			for _, n := range r.Nodes {
				all[n.RefID] = number
			}
			for _, numbers := range []map[string]float64{all, {r.Condition: number}} {
				for _, name := range []string{"summary", "description", "summary_zh", "description_zh"} {
					labels := map[string]string{}
					for _, label := range []string{"instance", "mountpoint", "container", "route", "region", "source", "pattern"} {
						labels[label] = "web-1"
					}
					text, err := expand(r.Annotations[name], labels, numbers)
					require.NoError(t, err, r.Title)
					require.NotEmpty(t, text, r.Title)
					require.NotContains(t, text, "no value", r.Title)
				}
			}
		}
	}
}
