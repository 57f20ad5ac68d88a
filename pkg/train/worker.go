package train

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/store"
)

const (
	// keepTrying is how long a finished version waits for a store that went away.
	keepTrying = 15 * time.Minute
	// finishing is how long giving back a job may take when the process ends.
	finishing = 3 * time.Second
)

// work claims and runs one job at a time.
func (t *Trainer) work(ctx context.Context) {
	for {
		// A job is claimed when it can begin: others may have time for it now.
		done, ok := t.gate.Turn(ctx)
		if !ok {
			return
		}
		j, err := t.store.Claim(ctx, t.owner, t.opt.Lease)
		if err != nil && ctx.Err() == nil {
			t.opt.Log("No job can be claimed", "error", err)
		}
		if done = sync.OnceFunc(done); j != nil {
			t.run(ctx, j, done)
		}
		done()
		if j != nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-t.wake:
		case <-time.After(t.opt.Poll):
		}
	}
}

// turn is one attempt at a job.
type turn struct {
	job       *store.Job
	mu        sync.Mutex
	progress  store.Progress
	cancelled bool // somebody asked for it
	lost      bool // it is another worker's
}

func (r *turn) report(p store.Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.progress = p
}

// run does a job to one of its ends. learnt is called when the work is done and only the store is left to be told.
func (t *Trainer) run(ctx context.Context, j *store.Job, learnt func()) {
	r := &turn{job: j}
	working, stop := context.WithCancel(ctx)
	beats := make(chan struct{})
	go func() { defer close(beats); t.beat(working, r, stop) }()
	v, d, err := t.attempt(working, r)
	learnt()
	if err == nil {
		err = t.complete(working, r, v, d)
	}
	r.mu.Lock()
	cancelled, lost := r.cancelled, r.lost
	r.mu.Unlock()
	stop()
	<-beats
	t.library.forget(j.Model)
	switch {
	case err == nil:
		t.opt.Log("Trained", "model", j.Model, "version", v.Number, "job", j.ID)
	case lost, errors.Is(err, store.ErrLeaseLost):
		t.opt.Log("Another worker has taken the job", "model", j.Model, "job", j.ID)
	case ctx.Err() != nil && !cancelled:
		t.atEnd(ctx, func(ctx context.Context) error { return t.store.Release(ctx, j) })
	default:
		t.fail(ctx, j, err)
	}
}

// beat prolongs the lease and notes the progress until the turn ends.
func (t *Trainer) beat(ctx context.Context, r *turn, stop func()) {
	every := min(t.opt.Lease/5, time.Second) // people watch the progress
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(every):
		}
		r.mu.Lock()
		p := r.progress
		r.mu.Unlock()
		cancelled, err := t.store.Renew(ctx, r.job, t.opt.Lease, p)
		if err != nil && !errors.Is(err, store.ErrLeaseLost) {
			continue // the store is away: it may be back before somebody else sees the job
		}
		r.mu.Lock()
		r.cancelled, r.lost = cancelled, err != nil
		r.mu.Unlock()
		if cancelled || err != nil {
			stop()
			return
		}
	}
}

// attempt makes the version, not stored yet.
func (t *Trainer) attempt(ctx context.Context, r *turn) (*store.Version, model.Definition, error) {
	var d model.Definition
	if most := len(t.opt.Backoff) + 1; r.job.Attempt > most {
		return nil, d, fmt.Errorf("%w: %d workers ended in the middle of it", errForGood, most)
	}
	m, err := t.store.Model(ctx, r.job.Model)
	if err != nil {
		return nil, d, err
	}
	if err := json.Unmarshal(m.Definition, &d); err != nil {
		return nil, d, fmt.Errorf("%w: the definition cannot be read: %w", errForGood, err)
	}
	c, err := model.Compile(d, t.opt.Defaults)
	if err != nil {
		return nil, d, fmt.Errorf("%w: %w", errForGood, err)
	}
	labels, err := t.store.Labels(ctx, m.Name)
	if err != nil {
		return nil, d, err
	}
	b, err := t.build(ctx, c, labels, r.report)
	if err != nil {
		return nil, d, err
	}
	v, err := pack(c, b)
	if err == nil {
		v.TrainedBy = r.job.By
	}
	return v, d, err
}

// pack writes a version as it is stored.
func pack(c *model.Compiled, b *built) (v *store.Version, err error) {
	v = &store.Version{From: b.from, To: b.to}
	if v.Definition, err = json.Marshal(c.Definition); err != nil {
		return nil, err
	}
	if v.Summary, err = json.Marshal(kept{b.version.Summary, c.Query.Type, int64(c.Query.Interval / time.Second), b.unlearnt}); err != nil {
		return nil, err
	}
	if v.Results, err = model.EncodeResults(b.version.Results); err != nil {
		return nil, err
	}
	v.States, err = model.EncodeStates(b.version.Series)
	return v, err
}

// complete stores the version. What took minutes to learn is not given up because the store is away for a moment.
func (t *Trainer) complete(ctx context.Context, r *turn, v *store.Version, d model.Definition) error {
	live, note := t.better(ctx, r.job, v)
	r.mu.Lock()
	r.job.Progress = r.progress
	r.mu.Unlock()
	e := store.Entry{Who: r.job.By, Action: "model.trained", Model: d.Name, Note: note, Values: map[string]any{"reason": r.job.Reason, "job": r.job.ID, "live": live}}
	until := time.Now().Add(keepTrying)
	for wait := 200 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		err := t.store.Complete(ctx, r.job, v, live, e)
		if !errors.Is(err, store.ErrUnavailable) || time.Now().After(until) {
			if err == nil {
				_, err := t.store.Prune(ctx, r.job.Model, t.opt.Keep)
				if err != nil {
					t.opt.Log("Old versions were not deleted", "model", r.job.Model, "error", err)
				}
			}
			return err
		}
		r.report(store.Progress{Done: r.job.Progress.Done, Total: r.job.Progress.Total, Current: "waiting for the store"})
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// errForGood is wrapped by what no further attempt can mend.
var errForGood = errors.New("training is not possible")

// fail ends an attempt, with another to come where that may help.
func (t *Trainer) fail(ctx context.Context, j *store.Job, err error) {
	retry := time.Duration(-1)
	for _, last := range []error{errForGood, query.ErrInvalid, source.ErrBadQuery, source.ErrRefused, source.ErrNotConfigured, source.ErrDenied, source.ErrTooLarge, store.ErrNotFound, ErrNoSeries, model.ErrInvalid} {
		if errors.Is(err, last) {
			retry = -2
		}
	}
	if retry == -1 && j.Attempt <= len(t.opt.Backoff) {
		retry = t.opt.Backoff[max(j.Attempt-1, 0)]
	}
	t.opt.Log("Training failed", "model", j.Model, "job", j.ID, "attempt", j.Attempt, "error", err)
	e := store.Entry{Who: j.By, Action: "model.failed", Model: j.Model, Note: err.Error(), Values: map[string]any{"reason": j.Reason, "job": j.ID}}
	t.atEnd(ctx, func(ctx context.Context) error { return t.store.Fail(ctx, j, err.Error(), retry, e) })
}

// atEnd reports to the store even while the process ends.
func (t *Trainer) atEnd(ctx context.Context, report func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishing)
	defer cancel()
	if err := report(ctx); err != nil && !errors.Is(err, store.ErrLeaseLost) {
		t.opt.Log("The end of a job could not be noted; its lease will end by itself", "error", err)
	}
}
