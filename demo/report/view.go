package report

import (
	"math"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
)

// outputLabel names the output that a field carries.
const outputLabel = "output"

// drawn is one series of an answer with its outputs, at common times.
type drawn struct {
	name    string
	outputs map[string][]float64
}

// over reads a wide frame: the series in order, and the times. A frame without time gives none.
func over(f *data.Frame) ([]time.Time, []*drawn) {
	var times []time.Time
	var list []*drawn
	index := map[string]*drawn{}
	for _, field := range f.Fields {
		switch {
		case field.Type().Time() && times == nil:
			times = make([]time.Time, field.Len())
			for i := range times {
				if t, ok := field.ConcreteAt(i); ok {
					times[i] = t.(time.Time)
				}
			}
		case field.Type().Numeric():
			output := outputOf(field)
			rest := field.Labels.Copy()
			delete(rest, outputLabel)
			key := rest.String()
			s, ok := index[key]
			if !ok {
				s = &drawn{name: title(field, output), outputs: map[string][]float64{}}
				index[key] = s
				list = append(list, s)
			}
			s.outputs[output] = numbersOf(field)
		}
	}
	return times, list
}

// outputOf is the output that a field's label tells, or its name where an answer has but one.
func outputOf(f *data.Field) string {
	if o := f.Labels[outputLabel]; o != "" {
		return o
	}
	switch f.Name {
	case "expected", "forecast", "lower", "upper", "score", "anomalous", "anomaly", "threshold":
		return f.Name
	}
	return "actual"
}

// title is the series' name: the display name without the output, else its labels, else the field's name.
func title(f *data.Field, output string) string {
	name := ""
	if f.Config != nil {
		name = f.Config.DisplayNameFromDS
	}
	if name == "" {
		var parts []string
		rest := f.Labels.Copy()
		delete(rest, outputLabel)
		for _, k := range sortedKeys(rest) {
			parts = append(parts, rest[k])
		}
		name = strings.Join(parts, " ")
	}
	if name == "" {
		name = f.Name
	}
	if cut := strings.TrimSuffix(name, " "+output); cut != "" {
		return cut
	}
	return name
}

func numbersOf(f *data.Field) []float64 {
	out := make([]float64, f.Len())
	for i := range out {
		out[i] = math.NaN()
		if v, err := f.NullableFloatAt(i); err == nil && v != nil {
			out[i] = *v
		}
	}
	return out
}

// last is the newest value and its index; -1 without any.
func last(values []float64) (float64, int) {
	for i := len(values) - 1; i >= 0; i-- {
		if !math.IsNaN(values[i]) {
			return values[i], i
		}
	}
	return math.NaN(), -1
}

func isTable(f *data.Frame) bool {
	return f.Meta != nil && f.Meta.Type == data.FrameTypeTable
}

func isAnnotation(f *data.Frame) bool {
	return f.Meta != nil && f.Meta.DataTopic == data.DataTopicAnnotations
}
