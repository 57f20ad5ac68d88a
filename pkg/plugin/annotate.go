package plugin

import (
	"encoding/json"
	"html"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"
)

func escape(text string) string { return html.EscapeString(text) }

// wantsAnnotations says whether a query asks for its anomalies or warnings as dashboard annotations ("output": "annotations"), and
// gives it as a query for everything, of which those are a part.
func wantsAnnotations(dq backend.DataQuery) (backend.DataQuery, bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(dq.JSON, &fields) != nil || string(fields["output"]) != `"annotations"` {
		return dq, false
	}
	delete(fields, "output")
	raw, err := json.Marshal(fields)
	if err != nil {
		return dq, false
	}
	dq.JSON = raw
	return dq, true
}

// annotationFrames keeps the regions that frames paint on their panel, in the form that a dashboard's annotation query reads: one
// frame, also when there is nothing to show.
func annotationFrames(frames data.Frames, kind string) data.Frames {
	out := table("annotations", column[time.Time]("time", ""), column[time.Time]("timeEnd", ""), column[string]("title", ""), column[string]("text", ""), column[string]("tags", ""))
	for _, f := range frames {
		if f.Meta == nil || f.Meta.DataTopic != data.DataTopicAnnotations {
			continue
		}
		at := map[string]*data.Field{}
		for _, field := range f.Fields {
			at[field.Name] = field
		}
		if at["time"] == nil || at["timeEnd"] == nil || at["title"] == nil || at["text"] == nil {
			continue
		}
		out.Fields[0], out.Fields[1] = at["time"], at["timeEnd"]
		out.Fields[2], out.Fields[3] = at["title"], at["text"]
		tags := make([]string, at["time"].Len())
		for k := range tags {
			tags[k] = "forewarn," + kind
		}
		out.Fields[4] = data.NewField("tags", nil, tags)
	}
	return data.Frames{out}
}
