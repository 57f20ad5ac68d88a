package trail

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/notify"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/store"
)

// many is a message of several alerts, each raised or over as its sign says: "+a" begins, "-a" ends.
func many(t *testing.T, signs ...string) *notify.Message {
	t.Helper()
	m := body(t, "firing")
	first := m.Alerts[0]
	m.Alerts = nil
	for _, sign := range signs {
		a := first
		a.Labels = map[string]string{"alertname": "CPU over 80 %", "instance": sign[1:]}
		if sign[0] == '-' {
			a.Status, a.EndsAt = notify.Resolved, a.StartsAt.Add(10*time.Minute)
		}
		m.Alerts = append(m.Alerts, a)
	}
	return m
}

// A message tells of several series at once: each is counted for what it is.
func TestAMessageOfSeveralAlerts(t *testing.T) {
	r := recorder(t, store.Config{})
	for _, c := range []struct {
		signs []string
		want  Tally
	}{
		{[]string{"+a", "+b", "+c"}, Tally{Raised: 3}},
		{[]string{"+a", "-b", "+d"}, Tally{Raised: 1, Resolved: 1, Known: 1}},
		{[]string{"-a", "-b", "-c", "-d"}, Tally{Resolved: 3, Known: 1}},
		{[]string{"-e"}, Tally{Known: 1}}, // what never began does not end
		{[]string{"+a", "+a"}, Tally{Known: 2}},
	} {
		got, err := r.Message(t.Context(), many(t, c.signs...))
		require.NoError(t, err)
		require.Equal(t, c.want, got, "%v", c.signs)
	}
	require.Len(t, lines(t, r), 8)
}

// failing is a book whose store goes away after some lines.
type failing struct {
	Book
	left int
}

var errAway = errors.New("the store is away")

func (f *failing) RecordWarning(ctx context.Context, w store.Warning) (store.Entry, bool, error) {
	if f.left--; f.left < 0 {
		return store.Entry{}, false, errAway
	}
	return f.Book.RecordWarning(ctx, w)
}

// A store that goes away in the middle of a message fails the message, and what Grafana sends again adds only what is missing.
func TestAStoreThatGoesAwayInTheMiddle(t *testing.T) {
	whole := recorder(t, store.Config{})
	broken := &Recorder{Book: &failing{whole.Book, 2}, Sights: whole.Sights}
	got, err := broken.Message(t.Context(), many(t, "+a", "+b", "+c"))
	require.ErrorIs(t, err, errAway)
	require.Equal(t, Tally{Raised: 2}, got)
	got, err = whole.Message(t.Context(), many(t, "+a", "+b", "+c"))
	require.NoError(t, err)
	require.Equal(t, Tally{Raised: 1, Known: 2}, got)
	require.Len(t, lines(t, whole), 3)
}

// What a body may lack: the rule's address, times, labels, texts.
func TestWhatAnAlertMayLack(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*notify.Alert)
		check  func(t *testing.T, e store.Entry)
	}{
		"an address": {func(a *notify.Alert) { a.GeneratorURL = "" }, func(t *testing.T, e store.Entry) {
			require.Equal(t, "", e.Values["ruleUid"])
			require.Equal(t, "CPU over 80 %", e.Values["rule"])
		}},
		"an address of Grafana's": {func(a *notify.Alert) { a.GeneratorURL = "https://elsewhere.example.com/rule/7" }, func(t *testing.T, e store.Entry) {
			require.Equal(t, "", e.Values["ruleUid"])
		}},
		"a beginning": {func(a *notify.Alert) { a.StartsAt = time.Time{} }, func(t *testing.T, e store.Entry) {
			require.WithinDuration(t, time.Now(), e.Time, time.Minute, "it is now that it was told")
		}},
		"a text": {func(a *notify.Alert) { a.Annotations = nil }, func(t *testing.T, e store.Entry) {
			require.Empty(t, e.Note)
		}},
		"a reason": {func(a *notify.Alert) { a.Annotations = map[string]string{"summary": " hot "} }, func(t *testing.T, e store.Entry) {
			require.Equal(t, "hot", e.Note)
		}},
		"an end to its text": {func(a *notify.Alert) { a.Annotations = map[string]string{"summary": strings.Repeat("hot ", 5000)} }, func(t *testing.T, e store.Entry) {
			require.LessOrEqual(t, len([]rune(e.Note)), 1000)
		}},
		"labels": {func(a *notify.Alert) { a.Labels = nil }, func(t *testing.T, e store.Entry) {
			require.Empty(t, e.Subject)
			require.Equal(t, "", e.Values["rule"])
		}},
		"numbers": {func(a *notify.Alert) { a.Values = nil }, func(t *testing.T, e store.Entry) {
			require.NotContains(t, e.Values, "nodes")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			r := recorder(t, store.Config{})
			m := body(t, "firing")
			c.change(&m.Alerts[0])
			got, err := r.Message(t.Context(), m)
			require.NoError(t, err)
			require.Equal(t, Tally{Raised: 1}, got)
			c.check(t, lines(t, r)[0])
		})
	}
	r := recorder(t, store.Config{})
	_, err := r.Message(t.Context(), many(t, "+a"))
	require.NoError(t, err)
	m := many(t, "-a")
	m.Alerts[0].EndsAt = m.Alerts[0].StartsAt.Add(-time.Hour) // clocks that disagree
	m.Alerts[0].EndsAt = m.Alerts[0].EndsAt.Add(2 * time.Hour)
	_, err = r.Message(t.Context(), m)
	require.NoError(t, err)
	require.Equal(t, 60.0, lines(t, r)[1].Values["minutes"])
}

