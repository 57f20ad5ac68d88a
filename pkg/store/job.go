package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// keepJobs is how long finished jobs are kept.
const keepJobs = 30 * 24 * time.Hour

const jobColumns = `j.id, m.name, j.state, j.attempt, j.version, j.created, j.started, j.finished, j.not_before, j.owner, j.done, j.total, j.current, j.error, j.requested_by, j.reason
	FROM forewarn_jobs j JOIN forewarn_models m ON m.id = j.model`

func (j *Job) scan(scan func(...any) error) error {
	var created, started, finished, notBefore int64
	err := scan(&j.ID, &j.Model, &j.State, &j.Attempt, &j.Version, &created, &started, &finished, &notBefore, &j.Owner,
		&j.Progress.Done, &j.Progress.Total, &j.Progress.Current, &j.Error, &j.By, &j.Reason)
	j.Created, j.Started, j.Finished, j.NotBefore = fromMillis(created), fromMillis(started), fromMillis(finished), fromMillis(notBefore)
	return err
}

// job reads one within a transaction.
func (s *space) job(t *tx, id string) (*Job, error) {
	j := &Job{}
	err := j.scan(func(into ...any) error {
		return t.one("SELECT "+jobColumns+" WHERE j.space = ? AND j.id = ?", []any{s.name, id}, into...)
	})
	if errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("job %s: %w", id, ErrNotFound)
	}
	return j, err
}

// Enqueue adds a job for the model unless one is queued or running that nobody has cancelled.
func (s *space) Enqueue(ctx context.Context, model, by, reason string, e Entry) (j *Job, added bool, err error) {
	err = s.db.transact(ctx, func(t *tx) error {
		added = false
		modelID, err := s.modelID(t, model)
		if err != nil {
			return err
		}
		var id string
		err = t.one("SELECT id FROM forewarn_jobs WHERE model = ? AND state IN ('queued', 'running') AND cancelling = 0 LIMIT 1", []any{modelID}, &id)
		if err == nil {
			j, err = s.job(t, id)
			return err
		}
		if !errors.Is(err, ErrNotFound) {
			return err
		}
		now, err := t.now()
		if err != nil {
			return err
		}
		id = newID()
		if _, err := t.exec(`INSERT INTO forewarn_jobs (id, space, model, state, attempt, version, created, started, finished, not_before, lease_until, owner, cancelling, done, total, current, error, requested_by, reason)
			VALUES (?, ?, ?, 'queued', 0, 0, ?, 0, 0, 0, 0, '', 0, 0, 0, '', '', ?, ?)`, id, s.name, modelID, now, clip(by), clip(reason)); err != nil {
			return err
		}
		if _, err := s.append(t, e); err != nil {
			return err
		}
		added = true
		j, err = s.job(t, id)
		return err
	})
	return j, added, err
}

