package api

import "time"

// ReplayRequest is the body of POST replay: a definition, or the name of a model.
type ReplayRequest struct {
	Definition    *Definition `json:"definition,omitempty"`
	Model         string      `json:"model,omitempty"`
	Days          int         `json:"days"`                    // 0 = 30
	AlertsPerWeek *float64    `json:"alertsPerWeek,omitempty"` // budget; null = the definition's
}

// Replay is what would have fired.
type Replay struct {
	From           time.Time     `json:"from"`
	To             time.Time     `json:"to"`
	PerWeek        float64       `json:"perWeek"`        // alerts a week at the threshold
	ScoreThreshold float64       `json:"scoreThreshold"` // score from which a point counts
	Alerts         []ReplayAlert `json:"alerts"`         // oldest first
	Curve          []CurvePoint  `json:"curve"`          // ascending threshold
	Notices        []string      `json:"notices"`
}

// ReplayAlert is one would-be alert.
type ReplayAlert struct {
	Series   string            `json:"series"`
	Labels   map[string]string `json:"labels"`
	From     time.Time         `json:"from"`
	To       time.Time         `json:"to"`
	Minutes  float64           `json:"minutes"`
	Peak     float64           `json:"peak"` // highest score
	Actual   *float64          `json:"actual"`
	Expected *float64          `json:"expected"` // both at the peak
	Reason   string            `json:"reason"`
}

// CurvePoint says how many alerts a week a score threshold makes.
type CurvePoint struct {
	ScoreThreshold float64 `json:"scoreThreshold"`
	PerWeek        float64 `json:"perWeek"`
}