func TestThePolicyIsTheRoutesPartOfAGroupsKey(t *testing.T) {
	for key, want := range map[string]string{
		`{}/{severity="critical"}:{alertname="CPU"}`:            `{}/{severity="critical"}`,
		`{}/{severity="critical"}/{}:{alertname="a:{b", x="y"}`: `{}/{severity="critical"}/{}:{alertname="a`, // a name nobody has; nothing breaks
		`{}/{__grafana_autogenerated__="true"}:{}`:              `{}/{__grafana_autogenerated__="true"}`,
		"": "", "no group": "no group",
	} {
		require.Equal(t, want, policy(key))
	}
}

// What failed is told in the vendor's or our own words; what was asked of a channel that is off is no delivery.
func TestWhatADeliverySays(t *testing.T) {
	r := recorder(t, store.Config{})
	m := body(t, "firing")
	for _, o := range []notify.Outcome{
		{Channel: "a", Kind: "slack", Status: 503, Answer: "busy", Attempts: 3, Took: 1500 * time.Millisecond, Err: errors.New("answer 503: busy"), At: noon},
		{Channel: "b", Kind: "sms", Status: 200, Answer: `{"code":0}`, OK: true, Attempts: 1, At: noon},
		{Channel: "c", Kind: "phone", Off: true, At: noon},
		{Channel: "d", Kind: "wecom", At: noon},
	} {
		require.NoError(t, r.Delivery(t.Context(), m, o))
	}
	got := lines(t, r)
	require.Len(t, got, 3)
	require.Equal(t, []any{"delivery.failed", "a", "answer 503: busy", 3.0, 1500.0, "firing", 1.0}, []any{got[0].Action, got[0].Subject, got[0].Note, number(got[0], "attempts"), number(got[0], "milliseconds"), got[0].Values["state"], number(got[0], "alerts")})
	require.Equal(t, []any{"delivery.sent", "b", `{"code":0}`}, []any{got[1].Action, got[1].Subject, got[1].Note})
	require.Equal(t, "delivery.failed", got[2].Action)
	require.Equal(t, "critical", got[1].Labels["severity"])
}

func number(e store.Entry, name string) float64 {
	switch v := e.Values[name].(type) {
	case int:
		return float64(v)
	case int64:
		return float64(v)
	case float64:
		return v
	}
	return math.NaN()
}

// What an evaluation saw is the newest known point; what is no number is left out, and there is an end to what is remembered.
func TestWhatASightHolds(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	s := NewSights()
	s.Saw("r", &query.Answer{Past: 3, AsOf: noon, Query: &query.Query{RefID: "A"}, Results: []query.Result{
		{Labels: series.Labels{"i": "gap"}, Actual: []float64{1, 2, nan}, Score: []float64{0, 0.5, nan}, Expected: []float64{7, 8, 9}, Lower: []float64{nan, inf, nan}},
		{Labels: series.Labels{"i": "empty"}},
		{Labels: series.Labels{"i": "nothing known"}, Actual: []float64{nan, nan, nan}, Score: []float64{nan, nan, nan}},
	}})
	v := s.Of("r", map[string]string{"i": "gap", "alertname": "x"}).Values()
	require.Equal(t, []any{2.0, 0.5, 8.0}, []any{v["actual"], v["score"], v["expected"]})
	require.NotContains(t, v, "lower", "infinity is no edge")
	for _, name := range []string{"empty", "nothing known"} {
		require.Equal(t, map[string]any{"scoredAt": noon.Format(time.RFC3339)}, s.Of("r", map[string]string{"i": name}).Values())
	}
	crowd := &query.Answer{Past: 1, AsOf: noon, Query: &query.Query{RefID: "A"}}
	for k := range mostSeries + 50 {
		crowd.Results = append(crowd.Results, query.Result{Labels: series.Labels{"i": fmt.Sprint(k)}, Actual: []float64{1}})
	}
	s.Saw("crowd", crowd)
	require.Len(t, s.rules["crowd"]["A"], mostSeries)
	for k := range 40 {
		s.Saw("refs", &query.Answer{Past: 1, AsOf: noon, Query: &query.Query{RefID: fmt.Sprintf("Q%02d", k)}})
	}
	require.Len(t, s.rules["refs"], 26)
	s.Saw("refs", &query.Answer{Past: 1, AsOf: noon.Add(time.Hour), Query: &query.Query{RefID: "Q00"}, Results: []query.Result{{Labels: series.Labels{"i": "new"}, Actual: []float64{5}}}})
	require.Equal(t, 5.0, s.Of("refs", map[string]string{"i": "new"}).Values()["actual"], "what is known already is renewed")
}

