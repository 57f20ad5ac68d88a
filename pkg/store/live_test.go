package store

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestACrossingIsNotedOnceAndIsNoWarning(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		w := Warning{Raised: true, Crossing: true, Key: "disk", Entry: Entry{Time: at, Who: "alerting"}}
		e, recorded, err := s.RecordWarning(ctx, w)
		require.NoError(t, err)
		require.True(t, recorded)
		require.Equal(t, CrossingBegan, e.Action)
		_, recorded, err = s.RecordWarning(ctx, w)
		require.NoError(t, err)
		require.False(t, recorded, "another replica saw it as well")
		_, recorded, err = s.RecordWarning(ctx, Warning{Raised: true, Key: "disk", Entry: Entry{Time: at, Who: "alerting"}})
		require.NoError(t, err)
		require.True(t, recorded, "a warning of the same key is another thing")

		warnings, err := s.OpenWarnings(ctx)
		require.NoError(t, err)
		crossings, err := s.OpenCrossings(ctx)
		require.NoError(t, err)
		require.Len(t, warnings, 1)
		require.Len(t, crossings, 1)
		require.Equal(t, []OpenWarning{{Key: "disk", Since: at, Seq: 1}}, crossings)

		w.Raised, w.Entry.Time = false, at.Add(time.Hour)
		e, recorded, err = s.RecordWarning(ctx, w)
		require.NoError(t, err)
		require.True(t, recorded)
		require.Equal(t, CrossingEnded, e.Action)
		crossings, err = s.OpenCrossings(ctx)
		require.NoError(t, err)
		require.Empty(t, crossings)
		warnings, err = s.OpenWarnings(ctx)
		require.NoError(t, err)
		require.Len(t, warnings, 1, "the warning still stands")
	})
}

func TestATrialIsNotedByTheFasterProcess(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		create(t, s, "cpu")
		m, err := s.Model(ctx, "cpu")
		require.NoError(t, err)
		require.Empty(t, m.Trial)
		require.NoError(t, s.SetTrial(ctx, "cpu", nil, []byte(`{"version":1}`), did("model.demoted")))
		require.ErrorIs(t, s.SetTrial(ctx, "cpu", nil, []byte(`{"version":2}`), did("model.demoted")), ErrConflict)
		require.NoError(t, s.SetTrial(ctx, "cpu", []byte(`{"version":1}`), []byte(`{"version":3}`)))
		all, err := s.Models(ctx)
		require.NoError(t, err)
		require.JSONEq(t, `{"version":3}`, string(all[0].Trial))
		lines, _, err := s.Audit(ctx, AuditFilter{Kind: "model.demoted"})
		require.NoError(t, err)
		require.Len(t, lines, 1, "what was not noted left no line")
		require.ErrorIs(t, s.SetTrial(ctx, "none", nil, []byte(`{}`)), ErrNotFound)

		require.NoError(t, remove(ctx, s, "cpu", did("model.delete")))
		create(t, s, "cpu")
		m, err = s.Model(ctx, "cpu")
		require.NoError(t, err)
		require.Empty(t, m.Trial)
	})
}
