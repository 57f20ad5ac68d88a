package api

import "time"

// States of a model.
const (
	StateReady    = "ready"    // a live version answers queries
	StateTraining = "training" // a job is queued or runs
	StateFailed   = "failed"   // the newest job failed; a live version, if there is one, still answers
	StateStale    = "stale"    // the definition has changed since the live version, or its retraining is overdue
	StatePaused   = "paused"   // not retrained
	StateEmpty    = "empty"    // never trained
)

// Model is a definition with what has become of it.
type Model struct {
	Definition   Definition `json:"definition"`
	Live         int        `json:"live"`   // version that answers queries; 0 = none
	Latest       int        `json:"latest"` // newest version; 0 = none
	Created      time.Time  `json:"created"`
	CreatedBy    string     `json:"createdBy"`
	Updated      time.Time  `json:"updated"`
	UpdatedBy    string     `json:"updatedBy"`
	TrainedAt    *time.Time `json:"trainedAt"`    // of the live version
	NextTraining *time.Time `json:"nextTraining"` // null = no schedule
	Series       int        `json:"series"`
	Points       int        `json:"points"` // known training values of all series
	Bytes        int        `json:"bytes"`  // of the live version as stored
	Error        Accuracy   `json:"error"`  // median of the series
	Coverage     *float64   `json:"coverage"`
	Drift        *float64   `json:"drift"` // 0 = the newest errors are like those of the training, 1 = retraining is due
	State        string     `json:"state"`
	Job          *Job       `json:"job"`     // the newest one, while it matters: queued, running, or failed
	Pending      []Change   `json:"pending"` // what has changed in the definition since the live version was trained
}

// Models is the answer of GET models.
type Models struct {
	Models   []Model  `json:"models"`
	Store    Store    `json:"store"`
	Problems []string `json:"problems"` // of definitions in the data source's settings
}

// CreateModel is the body of POST models.
type CreateModel struct {
	Definition Definition `json:"definition"`
	Train      bool       `json:"train"`
}

// CreatedModel is the answer of POST models.
type CreatedModel struct {
	Model Model `json:"model"`
	Job   *Job  `json:"job"`
}

// ChangeModel is the body of PUT models/{name}. Another name in the definition renames the model.
type ChangeModel struct {
	Definition Definition `json:"definition"`
}

// Promote is the body of POST models/{name}/promote.
type Promote struct {
	Version int `json:"version"`
}

// Pause is the body of POST models/{name}/pause.
type Pause struct {
	Paused *bool `json:"paused"` // asked for: nothing is resumed by a body that says nothing
}

// Store tells where models live.
type Store struct {
	Kind    string `json:"kind"` // memory, sqlite or mysql
	OK      bool   `json:"ok"`
	Message string `json:"message"` // what is wrong and what to do; empty when all is well
	Path    string `json:"path"`    // of the SQLite file, or host and database; never a secret
}
