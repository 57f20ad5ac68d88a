package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/outage"
)

// works tells whether a store can be read and written.
func works(t *testing.T, d *DB) {
	t.Helper()
	require.NoError(t, d.Check(t.Context()))
	_, err := d.Space("1/a").AppendAudit(t.Context(), did("x.y"))
	require.NoError(t, err)
}

// fails tells that each use is an error that says what is wrong.
func fails(t *testing.T, d *DB, says string) {
	t.Helper()
	err := d.Check(t.Context())
	require.ErrorIs(t, err, ErrUnavailable)
	require.ErrorContains(t, err, says)
	_, err = d.Space("1/a").AppendAudit(t.Context(), did("x.y"))
	require.ErrorIs(t, err, ErrUnavailable)
}

func TestAFileThatIsNoDatabaseIsNamedAndLeftAlone(t *testing.T) {
	c := sqliteConfig(t)
	require.NoError(t, os.MkdirAll(filepath.Dir(c.Path), 0o755))
	garbage := bytes.Repeat([]byte("not a database "), 1000)
	require.NoError(t, os.WriteFile(c.Path, garbage, 0o644))
	d := open(t, c)
	fails(t, d, "is not a SQLite database")
	_, err := d.Space("1/a").Models(t.Context())
	require.ErrorContains(t, err, c.Path)
	have, err := os.ReadFile(c.Path)
	require.NoError(t, err)
	require.Equal(t, garbage, have)
	require.NoError(t, os.Remove(c.Path))
	works(t, d)
}

func TestADamagedFileIsNamed(t *testing.T) {
	c := sqliteConfig(t)
	d := open(t, c)
	for _, name := range []string{"a", "b", "c"} {
		m := &Model{Name: name, Definition: bytes.Repeat([]byte("x"), 20_000), CreatedBy: "anna"}
		require.NoError(t, d.Space("1/a").CreateModel(t.Context(), m, did("model.create")))
	}
	require.NoError(t, d.Close())
	raw, err := os.ReadFile(c.Path)
	require.NoError(t, err)
	for i := 4096; i < len(raw); i++ {
		raw[i] = byte(i)
	}
	require.NoError(t, os.WriteFile(c.Path, raw, 0o644))
	d = open(t, c)
	fails(t, d, "is damaged")
}

// A file of which only a part is damaged, where the check itself does not come by. What is elsewhere is read and written still.
func TestAFileThatIsDamagedInPlacesIsNamedOnceThatIsMetUntilItIsMended(t *testing.T) {
	c := sqliteConfig(t)
	d := open(t, c)
	create(t, d.Space("1/a"), "m")
	var page int64
	require.NoError(t, d.rows(t.Context(), func(r *sql.Rows) error { return r.Scan(&page) }, "SELECT rootpage FROM sqlite_master WHERE name = 'forewarn_models'"))
	require.NoError(t, d.Close())
	whole, err := os.ReadFile(c.Path)
	require.NoError(t, err)
	bad := bytes.Clone(whole)
	clear(bad[(page-1)*4096 : page*4096])
	require.NoError(t, os.WriteFile(c.Path, bad, 0o644))

	d = open(t, c)
	s := d.Space("1/a")
	require.NoError(t, d.Check(t.Context()), "nobody has met it")
	_, err = s.Models(t.Context())
	require.ErrorIs(t, err, ErrUnavailable)
	require.ErrorContains(t, err, c.Path+" is damaged: put a backup in its place")
	for range 2 {
		err = d.Check(t.Context())
		require.ErrorIs(t, err, ErrUnavailable)
		require.ErrorContains(t, err, c.Path+" is damaged: put a backup in its place")
	}
	lines, _, err := s.Audit(t.Context(), AuditFilter{})
	require.NoError(t, err)
	require.Len(t, lines, 1, "the trail is elsewhere in the file")

	require.NoError(t, d.Close())
	require.NoError(t, os.WriteFile(c.Path, whole, 0o644))
	d = open(t, c)
	d.damaged.Store(true) // as the process that met it knows
	works(t, d)
	require.False(t, d.damaged.Load())
	_, err = d.Space("1/a").Model(t.Context(), "m")
	require.NoError(t, err)
}

// The room of a store that was full is looked for until it is there; then nothing of the search is left.
func TestAStoreWithRoomAgainIsSaidToWork(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		create(t, d.Space("1/a"), "m")
		d.full.Store(true)
		require.NoError(t, d.Check(t.Context()))
		require.False(t, d.full.Load())
		n := -1
		require.NoError(t, d.rows(t.Context(), func(r *sql.Rows) error { return r.Scan(&n) }, "SELECT COUNT(*) FROM forewarn_trials"))
		require.Zero(t, n)
	})
}

func TestALockedFileIsNamedAndWorksAgainWhenFreed(t *testing.T) {
	c := sqliteConfig(t)
	c.busy = 20 * time.Millisecond
	d := open(t, c)
	works(t, d)
	other, err := sql.Open("sqlite", c.sqlite(false))
	require.NoError(t, err)
	defer func() { _ = other.Close() }()
	lock, err := other.BeginTx(context.Background(), nil)
	require.NoError(t, err)
	_, err = lock.Exec("DELETE FROM forewarn_audit WHERE seq < 0")
	require.NoError(t, err)
	fails(t, d, "is locked")
	_, err = d.Space("1/a").Models(t.Context())
	require.NoError(t, err, "reading goes on beside a writer")
	require.NoError(t, lock.Rollback())
	works(t, d)
}

