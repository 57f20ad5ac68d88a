package store

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// picked is what a filter means, said once more: lines of the trail, newest first.
func picked(all []Entry, f AuditFilter) (out []int64) {
	for k := len(all) - 1; k >= 0; k-- {
		e := all[k]
		switch {
		case !f.From.IsZero() && e.Time.Before(f.From), !f.To.IsZero() && !e.Time.Before(f.To), f.Model != "" && e.Model != f.Model, f.Before > 0 && e.Seq >= f.Before:
		case f.Kind != "" && e.Action != f.Kind && !strings.HasPrefix(e.Action, f.Kind+"."):
		default:
			out = append(out, e.Seq)
		}
	}
	return out
}

// Whatever is asked of a trail, its pages together are the lines that fit, each once, newest first; the export is the same from the other
// end, and the count is their number.
func TestPagesExportAndCountOfATrailAgreeWithItsLines(t *testing.T) {
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		var all []Entry
		actions := []string{"model.train", "model.trained", "warning.raised", "warning.resolved", "warnings.other", "model"}
		for k := range 40 {
			e, err := s.AppendAudit(ctx, Entry{Who: "anna", Action: actions[(k*7)%len(actions)], Model: []string{"", "cpu", "CPU", "磁盘"}[k%4], Time: start.Add(time.Duration((k*13)%20) * time.Hour), Note: fmt.Sprint(k)})
			require.NoError(t, err)
			all = append(all, e)
			_, err = d.Space("1/b").AppendAudit(ctx, Entry{Who: "ben", Action: "model.train", Model: "cpu", Time: start})
			require.NoError(t, err)
		}
		rapid.Check(t, func(t *rapid.T) {
			f := AuditFilter{
				Kind:   rapid.SampledFrom([]string{"", "model", "model.train", "warning", "warnings", "mod", "%"}).Draw(t, "kind"),
				Model:  rapid.SampledFrom([]string{"", "cpu", "CPU", "磁盘", "none"}).Draw(t, "model"),
				Limit:  rapid.IntRange(1, 50).Draw(t, "limit"),
				Before: rapid.Int64Range(0, 45).Draw(t, "before"),
			}
			if rapid.Bool().Draw(t, "since") {
				f.From = start.Add(time.Duration(rapid.IntRange(0, 22).Draw(t, "from")) * time.Hour)
			}
			if rapid.Bool().Draw(t, "until") {
				f.To = start.Add(time.Duration(rapid.IntRange(0, 22).Draw(t, "to")) * time.Hour)
			}
			want := picked(all, f)
			n, err := s.CountAudit(ctx, f)
			require.NoError(t, err)
			require.Equal(t, len(want), n)
			var exported []int64
			require.NoError(t, s.ExportAudit(ctx, f, func(e Entry) error {
				require.Equal(t, all[e.Seq-1], e, "a line is given as it was written")
				exported = append([]int64{e.Seq}, exported...)
				return nil
			}))
			require.Equal(t, want, exported)
			var paged []int64
			for page := f; ; {
				lines, more, err := s.Audit(ctx, page)
				require.NoError(t, err)
				require.LessOrEqual(t, len(lines), f.Limit)
				for _, e := range lines {
					paged = append(paged, e.Seq)
				}
				if !more {
					break
				}
				require.Len(t, lines, f.Limit, "a page before the last is full")
				page.Before = lines[len(lines)-1].Seq
			}
			require.Equal(t, want, paged)
		})
	})
}

