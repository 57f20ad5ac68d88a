package store

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Old lines go from the beginning, and what is left can be verified; a beginning that was cut off by other means is found.
func TestOldLinesArePrunedAndTheRestIsWhole(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		n, err := s.PruneAudit(ctx, time.Now(), "a")
		require.NoError(t, err)
		require.Zero(t, n, "of nothing")
		day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		for i := range 6 {
			_, err := s.AppendAudit(ctx, Entry{Who: "a", Action: "x.y", Time: day.AddDate(0, 0, i)})
			require.NoError(t, err)
		}
		// What happened long ago and was written late stays: lines go in order only.
		_, err = s.AppendAudit(ctx, Entry{Who: "a", Action: "x.late", Time: day})
		require.NoError(t, err)
		_, err = d.Space("1/b").AppendAudit(ctx, Entry{Who: "a", Action: "x.y", Time: day})
		require.NoError(t, err)

		n, err = s.PruneAudit(ctx, day.AddDate(0, 0, 3), "retention")
		require.NoError(t, err)
		require.Equal(t, 3, n)
		lines, _, err := s.Audit(ctx, AuditFilter{})
		require.NoError(t, err)
		require.Len(t, lines, 5)
		require.Equal(t, "retention", lines[0].Who)
		require.Equal(t, TrailPrune, lines[0].Action)
		require.EqualValues(t, 3, lines[0].Values["through"])
		require.EqualValues(t, 4, lines[4].Seq)
		v, err := s.VerifyAudit(ctx)
		require.NoError(t, err)
		require.Equal(t, Verified{OK: true, Entries: 5}, v)

		n, err = s.PruneAudit(ctx, day.AddDate(0, 0, 3), "retention")
		require.NoError(t, err)
		require.Zero(t, n, "again")
		n, err = s.PruneAudit(ctx, day.AddDate(0, 0, 20), "retention")
		require.NoError(t, err)
		require.Equal(t, 4, n, "up to the line of the first time, which is of today")
		_, err = s.AppendAudit(ctx, Entry{Who: "a", Action: "x.y"})
		require.NoError(t, err)
		v, err = s.VerifyAudit(ctx)
		require.NoError(t, err)
		require.Equal(t, Verified{OK: true, Entries: 3}, v)
		other, err := d.Space("1/b").VerifyAudit(ctx)
		require.NoError(t, err)
		require.Equal(t, Verified{OK: true, Entries: 1}, other, "another data source keeps its own")
	})
}

func TestABeginningCutOffIsFound(t *testing.T) {
	for name, statements := range map[string][]string{
		"lines only":            {"DELETE FROM forewarn_audit WHERE seq <= 5"},
		"with an anchor":        {"DELETE FROM forewarn_audit WHERE seq <= 5", "UPDATE forewarn_audit_anchor SET seq = 5, hash = (SELECT previous FROM forewarn_audit WHERE seq = 6)"},
		"the anchor moved back": {"UPDATE forewarn_audit_anchor SET seq = 1"},
		"no anchor":             {"DELETE FROM forewarn_audit_anchor"},
	} {
		t.Run(name, func(t *testing.T) {
			everywhere(t, func(t *testing.T, d *DB) {
				s, ctx := d.Space("1/a"), t.Context()
				for i := range 8 {
					_, err := s.AppendAudit(ctx, Entry{Who: "a", Action: "x.y", Time: time.Date(2026, 3, 1+i, 0, 0, 0, 0, time.UTC)})
					require.NoError(t, err)
				}
				_, err := s.PruneAudit(ctx, time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC), "retention")
				require.NoError(t, err)
				v, err := s.VerifyAudit(ctx)
				require.NoError(t, err)
				require.True(t, v.OK, v.Message)
				for _, statement := range statements {
					tamper(t, d, statement)
				}
				v, err = s.VerifyAudit(ctx)
				require.NoError(t, err)
				require.False(t, v.OK)
				require.NotEmpty(t, v.Message)
			})
		})
	}
}