// Claim takes the oldest job that is due, or that a dead worker left behind.
func (s *space) Claim(ctx context.Context, owner string, lease time.Duration) (j *Job, err error) {
	// A look without locks first: most of the time there is nothing to do.
	waiting := 0
	if err := s.db.rows(ctx, func(r *sql.Rows) error { return r.Scan(&waiting) }, "SELECT COUNT(*) FROM forewarn_jobs WHERE space = ? AND state IN ('queued', 'running')", s.name); err != nil || waiting == 0 {
		return nil, err
	}
	err = s.db.transact(ctx, func(t *tx) error {
		j = nil
		now, err := t.now()
		if err != nil {
			return err
		}
		for {
			var id string
			var cancelling int
			err = t.one("SELECT id, cancelling FROM forewarn_jobs WHERE space = ? AND (state = 'queued' AND not_before <= ? OR state = 'running' AND lease_until < ?) ORDER BY created, id LIMIT 1"+t.locking(true),
				[]any{s.name, now, now}, &id, &cancelling)
			if errors.Is(err, ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			if cancelling != 0 { // and its worker died before it could stop
				if _, err := t.exec("UPDATE forewarn_jobs SET state = 'cancelled', finished = ? WHERE id = ?", now, id); err != nil {
					return err
				}
				continue
			}
			if _, err := t.exec("UPDATE forewarn_jobs SET state = 'running', owner = ?, lease_until = ?, attempt = attempt + 1, started = ?, error = '', done = 0, total = 0, current = '' WHERE id = ?",
				owner, now+lease.Milliseconds(), now, id); err != nil {
				return err
			}
			j, err = s.job(t, id)
			return err
		}
	})
	if err != nil {
		return nil, err
	}
	return j, nil
}

// held is the condition that the job is still that of the worker which reports on it. The attempt tells two turns of one
// worker apart.
const held = "id = ? AND owner = ? AND attempt = ? AND state = 'running'"

func (j *Job) fence() []any { return []any{j.ID, j.Owner, j.Attempt} }

// Renew prolongs the lease and notes the progress.
func (s *space) Renew(ctx context.Context, j *Job, lease time.Duration, p Progress) (cancelled bool, err error) {
	err = s.db.transact(ctx, func(t *tx) error {
		now, err := t.now()
		if err != nil {
			return err
		}
		n, err := t.exec("UPDATE forewarn_jobs SET lease_until = ?, done = ?, total = ?, current = ? WHERE "+held,
			append([]any{now + lease.Milliseconds(), p.Done, p.Total, p.Current}, j.fence()...)...)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("job %s: %w", j.ID, ErrLeaseLost)
		}
		var cancelling int
		err = t.one("SELECT cancelling FROM forewarn_jobs WHERE id = ?", []any{j.ID}, &cancelling)
		cancelled = cancelling != 0
		return err
	})
	return cancelled, err
}

// lock finds the job that the worker still holds, and its model.
func (s *space) lock(t *tx, j *Job) (model string, cancelling bool, err error) {
	var flag int
	err = t.one("SELECT model, cancelling FROM forewarn_jobs WHERE "+held+t.locking(false), j.fence(), &model, &flag)
	if errors.Is(err, ErrNotFound) {
		err = fmt.Errorf("job %s: %w", j.ID, ErrLeaseLost)
	}
	return model, flag != 0, err
}

// Complete adds the version that the job made and ends the job.
func (s *space) Complete(ctx context.Context, j *Job, v *Version, live bool, e Entry) error {
	return s.db.transact(ctx, func(t *tx) error {
		model, cancelling, err := s.lock(t, j)
		switch {
		case err != nil:
			return err
		case cancelling:
			return fmt.Errorf("job %s: %w", j.ID, ErrCancelled)
		}
		if err := t.one("SELECT name FROM forewarn_models WHERE id = ?"+t.locking(false), []any{model}, &e.Model); err != nil {
			return err
		}
		if err := s.addVersion(t, model, v, live, e); err != nil {
			return err
		}
		now, err := t.now()
		if err != nil {
			return err
		}
		if _, err := t.exec("UPDATE forewarn_jobs SET state = 'done', version = ?, finished = ?, error = '', done = ?, total = ?, current = '' WHERE id = ?", v.Number, now, j.Progress.Done, j.Progress.Total, j.ID); err != nil {
			return err
		}
		_, err = t.exec("DELETE FROM forewarn_jobs WHERE model = ? AND finished > 0 AND finished < ?", model, now-keepJobs.Milliseconds())
		return err
	})
}

