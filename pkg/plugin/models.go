package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/grafana/grafana-plugin-sdk-go/backend"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/train"
)

// modelRoutes are those of models and their versions.
func (i *Instance) modelRoutes() []route {
	return []route{
		{"GET /models", viewer, i.listModels},
		{"POST /models", editor, i.createModel},
		{"POST /models/import", editor, i.importModel},
		{"GET /models/{name}", viewer, i.getModel},
		{"PUT /models/{name}", editor, i.changeModel},
		{"DELETE /models/{name}", editor, i.deleteModel},
		{"POST /models/{name}/train", editor, i.trainModel},
		{"POST /models/{name}/promote", editor, i.promote},
		{"POST /models/{name}/rollback", editor, i.rollback},
		{"POST /models/{name}/pause", editor, i.pause},
		{"GET /models/{name}/versions", viewer, i.listVersions},
		{"GET /models/{name}/versions/{number}", viewer, i.getVersion},
		{"GET /models/{name}/export", editor, i.exportModel},
	}
}

// listModels answers GET models.
func (i *Instance) listModels(w http.ResponseWriter, r *http.Request) error {
	out, err := i.all(r.Context())
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, out)
	return nil
}

// all reads every model as it is shown.
func (i *Instance) all(ctx context.Context) (out api.Models, err error) {
	models, err := i.store.Models(ctx)
	if err != nil {
		return out, err
	}
	live, err := i.store.LiveVersions(ctx)
	if err != nil {
		return out, err
	}
	jobs, err := i.store.NewestJobs(ctx)
	if err != nil {
		return out, err
	}
	out = api.Models{Models: []api.Model{}, Store: i.storeState(ctx), Problems: i.provisioningProblems()}
	for k := range models {
		var v *store.Version
		if found, ok := live[models[k].Name]; ok {
			v = &found
		}
		var job *store.Job
		if found, ok := jobs[models[k].Name]; ok {
			job = &found
		}
		one, err := i.view(&models[k], v, job)
		if err != nil {
			out.Problems = append(out.Problems, fmt.Sprintf("model %q cannot be read: %s", models[k].Name, err))
			continue
		}
		out.Models = append(out.Models, one)
	}
	return out, nil
}

// look reads a model as it is shown.
func (i *Instance) look(ctx context.Context, name string) (*store.Model, api.Model, error) {
	m, err := i.store.Model(ctx, name)
	if err != nil {
		return nil, api.Model{}, err
	}
	var live *store.Version
	if m.Live > 0 {
		versions, err := i.store.Versions(ctx, name)
		if err != nil {
			return nil, api.Model{}, err
		}
		for k := range versions {
			if versions[k].Number == m.Live {
				live = &versions[k]
			}
		}
	}
	jobs, err := i.store.Jobs(ctx, name, 1)
	if err != nil {
		return nil, api.Model{}, err
	}
	var job *store.Job
	if len(jobs) > 0 {
		job = &jobs[0]
	}
	out, err := i.view(m, live, job)
	return m, out, err
}

// own is look for a model that the user may change or delete: one of his own, or any for an administrator, but none that is provisioned.
func (i *Instance) own(r *http.Request, name string) (*store.Model, api.Model, error) {
	m, seen, err := i.look(r.Context(), name)
	switch {
	case err != nil:
	case seen.Definition.Provisioned:
		err = errReadOnly
	case !owns(r, m):
		err = fmt.Errorf("%w: the model %q is %s's; they or an administrator may change or delete it: save yours under another name", errForbidden, name, m.CreatedBy)
	}
	return m, seen, err
}

// owns tells whether a model is the user's to change. Whoever has no login owns nothing.
func owns(r *http.Request, m *store.Model) bool {
	u := backend.UserFromContext(r.Context())
	return u != nil && (u.Role == admin || u.Login != "" && u.Login == m.CreatedBy)
}

func (i *Instance) getModel(w http.ResponseWriter, r *http.Request) error {
	return i.replyModel(w, r, http.StatusOK, r.PathValue("name"))
}

func (i *Instance) replyModel(w http.ResponseWriter, r *http.Request, status int, name string) error {
	_, out, err := i.look(r.Context(), name)
	if err != nil {
		return err
	}
	reply(w, status, out)
	return nil
}

