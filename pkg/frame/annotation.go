package frame

import (
	"fmt"
	"html"
	"math"
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
		if w := r.Warning; w != nil && w.State == warn.Rising {
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

// regions joins neighbouring flagged points.
func regions(a *query.Answer, r *query.Result) []region {
	var out []region
	if r.Outlier != nil {
		return nil
	}
	for i := 0; i < len(r.Anomalous); i++ {
		if !r.Anomalous[i] {
			continue
		}
		start, worst := i, i
		for i+1 < len(r.Anomalous) && r.Anomalous[i+1] {
			i++
			if r.Score[i] > r.Score[worst] {
				worst = i
			}
		}
		out = append(out, region{a.Grid.Time(start), a.Grid.Time(i + 1), true, "red", r.Name, sentence(r, worst)})
	}
	return out
}

func sentence(r *query.Result, i int) string {
	text := fmt.Sprintf("score %.1f", r.Score[i])
	if r.Actual == nil || math.IsNaN(r.Actual[i]) {
		return text
	}
	text = fmt.Sprintf("%.4g", r.Actual[i])
	switch lo, hi := r.Lower[i], r.Upper[i]; {
	case !math.IsNaN(lo) && !math.IsNaN(hi):
		text += fmt.Sprintf(", expected %.4g to %.4g", lo, hi)
	case !math.IsNaN(hi):
		text += fmt.Sprintf(", limit %.4g", hi)
	case !math.IsNaN(lo):
		text += fmt.Sprintf(", limit %.4g", lo)
	}
	return text + fmt.Sprintf(" (score %.1f)", r.Score[i])
}

func hoursText(h float64) string {
	if h < 1 {
		return fmt.Sprintf("%.0f min", h*60)
	}
	return fmt.Sprintf("%.0f h", h)
}
