package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
)

// history reads a model and its versions, newest first.
func (i *Instance) history(ctx context.Context, name string) (*store.Model, []store.Version, error) {
	m, err := i.store.Model(ctx, name)
	if err != nil {
		return nil, nil, err
	}
	versions, err := i.store.Versions(ctx, name)
	return m, versions, err
}

// older gives the newest version below a number of those that history gives; nil where there is none.
func older(versions []store.Version, number int) *store.Version {
	for k := range versions {
		if versions[k].Number < number {
			return &versions[k]
		}
	}
	return nil
}

// listVersions answers GET models/{name}/versions.
func (i *Instance) listVersions(w http.ResponseWriter, r *http.Request) error {
	m, versions, err := i.history(r.Context(), r.PathValue("name"))
	if err != nil {
		return err
	}
	out := api.Versions{Versions: make([]api.Version, len(versions))}
	for k := range versions {
		if out.Versions[k], err = versionOf(&versions[k], older(versions[k:], versions[k].Number), m.Live); err != nil {
			return err
		}
	}
	reply(w, http.StatusOK, out)
	return nil
}

// getVersion answers GET models/{name}/versions/{number}.
func (i *Instance) getVersion(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	number, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || number < 1 {
		return badField("number", r.PathValue("number"), "the number of a version")
	}
	m, versions, err := i.history(r.Context(), name)
	if err != nil {
		return err
	}
	v, err := i.store.Version(r.Context(), name, number)
	if err != nil {
		return err
	}
	out, err := detail(v, older(versions, number), m.Live)
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, out)
	return nil
}

func detail(v, before *store.Version, live int) (out api.VersionDetail, err error) {
	if out.Version, err = versionOf(v, before, live); err != nil {
		return out, err
	}
	if err := json.Unmarshal(v.Definition, &out.Definition); err != nil {
		return out, err
	}
	out.Results, err = model.DecodeResults(v.Results)
	return out, err
}

// trainModel answers POST models/{name}/train.
func (i *Instance) trainModel(w http.ResponseWriter, r *http.Request) error {
	job, err := i.enqueue(r, r.PathValue("name"))
	if err != nil {
		return err
	}
	reply(w, http.StatusAccepted, job)
	return nil
}

// promote answers POST models/{name}/promote.
func (i *Instance) promote(w http.ResponseWriter, r *http.Request) error {
	var body api.Promote
	if err := read(w, r, &body); err != nil {
		return err
	}
	if body.Version < 1 {
		return badField("version", body.Version, "the number of a version")
	}
	return i.setLive(w, r, "version.promote", func(*store.Model) (int, error) { return body.Version, nil })
}

// rollback answers POST models/{name}/rollback: the version before the live one answers queries.
func (i *Instance) rollback(w http.ResponseWriter, r *http.Request) error {
	return i.setLive(w, r, "version.rollback", func(m *store.Model) (int, error) {
		versions, err := i.store.Versions(r.Context(), m.Name)
		if err != nil {
			return 0, err
		}
		if v := older(versions, m.Live); v != nil {
			return v.Number, nil
		}
		return 0, fmt.Errorf("version before %d of model %q: %w", m.Live, m.Name, store.ErrConflict)
	})
}

func (i *Instance) setLive(w http.ResponseWriter, r *http.Request, action string, pick func(*store.Model) (int, error)) error {
	name := r.PathValue("name")
	m, err := i.store.Model(r.Context(), name)
	if err != nil {
		return err
	}
	number, err := pick(m)
	if err != nil {
		return err
	}
	line := store.Entry{Who: who(r), Action: action, Model: name, Version: number, Values: map[string]any{"from": m.Live}}
	if err := i.store.SetLive(r.Context(), name, number, line); err != nil {
		return err
	}
	i.trainer.Forget(name)
	return i.replyModel(w, r, http.StatusOK, name)
}

// pause answers POST models/{name}/pause: whether the schedule and drift train it.
func (i *Instance) pause(w http.ResponseWriter, r *http.Request) error {
	var body api.Pause
	if err := read(w, r, &body); err != nil {
		return err
	}
	if body.Paused == nil {
		return badField("paused", "missing", "true or false")
	}
	m, seen, err := i.own(r, r.PathValue("name"))
	if err != nil {
		return err
	}
	d, action := seen.Definition, "model.resume"
	if d.Paused = *body.Paused; d.Paused {
		action = "model.pause"
	}
	if m.Definition, err = json.Marshal(d); err != nil {
		return err
	}
	m.UpdatedBy = who(r)
	if err := i.store.ChangeModel(r.Context(), m, store.Entry{Who: who(r), Action: action, Model: m.Name}); err != nil {
		return err
	}
	return i.replyModel(w, r, http.StatusOK, m.Name)
}
