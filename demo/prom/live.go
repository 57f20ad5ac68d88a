package prom

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb"

	"github.com/forewarn/earlywarning/demo/world"
)

// live appends what the world does from a moment on.
type live struct {
	db     *tsdb.DB
	walker *world.Walker
	sets   []labels.Labels
	refs   []storage.SeriesRef
	every  time.Duration
	next   time.Time
	values []float64
}

func newLive(db *tsdb.DB, w *world.World, every time.Duration) *live {
	k := w.Walk()
	sets := labelSets(k.Series())
	last := time.UnixMilli(db.Head().MaxTime()).UTC()
	if max := db.Head().MaxTime(); max == math.MinInt64 { // an empty head
		last = w.Anchor().Truncate(2 * time.Hour).Add(-every)
	}
	return &live{db: db, walker: k, sets: sets, refs: make([]storage.SeriesRef, len(sets)), every: every,
		next: last.Truncate(every).Add(every), values: make([]float64, len(sets))}
}

// until appends all samples that are due at now.
func (l *live) until(ctx context.Context, now time.Time) error {
	for !l.next.After(now) {
		app := l.db.Appender(ctx)
		for n := 0; n < commitEvery && !l.next.After(now); n += len(l.sets) {
			if err := l.scrape(app); err != nil {
				_ = app.Rollback()
				return err
			}
			l.next = l.next.Add(l.every)
		}
		if err := app.Commit(); err != nil {
			return fmt.Errorf("commit: %w", err)
		}
	}
	return nil
}

func (l *live) scrape(app storage.Appender) error {
	l.walker.To(l.next)
	l.walker.Between(l.next, l.values)
	for i, v := range l.values {
		if math.IsNaN(v) {
			continue
		}
		ref, err := app.Append(l.refs[i], l.sets[i], l.next.UnixMilli(), v)
		// A clock that was set back offers times that are already there.
		if err != nil && !errors.Is(err, storage.ErrOutOfOrderSample) && !errors.Is(err, storage.ErrOutOfBounds) && !errors.Is(err, storage.ErrDuplicateSampleForTimestamp) {
			return fmt.Errorf("append to %s: %w", l.sets[i], err)
		}
		l.refs[i] = ref
	}
	return nil
}

// run appends until the context ends; an error is told and the next sample tried.
func (l *live) run(ctx context.Context, now func() time.Time, tell func(error)) {
	for {
		timer := time.NewTimer(max(l.next.Sub(now()), 10*time.Millisecond))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		if err := l.until(ctx, now()); err != nil && ctx.Err() == nil {
			tell(err)
			l.next = now().Truncate(l.every).Add(l.every)
		}
	}
}
