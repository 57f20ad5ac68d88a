package api

import "time"

// Kinds of labels.
const (
	KindIncident   = "incident"
	KindNotAnomaly = "not-an-anomaly"
)

// NewLabel is the body of POST labels: what a person says of a stretch of a model's series.
type NewLabel struct {
	Model  string            `json:"model"`
	Series map[string]string `json:"series"` // the series' labels; empty = all of the model's
	From   time.Time         `json:"from"`
	To     time.Time         `json:"to"`
	Kind   string            `json:"kind"` // incident or not-an-anomaly
	Note   string            `json:"note"`
}

// Label is a label as kept. Its stretch is left out of the next training.
type Label struct {
	ID string `json:"id"`
	NewLabel
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// Labels is the answer of GET labels, newest first.
type Labels struct {
	Labels []Label `json:"labels"`
}

// PrecisionAnswer is the answer of GET precision.
type PrecisionAnswer struct {
	Precision []Precision `json:"precision"`
}

// Precision says how often an algorithm's labelled alerts were right.
type Precision struct {
	Model        string   `json:"model"`
	Algorithm    string   `json:"algorithm"`
	Incidents    int      `json:"incidents"`
	NotAnomalies int      `json:"notAnomalies"`
	Precision    *float64 `json:"precision"` // incidents / all; null without labels
}
