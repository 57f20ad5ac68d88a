package frame

import (
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/pkg/query"
)

// components makes one wide frame of what each series consists of: trend, seasons and remainder, past and ahead. The label
// `output` names the part.
func components(a *query.Answer) data.Frames {
	times := data.NewField("time", nil, a.Grid.Times())
	times.Config = &data.FieldConfig{Interval: float64(a.Grid.Step.Milliseconds())}
	f := data.NewFrame("", times)
	f.Meta = &data.FrameMeta{Type: data.FrameTypeTimeSeriesWide, TypeVersion: typeVersion}
	for i := range a.Results {
		r := &a.Results[i]
		for _, c := range r.Components {
			values := make([]*float64, a.Grid.Len)
			put(values, c.Past, 0)
			put(values, c.Future, a.Past)
			name := query.Output(c.Name)
			field := data.NewField(c.Name, labels(r, name, true), values)
			field.Config = &data.FieldConfig{DisplayNameFromDS: nameOf(r, name)}
			if a.Query.Styled {
				field.Config.Custom = map[string]any{"drawStyle": "line", "lineWidth": 1, "fillOpacity": 0, "showPoints": "never", "spanNulls": false}
			}
			f.Fields = append(f.Fields, field)
		}
	}
	return data.Frames{f}
}
