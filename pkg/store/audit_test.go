package store

import (
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheTrailKeepsEveryField(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		at := time.Date(2026, 11, 20, 10, 0, 0, 123_000_000, time.UTC)
		e, err := s.AppendAudit(ctx, Entry{Time: at, Who: "安娜", Action: "warning.raised", Model: "disk", Version: 3, Subject: "db-2 /var", Labels: map[string]string{"a": "1"},
			Values: map[string]any{"eta": 6.5, "rule": "Disk", "bad": math.Inf(1)}, Note: "full in 9 h"})
		require.NoError(t, err)
		require.Equal(t, int64(1), e.Seq)
		require.Len(t, e.Hash, 64)
		lines, more, err := s.Audit(ctx, AuditFilter{})
		require.NoError(t, err)
		require.False(t, more)
		require.Equal(t, []Entry{e}, lines)
		require.Equal(t, at, lines[0].Time)
		require.Nil(t, lines[0].Values["bad"], "JSON has no infinity")
		_, err = s.AppendAudit(ctx, Entry{Action: "x"})
		require.Error(t, err)
	})
}

func TestTheTrailIsFilteredAndPaged(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		for i := range 10 {
			action, model := "model.train", "m"
			if i%2 == 1 {
				action, model = "models.other", "n"
			}
			_, err := s.AppendAudit(ctx, Entry{Time: start.Add(time.Duration(i) * time.Hour), Who: "a", Action: action, Model: model})
			require.NoError(t, err)
		}
		_, err := d.Space("other").AppendAudit(ctx, did("model.train"))
		require.NoError(t, err)
		for name, c := range map[string]struct {
			filter AuditFilter
			want   []int64
			more   bool
		}{
			"newest first":      {AuditFilter{Limit: 3}, []int64{10, 9, 8}, true},
			"next page":         {AuditFilter{Limit: 3, Before: 8}, []int64{7, 6, 5}, true},
			"last page":         {AuditFilter{Limit: 3, Before: 4}, []int64{3, 2, 1}, false},
			"kind, not prefix":  {AuditFilter{Kind: "model"}, []int64{9, 7, 5, 3, 1}, false},
			"action":            {AuditFilter{Kind: "models.other", Limit: 1}, []int64{10}, true},
			"model":             {AuditFilter{Model: "n", Before: 5}, []int64{4, 2}, false},
			"time, half open":   {AuditFilter{From: start.Add(2 * time.Hour), To: start.Add(4 * time.Hour)}, []int64{4, 3}, false},
			"nothing":           {AuditFilter{Kind: "none"}, nil, false},
			"exactly the limit": {AuditFilter{Limit: 2, Before: 3}, []int64{2, 1}, false},
		} {
			t.Run(name, func(t *testing.T) {
				lines, more, err := s.Audit(ctx, c.filter)
				require.NoError(t, err)
				var got []int64
				for _, e := range lines {
					got = append(got, e.Seq)
				}
				require.Equal(t, c.want, got)
				require.Equal(t, c.more, more)
				var exported []int64
				require.NoError(t, s.ExportAudit(ctx, c.filter, func(e Entry) error { exported = append([]int64{e.Seq}, exported...); return nil }))
				require.GreaterOrEqual(t, len(exported), len(got), "an export has no pages")
			})
		}
	})
}

// tamper runs a statement past the store.
func tamper(t *testing.T, d *DB, statement string) {
	t.Helper()
	require.NoError(t, d.transact(t.Context(), func(x *tx) error { _, err := x.exec(statement); return err }))
}

func TestEveryChangeToTheTrailIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		statement string
		broken    int64
	}{
		"nothing":                {"DELETE FROM forewarn_audit WHERE seq > 99", 0},
		"a text is changed":      {"UPDATE forewarn_audit SET note = 'no' WHERE seq = 3", 3},
		"a number is changed":    {"UPDATE forewarn_audit SET details = '{\"n\":4}' WHERE seq = 3", 3},
		"a time is changed":      {"UPDATE forewarn_audit SET made_at = made_at + 1 WHERE seq = 5", 5},
		"a line is taken out":    {"DELETE FROM forewarn_audit WHERE seq = 4", 4},
		"the first is taken out": {"DELETE FROM forewarn_audit WHERE seq = 1", 1},
		"the end is cut off":     {"DELETE FROM forewarn_audit WHERE seq > 4", 5},
		"a line and its hash":    {"UPDATE forewarn_audit SET note = 'no', hash = 'aa' WHERE seq = 2", 2},
		"all is deleted":         {"DELETE FROM forewarn_audit", 1},
	} {
		t.Run(name, func(t *testing.T) {
			everywhere(t, func(t *testing.T, d *DB) {
				s, ctx := d.Space("1/a"), t.Context()
				for i := range 6 {
					_, err := s.AppendAudit(ctx, Entry{Who: "a", Action: "x.y", Values: map[string]any{"n": i}})
					require.NoError(t, err)
				}
				tamper(t, d, c.statement)
				v, err := s.VerifyAudit(ctx)
				require.NoError(t, err)
				require.Equal(t, c.broken, v.FirstBroken, v.Message)
				require.Equal(t, c.broken == 0, v.OK)
				require.Equal(t, c.broken == 0, v.Message == "")
			})
		})
	}
}

func TestLinesThatComeAtOnceMakeOneChain(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		var wg sync.WaitGroup
		errs := make(chan error, 64)
		for i := range 8 {
			wg.Go(func() {
				for k := range 8 {
					_, err := s.AppendAudit(ctx, Entry{Who: fmt.Sprint(i), Action: "x.y", Values: map[string]any{"k": k}})
					errs <- err
				}
			})
		}
		wg.Wait()
		close(errs)
		for err := range errs {
			require.NoError(t, err)
		}
		v, err := s.VerifyAudit(ctx)
		require.NoError(t, err)
		require.Equal(t, Verified{OK: true, Entries: 64}, v)
	})
}

func TestAnEmptyTrailIsWhole(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		v, err := d.Space("1/a").VerifyAudit(t.Context())
		require.NoError(t, err)
		require.Equal(t, Verified{OK: true}, v)
	})
}

func TestAWarningIsRecordedOnceHoweverManyReplicasReportIt(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		raise := Warning{Raised: true, Key: "disk|db-2", Entry: Entry{Who: "alerting", Model: "disk", Note: "full"}}
		var wg sync.WaitGroup
		recorded := make(chan bool, 6)
		for range 6 {
			wg.Go(func() {
				_, ok, err := s.RecordWarning(ctx, raise)
				recorded <- ok && err == nil
			})
		}
		wg.Wait()
		close(recorded)
		n := 0
		for ok := range recorded {
			if ok {
				n++
			}
		}
		require.Equal(t, 1, n)
		open, err := s.OpenWarnings(ctx)
		require.NoError(t, err)
		require.Len(t, open, 1)
		require.Equal(t, "disk|db-2", open[0].Key)

		resolve := raise
		resolve.Raised = false
		e, ok, err := s.RecordWarning(ctx, resolve)
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, WarningResolved, e.Action)
		_, ok, err = s.RecordWarning(ctx, resolve)
		require.NoError(t, err)
		require.False(t, ok, "what is not raised cannot be resolved")
		_, ok, err = s.RecordWarning(ctx, raise)
		require.NoError(t, err)
		require.True(t, ok, "it may come again")
		lines, _, err := s.Audit(ctx, AuditFilter{Kind: "warning"})
		require.NoError(t, err)
		require.Equal(t, []string{WarningRaised, WarningResolved, WarningRaised}, []string{lines[0].Action, lines[1].Action, lines[2].Action})
		v, err := s.VerifyAudit(ctx)
		require.NoError(t, err)
		require.True(t, v.OK, v.Message)
		_, _, err = s.RecordWarning(ctx, Warning{Raised: true})
		require.Error(t, err)
	})
}

func TestLabelsAreKeptByModelAndDeleted(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		create(t, s, "m")
		create(t, s, "n")
		l := &Label{Model: "m", Series: map[string]string{"host": "a"}, From: time.Unix(100, 0).UTC(), To: time.Unix(200, 0).UTC(), Kind: "incident", Note: "was real", By: "anna"}
		require.NoError(t, s.AddLabel(ctx, l, did("label.add")))
		require.NoError(t, s.AddLabel(ctx, &Label{Model: "n", Kind: "not-an-anomaly", By: "ben"}, did("label.add")))
		require.ErrorIs(t, s.AddLabel(ctx, &Label{Model: "none"}, did("label.add")), ErrNotFound)
		got, err := s.Labels(ctx, "m")
		require.NoError(t, err)
		require.Equal(t, []Label{*l}, got)
		all, err := s.Labels(ctx, "")
		require.NoError(t, err)
		require.Len(t, all, 2)
		require.NoError(t, s.DeleteLabel(ctx, l.ID, did("label.remove")))
		require.ErrorIs(t, s.DeleteLabel(ctx, l.ID, did("label.remove")), ErrNotFound)
	})
}