// What each call says of what is not there, which may be gone since a page was drawn, in every kind of store.
func TestWhatIsNotThereIsSaidByEachCallAndNothingIsDone(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		create(t, s, "m")
		create(t, d.Space("1/b"), "theirs")
		gone := &Model{ID: "gone", Name: "gone", Revision: 1, Definition: []byte("{}")}
		for name, call := range map[string]func() error{
			"Model":          func() error { _, err := s.Model(ctx, "none"); return err },
			"Model, theirs":  func() error { _, err := s.Model(ctx, "theirs"); return err },
			"Versions":       func() error { _, err := s.Versions(ctx, "none"); return err },
			"Version":        func() error { _, err := s.Version(ctx, "none", 1); return err },
			"Version of m":   func() error { _, err := s.Version(ctx, "m", 1); return err },
			"live Version":   func() error { _, err := s.Version(ctx, "m", 0); return err },
			"SetLive":        func() error { return s.SetLive(ctx, "none", 1, did("version.promote")) },
			"SetLive of m":   func() error { return s.SetLive(ctx, "m", 7, did("version.promote")) },
			"SetLive theirs": func() error { return s.SetLive(ctx, "theirs", 1, did("version.promote")) },
			"SetTrial":       func() error { return s.SetTrial(ctx, "none", nil, []byte("{}"), did("model.demoted")) },
			"Prune":          func() error { _, err := s.Prune(ctx, "none", 1); return err },
			"Enqueue":        func() error { _, _, err := s.Enqueue(ctx, "none", "anna", "user", did("model.train")); return err },
			"Enqueue theirs": func() error { _, _, err := s.Enqueue(ctx, "theirs", "anna", "user", did("model.train")); return err },
			"Job":            func() error { _, err := s.Job(ctx, "none"); return err },
			"Cancel":         func() error { _, err := s.Cancel(ctx, "none", did("job.cancel")); return err },
			"AddLabel":       func() error { return s.AddLabel(ctx, &Label{Model: "none"}, did("label.add")) },
			"DeleteLabel":    func() error { return s.DeleteLabel(ctx, "none", did("label.remove")) },
			"DeleteModel":    func() error { return s.DeleteModel(ctx, gone, did("model.delete")) },
		} {
			require.ErrorIs(t, call(), ErrNotFound, name)
		}
		require.ErrorIs(t, s.ChangeModel(ctx, gone, did("model.change")), ErrConflict, "it was changed or deleted meanwhile")
		require.ErrorIs(t, s.CreateModel(ctx, &Model{Name: "m", Definition: []byte("{}")}, did("model.create")), ErrExists)
		require.ErrorIs(t, s.ImportModel(ctx, &Model{Name: "m", Definition: []byte("{}")}, []*Version{version("s")}, 0, did("model.import")), ErrExists)
		for _, list := range []func() (int, error){
			func() (int, error) { l, err := s.Jobs(ctx, "none", 10); return len(l), err },
			func() (int, error) { l, err := s.Labels(ctx, "none"); return len(l), err },
			func() (int, error) { l, err := s.LiveVersions(ctx); return len(l), err },
			func() (int, error) { l, err := s.NewestJobs(ctx); return len(l), err },
			func() (int, error) { l, err := s.OpenCrossings(ctx); return len(l), err },
		} {
			n, err := list()
			require.NoError(t, err, "a list of nothing is none")
			require.Zero(t, n)
		}
		lines, _, err := s.Audit(ctx, AuditFilter{})
		require.NoError(t, err)
		require.Len(t, lines, 1, "only that m was made: what is refused leaves no line")
	})
}

// A request that its user gave up does nothing more, whatever it was about.
func TestEachCallThatNobodyWaitsForDoesNothing(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s := d.Space("1/a")
		m := create(t, s, "m")
		require.NoError(t, add(t.Context(), s, "m", version("one"), true, did("version.add")))
		j := claimed(t, s, "m")
		before, err := s.CountAudit(t.Context(), AuditFilter{})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for name, call := range map[string]func() error{
			"create": func() error {
				return s.CreateModel(ctx, &Model{Name: "n", Definition: []byte("{}")}, did("model.create"))
			},
			"change":   func() error { return s.ChangeModel(ctx, m, did("model.change")) },
			"delete":   func() error { return s.DeleteModel(ctx, m, did("model.delete")) },
			"promote":  func() error { return s.SetLive(ctx, "m", 1, did("version.promote")) },
			"trial":    func() error { return s.SetTrial(ctx, "m", nil, []byte("{}"), did("model.demoted")) },
			"complete": func() error { return s.Complete(ctx, j, version("two"), true, did("model.trained")) },
			"fail":     func() error { return s.Fail(ctx, j, "down", time.Minute, did("job.fail")) },
			"release":  func() error { return s.Release(ctx, j) },
			"renew":    func() error { _, err := s.Renew(ctx, j, time.Minute, Progress{}); return err },
			"cancel":   func() error { _, err := s.Cancel(ctx, j.ID, did("job.cancel")); return err },
			"label":    func() error { return s.AddLabel(ctx, &Label{Model: "m"}, did("label.add")) },
			"warn": func() error {
				_, _, err := s.RecordWarning(ctx, Warning{Raised: true, Key: "k", Entry: did("")})
				return err
			},
			"prune":  func() error { _, err := s.PruneAudit(ctx, time.Now().Add(time.Hour), "anna"); return err },
			"count":  func() error { _, err := s.CountAudit(ctx, AuditFilter{}); return err },
			"export": func() error { return s.ExportAudit(ctx, AuditFilter{}, func(Entry) error { return nil }) },
			"verify": func() error { _, err := s.VerifyAudit(ctx); return err },
		} {
			require.ErrorIs(t, call(), context.Canceled, name)
		}
		after, err := s.CountAudit(t.Context(), AuditFilter{})
		require.NoError(t, err)
		require.Equal(t, before, after)
		require.NoError(t, s.Complete(t.Context(), j, version("two"), true, did("model.trained")), "the job is its worker's still")
	})
}
