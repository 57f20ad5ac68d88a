package plugin

import (
	"context"
	"net/http"
	"time"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
)

// mostOpen bounds the warnings that an overview lists.
const mostOpen = 50

// overview answers GET overview: the data source's state at a glance, in one request.
func (i *Instance) overview(w http.ResponseWriter, r *http.Request) error {
	all, err := i.all(r.Context())
	if err != nil {
		return err
	}
	out := api.Overview{Models: fleetOf(all.Models), Store: all.Store, Problems: all.Problems}
	if out.Warnings, out.Open, err = i.openWarnings(r.Context()); err != nil {
		return err
	}
	day := store.AuditFilter{Kind: store.WarningRaised, From: time.Now().Add(-24 * time.Hour)}
	if out.Raised24h, err = i.store.CountAudit(r.Context(), day); err != nil {
		return err
	}
	reply(w, http.StatusOK, out)
	return nil
}

// openWarnings gives the newest of those that are raised and not resolved, and how many there are, of which lines as old as the trail goes
// back.
func (i *Instance) openWarnings(ctx context.Context) ([]api.Entry, int, error) {
	open, err := i.store.OpenWarnings(ctx)
	if err != nil {
		return nil, 0, err
	}
	lines, _, err := i.store.Audit(ctx, store.AuditFilter{Open: true, Limit: mostOpen})
	return entriesOf(lines), len(open), err
}

// fleetOf counts models by state. Drafts are nobody's yet.
func fleetOf(models []api.Model) api.Fleet {
	out := api.Fleet{States: map[string]int{api.StateReady: 0, api.StateTraining: 0, api.StateFailed: 0, api.StateStale: 0, api.StatePaused: 0, api.StateEmpty: 0}}
	for _, m := range models {
		if m.Definition.Draft {
			continue
		}
		out.Total++
		out.States[m.State]++
		if m.Live > 0 {
			out.Answering++
		}
		if m.Drift != nil && *m.Drift >= 1 {
			out.Drifted++
		}
		out.OldestTraining = earlier(out.OldestTraining, m.TrainedAt)
		out.NextTraining = earlier(out.NextTraining, m.NextTraining)
	}
	return out
}

// earlier gives the earlier of two times, null being none.
func earlier(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.Before(*a) {
		return b
	}
	return a
}
