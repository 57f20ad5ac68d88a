package train

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/query"
	"github.com/forewarn/earlywarning/pkg/store"
)

// Reasons of jobs.
const (
	ByUser       = "user"
	BySchedule   = "schedule"
	ByDrift      = "drift"
	ByProvisions = "provisioning"
)

// worseThan is how many times the error of the live version a scheduled training's may be; what is worse is kept but not put to
// use by itself.
const worseThan = 1.5

// keepDrafts is how long a draft is kept that nobody trains again or saves.
const keepDrafts = 24 * time.Hour

// shareDrifted of the series must be due for the model to be retrained.
const shareDrifted = 0.25

// watch looks for what is due.
func (t *Trainer) watch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(t.opt.Schedule):
		}
		if err := t.Due(ctx); err != nil && ctx.Err() == nil {
			t.opt.Log("What is due for training could not be looked for", "error", err)
		}
	}
}

// Due queues trainings that are due by schedule or by drift, and takes away drafts that were left behind.
func (t *Trainer) Due(ctx context.Context) error {
	models, err := t.store.Models(ctx)
	if err != nil {
		return err
	}
	for _, m := range models {
		var d model.Definition
		err := json.Unmarshal(m.Definition, &d)
		switch {
		case err != nil, d.Paused && !d.Draft:
			continue
		case d.Draft:
			err = t.expire(ctx, &m)
		default:
			err = t.due(ctx, &m, d)
		}
		if err != nil && ctx.Err() == nil {
			t.opt.Log("A model was not looked at", "model", m.Name, "error", err)
		}
	}
	return ctx.Err()
}

func (t *Trainer) due(ctx context.Context, m *store.Model, d model.Definition) error {
	c, err := model.Compile(d, t.opt.Defaults)
	if err != nil {
		return err
	}
	jobs, err := t.store.Jobs(ctx, m.Name, 1)
	if err != nil {
		return err
	}
	var newest *store.Job
	if len(jobs) > 0 {
		newest = &jobs[0]
	}
	next := Next(m, c, newest)
	if !next.IsZero() && !t.now().Before(next) {
		return t.queue(ctx, m.Name, BySchedule, "its schedule of "+d.RetrainEvery)
	}
	if m.Live == 0 {
		return nil
	}
	if err := t.trial(ctx, m, c); err != nil {
		return err
	}
	drift, note, err := t.drift(ctx, m, c)
	if err != nil || drift < 0 {
		return err
	}
	if drift != m.Drift {
		if err := t.store.SetDrift(ctx, m.Name, drift); err != nil {
			return err
		}
	}
	if drift >= 1 && d.RetrainOnDrift {
		return t.queue(ctx, m.Name, ByDrift, note)
	}
	return nil
}

// expire takes away a draft that is old. One that is saved or trained at the same moment stays.
func (t *Trainer) expire(ctx context.Context, m *store.Model) error {
	if t.now().Sub(m.Updated) < keepDrafts {
		return nil
	}
	jobs, err := t.store.Jobs(ctx, m.Name, 1)
	if err != nil || len(jobs) > 0 && t.now().Sub(jobs[0].Created) < keepDrafts {
		return err
	}
	e := store.Entry{Who: BySchedule, Action: "model.expire", Model: m.Name, Version: m.Latest, Note: "a draft of " + m.CreatedBy + "'s that nobody saved within a day"}
	err = t.store.DeleteModel(ctx, m, e)
	if errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil {
		t.library.forget(m.Name)
		t.opt.Log("A draft was left behind", "model", m.Name)
	}
	return err
}

// Next gives when a model's schedule trains it next; zero = never. A schedule counts from the newest attempt, so that what fails
// is not tried all the time, and from the import of a model that was trained elsewhere. It does not begin by itself: what nobody
// has asked to train is left alone.
func Next(m *store.Model, c *model.Compiled, newest *store.Job) time.Time {
	switch {
	case c.RetrainEvery == 0, c.Definition.Paused, c.Definition.Draft:
		return time.Time{}
	case newest != nil && newest.State == store.Cancelled && m.Live == 0:
		return time.Time{}
	case newest != nil:
		return newest.Created.Add(c.RetrainEvery)
	case m.Live > 0:
		return m.Created.Add(c.RetrainEvery)
	default:
		return time.Time{}
	}
}

func (t *Trainer) queue(ctx context.Context, name, reason, note string) error {
	_, added, err := t.store.Enqueue(ctx, name, reason, reason, store.Entry{Who: reason, Action: "model.train", Model: name, Note: note})
	if err == nil && added {
		t.opt.Log("Training is due", "model", name, "reason", reason)
		t.Wake()
	}
	return err
}

// drift says how far the live version's errors have grown: 1 = retraining is due. Negative where nothing can be said now.
func (t *Trainer) drift(ctx context.Context, m *store.Model, c *model.Compiled) (drift float64, note string, err error) {
	live, err := t.library.trained(ctx, m.Name, 0)
	if err != nil {
		return -1, "", err
	}
	if live.Type != query.Forecast && live.Type != query.Warning || t.now().Sub(live.To) < 12*live.Interval {
		return -1, "", nil
	}
	grown, due, seen, why, err := t.engine.Drift(ctx, live, c.Query)
	if err != nil || seen == 0 {
		return -1, "", err
	}
	share := float64(due) / float64(seen)
	if share >= shareDrifted {
		return max(share/shareDrifted, 1), fmt.Sprintf("%d of %d series: %s", due, seen, why), nil
	}
	// Below what makes a refit due, the median growth of the errors tells where it is heading.
	return min(max(grown/2, share/shareDrifted), 0.99), "", nil
}

// better tells whether a new version is to answer queries at once, and why not.
func (t *Trainer) better(ctx context.Context, j *store.Job, v *store.Version) (live bool, note string) {
	if j.Reason != BySchedule {
		return true, ""
	}
	old, err := t.store.Version(ctx, j.Model, 0)
	if err != nil {
		return true, ""
	}
	before, err := Summary(old)
	after, err2 := Summary(v)
	if err != nil || err2 != nil || before.Error.MASE == nil || after.Error.MASE == nil || *after.Error.MASE <= worseThan**before.Error.MASE {
		return true, ""
	}
	return false, fmt.Sprintf("kept back: its error of %.2f is more than %.1f times the live version's %.2f; promote it to use it all the same", *after.Error.MASE, worseThan, *before.Error.MASE)
}