func TestAFullDiskLosesNothing(t *testing.T) {
	c := sqliteConfig(t)
	d := open(t, c)
	s := d.Space("1/a")
	create(t, s, "m")
	require.NoError(t, add(t.Context(), s, "m", version("first"), true, did("version.add")))
	require.NoError(t, d.Close())

	full := c
	full.pragmas = []string{"max_page_count(60)"}
	d = open(t, full)
	s = d.Space("1/a")
	large := version("")
	large.States = make([]byte, 1<<20)
	_, _ = rand.Read(large.States)
	err := add(t.Context(), s, "m", large, true, did("version.add"))
	require.ErrorIs(t, err, ErrUnavailable)
	require.ErrorContains(t, err, "is full")
	_, err = s.AppendAudit(t.Context(), did("x.y"))
	require.NoError(t, err, "there is room for a line")
	for range 2 {
		require.ErrorIs(t, d.Check(t.Context()), ErrUnavailable, "and it is said all the same, as long as there is none for a version")
		require.ErrorContains(t, d.Check(t.Context()), "the disk of "+c.Path+" is full: nothing is lost, and nothing more can be kept until there is room")
	}
	v, err := s.Version(t.Context(), "m", 0)
	require.NoError(t, err)
	require.Equal(t, "first", string(v.States))
	require.NoError(t, d.Close())

	d = open(t, c)
	require.NoError(t, add(t.Context(), d.Space("1/a"), "m", large, true, did("version.add")))
	require.Equal(t, 2, large.Number, "nothing half-written is left")
	verified, err := d.Space("1/a").VerifyAudit(t.Context())
	require.NoError(t, err)
	require.True(t, verified.OK)
}

func TestAFileThatIsTakenAwayIsNotMadeAnewAndWorksAgainWhenItIsBack(t *testing.T) {
	c := sqliteConfig(t)
	d := open(t, c)
	create(t, d.Space("1/a"), "m")
	away := c.Path + ".away"
	require.NoError(t, os.Rename(c.Path, away))
	fails(t, d, "cannot be opened")
	_, err := os.Stat(c.Path)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.Rename(away, c.Path))
	works(t, d)
	_, err = d.Space("1/a").Model(t.Context(), "m")
	require.NoError(t, err)
}

func TestAFolderThatIsNotThereIsNamed(t *testing.T) {
	d, err := Open(Config{Path: filepath.Join(t.TempDir(), "none", "models.db")})
	require.NoError(t, err)
	fails(t, d, "does its folder exist")
	require.NoError(t, os.MkdirAll(filepath.Dir(d.Where()), 0o755))
	works(t, d)
	require.NoError(t, d.Close())
	require.ErrorIs(t, d.Check(t.Context()), ErrUnavailable)
}

func TestWhatIsKeptOutlivesTheProcess(t *testing.T) {
	for name, config := range map[string]func(*testing.T) Config{"sqlite": sqliteConfig, "mysql": mysqlConfig} {
		t.Run(name, func(t *testing.T) {
			c := config(t)
			first := open(t, c)
			create(t, first.Space("1/a"), "m")
			second := open(t, c)
			create(t, second.Space("1/a"), "n")
			all, err := first.Space("1/a").Models(t.Context())
			require.NoError(t, err)
			require.Len(t, all, 2)
			require.NoError(t, first.Close())
			require.NoError(t, second.Close())
			third := open(t, c)
			all, err = third.Space("1/a").Models(t.Context())
			require.NoError(t, err)
			require.Len(t, all, 2)
		})
	}
}

func TestTablesOfANewerVersionAreLeftAlone(t *testing.T) {
	for name, config := range map[string]func(*testing.T) Config{"sqlite": sqliteConfig, "mysql": mysqlConfig} {
		t.Run(name, func(t *testing.T) {
			c := config(t)
			d := open(t, c)
			works(t, d)
			tamper(t, d, "INSERT INTO forewarn_schema (version) VALUES (99)")
			require.NoError(t, d.Close())
			fails(t, open(t, c), "version 99")
		})
	}
}

func TestADatabaseServerThatGoesAwayAndComesBack(t *testing.T) {
	c := mysqlConfig(t)
	proxy, err := outage.New(c.URL)
	require.NoError(t, err)
	defer proxy.Down()
	c.URL = proxy.Address
	proxy.Down()
	d := open(t, c)
	fails(t, d, "cannot be reached")
	require.NoError(t, proxy.Up())
	works(t, d)
	create(t, d.Space("1/a"), "m")
	proxy.Down()
	fails(t, d, "cannot be reached")
	require.NoError(t, proxy.Up())
	works(t, d)
	_, err = d.Space("1/a").Model(t.Context(), "m")
	require.NoError(t, err)
}

func TestAWrongPasswordOrDatabaseIsNamed(t *testing.T) {
	c := mysqlConfig(t)
	wrong := c
	wrong.Password = "guess"
	d := open(t, wrong)
	fails(t, d, "storePassword")
	require.NotContains(t, d.Check(t.Context()).Error(), "guess")
	wrong = c
	wrong.Database = "none"
	fails(t, open(t, wrong), "create the database")
	for _, incomplete := range []Config{{URL: "db"}, {URL: "db", User: "u"}} {
		_, err := Open(incomplete)
		require.ErrorIs(t, err, ErrUnavailable)
	}
}
