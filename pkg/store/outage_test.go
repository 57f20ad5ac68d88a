package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/tests/outage"
)

// away is a store that can be put out of reach and back.
type away struct {
	config Config
	down   func(t *testing.T)
	up     func(t *testing.T)
}

// bothAway runs a test over a file that is moved away and a server that cannot be reached.
func bothAway(t *testing.T, test func(t *testing.T, a away)) {
	t.Run("sqlite", func(t *testing.T) {
		c := sqliteConfig(t)
		c.busy = 50 * time.Millisecond
		test(t, away{c, func(t *testing.T) {
			for _, part := range []string{"", "-wal", "-shm"} {
				if err := os.Rename(c.Path+part, c.Path+part+".away"); part == "" {
					require.NoError(t, err)
				}
			}
		}, func(t *testing.T) {
			for _, part := range []string{"-wal", "-shm", ""} {
				_ = os.Rename(c.Path+part+".away", c.Path+part)
			}
		}})
	})
	t.Run("mysql", func(t *testing.T) {
		c := mysqlConfig(t)
		proxy, err := outage.New(c.URL)
		require.NoError(t, err)
		t.Cleanup(proxy.Down)
		c.URL = proxy.Address
		test(t, away{c, func(*testing.T) { proxy.Down() }, func(t *testing.T) { require.NoError(t, proxy.Up()) }})
	})
}

func TestWhatIsUnderWayWhenTheStoreVanishesIsDoneWhollyOrNotAtAll(t *testing.T) {
	bothAway(t, func(t *testing.T, a away) {
		d := open(t, a.config)
		s, ctx := d.Space("1/a"), t.Context()
		create(t, s, "m")
		j := claimed(t, s, "m")
		// The version is written and the line for the trail is not when the store vanishes.
		err := d.attempt(ctx, func(tx *tx) error {
			if err := d.Space("1/a").(*space).addVersion(tx, modelOf(t, tx, "m"), version("half"), true, did("model.trained")); err != nil {
				return err
			}
			a.down(t)
			return errors.New("and with it the process")
		})
		require.Error(t, err)
		_, err = s.Model(ctx, "m")
		if a.config.Kind() == MySQL {
			require.ErrorIs(t, err, ErrUnavailable)
		}
		require.ErrorIs(t, s.Complete(ctx, j, version("whole"), true, did("model.trained")), ErrUnavailable)
		a.up(t)
		versions, err := s.Versions(ctx, "m")
		require.NoError(t, err)
		require.Empty(t, versions, "nothing half-written")
		require.NoError(t, s.Complete(ctx, j, version("whole"), true, did("model.trained")), "the worker that waited goes on")
		v, err := s.Version(ctx, "m", 0)
		require.NoError(t, err)
		require.Equal(t, []any{1, "whole"}, []any{v.Number, string(v.States)})
		verified, err := s.VerifyAudit(ctx)
		require.NoError(t, err)
		require.True(t, verified.OK, verified.Message)
	})
}

func claimed(t *testing.T, s Store, name string) *Job {
	t.Helper()
	_, _, err := s.Enqueue(t.Context(), name, "anna", "user", did("model.train"))
	require.NoError(t, err)
	j, err := s.Claim(t.Context(), "worker", time.Minute)
	require.NoError(t, err)
	require.NotNil(t, j)
	return j
}

func modelOf(t *testing.T, tx *tx, name string) (id string) {
	t.Helper()
	require.NoError(t, tx.one("SELECT id FROM forewarn_models WHERE name = ?", []any{name}, &id))
	return id
}

func TestEveryCallSaysThatTheStoreIsAwayAndWorksWhenItIsBack(t *testing.T) {
	bothAway(t, func(t *testing.T, a away) {
		d := open(t, a.config)
		s := d.Space("1/a")
		create(t, s, "m")
		require.NoError(t, add(t.Context(), s, "m", version("s"), true, did("version.add")))
		m, err := s.Model(t.Context(), "m")
		require.NoError(t, err)
		calls := map[string]func(ctx context.Context) error{
			"create": func(ctx context.Context) error {
				return s.CreateModel(ctx, &Model{Name: "n", Definition: []byte("{}")}, did("model.create"))
			},
			"change":  func(ctx context.Context) error { return s.ChangeModel(ctx, m, did("model.change")) },
			"promote": func(ctx context.Context) error { return s.SetLive(ctx, "m", 1, did("version.promote")) },
			"drift":   func(ctx context.Context) error { return s.SetDrift(ctx, "m", 0.5) },
			"prune":   func(ctx context.Context) error { _, err := s.Prune(ctx, "m", 3); return err },
			"enqueue": func(ctx context.Context) error {
				_, _, err := s.Enqueue(ctx, "m", "anna", "user", did("model.train"))
				return err
			},
			"label": func(ctx context.Context) error {
				return s.AddLabel(ctx, &Label{Model: "m", Kind: "incident"}, did("label.add"))
			},
			"warn": func(ctx context.Context) error {
				_, _, err := s.RecordWarning(ctx, Warning{Raised: true, Key: "k", Entry: did("")})
				return err
			},
			"trail": func(ctx context.Context) error { _, err := s.AppendAudit(ctx, did("x.y")); return err },
			"check": d.Check,
		}
		a.down(t)
		for name, call := range calls {
			err := call(t.Context())
			require.ErrorIs(t, err, ErrUnavailable, name)
			require.ErrorContains(t, err, d.Where(), "%s says which store", name)
		}
		a.up(t)
		all, err := s.Models(t.Context())
		require.NoError(t, err)
		require.Len(t, all, 1, "nothing was done meanwhile")
		for _, name := range []string{"check", "trail", "promote", "drift", "prune", "label", "warn", "enqueue", "create", "change"} {
			require.NoError(t, calls[name](t.Context()), name)
		}
	})
}

func TestACallThatNobodyWaitsForEndsByItself(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s := d.Space("1/a")
		create(t, s, "m")
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := s.Models(ctx)
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, s.SetDrift(ctx, "m", 1), context.Canceled)
		m, err := s.Model(t.Context(), "m")
		require.NoError(t, err)
		require.Zero(t, m.Drift)
	})
}

func TestAServerThatOnlyReadsSaysWhichRightsAreNeeded(t *testing.T) {
	c := mysqlConfig(t)
	d := open(t, c)
	create(t, d.Space("1/a"), "m")
	user := fmt.Sprintf("looker%d", databases)
	require.NoError(t, maria.Exec(t.Context(), fmt.Sprintf("CREATE OR REPLACE USER %s@'127.0.0.1' IDENTIFIED BY 'secret'; GRANT SELECT ON %s.* TO %s@'127.0.0.1'", user, c.Database, user)))
	c.User = user
	reads := open(t, c)
	err := reads.Check(t.Context())
	require.ErrorIs(t, err, ErrUnavailable)
	require.ErrorContains(t, err, fmt.Sprintf("refuses the user %q: check storePassword and the grants (all privileges on the database are needed)", user))
	require.NotContains(t, err.Error(), "secret'")
}
