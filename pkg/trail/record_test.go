package trail

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/explain"
	"github.com/forewarn/earlywarning/pkg/notify"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// noon is startsAt of the recorded body.
var noon = time.Date(2026, 11, 21, 8, 8, 30, 0, time.UTC)

func recorder(t *testing.T, c store.Config) *Recorder {
	t.Helper()
	db, err := store.Open(c)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return &Recorder{Book: db.Space("1/forewarn"), Sights: NewSights()}
}

// body is what Grafana 12.3.0 sent, recorded (pkg/notify/testdata).
func body(t *testing.T, status string) *notify.Message {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "notify", "testdata", "grafana-"+status+".json"))
	require.NoError(t, err)
	m, err := notify.Parse(raw)
	require.NoError(t, err)
	return m
}

func lines(t *testing.T, r *Recorder) []store.Entry {
	t.Helper()
	var out []store.Entry
	require.NoError(t, r.Book.ExportAudit(t.Context(), store.AuditFilter{}, func(e store.Entry) error {
		out = append(out, e)
		return nil
	}))
	return out
}

func TestAWarningIsRecordedOnceWithWhatExplainsIt(t *testing.T) {
	r := recorder(t, store.Config{})
	nan := []float64{50, 51}
	r.Sights.Saw("forewarn-cpu-threshold", &query.Answer{Past: 2, AsOf: noon, Query: &query.Query{RefID: "A", Model: query.Model{Name: "cpu", Version: 3}},
		Results: []query.Result{
			{Labels: series.Labels{"instance": "aliyun-hz-01:9100"}, Algorithm: "other", Actual: nan},
			{Labels: series.Labels{"instance": "tencent-bj-02:9100"}, Algorithm: "seasonal-residual", Why: "day and week", Actual: []float64{40, 93.7}, Expected: nan, Score: []float64{0, 2.5}},
		}})
	tally, err := r.Message(t.Context(), body(t, "firing"))
	require.NoError(t, err)
	require.Equal(t, Tally{Raised: 1}, tally)
	for range 3 { // Grafana repeats itself
		tally, err = r.Message(t.Context(), body(t, "firing"))
		require.NoError(t, err)
		require.Equal(t, Tally{Known: 1}, tally)
	}
	tally, err = r.Message(t.Context(), body(t, "resolved"))
	require.NoError(t, err)
	require.Equal(t, Tally{Resolved: 1}, tally)

	got := lines(t, r)
	require.Len(t, got, 2)
	raised := got[0]
	require.Equal(t, "warning.raised", raised.Action)
	require.Equal(t, "alerting", raised.Who)
	require.Equal(t, "tencent-bj-02:9100", raised.Subject)
	require.Equal(t, "cpu", raised.Model)
	require.Equal(t, 3, raised.Version)
	require.Equal(t, noon, raised.Time.UTC())
	require.Equal(t, "critical", raised.Labels["severity"])
	require.True(t, strings.HasPrefix(raised.Note, "tencent-bj-02:9100: CPU 93 %, limit 80 %.\nBusy share"))
	for name, want := range map[string]any{"rule": "CPU over 80 %", "ruleUid": "forewarn-cpu-threshold", "folder": "Forewarn", "severity": "critical", "policy": `{}/{severity="critical"}/{}`, "receiver": "webhook",
		"algorithm": "seasonal-residual", "why": "day and week", "actual": 93.7, "expected": 51.0, "score": 2.5} {
		require.Equal(t, want, raised.Values[name], name)
	}
	require.InDelta(t, 93.23, raised.Values["nodes"].(map[string]any)["V"], 0.01)
	require.Equal(t, "warning.resolved", got[1].Action)
	require.Equal(t, 7.0, got[1].Values["minutes"])
	require.Equal(t, raised.Values["key"], got[1].Values["key"])
	require.Equal(t, raised.Hash, got[1].Previous)
}

