package alert

import (
	"fmt"
	"math"
	"strings"
	"text/template"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/forewarn/earlywarning/demo/grafana"
)

// Instance is what a rule says of one series.
type Instance struct {
	Labels  map[string]string
	Met     bool // the condition holds; with a `for` it has to hold that long before the rule fires
	NoData  bool
	Values  map[string]float64 // by node
	Summary string             // what the message says, where the condition holds
	Why     string             // and the reason it gives
}

// Evaluate works a rule out from the frames of its queries, by refId.
func Evaluate(r *grafana.Rule, answers map[string]data.Frames) ([]Instance, error) {
	nodes := map[string][]Dimension{}
	for _, n := range r.Nodes {
		var err error
		if n.SourceUID == grafana.ExpressionUID {
			nodes[n.RefID], err = evaluate(n.Model, nodes)
		} else {
			nodes[n.RefID], err = Fields(answers[n.RefID])
		}
		if err != nil {
			return nil, fmt.Errorf("rule %s: node %s: %w", r.Title, n.RefID, err)
		}
	}
	condition, ok := nodes[r.Condition]
	if !ok {
		return nil, fmt.Errorf("%w: rule %s: its condition %q is none of its nodes", ErrUnknown, r.Title, r.Condition)
	}
	list := make([]Instance, 0, len(condition))
	for _, d := range condition {
		if d.Time {
			return nil, fmt.Errorf("%w: rule %s: its condition is a series over time", ErrUnknown, r.Title)
		}
		i := Instance{Labels: d.Labels, NoData: math.IsNaN(d.Number), Values: map[string]float64{}}
		i.Met = !i.NoData && d.Number != 0
		for ref, dims := range nodes {
			for _, other := range dims {
				if !other.Time && key(other.Labels) == key(d.Labels) {
					i.Values[ref] = other.Number
				}
			}
		}
		if i.Met {
			for name, into := range map[string]*string{"summary": &i.Summary, "description": &i.Why} {
				var err error
				if *into, err = expand(r.Annotations[name], i.Labels, i.Values); err != nil {
					return nil, fmt.Errorf("rule %s: %s: %w", r.Title, name, err)
				}
			}
		}
		list = append(list, i)
	}
	return list, nil
}

// value is what $values.A is in a message; without labels where the node has no such series.
type value struct {
	Labels map[string]string
	Value  float64
}

// expand fills a message's template with $labels and $values.
func expand(text string, labels map[string]string, numbers map[string]float64) (string, error) {
	t, err := template.New("summary").Parse("{{ $labels := .Labels }}{{ $values := .Values }}" + text)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	values := make(map[string]value, len(numbers))
	for k, v := range numbers {
		values[k] = value{labels, v}
	}
	var b strings.Builder
	if err := t.Execute(&b, map[string]any{"Labels": labels, "Values": values}); err != nil {
		return "", fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	return strings.TrimSpace(b.String()), nil
}
