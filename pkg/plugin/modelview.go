package plugin

import (
	"encoding/json"
	"time"

	"github.com/forewarn/earlywarning/pkg/model"
	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/pkg/train"
)

// late is how long a scheduled training may be overdue before the model is shown as stale.
const late = 10 * time.Minute

// view puts together what is known of a model. live and job are nil where there are none; job is the newest one.
func (i *Instance) view(m *store.Model, live *store.Version, job *store.Job) (api.Model, error) {
	out := api.Model{Live: m.Live, Latest: m.Latest, Created: m.Created, CreatedBy: m.CreatedBy, Updated: m.Updated, UpdatedBy: m.UpdatedBy, Pending: []api.Change{}}
	if err := json.Unmarshal(m.Definition, &out.Definition); err != nil {
		return out, err
	}
	if live != nil {
		s, err := train.Summary(live)
		if err != nil {
			return out, err
		}
		out.TrainedAt, out.Series, out.Points, out.Bytes, out.Error, out.Coverage = &live.TrainedAt, s.Series, s.Points, live.Bytes, s.Error, s.Coverage
		out.Drift = &m.Drift
		var trained api.Definition
		if err := json.Unmarshal(live.Definition, &trained); err != nil {
			return out, err
		}
		for _, c := range model.Changes(trained, out.Definition) {
			if model.Matters(c) {
				out.Pending = append(out.Pending, c)
			}
		}
	}
	if c, err := model.Compile(out.Definition, i.defaults); err == nil {
		out.NextTraining = when(train.Next(m, c, job))
	}
	out.State = stateOf(&out, job)
	if job != nil && (job.State == store.Queued || job.State == store.Running || out.State == api.StateFailed) {
		j := jobOf(job)
		out.Job = &j
	}
	return out, nil
}

func stateOf(m *api.Model, job *store.Job) string {
	switch {
	case job != nil && (job.State == store.Queued || job.State == store.Running):
		return api.StateTraining
	case job != nil && job.State == store.Failed:
		return api.StateFailed
	case m.Live == 0:
		return api.StateEmpty
	case m.Definition.Paused:
		return api.StatePaused
	case len(m.Pending) > 0, m.NextTraining != nil && time.Since(*m.NextTraining) > late, m.Drift != nil && *m.Drift >= 1:
		return api.StateStale
	default:
		return api.StateReady
	}
}

func jobOf(j *store.Job) api.Job {
	return api.Job{ID: j.ID, Model: j.Model, Version: j.Version, State: string(j.State), Attempt: j.Attempt, Created: j.Created, Started: when(j.Started), Finished: when(j.Finished),
		Progress: api.Progress(j.Progress), Error: j.Error, By: j.By, Reason: j.Reason}
}

// when is null for a time that is not known.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func versionOf(v *store.Version, before *store.Version, live int) (api.Version, error) {
	s, err := train.Summary(v)
	if err != nil {
		return api.Version{}, err
	}
	out := api.Version{Number: v.Number, TrainedAt: v.TrainedAt, TrainedBy: v.TrainedBy, From: v.From, To: v.To, Points: s.Points, Series: s.Series, Bytes: v.Bytes, Error: s.Error, Coverage: s.Coverage,
		Changes: []api.Change{}, Live: v.Number == live}
	if before == nil {
		return out, nil
	}
	var was, is api.Definition
	if err := json.Unmarshal(before.Definition, &was); err != nil {
		return out, err
	}
	if err := json.Unmarshal(v.Definition, &is); err != nil {
		return out, err
	}
	out.Changes = model.Changes(was, is)
	return out, nil
}
