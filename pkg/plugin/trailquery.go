package plugin

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/pkg/explain"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/trail"
)

// trailQuery is a query of type trail: what dashboards and annotations show of recorded warnings (docs/decisions/0011).
type trailQuery struct {
	Report   string `json:"report"`
	Rule     string `json:"rule"`     // warnings, annotations: of one rule only
	Language string `json:"language"` // warnings, annotations: of the sentences, where they were recorded in it; empty: as the rule has them
}

// The reports of the trail.
var trailReports = map[string]func(*trail.Summary, trailQuery) *data.Frame{
	"hours": hoursFrame, "rules": rulesFrame, "entities": entitiesFrame, "warnings": warningsFrame, "annotations": annotationsFrame,
	"deliveries": deliveriesFrame, "totals": totalsFrame,
}

// ownFields of a query that Grafana and the editor add.
var ownFields = []string{"refId", "queryType", "datasource", "datasourceId", "hide", "key", "intervalMs", "maxDataPoints", "interval", "output", "timeRange"}

// isTrail says whether a query asks for the trail.
func isTrail(dq backend.DataQuery) bool {
	var head struct {
		Type string `json:"queryType"`
	}
	return json.Unmarshal(dq.JSON, &head) == nil && (head.Type == "trail" || head.Type == "" && dq.QueryType == "trail")
}

func parseTrail(raw []byte) (trailQuery, error) {
	var fields map[string]json.RawMessage
	var q trailQuery
	if err := json.Unmarshal(raw, &fields); err != nil {
		return q, fmt.Errorf("%w: not an object", query.ErrInvalid)
	}
	for _, name := range ownFields {
		delete(fields, name)
	}
	rest, err := json.Marshal(fields)
	if err != nil {
		return q, err
	}
	dec := json.NewDecoder(bytes.NewReader(rest))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&q); err != nil {
		return q, fmt.Errorf("%w: a query of type trail takes the fields \"report\", \"rule\" and \"language\": %w", query.ErrInvalid, err)
	}
	if q.Report == "" {
		q.Report = "warnings"
	}
	if trailReports[q.Report] == nil && !slices.Contains([]string{"precision", "accuracy", "models"}, q.Report) {
		return q, fmt.Errorf("%w: field \"report\" is %q, want hours, rules, entities, warnings, annotations, deliveries, totals, precision, accuracy or models", query.ErrInvalid, q.Report)
	}
	if q.Language != "" && !slices.Contains(explain.Languages(), q.Language) {
		return q, fmt.Errorf("%w: field \"language\" is %q, want %s", query.ErrInvalid, q.Language, strings.Join(explain.Languages(), " or "))
	}
	return q, nil
}

// answerTrail answers a query of type trail over the request's range. No data is a frame without fields, as of any other query: a panel
// then says so instead of showing a table's head.
func (i *Instance) answerTrail(ctx context.Context, dq backend.DataQuery) (backendFrames, error) {
	q, err := parseTrail(dq.JSON)
	if err != nil {
		return nil, err
	}
	f, err := i.reported(ctx, q, dq.TimeRange)
	if err != nil {
		return nil, err
	}
	if f.Rows() == 0 {
		f = data.NewFrame("")
	}
	return data.Frames{f}, nil
}

// reported makes the frame of a report.
func (i *Instance) reported(ctx context.Context, q trailQuery, in backend.TimeRange) (*data.Frame, error) {
	switch q.Report {
	case "precision":
		list, err := i.alerting.trail.Precision(ctx)
		return precisionFrame(list), err
	case "accuracy":
		list, err := i.alerting.trail.Accuracy(ctx, in.From, in.To, time.Now())
		return accuracyFrame(list), err
	case "models":
		list, err := i.trials(ctx)
		return trialsFrame(list), err
	}
	s, err := i.alerting.trail.Summarize(ctx, in.From, in.To)
	if err != nil {
		return nil, err
	}
	return trailReports[q.Report](s, q), nil
}

func table(name string, fields ...*data.Field) *data.Frame {
	f := data.NewFrame(name, fields...)
	f.Meta = &data.FrameMeta{Type: data.FrameTypeTable, TypeVersion: data.FrameTypeVersion{0, 1}, PreferredVisualization: data.VisTypeTable}
	return f
}

func column[T any](name, unit string) *data.Field {
	f := data.NewField(name, nil, []T{})
	if unit != "" {
		f.Config = &data.FieldConfig{Unit: unit}
	}
	return f
}

// hoursFrame counts the warnings raised in each hour, one field for each severity.
func hoursFrame(s *trail.Summary, _ trailQuery) *data.Frame {
	names := []string{"critical", "warning"}
	have := map[string]bool{"critical": true, "warning": true}
	for _, h := range s.Hours {
		for name := range h.BySeverity {
			if !have[name] {
				have[name] = true
				names = append(names, name)
			}
		}
	}
	times := make([]time.Time, len(s.Hours))
	for k, h := range s.Hours {
		times[k] = h.Start
	}
	f := data.NewFrame("warnings per hour", data.NewField("time", nil, times)) // which copies
	for _, name := range names {
		values := make([]float64, len(s.Hours))
		for k, h := range s.Hours {
			values[k] = float64(h.BySeverity[name])
		}
		field := data.NewField("warnings", data.Labels{"severity": name}, values)
		field.Config = &data.FieldConfig{DisplayNameFromDS: name, Unit: "short"}
		f.Fields = append(f.Fields, field)
	}
	f.Meta = &data.FrameMeta{Type: data.FrameTypeTimeSeriesWide, TypeVersion: data.FrameTypeVersion{0, 1}}
	return f
}

