package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
)

const modelColumns = "id, name, definition, revision, live, latest, created, created_by, updated, updated_by, drift"

// modelSelect are the columns with those of the model's trial.
const modelSelect = modelColumns + ", (SELECT details FROM forewarn_trials WHERE model = forewarn_models.id)"

func (m *Model) scan(scan func(...any) error) error {
	var created, updated int64
	err := scan(&m.ID, &m.Name, &m.Definition, &m.Revision, &m.Live, &m.Latest, &created, &m.CreatedBy, &updated, &m.UpdatedBy, &m.Drift, &m.Trial)
	m.Created, m.Updated = fromMillis(created), fromMillis(updated)
	return err
}

// Models gives all models by name.
func (s *space) Models(ctx context.Context) ([]Model, error) {
	out := []Model{}
	err := s.db.rows(ctx, func(r *sql.Rows) error {
		var m Model
		err := m.scan(r.Scan)
		out = append(out, m)
		return err
	}, "SELECT "+modelSelect+" FROM forewarn_models WHERE space = ? ORDER BY name", s.name)
	return out, err
}

// Model gives the one with the name.
func (s *space) Model(ctx context.Context, name string) (*Model, error) {
	var found *Model
	err := s.db.rows(ctx, func(r *sql.Rows) error {
		found = &Model{}
		return found.scan(r.Scan)
	}, "SELECT "+modelSelect+" FROM forewarn_models WHERE space = ? AND name = ?", s.name, name)
	if err == nil && found == nil {
		err = missing(name)
	}
	return found, err
}

func missing(name string) error { return fmt.Errorf("model %q: %w", name, ErrNotFound) }

// modelID finds and locks a model.
func (s *space) modelID(t *tx, name string) (id string, err error) {
	err = t.one("SELECT id FROM forewarn_models WHERE space = ? AND name = ?"+t.locking(false), []any{s.name, name}, &id)
	if errors.Is(err, ErrNotFound) {
		err = missing(name)
	}
	return id, err
}

// CreateModel adds a model.
func (s *space) CreateModel(ctx context.Context, m *Model, e Entry) error {
	return s.db.transact(ctx, func(t *tx) error { return s.create(t, m, e) })
}

func (s *space) create(t *tx, m *Model, e Entry) error {
	now, err := t.now()
	if err != nil {
		return err
	}
	m.ID, m.Revision, m.Created, m.Updated = newID(), 1, fromMillis(now), fromMillis(now)
	m.UpdatedBy = m.CreatedBy
	if _, err := t.exec("INSERT INTO forewarn_models ("+modelColumns+", space) VALUES (?, ?, ?, ?, 0, 0, ?, ?, ?, ?, 0, ?)",
		m.ID, m.Name, string(m.Definition), m.Revision, now, clip(m.CreatedBy), now, clip(m.UpdatedBy), s.name); err != nil {
		return taken(m.Name, err)
	}
	_, err = s.append(t, e)
	return err
}

// ImportModel adds a model with versions from elsewhere, all or nothing.
func (s *space) ImportModel(ctx context.Context, m *Model, versions []*Version, live int, e Entry) error {
	return s.db.transact(ctx, func(t *tx) error {
		if err := s.create(t, m, e); err != nil {
			return err
		}
		for k, v := range versions {
			line := Entry{Who: e.Who, Action: "version.import", Model: m.Name}
			if err := s.addVersion(t, m.ID, v, k == live, line); err != nil {
				return err
			}
		}
		return nil
	})
}

func taken(name string, err error) error {
	if duplicate(err) {
		return fmt.Errorf("model %q: %w", name, ErrExists)
	}
	return err
}

// ChangeModel writes name and definition.
func (s *space) ChangeModel(ctx context.Context, m *Model, e Entry) error {
	return s.db.transact(ctx, func(t *tx) error {
		now, err := t.now()
		if err != nil {
			return err
		}
		n, err := t.exec("UPDATE forewarn_models SET name = ?, definition = ?, revision = revision + 1, updated = ?, updated_by = ? WHERE space = ? AND id = ? AND revision = ?",
			m.Name, string(m.Definition), now, clip(m.UpdatedBy), s.name, m.ID, m.Revision)
		switch {
		case err != nil:
			return taken(m.Name, err)
		case n == 0:
			return fmt.Errorf("model %q: %w", m.Name, ErrConflict)
		}
		if _, err := s.append(t, e); err != nil {
			return err
		}
		m.Revision, m.Updated = m.Revision+1, fromMillis(now)
		return nil
	})
}

// DeleteModel takes away a model with versions, jobs and labels.
func (s *space) DeleteModel(ctx context.Context, m *Model, e Entry) error {
	return s.db.transact(ctx, func(t *tx) error {
		var revision int
		err := t.one("SELECT revision FROM forewarn_models WHERE space = ? AND id = ?"+t.locking(false), []any{s.name, m.ID}, &revision)
		switch {
		case errors.Is(err, ErrNotFound):
			return missing(m.Name)
		case err != nil:
			return err
		case revision != m.Revision:
			return fmt.Errorf("model %q: %w", m.Name, ErrConflict)
		}
		for _, table := range []string{"forewarn_labels", "forewarn_jobs", "forewarn_versions", "forewarn_trials"} {
			if _, err := t.exec("DELETE FROM "+table+" WHERE model = ?", m.ID); err != nil {
				return err
			}
		}
		if _, err := t.exec("DELETE FROM forewarn_models WHERE id = ?", m.ID); err != nil {
			return err
		}
		_, err = s.append(t, e)
		return err
	})
}

// SetLive lets another version answer queries.
func (s *space) SetLive(ctx context.Context, name string, version int, e Entry) error {
	return s.db.transact(ctx, func(t *tx) error {
		id, err := s.modelID(t, name)
		if err != nil {
			return err
		}
		var found int
		if err := t.one("SELECT number FROM forewarn_versions WHERE model = ? AND number = ?", []any{id, version}, &found); err != nil {
			if errors.Is(err, ErrNotFound) {
				return fmt.Errorf("version %d of model %q: %w", version, name, ErrNotFound)
			}
			return err
		}
		if _, err := t.exec("UPDATE forewarn_models SET live = ?, drift = 0 WHERE id = ?", version, id); err != nil {
			return err
		}
		_, err = s.append(t, e)
		return err
	})
}

// SetDrift notes how far the live version's errors have grown.
func (s *space) SetDrift(ctx context.Context, name string, drift float64) error {
	return s.db.transact(ctx, func(t *tx) error {
		_, err := t.exec("UPDATE forewarn_models SET drift = ? WHERE space = ? AND name = ?", drift, s.name, name)
		return err
	})
}

// SetTrial notes how the live version does against its twin.
func (s *space) SetTrial(ctx context.Context, name string, before, after []byte, lines ...Entry) error {
	return s.db.transact(ctx, func(t *tx) error {
		id, err := s.modelID(t, name)
		if err != nil {
			return err
		}
		var held []byte
		err = t.one("SELECT details FROM forewarn_trials WHERE model = ?", []any{id}, &held)
		switch {
		case err != nil && !errors.Is(err, ErrNotFound):
			return err
		case !bytes.Equal(held, before):
			return fmt.Errorf("the trial of model %q: %w", name, ErrConflict)
		case held == nil:
			_, err = t.exec("INSERT INTO forewarn_trials (model, details) VALUES (?, ?)", id, string(after))
		default:
			_, err = t.exec("UPDATE forewarn_trials SET details = ? WHERE model = ?", string(after), id)
		}
		for i := 0; i < len(lines) && err == nil; i++ {
			_, err = s.append(t, lines[i])
		}
		return err
	})
}