// An alert is explained by series whose labels it has, and by no other, whatever the labels.
func TestASightIsOfTheAlertsOwnSeries(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		labels := rapid.MapOfN(rapid.SampledFrom([]string{"a", "b", "c"}), rapid.SampledFrom([]string{"1", "2"}), 1, 3)
		s, a := NewSights(), &query.Answer{Past: 1, AsOf: noon, Query: &query.Query{RefID: "A"}}
		seen := rapid.SliceOfN(labels, 1, 5).Draw(t, "series")
		for k, l := range seen {
			a.Results = append(a.Results, query.Result{Labels: l, Actual: []float64{float64(k)}})
		}
		s.Saw("r", a)
		alert := labels.Draw(t, "alert")
		want := slices.IndexFunc(seen, func(l map[string]string) bool {
			for name, value := range l {
				if alert[name] != value {
					return false
				}
			}
			return true
		})
		got, ok := s.Of("r", alert).Values()["actual"]
		require.Equal(t, want >= 0, ok)
		if ok {
			require.Equal(t, float64(want), got, "the first of them")
		}
	})
}

// Rules are evaluated, alerts recorded and dashboards read at the same time; nothing races (run with -race).
func TestAllAtOnce(t *testing.T) {
	r := recorder(t, store.Config{Path: filepath.Join(t.TempDir(), "forewarn.db")})
	var wait sync.WaitGroup
	for k := range 6 {
		wait.Go(func() {
			for n := range 5 {
				r.Sights.Saw(fmt.Sprintf("rule-%d", n), &query.Answer{Past: 1, AsOf: noon, Query: &query.Query{RefID: "A"}, Results: []query.Result{{Labels: series.Labels{"instance": "a"}, Actual: []float64{float64(k)}}}})
				if _, err := r.Message(context.Background(), many(t, "+"+fmt.Sprint(n))); err != nil {
					t.Error(err)
				}
				if _, err := r.Summarize(context.Background(), noon.Add(-time.Hour), noon.Add(time.Hour)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	require.Len(t, lines(t, r), 5, "each warning once")
}

// Any history of warnings adds up: the hours, the rules and the entities count the same, and the mean time is that of a plain sum.
func TestSummariesAddUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		db, err := store.Open(store.Config{})
		require.NoError(rt, err)
		defer func() { _ = db.Close() }()
		r := &Recorder{Book: db.Space("x")}
		start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		raised, resolved, minutes := 0, 0, 0.0
		open := map[string]time.Time{}
		for at := start; at.Before(start.Add(6 * time.Hour)); at = at.Add(time.Duration(1+rng.IntN(40)) * time.Minute) {
			rule, subject := fmt.Sprintf("rule-%d", rng.IntN(3)), fmt.Sprintf("web-%d", rng.IntN(3))
			key := rule + subject
			began, lasts := open[key]
			e := store.Entry{Who: Who, Subject: subject, Time: at, Values: map[string]any{"rule": rule, "severity": []string{"critical", "warning", ""}[rng.IntN(3)]}}
			_, recorded, err := r.Warning(t.Context(), store.Warning{Raised: !lasts, Key: key, Entry: e})
			require.NoError(rt, err)
			require.True(rt, recorded)
			if lasts {
				resolved, minutes = resolved+1, minutes+at.Sub(began).Minutes()
				delete(open, key)
			} else {
				raised, open[key] = raised+1, at
			}
		}
		s, err := r.Summarize(t.Context(), start, start.Add(7*time.Hour))
		require.NoError(rt, err)
		require.Equal(rt, []int{raised, resolved, raised}, []int{s.Raised, s.Resolved, len(s.Warnings)})
		if resolved > 0 {
			require.InDelta(rt, minutes/float64(resolved), s.MeanMins, 1e-9)
		}
		inHours, standing := 0, 0
		for _, h := range s.Hours {
			for _, n := range h.BySeverity {
				inHours += n
			}
		}
		for _, w := range s.Warnings {
			if w.To.IsZero() {
				standing++
			}
		}
		require.Equal(rt, []int{raised, len(open)}, []int{inHours, standing})
		for _, list := range [][]Count{s.Rules, s.Entities} {
			up, down := 0, 0
			for i, c := range list {
				up, down = up+c.Raised, down+c.Resolved
				require.True(rt, i == 0 || list[i-1].Raised >= c.Raised, "the noisiest first")
			}
			require.Equal(rt, []int{raised, resolved}, []int{up, down})
		}
	})
}