// A replica that is late repeats the beginning of a warning that has ended: it is not a new one. A later one is.
func TestALateReportIsNotANewWarning(t *testing.T) {
	r := recorder(t, store.Config{})
	for _, status := range []string{"firing", "resolved"} {
		_, err := r.Message(t.Context(), body(t, status))
		require.NoError(t, err)
	}
	late, err := r.Message(t.Context(), body(t, "firing"))
	require.NoError(t, err)
	require.Equal(t, Tally{Known: 1}, late)
	again := body(t, "firing")
	again.Alerts[0].StartsAt = noon.Add(2 * time.Hour)
	tally, err := r.Message(t.Context(), again)
	require.NoError(t, err)
	require.Equal(t, Tally{Raised: 1}, tally)
	other := body(t, "firing")
	other.Alerts[0].Labels["instance"] = "aliyun-hz-01:9100"
	tally, err = r.Message(t.Context(), other)
	require.NoError(t, err)
	require.Equal(t, Tally{Raised: 1}, tally)
	require.Len(t, lines(t, r), 4)
}

// Three processes over one file, each told of the same warning several times at once: one line for each change.
func TestThreeReplicasMakeOneRecord(t *testing.T) {
	c := store.Config{Path: filepath.Join(t.TempDir(), "forewarn.db")}
	replicas := []*Recorder{recorder(t, c), recorder(t, c), recorder(t, c)}
	for _, status := range []string{"firing", "resolved"} {
		m := body(t, status)
		var wait sync.WaitGroup
		var mu sync.Mutex
		sum := Tally{}
		for k := range 9 {
			wait.Go(func() {
				got, err := replicas[k%3].Message(context.Background(), m)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				sum = Tally{sum.Raised + got.Raised, sum.Resolved + got.Resolved, sum.Known + got.Known}
			})
		}
		wait.Wait()
		require.Equal(t, 1, sum.Raised+sum.Resolved)
		require.Equal(t, 8, sum.Known)
	}
	require.Len(t, lines(t, replicas[1]), 2)
}

func TestDeliveriesAreRecorded(t *testing.T) {
	r := recorder(t, store.Config{})
	m := body(t, "firing")
	require.NoError(t, r.Delivery(t.Context(), m, notify.Outcome{Channel: "ops", Kind: "dingtalk", Status: 200, Attempts: 1, Err: context.DeadlineExceeded, At: noon}))
	require.NoError(t, r.Delivery(t.Context(), m, notify.Outcome{Channel: "lark", Kind: "feishu", OK: true, Status: 200, Answer: `{"code":0}`, Attempts: 1, At: noon}))
	require.NoError(t, r.Delivery(t.Context(), m, notify.Outcome{Channel: "off", Off: true}))
	got := lines(t, r)
	require.Len(t, got, 2)
	require.Equal(t, []string{"delivery.failed", "ops", "context deadline exceeded"}, []string{got[0].Action, got[0].Subject, got[0].Note})
	require.Equal(t, []string{"delivery.sent", "lark", `{"code":0}`}, []string{got[1].Action, got[1].Subject, got[1].Note})
	require.Equal(t, "CPU over 80 %", got[1].Values["rule"])
	require.Equal(t, "forewarn-cpu-threshold", got[1].Values["ruleUid"])
}

func TestSubject(t *testing.T) {
	for want, labels := range map[string]map[string]string{
		"db-2 /var":                    {"mountpoint": "/var", "instance": "db-2", "alertname": "x", "severity": "critical", "grafana_folder": "f"},
		"aliyun web-1 zone-a":          {"zone": "zone-a", "cloud": "aliyun", "instance": "web-1", "kind": "anomaly", "job": "node"},
		"":                             {"alertname": "x"},
		"gw-1 /v1/generate":            {"route": "/v1/generate", "instance": "gw-1", "empty": ""},
		strings.Repeat("é", 50):        {"host": strings.Repeat("é", 50)},
		strings.Repeat("a", 189) + "…": {"host": strings.Repeat("a", 500)},
	} {
		require.Equal(t, want, Subject(labels))
	}
	require.Empty(t, Subject(nil))
}

