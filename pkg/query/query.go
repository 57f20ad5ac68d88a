// Package query is the contract of a Forewarn query: it parses, fills defaults, validates, and answers it by reading the
// source, fitting, scoring and warning. It knows nothing of data frames; pkg/frame turns an Answer into those.
package query

import (
	"errors"
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/source"
)

// Errors that callers branch on.
var (
	// ErrInvalid is wrapped by every error about the query itself; the message names the field, the value and what would
	// be right.
	ErrInvalid = errors.New("invalid query")
	// ErrNoModel is wrapped when a query names a trained model that does not exist.
	ErrNoModel = errors.New("no such model")
)

// Type says what is asked of the series.
type Type string

// The query types.
const (
	Forecast  Type = "forecast"
	Anomaly   Type = "anomaly"
	Warning   Type = "warning"
	Outlier   Type = "outlier"
	Composite Type = "composite"
	Series    Type = "series"
)

// Query is a complete, validated query: every default is filled in.
type Query struct {
	RefID          string
	Type           Type
	Source         source.Spec   // all types but composite
	Sources        []NamedSource // composite
	Join           []string      // composite: labels that name the entity
	Signal         string        // composite with output share: the source whose part is asked for
	Model          Model
	TrainingWindow time.Duration // history that is learnt from
	Interval       time.Duration // grid step
	Horizon        time.Duration // how far ahead
	Lead           time.Duration // output hindcast of a forecast: how long before a point it was forecast
	Confidence     float64       // coverage of the band, 0.5 to 0.99
	Bounds         forecast.Bounds
	Threshold      *detect.Threshold // warning, anomaly with the fixed threshold, and a forecast asked for its crossing
	Limit          Limit             // warning: where the threshold comes from, if it is not Threshold.Value
	WhatIf         *WhatIf           // warning; nil = as things are
	Guards         detect.Guards
	Volume         *source.Spec       // what ratios rest on, for Guards.MinVolume
	Agreement      *source.Spec       // another signal, for Guards.Agreement
	Deployments    *Deployments       // anomaly and composite; nil = those of the calendar alone
	Calendar       *calendar.Calendar // nil knows nothing
	Direction      detect.Direction
	Language       string // of sentences: en-US or zh-Hans
	Styled         bool   // frames carry colours, bands and dashes
	MaxDataPoints  int    // that a panel can show of a series; 0 = all. What is computed does not depend on it
	Output         Output
	Filters        []*labels.Matcher // of the dashboard, in every PromQL expression of the query

	choice  []*labels.Matcher // filters of the dashboard beside a trained model, among whose series they choose
	trained *Trained          // version of a model that answers; nil = fitted on request
}

// NamedSource is one signal of a composite.
type NamedSource struct {
	Name string `json:"name"`
	source.Spec
}

// Model says which algorithm answers: one fitted on request, or a trained one by name.
type Model struct {
	Algorithm string         `json:"algorithm,omitempty"`
	Options   map[string]any `json:"options,omitempty"`
	Name      string         `json:"name,omitempty"`
	Version   int            `json:"version,omitempty"` // 0 = the live one
}

// Steps gives the horizon in grid steps, rounded up.
func (q *Query) Steps() int { return int((q.Horizon + q.Interval - 1) / q.Interval) }
