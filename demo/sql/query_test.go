package sql

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/demo/world"
)

// firstDay serves a world on whose first day it is evening: quick to fill, and enough for what does not need four weeks.
func firstDay(t *testing.T) (*Server, *world.World, time.Time) {
	t.Helper()
	w := world.New(begin, 1)
	now := w.Start().Add(12 * time.Hour)
	s, err := Start(t.Context(), Config{Address: "127.0.0.1:0", World: w, Now: func() time.Time { return now }})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s, w, now
}

// all reads a query's only column as texts; NULL is <nil>.
func all(t require.TestingT, db *sql.DB, query string, args ...any) (list []string) {
	rows, err := db.Query(query, args...)
	require.NoError(t, err, query)
	defer func() { require.NoError(t, rows.Close()) }()
	for rows.Next() {
		var v any
		require.NoError(t, rows.Scan(&v))
		if b, ok := v.([]byte); ok {
			v = string(b)
		}
		list = append(list, fmt.Sprint(v))
	}
	require.NoError(t, rows.Err())
	return list
}

// Whatever is asked of the time column, by the index or not, the rows are those that a walk through all of them finds.
func TestConditionsOnTimeFindTheirRows(t *testing.T) {
	s, w, now := firstDay(t)
	db := connect(t, s, User, Password)
	var times []time.Time
	for at := w.Start(); at.Before(now); at = at.Add(time.Minute) {
		times = append(times, at)
	}
	moment := func(t *rapid.T, name string) time.Time {
		seconds := rapid.OneOf(rapid.IntRange(-3600, 13*3600), rapid.Map(rapid.IntRange(-2, 722), func(m int) int { return 60 * m })).Draw(t, name)
		return w.Start().Add(time.Duration(seconds) * time.Second)
	}
	conditions := map[string]func(at, a, b time.Time) bool{
		"ts < ?":                  func(at, a, _ time.Time) bool { return at.Before(a) },
		"ts <= ?":                 func(at, a, _ time.Time) bool { return !at.After(a) },
		"ts > ?":                  func(at, a, _ time.Time) bool { return at.After(a) },
		"ts >= ?":                 func(at, a, _ time.Time) bool { return !at.Before(a) },
		"ts = ?":                  func(at, a, _ time.Time) bool { return at.Equal(a) },
		"ts <> ?":                 func(at, a, _ time.Time) bool { return !at.Equal(a) },
		"NOT (ts >= ?)":           func(at, a, _ time.Time) bool { return at.Before(a) },
		"ts BETWEEN ? AND ?":      func(at, a, b time.Time) bool { return !at.Before(a) && !at.After(b) },
		"ts > ? AND ts < ?":       func(at, a, b time.Time) bool { return at.After(a) && at.Before(b) },
		"ts < ? OR ts > ?":        func(at, a, b time.Time) bool { return at.Before(a) || at.After(b) },
		"ts IN (?, ?)":            func(at, a, b time.Time) bool { return at.Equal(a) || at.Equal(b) },
		"ts >= ? AND NOT ts <= ?": func(at, a, b time.Time) bool { return !at.Before(a) && at.After(b) },
	}
	names := make([]string, 0, len(conditions))
	for name := range conditions {
		names = append(names, name)
	}
	slices.Sort(names)
	rapid.Check(t, func(t *rapid.T) {
		condition := rapid.SampledFrom(names).Draw(t, "condition")
		args := []any{moment(t, "a"), moment(t, "b")}
		var want []string
		for _, at := range times {
			if conditions[condition](at, args[0].(time.Time), args[1].(time.Time)) {
				want = append(want, at.String())
			}
		}
		query, newest := "SELECT ts FROM orders_per_minute WHERE region = 'west' AND ("+condition+") ORDER BY ts", rapid.Bool().Draw(t, "newest first")
		if newest {
			query += " DESC"
			slices.Reverse(want)
		}
		if n := rapid.IntRange(1, 1000).Draw(t, "most"); n < 500 {
			query += fmt.Sprintf(" LIMIT %d", n)
			want = want[:min(n, len(want))]
		}
		require.Equal(t, want, all(t, db, query, args[:strings.Count(condition, "?")]...), query)
	})
}

