// Package store keeps what must survive: models and their versions, training jobs, labels, and the trail of what was done and
// warned of. One schema and one set of statements serve SQLite (a file, the default), MySQL (for several replicas), and memory
// (SQLite without a file, where nothing is configured). It knows nothing of what a definition or a fitted state means.
package store

import (
	"context"
	"errors"
	"time"
)

// Errors that callers branch on.
var (
	// ErrUnavailable is wrapped when the store cannot be reached or does not work: damaged, locked, full, gone. The message
	// says which, and what to do.
	ErrUnavailable = errors.New("the model store does not work")
	// ErrNotFound is wrapped when there is no such row.
	ErrNotFound = errors.New("not found")
	// ErrExists is wrapped when the name is taken.
	ErrExists = errors.New("exists already")
	// ErrConflict is wrapped when a row has changed since it was read.
	ErrConflict = errors.New("changed in the meantime")
	// ErrLeaseLost is wrapped when a worker no longer holds the job it reports on.
	ErrLeaseLost = errors.New("the job is no longer this worker's")
	// ErrCancelled is wrapped when a job is completed that somebody has cancelled: it leaves no version.
	ErrCancelled = errors.New("the job was cancelled")
)

// Store is one data source's part of a database. All methods are safe for concurrent use, here and in other processes.
// What changes something takes the line for the trail with it, and writes both or neither.
type Store interface {
	Models
	Jobs
	Labels
	Trail
}

// Models are the definitions with their versions.
type Models interface {
	// Models gives all models by name.
	Models(ctx context.Context) ([]Model, error)
	// Model gives the one with the name; the error wraps ErrNotFound.
	Model(ctx context.Context, name string) (*Model, error)
	// CreateModel adds a model; the error wraps ErrExists where the name is taken. ID and times are filled in.
	CreateModel(ctx context.Context, m *Model, e Entry) error
	// ChangeModel writes name, definition and flags of the model with m.ID; the error wraps ErrConflict where its Revision
	// is not the newest, ErrExists where the new name is taken.
	ChangeModel(ctx context.Context, m *Model, e Entry) error
	// DeleteModel takes away the model with m.ID, with versions, jobs and labels; the error wraps ErrConflict where its Revision is not
	// the newest, ErrNotFound where it is gone.
	DeleteModel(ctx context.Context, m *Model, e Entry) error
	// SetLive lets another version answer queries; ErrNotFound where there is no such version.
	SetLive(ctx context.Context, name string, version int, e Entry) error
	// SetDrift notes how far the live version's errors have grown.
	SetDrift(ctx context.Context, name string, drift float64) error
	// SetTrial notes how the live version does against its twin, with lines for the trail; the error wraps ErrConflict where it is
	// not `before` that is held, since another process was faster.
	SetTrial(ctx context.Context, name string, before, after []byte, lines ...Entry) error
	// Versions gives the versions of a model, newest first, without results and states.
	Versions(ctx context.Context, name string) ([]Version, error)
	// LiveVersions gives the live version of each model that has one, by the model's name, without results and states.
	LiveVersions(ctx context.Context) (map[string]Version, error)
	// Version gives one with everything; 0 is the live one. The error wraps ErrNotFound.
	Version(ctx context.Context, name string, number int) (*Version, error)
	// ImportModel adds a model with versions from elsewhere, oldest first, all or nothing; live is the index of the one that answers
	// queries, negative for none. The error wraps ErrExists where the name is taken.
	ImportModel(ctx context.Context, m *Model, versions []*Version, live int, e Entry) error
	// Prune deletes all but the newest versions and the live one.
	Prune(ctx context.Context, name string, keep int) (int, error)
}

// Jobs are trainings to be done, shared among processes by leases.
type Jobs interface {
	// Enqueue adds a job for the model unless one is queued or running, which is then given back with added false. One that
	// is being cancelled does not count.
	Enqueue(ctx context.Context, model string, by, reason string, e Entry) (j *Job, added bool, err error)
	// Claim takes the oldest job that is due, or that a dead worker left behind, for the owner and the lease; nil = none.
	Claim(ctx context.Context, owner string, lease time.Duration) (*Job, error)
	// Renew prolongs the lease and notes the progress; cancelled tells that somebody asked to stop. The error wraps
	// ErrLeaseLost when the job is another worker's by now.
	Renew(ctx context.Context, j *Job, lease time.Duration, p Progress) (cancelled bool, err error)
	// Complete adds the version that the job made, makes it live if asked, and ends the job with its Progress: all or nothing, and
	// only for the worker that holds the job. The version's number is filled in. The error wraps ErrCancelled for a job that
	// somebody has cancelled.
	Complete(ctx context.Context, j *Job, v *Version, live bool, e Entry) error
	// Fail ends an attempt: the job is queued again after the delay, or failed for good where retry is negative.
	Fail(ctx context.Context, j *Job, reason string, retry time.Duration, e Entry) error
	// Release puts a job back that its worker cannot go on with, as if it had not been tried.
	Release(ctx context.Context, j *Job) error
	// Cancel stops a job that is queued, and asks the worker of a running one to stop.
	Cancel(ctx context.Context, id string, e Entry) (*Job, error)
	// Job gives one; the error wraps ErrNotFound.
	Job(ctx context.Context, id string) (*Job, error)
	// Jobs gives the newest ones of a model, or of all where it is empty, newest first.
	Jobs(ctx context.Context, model string, limit int) ([]Job, error)
	// NewestJobs gives the newest job of each model that has one, by the model's name.
	NewestJobs(ctx context.Context) (map[string]Job, error)
}

// Labels are what people say of stretches of time.
type Labels interface {
	// Labels gives those of a model, or of all where it is empty, newest first.
	Labels(ctx context.Context, model string) ([]Label, error)
	// AddLabel adds one; ID and time are filled in.
	AddLabel(ctx context.Context, l *Label, e Entry) error
	// DeleteLabel takes one away.
	DeleteLabel(ctx context.Context, id string, e Entry) error
}

// Trail is the append-only, hash-chained record of what was done and warned of.
type Trail interface {
	// AppendAudit adds a line and gives it back with number, time and hashes.
	AppendAudit(ctx context.Context, e Entry) (Entry, error)
	// RecordWarning adds a line for a warning raised or resolved, once for each change of its key's state, however many
	// processes report it. recorded is false where the state was known already.
	RecordWarning(ctx context.Context, w Warning) (e Entry, recorded bool, err error)
	// OpenWarnings gives the warnings that are raised and not resolved, newest first.
	OpenWarnings(ctx context.Context) ([]OpenWarning, error)
	// OpenCrossings gives the crossings of thresholds that last, newest first.
	OpenCrossings(ctx context.Context) ([]OpenWarning, error)
	// Audit gives lines, newest first, and whether more match.
	Audit(ctx context.Context, f AuditFilter) (lines []Entry, more bool, err error)
	// CountAudit gives the number of matching lines.
	CountAudit(ctx context.Context, f AuditFilter) (int, error)
	// ExportAudit calls each for every matching line, oldest first, until it gives an error.
	ExportAudit(ctx context.Context, f AuditFilter, each func(Entry) error) error
	// PruneAudit takes away the oldest lines, as far as all were made before the time, and gives their number.
	PruneAudit(ctx context.Context, before time.Time, who string) (int, error)
	// VerifyAudit computes all hashes anew.
	VerifyAudit(ctx context.Context) (Verified, error)
}
