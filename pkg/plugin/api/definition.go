package api

import (
	"encoding/json"
	"time"
)

// Definition is what a model is to be: everything that training needs, and nothing that it finds.
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
	Provisioned    bool              `json:"provisioned"`    // comes from the data source's settings and is read-only here
}

// Excluded is a stretch of time that is not learnt from.
type Excluded struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Reason string    `json:"reason"`
}