// The newest row is the newest, sorted by whatever and however a client asks for it.
func TestTheNewestRowIsTheNewest(t *testing.T) {
	s, w, now := firstDay(t)
	db := connect(t, s, User, Password)
	last := now.Add(-time.Minute).String()
	for _, query := range []string{
		"SELECT ts FROM orders_per_minute ORDER BY ts DESC LIMIT 1",
		"SELECT ts FROM orders_per_minute WHERE region = 'east' ORDER BY ts DESC LIMIT 1",
		"SELECT ts FROM orders_per_minute WHERE ts > '2000-01-01' ORDER BY ts DESC LIMIT 1",
		"SELECT o.ts FROM orders_per_minute AS o ORDER BY o.ts DESC, o.region LIMIT 1",
		"SELECT ts AS time FROM orders_per_minute ORDER BY time DESC LIMIT 1",
		"SELECT ts FROM orders_per_minute ORDER BY 1 DESC LIMIT 1",
		"SELECT ts FROM (SELECT ts FROM orders_per_minute ORDER BY ts DESC LIMIT 5) AS five ORDER BY ts DESC LIMIT 1",
		"SELECT MAX(ts) FROM orders_per_minute",
	} {
		require.Equal(t, []string{last}, all(t, db, query), query)
	}
	require.Equal(t, []string{w.Start().String()}, all(t, db, "SELECT ts FROM orders_per_minute ORDER BY ts LIMIT 1"))
	ids := all(t, db, "SELECT id FROM app_logs ORDER BY ts DESC, id DESC")
	rising := all(t, db, "SELECT id FROM app_logs ORDER BY id")
	slices.Reverse(rising)
	require.Equal(t, rising, ids, "ids rise with time")
	require.Equal(t, ids[2:5], all(t, db, "SELECT id FROM app_logs ORDER BY id DESC LIMIT 3 OFFSET 2"))
}

// Money is exact: sums are those of whole cents, and stay decimals.
func TestSumsOfMoneyAreExact(t *testing.T) {
	s, w, now := firstDay(t)
	db := connect(t, s, User, Password)
	cents, most := map[string]int64{}, int64(0)
	var orders int64
	for at := w.Start(); at.Before(now); at = at.Add(time.Minute) {
		for _, o := range w.Orders(at) {
			cents[o.Region] += o.Cents
			orders += int64(o.Orders)
			most = max(most, o.Cents)
		}
	}
	money := func(c int64) string { return fmt.Sprintf("%d.%02d", c/100, c%100) }
	for region, sum := range cents {
		// The engine sums decimals as decimals, and hands the sum out as a double.
		require.Equal(t, []string{fmt.Sprint(float64(sum) / 100)}, all(t, db, "SELECT SUM(amount) FROM orders_per_minute WHERE region = '"+region+"'"))
		require.Equal(t, []string{money(sum)}, all(t, db, "SELECT CAST(SUM(amount) AS DECIMAL(20,2)) FROM orders_per_minute WHERE region = '"+region+"'"))
	}
	require.Equal(t, []string{money(most)}, all(t, db, "SELECT MAX(amount) FROM orders_per_minute"))
	require.Equal(t, []string{fmt.Sprint(orders)}, all(t, db, "SELECT CAST(SUM(orders) AS SIGNED) FROM orders_per_minute"))
	require.Equal(t, []string{"<nil>"}, all(t, db, "SELECT SUM(amount) FROM orders_per_minute WHERE region = 'north'"), "of nothing there is no sum")
	require.Equal(t, []string{"0"}, all(t, db, "SELECT COUNT(amount) FROM orders_per_minute WHERE region = 'north'"))
	require.Equal(t, []string{"3"}, all(t, db, "SELECT COUNT(DISTINCT region) FROM orders_per_minute HAVING COUNT(*) > 2000"))
}

