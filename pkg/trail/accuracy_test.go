package trail

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/detect"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/warn"
)

var disk = Rule{UID: "r1", Name: "Disk full soon"}

// evaluation is what a rule's evaluation at an hour after noon was answered: the states of the disks a and b.
func evaluation(hour float64, states ...warn.State) *query.Answer {
	a := &query.Answer{AsOf: noon.Add(time.Duration(hour * float64(time.Hour))), Query: &query.Query{Type: query.Warning}}
	for k, s := range states {
		a.Results = append(a.Results, query.Result{Name: string(rune('a' + k)), Labels: series.Labels{"disk": string(rune('a' + k))},
			Warning: &warn.Answer{State: s, Current: 80, Threshold: 90, Probability: 0.5}})
	}
	return a
}

func (r *Recorder) evaluated(t *testing.T, hour float64, states ...warn.State) {
	t.Helper()
	require.NoError(t, r.Crossed(t.Context(), disk, evaluation(hour, states...)))
}

// told records a warning of the rule for a disk, as the contact point reports it.
func (r *Recorder) told(t *testing.T, name string, raised bool, hour float64) {
	t.Helper()
	labels := map[string]string{"disk": name, "alertname": disk.Name, "severity": "warning"}
	e := store.Entry{Time: noon.Add(time.Duration(hour * float64(time.Hour))), Who: Who, Labels: labels, Values: map[string]any{"rule": disk.Name, "ruleUid": disk.UID, "eta": 40.0}}
	_, recorded, err := r.Warning(t.Context(), store.Warning{Raised: raised, Key: Key(disk.UID, labels), Entry: e})
	require.NoError(t, err)
	require.True(t, recorded)
}

func (r *Recorder) judged(t *testing.T, from, to, now float64) []Accuracy {
	t.Helper()
	hours := func(h float64) time.Time { return noon.Add(time.Duration(h * float64(time.Hour))) }
	out, err := r.Accuracy(t.Context(), hours(from), hours(to), hours(now))
	require.NoError(t, err)
	return out
}

func TestWarningsAreJudgedByWhatHappened(t *testing.T) {
	r := recorder(t, store.Config{})
	r.evaluated(t, 0, warn.OK, warn.OK)
	r.told(t, "a", true, 10)
	r.evaluated(t, 60, warn.Breached, warn.OK) // a was foreseen
	r.evaluated(t, 61, warn.Breached, warn.OK)
	r.evaluated(t, 70, warn.OK, warn.OK)
	r.told(t, "a", false, 71)
	r.told(t, "b", true, 80) // comes to nothing
	r.told(t, "b", false, 90)
	r.evaluated(t, 300, warn.OK, warn.Breached) // b was not foreseen
	r.told(t, "b", true, 300.1)
	r.evaluated(t, 310, warn.OK, warn.OK)
	r.told(t, "b", false, 310.1)
	r.told(t, "a", true, 400)
	r.told(t, "a", false, 420)

	got := r.judged(t, 0, 500, 500)
	require.Len(t, got, 1)
	a := got[0]
	require.Equal(t, disk, a.Rule)
	require.Equal(t, []int{3, 1, 1, 1, 2, 1}, []int{a.Raised, a.Confirmed, a.Withdrawn, a.Open, a.Crossings, a.Missed}, "one came with the crossing, and is none")
	require.Equal(t, []time.Duration{50 * time.Hour}, a.Leads)
	precision, ok := a.Precision()
	require.True(t, ok)
	require.InDelta(t, 0.5, precision, 1e-12)
	recall, ok := a.Recall()
	require.True(t, ok)
	require.InDelta(t, 0.5, recall, 1e-12)

	sum := Total(append(got, got...))
	require.Equal(t, 6, sum.Raised)
	require.Equal(t, 50*time.Hour, sum.Lead())

	later := r.judged(t, 0, 500, 600)[0]
	require.Equal(t, []int{2, 0}, []int{later.Withdrawn, later.Open}, "six days on")
}

func TestOnlyWhatBeganInTheStretchIsCounted(t *testing.T) {
	r := recorder(t, store.Config{})
	r.evaluated(t, 0, warn.OK)
	r.told(t, "a", true, 10)
	r.evaluated(t, 60, warn.Breached)
	for name, c := range map[string]struct {
		from, to float64
		want     []int // raised, confirmed, crossings, missed
	}{
		"both":                 {0, 100, []int{1, 1, 1, 0}},
		"the crossing only":    {50, 100, []int{0, 0, 1, 0}},
		"the warning only":     {0, 20, []int{1, 1, 0, 0}},
		"neither":              {61, 100, nil},
		"until it was crossed": {0, 60, []int{1, 1, 0, 0}},
	} {
		got := r.judged(t, c.from, c.to, 200)
		if c.want == nil {
			require.Empty(t, got, name)
			continue
		}
		require.Equal(t, c.want, []int{got[0].Raised, got[0].Confirmed, got[0].Crossings, got[0].Missed}, name)
	}
}

