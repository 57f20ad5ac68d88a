package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
)

func TestEveryTypeIsTheNumberItIs(t *testing.T) {
	c := real(t)
	tableOf(t, "kinds", `ts DATETIME, ti TINYINT, si SMALLINT UNSIGNED, i INT, bi BIGINT UNSIGNED, de DECIMAL(20,4), fl FLOAT, du DOUBLE, ye YEAR, bo BOOLEAN, b1 BIT(8), b2 BIT(12)`,
		`('2026-03-01 10:02:00', -7, 65535, -2147483648, 18446744073709551615, 12345678901.2345, 1.5, 2.25, 2026, TRUE, 49, 257)`)
	set, err := c.Read(t.Context(), reading("SELECT ts AS time, ti, si, i, bi, de, fl, du, ye, bo, b1, b2 FROM kinds"))
	require.NoError(t, err)
	got := map[string]float64{}
	for _, s := range set.Series {
		require.Equal(t, []int{0}, []int{len(known(s)) - 1}, s.Name)
		got[s.Labels["field"]] = s.Values[0]
	}
	require.Equal(t, map[string]float64{"ti": -7, "si": 65535, "i": -2147483648, "bi": 18446744073709551615, "de": 12345678901.2345, "fl": 1.5, "du": 2.25, "ye": 2026, "bo": 1,
		"b1": 49, // whose byte is the text "1"
		"b2": 257}, got)
}

func TestEveryFormOfTimeFallsIntoItsBucket(t *testing.T) {
	c := real(t)
	tableOf(t, "times", "dt DATETIME(3), st TIMESTAMP NULL, s BIGINT, ms BIGINT, us BIGINT, ns BIGINT, f DOUBLE, v INT",
		`('2026-03-01 10:17:30.5', '2026-03-01 10:17:30', 1772360250, 1772360250500, 1772360250500000, 1772360250500000000, 1772360250.5, 9)`)
	for _, column := range []string{"dt", "st", "s", "ms", "us", "ns", "f", "UNIX_TIMESTAMP(dt)", "CAST(s AS DECIMAL(20,3))", "CAST(dt AS CHAR)"} {
		set, err := c.Read(t.Context(), reading("SELECT "+column+" AS time, v FROM times"))
		require.NoError(t, err, column)
		require.Equal(t, map[int]float64{3: 9}, known(set.Series[0]), column)
		require.Equal(t, hour, set.Grid.Start)
	}
	set, err := c.Read(t.Context(), reading("SELECT s AS time_sec, v FROM times"))
	require.NoError(t, err)
	require.Equal(t, map[int]float64{3: 9}, known(set.Series[0]), "Grafana's other name for it")
	_, err = c.Read(t.Context(), reading("SELECT 'noon' AS time, v FROM times"))
	require.ErrorIs(t, err, source.ErrBadQuery)
	require.ErrorContains(t, err, "row 1: column time: noon is neither a date nor an epoch")
}

func TestDatesAreThoseOfTheSessionsZone(t *testing.T) {
	tableOf(t, "zoned", "dt DATETIME, st TIMESTAMP NULL, v INT", "('2026-03-01 18:17:00', '2026-03-01 10:17:00', 9)")
	for zone, column := range map[string]string{"+08:00": "dt", "": "st"} {
		c := real(t, func(c *Config) { c.Timezone = zone })
		set, err := c.Read(t.Context(), reading("SELECT "+column+" AS time, v FROM zoned"))
		require.NoError(t, err)
		require.Equal(t, map[int]float64{3: 9}, known(set.Series[0]), column)
	}
	c := real(t, func(c *Config) { c.Timezone = "+08:00" })
	set, err := c.Read(t.Context(), reading("SELECT st AS time, v FROM zoned WHERE $__timeFilter(st)"))
	require.NoError(t, err)
	require.Equal(t, map[int]float64{3: 9}, known(set.Series[0]), "a moment is the same in each zone")
	_, err = real(t, func(c *Config) { c.Timezone = "Europe/Berlin" }).Read(t.Context(), reading("SELECT 1 AS time, 2 AS v"))
	require.ErrorIs(t, err, source.ErrBadQuery, "this server has no names of zones")
	require.ErrorContains(t, err, `does not know the time zone "Europe/Berlin": give an offset such as +08:00`)
}

