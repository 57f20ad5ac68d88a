package sql

import (
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/demo/world"
)

var begin = time.Date(2026, 3, 11, 9, 41, 30, 0, time.UTC)

// start serves a world whose clock may be moved on.
func start(t *testing.T) (*Server, *world.World, *atomic.Int64) {
	t.Helper()
	w, now := world.New(begin, 1), &atomic.Int64{}
	now.Store(begin.Unix())
	s, err := Start(t.Context(), Config{Address: "127.0.0.1:0", World: w, Now: func() time.Time { return time.Unix(now.Load(), 0) }})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s, w, now
}

func connect(t *testing.T, s *Server, user, password string) *sql.DB {
	t.Helper()
	db, err := sql.Open("mysql", fmt.Sprintf("%s:%s@tcp(%s)/%s?parseTime=true", user, password, s.Address(), Database))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func columnTypes(t *testing.T, db *sql.DB, query string) (out []string) {
	t.Helper()
	rows, err := db.Query(query)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	types, err := rows.ColumnTypes()
	require.NoError(t, err)
	for _, one := range types {
		out = append(out, one.DatabaseTypeName())
	}
	require.NoError(t, rows.Err())
	return out
}

func TestTypesAreThoseOfMySQL(t *testing.T) {
	s, w, _ := start(t)
	db := connect(t, s, User, Password)
	for _, c := range []struct {
		query string
		types []string
	}{
		{"SELECT ts, region, orders, amount FROM orders_per_minute LIMIT 1", []string{"DATETIME", "VARCHAR", "INT", "DECIMAL"}},
		{"SELECT id, ts, container, level, message FROM app_logs LIMIT 1", []string{"BIGINT", "DATETIME", "VARCHAR", "VARCHAR", "TEXT"}},
		{"SELECT COUNT(*) FROM app_logs", []string{"BIGINT"}},
	} {
		require.Equal(t, c.types, columnTypes(t, db, c.query), c.query)
	}
	var ts time.Time
	var region, amount string
	var orders int
	require.NoError(t, db.QueryRow("SELECT * FROM orders_per_minute ORDER BY ts, region LIMIT 1").Scan(&ts, &region, &orders, &amount))
	first := w.Orders(w.Start())[0]
	require.Equal(t, w.Start(), ts)
	require.Equal(t, first.Region, region)
	require.Equal(t, first.Orders, orders)
	require.Equal(t, fmt.Sprintf("%d.%02d", first.Cents/100, first.Cents%100), amount, "an exact decimal")
}

func TestFourWeeksAreThere(t *testing.T) {
	s, w, _ := start(t)
	db := connect(t, s, User, Password)
	var n int
	var from, to time.Time
	require.NoError(t, db.QueryRow("SELECT COUNT(*), MIN(ts), MAX(ts) FROM orders_per_minute").Scan(&n, &from, &to))
	require.Equal(t, 3*28*24*60, n)
	require.Equal(t, w.Start(), from)
	require.Equal(t, w.Anchor().Add(-time.Minute), to, "the minute that goes on is not there yet")
	for _, keyword := range []string{"OutOfMemory", "timeout", "connection refused"} {
		require.NoError(t, db.QueryRow("SELECT COUNT(*) FROM app_logs WHERE message LIKE CONCAT('%', ?, '%') AND level IN ('ERROR')", keyword).Scan(&n))
		require.Greater(t, n, 30, keyword)
	}
}

func TestRowsArriveAsMinutesEnd(t *testing.T) {
	s, w, now := start(t)
	db := connect(t, s, User, Password)
	now.Store(begin.Add(5 * time.Minute).Unix())
	count := func(query string) (n int) {
		require.NoError(t, db.QueryRow(query, w.Anchor()).Scan(&n))
		return n
	}
	require.Eventually(t, func() bool { return count("SELECT COUNT(*) FROM orders_per_minute WHERE ts >= ?") == 5*3 }, 20*time.Second, 50*time.Millisecond)
	logs := 0
	for i := range 5 {
		logs += len(w.Logs(w.Anchor().Add(time.Duration(i) * time.Minute)))
	}
	require.Equal(t, logs, count("SELECT COUNT(*) FROM app_logs WHERE ts >= ?"))
}

// TestStatementsOfGrafanaAndOfThePlugin runs what those two send.
func TestStatementsOfGrafanaAndOfThePlugin(t *testing.T) {
	s, _, _ := start(t)
	db := connect(t, s, User, Password)
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	for _, statement := range []string{
		"SET time_zone = '+00:00'", "SET SESSION max_execution_time = 30000", "SET NAMES utf8mb4",
		"START TRANSACTION READ ONLY", "SELECT 1", "ROLLBACK",
	} {
		_, err := conn.ExecContext(t.Context(), statement)
		require.NoError(t, err, statement)
	}
	var time64, orders, want int64
	require.NoError(t, conn.QueryRowContext(t.Context(), "SELECT UNIX_TIMESTAMP(ts) DIV 300 * 300 AS time, SUM(orders) FROM orders_per_minute WHERE region = 'east' AND ts BETWEEN FROM_UNIXTIME(?) AND FROM_UNIXTIME(?) GROUP BY 1",
		begin.Unix()-600-begin.Unix()%300, begin.Unix()-301-begin.Unix()%300).Scan(&time64, &orders))
	require.Equal(t, begin.Unix()-begin.Unix()%300-600, time64)
	require.NoError(t, conn.QueryRowContext(t.Context(), "SELECT SUM(orders) FROM orders_per_minute WHERE region = 'east' AND ts >= ? AND ts < ?",
		time.Unix(time64, 0).UTC(), time.Unix(time64+300, 0).UTC()).Scan(&want))
	require.Equal(t, want, orders)
	var tables []string
	rows, err := conn.QueryContext(t.Context(), "SHOW TABLES")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		tables = append(tables, name)
	}
	require.NoError(t, rows.Err())
	require.Equal(t, []string{"app_logs", "orders_per_minute"}, tables)
}

