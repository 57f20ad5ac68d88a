package sql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/demo/world"
)

// What Go's own driver, which Grafana and the plugin use, gets of a server whose clock stands still.
func TestTheRealDriver(t *testing.T) {
	s, w, _ := start(t)
	db := connect(t, s, User, Password)
	t.Run("prepared statements", func(t *testing.T) { prepared(t, db, w) })
	t.Run("values", func(t *testing.T) { values(t, s) })
	t.Run("mistakes", func(t *testing.T) { mistakes(t, db) })
	t.Run("long results", func(t *testing.T) { longResults(t, db, w) })
	t.Run("schema", func(t *testing.T) { schema(t, db) })
}

// Prepared statements travel in MySQL's binary protocol: every type arrives as it is in the table, and as text it is the same.
func prepared(t *testing.T, db *sql.DB, w *world.World) {
	statement, err := db.Prepare("SELECT ts, region, orders, amount FROM orders_per_minute WHERE region = ? AND ts >= ? AND ts < ? AND orders >= ? ORDER BY ts")
	require.NoError(t, err)
	defer func() { require.NoError(t, statement.Close()) }()
	for _, minutes := range []int{1, 0, 90} { // the same statement, run again
		from := w.Anchor().Add(-time.Duration(minutes) * time.Minute)
		require.Equal(t, minutes, wests(t, statement, w, from, w.Anchor()))
	}
	_, err = statement.Exec("west")
	require.Error(t, err, "three values are missing")

	var null sql.NullInt64
	var text string
	var ratio float64
	require.NoError(t, db.QueryRow("SELECT NULL, CONCAT(?, '-', ?), ? / 4", "a", 7, 3).Scan(&null, &text, &ratio))
	require.False(t, null.Valid)
	require.Equal(t, "a-7", text)
	require.InDelta(t, 0.75, ratio, 0)
}

// wests holds the rows of a region, a minute each, against the world and counts them.
func wests(t *testing.T, statement *sql.Stmt, w *world.World, from, to time.Time) (n int) {
	t.Helper()
	rows, err := statement.Query("west", from, to, 0)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	for ; rows.Next(); n++ {
		var ts time.Time
		var region, amount string
		var orders int64
		require.NoError(t, rows.Scan(&ts, &region, &orders, &amount))
		at := from.Add(time.Duration(n) * time.Minute)
		want := w.Orders(at)[slices.IndexFunc(w.Orders(at), func(o world.Order) bool { return o.Region == "west" })]
		require.Equal(t, []any{at, "west", int64(want.Orders), fmt.Sprintf("%d.%02d", want.Cents/100, want.Cents%100)}, []any{ts, region, orders, amount})
	}
	require.NoError(t, rows.Err())
	return n
}

