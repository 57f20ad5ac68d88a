package prom

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"
	"golang.org/x/sync/errgroup"

	"github.com/forewarn/earlywarning/demo/world"
)

const (
	blockSpan   = 2 * 24 * time.Hour // of the blocks that the history is written in
	writers     = 2
	commitEvery = 50_000 // samples
)

// slab is what all series did in one block's time, column by column.
type slab struct {
	times  []int64 // ms
	values [][]float64
}

// backfill writes blocks with the walker's samples from where it stands to before end, by several writers at once: making samples
// is fast, compressing them is not.
func backfill(ctx context.Context, log *slog.Logger, dir string, k *world.Walker, end time.Time, progress func(done float64)) error {
	sets := labelSets(k.Series())
	start, work := k.Time(), make(chan slab)
	group, ctx := errgroup.WithContext(ctx)
	for range writers {
		group.Go(func() error {
			for s := range work {
				if err := writeBlock(ctx, log, dir, sets, s); err != nil {
					return err
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer close(work)
		for k.Time().Before(end) {
			until := k.Time().Truncate(blockSpan).Add(blockSpan)
			if until.After(end) {
				until = end
			}
			select {
			case work <- cut(k, until):
				progress(float64(k.Time().Sub(start)) / float64(end.Sub(start)))
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return group.Wait()
}

func cut(k *world.Walker, end time.Time) slab {
	n := int(end.Sub(k.Time()) / world.Step)
	s := slab{times: make([]int64, 0, n), values: make([][]float64, len(k.Series()))}
	for i := range s.values {
		s.values[i] = make([]float64, 0, n)
	}
	for ; k.Time().Before(end); k.Next() {
		s.times = append(s.times, k.Time().UnixMilli())
		for i, v := range k.Values() {
			s.values[i] = append(s.values[i], v)
		}
	}
	return s
}

func writeBlock(ctx context.Context, log *slog.Logger, dir string, sets []labels.Labels, s slab) error {
	// A head takes samples that are up to half its range old: series after series needs twice the span.
	w, err := tsdb.NewBlockWriter(log, dir, 2*blockSpan.Milliseconds())
	if err != nil {
		return fmt.Errorf("block writer: %w", err)
	}
	defer func() { _ = w.Close() }()
	app, pending := w.Appender(ctx), 0
	for i, set := range sets {
		var ref storage.SeriesRef
		for j, v := range s.values[i] {
			if math.IsNaN(v) {
				continue
			}
			if ref, err = app.Append(ref, set, s.times[j], v); err != nil {
				_ = app.Rollback()
				return fmt.Errorf("append to %s: %w", set, err)
			}
			pending++
		}
		if pending >= commitEvery {
			if err := app.Commit(); err != nil {
				return fmt.Errorf("commit: %w", err)
			}
			app, pending = w.Appender(ctx), 0
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	if err := app.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	if _, err := w.Flush(ctx); err != nil {
		return fmt.Errorf("write block: %w", err)
	}
	return nil
}

func labelSets(list []world.Series) []labels.Labels {
	sets := make([]labels.Labels, len(list))
	for i, s := range list {
		sets[i] = labels.FromMap(s.Labels)
	}
	return sets
}
