package store

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/mariaserver"
)

// maria is a real server that the tests of this package share; nil where this machine has none.
var maria *mariaserver.Server

func TestMain(m *testing.M) { mariaserver.Main(m, &maria) }

var databases int

// mysqlConfig gives an empty database on the real server.
func mysqlConfig(t *testing.T) Config {
	t.Helper()
	mariaserver.Need(t, maria)
	databases++
	name := fmt.Sprintf("store%d", databases)
	require.NoError(t, maria.Exec(t.Context(), fmt.Sprintf("CREATE DATABASE %s; CREATE OR REPLACE USER keeper@'127.0.0.1' IDENTIFIED BY 'secret'; GRANT ALL ON *.* TO keeper@'127.0.0.1'", name)))
	return Config{URL: maria.Address, User: "keeper", Password: "secret", Database: name}
}

func sqliteConfig(t *testing.T) Config {
	return Config{Path: filepath.Join(t.TempDir(), "a folder", "models#1.db")}
}

func open(t *testing.T, c Config) *DB {
	t.Helper()
	if c.Kind() == SQLite {
		require.NoError(t, os.MkdirAll(filepath.Dir(c.Path), 0o755))
	}
	d, err := Open(c)
	require.NoError(t, err)
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// everywhere runs a test over each kind of store.
func everywhere(t *testing.T, test func(t *testing.T, d *DB)) {
	t.Run("memory", func(t *testing.T) { test(t, open(t, Config{})) })
	t.Run("sqlite", func(t *testing.T) { test(t, open(t, sqliteConfig(t))) })
	t.Run("mysql", func(t *testing.T) { test(t, open(t, mysqlConfig(t))) })
}

func did(action string) Entry { return Entry{Who: "anna", Action: action, Model: "m"} }

// create adds a model called name.
func create(t *testing.T, s Store, name string) *Model {
	t.Helper()
	m := &Model{Name: name, Definition: []byte(`{"name": "` + name + `"}`), CreatedBy: "anna"}
	require.NoError(t, s.CreateModel(t.Context(), m, did("model.create")))
	return m
}

// add lets a worker make a version. Its lease is over at once, so that the next one takes up what a failed one left.
func add(ctx context.Context, s Store, name string, v *Version, live bool, e Entry) error {
	if _, _, err := s.Enqueue(ctx, name, "anna", "user", did("model.train")); err != nil {
		return err
	}
	j, err := s.Claim(ctx, "worker", -time.Minute)
	if err != nil {
		return err
	}
	return s.Complete(ctx, j, v, live, e)
}

// remove takes away the model as it is.
func remove(ctx context.Context, s Store, name string, e Entry) error {
	m, err := s.Model(ctx, name)
	if err != nil {
		return err
	}
	return s.DeleteModel(ctx, m, e)
}

func version(states string) *Version {
	return &Version{TrainedBy: "anna", From: time.Unix(1000, 0), To: time.Unix(2000, 0), Definition: []byte(`{}`), Summary: []byte(`{"series": 2}`), Results: []byte("results"), States: []byte(states)}
}
