package trail

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// mostWatched bounds the series of rules whose state is remembered; beyond it all is looked up anew.
const mostWatched = 200_000

// crossings remember which series of which rules were beyond their threshold when they were looked at last, so that only changes are
// written.
type crossings struct {
	mu    sync.Mutex
	known map[string]bool
}

// Rule is an alert rule whose evaluation asked.
type Rule struct{ UID, Name string }

// Crossed notes which series of an early-warning rule have crossed their threshold, or are back, since its last evaluation: one line
// each, however many replicas evaluate it. A crossing that was there when this process first looked, and that no process has noted, is
// marked as such (`first`): when it began nobody knows.
func (r *Recorder) Crossed(ctx context.Context, rule Rule, a *query.Answer) error {
	if rule.UID == "" || a.Query.Type != query.Warning || a.Query.WhatIf != nil {
		return nil
	}
	c := &r.crossings
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil || len(c.known) > mostWatched {
		open, err := r.Book.OpenCrossings(ctx)
		if err != nil {
			return err
		}
		c.known = make(map[string]bool, len(open))
		for _, o := range open {
			c.known[o.Key] = true
		}
	}
	for i := range a.Results {
		one := &a.Results[i]
		w := one.Warning
		if w == nil || w.Unknown() {
			continue
		}
		key, crossed := Key(rule.UID, one.Labels)+thresholdOf(a.Query), w.State == warn.Breached
		before, looked := c.known[key]
		if looked && before == crossed || !looked && !crossed {
			c.known[key] = crossed
			continue
		}
		values := map[string]any{"rule": rule.Name, "ruleUid": rule.UID, "key": short(key), "current": w.Current, "threshold": w.Threshold}
		if !looked {
			values["first"] = true
		}
		e := store.Entry{Time: a.AsOf, Who: Who, Model: a.Query.Model.Name, Version: a.Query.Model.Version, Subject: Subject(one.Labels), Labels: maps.Clone(one.Labels), Values: values}
		if _, _, err := r.Book.RecordWarning(ctx, store.Warning{Raised: crossed, Crossing: true, Key: key, Entry: e}); err != nil {
			return err
		}
		c.known[key] = crossed
	}
	return nil
}

// thresholdOf tells the thresholds of a rule's queries apart: one may look at 80 and at 95 per cent.
func thresholdOf(q *query.Query) string {
	out := ""
	if q.Threshold != nil {
		out = fmt.Sprintf("|%s %g", q.Threshold.Direction, q.Threshold.Value)
	}
	for _, from := range []*source.Spec{q.Limit.Query, q.Limit.Capacity} {
		if from != nil {
			out += "|" + from.Expr + from.RawSQL + from.Table
		}
	}
	return out
}

// foreseen is how long before a crossing a warning may have been raised to count for it: twice the time that rules look ahead.
var foreseen = 2 * warn.DefaultRule().Within

// lookBack is how much further back than the stretch asked for the trail is read for warnings that may have stood at its beginning.
const lookBack = 30 * 24 * time.Hour
