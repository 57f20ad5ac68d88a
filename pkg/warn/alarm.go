package warn

import (
	"math"
	"slices"
	"time"
)

// Rule says when a warning is raised and when it is taken back.
type Rule struct {
	Within time.Duration // it is raised when at least the share Raise of the futures cross within this time …
	Raise  float64
	Runs   int           // … in this many runs in a row
	Clear  float64       // it is taken back when less than this share crosses within twice the time, in as many runs in a row, …
	Doubt  time.Duration // … or less than Raise for this long
}

// DefaultRule warns three days ahead, when the crossing is likelier than not in three runs in a row.
func DefaultRule() Rule {
	return Rule{Within: 72 * time.Hour, Raise: 0.5, Runs: 3, Clear: 0.2, Doubt: 12 * time.Hour}
}

// Alarm remembers from one run to the next whether a warning is raised. The zero value has seen nothing. It can be kept as JSON.
type Alarm struct {
	Firing bool      `json:"firing"`
	Since  time.Time `json:"since"` // when Firing last changed
	Runs   int       `json:"runs"`  // runs in a row that speak against the present state
	Doubt  time.Time `json:"doubt"` // since when the warning that is raised would not be raised; zero where it would
	Last   time.Time `json:"last"`  // the newest run that counted
}

// Two runs count as two when they are apart by this: evaluating more often makes nothing surer. What speaks for a warning must do so
// longer the more time is left, by a sixteenth of it, so that no hour of the day makes one and what fills up fast is told in time.
const (
	apart     = time.Hour
	mostApart = 2 * time.Hour
	shareLeft = 16
)

// Next takes the answer of a run at the given time in, and gives it back with Firing set. Runs that are not newer than the last one
// change nothing. A breach is told at once. So that the rule `eta_early < 72` says the same as Firing, the pessimistic time is held
// back while it is unconfirmed, the median too where it is that near, and stays stated while the warning stands and futures cross.
func (m *Alarm) Next(r Rule, a Answer, at time.Time) Answer {
	if at.After(m.Last) {
		m.count(r, a, at)
	}
	a.Firing = m.Firing
	within := r.Within.Hours()
	switch {
	case a.Firing && a.State == UncertainState && len(a.HeldBack) == 0 && len(a.times) > 0:
		if t := quantile(a.times, early); !math.IsInf(t, 1) {
			a.ETAEarly = t
		}
	case a.Firing || a.State != Rising || a.ETAEarly >= within:
	case a.ETA < within:
		a.hold(Unconfirmed)
	default:
		a.ETAEarly = Uncertain
		a.HeldBack = append(slices.Clip(a.HeldBack), Unconfirmed)
	}
	return a
}

// Settles tells whether three answers in a row of one kind, which Next would raise or take back, decide the state whatever it was
// before: 1 speaks for a warning, -1 against it, 0 for neither.
func (r Rule) Settles(a Answer) int {
	within := r.Within.Hours()
	switch {
	case a.State == Breached || a.State == Rising && a.Within(within) >= r.Raise:
		return 1
	case a.Within(min(2*within, max(a.seen, within))) < r.Clear:
		return -1
	}
	return 0
}

func (m *Alarm) count(r Rule, a Answer, at time.Time) {
	within := r.Within.Hours()
	least := apart
	against := false
	switch {
	case m.Firing:
		p := a.Within(min(2*within, max(a.seen, within)))
		against = p < r.Clear
		switch {
		case p >= r.Raise:
			m.Doubt = time.Time{}
		case m.Doubt.IsZero():
			m.Doubt = at
		}
	case a.State == Breached:
		m.change(at)
		return
	default:
		against = r.Settles(a) > 0
		if against {
			least = min(time.Duration(a.ETA/shareLeft*float64(time.Hour)), mostApart)
		}
	}
	switch {
	case !against:
		m.Runs, m.Last = 0, at
	case m.Runs == 0 || at.Sub(m.Last) >= least:
		m.Runs++
		m.Last = at
	}
	if m.Runs >= r.Runs || r.Doubt > 0 && !m.Doubt.IsZero() && at.Sub(m.Doubt) >= r.Doubt {
		m.change(at)
	}
}

func (m *Alarm) change(at time.Time) {
	*m = Alarm{Firing: !m.Firing, Since: at, Last: at}
}
