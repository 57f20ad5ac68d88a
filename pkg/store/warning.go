package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
)

// Actions of the lines that RecordWarning writes.
const (
	WarningRaised   = "warning.raised"
	WarningResolved = "warning.resolved"
)

// Actions of the lines of a crossing: a threshold that a rule watches was crossed, and is no longer.
const (
	CrossingBegan = "crossing.began"
	CrossingEnded = "crossing.ended"
)

// crossings marks the keys of crossings in the table of what is open.
const crossings = "crossing:"

// RecordWarning adds a line for a warning raised or resolved, once for each change of its key's state. Where the end of an earlier one was
// lost, it adds that line before.
func (s *space) RecordWarning(ctx context.Context, w Warning) (e Entry, recorded bool, err error) {
	if w.Key == "" {
		return e, false, errors.New("a warning needs a key that tells it from others")
	}
	sum := sha256.Sum256([]byte(w.Key))
	id, began, ended := hex.EncodeToString(sum[:]), WarningRaised, WarningResolved
	if w.Crossing {
		id, began, ended = crossings+id, CrossingBegan, CrossingEnded
	}
	err = s.db.transact(ctx, func(t *tx) error {
		e, recorded = w.Entry, false
		var seq, since int64
		err := t.one("SELECT seq, since FROM forewarn_warnings WHERE space = ? AND warning = ?"+t.locking(false), []any{s.name, id}, &seq, &since)
		open := err == nil
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		lost := open && w.Raised && w.Apart > 0 && e.Time.Sub(fromMillis(since)) > w.Apart
		if open == w.Raised && !lost {
			e.Seq = seq
			return nil
		}
		if open {
			end := e
			if lost {
				end = w.Lost
			}
			end.Action = ended
			if _, err := t.exec("DELETE FROM forewarn_warnings WHERE space = ? AND warning = ?", s.name, id); err != nil {
				return err
			}
			if end, err = s.append(t, end); err != nil {
				return err
			}
			if !lost {
				e, recorded = end, true
				return nil
			}
		}
		e.Action = began
		if e, err = s.append(t, e); err != nil {
			return err
		}
		_, err = t.exec("INSERT INTO forewarn_warnings (space, warning, name, since, seq) VALUES (?, ?, ?, ?, ?)", s.name, id, w.Key, millis(e.Time), e.Seq)
		recorded = err == nil
		return err
	})
	if duplicate(err) {
		// Another process raised it at the same moment, and its line stands.
		return w.Entry, false, nil
	}
	return e, recorded && err == nil, err
}

// OpenWarnings gives the warnings that are raised and not resolved, newest first.
func (s *space) OpenWarnings(ctx context.Context) ([]OpenWarning, error) {
	return s.open(ctx, "NOT LIKE")
}

// OpenCrossings gives the crossings that last, newest first.
func (s *space) OpenCrossings(ctx context.Context) ([]OpenWarning, error) { return s.open(ctx, "LIKE") }

func (s *space) open(ctx context.Context, like string) ([]OpenWarning, error) {
	out := []OpenWarning{}
	err := s.db.rows(ctx, func(r *sql.Rows) error {
		var w OpenWarning
		var since int64
		err := r.Scan(&w.Key, &since, &w.Seq)
		w.Since = fromMillis(since)
		out = append(out, w)
		return err
	}, "SELECT name, since, seq FROM forewarn_warnings WHERE space = ? AND warning "+like+" ? ORDER BY seq DESC", s.name, crossings+"%")
	return out, err
}