func TestMacrosRunOnARealServer(t *testing.T) {
	c := real(t)
	tableOf(t, "load1", "ts DATETIME, e BIGINT, n BIGINT, host VARCHAR(10), v DOUBLE",
		"('2026-03-01 09:59:00', 1772359140, 1772359140000000000, 'a', 100)", // before the range
		"('2026-03-01 10:01:00', 1772359260, 1772359260000000000, 'a', 1)", "('2026-03-01 10:03:00', 1772359380, 1772359380000000000, 'a', 3)",
		"('2026-03-01 10:21:00', 1772360460, 1772360460000000000, 'a', 5)", "('2026-03-01 10:21:00', 1772360460, 1772360460000000000, 'b', 7)",
		"('2026-03-01 12:00:00', 1772366400, 1772366400000000000, 'a', 100)") // and after
	for name, sql := range map[string]string{
		"a filter and a group":      "SELECT $__timeGroup(ts, '5m') AS time, host AS metric, avg(v) FROM load1 WHERE $__timeFilter(ts) GROUP BY 1, 2 ORDER BY 1",
		"the query's own step":      "SELECT $__timeGroupAlias(ts, $__interval), host AS metric, avg(v) FROM load1 WHERE $__timeFilter(ts) GROUP BY 1, 2",
		"between two times":         "SELECT $__timeGroupAlias(ts, '5m'), host AS metric, avg(v) FROM load1 WHERE ts BETWEEN $__timeFrom() AND $__timeTo() GROUP BY 1, 2",
		"seconds since the epoch":   "SELECT $__unixEpochGroupAlias(e, '5m'), host AS metric, avg(v) FROM load1 WHERE $__unixEpochFilter(e) GROUP BY 1, 2",
		"from and to as numbers":    "SELECT $__unixEpochGroupAlias(e, '5m'), host AS metric, avg(v) FROM load1 WHERE e >= $__unixEpochFrom() AND e < $__unixEpochTo() GROUP BY 1, 2",
		"nanoseconds":               "SELECT n AS time, host AS metric, v FROM load1 WHERE $__unixEpochNanoFilter(n)",
		"grouped by nobody":         "SELECT $__time(ts), host AS metric, v FROM load1 WHERE $__timeFilter(ts)",
		"with a comment in between": "SELECT $__timeEpoch(ts), host AS metric, v -- $__nothing()\nFROM load1 WHERE $__timeFilter(ts) AND host <> '$__timeFrom()'",
	} {
		t.Run(name, func(t *testing.T) {
			set, err := c.Read(t.Context(), reading(sql))
			require.NoError(t, err)
			require.Len(t, set.Series, 2)
			require.Equal(t, []string{"a", "b"}, []string{set.Series[0].Name, set.Series[1].Name})
			require.Equal(t, map[int]float64{0: 2, 4: 5}, known(set.Series[0]), "the mean of a bucket, and gaps where nothing was")
			require.Equal(t, map[int]float64{4: 7}, known(set.Series[1]))
			require.NotContains(t, set.Executed, "$__timeFilter")
		})
	}
}

func TestBucketsWithoutARowAreFilledWhereAskedFor(t *testing.T) {
	c := real(t)
	tableOf(t, "load2", "ts DATETIME, v DOUBLE", "('2026-03-01 10:06:00', 2)", "('2026-03-01 10:16:00', 5)")
	read := func(fill string) []float64 {
		set, err := c.Read(t.Context(), reading("SELECT $__timeGroup(ts, '5m'"+fill+") AS time, avg(v) AS v FROM load2 GROUP BY 1"))
		require.NoError(t, err)
		return set.Series[0].Values[:5]
	}
	require.Equal(t, []float64{0, 2, 0, 5, 0}, read(", 0"))
	require.Equal(t, []float64{-1.5, 2, -1.5, 5, -1.5}, read(", -1.5"))
	previous := read(", previous")
	require.True(t, previous[0] != previous[0], "nothing was before the first")
	require.Equal(t, []float64{2, 2, 5, 5}, previous[1:])
	require.Len(t, known(series.Series{Values: read(", NULL")}), 2)
}

