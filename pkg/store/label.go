package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
)

// Labels gives those of a model, or of all where it is empty, newest first.
func (s *space) Labels(ctx context.Context, model string) ([]Label, error) {
	out := []Label{}
	query := "SELECT l.id, m.name, l.series, l.data_from, l.data_to, l.kind, l.note, l.made_by, l.made_at FROM forewarn_labels l JOIN forewarn_models m ON m.id = l.model WHERE l.space = ?"
	args := []any{s.name}
	if model != "" {
		query, args = query+" AND m.name = ?", append(args, model)
	}
	err := s.db.rows(ctx, func(r *sql.Rows) error {
		var l Label
		var series string
		var from, to, at int64
		if err := r.Scan(&l.ID, &l.Model, &series, &from, &to, &l.Kind, &l.Note, &l.By, &at); err != nil {
			return err
		}
		l.From, l.To, l.At = fromMillis(from), fromMillis(to), fromMillis(at)
		out = append(out, l)
		return json.Unmarshal([]byte(series), &out[len(out)-1].Series)
	}, query+" ORDER BY l.made_at DESC, l.id DESC", args...)
	return out, err
}

// AddLabel adds one; ID and time are filled in.
func (s *space) AddLabel(ctx context.Context, l *Label, e Entry) error {
	series, err := json.Marshal(l.Series)
	if err != nil {
		return err
	}
	return s.db.transact(ctx, func(t *tx) error {
		id, err := s.modelID(t, l.Model)
		if err != nil {
			return err
		}
		now, err := t.now()
		if err != nil {
			return err
		}
		l.ID, l.At = newID(), fromMillis(now)
		if _, err := t.exec("INSERT INTO forewarn_labels (id, space, model, series, data_from, data_to, kind, note, made_by, made_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			l.ID, s.name, id, string(series), millis(l.From), millis(l.To), l.Kind, l.Note, clip(l.By), now); err != nil {
			return err
		}
		_, err = s.append(t, e)
		return err
	})
}

// DeleteLabel takes one away.
func (s *space) DeleteLabel(ctx context.Context, id string, e Entry) error {
	return s.db.transact(ctx, func(t *tx) error {
		n, err := t.exec("DELETE FROM forewarn_labels WHERE space = ? AND id = ?", s.name, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("label %s: %w", id, ErrNotFound)
		}
		_, err = s.append(t, e)
		return err
	})
}
