package api

import (
	"encoding/json"
	"time"
)

// PreviewRequest is the body of POST preview.
type PreviewRequest struct {
	Query json.RawMessage `json:"query"`
}

// Preview says what a query's training would read, cost and be good for.
type Preview struct {
	Series    []PreviewSeries `json:"series"`
	Cost      Cost            `json:"cost"`
	Readiness Readiness       `json:"readiness"`
	Notices   []string        `json:"notices"`
}

// PreviewSeries is one series that the query finds.
type PreviewSeries struct {
	Name    string            `json:"name"`
	Signal  string            `json:"signal"` // of a composite: the name of the source that it comes from; else empty
	Labels  map[string]string `json:"labels"`
	Points  int               `json:"points"`  // known values
	Missing int               `json:"missing"` // grid points without a value
	From    *time.Time        `json:"from"`    // first known value
	To      *time.Time        `json:"to"`      // last known value
}

// Cost is what one training takes.
type Cost struct {
	Series        int     `json:"series"`
	Points        int     `json:"points"`        // series times grid points
	SourceSeconds float64 `json:"sourceSeconds"` // of the source's time, as just measured
	FitSeconds    float64 `json:"fitSeconds"`    // of this machine's, estimated from a few series
}

// Readiness says what the history is enough for.
type Readiness struct {
	Level   string `json:"level"` // none, short, basic, daily or weekly (train.ReadyNone …)
	Message string `json:"message"`
}
