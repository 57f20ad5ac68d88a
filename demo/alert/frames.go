// Package alert evaluates alert rules as Grafana does, as far as the demo's rules go: queries, reduce, math and
// threshold expressions, and the sentence of a message.
package alert

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// ErrUnknown is wrapped when a rule uses what is not evaluated here.
var ErrUnknown = errors.New("not evaluated by the demo's report")

// outputLabel tells the outputs of one series apart; messages join them.
const outputLabel = "output"

// Dimension is one series or number of a node, known by its labels.
type Dimension struct {
	Labels map[string]string
	Values []float64 // of a series over time, oldest first; NaN is missing
	Number float64   // of a number
	Time   bool      // true: a series over time
}

// Fields reads frames: each number field is one dimension, over time when the frame has a time field.
func Fields(frames data.Frames) ([]Dimension, error) {
	var list []Dimension
	for _, f := range frames {
		if f.Meta != nil && f.Meta.DataTopic == data.DataTopicAnnotations {
			continue
		}
		over := f.TimeSeriesSchema().Type != data.TimeSeriesTypeNot
		for _, field := range f.Fields {
			if !field.Type().Numeric() {
				continue
			}
			d := Dimension{Labels: map[string]string(field.Labels.Copy()), Time: over}
			for i := range field.Len() {
				v, err := field.NullableFloatAt(i)
				if err != nil {
					return nil, fmt.Errorf("field %s: %w", field.Name, err)
				}
				x := math.NaN()
				if v != nil {
					x = *v
				}
				d.Values = append(d.Values, x)
			}
			if !over {
				if len(d.Values) != 1 {
					return nil, fmt.Errorf("%w: field %s has %d rows and no time", ErrUnknown, field.Name, len(d.Values))
				}
				d.Number = d.Values[0]
			}
			list = append(list, d)
		}
	}
	return list, nil
}

// key joins the dimensions of nodes: the labels but for the output.
func key(labels map[string]string) string {
	var b strings.Builder
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		if k != outputLabel {
			fmt.Fprintf(&b, "%s=%q,", k, labels[k])
		}
	}
	return b.String()
}