// A session's zone is its own: DATETIME stays what is stored, and what it means in seconds follows the zone.
func TestZonesOfSessions(t *testing.T) {
	s, w, _ := firstDay(t)
	db := connect(t, s, User, Password)
	for zone, hours := range map[string]int64{"UTC": 0, "+00:00": 0, "+08:00": 8, "-05:30": 0, "Asia/Shanghai": 8} {
		conn, err := db.Conn(t.Context())
		require.NoError(t, err)
		_, err = conn.ExecContext(t.Context(), "SET time_zone = ?", zone)
		require.NoError(t, err, zone)
		var ts time.Time
		var seconds int64
		require.NoError(t, conn.QueryRowContext(t.Context(), "SELECT ts, UNIX_TIMESTAMP(ts) FROM orders_per_minute ORDER BY ts LIMIT 1").Scan(&ts, &seconds), zone)
		require.Equal(t, w.Start(), ts, zone)
		shift := hours * 3600
		if zone == "-05:30" {
			shift = -5*3600 - 1800
		}
		require.Equal(t, w.Start().Unix()-shift, seconds, zone)
		var back time.Time
		require.NoError(t, conn.QueryRowContext(t.Context(), "SELECT FROM_UNIXTIME(?)", seconds).Scan(&back), zone)
		require.Equal(t, ts, back, "%s: there and back", zone)
		var other string
		second, err := db.Conn(t.Context())
		require.NoError(t, err)
		require.NoError(t, second.QueryRowContext(t.Context(), "SELECT @@session.time_zone").Scan(&other))
		require.Equal(t, "UTC", other, "another session has its own")
		require.NoError(t, second.Close())
		_, err = conn.ExecContext(t.Context(), "SET time_zone = 'UTC'")
		require.NoError(t, err)
		require.NoError(t, conn.Close())
	}
}

// What the account sees is the shop, and what it may do is read it.
func TestWhatTheAccountSees(t *testing.T) {
	s, _, _ := firstDay(t)
	db := connect(t, s, User, Password)
	require.Equal(t, []string{"app_logs", "orders_per_minute"}, all(t, db, "SELECT table_name FROM information_schema.tables WHERE table_schema = ? ORDER BY table_name", Database))
	require.Contains(t, all(t, db, "SHOW DATABASES"), Database)
	require.Equal(t, []string{"BASE TABLE", "BASE TABLE"}, all(t, db, "SELECT table_type FROM information_schema.tables WHERE table_schema = ?", Database))
	require.Equal(t, []string{"ts"}, all(t, db, "SELECT DISTINCT column_name FROM information_schema.statistics WHERE table_schema = ?", Database), "the index")
	require.Empty(t, all(t, db, "SELECT table_name FROM information_schema.views WHERE table_schema = ?", Database))
	var table, made string
	require.NoError(t, db.QueryRow("SHOW CREATE TABLE orders_per_minute").Scan(&table, &made))
	for _, column := range []string{"`ts` datetime", "`region` varchar(16)", "`orders` int", "`amount` decimal(12,2)"} {
		require.Contains(t, made, column)
	}
	for _, statement := range []string{
		"USE mysql", "SELECT host FROM mysql.user", "TRUNCATE TABLE app_logs", "ALTER TABLE app_logs ADD COLUMN x INT", "CREATE INDEX i ON app_logs (id)",
		"RENAME TABLE app_logs TO logs", "REPLACE INTO app_logs VALUES (1, NOW(), 'a', 'b', 'c')", "DROP DATABASE shop", "DROP USER 'forewarn'@'%'",
		"CREATE TRIGGER x BEFORE INSERT ON app_logs FOR EACH ROW SET @a = 1", "REVOKE SELECT ON shop.* FROM 'forewarn'@'%'", "SET PASSWORD = 'x'",
	} {
		_, err := db.Exec(statement)
		require.Error(t, err, statement)
	}
	require.NoError(t, connect(t, s, User, Password).Ping(), "the account is as it was")
}