func TestKeysDiffer(t *testing.T) {
	a := Key("r", map[string]string{"a": "1", "b": "2"})
	require.Equal(t, a, Key("r", map[string]string{"b": "2", "a": "1"}))
	require.NotEqual(t, a, Key("q", map[string]string{"b": "2", "a": "1"}))
	require.NotEqual(t, Key("r", map[string]string{"a": `1"|"b"="2`}), Key("r", map[string]string{"a": "1", "b": "2"}), "a value cannot pass for another label")
}

// While an episode goes on, the reason is its sentence; what is over or was held back is none.
func TestTheReasonIsTheEpisodeThatGoesOn(t *testing.T) {
	episode := explain.Episode{Name: "web-1", Peak: noon, From: noon.Add(-time.Hour), To: noon, Score: 2, Algorithm: "auto"}
	over, held := episode, episode
	over.To, held.HeldBack = noon.Add(-time.Hour), "maintenance"
	for want, e := range map[string]explain.Episode{episode.Sentence(explain.Chinese): episode, "compares with the hour": over, "compares with the hour ": held} {
		s := NewSights()
		s.Saw("r", &query.Answer{Past: 1, AsOf: noon, Query: &query.Query{RefID: "A", Language: explain.Chinese, Interval: 5 * time.Minute},
			Results: []query.Result{{Labels: series.Labels{"instance": "a"}, Why: "compares with the hour", Episodes: []explain.Episode{e}}}})
		require.Equal(t, strings.TrimSpace(want), s.Of("r", map[string]string{"instance": "a"}).Values()["why"])
	}
}

// What a rule says is recorded in both languages where it says it in both, and once where it does not; and so is the reason. Whoever reads
// the trail is told in a language, as far as it was recorded.
func TestWarningsAreRecordedInBothLanguages(t *testing.T) {
	e := explain.Episode{Name: "web-1", Peak: noon, From: noon.Add(-time.Hour), To: noon, Score: 2, Algorithm: "auto"}
	for _, c := range []struct {
		name        string
		annotations map[string]string
		language    string // of the rule's query
		en, zh      string // what the readers are told
		more        []string
	}{
		{"English rule", map[string]string{"summary": "CPU 93 %.", "description": "More than usual.", "summary_zh": "CPU 93 %，偏高。", "description_zh": "比平时多。"}, explain.English,
			"CPU 93 %.\nMore than usual.", "CPU 93 %，偏高。\n比平时多。", []string{"note_zh", "why_zh"}},
		{"Chinese rule", map[string]string{"summary": "CPU 93 %，偏高。", "summary_zh": "CPU 93 %，偏高。", "summary_en": "CPU 93 %."}, explain.Chinese,
			"CPU 93 %.", "CPU 93 %，偏高。", []string{"note_en", "why_en"}},
		{"somebody's own rule", map[string]string{"summary": "Look!"}, explain.English, "Look!", "Look!", []string{"why_zh"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, m := recorder(t, store.Config{}), body(t, "firing")
			m.Alerts[0].Annotations = c.annotations
			r.Sights.Saw(m.Alerts[0].RuleUID(), &query.Answer{Past: 1, AsOf: noon, Query: &query.Query{RefID: "A", Language: c.language, Interval: 5 * time.Minute},
				Results: []query.Result{{Labels: series.Labels{}, Episodes: []explain.Episode{e}}}})
			_, err := r.Message(t.Context(), m)
			require.NoError(t, err)
			line := lines(t, r)[0]
			var more []string
			for name := range line.Values {
				if strings.HasPrefix(name, "note") || strings.HasPrefix(name, "why_") {
					more = append(more, name)
				}
			}
			require.ElementsMatch(t, c.more, more, "nothing is recorded twice")
			why, _ := line.Values["why"].(string)
			for language, want := range map[string]string{explain.English: c.en, explain.Chinese: c.zh} {
				require.Equal(t, want, In(line.Values, "note", language, line.Note))
				require.Equal(t, e.Sentence(language), In(line.Values, "why", language, why))
			}
		})
	}
}

