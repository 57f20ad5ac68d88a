package frame

import (
	"fmt"
	"html"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// mostRegions bounds what is painted on one panel; beyond it the newest are kept.
const mostRegions = 200

type region struct {
	from, to    time.Time
	span        bool
	colour      string
	title, text string
}

// annotations gives the regions of anomalies and the moments of warnings as a frame that the panel paints; nil without any.
func annotations(a *query.Answer) *data.Frame {
	var list []region
	for i := range a.Results {
		r := &a.Results[i]
		list = append(list, regions(a, r)...)
		list = append(list, stood(r)...)
		if w := r.Warning; w != nil && w.State == warn.Rising && r.PastWarning == nil {
			at := func(hours float64) time.Time { return a.AsOf.Add(time.Duration(hours * float64(time.Hour))) }
			list = append(list, region{at(w.ETAEarly), at(w.ETA), true, "orange", r.Name,
				fmt.Sprintf("crosses %g in about %s (earliest %s), %.0f %% likely within the horizon", w.Threshold, hoursText(w.ETA), hoursText(w.ETAEarly), 100*w.Probability)})
		}
	}
	if len(list) == 0 {
		return nil
	}
	if len(list) > mostRegions {
		list = list[len(list)-mostRegions:]
	}
	f := data.NewFrame("anomalies",
		data.NewField("time", nil, []time.Time{}), data.NewField("timeEnd", nil, []time.Time{}), data.NewField("isRegion", nil, []bool{}),
		data.NewField("color", nil, []string{}), data.NewField("title", nil, []string{}), data.NewField("text", nil, []string{}), data.NewField("id", nil, []int64{}))
	f.Meta = &data.FrameMeta{DataTopic: data.DataTopicAnnotations}
	for _, r := range list {
		f.AppendRow(r.from, r.to, r.span, r.colour, html.EscapeString(r.title), html.EscapeString(r.text), int64(0))
	}
	return f
}

// regions are the episodes of a result: red where flagged, grey where a stage held them back.
func regions(a *query.Answer, r *query.Result) []region {
	out := make([]region, 0, len(r.Episodes))
	for _, e := range r.Episodes {
		colour := "red"
		switch e.HeldBack {
		case "":
		case "persistence", "for":
			continue // a point that was alone; the meta counts them
		default:
			colour = "#8e8e8e"
		}
		out = append(out, region{e.From, e.To, true, colour, r.Name, e.Sentence(a.Query.Language)})
	}
	return out
}

func hoursText(h float64) string {
	if h < 1 {
		return fmt.Sprintf("%.0f min", h*60)
	}
	return fmt.Sprintf("%.0f h", h)
}
