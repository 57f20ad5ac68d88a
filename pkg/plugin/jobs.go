package plugin

import (
	"errors"
	"net/http"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
)

func (i *Instance) jobRoutes() []route {
	return []route{
		{"POST /jobs", editor, i.trainDraft},
		{"GET /jobs", viewer, i.listJobs},
		{"GET /jobs/{id}", viewer, i.getJob},
		{"POST /jobs/{id}/cancel", editor, i.cancelJob},
	}
}

// trainDraft answers POST jobs: it trains a definition without saving it as a model that counts.
func (i *Instance) trainDraft(w http.ResponseWriter, r *http.Request) error {
	var body api.TrainDraft
	if err := read(w, r, &body); err != nil {
		return err
	}
	c, raw, err := i.compile(body.Definition, true)
	if err != nil {
		return err
	}
	name := c.Definition.Name
	stop := func(seen api.Model) error {
		if seen.Job == nil {
			return nil
		}
		_, err := i.store.Cancel(r.Context(), seen.Job.ID, store.Entry{Who: who(r), Action: "job.cancel", Model: name}) // of the definition as it was
		if errors.Is(err, store.ErrConflict) {
			return nil
		}
		return err
	}
	if err := i.put(r, name, raw, "model.draft", stop); err != nil {
		return err
	}
	job, err := i.enqueue(r, name)
	if err != nil {
		return err
	}
	reply(w, http.StatusAccepted, job)
	return nil
}

// listJobs answers GET jobs?model=.
func (i *Instance) listJobs(w http.ResponseWriter, r *http.Request) error {
	jobs, err := i.store.Jobs(r.Context(), r.URL.Query().Get("model"), 100)
	if err != nil {
		return err
	}
	out := api.Jobs{Jobs: make([]api.Job, len(jobs))}
	for k := range jobs {
		out.Jobs[k] = jobOf(&jobs[k])
	}
	reply(w, http.StatusOK, out)
	return nil
}

func (i *Instance) getJob(w http.ResponseWriter, r *http.Request) error {
	j, err := i.store.Job(r.Context(), r.PathValue("id"))
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, jobOf(j))
	return nil
}

// cancelJob answers POST jobs/{id}/cancel. A running job stops within a few seconds.
func (i *Instance) cancelJob(w http.ResponseWriter, r *http.Request) error {
	j, err := i.store.Job(r.Context(), r.PathValue("id"))
	if err == nil {
		j, err = i.store.Cancel(r.Context(), j.ID, store.Entry{Who: who(r), Action: "job.cancel", Model: j.Model})
	}
	if err != nil {
		return err
	}
	reply(w, http.StatusOK, jobOf(j))
	return nil
}