func countsFrame(name string, list []trail.Count) *data.Frame {
	f := table(name, column[string](name, ""), column[int64]("raised", "short"), column[int64]("resolved", "short"), column[*float64]("minutes to resolve", "m"), column[time.Time]("last", ""))
	for _, c := range list {
		f.AppendRow(c.Name, int64(c.Raised), int64(c.Resolved), minutes(c.Resolved, c.MeanMins), c.Last)
	}
	return f
}

// minutes is null where nothing was resolved: no warning ended after no time at all.
func minutes(resolved int, mean float64) *float64 {
	if resolved == 0 {
		return nil
	}
	return &mean
}

func rulesFrame(s *trail.Summary, _ trailQuery) *data.Frame { return countsFrame("rule", s.Rules) }

func entitiesFrame(s *trail.Summary, _ trailQuery) *data.Frame {
	return countsFrame("entity", s.Entities)
}

func totalsFrame(s *trail.Summary, _ trailQuery) *data.Frame {
	open := 0
	for _, w := range s.Warnings {
		if w.To.IsZero() {
			open++
		}
	}
	f := table("totals", column[int64]("raised", "short"), column[int64]("resolved", "short"), column[int64]("open", "short"), column[*float64]("minutes to resolve", "m"))
	f.AppendRow(int64(s.Raised), int64(s.Resolved), int64(open), minutes(s.Resolved, s.MeanMins))
	return f
}

func warningsFrame(s *trail.Summary, q trailQuery) *data.Frame {
	f := table("warnings", column[time.Time]("time", ""), column[*time.Time]("resolved", ""), column[string]("severity", ""), column[string]("rule", ""), column[string]("entity", ""),
		column[string]("what", ""), column[string]("model", ""), column[string]("algorithm", ""), column[string]("why", ""), column[int64]("line", ""))
	for _, w := range ofRule(s.Warnings, q.Rule) {
		what, _, _ := strings.Cut(q.told(w, "note", w.Note), "\n")
		f.AppendRow(w.From, end(w), w.Severity, w.Rule, w.Subject, what, modelText(w), textOf(w, "algorithm"), q.told(w, "why", textOf(w, "why")), w.Seq)
	}
	return f
}

// annotationsFrame has the fields that dashboard annotations read. A warning that lasts ends where it began: Grafana takes the fields of
// the first annotation for those of all, and draws no panel where a later one has an end and the first has none.
func annotationsFrame(s *trail.Summary, q trailQuery) *data.Frame {
	f := table("warnings", column[time.Time]("time", ""), column[time.Time]("timeEnd", ""), column[string]("title", ""), column[string]("text", ""), column[string]("tags", ""))
	for _, w := range ofRule(s.Warnings, q.Rule) {
		tags := []string{"forewarn", w.Severity}
		if w.Model != "" {
			tags = append(tags, w.Model)
		}
		until := w.From
		if resolved := end(w); resolved != nil {
			until = *resolved
		}
		f.AppendRow(w.From, until, escape(w.Rule+" · "+w.Subject), escape(q.told(w, "note", w.Note)), strings.Join(tags, ","))
	}
	return f
}

func deliveriesFrame(s *trail.Summary, _ trailQuery) *data.Frame {
	f := table("deliveries", column[string]("channel", ""), column[int64]("sent", "short"), column[int64]("failed", "short"), column[time.Time]("last", ""), column[string]("last error", ""))
	for _, d := range s.Deliveries {
		f.AppendRow(d.Channel, int64(d.Sent), int64(d.Failed), d.Last, d.LastError)
	}
	return f
}

func precisionFrame(list []trail.Precision) *data.Frame {
	f := table("precision", column[string]("model", ""), column[int64]("incidents", "short"), column[int64]("not anomalies", "short"), column[float64]("precision", "percentunit"))
	for _, p := range list {
		f.AppendRow(p.Model, int64(p.Incidents), int64(p.NotAnomalies), float64(p.Incidents)/float64(p.Incidents+p.NotAnomalies))
	}
	return f
}

// told is a text of a warning in the language asked for.
func (q trailQuery) told(w trail.Line, name, written string) string {
	if q.Language == "" {
		return written
	}
	return trail.In(w.Values, name, q.Language, written)
}

func ofRule(list []trail.Line, rule string) []trail.Line {
	if rule == "" {
		return list
	}
	var out []trail.Line
	for _, w := range list {
		if w.Rule == rule {
			out = append(out, w)
		}
	}
	return out
}

func end(w trail.Line) *time.Time {
	if w.To.IsZero() {
		return nil
	}
	return &w.To
}

func modelText(w trail.Line) string {
	if w.Model == "" || w.Version == 0 {
		return w.Model
	}
	return fmt.Sprintf("%s v%d", w.Model, w.Version)
}

func textOf(w trail.Line, name string) string {
	s, _ := w.Values[name].(string)
	return s
}
