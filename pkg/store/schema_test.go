package store

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStatementsAreWrittenInTheWordsOfTheDatabase(t *testing.T) {
	for _, step := range append(migrations, []string{versionTable}) {
		for _, statement := range step {
			for _, k := range []Kind{Memory, SQLite, MySQL} {
				text := k.write(statement)
				require.NotRegexp(t, regexp.MustCompile(`\{\w+\}`), text, "no placeholder is left")
				require.Equal(t, k == MySQL, strings.Contains(text, "InnoDB"))
				require.Contains(t, text, "IF NOT EXISTS", "a step that broke off can be run again")
			}
		}
	}
}

// opened is a database at an earlier version of the schema, with a model in it.
func earlier(t *testing.T, d *DB, have int) {
	t.Helper()
	require.NoError(t, d.ready(t.Context()))
	create(t, d.Space("1/a"), "kept")
	for v := len(migrations); v > have; v-- {
		for _, statement := range migrations[v-1] {
			name := regexp.MustCompile(`forewarn_\w+`).FindString(statement)
			tamper(t, d, "DROP TABLE "+name)
		}
		tamper(t, d, "DELETE FROM forewarn_schema WHERE version >= "+string(rune('0'+v)))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.kind != Memory { // whose data would go with its connection
		require.NoError(t, d.disconnect())
	}
}

func TestAStoreOfAnEarlierVersionIsBroughtUpToDateAndKeepsWhatItHas(t *testing.T) {
	for name, config := range map[string]func(*testing.T) Config{"sqlite": sqliteConfig, "mysql": mysqlConfig} {
		t.Run(name, func(t *testing.T) {
			d := open(t, config(t))
			earlier(t, d, 1)
			s := d.Space("1/a")
			m, err := s.Model(t.Context(), "kept")
			require.NoError(t, err)
			require.Equal(t, "anna", m.CreatedBy)
			_, err = s.PruneAudit(t.Context(), m.Created, "anna") // needs a table of the newer version
			require.NoError(t, err)
			v, err := s.VerifyAudit(t.Context())
			require.NoError(t, err)
			require.True(t, v.OK, v.Message)
		})
	}
}

// SQLite's change to a write-ahead log gives up at once where another connection is about to make it, too.
func TestAFileIsMadeByManyAtOnce(t *testing.T) {
	for range 40 {
		c := Config{Path: filepath.Join(t.TempDir(), "new.db")}
		var all sync.WaitGroup
		errs := make(chan error, 6)
		for range cap(errs) {
			d, err := Open(c)
			require.NoError(t, err)
			all.Go(func() { errs <- errors.Join(d.Check(t.Context()), d.Close()) })
		}
		all.Wait()
		close(errs)
		for err := range errs {
			require.NoError(t, err)
		}
	}
}

func TestManyProcessesMayStartAtOnce(t *testing.T) {
	for name, config := range map[string]func(*testing.T) Config{"sqlite": sqliteConfig, "mysql": mysqlConfig} {
		t.Run(name, func(t *testing.T) {
			c := config(t)
			var all sync.WaitGroup
			errs := make(chan error, 5)
			open(t, c) // makes the folder
			for range cap(errs) {
				d, err := Open(c)
				require.NoError(t, err)
				t.Cleanup(func() { _ = d.Close() })
				all.Go(func() {
					_, err := d.Space("1/a").AppendAudit(context.WithoutCancel(t.Context()), did("x.y"))
					errs <- err
				})
			}
			all.Wait()
			close(errs)
			for err := range errs {
				require.NoError(t, err)
			}
			d := open(t, c)
			v, err := d.Space("1/a").VerifyAudit(t.Context())
			require.NoError(t, err)
			require.Equal(t, []any{true, int64(5)}, []any{v.OK, v.Entries})
			var steps int
			require.NoError(t, d.rows(t.Context(), func(r *sql.Rows) error { return r.Scan(&steps) }, "SELECT COUNT(*) FROM forewarn_schema"))
			require.Equal(t, len(migrations), steps, "each step once")
		})
	}
}