func TestTextColumnsAreLabels(t *testing.T) {
	c := real(t)
	tableOf(t, "load3", "ts DATETIME, region VARCHAR(10) CHARACTER SET utf8mb4, kind ENUM('x','y'), orders INT, amount DECIMAL(12,2)",
		"('2026-03-01 10:01:00', '华东', 'x', 5, 10.50)", "('2026-03-01 10:01:00', 'west', NULL, 7, NULL)")
	set, err := c.Read(t.Context(), reading("SELECT ts AS time, region, kind, orders, amount FROM load3"))
	require.NoError(t, err)
	labels := map[string]series.Series{}
	for _, s := range set.Series {
		labels[s.Labels.String()] = s
	}
	require.Len(t, labels, 4, "two rows by two numbers")
	one := labels[`{field="amount", kind="x", region="华东"}`]
	require.Equal(t, map[int]float64{0: 10.5}, known(one))
	require.Equal(t, "amount", one.Name[:6])
	require.Empty(t, known(labels[`{field="amount", kind="", region="west"}`]), "NULL is missing, not zero")
	require.Equal(t, map[int]float64{0: 7}, known(labels[`{field="orders", kind="", region="west"}`]))
	set, err = c.Read(t.Context(), reading("SELECT ts AS time, region, sum(orders) AS orders FROM load3 GROUP BY 1, 2"))
	require.NoError(t, err)
	require.Equal(t, `{region="west"}`, set.Series[0].Name, "one number: its labels name it")
	set, err = c.Read(t.Context(), reading("SELECT ts AS time, orders FROM load3 WHERE region = 'west'"))
	require.NoError(t, err)
	require.Equal(t, []any{"orders", series.Labels{}}, []any{set.Series[0].Name, set.Series[0].Labels})
}

func TestRowsThatShareAnIntervalAreToldOf(t *testing.T) {
	c := real(t)
	tableOf(t, "load4", "ts DATETIME, host VARCHAR(5), v INT", "('2026-03-01 10:01:00', 'a', 2)", "('2026-03-01 10:02:00', 'a', 4)", "('2026-03-01 10:31:00', 'a', 6)", "('2026-03-01 10:31:00', 'b', 8)")
	set, err := c.Read(t.Context(), reading("SELECT ts AS time, host AS metric, v FROM load4 ORDER BY ts"))
	require.NoError(t, err)
	require.Equal(t, []series.Notice{{Severity: series.Info, Text: "1 rows fell into the same interval as another; their mean was taken"}}, set.Notices)
	set, err = c.Read(t.Context(), reading("SELECT ts AS time, v FROM load4 ORDER BY ts"))
	require.NoError(t, err)
	require.Equal(t, series.Warning, set.Notices[0].Severity)
	require.Contains(t, set.Notices[0].Text, "is a label column missing?")
}

func TestNothingFoundIsNoError(t *testing.T) {
	c := real(t)
	tableOf(t, "load5", "ts DATETIME, v INT")
	set, err := c.Read(t.Context(), reading("SELECT ts AS time, v FROM load5"))
	require.NoError(t, err)
	require.Empty(t, set.Series)
	require.Equal(t, 12, set.Grid.Len)
}

func TestOnlyReadingIsPossible(t *testing.T) {
	// Were a statement to slip past the guard, an administrator's connection could not write either.
	require.NotNil(t, real(t))
	c := real(t, func(c *Config) { c.User, c.Password = "writer", "secret" })
	require.NoError(t, maria.Exec(t.Context(), "CREATE OR REPLACE USER writer@'127.0.0.1' IDENTIFIED BY 'secret'"))
	require.NoError(t, maria.Exec(t.Context(), "GRANT ALL ON metrics.* TO writer@'127.0.0.1'"))
	tableOf(t, "kept", "v INT", "(1)")
	for _, statement := range []string{"INSERT INTO kept VALUES (2)", "UPDATE kept SET v = 2", "DELETE FROM kept", "DROP TABLE kept", "SELECT * FROM kept FOR UPDATE"} {
		_, err := c.Read(t.Context(), reading(statement))
		require.ErrorIs(t, err, source.ErrRefused, statement)
		past := c.query(t.Context(), func(dialect) (string, []any, error) { return statement, nil, nil }, func(*sql.Rows) error { return nil })
		if !strings.HasPrefix(statement, "SELECT") {
			require.Error(t, past, "%s past the guard", statement)
			require.ErrorIs(t, past, source.ErrRefused, statement)
		}
	}
	var n int
	require.NoError(t, maria.Admin.QueryRowContext(t.Context(), "SELECT SUM(v) FROM metrics.kept").Scan(&n))
	require.Equal(t, 1, n)
}

