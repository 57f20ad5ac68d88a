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
