package frame

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/pkg/explain"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// numbers makes a numeric-wide frame: one row, one field per series. A series without an answer is null, which is "no data"
// for that series alone.
func numbers(a *query.Answer) *data.Frame {
	f := data.NewFrame("")
	f.Meta = &data.FrameMeta{Type: data.FrameTypeNumericWide, TypeVersion: typeVersion}
	o := a.Query.Output
	for i := range a.Results {
		r := &a.Results[i]
		v := number(r, o)
		if o == query.SignalShare {
			v = shareOf(r, a.Query.Signal)
		}
		field := data.NewField(string(o), labels(r, o, false), []*float64{v})
		field.Config = &data.FieldConfig{DisplayNameFromDS: r.Name}
		decorate(field.Config, o)
		f.Fields = append(f.Fields, field)
	}
	return f
}

// number gives one output of one series; nil where it has none.
func number(r *query.Result, o query.Output) *float64 {
	v := math.NaN()
	switch {
	case o == query.LastWeek && len(r.LastWeek) > 0:
		v = r.LastWeek[len(r.LastWeek)-1]
	case r.Warning != nil:
		v = warningNumber(r.Warning, o)
	case r.Outlier != nil:
		v = outlierNumber(r.Outlier, o)
	case r.Crosses != nil:
		v = crossingNumber(r.Crosses, o)
	}
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

// shareOf sums the parts of a source's signals; nil where the entity has no score.
func shareOf(r *query.Result, source string) *float64 {
	if len(r.Shares) == 0 {
		return nil
	}
	sum := 0.0
	for _, s := range r.Shares {
		if name, _, _ := strings.Cut(s.Signal, " "); s.Signal == source || name == source { // "logs timeout" is of logs
			sum += s.Share
		}
	}
	return &sum
}

func outlierNumber(r *query.OutlierResult, o query.Output) float64 {
	switch {
	case o == query.Score:
		return r.Score
	case o == query.Actual:
		return r.Actual
	case o == query.Expected:
		return r.Expected
	case math.IsNaN(r.Score): // nobody to compare it with
	case o == query.OutlierOutput && r.Outlier:
		return 1
	case o == query.OutlierOutput:
		return 0
	case o == query.Agree:
		return float64(r.Agree)
	case o == query.Members:
		return float64(r.Members)
	}
	return math.NaN()
}

func crossingNumber(c *query.Crosses, o query.Output) float64 {
	switch o {
	case query.ETA:
		return c.Hours
	case query.Crossing:
		return c.Value
	case query.CrossingLower:
		return c.Lower
	case query.CrossingUpper:
		return c.Upper
	}
	return math.NaN()
}

func warningNumber(w *warn.Answer, o query.Output) float64 {
	switch o {
	case query.ETA:
		return w.ETA
	case query.ETAEarly:
		return w.ETAEarly
	case query.Probability:
		return w.Probability
	case query.Probability24:
		return w.Prob24
	case query.Probability72:
		return w.Prob72
	case query.State:
		return w.State.Code()
	case query.Firing:
		if w.Firing {
			return 1
		}
		return 0
	case query.Current:
		return w.Current
	case query.Growth:
		return w.GrowthPerDay
	case threshold:
		return w.Threshold
	}
	return math.NaN()
}

// decorate sets unit and the words for Never and Uncertain, so that a panel shows "never" and not a million hours.
func decorate(c *data.FieldConfig, o query.Output) {
	switch o {
	case query.ETA, query.ETAEarly:
		c.Unit = "h"
		c.Mappings = data.ValueMappings{data.ValueMapper{
			fmt.Sprint(int(warn.Never)):     {Text: "never", Color: "green", Index: 0},
			fmt.Sprint(int(warn.Uncertain)): {Text: "uncertain", Color: "text", Index: 1},
		}}
	case query.Probability, query.Probability24, query.Probability72, query.SignalShare:
		c.Unit = "percentunit"
	case query.State:
		c.Mappings = data.ValueMappings{data.ValueMapper{
			"0": {Text: "ok", Color: "green", Index: 0}, "1": {Text: "rising", Color: "orange", Index: 1},
			"2": {Text: "uncertain", Color: "text", Index: 2}, "3": {Text: "breached", Color: "red", Index: 3},
		}}
	}
}

// columns of tables beside the labels.
var columns = []string{"series", "current", "threshold", "eta", "eta_early", "date", "probability", "growth", "state", "held back", "score", "outlier", "why", "shares"}

// table makes one row per series, the most urgent first.
func table(a *query.Answer) *data.Frame {
	rows := make([]*query.Result, len(a.Results))
	for i := range a.Results {
		rows[i] = &a.Results[i]
	}
	slices.SortStableFunc(rows, func(x, y *query.Result) int {
		switch p, q := urgency(x), urgency(y); {
		case p < q:
			return -1
		case p > q:
			return 1
		}
		return strings.Compare(x.Name, y.Name)
	})
	f := data.NewFrame("")
	f.Meta = &data.FrameMeta{Type: data.FrameTypeTable, TypeVersion: typeVersion, PreferredVisualization: data.VisTypeTable}
	texts := func(name string, get func(*query.Result) string) {
		values := make([]string, len(rows))
		for i, r := range rows {
			values[i] = get(r)
		}
		f.Fields = append(f.Fields, data.NewField(name, nil, values))
	}
	column := func(o query.Output, get func(*query.Result) *float64) {
		values := make([]*float64, len(rows))
		for i, r := range rows {
			values[i] = get(r)
		}
		field := data.NewField(string(o), nil, values)
		field.Config = &data.FieldConfig{}
		decorate(field.Config, o)
		f.Fields = append(f.Fields, field)
	}
	texts("series", func(r *query.Result) string { return r.Name })
	for _, l := range labelNames(rows) {
		name := l
		if slices.Contains(columns, l) {
			name = "exported_" + l // as Prometheus does: a table's columns have names of their own
		}
		texts(name, func(r *query.Result) string { return r.Labels[l] })
	}
	switch a.Query.Type {
	case query.Warning:
		for _, o := range []query.Output{query.Current, threshold, query.ETA, query.ETAEarly} {
			column(o, func(r *query.Result) *float64 { return number(r, o) })
		}
		f.Fields = append(f.Fields, data.NewField("date", nil, dates(rows, a.AsOf)))
		for _, o := range []query.Output{query.Probability, query.Growth} {
			column(o, func(r *query.Result) *float64 { return number(r, o) })
		}
		texts("state", func(r *query.Result) string {
			if r.Warning == nil {
				return ""
			}
			return string(r.Warning.State)
		})
		texts("held back", func(r *query.Result) string {
			if r.Warning == nil {
				return r.Why
			}
			return strings.Join(r.Warning.HeldBack, ", ")
		})
		if m := reasons(rows, a.Query.Language); len(m) > 0 {
			f.Fields[len(f.Fields)-1].Config = &data.FieldConfig{Mappings: data.ValueMappings{m}}
		}
	case query.Outlier:
		column(query.Score, func(r *query.Result) *float64 { return number(r, query.Score) })
		column(query.OutlierOutput, func(r *query.Result) *float64 { return number(r, query.OutlierOutput) })
		texts("why", func(r *query.Result) string { return r.Why })
	default:
		column(query.Score, newest)
		texts("shares", shares)
		texts("why", func(r *query.Result) string { return why(a, r) })
	}
	return f
}

// dates are the times at which the thresholds are expected to be crossed; nil where none is stated, or they are crossed already.
func dates(rows []*query.Result, asOf time.Time) []*time.Time {
	out := make([]*time.Time, len(rows))
	for i, r := range rows {
		if w := r.Warning; w != nil && w.State != warn.Breached && warn.Stated(w.ETA) {
			at := asOf.Add(time.Duration(w.ETA * float64(time.Hour))).Round(time.Minute)
			out[i] = &at
		}
	}
	return out
}

// reasons are words for the guards that held warnings back, whose names the cells hold.
func reasons(rows []*query.Result, language string) data.ValueMapper {
	out := data.ValueMapper{}
	for _, r := range rows {
		if r.Warning != nil && len(r.Warning.HeldBack) > 0 {
			out[strings.Join(r.Warning.HeldBack, ", ")] = data.ValueMappingResult{Text: explain.Guards(r.Warning.HeldBack, language)}
		}
	}
	return out
}

// urgency orders rows: hours left, or the score downwards.
func urgency(r *query.Result) float64 {
	switch {
	case r.Warning != nil:
		return min(r.Warning.ETAEarly, r.Warning.ETA)
	case r.Outlier != nil && !math.IsNaN(r.Outlier.Score):
		return -r.Outlier.Score
	case r.Score != nil:
		if s := newest(r); s != nil {
			return -*s
		}
	}
	return math.MaxFloat64
}

// newest gives the last known score.
func newest(r *query.Result) *float64 {
	for i := len(r.Score) - 1; i >= 0; i-- {
		if !math.IsNaN(r.Score[i]) {
			return &r.Score[i]
		}
	}
	return nil
}

// why tells of the newest episode that was flagged, or why there is no score.
func why(a *query.Answer, r *query.Result) string {
	for i := len(r.Episodes) - 1; i >= 0; i-- {
		if r.Episodes[i].HeldBack == "" {
			return r.Episodes[i].Sentence(a.Query.Language)
		}
	}
	return r.Why
}

func shares(r *query.Result) string {
	parts := slices.Clone(r.Shares)
	slices.SortStableFunc(parts, func(a, b query.Share) int { return cmp.Compare(b.Share, a.Share) })
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = fmt.Sprintf("%s %.0f %%", p.Signal, 100*p.Share+0) // + 0: no "-0 %"
	}
	return strings.Join(texts, ", ")
}

func labelNames(rows []*query.Result) []string {
	set := map[string]bool{}
	var names []string
	for _, r := range rows {
		for l := range r.Labels {
			if !set[l] {
				set[l] = true
				names = append(names, l)
			}
		}
	}
	slices.Sort(names)
	return names
}
