package frame

import (
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/pkg/query"
)

// band gives the range of those of a group that are no outliers as two fields, the upper one filled down to the lower.
func band(a *query.Answer) []*data.Field {
	if a.Band == nil || a.Query.Output != query.All {
		return nil
	}
	group := &query.Result{Name: "group", Lower: a.Band.Lower, Upper: a.Band.Upper}
	var out []*data.Field
	for _, o := range []query.Output{query.Lower, query.Upper} {
		field := data.NewField(string(o), data.Labels{outputLabel: string(o)}, column(a, group, o))
		field.Config = style(a, group, o, true)
		out = append(out, field)
	}
	return out
}
