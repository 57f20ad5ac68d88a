package api

import "encoding/json"

// Export is a model as a file: the answer of GET models/{name}/export, and the body of POST models/import.
type Export struct {
	Format     string          `json:"format"` // "forewarn-model/1"
	Definition Definition      `json:"definition"`
	Versions   []ExportVersion `json:"versions"` // the live one, or all
	Live       int             `json:"live"`
	Checksum   string          `json:"checksum"` // SHA-256 of everything else
}

// ExportVersion is a version with its fitted state.
type ExportVersion struct {
	Version
	Definition Definition      `json:"definition"`
	Results    []SeriesResult  `json:"results"`
	Summary    json.RawMessage `json:"summary"`
	States     string          `json:"states"` // base64 of the compressed states of all series
}

// ExportFormat is the newest form of an export.
const ExportFormat = "forewarn-model/1"
