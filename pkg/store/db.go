package store

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	driver "github.com/go-sql-driver/mysql"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// DB is an open database. It connects when it is first used, and again when it was gone: a store that does not work is an
// error of each call and nothing else.
type DB struct {
	config Config
	kind   Kind

	mu     sync.Mutex
	read   *sql.DB // for single statements
	write  *sql.DB // for transactions
	closed bool

	// What was met since it was last looked into: the small write of a check may succeed all the same.
	full, damaged atomic.Bool
}

// Open gives a handle on the configured database. It does not connect yet, and fails only for a configuration that never can.
func Open(c Config) (*DB, error) {
	if c.Kind() == MySQL {
		if _, err := c.mysql(); err != nil {
			return nil, err
		}
	}
	return &DB{config: c, kind: c.Kind()}, nil
}

// Kind gives the kind of the database.
func (d *DB) Kind() Kind { return d.kind }

// Where names the place for people, without secrets.
func (d *DB) Where() string { return d.config.Where() }

// Space gives the part of one data source, named for example by organisation and uid.
func (d *DB) Space(name string) Store { return &space{db: d, name: name} }

// Close closes all connections; the handle is of no more use.
func (d *DB) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	return d.disconnect()
}

func (d *DB) disconnect() (err error) {
	if d.read == nil {
		return nil
	}
	err = d.read.Close()
	if d.write != nil && d.write != d.read {
		if e := d.write.Close(); err == nil {
			err = e
		}
	}
	d.read, d.write = nil, nil
	return err
}

// Check tells with an error wrapping ErrUnavailable that the database does not work.
func (d *DB) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := d.ready(ctx); err != nil {
		return err
	}
	// A write that changes nothing finds a file that is read-only or gone, which reading would not.
	if err := d.run(ctx, "DELETE FROM forewarn_schema WHERE version < 0"); err != nil {
		return err
	}
	return d.recheck(ctx)
}

// ready connects and brings the schema up to date, once.
func (d *DB) ready(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.closed:
		return fmt.Errorf("%w: it is closed", ErrUnavailable)
	case d.read != nil:
		return nil
	}
	began := time.Now()
	err := d.open(ctx)
	// Where several processes make one file at the same time, SQLite's change to a write-ahead log does not wait for its turn.
	for try := 1; busy(err) && time.Since(began) < d.config.patience(); try++ {
		select {
		case <-ctx.Done():
			return d.explain(err)
		case <-time.After(time.Duration(try) * jitter(20*time.Millisecond)):
		}
		err = d.open(ctx)
	}
	return d.explain(err)
}

func (d *DB) open(ctx context.Context) error {
	err := d.connect()
	if err == nil {
		err = d.migrate(ctx)
	}
	if err == nil && d.kind == SQLite {
		// From here on a file that is not there is one that was taken away, and must not be made anew, empty.
		_ = d.write.Close()
		d.write, err = sql.Open("sqlite", d.config.sqlite(false))
		if err == nil {
			d.limitWriter()
		}
	}
	if err != nil {
		_ = d.disconnect()
	}
	return err
}

func (d *DB) connect() (err error) {
	switch d.kind {
	case MySQL:
		conf, err := d.config.mysql()
		if err != nil {
			return err
		}
		connector, err := driver.NewConnector(conf)
		if err != nil {
			return err
		}
		d.read = sql.OpenDB(connector)
		d.write = d.read
		d.read.SetMaxOpenConns(8)
		d.read.SetMaxIdleConns(2)
		d.read.SetConnMaxLifetime(5 * time.Minute)
	case SQLite:
		if d.read, err = sql.Open("sqlite", d.config.sqlite(false)); err != nil {
			return err
		}
		d.read.SetMaxOpenConns(4)
		d.read.SetMaxIdleConns(2)
		d.read.SetConnMaxLifetime(30 * time.Second)
		if d.write, err = sql.Open("sqlite", d.config.sqlite(true)); err != nil {
			return err
		}
		d.limitWriter()
	default:
		// One connection for all time: the database is in it.
		if d.read, err = sql.Open("sqlite", inMemory); err != nil {
			return err
		}
		d.read.SetMaxOpenConns(1)
		d.write = d.read
	}
	return nil
}

// limitWriter lets each transaction open the file anew, so that one that was moved or deleted is noticed instead of being
// written to where nobody will find it.
func (d *DB) limitWriter() {
	d.write.SetMaxOpenConns(1)
	d.write.SetMaxIdleConns(-1)
}

// migrate brings the schema up to date; several processes may try at once.
func (d *DB) migrate(ctx context.Context) error {
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if d.kind == MySQL {
		var got sql.NullInt64
		if err := conn.QueryRowContext(ctx, "SELECT GET_LOCK('forewarn_schema', 30)").Scan(&got); err != nil {
			return err
		}
		if got.Int64 != 1 {
			return fmt.Errorf("%w: another process has been changing its tables for 30 s", ErrUnavailable)
		}
		defer func() {
			var freed sql.NullInt64
			_ = conn.QueryRowContext(context.WithoutCancel(ctx), "SELECT RELEASE_LOCK('forewarn_schema')").Scan(&freed)
		}()
		return d.migrateWith(ctx, conn)
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := d.migrateWith(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

type executor interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func (d *DB) migrateWith(ctx context.Context, x executor) error {
	if _, err := x.ExecContext(ctx, d.kind.write(versionTable)); err != nil {
		return err
	}
	var have int
	if err := x.QueryRowContext(ctx, "SELECT COALESCE(MAX(version), 0) FROM forewarn_schema").Scan(&have); err != nil {
		return err
	}
	if have > len(migrations) {
		return fmt.Errorf("%w: its tables are of version %d, and this version of Forewarn knows %d: install the newer Forewarn again, or give it another store", ErrUnavailable, have, len(migrations))
	}
	for v := have; v < len(migrations); v++ {
		for _, statement := range migrations[v] {
			if _, err := x.ExecContext(ctx, d.kind.write(statement)); err != nil {
				return fmt.Errorf("bringing the tables to version %d: %w", v+1, err)
			}
		}
		if _, err := x.ExecContext(ctx, "INSERT INTO forewarn_schema (version) VALUES (?)", v+1); err != nil {
			return err
		}
	}
	return nil
}
