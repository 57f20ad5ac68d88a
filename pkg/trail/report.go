package trail

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/store"
)

// Summary is what the trail says of the warnings of a stretch of time.
type Summary struct {
	Hours      []Hour      // oldest first, hours without warnings included
	Rules      []Count     // noisiest first
	Entities   []Count     // most often first
	Warnings   []Line      // newest first
	Raised     int         // in the stretch
	Resolved   int         // in the stretch
	MeanMins   float64     // from raised to resolved, minutes; 0 without any
	Deliveries []Delivered // by channel
}

// Hour counts the warnings raised in one hour, by severity.
type Hour struct {
	Start      time.Time
	BySeverity map[string]int
}

// Count is a rule or an entity.
type Count struct {
	Name     string
	Raised   int
	Resolved int
	MeanMins float64 // from raised to resolved
	Last     time.Time
}

// Line is one warning, with its end where it has one.
type Line struct {
	Rule, Severity, Subject, Model, Note string
	Version                              int
	From, To                             time.Time // To is zero while it lasts
	Seq                                  int64
	Labels                               map[string]string
	Values                               map[string]any
}

// Delivered counts what a channel was given.
type Delivered struct {
	Channel      string
	Sent, Failed int
	Last         time.Time
	LastError    string
}

// mostLines that a summary lists one by one.
const mostLines = 1000

// Summarize reads the trail from one time to another.
func (r *Recorder) Summarize(ctx context.Context, from, to time.Time) (*Summary, error) {
	s := &Summary{}
	rules, entities, channels := counts{}, counts{}, map[string]*Delivered{}
	open := map[string]int{} // index into s.Warnings by key
	hours := map[int64]map[string]int{}
	err := r.Book.ExportAudit(ctx, store.AuditFilter{From: from, To: to}, func(e store.Entry) error {
		key, _ := e.Values["key"].(string)
		switch e.Action {
		case store.WarningRaised:
			s.Raised++
			severity := orNone(text(e, "severity"))
			hour := e.Time.Truncate(time.Hour).Unix()
			if hours[hour] == nil {
				hours[hour] = map[string]int{}
			}
			hours[hour][severity]++
			rules.raised(text(e, "rule"), e.Time)
			entities.raised(e.Subject, e.Time)
			open[key] = len(s.Warnings)
			s.Warnings = append(s.Warnings, Line{Rule: text(e, "rule"), Severity: severity, Subject: e.Subject, Model: e.Model, Version: e.Version, Note: e.Note, From: e.Time, Seq: e.Seq, Labels: e.Labels, Values: e.Values})
		case store.WarningResolved:
			s.Resolved++
			minutes, known := e.Values["minutes"].(float64)
			if at, ok := open[key]; ok {
				s.Warnings[at].To = e.Time
				minutes, known = e.Time.Sub(s.Warnings[at].From).Minutes(), e.Values["unseen"] != true // whose end nobody knows
				delete(open, key)
			}
			rules.resolved(text(e, "rule"), minutes, known)
			entities.resolved(e.Subject, minutes, known)
		case DeliverySent, DeliveryFailed:
			d := channels[e.Subject]
			if d == nil {
				d = &Delivered{Channel: e.Subject}
				channels[e.Subject] = d
			}
			if e.Action == DeliverySent {
				d.Sent++
			} else {
				d.Failed++
				d.LastError = e.Note
			}
			d.Last = e.Time
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.Rules, s.Entities = rules.sorted(), entities.sorted()
	s.MeanMins = rules.mean()
	s.Hours = filled(hours, from, to)
	slices.SortStableFunc(s.Warnings, func(a, b Line) int { return b.From.Compare(a.From) })
	s.Warnings = s.Warnings[:min(len(s.Warnings), mostLines)]
	for _, d := range channels {
		s.Deliveries = append(s.Deliveries, *d)
	}
	slices.SortFunc(s.Deliveries, func(a, b Delivered) int { return cmp.Compare(a.Channel, b.Channel) })
	return s, nil
}

func text(e store.Entry, name string) string {
	s, _ := e.Values[name].(string)
	return s
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// filled gives every hour of the stretch, at most 60 days of them.
func filled(hours map[int64]map[string]int, from, to time.Time) []Hour {
	start := from.Truncate(time.Hour)
	if longest := 60 * 24 * time.Hour; to.Sub(start) > longest {
		start = to.Add(-longest).Truncate(time.Hour)
	}
	var out []Hour
	for at := start; at.Before(to); at = at.Add(time.Hour) {
		by := hours[at.Unix()]
		if by == nil {
			by = map[string]int{}
		}
		out = append(out, Hour{at, by})
	}
	return out
}

// counts gathers by name.
type counts map[string]*tally

type tally struct {
	raised, resolved, timed int
	minutes                 float64
	last                    time.Time
}

func (c counts) of(name string) *tally {
	name = orNone(name)
	if c[name] == nil {
		c[name] = &tally{}
	}
	return c[name]
}

func (c counts) raised(name string, at time.Time) {
	t := c.of(name)
	t.raised++
	if at.After(t.last) {
		t.last = at
	}
}

func (c counts) resolved(name string, minutes float64, known bool) {
	t := c.of(name)
	t.resolved++
	if known {
		t.timed++
		t.minutes += minutes
	}
}

func (c counts) mean() float64 {
	minutes, n := 0.0, 0
	for _, t := range c {
		minutes, n = minutes+t.minutes, n+t.timed
	}
	if n == 0 {
		return 0
	}
	return minutes / float64(n)
}

func (c counts) sorted() []Count {
	out := make([]Count, 0, len(c))
	for name, t := range c {
		one := Count{Name: name, Raised: t.raised, Resolved: t.resolved, Last: t.last}
		if t.timed > 0 {
			one.MeanMins = t.minutes / float64(t.timed)
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b Count) int { return cmp.Or(b.Raised-a.Raised, cmp.Compare(a.Name, b.Name)) })
	return out
}

// Precision says how often the alerts of a model that people labelled were right.
type Precision struct {
	Model                   string
	Incidents, NotAnomalies int
}

// Precision counts the labels by model.
func (r *Recorder) Precision(ctx context.Context) ([]Precision, error) {
	labels, err := r.Book.Labels(ctx, "")
	if err != nil {
		return nil, err
	}
	by := map[string]*Precision{}
	for _, l := range labels {
		p := by[l.Model]
		if p == nil {
			p = &Precision{Model: l.Model}
			by[l.Model] = p
		}
		if l.Kind == "incident" {
			p.Incidents++
		} else {
			p.NotAnomalies++
		}
	}
	out := make([]Precision, 0, len(by))
	for _, p := range by {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Precision) int { return cmp.Compare(a.Model, b.Model) })
	return out, nil
}
