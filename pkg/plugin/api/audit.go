package api

import "time"

// Entry is one line of the trail. Its hash covers everything before it, so that no line can be changed or taken out unseen.
type Entry struct {
	Seq      int64             `json:"seq"`
	Time     time.Time         `json:"time"`
	Who      string            `json:"who"`    // login, or the part of the plugin that acted
	Action   string            `json:"action"` // kind.verb, such as model.train, version.promote, label.add, warning.raised, delivery.sent
	Model    string            `json:"model"`
	Version  int               `json:"version"` // 0 = none
	Subject  string            `json:"subject"` // what it was done to, where that is not the model: a series, a rule, a channel
	Labels   map[string]string `json:"labels"`
	Values   map[string]any    `json:"values"` // numbers and texts that explain it
	Note     string            `json:"note"`
	Hash     string            `json:"hash"`
	Previous string            `json:"previous"` // hash of the line before
}

// Audit is the answer of GET audit, newest first.
type Audit struct {
	Entries []Entry `json:"entries"`
	More    bool    `json:"more"` // older ones match; ask on with before=<seq of the last>
}

// Verified is the answer of GET audit/verify.
type Verified struct {
	OK          bool   `json:"ok"`
	Entries     int64  `json:"entries"`
	FirstBroken int64  `json:"firstBroken"` // seq; 0 = none
	Message     string `json:"message"`
}

// Warning is the body of POST warnings: what an alert evaluation or the relay says of one series.
type Warning struct {
	State   string            `json:"state"`   // raised or resolved
	Key     string            `json:"key"`     // tells warnings apart: a raised one with the same key is not recorded twice
	Rule    string            `json:"rule"`    // name of the alert rule
	Model   string            `json:"model"`   // empty where the rule uses none
	Version int               `json:"version"` // that scored it; 0 = fitted on request
	Subject string            `json:"subject"` // the entity
	Labels  map[string]string `json:"labels"`
	Values  map[string]any    `json:"values"`
	Note    string            `json:"note"`
	At      *time.Time        `json:"at"` // null = now
}

// Recorded is the answer of POST warnings.
type Recorded struct {
	Recorded bool  `json:"recorded"` // false where it was known already
	Seq      int64 `json:"seq"`      // of its line in the trail
}
