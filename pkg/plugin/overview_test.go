package plugin

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
	"github.com/forewarn/earlywarning/pkg/store"
	"github.com/forewarn/earlywarning/tests/mariaserver"
	"github.com/forewarn/earlywarning/tests/outage"
)

func TestTheOverviewTellsTheStateOfModelsAndWarnings(t *testing.T) {
	inBoth(t, func(t *testing.T, i *Instance) {
		d := forecastOf("cpu", "a")
		d.RetrainEvery = "24h"
		trained(t, i, d)
		require.Equal(t, 201, as(t, i, "anna", "Editor", "POST", "models", api.CreateModel{Definition: forecastOf("new", "a")}, nil))
		for k := range 3 {
			warning := api.Warning{State: "raised", Key: fmt.Sprint("k", k), Rule: "disk", Model: "cpu", Version: 1, Labels: map[string]string{"host": fmt.Sprint("h", k)}}
			require.Equal(t, 200, as(t, i, "anna", "Editor", "POST", "warnings", warning, nil))
		}
		require.Equal(t, 200, as(t, i, "anna", "Editor", "POST", "warnings", api.Warning{State: "resolved", Key: "k1", Rule: "disk"}, nil))
		old := time.Now().Add(-48 * time.Hour)
		require.Equal(t, 200, as(t, i, "anna", "Editor", "POST", "warnings", api.Warning{State: "raised", Key: "old", Rule: "disk", At: &old}, nil))

		var o api.Overview
		require.Equal(t, 200, as(t, i, "eve", "Viewer", "GET", "overview", nil, &o))
		require.Equal(t, []int{2, 1, 0}, []int{o.Models.Total, o.Models.Answering, o.Models.Drifted})
		require.Equal(t, map[string]int{"ready": 1, "training": 0, "failed": 0, "stale": 0, "paused": 0, "empty": 1}, o.Models.States)
		require.NotNil(t, o.Models.OldestTraining)
		require.WithinDuration(t, time.Now().Add(24*time.Hour), *o.Models.NextTraining, time.Minute)
		require.Equal(t, 3, o.Open)
		require.Len(t, o.Warnings, 3)
		require.Equal(t, []string{"", "h2", "h0"}, []string{o.Warnings[0].Labels["host"], o.Warnings[1].Labels["host"], o.Warnings[2].Labels["host"]}, "the newest line first")
		require.Equal(t, []any{"cpu", 1, "disk"}, []any{o.Warnings[1].Model, o.Warnings[1].Version, o.Warnings[1].Values["rule"]})
		require.Equal(t, 3, o.Raised24h, "that of two days ago stands still, and was not raised today")
		require.Equal(t, []any{string(i.db.Kind()), true, ""}, []any{o.Store.Kind, o.Store.OK, o.Store.Message})
	})
}

func TestAnEmptyOverviewHasNoNulls(t *testing.T) {
	i := served(t, nil)
	status, raw := sendAs(t, i, "eve", "Viewer", "GET", "overview", nil)
	require.Equal(t, 200, status)
	require.Contains(t, string(raw), `"warnings":[]`)
	require.Contains(t, string(raw), `"problems":[]`)
	require.Contains(t, string(raw), `"oldestTraining":null,"nextTraining":null`)
}

func TestFleetsAreCountedWithoutDrafts(t *testing.T) {
	early, late := time.Unix(1, 0), time.Unix(2, 0)
	got := fleetOf([]api.Model{
		{State: api.StateReady, Live: 1, TrainedAt: &late, NextTraining: &late}, {State: api.StateStale, Live: 2, Drift: p(1.5), TrainedAt: &early, NextTraining: &late},
		{State: api.StateFailed, TrainedAt: nil, NextTraining: &early}, {State: api.StateReady, Live: 1, Definition: api.Definition{Draft: true}},
	})
	require.Equal(t, []int{3, 2, 1}, []int{got.Total, got.Answering, got.Drifted})
	require.Equal(t, []int{1, 1, 1, 0}, []int{got.States["ready"], got.States["stale"], got.States["failed"], got.States["training"]})
	require.Equal(t, []*time.Time{&early, &early}, []*time.Time{got.OldestTraining, got.NextTraining})
}

// asking is a store that counts how often it is asked for something.
type asking struct {
	store.Store
	times int
}

