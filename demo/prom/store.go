package prom

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/prometheus/prometheus/tsdb"

	"github.com/forewarn/earlywarning/demo/world"
)

// freshFor is how old the world of a folder may be to be used again: its incidents "of the last hours" must still be that.
const freshFor = 2 * time.Hour

// worldVersion changes when the world gives other values, so that an old folder is not continued with a break.
const worldVersion = 1

const markerName = "demo.json"

// marker tells what is in a folder. It is written last, so that a folder that was left half filled has none.
type marker struct {
	Version int       `json:"version"`
	Seed    uint64    `json:"seed"`
	Anchor  time.Time `json:"anchor"`
}

// Anchor gives the anchor of the world that a folder already holds when that is fresh enough at now, else now.
func Anchor(dir string, now time.Time, seed uint64) time.Time {
	m, err := readMarker(dir)
	if err != nil || m.Version != worldVersion || m.Seed != seed || m.Anchor.After(now) || now.Sub(m.Anchor) > freshFor {
		return now.UTC().Truncate(world.Step)
	}
	return m.Anchor
}

func readMarker(dir string) (marker, error) {
	var m marker
	raw, err := os.ReadFile(filepath.Join(dir, markerName))
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(raw, &m)
}

// open opens the folder's database, and fills it with history first unless it holds this very world.
func open(ctx context.Context, log *slog.Logger, dir string, w *world.World, seed uint64, progress func(done float64)) (*tsdb.DB, error) {
	want := marker{Version: worldVersion, Seed: seed, Anchor: w.Anchor()}
	data := filepath.Join(dir, "tsdb")
	if has, err := readMarker(dir); err != nil || !has.Anchor.Equal(want.Anchor) || has.Version != want.Version || has.Seed != want.Seed {
		if err := os.Remove(filepath.Join(dir, markerName)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("demo folder: %w", err)
		}
		if err := os.RemoveAll(data); err != nil {
			return nil, fmt.Errorf("demo folder: %w", err)
		}
		if err := os.MkdirAll(data, 0o755); err != nil {
			return nil, fmt.Errorf("demo folder: %w", err)
		}
		// What is younger belongs into the head block, which the database itself makes.
		end := w.Anchor().Truncate(2 * time.Hour)
		if err := backfill(ctx, log, data, w.Walk(), end, progress); err != nil {
			return nil, fmt.Errorf("history: %w", err)
		}
		raw, err := json.Marshal(want)
		if err != nil {
			return nil, fmt.Errorf("demo folder: %w", err)
		}
		if err := os.WriteFile(filepath.Join(dir, markerName), raw, 0o644); err != nil {
			return nil, fmt.Errorf("demo folder: %w", err)
		}
	}
	options := tsdb.DefaultOptions()
	options.RetentionDuration = (world.History + 14*24*time.Hour).Milliseconds()
	db, err := tsdb.Open(data, log, nil, options, nil)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", data, err)
	}
	return db, nil
}
