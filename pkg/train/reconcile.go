package train

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/store"
)

// provisioning is who acts for the data source's settings.
const provisioning = "provisioning"

// Listed is a definition of the data source's settings, or why it cannot be read.
type Listed struct {
	Definition model.Definition
	Err        error
}

// Reconcile makes the stored models those of the data source's settings: new ones are added and trained, changed ones changed
// but not trained by themselves, so that the difference can be seen first, and those that are no longer listed are left to the
// administrators, paused. It gives one text for each definition that is wrong; what went wrong with the store is the error.
func (t *Trainer) Reconcile(ctx context.Context, listed []Listed) (problems []string, err error) {
	named := map[string]bool{}
	for i, one := range listed {
		d, err := one.Definition, one.Err
		d.Provisioned, d.Draft = true, false
		var c *model.Compiled
		if err == nil {
			c, err = model.Compile(d, t.opt.Defaults)
		}
		switch {
		case err != nil:
			problems = append(problems, fmt.Sprintf("models[%d] %q: %s", i, d.Name, err))
		case named[c.Definition.Name]:
			problems = append(problems, fmt.Sprintf("models[%d]: the name %q stands twice", i, c.Definition.Name))
		default:
			named[c.Definition.Name] = true
			if err := t.provision(ctx, c); err != nil {
				return problems, err
			}
			continue
		}
		// A mistake in a definition does not take away the model that is there.
		named[strings.TrimSpace(d.Name)] = true
	}
	models, err := t.store.Models(ctx)
	if err != nil {
		return problems, err
	}
	for _, m := range models {
		var d model.Definition
		if json.Unmarshal(m.Definition, &d) != nil || !d.Provisioned || named[m.Name] {
			continue
		}
		d.Provisioned, d.Paused = false, true
		e := store.Entry{Who: provisioning, Action: "model.unlisted", Model: m.Name, Note: "no longer in the data source's settings: paused, and open to changes by administrators"}
		if err := t.change(ctx, m, d, e); err != nil {
			return problems, err
		}
	}
	return problems, nil
}

// provision brings one model in line with its listed definition.
func (t *Trainer) provision(ctx context.Context, c *model.Compiled) error {
	d := c.Definition
	m, err := t.store.Model(ctx, d.Name)
	if errors.Is(err, store.ErrNotFound) {
		raw, err := json.Marshal(d)
		if err != nil {
			return err
		}
		err = t.store.CreateModel(ctx, &store.Model{Name: d.Name, Definition: raw, CreatedBy: provisioning}, store.Entry{Who: provisioning, Action: "model.create", Model: d.Name})
		if err != nil && !errors.Is(err, store.ErrExists) {
			return err
		}
		return t.first(ctx, d, false)
	}
	if err != nil {
		return err
	}
	var before model.Definition
	if err := json.Unmarshal(m.Definition, &before); err != nil {
		return fmt.Errorf("model %q: its definition cannot be read: %w", d.Name, err)
	}
	changes := model.Changes(before, d)
	if len(changes) > 0 {
		values := map[string]any{}
		for _, ch := range changes {
			values[ch.Field] = ch.After
		}
		if err := t.change(ctx, *m, d, store.Entry{Who: provisioning, Action: "model.change", Model: d.Name, Values: values}); err != nil {
			return err
		}
	}
	if m.Latest > 0 {
		return nil
	}
	return t.first(ctx, d, len(changes) > 0)
}

// first trains a model that never was: once, and again where its definition has changed or the training failed.
func (t *Trainer) first(ctx context.Context, d model.Definition, changed bool) error {
	jobs, err := t.store.Jobs(ctx, d.Name, 1)
	if err != nil || d.Paused || len(jobs) > 0 && jobs[0].State != store.Failed && !changed {
		return err
	}
	return t.queue(ctx, d.Name, ByProvisions, "it is new in the data source's settings")
}

func (t *Trainer) change(ctx context.Context, m store.Model, d model.Definition, e store.Entry) error {
	raw, err := json.Marshal(d)
	if err != nil {
		return err
	}
	m.Definition, m.UpdatedBy = raw, provisioning
	if err := t.store.ChangeModel(ctx, &m, e); err != nil && !errors.Is(err, store.ErrConflict) {
		return err
	}
	return nil // another replica with the same settings was faster
}

// KeepReconciled reconciles as soon as the store works, and tells what came of it.
func (t *Trainer) KeepReconciled(listed []Listed, report func(problems []string, err error)) {
	ctx := t.ctx
	t.done.Go(func() {
		for {
			problems, err := t.Reconcile(ctx, listed)
			report(problems, err)
			if err == nil || ctx.Err() != nil {
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-time.After(5 * t.opt.Poll):
			}
		}
	})
}