// What is looked for may hold quotes, signs of LIKE and other writing: it is data, never a part of the statement.
func values(t *testing.T, s *Server) {
	for name, options := range map[string]string{"by the server": "", "by the client": "&interpolateParams=true"} {
		db, err := sql.Open("mysql", fmt.Sprintf("%s:%s@tcp(%s)/%s?parseTime=true%s", User, Password, s.Address(), Database, options))
		require.NoError(t, err)
		for _, text := range []string{`' OR '1'='1`, `"; DROP TABLE app_logs; --`, `\`, "内存不足 😀", "a\nb"} {
			var back string
			require.NoError(t, db.QueryRow("SELECT ?", text).Scan(&back), "%s %q", name, text)
			require.Equal(t, text, back, name)
			var n int
			require.NoError(t, db.QueryRow("SELECT COUNT(*) FROM app_logs WHERE container = ?", text).Scan(&n), "%s %q", name, text)
			require.Zero(t, n, "%s %q", name, text)
		}
		require.NoError(t, db.Close())
	}
}

// Mistakes come as errors of the server that say what is wrong, with MySQL's own numbers, and the session goes on.
func mistakes(t *testing.T, db *sql.DB) {
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	for query, says := range map[string]string{
		"SELEC 1":                                    "1064 syntax error at position 6 near 'SELEC'",
		"SELECT * FROM":                              "1064 syntax error at position 14",
		"SELECT 1; SELECT 2":                         "1064 syntax error at position 17",
		"SELECT * FROM customers":                    "1146 table not found: customers",
		"SELECT price FROM orders_per_minute":        `1054 column "price" could not be found`,
		"SELECT NO_SUCH_FUNCTION(1)":                 "1305 function: 'no_such_function' not found",
		"SELECT ts FROM app_logs, orders_per_minute": "1052 ambiguous column",
		"SELECT 1 FROM nowhere.app_logs":             "1045 Access denied",
		"SELECT user FROM mysql.user":                "1045 Access denied",
	} {
		_, err := conn.ExecContext(t.Context(), query)
		var told *mysql.MySQLError
		require.True(t, errors.As(err, &told), "%s: %v", query, err)
		require.Contains(t, fmt.Sprint(told.Number, " ", told.Message), says, query)
		var one int
		require.NoError(t, conn.QueryRowContext(t.Context(), "SELECT 1").Scan(&one), "after %s", query)
	}
}

// Many connections read at once while minutes are added: each answer is whole, which is a multiple of what one minute adds.
func TestManyReadAtOnceWhileRowsArrive(t *testing.T) {
	s, w, now := start(t)
	db := connect(t, s, User, Password)
	db.SetMaxOpenConns(12)
	before := 3 * 24 * 60
	var readers sync.WaitGroup
	failed := make(chan error, 12)
	for range 12 {
		readers.Go(func() {
			for range 5 {
				failed <- func() error {
					tx, err := db.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
					if err != nil {
						return err
					}
					defer func() { _ = tx.Rollback() }()
					var n, regions int
					if err := tx.QueryRow("SELECT COUNT(*), COUNT(DISTINCT region) FROM orders_per_minute WHERE ts >= ?", w.Anchor().Add(-24*time.Hour)).Scan(&n, &regions); err != nil {
						return err
					}
					if n < before || n%3 != 0 || regions != 3 {
						return fmt.Errorf("%d rows of %d regions", n, regions)
					}
					return nil
				}()
			}
		})
	}
	go func() { readers.Wait(); close(failed) }()
	answers := 0
	for err := range failed {
		require.NoError(t, err)
		if answers++; answers%6 == 0 {
			now.Add(60)
		}
	}
	require.Equal(t, 60, answers)
	require.Eventually(t, func() bool {
		var n int
		require.NoError(t, db.QueryRow("SELECT COUNT(*) FROM orders_per_minute WHERE ts >= ?", w.Anchor()).Scan(&n))
		return n == 3*10
	}, 20*time.Second, 50*time.Millisecond, "the ten minutes that passed are there")
}

// A result of a hundred thousand rows arrives whole and in order, and one that nobody wants any more is given up.
func longResults(t *testing.T, db *sql.DB, w *world.World) {
	rows, err := db.Query("SELECT ts, region FROM orders_per_minute ORDER BY ts, region")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	n, regions := 0, []string{"east", "south", "west"}
	for rows.Next() {
		var ts time.Time
		var region string
		require.NoError(t, rows.Scan(&ts, &region))
		if want := w.Start().Add(time.Duration(n/3) * time.Minute); !ts.Equal(want) || region != regions[n%3] {
			require.Failf(t, "row", "%d is %s %s, want %s %s", n, ts, region, want, regions[n%3])
		}
		n++
	}
	require.NoError(t, rows.Err())
	require.Equal(t, 3*28*24*60, n)

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	given, err := db.QueryContext(ctx, "SELECT ts, region FROM orders_per_minute")
	require.NoError(t, err)
	defer func() { _ = given.Close() }()
	require.True(t, given.Next())
	cancel()
	for given.Next() {
		continue
	}
	require.ErrorIs(t, given.Err(), context.Canceled)
	require.NoError(t, db.Ping(), "others go on")
}

// What other clients look at first: the version, variables, tables and columns.
func schema(t *testing.T, db *sql.DB) {
	var version, database, user string
	require.NoError(t, db.QueryRow("SELECT VERSION(), DATABASE(), CURRENT_USER()").Scan(&version, &database, &user))
	require.True(t, strings.HasPrefix(version, "8."), version)
	require.Equal(t, Database, database)
	require.True(t, strings.HasPrefix(user, User+"@"), user)
	rows, err := db.Query("SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = ? ORDER BY table_name, ordinal_position", Database)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	var got []string
	for rows.Next() {
		var table, column, kind string
		require.NoError(t, rows.Scan(&table, &column, &kind))
		got = append(got, table+"."+column+" "+kind)
	}
	require.NoError(t, rows.Err())
	require.Equal(t, []string{"app_logs.id bigint", "app_logs.ts datetime", "app_logs.container varchar", "app_logs.level varchar", "app_logs.message text",
		"orders_per_minute.ts datetime", "orders_per_minute.region varchar", "orders_per_minute.orders int", "orders_per_minute.amount decimal"}, got)
}
