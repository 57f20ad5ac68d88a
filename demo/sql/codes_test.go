package sql

import (
	"errors"
	"fmt"
	"testing"

	driver "github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"

	"github.com/dolthub/vitess/go/mysql"
)

// Only what the engine has no number of its own for is given one, and only where it is known what it was; its words stay.
func TestOnlyWhatHasNoNumberIsGivenOne(t *testing.T) {
	unknown := func(says string) error { return mysql.NewSQLError(mysql.ERUnknownError, "", "%s", says) }
	for _, c := range []struct {
		err   error
		num   int
		state string
	}{
		{unknown("syntax error at position 3 near 'x'"), 1064, "42000"},
		{unknown(`table "a" does not have column "b"`), 1054, "42S22"},
		{unknown("function: 'nosuch' not found"), 1305, "42000"},
		{unknown("ambiguous column name \"ts\", it's present in all these tables: a, b"), 1052, "23000"},
		{unknown("Access denied for user 'x'"), 1045, "28000"},
		{unknown("out of luck: a syntax error is not what this is"), mysql.ERUnknownError, "HY000"},
		{mysql.NewSQLError(mysql.ERNoSuchTable, "", "syntax error, of a table that is not there"), 1146, "HY000"},
	} {
		var got *mysql.SQLError
		require.True(t, errors.As(coded(c.err), &got), "%v", c.err)
		require.Equal(t, fmt.Sprint(c.num, " ", c.state), fmt.Sprint(got.Num, " ", got.State), "%v", c.err)
		require.Contains(t, c.err.Error(), got.Message)
	}
	plain := errors.New("syntax error of somebody else")
	require.Same(t, plain, coded(plain))
	require.NoError(t, coded(nil))
}

// A statement that is prepared has its mistakes told with the same numbers, but for its syntax.
func TestPreparedMistakesHaveTheirNumbers(t *testing.T) {
	s, _, _ := start(t)
	db := connect(t, s, User, Password)
	for query, want := range map[string]uint16{
		"SELECT price FROM orders_per_minute WHERE region = ?": 1054,
		"SELECT ts FROM customers WHERE id = ?":                1146,
		"SELEC ?":                                              1105, // parsed by the connection, before the engine sees it
		"SELECT user FROM mysql.user WHERE x = ?":              1045,
	} {
		var any string
		err := db.QueryRowContext(t.Context(), query, "west").Scan(&any)
		var told *driver.MySQLError
		require.True(t, errors.As(err, &told), "%s: %v", query, err)
		require.Equal(t, want, told.Number, "%s: %v", query, err)
	}
}