// Fail ends an attempt: queued again after the delay, or failed for good where retry is negative; cancelled where somebody
// asked for it.
func (s *space) Fail(ctx context.Context, j *Job, reason string, retry time.Duration, e Entry) error {
	return s.db.transact(ctx, func(t *tx) error {
		_, cancelling, err := s.lock(t, j)
		if err != nil {
			return err
		}
		now, err := t.now()
		if err != nil {
			return err
		}
		switch {
		case cancelling:
			_, err = t.exec("UPDATE forewarn_jobs SET state = 'cancelled', finished = ?, error = '' WHERE id = ?", now, j.ID)
			return err
		case retry >= 0:
			_, err = t.exec("UPDATE forewarn_jobs SET state = 'queued', not_before = ?, error = ?, owner = '' WHERE id = ?", now+retry.Milliseconds(), reason, j.ID)
			return err
		}
		if _, err := t.exec("UPDATE forewarn_jobs SET state = 'failed', finished = ?, error = ? WHERE id = ?", now, reason, j.ID); err != nil {
			return err
		}
		_, err = s.append(t, e)
		return err
	})
}

// Release puts a job back as if it had not been tried.
func (s *space) Release(ctx context.Context, j *Job) error {
	return s.db.transact(ctx, func(t *tx) error {
		n, err := t.exec("UPDATE forewarn_jobs SET state = 'queued', not_before = 0, owner = '', attempt = attempt - 1 WHERE "+held, j.fence()...)
		if err == nil && n == 0 {
			err = fmt.Errorf("job %s: %w", j.ID, ErrLeaseLost)
		}
		return err
	})
}

// Cancel stops a job that is queued, and asks the worker of a running one to stop.
func (s *space) Cancel(ctx context.Context, id string, e Entry) (j *Job, err error) {
	err = s.db.transact(ctx, func(t *tx) error {
		now, err := t.now()
		if err != nil {
			return err
		}
		n, err := t.exec("UPDATE forewarn_jobs SET state = 'cancelled', finished = ?, cancelling = 1 WHERE space = ? AND id = ? AND state = 'queued'", now, s.name, id)
		if err != nil {
			return err
		}
		if n == 0 {
			if n, err = t.exec("UPDATE forewarn_jobs SET cancelling = 1 WHERE space = ? AND id = ? AND state = 'running'", s.name, id); err != nil {
				return err
			}
		}
		if j, err = s.job(t, id); err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("job %s is %s: %w", id, j.State, ErrConflict)
		}
		_, err = s.append(t, e)
		return err
	})
	return j, err
}

// Job gives one.
func (s *space) Job(ctx context.Context, id string) (*Job, error) {
	var found *Job
	err := s.db.rows(ctx, func(r *sql.Rows) error {
		found = &Job{}
		return found.scan(r.Scan)
	}, "SELECT "+jobColumns+" WHERE j.space = ? AND j.id = ?", s.name, id)
	if err == nil && found == nil {
		err = fmt.Errorf("job %s: %w", id, ErrNotFound)
	}
	return found, err
}

// Jobs gives the newest ones of a model, or of all where it is empty, newest first.
func (s *space) Jobs(ctx context.Context, model string, limit int) ([]Job, error) {
	out := []Job{}
	query, args := "SELECT "+jobColumns+" WHERE j.space = ?", []any{s.name}
	if model != "" {
		query, args = query+" AND m.name = ?", append(args, model)
	}
	if limit <= 0 {
		limit = 100
	}
	err := s.db.rows(ctx, func(r *sql.Rows) error {
		var j Job
		err := j.scan(r.Scan)
		out = append(out, j)
		return err
	}, query+" ORDER BY j.created DESC, j.id DESC LIMIT ?", append(args, limit)...)
	return out, err
}

// NewestJobs gives the newest job of each model that has one, by the model's name.
func (s *space) NewestJobs(ctx context.Context) (map[string]Job, error) {
	out := map[string]Job{}
	err := s.db.rows(ctx, func(r *sql.Rows) error {
		var j Job
		err := j.scan(r.Scan)
		out[j.Model] = j
		return err
	}, "SELECT "+jobColumns+" WHERE m.space = ? AND j.id = (SELECT n.id FROM forewarn_jobs n WHERE n.model = m.id ORDER BY n.created DESC, n.id DESC LIMIT 1)", s.name)
	return out, err
}
