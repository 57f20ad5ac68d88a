package api

import "time"

// Overview is the answer of GET overview: a data source's models and warnings at a glance.
type Overview struct {
	Models    Fleet    `json:"models"`
	Warnings  []Entry  `json:"warnings"` // the newest that are raised and not resolved, at most 50
	Open      int      `json:"open"`     // how many are
	Raised24h int      `json:"raised24h"`
	Store     Store    `json:"store"`
	Problems  []string `json:"problems"` // of definitions in the data source's settings
}

// Fleet counts models. Drafts do not count.
type Fleet struct {
	Total          int            `json:"total"`
	Answering      int            `json:"answering"` // that have a live version
	Drifted        int            `json:"drifted"`   // whose retraining is due by their errors
	States         map[string]int `json:"states"`    // each state of a model, also where none has it
	OldestTraining *time.Time     `json:"oldestTraining"`
	NextTraining   *time.Time     `json:"nextTraining"`
}
