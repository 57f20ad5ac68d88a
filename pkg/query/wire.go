package query

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/forewarn/earlywarning/pkg/calendar"
	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/source"
)

// wire is the query as it is written in JSON.
type wire struct {
	grafana
	QueryType      Type                 `json:"queryType"`
	Source         *source.Spec         `json:"source"`
	Sources        []NamedSource        `json:"sources"`
	Join           []string             `json:"join"`
	Signal         string               `json:"signal"`
	Model          *Model               `json:"model"`
	TrainingWindow string               `json:"trainingWindow"`
	Interval       string               `json:"interval"`
	Horizon        string               `json:"horizon"`
	Lead           string               `json:"lead"`
	Confidence     *float64             `json:"confidence"`
	Bounds         wireBounds           `json:"bounds"`
	Threshold      *wireThreshold       `json:"threshold"`
	WhatIf         *wireWhatIf          `json:"whatIf"`
	Guards         wireGuards           `json:"guards"`
	Volume         *source.Spec         `json:"volume"`
	Agreement      *source.Spec         `json:"agreement"`
	Deployments    *wireDeployments     `json:"deployments"`
	Calendar       *calendar.Definition `json:"calendar"`
	Direction      detect.Direction     `json:"direction"`
	Style          string               `json:"style"`
	Language       string               `json:"language"`
	Output         Output               `json:"output"`
}

// grafana are the fields that Grafana itself writes into every query; they are accepted and, but for refId, maxDataPoints and adhocFilters, not used.
type grafana struct {
	RefID           string          `json:"refId"`
	Datasource      json.RawMessage `json:"datasource"`
	DatasourceID    json.RawMessage `json:"datasourceId"`
	Hide            bool            `json:"hide"`
	Key             string          `json:"key"`
	IntervalMs      json.RawMessage `json:"intervalMs"`
	MaxDataPoints   float64         `json:"maxDataPoints"`
	QueryCachingTTL json.RawMessage `json:"queryCachingTTL"`
	TimeRange       json.RawMessage `json:"timeRange"`
	AdhocFilters    []source.Filter `json:"adhocFilters"`
	Scopes          json.RawMessage `json:"scopes"`
	GroupByKeys     json.RawMessage `json:"groupByKeys"`
}

type wireBounds struct {
	Min *float64 `json:"min"`
	Max *float64 `json:"max"`
}

type wireThreshold struct {
	detect.Threshold
	Query    *source.Spec `json:"query"`
	Capacity *source.Spec `json:"capacity"`
}

type wireGuards struct {
	MinDeviation float64  `json:"minDeviation"`
	MinRelative  float64  `json:"minRelative"`
	Floor        *float64 `json:"floor"`
	For          string   `json:"for"`
	K            int      `json:"k"`
	N            int      `json:"n"`
	MinVolume    float64  `json:"minVolume"`
	Agreement    string   `json:"agreement"`
	Cooldown     string   `json:"cooldown"`
}

// wireDeployments is a source of deployments, and how long nothing is flagged after each.
type wireDeployments struct {
	source.Spec
	Quiet string `json:"quiet"`
}

// decode reads the JSON strictly: an unknown field is an error that names it.
func decode(raw []byte) (*wire, error) {
	var w wire
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&w); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrInvalid, reasonOf(err))
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: text after the query's closing brace", ErrInvalid)
	}
	return &w, nil
}

func reasonOf(err error) string {
	text := strings.TrimPrefix(err.Error(), "json: ")
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		field := strings.ReplaceAll(strings.TrimPrefix(wrong.Field, "grafana."), ".Spec.", ".") // of the embedded structs
		return fmt.Sprintf("field %q cannot be %s, %s is needed", field, article(wrong.Value), article(jsonType(wrong.Type.String())))
	}
	return text
}

// article puts a or an before a type's name.
func article(name string) string {
	switch {
	case strings.HasPrefix(name, "array"), strings.HasPrefix(name, "object"):
		return "an " + name
	case strings.HasPrefix(name, "true"), strings.HasPrefix(name, "text"):
		return name
	default:
		return "a " + name
	}
}

// jsonType names a Go type in the words of JSON.
func jsonType(goType string) string {
	switch {
	case strings.Contains(goType, "float"), strings.Contains(goType, "int"):
		return "number"
	case strings.HasPrefix(goType, "[]"):
		return "list"
	case strings.HasPrefix(goType, "map"), strings.Contains(goType, "wire"), strings.Contains(goType, "calendar."), strings.Contains(goType, "Spec"),
		strings.Contains(goType, "Model"), strings.Contains(goType, "Threshold"):
		return "object"
	case goType == "bool":
		return "true or false"
	default:
		return "text"
	}
}
