package api

import "time"

// Version is one training's outcome.
type Version struct {
	Number    int       `json:"number"`
	TrainedAt time.Time `json:"trainedAt"`
	TrainedBy string    `json:"trainedBy"`
	From      time.Time `json:"from"` // of the training data
	To        time.Time `json:"to"`
	Points    int       `json:"points"`
	Series    int       `json:"series"`
	Bytes     int       `json:"bytes"`
	Error     Accuracy  `json:"error"`
	Coverage  *float64  `json:"coverage"`
	Changes   []Change  `json:"changes"` // of the definition, against the version before
	Live      bool      `json:"live"`
}

// Change is one field of a definition that differs. A field inside an object is a path such as "query.interval".
type Change struct {
	Field  string `json:"field"`
	Before any    `json:"before"` // null = not there
	After  any    `json:"after"`
}

// Versions is the answer of GET models/{name}/versions, newest first.
type Versions struct {
	Versions []Version `json:"versions"`
}

// VersionDetail is the answer of GET models/{name}/versions/{n}.
type VersionDetail struct {
	Version
	Definition Definition     `json:"definition"` // as it was trained
	Results    []SeriesResult `json:"results"`
}

// SeriesResult is what training found for one series.
type SeriesResult struct {
	Name      string            `json:"name"`
	Labels    map[string]string `json:"labels"`
	Algorithm string            `json:"algorithm"` // empty where the series is too short
	Reason    string            `json:"reason"`
	MASE      *float64          `json:"mase"`
	TwinMASE  *float64          `json:"twinMase"`
	Skill     *float64          `json:"skill"`
	Coverage  *float64          `json:"coverage"`
	Seasons   []string          `json:"seasons"`
	Points    int               `json:"points"`
	Gaps      int               `json:"gaps"` // missing values
	Notices   []string          `json:"notices"`
}
