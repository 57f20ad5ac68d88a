package trail

import (
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/forewarn/earlywarning/pkg/explain"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// mostRules whose newest evaluation is remembered; the oldest is forgotten first.
const mostRules = 2000

// mostSeries of one rule.
const mostSeries = 1000

// Sights remember, for each alert rule, what its newest evaluation saw of each series, so that the trail can say which model
// scored a warning and why. Every process evaluates every rule, so each remembers for itself.
type Sights struct {
	mu    sync.Mutex
	rules map[string]map[string][]Sight // by rule and by the query's refId
	order []string
}

// NewSights gives an empty memory.
func NewSights() *Sights { return &Sights{rules: map[string]map[string][]Sight{}} }

// Sight is what an evaluation saw of one series.
type Sight struct {
	Model     string
	Version   int
	Labels    map[string]string
	At        time.Time
	algorithm string
	reason    string
	told      map[string]string // the same by language, where it is a sentence that can be told in each
	composite bool
	numbers   map[string]float64
}

// Saw notes an answer that an evaluation of the rule was given.
func (s *Sights) Saw(rule string, a *query.Answer) {
	if s == nil || rule == "" {
		return
	}
	list := make([]Sight, min(len(a.Results), mostSeries))
	for i := range list {
		list[i] = see(a, &a.Results[i])
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	byRef := s.rules[rule]
	if byRef == nil {
		if len(s.order) >= mostRules {
			delete(s.rules, s.order[0])
			s.order = s.order[1:]
		}
		byRef = map[string][]Sight{}
		s.rules[rule], s.order = byRef, append(s.order, rule)
	}
	if len(byRef) < 26 || byRef[a.Query.RefID] != nil {
		byRef[a.Query.RefID] = list
	}
}

func see(a *query.Answer, r *query.Result) Sight {
	out := Sight{Model: a.Query.Model.Name, Version: a.Query.Model.Version, Labels: r.Labels, At: a.AsOf, algorithm: r.Algorithm, reason: r.Why, numbers: map[string]float64{}, composite: a.Query.Type == query.Composite}
	put := func(name string, v float64) {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			out.numbers[name] = v
		}
	}
	// The newest known point, as the rule's reduce takes it.
	at := min(a.Past, max(len(r.Score), len(r.Actual))) - 1
	for at > 0 && (at < len(r.Actual) && math.IsNaN(r.Actual[at]) || at < len(r.Score) && math.IsNaN(r.Score[at])) {
		at--
	}
	for name, list := range map[string][]float64{"actual": r.Actual, "expected": r.Expected, "lower": r.Lower, "upper": r.Upper, "score": r.Score} {
		if at >= 0 && at < len(list) {
			put(name, list[at])
		}
	}
	if n := len(r.Episodes); n > 0 {
		if e := r.Episodes[n-1]; e.HeldBack == "" && !e.To.Before(a.AsOf.Add(-a.Query.Interval)) { // it goes on
			out.reason, out.told = e.Sentence(a.Query.Language), map[string]string{}
			for _, language := range explain.Languages() {
				out.told[language] = e.Sentence(language)
			}
		}
	}
	if w := r.Warning; w != nil {
		put("eta", w.ETA)
		put("eta_early", w.ETAEarly)
		put("probability", w.Probability)
		put("current", w.Current)
		put("threshold", w.Threshold)
	}
	if o := r.Outlier; o != nil {
		put("score", o.Score)
		put("actual", o.Actual)
		put("expected", o.Expected)
		if o.Members > 0 {
			put("agree", float64(o.Agree))
			put("members", float64(o.Members))
		}
		if o.Why != "" && out.told == nil {
			out.reason = o.Why
		}
	}
	if c := r.Crosses; c != nil && c.Hours < warn.Never {
		put("eta", c.Hours)
		put("crossing", c.Value)
		put("threshold", a.Query.Threshold.Value)
	}
	for _, share := range r.Shares {
		put("share "+share.Signal, share.Share)
	}
	return out
}

// old is how much later another query of the rule looked where a sight is of another time: one that compares with last week.
const old = 24 * time.Hour

// Of gives what was seen of the series that an alert's labels belong to: each of its labels is among the alert's. The queries of a
// rule are joined in the order of their refIds, and the first to know something counts: A is the condition's. The others of a composite
// are of its signals one by one, so they add nothing. The empty sight says that nothing was seen.
func (s *Sights) Of(rule string, labels map[string]string) Sight {
	out := Sight{numbers: map[string]float64{}}
	if s == nil {
		return out
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Sight
	for _, ref := range slices.Sorted(maps.Keys(s.rules[rule])) {
		for _, one := range s.rules[rule][ref] {
			if within(one.Labels, labels) {
				list = append(list, one)
				out.At = latest(out.At, one.At)
			}
		}
	}
	for _, one := range list {
		if out.At.Sub(one.At) > old || out.composite && !one.composite {
			continue
		}
		for name, v := range one.numbers {
			if _, known := out.numbers[name]; !known {
				out.numbers[name] = v
			}
		}
		if out.algorithm == "" || out.Model == "" && one.Model != "" {
			out.Model, out.Version, out.algorithm, out.Labels = one.Model, one.Version, one.algorithm, one.Labels
		}
		out.composite = out.composite || one.composite
		if out.reason == "" {
			out.reason, out.told = one.reason, one.told
		}
	}
	return out
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func within(part, all map[string]string) bool {
	for name, value := range part {
		if v, ok := all[name]; !ok || v != value {
			return false
		}
	}
	return true
}

// Values are the explanation's numbers and texts, for a line of the trail.
func (s Sight) Values() map[string]any {
	out := map[string]any{}
	for name, v := range s.numbers {
		out[name] = v
	}
	if s.algorithm != "" {
		out["algorithm"] = s.algorithm
	}
	if s.reason != "" {
		out["why"] = s.reason
	}
	for language, text := range s.told {
		if text != s.reason {
			out["why"+suffix(language)] = text
		}
	}
	if !s.At.IsZero() {
		out["scoredAt"] = s.At.UTC().Format(time.RFC3339)
	}
	return out
}