func (a *asking) Models(ctx context.Context) ([]store.Model, error) {
	a.times++
	return a.Store.Models(ctx)
}
func (a *asking) Model(ctx context.Context, name string) (*store.Model, error) {
	a.times++
	return a.Store.Model(ctx, name)
}
func (a *asking) Versions(ctx context.Context, name string) ([]store.Version, error) {
	a.times++
	return a.Store.Versions(ctx, name)
}
func (a *asking) Version(ctx context.Context, name string, number int) (*store.Version, error) {
	a.times++
	return a.Store.Version(ctx, name, number)
}
func (a *asking) LiveVersions(ctx context.Context) (map[string]store.Version, error) {
	a.times++
	return a.Store.LiveVersions(ctx)
}
func (a *asking) NewestJobs(ctx context.Context) (map[string]store.Job, error) {
	a.times++
	return a.Store.NewestJobs(ctx)
}
func (a *asking) Jobs(ctx context.Context, model string, limit int) ([]store.Job, error) {
	a.times++
	return a.Store.Jobs(ctx, model, limit)
}
func (a *asking) OpenWarnings(ctx context.Context) ([]store.OpenWarning, error) {
	a.times++
	return a.Store.OpenWarnings(ctx)
}
func (a *asking) Audit(ctx context.Context, f store.AuditFilter) ([]store.Entry, bool, error) {
	a.times++
	return a.Store.Audit(ctx, f)
}
func (a *asking) CountAudit(ctx context.Context, f store.AuditFilter) (int, error) {
	a.times++
	return a.Store.CountAudit(ctx, f)
}
func (a *asking) ExportAudit(ctx context.Context, f store.AuditFilter, each func(store.Entry) error) error {
	a.times++
	return a.Store.ExportAudit(ctx, f, each)
}

// crowd fills a store: copies of a trained model, each with so many versions, which are as many lines of the trail, and open warnings.
func crowd(t testing.TB, i *Instance, models, versions, warnings int) {
	t.Helper()
	trained(t, i, forecastOf("first", "a"))
	v, err := i.store.Version(t.Context(), "first", 0)
	require.NoError(t, err)
	for k := range models - 1 {
		m := &store.Model{Name: fmt.Sprint("m", k), CreatedBy: "anna"}
		m.Definition, err = json.Marshal(forecastOf(m.Name, "a"))
		require.NoError(t, err)
		copies := make([]*store.Version, versions)
		for n := range copies {
			one := *v
			copies[n] = &one
		}
		require.NoError(t, i.store.ImportModel(t.Context(), m, copies, versions-1, store.Entry{Who: "anna", Action: "model.import", Model: m.Name}))
	}
	for k := range warnings {
		_, _, err := i.store.RecordWarning(t.Context(), store.Warning{Raised: true, Key: fmt.Sprint("k", k), Entry: store.Entry{Who: "alerting", Model: "first", Labels: map[string]string{"host": fmt.Sprint(k)}}})
		require.NoError(t, err)
	}
}

func TestTheOverviewAsksTheStoreEquallyOftenHoweverMuchIsInIt(t *testing.T) {
	inBoth(t, func(t *testing.T, i *Instance) {
		inner := i.store
		times := func() int {
			a := &asking{Store: inner}
			i.store = a
			defer func() { i.store = inner }()
			require.Equal(t, 200, as(t, i, "eve", "Viewer", "GET", "overview", nil, nil))
			return a.times
		}
		empty := times()
		crowd(t, i, 12, 3, 9)
		require.Equal(t, empty, times())
	})
}

func TestTheOverviewListsTheNewestOfManyWarningsAndCountsAll(t *testing.T) {
	inBoth(t, func(t *testing.T, i *Instance) {
		crowd(t, i, 1, 1, mostOpen+5)
		var o api.Overview
		require.Equal(t, 200, as(t, i, "eve", "Viewer", "GET", "overview", nil, &o))
		require.Equal(t, []int{mostOpen + 5, mostOpen, mostOpen + 5}, []int{o.Open, len(o.Warnings), o.Raised24h})
		require.Equal(t, fmt.Sprint(mostOpen+4), o.Warnings[0].Labels["host"])
		require.Equal(t, "5", o.Warnings[mostOpen-1].Labels["host"])
	})
}

func TestAnOverviewOfAStoreThatIsAwaySaysWhatIsWrong(t *testing.T) {
	mariaserver.Need(t, maria)
	proxy, err := outage.New(maria.Address)
	require.NoError(t, err)
	i := servedFrom(t, proxy.Address)
	proxy.Down()
	status, raw := sendAs(t, i, "eve", "Viewer", "GET", "overview", nil)
	require.Equal(t, 503, status)
	require.Contains(t, string(raw), "cannot be reached; it is tried again with the next request")
	require.NoError(t, proxy.Up())
	require.Equal(t, 200, as(t, i, "eve", "Viewer", "GET", "overview", nil, nil))
	proxy.Down()
}

// BenchmarkOverview asks for the overview of 500 models with 10,000 lines in the trail and 200 open warnings.
func BenchmarkOverview(b *testing.B) {
	run := func(b *testing.B, i *Instance) {
		crowd(b, i, 500, 19, 200)
		for b.Loop() {
			require.Equal(b, 200, as(b, i, "eve", "Viewer", "GET", "overview", nil, nil))
		}
	}
	b.Run("sqlite", func(b *testing.B) { run(b, served(b, nil)) })
	b.Run("mysql", func(b *testing.B) {
		mariaserver.Need(b, maria)
		run(b, servedFrom(b, maria.Address))
	})
}