// Replicas and restarts look at the same rule; what was there when nobody had looked before may have been for long.
func TestACrossingIsNotedOnceHoweverManyLook(t *testing.T) {
	c := store.Config{Path: filepath.Join(t.TempDir(), "forewarn.db")}
	one, two := recorder(t, c), recorder(t, c)
	for hour, state := range []warn.State{warn.OK, warn.Breached, warn.Breached, warn.OK, warn.OK} {
		one.evaluated(t, float64(hour), state)
		two.evaluated(t, float64(hour), state)
	}
	restarted := recorder(t, c)
	restarted.evaluated(t, 5, warn.OK)
	got := lines(t, one)
	require.Len(t, got, 2)
	require.Equal(t, []string{"crossing.began", "crossing.ended"}, []string{got[0].Action, got[1].Action})
	require.Equal(t, noon.Add(time.Hour), got[0].Time.UTC())
	require.Nil(t, got[0].Values["first"])
	require.Equal(t, "a", got[0].Subject)

	restarted.evaluated(t, 6, warn.Breached)
	again := recorder(t, c)
	again.evaluated(t, 7, warn.Breached)
	again.evaluated(t, 8, warn.OK)
	require.Len(t, lines(t, one), 4, "one that began before the restart ends")
	fresh := recorder(t, store.Config{})
	fresh.evaluated(t, 0, warn.Breached)
	require.Equal(t, true, lines(t, fresh)[0].Values["first"])
	require.Empty(t, fresh.judged(t, -10, 10, 500), "nobody knows since when")
}

func TestWhatIsNoEarlyWarningIsNotJudged(t *testing.T) {
	r := recorder(t, store.Config{})
	_, err := r.Message(t.Context(), body(t, "firing")) // of a threshold on the score
	require.NoError(t, err)
	require.Empty(t, r.judged(t, -24*365, 24*365, 24*365))
	for name, change := range map[string]func(*query.Answer){
		"a forecast": func(a *query.Answer) { a.Query.Type = query.Forecast },
		"a what-if":  func(a *query.Answer) { a.Query.WhatIf = &query.WhatIf{} },
		"no answer":  func(a *query.Answer) { a.Results[0].Warning = nil },
	} {
		a := evaluation(1, warn.Breached)
		change(a)
		require.NoError(t, r.Crossed(t.Context(), disk, a), name)
	}
	require.NoError(t, r.Crossed(t.Context(), Rule{}, evaluation(1, warn.Breached)), "a panel's query")
	require.Len(t, lines(t, r), 1)
}

// A rule that looks at two limits sees two crossings, each noted once; its queries for eta and eta_early see one.
func TestThresholdsOfOneRuleAreToldApart(t *testing.T) {
	r := recorder(t, store.Config{})
	for hour, states := range [][2]warn.State{{warn.OK, warn.OK}, {warn.Breached, warn.OK}, {warn.Breached, warn.OK}, {warn.Breached, warn.Breached}} {
		for k, limit := range []float64{80, 95} {
			for range 2 { // eta, and eta_early
				a := evaluation(float64(hour), states[k])
				a.Query.Threshold = &detect.Threshold{Value: limit, Direction: detect.Above}
				require.NoError(t, r.Crossed(t.Context(), disk, a))
			}
		}
		if hour == 0 {
			r.told(t, "a", true, 0.5)
		}
	}
	require.Len(t, lines(t, r), 3)
	got := r.judged(t, -1, 10, 10)[0]
	require.Equal(t, []int{1, 1, 2, 0}, []int{got.Raised, got.Confirmed, got.Crossings, got.Missed})
	require.Equal(t, []time.Duration{30 * time.Minute}, got.Leads)

	capacity := &source.Spec{Expr: "size"}
	names := map[string]bool{}
	for _, q := range []*query.Query{{}, {Threshold: &detect.Threshold{Value: 80}}, {Threshold: &detect.Threshold{Value: 80}, Limit: query.Limit{Capacity: capacity}}, {Limit: query.Limit{Query: capacity}}} {
		require.False(t, names[thresholdOf(q)])
		names[thresholdOf(q)] = true
	}
}

func TestNothingIsNotDividedBy(t *testing.T) {
	var a Accuracy
	_, ok := a.Precision()
	require.False(t, ok)
	_, ok = a.Recall()
	require.False(t, ok)
}
