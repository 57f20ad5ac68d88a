// Package model says what a trained model is: its definition as users write it, a version as training leaves it, how both are
// written to bytes, and how they go from one Grafana to another as a file.
package model

import (
	"encoding/json"
	"errors"
	"time"
)

// ErrInvalid is wrapped by every error about a definition; a FieldError names the field.
var ErrInvalid = errors.New("invalid model")

// FieldError is a mistake in one field of a definition, as a path such as query.interval.
type FieldError struct {
	Field string
	Text  string
}

func (e *FieldError) Error() string { return e.Text }

// Unwrap gives ErrInvalid.
func (e *FieldError) Unwrap() error { return ErrInvalid }

// Definition is what a model is to be: everything that training needs, and nothing that it finds. Durations are text as in a
// query.
type Definition struct {
	Name           string            `json:"name"`
	Description    string            `json:"description"`
	Query          json.RawMessage   `json:"query"`          // the query contract of the data source, with an algorithm and without a trained model's name
	AlertBudget    float64           `json:"alertBudget"`    // alerts a week that the sensitivity is set for; 0 = the detector's own
	RetrainEvery   string            `json:"retrainEvery"`   // empty = never
	RetrainOnDrift bool              `json:"retrainOnDrift"` // also when the errors have grown
	EntityLabels   []string          `json:"entityLabels"`   // labels that name the thing a series belongs to
	Timezone       string            `json:"timezone"`       // IANA name; empty = UTC
	Holidays       string            `json:"holidays"`       // "CN" or empty
	Excluded       []Excluded        `json:"excluded"`       // stretches that are not learnt from
	Labels         map[string]string `json:"labels"`         // the user's own
	Paused         bool              `json:"paused"`         // not retrained
	Draft          bool              `json:"draft"`          // trained to look at, not saved yet
	Provisioned    bool              `json:"provisioned"`    // comes from the data source's settings and is read-only in the UI
}

// Excluded is a stretch of time that is not learnt from.
type Excluded struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Reason string    `json:"reason"`
}

// Change is one field of a definition that differs. A field inside an object is a path such as query.interval.
type Change struct {
	Field  string `json:"field"`
	Before any    `json:"before"` // null = not there
	After  any    `json:"after"`
}
