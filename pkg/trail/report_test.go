package trail

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/notify"
	"github.com/forewarn/earlywarning/pkg/store"
)

func TestASummaryOfADay(t *testing.T) {
	r := recorder(t, store.Config{})
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	say := func(raised bool, rule, subject, severity string, at time.Duration) {
		_, recorded, err := r.Warning(t.Context(), store.Warning{Raised: raised, Key: rule + subject, Entry: store.Entry{Who: Who, Subject: subject, Model: "m", Version: 2, Time: start.Add(at),
			Note: "what\nwhy", Values: map[string]any{"rule": rule, "severity": severity}}})
		require.NoError(t, err)
		require.True(t, recorded)
	}
	say(true, "Disk", "db-1", "warning", time.Hour)
	say(true, "CPU", "web-1", "critical", time.Hour+10*time.Minute)
	say(false, "CPU", "web-1", "critical", time.Hour+40*time.Minute)
	say(true, "CPU", "web-2", "", 3*time.Hour)
	say(false, "CPU", "web-2", "", 3*time.Hour+10*time.Minute)
	say(true, "CPU", "web-1", "critical", 3*time.Hour+30*time.Minute)
	require.NoError(t, r.Delivery(t.Context(), body(t, "firing"), notify.Outcome{Channel: "ops", Status: 500, At: start.Add(time.Hour), Err: notify.ErrTimeout}))
	require.NoError(t, r.Delivery(t.Context(), body(t, "firing"), notify.Outcome{Channel: "ops", OK: true, At: start.Add(2 * time.Hour)}))

	s, err := r.Summarize(t.Context(), start, start.Add(4*time.Hour))
	require.NoError(t, err)
	require.Equal(t, []Hour{{start, map[string]int{}}, {start.Add(time.Hour), map[string]int{"warning": 1, "critical": 1}}, {start.Add(2 * time.Hour), map[string]int{}}, {start.Add(3 * time.Hour), map[string]int{"none": 1, "critical": 1}}}, s.Hours)
	require.Equal(t, []Count{{"CPU", 3, 2, 20, start.Add(3*time.Hour + 30*time.Minute)}, {"Disk", 1, 0, 0, start.Add(time.Hour)}}, s.Rules)
	require.Equal(t, "web-1", s.Entities[0].Name)
	require.Equal(t, 30.0, s.Entities[0].MeanMins)
	require.Equal(t, 20.0, s.MeanMins)
	require.Equal(t, 4, s.Raised)
	require.Equal(t, 2, s.Resolved)
	require.Len(t, s.Warnings, 4)
	require.Equal(t, start.Add(3*time.Hour+30*time.Minute), s.Warnings[0].From.UTC(), "newest first")
	require.True(t, s.Warnings[0].To.IsZero(), "it lasts")
	require.Equal(t, start.Add(3*time.Hour+10*time.Minute), s.Warnings[1].To.UTC())
	require.Equal(t, []Delivered{{Channel: "ops", Sent: 1, Failed: 1, Last: start.Add(2 * time.Hour), LastError: "timeout"}}, s.Deliveries)

	part, err := r.Summarize(t.Context(), start.Add(90*time.Minute), start.Add(2*time.Hour))
	require.NoError(t, err)
	require.Zero(t, part.Raised)
	require.Equal(t, 1, part.Resolved, "of one that was raised before the stretch")
	require.Len(t, part.Hours, 1)
	long, err := r.Summarize(t.Context(), start.AddDate(-3, 0, 0), start.Add(4*time.Hour))
	require.NoError(t, err)
	require.LessOrEqual(t, len(long.Hours), 60*24+1)
}

func TestPrecisionFromLabels(t *testing.T) {
	db, err := store.Open(store.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	s := db.Space("x")
	r := &Recorder{Book: s}
	none, err := r.Precision(t.Context())
	require.NoError(t, err)
	require.Empty(t, none)
	by := store.Entry{Who: "anna", Action: "label.add"}
	require.NoError(t, s.CreateModel(t.Context(), &store.Model{Name: "cpu", Definition: []byte("{}")}, store.Entry{Who: "anna", Action: "model.create"}))
	for _, kind := range []string{"incident", "incident", "not-an-anomaly"} {
		require.NoError(t, s.AddLabel(t.Context(), &store.Label{Model: "cpu", Kind: kind, From: noon, To: noon.Add(time.Hour), By: "anna"}, by))
	}
	got, err := r.Precision(t.Context())
	require.NoError(t, err)
	require.Equal(t, []Precision{{"cpu", 2, 1}}, got)
}
