package frame

import (
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/pkg/query"
)

// band adds the range of those of a group that are no outliers as two fields, the upper one filled down to the lower.
func band(a *query.Answer, f *timed) {
	if a.Band == nil || a.Query.Output != query.All {
		return
	}
	group := &query.Result{Name: "group", Lower: a.Band.Lower, Upper: a.Band.Upper}
	for _, o := range []query.Output{query.Lower, query.Upper} {
		fill(a, group, o, f.column())
		f.add(string(o), data.Labels{outputLabel: string(o)}, style(a, group, o, true))
	}
}
