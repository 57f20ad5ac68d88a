package api

import (
	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/detect/group"
	"github.com/forewarn/earlywarning/pkg/forecast"
)

// Status is the answer of GET status.
type Status struct {
	Version    string `json:"version"`
	Prometheus Side   `json:"prometheus"`
	MySQL      Side   `json:"mysql"`
	Store      Store  `json:"store"`
	Cache      Cache  `json:"cache"`
}

// Side is the state of one connection.
type Side struct {
	Configured bool   `json:"configured"`
	OK         bool   `json:"ok"`
	Message    string `json:"message"`
}

// Cache counts what the caches hold.
type Cache struct {
	Fits      int   `json:"fits"`
	FitBytes  int64 `json:"fitBytes"`
	Reads     int   `json:"reads"`
	ReadBytes int64 `json:"readBytes"`
}

// Algorithms is the answer of GET algorithms: everything that forms and docs need.
type Algorithms struct {
	Forecast []forecast.Algorithm `json:"forecast"`
	Anomaly  []detect.Algorithm   `json:"anomaly"`
	Outlier  []group.Algorithm    `json:"outlier"`
}
