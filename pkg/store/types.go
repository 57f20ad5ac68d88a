package store

import "time"

// Model is a definition as kept.
type Model struct {
	ID         string
	Name       string
	Definition []byte // JSON
	Revision   int    // counts changes; ChangeModel expects the one that was read
	Live       int    // version that answers queries; 0 = none
	Latest     int    // newest version; 0 = none
	Created    time.Time
	CreatedBy  string
	Updated    time.Time
	UpdatedBy  string
	Drift      float64 // of the live version
	Trial      []byte  // how the live version does against its twin; means nothing here
}

// Version is one training's outcome. Summary, Results and States mean nothing here.
type Version struct {
	Number     int
	TrainedAt  time.Time
	TrainedBy  string
	From, To   time.Time // of the training data
	Definition []byte    // as it was trained
	Summary    []byte    // JSON: what lists show
	Results    []byte    // per series, for people
	States     []byte    // per series, fitted
	Bytes      int       // of Results and States as stored
}

// JobState is where a job stands.
type JobState string

// The states of a job.
const (
	Queued    JobState = "queued"
	Running   JobState = "running"
	Done      JobState = "done"
	Failed    JobState = "failed"
	Cancelled JobState = "cancelled"
)

// Job is one training. Attempt counts the workers that took it.
type Job struct {
	ID        string
	Model     string // its name now
	State     JobState
	Attempt   int
	Version   int // the one it made; 0 until done
	Created   time.Time
	Started   time.Time // of the newest attempt; zero = not yet
	Finished  time.Time // zero = not yet
	NotBefore time.Time // of a retry
	Progress  Progress
	Error     string
	By        string
	Reason    string // user, schedule, drift or provisioning
	Owner     string // worker that holds it
}

// Progress counts series.
type Progress struct {
	Done, Total int
	Current     string
}

// Label is what a person says of a stretch of a model's series; no Series means all.
type Label struct {
	ID     string
	Model  string
	Series map[string]string
	From   time.Time
	To     time.Time
	Kind   string
	Note   string
	By     string
	At     time.Time
}

// Entry is one line of the trail.
type Entry struct {
	Seq      int64
	Time     time.Time
	Who      string
	Action   string // kind.verb, such as model.train or warning.raised
	Model    string
	Version  int
	Subject  string
	Labels   map[string]string
	Values   map[string]any
	Note     string
	Hash     string
	Previous string
}

// AuditFilter picks lines; zero values pick all.
type AuditFilter struct {
	From, To time.Time
	Kind     string // the part of Action before the dot, or the whole
	Model    string
	Limit    int   // 0 = 100
	Before   int64 // only lines with a smaller number
	Open     bool  // only those that raised a warning which stands
}

// Verified is the outcome of VerifyAudit.
type Verified struct {
	OK          bool
	Entries     int64
	FirstBroken int64 // 0 = none
	Message     string
}

// Warning is one that begins or ends.
type Warning struct {
	Raised   bool   // false = resolved
	Crossing bool   // not a warning itself, but what it warns of
	Key      string // tells warnings apart
	Entry    Entry  // what is written; Action and, where it is zero, Time are filled in
	// Apart is how much later than the one that stands it has to begin to be another, whose beginning says that the one that stands has ended
	// and nobody told; 0 takes it for the same however much later. Lost is the line of that end.
	Apart time.Duration
	Lost  Entry
}

// OpenWarning is one that is raised and not resolved.
type OpenWarning struct {
	Key   string
	Since time.Time
	Seq   int64 // of its line in the trail
}
