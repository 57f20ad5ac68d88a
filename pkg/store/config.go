package store

import (
	"crypto/tls"
	"fmt"
	"net/url"
	"strings"
	"time"

	driver "github.com/go-sql-driver/mysql"

	"github.com/forewarn/earlywarning/pkg/dsn"
)

// Kind is the kind of database.
type Kind string

// The kinds.
const (
	Memory Kind = "memory"
	SQLite Kind = "sqlite"
	MySQL  Kind = "mysql"
)

// Config says where models live. Without Path and URL they live in memory.
type Config struct {
	Path string // of the SQLite file

	URL      string // of MySQL: host:port, or /path/of/a/socket
	User     string
	Password string
	Database string
	TLS      *tls.Config // nil = none

	busy    time.Duration // that SQLite waits for another writer; 0 = 5 s
	pragmas []string      // more of them, for tests
}

// Kind gives the kind that the configuration asks for.
func (c Config) Kind() Kind {
	switch {
	case c.URL != "":
		return MySQL
	case c.Path != "":
		return SQLite
	default:
		return Memory
	}
}

// Where names the place for people, without secrets.
func (c Config) Where() string {
	switch c.Kind() {
	case MySQL:
		return c.URL + "/" + c.Database
	case SQLite:
		return c.Path
	default:
		return ""
	}
}

// sqlite gives the address of the file. Without create the file must be there.
func (c Config) sqlite(create bool) string {
	mode := "rw"
	if create {
		mode = "rwc"
	}
	path := c.Path
	if !strings.HasPrefix(path, "/") {
		path = strings.ReplaceAll(path, `\`, "/") // of Windows
	}
	q := url.Values{"mode": {mode}, "_txlock": {"immediate"},
		"_pragma": append([]string{fmt.Sprintf("busy_timeout(%d)", c.patience().Milliseconds())}, "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "temp_store(MEMORY)")}
	q["_pragma"] = append(q["_pragma"], c.pragmas...)
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// patience is how long a lock on the file is waited for.
func (c Config) patience() time.Duration {
	if c.busy == 0 {
		return 5 * time.Second
	}
	return c.busy
}

const inMemory = "file::memory:?_txlock=immediate&_pragma=foreign_keys(1)"

func (c Config) mysql() (*driver.Config, error) {
	if c.User == "" || c.Database == "" {
		return nil, fmt.Errorf("%w: user and database of the MySQL store are needed", ErrUnavailable)
	}
	d := dsn.New(c.URL, c.User, c.Password, c.Database)
	d.Collation, d.TLS = "utf8mb4_bin", c.TLS
	d.Timeout, d.ReadTimeout, d.WriteTimeout, d.MaxAllowedPacket = 5*time.Second, 30*time.Second, 30*time.Second, 0
	d.RejectReadOnly, d.ClientFoundRows = true, true // leave a replica that was the primary; count rows found, not rows that differ
	d.Params = map[string]string{"time_zone": "'+00:00'", "innodb_lock_wait_timeout": "10"}
	return d, nil
}
