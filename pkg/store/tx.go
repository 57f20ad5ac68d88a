package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"math/big"
	"strings"
	"time"
)

// tx is a transaction with its context.
type tx struct {
	*sql.Tx
	ctx  context.Context
	kind Kind
}

func (t *tx) exec(query string, args ...any) (int, error) {
	for k, a := range args {
		if text, ok := a.(string); ok {
			args[k] = unicodeOf(text)
		}
	}
	r, err := t.ExecContext(t.ctx, query, args...)
	if err != nil {
		return 0, err
	}
	n, err := r.RowsAffected()
	return int(n), err
}

// one reads a single row; sql.ErrNoRows becomes ErrNotFound.
func (t *tx) one(query string, args []any, into ...any) error {
	err := t.QueryRowContext(t.ctx, query, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// unicodeOf puts a mark in the place of bytes that are no UTF-8, which MySQL refuses. Names come from sources that may say anything.
func unicodeOf(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }

// locking ends a SELECT whose row is changed afterwards. SQLite has the whole file locked already.
func (t *tx) locking(skip bool) string {
	switch {
	case t.kind != MySQL:
		return ""
	case skip:
		return " FOR UPDATE SKIP LOCKED"
	default:
		return " FOR UPDATE"
	}
}

// now is the database's clock in ms, so that processes with clocks of their own agree on leases.
func (t *tx) now() (int64, error) {
	query := "SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER)"
	if t.kind == MySQL {
		query = "SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)"
	}
	var ms int64
	return ms, t.one(query, nil, &ms)
}

// attempts of a transaction that another one stood in the way of.
const attempts = 6

// transact runs work in a transaction, and again where another one stood in its way.
func (d *DB) transact(ctx context.Context, work func(*tx) error) error {
	if err := d.ready(ctx); err != nil {
		return err
	}
	for try := 1; ; try++ {
		err := d.attempt(ctx, work)
		if err == nil || try == attempts || !collided(err) {
			return d.explain(err)
		}
		select {
		case <-ctx.Done():
			return d.explain(err)
		case <-time.After(time.Duration(try) * jitter(20*time.Millisecond)):
		}
	}
}

func (d *DB) attempt(ctx context.Context, work func(*tx) error) error {
	d.mu.Lock()
	write := d.write
	d.mu.Unlock()
	if write == nil {
		return sql.ErrConnDone
	}
	opt := &sql.TxOptions{}
	if d.kind == MySQL {
		opt.Isolation = sql.LevelReadCommitted // locks only the rows that are read
	}
	t, err := write.BeginTx(ctx, opt)
	if err != nil {
		return err
	}
	if err := work(&tx{t, ctx, d.kind}); err != nil {
		_ = t.Rollback()
		return err
	}
	return t.Commit()
}

// rows reads with one statement and calls scan for each row.
func (d *DB) rows(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	if err := d.ready(ctx); err != nil {
		return err
	}
	d.mu.Lock()
	read := d.read
	d.mu.Unlock()
	if read == nil {
		return d.explain(sql.ErrConnDone)
	}
	rows, err := read.QueryContext(ctx, query, args...)
	if err != nil {
		return d.explain(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return d.explain(err)
		}
	}
	return d.explain(rows.Err())
}

// jitter gives between half and one and a half of d, so that processes do not go on colliding.
func jitter(d time.Duration) time.Duration {
	n, err := rand.Int(rand.Reader, big.NewInt(int64(d)))
	if err != nil {
		return d
	}
	return d/2 + time.Duration(n.Int64())
}

// newID gives an identifier that no other process makes.
func newID() string { return rand.Text() }

func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// space is a data source's part of a database.
type space struct {
	db   *DB
	name string
}