func TestErrorsOfTheServerAreSaidInWords(t *testing.T) {
	tableOf(t, "load6", "ts DATETIME, host VARCHAR(5), v INT", "('2026-03-01 10:01:00', 'a', 1)", "('2026-03-01 10:02:00', 'b', 1)", "('2026-03-01 10:03:00', 'c', 1)")
	few := source.DefaultLimits()
	few.Rows, few.Series, few.Timeout = 2, 100, 300*time.Millisecond
	two := few
	two.Rows, two.Series = 100, 2
	bytes := few
	bytes.Rows, bytes.Bytes = 100, 20
	all := "SELECT ts AS time, host AS metric, v FROM load6"
	for name, c := range map[string]struct {
		change func(c *Config)
		sql    string
		want   error
		says   string
	}{
		"a wrong password":     {func(c *Config) { c.Password = "guess" }, all, source.ErrDenied, `user "forewarn": check password and grants`},
		"another's database":   {func(c *Config) { c.Database = "mysql" }, all, source.ErrDenied, "check password and grants"},
		"another's table":      {nil, "SELECT 1 AS time, Host, 2 AS v FROM mysql.user", source.ErrDenied, "check password and grants"},
		"no such table":        {nil, "SELECT ts AS time, v FROM nowhere", source.ErrBadQuery, "error 1146"},
		"no such column":       {nil, "SELECT ts AS time, w FROM load6", source.ErrBadQuery, "error 1054"},
		"a slip of the pen":    {nil, "SELECT ts AS time v FROM FROM load6", source.ErrBadQuery, "error 1064"},
		"no column for time":   {nil, "SELECT ts, v FROM load6", source.ErrBadQuery, "no column is named time or time_sec, only ts, v"},
		"no number":            {nil, "SELECT ts AS time, host FROM load6", source.ErrBadQuery, "no column is a number (time, host)"},
		"an unknown macro":     {nil, "SELECT $__now() AS time, v FROM load6", source.ErrRefused, "$__now"},
		"too many rows":        {func(c *Config) { c.Limits = few }, all, source.ErrTooLarge, "more than 2 rows"},
		"too many series":      {func(c *Config) { c.Limits = two }, all, source.ErrTooLarge, "more than 2 series"},
		"too many bytes":       {func(c *Config) { c.Limits = bytes }, all, source.ErrTooLarge, "MiB"},
		"a server that is off": {func(c *Config) { c.URL = "127.0.0.1:1" }, all, source.ErrUnreachable, "mysql at 127.0.0.1:1"},
		"a slow statement":     {func(c *Config) { c.Limits = few }, "SELECT 1 AS time, COUNT(*) AS v FROM information_schema.columns a, information_schema.columns b, information_schema.columns c", source.ErrTimeout, "300ms"},
	} {
		t.Run(name, func(t *testing.T) {
			var change []func(*Config)
			if c.change != nil {
				change = append(change, c.change)
			}
			_, err := real(t, change...).Read(t.Context(), reading(c.sql))
			require.ErrorIs(t, err, c.want)
			require.ErrorContains(t, err, c.says)
			require.NotContains(t, err.Error(), "guess", "never a password")
		})
	}
}

func TestAQueryThatIsNoLongerWantedIsCancelled(t *testing.T) {
	c := real(t)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	_, err := c.Read(ctx, reading("SELECT 1 AS time, COUNT(*) AS v FROM information_schema.columns a, information_schema.columns b, information_schema.columns c"))
	require.ErrorIs(t, err, context.Canceled)
}

func TestARangeThatEndsBeforeItStartsIsRefused(t *testing.T) {
	c, err := New(Config{URL: "127.0.0.1:1", User: "u"})
	require.NoError(t, err)
	r := reading("SELECT 1")
	r.From, r.To = r.To, r.From
	_, err = c.Read(t.Context(), r)
	require.ErrorIs(t, err, source.ErrBadQuery)
}

func TestTheCheckTellsTheVersion(t *testing.T) {
	version, err := real(t).Check(t.Context())
	require.NoError(t, err)
	require.Regexp(t, `^MySQL \d+\.\d+`, version)
	_, err = real(t, func(c *Config) { c.Password = "guess" }).Check(t.Context())
	require.ErrorIs(t, err, source.ErrDenied)
}

func TestManyReadsShareTheConnections(t *testing.T) {
	c := real(t, func(c *Config) { c.MaxOpen = 2 })
	errs := make(chan error, 12)
	for i := range cap(errs) {
		go func() {
			_, err := c.Read(t.Context(), reading(fmt.Sprintf("SELECT 1772359260 AS time, %d AS v", i)))
			errs <- err
		}()
	}
	for range cap(errs) {
		require.NoError(t, <-errs)
	}
	require.LessOrEqual(t, c.db.Stats().OpenConnections, 2)
}
