package trail

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/forewarn/earlywarning/pkg/evaluate"
	"github.com/forewarn/earlywarning/pkg/store"
)

// Accuracy says how the early warnings of one rule turned out, or of all together.
type Accuracy struct {
	Rule Rule
	evaluate.Warnings
}

// Precision is the share of the warnings that were decided which were confirmed; ok is false without any.
func (a *Accuracy) Precision() (share float64, ok bool) {
	n := a.Confirmed + a.Withdrawn
	return float64(a.Confirmed) / float64(max(n, 1)), n > 0
}

// Recall is the share of the crossings that a warning came before; ok is false without any.
func (a *Accuracy) Recall() (share float64, ok bool) {
	return 1 - float64(a.Missed)/float64(max(a.Crossings, 1)), a.Crossings > 0
}

// past is what the trail knows of one rule.
type past struct {
	rule      Rule
	early     bool // it warns of what is to come
	warnings  []told
	crossings []told
}

// told is a stretch with the labels of its series.
type told struct {
	evaluate.Span
	key    string
	labels map[string]string
}

// Accuracy tells how the warnings that were raised from one time to another turned out, as far as is known now: each early-warning
// rule, the one with the most warnings first. A rule counts as one when a crossing was noted for it or its warnings state a time.
func (r *Recorder) Accuracy(ctx context.Context, from, to, now time.Time) ([]Accuracy, error) {
	rules := map[string]*past{}
	until := to.Add(foreseen)
	for _, kind := range []string{"warning", "crossing"} {
		f := store.AuditFilter{Kind: kind, From: from.Add(-lookBack), To: until}
		if err := r.Book.ExportAudit(ctx, f, func(e store.Entry) error { gather(rules, e); return nil }); err != nil {
			return nil, err
		}
	}
	if until.After(now) {
		until = now
	}
	out := []Accuracy{}
	for _, p := range rules {
		if !p.early {
			continue
		}
		a := Accuracy{Rule: p.rule}
		for _, list := range [][]told{p.warnings, p.crossings} {
			for i := range list {
				list[i].Aside = list[i].Aside || list[i].From.Before(from) || !list[i].From.Before(to)
			}
			slices.SortStableFunc(list, func(x, y told) int { return x.From.Compare(y.From) })
		}
		for _, s := range p.series() {
			a.Add(evaluate.Judge(s[0], s[1], until, foreseen))
		}
		if a.Raised+a.Crossings > 0 {
			out = append(out, a)
		}
	}
	slices.SortFunc(out, func(a, b Accuracy) int {
		return cmp.Or(b.Raised-a.Raised, cmp.Compare(a.Rule.Name, b.Rule.Name), cmp.Compare(a.Rule.UID, b.Rule.UID))
	})
	return out, nil
}

// Total adds up the rules.
func Total(list []Accuracy) (out Accuracy) {
	for _, a := range list {
		out.Add(a.Warnings)
	}
	return out
}

// gather takes a line of the trail in.
func gather(rules map[string]*past, e store.Entry) {
	rule := Rule{UID: text(e, "ruleUid"), Name: text(e, "rule")}
	id := cmp.Or(rule.UID, rule.Name)
	p := rules[id]
	if p == nil {
		p = &past{rule: rule}
		rules[id] = p
	}
	p.rule.Name = cmp.Or(rule.Name, p.rule.Name)
	one := told{Span: evaluate.Span{From: e.Time}, key: text(e, "key"), labels: e.Labels}
	switch e.Action {
	case store.WarningRaised:
		_, states := e.Values["eta"]
		p.early = p.early || states
		p.warnings = append(p.warnings, one)
	case store.CrossingBegan:
		p.early = true
		one.Aside, _ = e.Values["first"].(bool)
		p.crossings = append(p.crossings, one)
	case store.WarningResolved:
		end(p.warnings, one)
	case store.CrossingEnded:
		end(p.crossings, one)
	}
}

// end notes the end of the newest stretch of the same key.
func end(list []told, at told) {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].key == at.key {
			if list[i].To.IsZero() {
				list[i].To = at.From
			}
			return
		}
	}
}

// series gives warnings and crossings together by series: an alert has all the labels of its series, and the rule's besides.
func (p *past) series() (out [][2][]evaluate.Span) {
	at := map[string]int{}
	labels := []map[string]string{}
	for _, c := range p.crossings {
		id := Key("", c.labels) // of all thresholds together
		k, ok := at[id]
		if !ok {
			k = len(out)
			at[id] = k
			out, labels = append(out, [2][]evaluate.Span{}), append(labels, c.labels)
		}
		out[k][1] = append(out[k][1], c.Span)
	}
	for _, w := range p.warnings {
		k := slices.IndexFunc(labels, func(l map[string]string) bool { return within(l, w.labels) })
		if k < 0 {
			k = len(out)
			out, labels = append(out, [2][]evaluate.Span{}), append(labels, w.labels)
		}
		out[k][0] = append(out[k][0], w.Span)
	}
	return out
}
