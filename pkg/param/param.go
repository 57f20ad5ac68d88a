// Package param lets an algorithm declare its parameters once; forms, docs and validation come from that declaration.
package param

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// ErrInvalid is wrapped by every error of Parse: the user's value is at fault, not the program.
var ErrInvalid = errors.New("invalid parameter")

// Kind is the type of a parameter's value.
type Kind string

// The kinds of parameters. A duration is written as in Prometheus: 30s, 5m, 2h, 14d, 1w.
const (
	Number   Kind = "number"
	Integer  Kind = "integer"
	Boolean  Kind = "boolean"
	Choice   Kind = "choice"
	Duration Kind = "duration"
)

// Spec declares one parameter.
type Spec struct {
	Name    string   `json:"name"`
	Kind    Kind     `json:"kind"`
	Default any      `json:"default"` // float64, int, bool, string (choice) or time.Duration by Kind
	Min     *float64 `json:"min,omitempty"`
	Max     *float64 `json:"max,omitempty"`
	Choices []string `json:"choices,omitempty"`
	Unit    string   `json:"unit,omitempty"`
	Help    string   `json:"help"`
}

// Bound makes a limit for Spec.Min and Spec.Max.
func Bound(v float64) *float64 { return &v }

// Values are parsed parameters by name; every declared parameter has one.
type Values map[string]any

// Float gives a Number parameter.
func (v Values) Float(name string) float64 { f, _ := v[name].(float64); return f }

// Int gives an Integer parameter.
func (v Values) Int(name string) int { i, _ := v[name].(int); return i }

// Bool gives a Boolean parameter.
func (v Values) Bool(name string) bool { b, _ := v[name].(bool); return b }

// String gives a Choice parameter.
func (v Values) String(name string) string { s, _ := v[name].(string); return s }

// Duration gives a Duration parameter.
func (v Values) Duration(name string) time.Duration { d, _ := v[name].(time.Duration); return d }

// OptionError says of which option a value is refused.
type OptionError struct {
	Option string
	Err    error
}

func (e *OptionError) Error() string { return fmt.Sprintf("option %q: %v", e.Option, e.Err) }

func (e *OptionError) Unwrap() error { return e.Err }

// Parse checks raw values, as decoded from JSON, against the declarations and fills in the defaults. Errors wrap
// ErrInvalid and name the parameter, the value and what would be right.
func Parse(specs []Spec, raw map[string]any) (Values, error) {
	out := make(Values, len(specs))
	for _, s := range specs {
		out[s.Name] = s.Default
	}
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		i := slices.IndexFunc(specs, func(s Spec) bool { return s.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("%w: unknown option %q, known are: %s", ErrInvalid, name, known(specs))
		}
		v, err := specs[i].parse(raw[name])
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrInvalid, &OptionError{name, err})
		}
		out[name] = v
	}
	return out, nil
}

func known(specs []Spec) string {
	if len(specs) == 0 {
		return "none"
	}
	names := make([]string, len(specs))
	for i, s := range specs {
		names[i] = s.Name
	}
	return strings.Join(names, ", ")
}

// mostInteger is the largest number up to which JSON's numbers tell all whole ones apart.
const mostInteger = 1 << 53

func (s Spec) parse(raw any) (any, error) {
	switch s.Kind {
	case Number, Integer:
		f, ok := raw.(float64)
		if !ok || math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, fmt.Errorf("%v is not a number", raw)
		}
		if s.Kind == Integer && (f != math.Trunc(f) || math.Abs(f) > mostInteger) {
			return nil, fmt.Errorf("%v is not a whole number of at most %d", raw, int64(mostInteger))
		}
		if err := s.within(f); err != nil {
			return nil, err
		}
		if s.Kind == Integer {
			return int(f), nil
		}
		return f, nil
	case Boolean:
		if b, ok := raw.(bool); ok {
			return b, nil
		}
		return nil, fmt.Errorf("%v is not true or false", raw)
	case Choice:
		if c, ok := raw.(string); ok && slices.Contains(s.Choices, c) {
			return c, nil
		}
		return nil, fmt.Errorf("%v is not one of %s", raw, strings.Join(s.Choices, ", "))
	case Duration:
		text, ok := raw.(string)
		if !ok {
			return nil, fmt.Errorf("%v is not a duration such as 5m, 24h or 14d", raw)
		}
		return ParseDuration(text)
	}
	return nil, fmt.Errorf("kind %q is not known", s.Kind)
}

func (s Spec) within(f float64) error {
	switch {
	case s.Min != nil && f < *s.Min:
		return fmt.Errorf("%v is below the least allowed value %v", f, *s.Min)
	case s.Max != nil && f > *s.Max:
		return fmt.Errorf("%v is above the greatest allowed value %v", f, *s.Max)
	}
	return nil
}
