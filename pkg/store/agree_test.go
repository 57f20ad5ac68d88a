package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// step is something that is done to a store, and what came of it for those who look.
type step func(ctx context.Context, s Store) (any, error)

// drawnStep is any step over two models' names, so that steps meet.
func drawnStep(t *rapid.T) (string, step) {
	names := rapid.SampledFrom([]string{"a", "b"})
	name, kind := names.Draw(t, "name"), rapid.IntRange(0, 12).Draw(t, "step")
	text := rapid.SampledFrom([]string{"", "x", "磁盘 ☂", "it's \"quoted\"", "a\\b%_"}).Draw(t, "text")
	line := Entry{Who: "anna", Action: "test.step", Model: name, Note: text}
	switch kind {
	case 0:
		return "create " + name, func(ctx context.Context, s Store) (any, error) {
			return nil, s.CreateModel(ctx, &Model{Name: name, Definition: []byte(`{"note":1}`), CreatedBy: "anna"}, line)
		}
	case 1:
		to := names.Draw(t, "to")
		return "rename " + name + " to " + to, func(ctx context.Context, s Store) (any, error) {
			m, err := s.Model(ctx, name)
			if err != nil {
				return nil, err
			}
			m.Name, m.UpdatedBy = to, "ben"
			return nil, s.ChangeModel(ctx, m, line)
		}
	case 2:
		return "delete " + name, func(ctx context.Context, s Store) (any, error) { return nil, remove(ctx, s, name, line) }
	case 3:
		return "train " + name, func(ctx context.Context, s Store) (any, error) {
			j, added, err := s.Enqueue(ctx, name, "anna", "user", line)
			if err != nil {
				return nil, err
			}
			return []any{j.Model, j.State, added}, nil
		}
	case 4, 5:
		live := kind == 4
		return fmt.Sprintf("work, live %t", live), func(ctx context.Context, s Store) (any, error) {
			j, err := s.Claim(ctx, "worker", time.Minute)
			if err != nil || j == nil {
				return nil, err
			}
			v := version(text)
			if err := s.Complete(ctx, j, v, live, line); err != nil {
				return nil, err
			}
			return []any{j.Model, j.Attempt, v.Number}, nil
		}
	case 6:
		return "fail", func(ctx context.Context, s Store) (any, error) {
			j, err := s.Claim(ctx, "worker", time.Minute)
			if err != nil || j == nil {
				return nil, err
			}
			return j.Model, s.Fail(ctx, j, text, -1, line)
		}
	case 7:
		number := rapid.IntRange(1, 3).Draw(t, "number")
		return fmt.Sprintf("promote %s to %d", name, number), func(ctx context.Context, s Store) (any, error) {
			return nil, s.SetLive(ctx, name, number, line)
		}
	case 8:
		return "keep one of " + name, func(ctx context.Context, s Store) (any, error) { return s.Prune(ctx, name, 1) }
	case 9:
		return "label " + name, func(ctx context.Context, s Store) (any, error) {
			return nil, s.AddLabel(ctx, &Label{Model: name, Series: map[string]string{"host": text}, From: time.Unix(5, 0), To: time.Unix(9, 0), Kind: "incident", Note: text, By: "anna"}, line)
		}
	case 10:
		raised := rapid.Bool().Draw(t, "raised")
		return fmt.Sprintf("warn %s %t", name, raised), func(ctx context.Context, s Store) (any, error) {
			e, recorded, err := s.RecordWarning(ctx, Warning{Raised: raised, Key: name, Entry: Entry{Who: "anna", Model: name, Note: text}})
			return []any{e.Seq, recorded}, err
		}
	case 11:
		return "drift of " + name, func(ctx context.Context, s Store) (any, error) { return nil, s.SetDrift(ctx, name, 0.25) }
	default:
		return "cancel what is queued", func(ctx context.Context, s Store) (any, error) {
			jobs, err := s.Jobs(ctx, "", 0)
			if err != nil {
				return nil, err
			}
			for _, j := range jobs {
				if j.State == Queued {
					_, err = s.Cancel(ctx, j.ID, line)
					return j.Model, err
				}
			}
			return nil, nil
		}
	}
}

// sorts of errors that callers branch on.
func sort(err error) string {
	for name, one := range map[string]error{"not found": ErrNotFound, "exists": ErrExists, "conflict": ErrConflict, "lease": ErrLeaseLost, "cancelled": ErrCancelled, "away": ErrUnavailable} {
		if errors.Is(err, one) {
			return name
		}
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// seen is everything in a store but times, identifiers and hashes, which differ.
func seen(t require.TestingT, ctx context.Context, s Store) (out []any) {
	models, err := s.Models(ctx)
	require.NoError(t, err)
	for _, m := range models {
		out = append(out, []any{m.Name, string(m.Definition), m.Revision, m.Live, m.Latest, m.CreatedBy, m.UpdatedBy, m.Drift})
		versions, err := s.Versions(ctx, m.Name)
		require.NoError(t, err)
		for _, v := range versions {
			whole, err := s.Version(ctx, m.Name, v.Number)
			require.NoError(t, err)
			out = append(out, []any{v.Number, v.TrainedBy, string(whole.States), v.Bytes, v.From.Unix(), v.To.Unix()})
		}
	}
	jobs, err := s.Jobs(ctx, "", 1000)
	require.NoError(t, err)
	states := make([]string, len(jobs))
	for i, j := range jobs {
		states[i] = fmt.Sprint(j.Model, j.State, j.Attempt, j.Version, j.Error)
	}
	slices.Sort(states) // those of one millisecond have no order
	labels, err := s.Labels(ctx, "")
	require.NoError(t, err)
	notes := make([]string, len(labels))
	for i, l := range labels {
		notes[i] = fmt.Sprint(l.Model, l.Series, l.Note, l.From.Unix())
	}
	slices.Sort(notes)
	open, err := s.OpenWarnings(ctx)
	require.NoError(t, err)
	for _, w := range open {
		out = append(out, []any{w.Key, w.Seq})
	}
	require.NoError(t, s.ExportAudit(ctx, AuditFilter{}, func(e Entry) error {
		out = append(out, []any{e.Seq, e.Who, e.Action, e.Model, e.Version, e.Note})
		return nil
	}))
	return append(out, states, notes)
}

func TestAllKindsOfStoresAnswerAlike(t *testing.T) {
	stores := map[string]*DB{"memory": open(t, Config{}), "sqlite": open(t, sqliteConfig(t)), "mysql": open(t, mysqlConfig(t))}
	space := 0
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		space++
		name := fmt.Sprint(space, "/a")
		for range rapid.IntRange(1, 15).Draw(t, "steps") {
			what, do := drawnStep(t)
			want, err := do(ctx, stores["memory"].Space(name))
			for _, kind := range []string{"sqlite", "mysql"} {
				got, other := do(ctx, stores[kind].Space(name))
				require.Equal(t, sort(err), sort(other), "%s in %s", what, kind)
				require.Equal(t, want, got, "%s in %s", what, kind)
			}
		}
		all := seen(t, ctx, stores["memory"].Space(name))
		for _, kind := range []string{"sqlite", "mysql"} {
			require.Equal(t, all, seen(t, ctx, stores[kind].Space(name)), kind)
		}
		for kind, d := range stores {
			v, err := d.Space(name).VerifyAudit(ctx)
			require.NoError(t, err)
			require.True(t, v.OK, "%s: %s", kind, v.Message)
		}
	})
}
