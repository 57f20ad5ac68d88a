package store

import (
	"context"
	"errors"
	"time"
)

// TrailPrune is the action of the line that says up to where lines were taken away.
const TrailPrune = "trail.prune"

// anchor is the last line that was taken away from the beginning of a trail: what is left follows on it.
type anchor struct {
	seq  int64
	hash string
}

// PruneAudit takes away the oldest lines, as far as all were made before the time, and gives their number. What is left can be
// verified still: the chain begins at an anchor, which a line of its own records.
func (s *space) PruneAudit(ctx context.Context, before time.Time, who string) (n int, err error) {
	err = s.db.transact(ctx, func(t *tx) error {
		n = 0
		var head int64
		var hash string
		switch err := t.one("SELECT seq, hash FROM forewarn_audit_head WHERE space = ?"+t.locking(false), []any{s.name}, &head, &hash); {
		case errors.Is(err, ErrNotFound):
			return nil
		case err != nil:
			return err
		}
		var from anchor
		if err := t.one("SELECT seq, hash FROM forewarn_audit_anchor WHERE space = ?", []any{s.name}, &from.seq, &from.hash); err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		// Lines say when something happened, which need not be the order they were written in.
		var kept int64
		if err := t.one("SELECT COALESCE(MIN(seq), 0) FROM forewarn_audit WHERE space = ? AND made_at >= ?", []any{s.name, millis(before)}, &kept); err != nil {
			return err
		}
		last := head
		if kept > 0 {
			last = kept - 1
		}
		if last <= from.seq {
			return nil
		}
		to := anchor{seq: last}
		if err := t.one("SELECT hash FROM forewarn_audit WHERE space = ? AND seq = ?", []any{s.name, last}, &to.hash); err != nil {
			return err
		}
		n = int(last - from.seq)
		if _, err := s.append(t, Entry{Who: who, Action: TrailPrune, Values: map[string]any{"through": to.seq, "hash": to.hash, "lines": n}}); err != nil {
			return err
		}
		for _, statement := range []struct {
			text string
			args []any
		}{
			{"DELETE FROM forewarn_audit WHERE space = ? AND seq <= ?", []any{s.name, to.seq}},
			{"DELETE FROM forewarn_audit_anchor WHERE space = ?", []any{s.name}},
			{"INSERT INTO forewarn_audit_anchor (space, seq, hash) VALUES (?, ?, ?)", []any{s.name, to.seq, to.hash}},
		} {
			if _, err := t.exec(statement.text, statement.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}
