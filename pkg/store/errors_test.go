package store

import (
	"context"
	"database/sql"
	drivererrors "database/sql/driver"
	"errors"
	"fmt"
	"net"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"
)

// slow is an error of a network that did not answer.
type slow struct{}

func (slow) Error() string   { return "i/o timeout" }
func (slow) Timeout() bool   { return true }
func (slow) Temporary() bool { return true }

// What each fault is called, and what people are told to do.
func TestFaultsOfTheStoreAreSaidWithWhatToDo(t *testing.T) {
	d, err := Open(Config{URL: "db:3306", User: "keeper", Password: "secret", Database: "fw"})
	require.NoError(t, err)
	number := func(n uint16) error { return &mysql.MySQLError{Number: n, Message: "m"} }
	for name, c := range map[string]struct {
		err  error
		says string
		away bool
	}{
		"a wrong password":     {number(1045), `refuses the user "keeper": check storePassword and the grants`, true},
		"no right to a table":  {number(1142), "check storePassword and the grants", true},
		"no such database":     {number(1049), "does not exist: create the database", true},
		"a full disk":          {number(1021), "the disk of db:3306/fw is full: nothing is lost", true},
		"a full table":         {number(1114), "is full", true},
		"a small packet":       {number(1153), "raise max_allowed_packet", true},
		"another error":        {number(1064), "the model store: db:3306/fw", false},
		"no answer":            {slow{}, "gave no answer in time", true},
		"a deadline":           {context.DeadlineExceeded, "gave no answer in time", true},
		"no connection":        {&net.OpError{Op: "dial", Err: errors.New("refused")}, "cannot be reached; it is tried again with the next request", true},
		"a broken connection":  {drivererrors.ErrBadConn, "cannot be reached", true},
		"an invalid one":       {mysql.ErrInvalidConn, "cannot be reached", true},
		"one that was closed":  {sql.ErrConnDone, "cannot be reached", true},
		"something of our own": {errors.New("odd"), "the model store: wrapped: odd", false},
	} {
		got := d.explain(fmt.Errorf("wrapped: %w", c.err))
		require.ErrorContains(t, got, c.says, name)
		require.Equal(t, c.away, errors.Is(got, ErrUnavailable), name)
		require.ErrorIs(t, got, c.err, "the cause is kept")
		require.NotContains(t, got.Error(), "secret")
	}
}

func TestErrorsThatCallersBranchOnPassThrough(t *testing.T) {
	d := open(t, Config{})
	require.NoError(t, d.explain(nil))
	for _, e := range []error{ErrUnavailable, ErrNotFound, ErrExists, ErrConflict, ErrLeaseLost, ErrCancelled, context.Canceled} {
		wrapped := fmt.Errorf("wrapped: %w", e)
		require.Equal(t, wrapped, d.explain(wrapped))
	}
}

func TestWhatIsWorthAnotherTry(t *testing.T) {
	for _, e := range []error{&mysql.MySQLError{Number: 1213}, &mysql.MySQLError{Number: 1205}, drivererrors.ErrBadConn, mysql.ErrInvalidConn} {
		require.True(t, collided(fmt.Errorf("wrapped: %w", e)), e)
	}
	for _, e := range []error{&mysql.MySQLError{Number: 1062}, errors.New("odd"), ErrConflict} {
		require.False(t, collided(e), e)
	}
}

func TestATransactionThatAnotherStoodInTheWayOfIsRunAgain(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		tries := 0
		require.NoError(t, d.transact(t.Context(), func(*tx) error {
			if tries++; tries < 3 {
				return &mysql.MySQLError{Number: 1213}
			}
			return nil
		}))
		require.Equal(t, 3, tries)
		tries = 0
		require.Error(t, d.transact(t.Context(), func(*tx) error { tries++; return &mysql.MySQLError{Number: 1213} }))
		require.Equal(t, attempts, tries, "not for good")
		tries = 0
		require.ErrorIs(t, d.transact(t.Context(), func(*tx) error { tries++; return ErrConflict }), ErrConflict)
		require.Equal(t, 1, tries, "only where it may help")
	})
}

func TestWhatFailedHalfwayIsUndone(t *testing.T) {
	everywhere(t, func(t *testing.T, d *DB) {
		s, ctx := d.Space("1/a"), t.Context()
		create(t, s, "m")
		// The trail's line cannot be written: the change is not made either.
		for name, change := range map[string]func() error{
			"create": func() error { return s.CreateModel(ctx, &Model{Name: "n", Definition: []byte("{}")}, Entry{}) },
			"change": func() error {
				m, err := s.Model(ctx, "m")
				require.NoError(t, err)
				m.Name = "renamed"
				return s.ChangeModel(ctx, m, Entry{})
			},
			"import": func() error {
				return s.ImportModel(ctx, &Model{Name: "i", Definition: []byte("{}")}, []*Version{version("s")}, 0, Entry{})
			},
			"label": func() error { return s.AddLabel(ctx, &Label{Model: "m", Kind: "incident"}, Entry{}) },
			"job": func() error {
				_, _, err := s.Enqueue(ctx, "m", "anna", "user", Entry{})
				return err
			},
			"delete": func() error { return remove(ctx, s, "m", Entry{}) },
		} {
			require.ErrorContains(t, change(), "needs who did what", name)
		}
		all, err := s.Models(ctx)
		require.NoError(t, err)
		require.Len(t, all, 1)
		require.Equal(t, []any{"m", 0, 0}, []any{all[0].Name, all[0].Latest, all[0].Live})
		jobs, err := s.Jobs(ctx, "", 0)
		require.NoError(t, err)
		require.Empty(t, jobs)
		labels, err := s.Labels(ctx, "")
		require.NoError(t, err)
		require.Empty(t, labels)
	})
}