// The lines of what is open are those of warnings that stand, of this data source alone; a crossing is none, and a line that the trail no
// longer goes back to is not there.
func TestTheLinesOfOpenWarningsAreFoundAndLinesAreCounted(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, other, ctx := d.Space("1/a"), d.Space("1/b"), t.Context()
		at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		warn := func(s Store, key string, raised, crossing bool) {
			at = at.Add(time.Hour)
			_, recorded, err := s.RecordWarning(ctx, Warning{Raised: raised, Crossing: crossing, Key: key, Entry: Entry{Time: at, Who: "alerting", Model: "m", Subject: key}})
			require.NoError(t, err)
			require.True(t, recorded)
		}
		warn(s, "old", true, false)
		warn(s, "gone", true, false)
		warn(other, "elsewhere", true, false)
		warn(s, "gone", false, false)
		warn(s, "crossed", true, true)
		warn(s, "new", true, false)
		subjects := func(f AuditFilter) (out []string) {
			f.Open = true
			lines, _, err := s.Audit(ctx, f)
			require.NoError(t, err)
			for _, l := range lines {
				require.Equal(t, WarningRaised, l.Action)
				out = append(out, l.Subject)
			}
			return out
		}
		require.Equal(t, []string{"new", "old"}, subjects(AuditFilter{}), "the newest first")
		require.Equal(t, []string{"new"}, subjects(AuditFilter{Limit: 1}))
		require.Empty(t, subjects(AuditFilter{Model: "another"}))
		_, more, err := s.Audit(ctx, AuditFilter{Open: true, Limit: 1})
		require.NoError(t, err)
		require.True(t, more)

		for name, c := range map[string]struct {
			filter AuditFilter
			want   int
		}{
			"all": {AuditFilter{}, 5}, "warnings": {AuditFilter{Kind: "warning"}, 4}, "raised": {AuditFilter{Kind: WarningRaised}, 3}, "open": {AuditFilter{Open: true}, 2},
			"of a model": {AuditFilter{Model: "m"}, 5}, "of no model": {AuditFilter{Model: "none"}, 0}, "the limit does not count": {AuditFilter{Limit: 1}, 5},
			"raised since": {AuditFilter{Kind: WarningRaised, From: at}, 1}, "raised until": {AuditFilter{Kind: WarningRaised, To: at}, 2},
		} {
			n, err := s.CountAudit(ctx, c.filter)
			require.NoError(t, err)
			require.Equal(t, c.want, n, name)
		}

		_, err = s.PruneAudit(ctx, at, "anna")
		require.NoError(t, err)
		require.Equal(t, []string{"new"}, subjects(AuditFilter{}))
		open, err := s.OpenWarnings(ctx)
		require.NoError(t, err)
		require.Len(t, open, 2, "the old one stands still")
	})
}

func TestTheNewestJobIsThatOfEachModel(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		for _, name := range []string{"a", "b", "idle"} {
			create(t, s, name)
		}
		create(t, d.Space("1/b"), "a")
		_, _, err := d.Space("1/b").Enqueue(ctx, "a", "ben", "user", did("model.train"))
		require.NoError(t, err)
		for range 3 {
			require.NoError(t, add(ctx, s, "a", version("s"), true, did("version.add")))
			time.Sleep(2 * time.Millisecond) // jobs of one millisecond have no order
		}
		last, _, err := s.Enqueue(ctx, "a", "anna", "schedule", did("model.train"))
		require.NoError(t, err)
		only, _, err := s.Enqueue(ctx, "b", "ben", "user", did("model.train"))
		require.NoError(t, err)
		jobs, err := s.NewestJobs(ctx)
		require.NoError(t, err)
		require.Len(t, jobs, 2)
		require.Equal(t, []string{last.ID, "schedule"}, []string{jobs["a"].ID, jobs["a"].Reason})
		require.Equal(t, only.ID, jobs["b"].ID)
	})
}
