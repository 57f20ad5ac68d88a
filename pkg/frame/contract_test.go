package frame

import (
	"fmt"
	"math"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/query"
)

var types = []query.Type{query.Forecast, query.Anomaly, query.Warning, query.Outlier, query.Composite, query.Series}

// singles calls test for every output that a rule may ask for.
func singles(t *testing.T, test func(t *testing.T, a *query.Answer, o query.Output)) {
	for _, qt := range types {
		for _, o := range query.Outputs(qt) {
			if o.Single() {
				t.Run(fmt.Sprint(qt, " ", o), func(t *testing.T) {
					a := answer(qt, o)
					a.Query.Signal = "cpu"
					test(t, a, o)
				})
			}
		}
	}
}

// What a rule is given of any output: one frame, a field of numbers for each series, numbers alone or beside one column of time.
func TestARuleIsGivenOneFrameWithAFieldForEachSeries(t *testing.T) {
	singles(t, func(t *testing.T, a *query.Answer, o query.Output) {
		a.Query.MaxDataPoints = 2 // a panel's width does not matter to a rule
		frames := Frames(a, true)
		require.Len(t, frames, 1)
		f := frames[0]
		require.Equal(t, "A", f.RefID)
		require.NotEqual(t, data.DataTopicAnnotations, f.Meta.DataTopic)
		fields, rows := f.Fields, 1
		if f.Meta.Type == data.FrameTypeTimeSeriesWide {
			require.Equal(t, data.FieldTypeTime, f.Fields[0].Type())
			fields, rows = f.Fields[1:], a.Grid.Len
		} else {
			require.Equal(t, data.FrameTypeNumericWide, f.Meta.Type)
		}
		require.Equal(t, rows, f.Rows(), "every point")
		for _, field := range fields {
			require.Equal(t, data.FieldTypeNullableFloat64, field.Type())
			require.Equal(t, string(o), field.Name)
			require.Nil(t, field.Config.Custom["hideFrom"], "nothing of it is hidden")
		}
	})
}

// The numbers of several queries of one rule are put together by their labels: those of a series are the same in each output.
func TestTheLabelsOfASeriesAreTheSameInEachOutput(t *testing.T) {
	singles(t, func(t *testing.T, a *query.Answer, _ query.Output) {
		for i := range a.Results {
			a.Results[i].Labels["output"] = fmt.Sprint("own ", i) // a label of the metric itself
		}
		for _, field := range Frames(a, true)[0].Fields {
			if field.Type() == data.FieldTypeTime {
				continue
			}
			require.Contains(t, []data.Labels{{"host": "web-1", "output": "own 0"}, {"host": "web-2", "output": "own 1"}}, field.Labels)
		}
	})
}

// A unit or the words of a number are said by the frame, in a rule's message as in a panel.
func TestNumbersCarryTheirUnit(t *testing.T) {
	units := map[query.Output]string{query.ETA: "h", query.ETAEarly: "h", query.Probability: "percentunit", query.Probability24: "percentunit", query.Probability72: "percentunit", query.SignalShare: "percentunit"}
	singles(t, func(t *testing.T, a *query.Answer, o query.Output) {
		for _, field := range Frames(a, true)[0].Fields {
			if field.Type() != data.FieldTypeTime {
				require.Equal(t, units[o], field.Config.Unit)
			}
		}
	})
}

// A table has a row for each series and a column for each of its labels, whatever they are called; where there is a time left, the first
// row is where it is least.
func TestATableHasARowForEachSeriesAndTheMostUrgentFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawn().Filter(func(a *query.Answer) bool {
			return (a.Query.Type == query.Warning || a.Query.Type == query.Outlier || a.Query.Type == query.Composite) && len(a.Results) > 0
		}).Draw(t, "answer")
		a.Query.Output = query.Table
		f := Frames(a, false)[0]
		require.Equal(t, len(a.Results), f.Rows())
		column := map[string]*data.Field{}
		for _, field := range f.Fields {
			require.NotContains(t, column, field.Name, "columns have names of their own")
			column[field.Name] = field
		}
		byName := map[string]*query.Result{}
		for i := range a.Results {
			byName[a.Results[i].Name] = &a.Results[i]
		}
		last := math.Inf(-1)
		for row := range f.Rows() {
			r := byName[column["series"].At(row).(string)]
			require.NotNil(t, r)
			delete(byName, r.Name)
			for l, v := range r.Labels {
				name := l
				if column["exported_"+l] != nil {
					name = "exported_" + l
				}
				require.Equal(t, v, column[name].At(row), l)
			}
			require.GreaterOrEqual(t, urgency(r), last)
			last = urgency(r)
			if a.Query.Type == query.Warning && r.Warning == nil {
				for _, name := range []string{"current", "threshold", "eta", "eta_early", "date", "probability", "growth"} {
					require.True(t, column[name].NilAt(row), "what cannot be said is null, not zero: %s", name)
				}
			}
		}
		require.Empty(t, byName, "each series once")
	})
}
