package store

import (
	"context"
	"database/sql"
	"fmt"
)

const versionColumns = "v.number, v.trained_at, v.trained_by, v.data_from, v.data_to, v.definition, v.summary, v.bytes"

func (v *Version) scan(scan func(...any) error, more ...any) error {
	var at, from, to int64
	err := scan(append([]any{&v.Number, &at, &v.TrainedBy, &from, &to, &v.Definition, &v.Summary, &v.Bytes}, more...)...)
	v.TrainedAt, v.From, v.To = fromMillis(at), fromMillis(from), fromMillis(to)
	return err
}

// Versions gives the versions of a model, newest first, without results and states.
func (s *space) Versions(ctx context.Context, name string) ([]Version, error) {
	if _, err := s.Model(ctx, name); err != nil {
		return nil, err
	}
	out := []Version{}
	err := s.db.rows(ctx, func(r *sql.Rows) error {
		var v Version
		err := v.scan(r.Scan)
		out = append(out, v)
		return err
	}, "SELECT "+versionColumns+" FROM forewarn_versions v JOIN forewarn_models m ON m.id = v.model WHERE m.space = ? AND m.name = ? ORDER BY v.number DESC", s.name, name)
	return out, err
}

// LiveVersions gives the live version of each model that has one, by the model's name.
func (s *space) LiveVersions(ctx context.Context) (map[string]Version, error) {
	out := map[string]Version{}
	err := s.db.rows(ctx, func(r *sql.Rows) error {
		var v Version
		var name string
		err := v.scan(r.Scan, &name)
		out[name] = v
		return err
	}, "SELECT "+versionColumns+", m.name FROM forewarn_versions v JOIN forewarn_models m ON m.id = v.model AND v.number = m.live WHERE m.space = ?", s.name)
	return out, err
}

// Version gives one with everything; 0 is the live one.
func (s *space) Version(ctx context.Context, name string, number int) (*Version, error) {
	var found *Version
	which, args := "v.number = m.live", []any{s.name, name}
	if number != 0 {
		which, args = "v.number = ?", append(args, number)
	}
	err := s.db.rows(ctx, func(r *sql.Rows) error {
		found = &Version{}
		return found.scan(r.Scan, &found.Results, &found.States)
	}, "SELECT "+versionColumns+", v.results, v.states FROM forewarn_versions v JOIN forewarn_models m ON m.id = v.model WHERE m.space = ? AND m.name = ? AND "+which, args...)
	switch {
	case err != nil || found != nil:
		return found, err
	case number == 0:
		return nil, fmt.Errorf("a live version of model %q: %w", name, ErrNotFound)
	default:
		return nil, fmt.Errorf("version %d of model %q: %w", number, name, ErrNotFound)
	}
}

// addVersion gives the version the next number; the model's row is locked.
func (s *space) addVersion(t *tx, model string, v *Version, live bool, e Entry) error {
	if err := t.one("SELECT latest FROM forewarn_models WHERE id = ?", []any{model}, &v.Number); err != nil {
		return err
	}
	v.Number++
	if v.TrainedAt.IsZero() {
		now, err := t.now()
		if err != nil {
			return err
		}
		v.TrainedAt = fromMillis(now)
	}
	v.Bytes = len(v.Results) + len(v.States)
	if _, err := t.exec("INSERT INTO forewarn_versions (model, number, trained_at, trained_by, data_from, data_to, definition, summary, results, states, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		model, v.Number, millis(v.TrainedAt), clip(v.TrainedBy), millis(v.From), millis(v.To), string(v.Definition), string(v.Summary), v.Results, v.States, v.Bytes); err != nil {
		return err
	}
	set, args := "latest = ?", []any{v.Number}
	if live {
		set, args = set+", live = ?, drift = 0", append(args, v.Number)
	}
	if _, err := t.exec("UPDATE forewarn_models SET "+set+" WHERE id = ?", append(args, model)...); err != nil {
		return err
	}
	e.Version = v.Number
	_, err := s.append(t, e)
	return err
}

// Prune deletes all but the newest versions and the live one.
func (s *space) Prune(ctx context.Context, name string, keep int) (n int, err error) {
	err = s.db.transact(ctx, func(t *tx) error {
		id, err := s.modelID(t, name)
		if err != nil {
			return err
		}
		var latest, live int
		if err := t.one("SELECT latest, live FROM forewarn_models WHERE id = ?", []any{id}, &latest, &live); err != nil {
			return err
		}
		n, err = t.exec("DELETE FROM forewarn_versions WHERE model = ? AND number <= ? AND number <> ?", id, latest-keep, live)
		return err
	})
	return n, err
}