// The sample of the trail that the pages are tested with has the names under which texts are recorded.
func TestTheSampleIsRecordedSo(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "tests", "contract", "audit.json"))
	require.NoError(t, err)
	var sample struct {
		Entries []struct{ Values map[string]any }
	}
	require.NoError(t, json.Unmarshal(raw, &sample))
	values := sample.Entries[1].Values
	for _, name := range []string{"note", "why"} {
		require.NotEqual(t, "not there", In(values, name, explain.Chinese, "not there"), name)
	}
}

// Queries of one rule may answer the same name with other numbers: the condition's query counts, what looked at last week does not, and
// of a composite the signals one by one do not.
func TestTheConditionsQueryCounts(t *testing.T) {
	labels := series.Labels{"instance": "a"}
	saw := func(s *Sights, ref string, kind query.Type, at time.Time, algorithm string, actual, score float64, shares ...query.Share) {
		s.Saw("r", &query.Answer{Past: 1, AsOf: at, Query: &query.Query{RefID: ref, Type: kind}, Results: []query.Result{
			{Labels: labels, Algorithm: algorithm, Actual: []float64{actual}, Score: []float64{score}, Shares: shares}}})
	}
	for range 20 { // maps are walked in another order each time
		s := NewSights()
		saw(s, "P", query.Series, noon.AddDate(0, 0, -7), "", 12, math.NaN())
		saw(s, "N", query.Anomaly, noon.Add(-4*time.Minute), "seasonal-residual", 93, 2.5)
		saw(s, "A", query.Anomaly, noon, "threshold", 94, 1.2)
		seen := s.Of("r", labels)
		require.Equal(t, []any{94.0, 1.2, "threshold"}, []any{seen.Values()["actual"], seen.Values()["score"], seen.Values()["algorithm"]})
		require.Equal(t, noon, seen.At)

		s = NewSights()
		saw(s, "A", query.Composite, noon, "vote", math.NaN(), 1.4, query.Share{Signal: "cpu", Share: 0.6})
		saw(s, "L", query.Series, noon, "", 64, math.NaN())
		v := s.Of("r", labels).Values()
		require.Equal(t, 1.4, v["score"])
		require.Equal(t, 0.6, v["share cpu"])
		require.NotContains(t, v, "actual", "a container has no value of its own, its CPU has")
	}
}

// An outlier stands beside its group in numbers, and its sentence is told in each language; where none goes on it is the detector's.
func TestAnOutlierIsSeenBesideItsGroup(t *testing.T) {
	s, labels := NewSights(), series.Labels{"instance": "a"}
	e := explain.Episode{Name: "a", From: noon.Add(-time.Hour), To: noon, Peak: noon.Add(-time.Hour), Score: 2.5, Group: true, Actual: new(93.0), Expected: new(31.0), Deviation: new(62.0), Algorithm: "kmeans"}
	a := &query.Answer{Past: 1, AsOf: noon, Query: &query.Query{RefID: "A", Type: query.Outlier, Interval: time.Minute, Language: explain.English}, Results: []query.Result{{Labels: labels, Algorithm: "kmeans", Actual: []float64{95},
		Outlier: &query.OutlierResult{Score: 2.5, Outlier: true, Why: "level is +62 against the group's median, +0.4 is usual", Actual: 93, Expected: 31, Agree: 11, Members: 12}, Episodes: []explain.Episode{e}}}}
	s.Saw("r", a)
	v := s.Of("r", labels).Values()
	require.Equal(t, []any{93.0, 31.0, 11.0, 12.0, 2.5}, []any{v["actual"], v["expected"], v["agree"], v["members"], v["score"]})
	require.Contains(t, v["why"], "above the group's median 31")
	require.Contains(t, v["why_zh"], "比同组中位数 31 高")

	a.Results[0].Episodes, a.Results[0].Outlier.Outlier = nil, false // it is over, and the rule holds on
	s.Saw("r", a)
	v = s.Of("r", labels).Values()
	require.Equal(t, "level is +62 against the group's median, +0.4 is usual", v["why"])
	require.NotContains(t, v, "why_zh")
	a.Results[0].Outlier = &query.OutlierResult{Score: math.NaN(), Actual: math.NaN(), Expected: math.NaN()}
	s.Saw("r", a)
	v = s.Of("r", labels).Values()
	for _, name := range []string{"score", "expected", "agree", "members"} {
		require.NotContains(t, v, name, "nobody to compare with")
	}
}