func TestTheSessionZoneIsUTC(t *testing.T) {
	s, _, _ := start(t)
	var zone string
	var at int64
	var ts time.Time
	require.NoError(t, connect(t, s, User, Password).QueryRow("SELECT @@session.time_zone, ts, UNIX_TIMESTAMP(ts) FROM orders_per_minute LIMIT 1").Scan(&zone, &ts, &at))
	require.Equal(t, "UTC", zone)
	require.Equal(t, ts.Unix(), at, "whatever the machine's own zone is")
}

func TestTheAccountMayOnlyRead(t *testing.T) {
	s, _, _ := start(t)
	db := connect(t, s, User, Password)
	for _, statement := range []string{
		"INSERT INTO orders_per_minute VALUES (NOW(), 'east', 1, 1)", "DELETE FROM app_logs", "UPDATE orders_per_minute SET orders = 0",
		"DROP TABLE app_logs", "CREATE TABLE x (a INT)", "CREATE DATABASE x", "CREATE USER x IDENTIFIED BY 'y'", "GRANT ALL ON *.* TO 'forewarn'@'%'",
		"CREATE VIEW v AS SELECT 1",
	} {
		_, err := db.Exec(statement)
		require.Error(t, err, statement)
	}
	var n int
	require.NoError(t, db.QueryRow("SELECT COUNT(*) FROM orders_per_minute").Scan(&n))
	require.Equal(t, 3*28*24*60, n)
}

func TestOthersAreRefused(t *testing.T) {
	s, _, _ := start(t)
	for _, who := range [][2]string{{User, "wrong"}, {User, ""}, {"root", ""}, {"setup", ""}} {
		err := connect(t, s, who[0], who[1]).Ping()
		var refused *mysql.MySQLError
		require.True(t, errors.As(err, &refused), "%v: %v", who, err)
		require.Contains(t, []uint16{1045, 2012}, refused.Number, "access denied, or no way to log in")
	}
}

func TestATakenPortIsTold(t *testing.T) {
	s, w, _ := start(t)
	_, err := Start(t.Context(), Config{Address: s.Address(), World: w})
	require.ErrorContains(t, err, s.Address())
}
