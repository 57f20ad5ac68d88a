// Package frame turns answers into Grafana data frames that panels, expressions and alert rules read alike: one wide frame on
// a common step grid, or numeric frames where the answer is one number per series.
package frame

import (
	"math"
	"slices"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/pkg/param"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
)

// outputLabel tells results of one series apart: equal labels would be taken for one series by expressions.
const outputLabel = "output"

// ownOutput is what a series' own label of that name becomes, in Prometheus' way.
const ownOutput = "exported_output"

var typeVersion = data.FrameTypeVersion{0, 1}

// Frames gives the frames of an answer. forAlert leaves everything out but the one output that a rule asks for; no data is a
// frame without fields, which Grafana knows as such.
func Frames(a *query.Answer, forAlert bool) data.Frames {
	q := a.Query
	var frames data.Frames
	switch {
	case q.Output == query.All:
		frames = wide(a, all(q.Type))
		if notes := annotations(a); notes != nil && !forAlert {
			frames = append(frames, notes)
		}
	case q.Output == query.Hindcasts:
		frames = hindcast(a)
	case q.Output == query.Components:
		frames = components(a)
	case q.Output == query.Table:
		frames = data.Frames{table(a)}
	case numeric(q):
		frames = data.Frames{numbers(a)}
	default:
		frames = wide(a, []query.Output{q.Output})
	}
	if len(frames[0].Fields) <= 1 && len(a.Results) == 0 {
		frames = data.Frames{data.NewFrame("")}
	}
	for _, f := range frames {
		f.RefID = q.RefID
	}
	describe(a, frames[0])
	return frames
}

// numeric tells whether the output is one number per series, which feeds a threshold without a reduce.
func numeric(q *query.Query) bool {
	return q.Type == query.Warning || q.Type == query.Outlier || q.Output == query.SignalShare || q.Crosses()
}

// all lists what a panel draws.
func all(t query.Type) []query.Output {
	switch t {
	case query.Forecast:
		return []query.Output{query.Actual, query.Expected, query.ForecastOutput, query.Lower, query.Upper}
	case query.Warning:
		return []query.Output{query.Actual, query.ForecastOutput, query.Lower, query.Upper, threshold}
	case query.Anomaly:
		return []query.Output{query.Actual, query.Expected, query.Lower, query.Upper, anomaly}
	case query.Outlier:
		return []query.Output{query.Actual, anomaly}
	case query.Composite:
		return []query.Output{query.Score}
	default:
		return []query.Output{query.Actual}
	}
}

// Outputs that only panels get.
const (
	anomaly   query.Output = "anomaly"   // the actual value at flagged points
	threshold query.Output = "threshold" // the limit, as a line and as a column, in the metric's unit
)

// wide makes the one time series frame.
func wide(a *query.Answer, outputs []query.Output) data.Frames {
	f := newTimed(a)
	for i := range a.Results {
		r := &a.Results[i]
		for _, o := range outputs {
			if fill(a, r, o, f.column()) {
				f.add(string(o), labels(r, o, !a.Query.Output.Single()), style(a, r, o, len(outputs) > 1))
			}
		}
	}
	band(a, f)
	return data.Frames{f.Frame}
}

// labels are those of the series; output tells the results of one series apart where there are several. A single output goes
// without, so that a rule's numbers (eta beside eta_early) meet on equal labels.
func labels(r *query.Result, o query.Output, several bool) data.Labels {
	out := make(data.Labels, len(r.Labels)+1)
	for k, v := range r.Labels {
		if k == outputLabel && several {
			k = ownOutput
		}
		out[k] = v
	}
	if several {
		out[outputLabel] = string(o)
	}
	return out
}

// fill puts the values of an output where they are on the grid; false where the series has no such output.
func fill(a *query.Answer, r *query.Result, o query.Output, out []*float64) (ok bool) {
	past := func(values []float64) bool { return put(out, values, 0) }
	switch o {
	case query.Actual:
		ok = past(r.Actual)
	case query.Expected:
		ok = past(r.Expected)
	case query.ForecastOutput:
		ok = put(out, r.Forecast, a.Past)
	case query.Lower:
		ok = past(r.Lower)
		ok = put(out, r.ForecastLo, a.Past) || ok
	case query.Upper:
		ok = past(r.Upper)
		ok = put(out, r.ForecastUp, a.Past) || ok
	case query.Score:
		ok = past(r.Score)
	case query.LastWeek:
		ok = past(r.LastWeek)
	case ahead, left, query.ETA, query.ETAEarly, query.Firing:
		ok = past(before(r, o))
	case query.Anomalous:
		no, yes := 0.0, 1.0
		for i, flag := range r.Anomalous {
			switch {
			case i >= len(r.Score) || math.IsNaN(r.Score[i]):
			case flag:
				out[i] = &yes
			default:
				out[i] = &no
			}
		}
		ok = r.Anomalous != nil
	case anomaly:
		for i, flag := range r.Anomalous {
			if flag && !math.IsNaN(r.Actual[i]) {
				out[i] = &r.Actual[i]
			}
		}
		ok = r.Anomalous != nil
	case threshold:
		v := a.Query.Threshold.Value
		if r.Warning != nil {
			v = r.Warning.Threshold
		}
		if math.IsNaN(v) {
			return false
		}
		for i := len(r.Limits); i < len(out); i++ {
			out[i] = &v
		}
		ok = put(out, r.Limits, 0) || len(out) > 0
	}
	return ok || o == a.Query.Output && slices.Contains(explaining, o)
}

// explaining are outputs that a rule asks for beside its condition, for the message. A series without an answer has nulls there: no data of
// any query is no data of the whole rule, and what only explains must not silence it.
var explaining = []query.Output{query.Expected, query.Lower, query.Upper, query.LastWeek}

func put(out []*float64, values []float64, at int) bool {
	for i := range values {
		if k := at + i; k < len(out) && !math.IsNaN(values[i]) {
			out[k] = &values[i]
		}
	}
	return len(values) > 0
}

// nameOf is the display name of a result, unique in its frame.
func nameOf(r *query.Result, o query.Output) string {
	switch {
	case o == query.Actual:
		return r.Name
	case o == ahead && r.Hindcast != nil:
		return r.Name + " " + param.FormatDuration(r.Hindcast.Lead) + " ahead"
	}
	return r.Name + " " + string(o)
}

func severity(s series.Severity) data.NoticeSeverity {
	if s == series.Warning {
		return data.NoticeSeverityWarning
	}
	return data.NoticeSeverityInfo
}
