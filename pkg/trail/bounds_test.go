package trail

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/warn"
)

// A crossing that could not be written is one that nobody has noted: the next evaluation notes it, with the time of that evaluation, and
// the series that were written before are not written again.
func TestACrossingThatCouldNotBeWrittenIsNotLost(t *testing.T) {
	r := recorder(t, store.Config{})
	whole, book := r.Book, &failing{r.Book, 1}
	r.evaluated(t, 0, warn.OK, warn.OK)
	r.Book = book
	require.ErrorIs(t, r.Crossed(t.Context(), disk, evaluation(1, warn.Breached, warn.Breached)), errAway)
	r.Book = whole
	r.evaluated(t, 2, warn.Breached, warn.Breached)
	got := lines(t, r)
	require.Len(t, got, 2)
	require.Equal(t, []string{"a", "b"}, []string{got[0].Subject, got[1].Subject})
	require.Equal(t, noon.Add(time.Hour), got[0].Time.UTC())
	require.Equal(t, noon.Add(2*time.Hour), got[1].Time.UTC())
	require.Nil(t, got[1].Values["first"], "it was seen on the other side before")
}

// An uncertain or unknown state says nothing of a threshold: it neither begins nor ends a crossing.
func TestWhatIsUnknownChangesNoCrossing(t *testing.T) {
	r := recorder(t, store.Config{})
	r.evaluated(t, 0, warn.OK)
	r.evaluated(t, 1, warn.Breached)
	unknown := evaluation(2, warn.OK)
	unknown.Results[0].Warning = nil
	require.NoError(t, r.Crossed(t.Context(), disk, unknown))
	require.Len(t, lines(t, r), 1)
	r.evaluated(t, 3, warn.Rising)
	require.Equal(t, "crossing.ended", lines(t, r)[1].Action, "on the way up is below")
}

// The memory of evaluations has an end: the rule that was seen first goes, whenever it was seen last.
func TestTheFirstRuleIsForgotten(t *testing.T) {
	s := NewSights()
	saw := func(rule string, actual float64) {
		s.Saw(rule, &query.Answer{Past: 1, AsOf: noon, Query: &query.Query{RefID: "A"}, Results: []query.Result{{Labels: series.Labels{"instance": "a"}, Actual: []float64{actual}}}})
	}
	labels := map[string]string{"instance": "a"}
	for k := range mostRules {
		saw(fmt.Sprint(k), float64(k))
	}
	saw("0", -1)
	require.Equal(t, -1.0, s.Of("0", labels).Values()["actual"], "renewed, not doubled")
	saw("one more", 7)
	require.Empty(t, s.Of("0", labels).Values())
	require.Equal(t, 1.0, s.Of("1", labels).Values()["actual"])
	require.Equal(t, 7.0, s.Of("one more", labels).Values()["actual"])
	require.Len(t, s.rules, mostRules)
	require.Len(t, s.order, mostRules)
	saw("", 1)
	require.Len(t, s.rules, mostRules, "a panel's query is of no rule")
}

// A summary counts all warnings and lists the newest of them.
func TestASummaryListsTheNewest(t *testing.T) {
	r := recorder(t, store.Config{})
	for k := range mostLines + 5 {
		e := store.Entry{Who: Who, Subject: fmt.Sprint(k), Time: noon.Add(time.Duration(k) * time.Second), Values: map[string]any{"rule": "CPU"}}
		_, _, err := r.Warning(t.Context(), store.Warning{Raised: true, Key: fmt.Sprint(k), Entry: e})
		require.NoError(t, err)
	}
	s, err := r.Summarize(t.Context(), noon, noon.Add(time.Hour))
	require.NoError(t, err)
	require.Equal(t, mostLines+5, s.Raised)
	require.Len(t, s.Warnings, mostLines)
	require.Equal(t, fmt.Sprint(mostLines+4), s.Warnings[0].Subject)
	require.Equal(t, "5", s.Warnings[mostLines-1].Subject)
	require.Len(t, s.Entities, mostLines+5)
	require.Equal(t, []Count{{"CPU", mostLines + 5, 0, 0, noon.Add((mostLines + 4) * time.Second)}}, s.Rules)
}