func TestAForecastsCrossingIsSeen(t *testing.T) {
	s, labels := NewSights(), series.Labels{"instance": "a"}
	a := &query.Answer{Past: 1, AsOf: noon, Query: &query.Query{RefID: "T", Type: query.Forecast, Output: query.ETA, Threshold: &detect.Threshold{Value: 90}}, Results: []query.Result{
		{Labels: labels, Algorithm: "auto", Actual: []float64{71}, Crosses: &query.Crosses{Hours: 13, Value: 91, Lower: 84, Upper: 98}}}}
	s.Saw("r", a)
	v := s.Of("r", labels).Values()
	require.Equal(t, []any{71.0, 13.0, 91.0, 90.0}, []any{v["actual"], v["eta"], v["crossing"], v["threshold"]})
	a.Results[0].Crosses = &query.Crosses{Hours: warn.Never, Value: math.NaN()}
	s.Saw("r", a)
	require.NotContains(t, s.Of("r", labels).Values(), "eta", "never is no number of hours")
}

// What the newest evaluation saw of several queries of one rule is joined; other series and other rules stay apart.
func TestSightsJoinTheQueriesOfARule(t *testing.T) {
	s := NewSights()
	at := func(ref string, r query.Result) *query.Answer {
		return &query.Answer{Past: 1, AsOf: noon, Query: &query.Query{RefID: ref}, Results: []query.Result{r}}
	}
	labels := series.Labels{"instance": "a"}
	s.Saw("r", at("A", query.Result{Labels: labels, Algorithm: "auto", Warning: &warn.Answer{ETA: 9, ETAEarly: 6, Probability: 0.8, Current: 87}}))
	s.Saw("r", at("B", query.Result{Labels: labels, Outlier: &query.OutlierResult{Score: 2, Why: "far from every group"}, Shares: []query.Share{{Signal: "cpu", Share: 0.7}}}))
	s.Saw("", at("A", query.Result{Labels: labels}))
	seen := s.Of("r", map[string]string{"instance": "a", "alertname": "x"})
	v := seen.Values()
	require.Equal(t, 6.0, v["eta_early"])
	require.Equal(t, 2.0, v["score"])
	require.Equal(t, 0.7, v["share cpu"])
	require.Equal(t, "auto", v["algorithm"])
	require.Equal(t, "far from every group", v["why"])
	require.Empty(t, s.Of("r", map[string]string{"instance": "b"}).Values())
	require.Empty(t, s.Of("q", map[string]string{"instance": "a"}).Values())
	require.Empty(t, (*Sights)(nil).Of("r", nil).Values())
	for k := range mostRules + 10 {
		s.Saw(string(rune('a'+k%26))+strings.Repeat("x", k/26), at("A", query.Result{}))
	}
	require.Len(t, s.rules, mostRules, "the memory has an end")
	require.Empty(t, s.Of("r", map[string]string{"instance": "a"}).Values(), "the oldest rule goes first")
}
