package store

import (
	"context"
	"database/sql"
	drivererrors "database/sql/driver"
	"errors"
	"fmt"
	"net"

	"github.com/go-sql-driver/mysql"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// Error numbers of MySQL and MariaDB that have a meaning of their own here.
const (
	duplicateKey   = 1062
	deadlock       = 1213
	lockWait       = 1205
	accessDenied   = 1045
	databaseDenied = 1044
	tableDenied    = 1142
	noDatabase     = 1049
	diskFull       = 1021
	tableFull      = 1114
	packetTooLarge = 1153
)

// collided tells that the same transaction may succeed when it is run again.
func collided(err error) bool {
	var m *mysql.MySQLError
	if errors.As(err, &m) {
		return m.Number == deadlock || m.Number == lockWait
	}
	return errors.Is(err, drivererrors.ErrBadConn) || errors.Is(err, mysql.ErrInvalidConn)
}

// busy tells that another connection had SQLite's file locked.
func busy(err error) bool {
	var s *sqlite.Error
	return errors.As(err, &s) && s.Code()&0xff == lib.SQLITE_BUSY
}

// duplicate tells that a unique key is taken.
func duplicate(err error) bool {
	var m *mysql.MySQLError
	if errors.As(err, &m) {
		return m.Number == duplicateKey
	}
	var s *sqlite.Error
	return errors.As(err, &s) && s.Code()&0xff == lib.SQLITE_CONSTRAINT
}

// full tells that there was no room for what was written.
func full(err error) bool {
	var m *mysql.MySQLError
	if errors.As(err, &m) {
		return m.Number == diskFull || m.Number == tableFull
	}
	var s *sqlite.Error
	return errors.As(err, &s) && s.Code()&0xff == lib.SQLITE_FULL
}

// corrupt tells that SQLite's file does not hold together.
func corrupt(err error) bool {
	var s *sqlite.Error
	return errors.As(err, &s) && s.Code()&0xff == lib.SQLITE_CORRUPT
}

// explain says what is wrong with the store and what to do. Errors about the data pass through.
func (d *DB) explain(err error) error {
	switch {
	case err == nil, errors.Is(err, ErrUnavailable), errors.Is(err, ErrNotFound), errors.Is(err, ErrExists), errors.Is(err, ErrConflict), errors.Is(err, ErrLeaseLost), errors.Is(err, ErrCancelled),
		errors.Is(err, context.Canceled):
		return err
	}
	if full(err) {
		d.full.Store(true)
	}
	if corrupt(err) {
		d.damaged.Store(true)
	}
	var s *sqlite.Error
	if errors.As(err, &s) {
		return d.explainSQLite(s)
	}
	var m *mysql.MySQLError
	if errors.As(err, &m) {
		return d.explainMySQL(m)
	}
	var network net.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return fmt.Errorf("%w: %s gave no answer in time: %w", ErrUnavailable, d.Where(), err)
	case errors.As(err, &network), errors.Is(err, drivererrors.ErrBadConn), errors.Is(err, mysql.ErrInvalidConn), errors.Is(err, sql.ErrConnDone):
		return fmt.Errorf("%w: %s cannot be reached; it is tried again with the next request: %w", ErrUnavailable, d.Where(), err)
	}
	return fmt.Errorf("the model store: %w", err)
}

const damaged = "%s is damaged: put a backup in its place, or move it away and let Forewarn make a new one"

func (d *DB) explainSQLite(err *sqlite.Error) error {
	text := ""
	switch err.Code() & 0xff {
	case lib.SQLITE_NOTADB:
		text = "%s is not a SQLite database: move the file away and let Forewarn make a new one, or give another path"
	case lib.SQLITE_CORRUPT:
		text = damaged
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		text = "%s is locked by another program: end it, or wait"
	case lib.SQLITE_FULL:
		text = "the disk of %s is full: nothing is lost, and nothing more can be kept until there is room"
	case lib.SQLITE_READONLY:
		text = "%s may not be written to: give Grafana's user the right to"
	case lib.SQLITE_CANTOPEN:
		text = "%s cannot be opened: does its folder exist, may Grafana's user write to it, or was the file moved away? Put it back, or restart Grafana to begin with an empty one"
	case lib.SQLITE_IOERR:
		text = "%s cannot be read or written: check the disk"
	case lib.SQLITE_PERM, lib.SQLITE_AUTH:
		text = "%s may not be opened: give Grafana's user the right to"
	default:
		return fmt.Errorf("the model store: %w", err)
	}
	return fmt.Errorf("%w: "+text+": %w", ErrUnavailable, d.Where(), err)
}

func (d *DB) explainMySQL(err *mysql.MySQLError) error {
	switch err.Number {
	case accessDenied, databaseDenied, tableDenied:
		return fmt.Errorf("%w: %s refuses the user %q: check storePassword and the grants (all privileges on the database are needed): %w", ErrUnavailable, d.Where(), d.config.User, err)
	case noDatabase:
		return fmt.Errorf("%w: %s does not exist: create the database: %w", ErrUnavailable, d.Where(), err)
	case diskFull, tableFull:
		return fmt.Errorf("%w: the disk of %s is full: nothing is lost, and nothing more can be kept until there is room: %w", ErrUnavailable, d.Where(), err)
	case packetTooLarge:
		return fmt.Errorf("%w: %s refuses a value of this size: raise max_allowed_packet to 64M: %w", ErrUnavailable, d.Where(), err)
	}
	return fmt.Errorf("the model store: %s: %w", d.Where(), err) // callers look at the number
}
