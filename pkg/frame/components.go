package frame

import (
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/pkg/query"
)

// components makes one wide frame of what each series consists of: trend, seasons and remainder, past and ahead. The label
// `output` names the part.
func components(a *query.Answer) data.Frames {
	f := newTimed(a)
	for i := range a.Results {
		r := &a.Results[i]
		for _, c := range r.Components {
			values := f.column()
			put(values, c.Past, 0)
			put(values, c.Future, a.Past)
			name := query.Output(c.Name)
			config := &data.FieldConfig{DisplayNameFromDS: nameOf(r, name)}
			if a.Query.Styled {
				config.Custom = thin()
			}
			f.add(c.Name, labels(r, name, true), config)
		}
	}
	return data.Frames{f.Frame}
}
