package api

import "time"

// States of a job.
const (
	JobQueued    = "queued"
	JobRunning   = "running"
	JobDone      = "done"
	JobFailed    = "failed"
	JobCancelled = "cancelled"
)

// Job is one training. A worker that dies leaves a running job behind, which another takes up; Attempt counts them.
type Job struct {
	ID       string     `json:"id"`
	Model    string     `json:"model"`
	Version  int        `json:"version"` // the one it made; 0 until done
	State    string     `json:"state"`
	Attempt  int        `json:"attempt"`
	Created  time.Time  `json:"created"`
	Started  *time.Time `json:"started"`
	Finished *time.Time `json:"finished"`
	Progress Progress   `json:"progress"`
	Error    string     `json:"error"`
	By       string     `json:"by"`     // login, or "schedule" or "drift"
	Reason   string     `json:"reason"` // user, schedule, drift or provisioning
}

// Progress counts series.
type Progress struct {
	Done    int    `json:"done"`
	Total   int    `json:"total"`   // 0 until the source has been read
	Current string `json:"current"` // the newest series worked on, or what is being done
}

// Jobs is the answer of GET jobs, newest first.
type Jobs struct {
	Jobs []Job `json:"jobs"`
}

// TrainDraft is the body of POST jobs: train without saving.
type TrainDraft struct {
	Definition Definition `json:"definition"`
}
