package store

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Names of series come from sources that may say anything. What no database takes must not keep a training from its end.
func TestTextThatIsNoUnicodeIsKeptAsFarAsItIs(t *testing.T) {
	const odd = "disk \xff\xfe/data"
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		queued(t, s, "m")
		j := claim(t, s, "w", lease)
		_, err := s.Renew(ctx, j, lease, Progress{Done: 1, Total: 2, Current: odd})
		require.NoError(t, err)
		got, err := s.Job(ctx, j.ID)
		require.NoError(t, err)
		require.Contains(t, got.Progress.Current, "/data")
		require.NoError(t, s.Fail(ctx, j, odd, 0, did("x.y")))
		e, err := s.AppendAudit(ctx, Entry{Who: odd, Action: "x.y", Model: odd, Subject: odd, Note: odd, Labels: map[string]string{"disk": odd}, Values: map[string]any{"text": odd}})
		require.NoError(t, err)
		require.Contains(t, e.Note, "/data")
		require.NoError(t, s.AddLabel(ctx, &Label{Model: "m", Note: odd, By: odd, Kind: "incident", Series: map[string]string{"disk": odd}}, did("label.add")))
		_, _, err = s.RecordWarning(ctx, Warning{Raised: true, Key: odd, Entry: Entry{Who: "x", Subject: odd}})
		require.NoError(t, err)
		v, err := s.VerifyAudit(ctx)
		require.NoError(t, err)
		require.True(t, v.OK, v.Message)
	})
}