// The machine's files are neither written nor read, whoever could from the shell.
func TestFilesAreOutOfReach(t *testing.T) {
	s, _, _ := firstDay(t)
	db, dir := connect(t, s, User, Password), t.TempDir()
	secret := filepath.Join(dir, "secret")
	require.NoError(t, os.WriteFile(secret, []byte("hush"), 0o600))
	for _, statement := range []string{
		"SELECT 1 INTO OUTFILE '" + filepath.Join(dir, "out") + "'", "SELECT message FROM app_logs INTO OUTFILE '" + filepath.Join(dir, "out") + "'",
		"SELECT 1 INTO DUMPFILE '" + filepath.Join(dir, "out") + "'", "SELECT 1 INTO OUTFILE '" + filepath.Join(dir, "..", "forewarn-out") + "'",
		"LOAD DATA INFILE '" + secret + "' INTO TABLE app_logs", "SET GLOBAL secure_file_priv = ''", "SET secure_file_priv = ''",
	} {
		_, err := db.Exec(statement)
		require.Error(t, err, statement)
	}
	var read sql.NullString
	err := db.QueryRow("SELECT LOAD_FILE(?)", secret).Scan(&read)
	require.NotContains(t, fmt.Sprint(read.String, err), "hush")
	list, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, list, 1)
}

// A connection may say which database it wants: another than the shop, or one that is not there, is refused.
func TestOtherDatabasesAreRefused(t *testing.T) {
	s, _, _ := firstDay(t)
	for _, name := range []string{"mysql", "nowhere"} {
		db, err := sql.Open("mysql", fmt.Sprintf("%s:%s@tcp(%s)/%s", User, Password, s.Address(), name))
		require.NoError(t, err)
		err = db.Ping()
		if err == nil {
			_, err = db.Exec("SELECT * FROM user")
		}
		var told *mysql.MySQLError
		require.True(t, errors.As(err, &told), "%s: %v", name, err)
		require.NoError(t, db.Close())
	}
	none, err := sql.Open("mysql", fmt.Sprintf("%s:%s@tcp(%s)/", User, Password, s.Address()))
	require.NoError(t, err)
	defer func() { require.NoError(t, none.Close()) }()
	require.Equal(t, []string{"3"}, all(t, none, "SELECT COUNT(DISTINCT region) FROM shop.orders_per_minute"), "with its name a table is found from anywhere")
}

// Values of a prepared statement come back as they went in.
func TestValuesOfPreparedStatements(t *testing.T) {
	s, _, _ := firstDay(t)
	statement, err := connect(t, s, User, Password).Prepare("SELECT CONCAT(?), ? = ?")
	require.NoError(t, err)
	defer func() { require.NoError(t, statement.Close()) }()
	for _, c := range []struct {
		value any
		want  string
	}{{int64(-7), "-7"}, {int64(1) << 62, "4611686018427387904"}, {0.5, "0.5"}, {"text", "text"}, {[]byte("bytes"), "bytes"}, {"", ""}, {strings.Repeat("x", 70_000), strings.Repeat("x", 70_000)}} {
		var text string
		var same bool
		require.NoError(t, statement.QueryRow(c.value, c.value, c.value).Scan(&text, &same), "%.20v", c.value)
		require.True(t, same && c.want == text, "%.20v: %.40s", c.value, text)
	}
	var null sql.NullString
	var same sql.NullBool
	require.NoError(t, statement.QueryRow(nil, nil, nil).Scan(&null, &same))
	require.False(t, null.Valid || same.Valid, "NULL is nothing, and equal to nothing")
}

// Closing the server ends the connections that are open and gives its port back.
func TestCloseEndsWhatIsOpen(t *testing.T) {
	w := world.New(begin, 1)
	config := Config{Address: "127.0.0.1:0", World: w, Now: func() time.Time { return w.Start().Add(time.Hour) }}
	s, err := Start(t.Context(), config)
	require.NoError(t, err)
	config.Address = s.Address()
	db := connect(t, s, User, Password)
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	require.NoError(t, conn.PingContext(t.Context()))
	require.NoError(t, s.Close())
	require.Error(t, conn.PingContext(t.Context()))
	_ = conn.Close()
	require.Error(t, db.Ping(), "nobody is there")

	s, err = Start(t.Context(), config)
	require.NoError(t, err, "the port is given back")
	require.Equal(t, []string{"180"}, all(t, db, "SELECT COUNT(*) FROM orders_per_minute"), "a client connects again by itself")
	require.NoError(t, s.Close())
}
