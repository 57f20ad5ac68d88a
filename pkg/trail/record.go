// Package trail keeps the record of warnings: each one raised and each one resolved, once, with what explains it, and what was
// sent to whom. Grafana's alerting reports them through a webhook contact point; replicas that evaluate the same rule report
// the same warning, and repeated notifications repeat it, so every warning has a key. The lines are hash-chained by pkg/store.
package trail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/explain"
	"github.com/forewarn/earlywarning/pkg/notify"
	"github.com/forewarn/earlywarning/pkg/store"
)

// Book is the part of the store that the trail needs.
type Book interface {
	AppendAudit(ctx context.Context, e store.Entry) (store.Entry, error)
	RecordWarning(ctx context.Context, w store.Warning) (store.Entry, bool, error)
	Audit(ctx context.Context, f store.AuditFilter) ([]store.Entry, bool, error)
	ExportAudit(ctx context.Context, f store.AuditFilter, each func(store.Entry) error) error
	Labels(ctx context.Context, model string) ([]store.Label, error)
	OpenCrossings(ctx context.Context) ([]store.OpenWarning, error)
}

// Who writes the lines that no person causes.
const Who = "alerting"

// Actions of deliveries.
const (
	DeliverySent   = "delivery.sent"
	DeliveryFailed = "delivery.failed"
)

// Recorder writes to the trail. It is safe for concurrent use, here and in other processes over the same store.
type Recorder struct {
	Book   Book
	Sights *Sights

	crossings crossings
}

// Tally counts the alerts of a message.
type Tally struct {
	Raised   int `json:"raised"`
	Resolved int `json:"resolved"`
	Known    int `json:"known"` // recorded before
}

// Message records the alerts of a message from Grafana's alerting.
func (r *Recorder) Message(ctx context.Context, m *notify.Message) (Tally, error) {
	var t Tally
	for i := range m.Alerts {
		_, recorded, err := r.Warning(ctx, r.warning(m, &m.Alerts[i]))
		switch {
		case err != nil:
			return t, err
		case !recorded:
			t.Known++
		case m.Alerts[i].Status == notify.Firing:
			t.Raised++
		default:
			t.Resolved++
		}
	}
	return t, nil
}

// Warning records one, unless it is known already. A late report of a warning that has ended since is known as well.
func (r *Recorder) Warning(ctx context.Context, w store.Warning) (store.Entry, bool, error) {
	if w.Entry.Values == nil {
		w.Entry.Values = map[string]any{}
	}
	w.Entry.Values["key"] = short(w.Key)
	if w.Lost.Values != nil {
		w.Lost.Values["key"] = short(w.Key)
	}
	if w.Raised && !w.Entry.Time.IsZero() {
		ended, err := r.endedSince(ctx, short(w.Key), w.Entry.Time)
		if err != nil || ended.Seq != 0 {
			return ended, false, err
		}
	}
	return r.Book.RecordWarning(ctx, w)
}

// endedSince finds the line that says the warning ended after the given time.
func (r *Recorder) endedSince(ctx context.Context, key string, from time.Time) (store.Entry, error) {
	f := store.AuditFilter{From: from.Add(time.Millisecond), Kind: store.WarningResolved, Limit: 1000}
	for {
		lines, more, err := r.Book.Audit(ctx, f)
		if err != nil {
			return store.Entry{}, err
		}
		for _, e := range lines {
			if e.Values["key"] == key {
				return e, nil
			}
		}
		if !more {
			return store.Entry{}, nil
		}
		f.Before = lines[len(lines)-1].Seq
	}
}

// warning describes one alert of a message.
func (r *Recorder) warning(m *notify.Message, a *notify.Alert) store.Warning {
	rule := a.RuleUID()
	if rule == "" {
		rule = a.Labels["alertname"]
	}
	seen := r.Sights.Of(rule, a.Labels)
	values := map[string]any{"rule": a.Labels["alertname"], "ruleUid": a.RuleUID(), "folder": a.Labels["grafana_folder"], "severity": a.Labels["severity"],
		"policy": policy(m.GroupKey), "receiver": m.Receiver, "since": a.StartsAt.UTC().Format(time.RFC3339)}
	if len(a.Values) > 0 {
		nodes := map[string]any{}
		for name, v := range a.Values {
			nodes[name] = v
		}
		values["nodes"] = nodes
	}
	maps.Copy(values, seen.Values())
	e := store.Entry{Who: Who, Model: seen.Model, Version: seen.Version, Subject: Subject(a.Labels), Labels: maps.Clone(a.Labels), Values: values, Note: note(a, "")}
	for _, language := range explain.Languages() {
		if text := note(a, suffix(language)); text != "" && text != e.Note {
			values["note"+suffix(language)] = text
		}
	}
	raised := a.Status == notify.Firing
	if e.Time = a.StartsAt; !raised {
		e.Time = a.EndsAt
		if d := a.EndsAt.Sub(a.StartsAt); !a.StartsAt.IsZero() && d >= 0 {
			values["minutes"] = d.Minutes()
		}
	}
	if e.Time.Year() < 2000 {
		e.Time = time.Time{} // Grafana's "none"
	}
	return store.Warning{Raised: raised, Key: Key(rule, a.Labels), Entry: e, Apart: apart, Lost: lost(e)}
}

