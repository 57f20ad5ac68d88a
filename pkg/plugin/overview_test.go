package plugin

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/plugin/api"
)

func TestTheOverviewTellsTheStateOfModelsAndWarnings(t *testing.T) {
	i := served(t, nil)
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
	require.Equal(t, "sqlite", o.Store.Kind)
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
