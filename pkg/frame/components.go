package frame

import (
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/pkg/query"
)

// components makes one wide frame of what each series consists of: trend, seasons and remainder, past and ahead. The label
// `output` names the part.
func components(a *query.Answer) data.Frames {
	f := timed(a)
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
				field.Config.Custom = thin()
			}
			f.Fields = append(f.Fields, field)
		}
	}
	return data.Frames{f}
}
