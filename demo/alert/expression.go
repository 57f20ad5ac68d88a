package alert

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

type expression struct {
	Type       string
	Expression string // the node it works on, or the formula
	Reducer    string
	Settings   struct {
		Mode             string
		ReplaceWithValue *float64
	}
	Conditions []struct {
		Evaluator evaluator
	}
}

type evaluator struct {
	Type   string
	Params []float64
}

// evaluate works out one expression from the nodes before it.
func evaluate(raw json.RawMessage, nodes map[string][]Dimension) ([]Dimension, error) {
	var e expression
	if err := json.Unmarshal(raw, &e); err != nil {
		return nil, fmt.Errorf("%w: expression: %w", ErrUnknown, err)
	}
	if e.Type == "math" {
		return formula(e.Expression, nodes)
	}
	in, ok := nodes[e.Expression]
	if !ok {
		return nil, fmt.Errorf("%w: the %s works on %q, which no node before it is called", ErrUnknown, e.Type, e.Expression)
	}
	out := make([]Dimension, 0, len(in))
	for _, d := range in {
		var v float64
		var err error
		switch e.Type {
		case "reduce":
			v, err = reduce(&e, d)
		case "threshold":
			v, err = threshold(&e, d)
		default:
			err = fmt.Errorf("%w: expression of type %q; reduce, math and threshold are", ErrUnknown, e.Type)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, Dimension{Labels: d.Labels, Number: v})
	}
	return out, nil
}

func reduce(e *expression, d Dimension) (float64, error) {
	if !d.Time {
		return d.Number, nil
	}
	values := slices.Clone(d.Values)
	switch e.Settings.Mode {
	case "", "strict":
	case "dropNN":
		values = slices.DeleteFunc(values, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
	case "replaceNN":
		if e.Settings.ReplaceWithValue == nil {
			return 0, fmt.Errorf("%w: reduce replaces missing values and does not say by what", ErrUnknown)
		}
		for i, v := range values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				values[i] = *e.Settings.ReplaceWithValue
			}
		}
	default:
		return 0, fmt.Errorf("%w: reduce mode %q", ErrUnknown, e.Settings.Mode)
	}
	if e.Reducer == "count" {
		return float64(len(values)), nil
	}
	if len(values) == 0 {
		return math.NaN(), nil
	}
	switch e.Reducer {
	case "last":
		return values[len(values)-1], nil
	case "min", "max", "sum", "mean":
		return aggregate(e.Reducer, values), nil
	}
	return 0, fmt.Errorf("%w: reducer %q", ErrUnknown, e.Reducer)
}

// aggregate is NaN when any value is: the strict mode's meaning, the others have none left.
func aggregate(how string, values []float64) float64 {
	out := values[0]
	for _, v := range values[1:] {
		switch how {
		case "min":
			out = math.Min(out, v)
		case "max":
			out = math.Max(out, v)
		default:
			out += v
		}
	}
	if how == "mean" {
		out /= float64(len(values))
	}
	return out
}

// threshold is 1 where the condition holds, else 0; of no value NaN.
func threshold(e *expression, d Dimension) (float64, error) {
	if d.Time {
		return 0, fmt.Errorf("%w: a threshold over time; reduce it first", ErrUnknown)
	}
	if len(e.Conditions) != 1 {
		return 0, fmt.Errorf("%w: a threshold with %d conditions", ErrUnknown, len(e.Conditions))
	}
	c := e.Conditions[0].Evaluator
	need := 1
	if slices.Contains([]string{"within_range", "outside_range"}, c.Type) {
		need = 2
	}
	if len(c.Params) < need {
		return 0, fmt.Errorf("%w: threshold %s with %d parameters", ErrUnknown, c.Type, len(c.Params))
	}
	if math.IsNaN(d.Number) {
		return math.NaN(), nil
	}
	var met bool
	switch v, p := d.Number, c.Params; c.Type {
	case "gt":
		met = v > p[0]
	case "gte":
		met = v >= p[0]
	case "lt":
		met = v < p[0]
	case "lte":
		met = v <= p[0]
	case "eq":
		met = v == p[0]
	case "ne":
		met = v != p[0]
	case "within_range":
		met = v > p[0] && v < p[1]
	case "outside_range":
		met = v < p[0] || v > p[1]
	default:
		return 0, fmt.Errorf("%w: threshold of type %q", ErrUnknown, c.Type)
	}
	if met {
		return 1, nil
	}
	return 0, nil
}