// compile checks a definition that a user sends; flags that are not the user's are put right.
func (i *Instance) compile(d api.Definition, draft bool) (*model.Compiled, []byte, error) {
	d.Provisioned, d.Draft = false, draft
	c, err := model.Compile(d, i.defaults)
	if err != nil {
		return nil, nil, err
	}
	raw, err := json.Marshal(c.Definition)
	return c, raw, err
}

// createModel answers POST models. Saving the name of a draft keeps what was trained for it.
func (i *Instance) createModel(w http.ResponseWriter, r *http.Request) error {
	var body api.CreateModel
	if err := read(w, r, &body); err != nil {
		return err
	}
	c, raw, err := i.compile(body.Definition, false)
	if err != nil {
		return err
	}
	ctx, name := r.Context(), c.Definition.Name
	if err := i.put(r, name, raw, "model.create", nil); err != nil {
		return err
	}
	out := api.CreatedModel{}
	if _, out.Model, err = i.look(ctx, name); err != nil {
		return err
	}
	if body.Train && (out.Model.Live == 0 || len(out.Model.Pending) > 0) {
		job, err := i.enqueue(r, name)
		if err != nil {
			return err
		}
		out.Job = job
		if _, out.Model, err = i.look(ctx, name); err != nil {
			return err
		}
	}
	reply(w, http.StatusCreated, out)
	return nil
}

// put writes a definition under a name that is free, or over the user's own draft of that name, for which first, if any, is called before.
func (i *Instance) put(r *http.Request, name string, definition []byte, action string, first func(draft api.Model) error) error {
	ctx, line := r.Context(), store.Entry{Who: who(r), Action: action, Model: name}
	m, seen, err := i.look(ctx, name)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return i.store.CreateModel(ctx, &store.Model{Name: name, Definition: definition, CreatedBy: who(r)}, line)
	case err != nil:
		return err
	case !(seen.Definition.Draft && owns(r, m)):
		return taken(m, seen)
	}
	if first != nil {
		if err := first(seen); err != nil {
			return err
		}
	}
	m.Definition, m.UpdatedBy = definition, who(r)
	return i.store.ChangeModel(ctx, m, line)
}

// taken says whose the name is.
func taken(m *store.Model, seen api.Model) error {
	what := "train it from its page, or give yours another name"
	if seen.Definition.Draft {
		what = fmt.Sprintf("as a draft of %s's: give yours another name", m.CreatedBy)
	}
	return fmt.Errorf("model %q: %w: %s", m.Name, store.ErrExists, what)
}

// changeModel answers PUT models/{name}.
func (i *Instance) changeModel(w http.ResponseWriter, r *http.Request) error {
	var body api.ChangeModel
	if err := read(w, r, &body); err != nil {
		return err
	}
	ctx := r.Context()
	m, seen, err := i.own(r, r.PathValue("name"))
	if err != nil {
		return err
	}
	c, raw, err := i.compile(body.Definition, false)
	if err != nil {
		return err
	}
	values := map[string]any{}
	for _, ch := range model.Changes(seen.Definition, c.Definition) {
		values[ch.Field] = ch.After
	}
	m.Name, m.Definition, m.UpdatedBy = c.Definition.Name, raw, who(r)
	if err := i.store.ChangeModel(ctx, m, store.Entry{Who: who(r), Action: "model.change", Model: r.PathValue("name"), Values: values}); err != nil {
		return err
	}
	i.trainer.Forget(r.PathValue("name"))
	return i.replyModel(w, r, http.StatusOK, c.Definition.Name)
}

// deleteModel answers DELETE models/{name}.
func (i *Instance) deleteModel(w http.ResponseWriter, r *http.Request) error {
	name := r.PathValue("name")
	m, _, err := i.own(r, name)
	if err != nil {
		return err
	}
	if err := i.store.DeleteModel(r.Context(), m, store.Entry{Who: who(r), Action: "model.delete", Model: name, Version: m.Live}); err != nil {
		return err
	}
	i.trainer.Forget(name)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// enqueue queues a training for a user.
func (i *Instance) enqueue(r *http.Request, name string) (*api.Job, error) {
	j, added, err := i.store.Enqueue(r.Context(), name, who(r), train.ByUser, store.Entry{Who: who(r), Action: "model.train", Model: name})
	if err != nil {
		return nil, err
	}
	if added {
		i.trainer.Wake()
	}
	out := jobOf(j)
	return &out, nil
}