// apart is how much later a warning begins that is another than the one that stands. Replicas see the beginning of one warning an evaluation
// of its rule apart at most.
const apart = 15 * time.Minute

// lost is the line of an end that Grafana told nobody of, as of an alert that was over while a silence was on, written when its series is in
// trouble again. When it ended is not known.
func lost(next store.Entry) store.Entry {
	e := next
	e.Values = map[string]any{"unseen": true, "note_zh": "结束时未收到通知（可能处于静默期），再次告警时补记。"}
	for _, name := range []string{"rule", "ruleUid", "folder", "severity", "policy", "receiver"} {
		e.Values[name] = next.Values[name]
	}
	e.Note, e.Model, e.Version = "Its end was not told, as while a silence is on; written when it was raised again.", "", 0
	return e
}

// Delivery records what a relay did with a message at one channel; a channel that is off is no delivery.
func (r *Recorder) Delivery(ctx context.Context, m *notify.Message, o notify.Outcome) error {
	if o.Off {
		return nil
	}
	values := map[string]any{"kind": o.Kind, "status": o.Status, "attempts": o.Attempts, "milliseconds": o.Took.Milliseconds(),
		"rule": m.Common["alertname"], "policy": policy(m.GroupKey), "state": m.Status, "alerts": len(m.Alerts)}
	e := store.Entry{Who: Who, Action: DeliverySent, Subject: o.Channel, Labels: maps.Clone(m.Common), Values: values, Note: o.Answer, Time: o.At}
	if rule := m.Alerts[0].RuleUID(); rule != "" { // Parse takes no message without alerts
		values["ruleUid"] = rule
		seen := r.Sights.Of(rule, m.Alerts[0].Labels)
		e.Model, e.Version = seen.Model, seen.Version
	}
	if !o.OK {
		e.Action = DeliveryFailed
		if o.Err != nil {
			e.Note = o.Err.Error()
		}
	}
	_, err := r.Book.AppendAudit(ctx, e)
	return err
}

// Key tells a rule's series apart from all others.
func Key(rule string, labels map[string]string) string {
	parts := []string{rule}
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		parts = append(parts, fmt.Sprintf("%q=%q", name, labels[name]))
	}
	return strings.Join(parts, "|")
}

func short(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:8])
}

// Labels that say what kind of alert it is, not whose.
var general = []string{"alertname", "grafana_folder", "severity", "kind", "job", "ref_id", "datasource_uid"}

// first are labels that name the entity best, in this order.
var first = []string{"cloud", "cluster", "namespace", "instance", "host", "pod", "container", "service", "route", "region", "mountpoint"}

// Subject names the entity that an alert is about: its own labels' values.
func Subject(labels map[string]string) string {
	names := slices.SortedFunc(maps.Keys(labels), func(a, b string) int {
		ia, ib := rank(a), rank(b)
		if ia != ib {
			return ia - ib
		}
		return strings.Compare(a, b)
	})
	var out []string
	for _, name := range names {
		if !slices.Contains(general, name) && labels[name] != "" {
			out = append(out, labels[name])
		}
	}
	return notify.Clip(strings.Join(out, " "), 190)
}

func rank(label string) int {
	if at := slices.Index(first, label); at >= 0 {
		return at
	}
	return len(first)
}

// policy is the route's part of a group key such as {}/{severity="critical"}:{alertname="CPU"}.
func policy(groupKey string) string {
	if at := strings.LastIndex(groupKey, ":{"); at >= 0 {
		return groupKey[:at]
	}
	return groupKey
}

// suffix of what is told in one language, _en or _zh, as rules' annotations have it. Without it texts are in their author's language.
func suffix(language string) string { return "_" + language[:2] }

// In gives a text of a line in a language where it was recorded in that, otherwise as it was written: values hold it under its name, and
// under its name with the language's suffix.
func In(values map[string]any, name, language, written string) string {
	if text, ok := values[name+suffix(language)].(string); ok {
		return text
	}
	return written
}

// note is what the rule says of an alert, and why, in its author's language or in that of a suffix.
func note(a *notify.Alert, suffix string) string {
	text := strings.TrimSpace(a.Annotations["summary"+suffix])
	if why := strings.TrimSpace(a.Annotations["description"+suffix]); why != "" {
		text = strings.TrimSpace(text + "\n" + why)
	}
	return notify.Clip(text, 1000)
}
