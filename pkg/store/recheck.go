package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// room is how much must fit into a store that was full before it counts as working again: as much as a large version takes.
const room = 1 << 20

// recheck looks into what was met before, and forgets it where it is mended.
func (d *DB) recheck(ctx context.Context) error {
	if d.damaged.Load() {
		found := ""
		if err := d.rows(ctx, func(r *sql.Rows) error { return r.Scan(&found) }, "PRAGMA quick_check(1)"); err != nil {
			return err
		}
		if found != "ok" {
			return fmt.Errorf("%w: "+damaged+": %s", ErrUnavailable, d.Where(), found)
		}
		d.damaged.Store(false)
	}
	if !d.full.Load() {
		return nil
	}
	// Two transactions: what is written and taken away in one need not be written at all.
	if err := d.run(ctx, "REPLACE INTO forewarn_trials (model, details) VALUES ('room', ?)", strings.Repeat("x", room)); err != nil {
		return err
	}
	if err := d.run(ctx, "DELETE FROM forewarn_trials WHERE model = 'room'"); err != nil {
		return err
	}
	d.full.Store(false)
	return nil
}

// run is a transaction of one statement.
func (d *DB) run(ctx context.Context, statement string, args ...any) error {
	return d.transact(ctx, func(tx *tx) error {
		_, err := tx.exec(statement, args...)
		return err
	})
}
