package mysql

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/source"
)

var (
	t0 = time.Unix(1_700_000_000, 0)
	t1 = t0.Add(time.Hour)
)

// expanded replaces the macros of a statement over an hour, at a step of a minute.
func expanded(sql string) (string, error) {
	e := expansion{from: t0, to: t1, step: time.Minute}
	return e.expand(sql)
}

func TestMacrosHaveTheMeaningOfGrafanasMySQLSource(t *testing.T) {
	for in, want := range map[string]string{
		"$__time(ts)":                                    "UNIX_TIMESTAMP(ts) as time_sec",
		"$__timeEpoch(ts)":                               "UNIX_TIMESTAMP(ts) as time_sec",
		"$__timeFilter(ts)":                              "ts BETWEEN FROM_UNIXTIME(1700000000) AND FROM_UNIXTIME(1700003600)",
		"$__timeFrom()":                                  "FROM_UNIXTIME(1700000000)",
		"$__timeTo()":                                    "FROM_UNIXTIME(1700003600)",
		"$__timeGroup(ts, '5m')":                         "UNIX_TIMESTAMP(ts) DIV 300 * 300",
		"$__timeGroup(ts,'5m',NULL)":                     "UNIX_TIMESTAMP(ts) DIV 300 * 300",
		"$__timeGroup(ts, $__interval)":                  "UNIX_TIMESTAMP(ts) DIV 60 * 60",
		"$__timeGroupAlias(ts, '1h')":                    `UNIX_TIMESTAMP(ts) DIV 3600 * 3600 AS "time"`,
		"$__unixEpochFilter(e)":                          "e >= 1700000000 AND e <= 1700003600",
		"$__unixEpochFrom()":                             "1700000000",
		"$__unixEpochTo()":                               "1700003600",
		"$__unixEpochNanoFilter(e)":                      "e >= 1700000000000000000 AND e <= 1700003600000000000",
		"$__unixEpochNanoFrom()":                         "1700000000000000000",
		"$__unixEpochNanoTo()":                           "1700003600000000000",
		"$__unixEpochGroup(e, '1m')":                     "e DIV 60 * 60",
		"$__unixEpochGroupAlias(e, '1m', previous)":      `e DIV 60 * 60 AS "time"`,
		"$__interval":                                    "1m",
		"$__interval_ms":                                 "60000",
		"$__timeFilter(CONVERT_TZ(ts, 'UTC', '+08:00'))": "CONVERT_TZ(ts, 'UTC', '+08:00') BETWEEN FROM_UNIXTIME(1700000000) AND FROM_UNIXTIME(1700003600)",
		"'$__timeFrom()' -- $__timeTo()\n$__timeFrom()":  "'$__timeFrom()' -- $__timeTo()\nFROM_UNIXTIME(1700000000)",
	} {
		t.Run(in, func(t *testing.T) {
			got, err := expanded(in)
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
}

func TestWrongMacrosAreRefusedByName(t *testing.T) {
	for in, says := range map[string]string{
		"$__nothing(ts)":               "$__nothing",
		"$__timeFilter()":              "$__timeFilter",
		"$__timeGroup(ts)":             "needs a column and an interval",
		"$__timeGroup(ts, 'soon')":     `"soon" is not a duration`,
		"$__timeGroup(ts, '10ms')":     "below one second",
		"$__timeGroup(ts, '1m', much)": `fill "much"`,
		"$__timeFilter(ts":             "not closed",
	} {
		t.Run(in, func(t *testing.T) {
			_, err := expanded(in)
			require.ErrorIs(t, err, source.ErrRefused)
			require.ErrorContains(t, err, says)
		})
	}
}

func TestTheGuardLetsOneReadingStatementThrough(t *testing.T) {
	for _, sql := range []string{
		"SELECT 1", "  select ts, v FROM t WHERE a = ';' ", "WITH x AS (SELECT 1) SELECT * FROM x;", "/* note */ SELECT 1 -- ; DROP TABLE t",
		"SELECT `update`, t.create FROM t", "SELECT 'INTO OUTFILE' FROM t", "SELECT sleep, benchmark FROM machines", "SELECT INSERT('abc', 1, 1, 'x')", "SELECT 1 ; -- done",
		"(SELECT 1) UNION ALL (SELECT 2)",
	} {
		require.NoError(t, usual.guard(sql), sql)
	}
}

func TestTheGuardRefusesEverythingElse(t *testing.T) {
	for sql, says := range map[string]string{
		"":                                   "only SELECT",
		"DROP TABLE t":                       "DROP",
		"SELECT 1; SELECT 2":                 "one statement",
		"SELECT 1;'x'":                       "one statement",
		"SELECT * INTO OUTFILE '/x'":         "INTO",
		"SELECT LOAD_FILE('/etc/passwd')":    "LOAD_FILE",
		"SELECT * FROM t FOR UPDATE":         "UPDATE",
		"SELECT SLEEP(10)":                   "SLEEP",
		"SELECT /*!50000 1 */":               "executable comments",
		"SELECT /*M! 1 */":                   "executable comments",
		"WITH x AS (SELECT 1) DELETE FROM t": "DELETE",
		"SHOW GRANTS":                        "only SELECT",
		"SELECT CURRENT_USER":                "account names",
		"INSERT INTO t VALUES (1)":           "not allowed",
		"CALL p()":                           "CALL",
		"SET x = 1":                          "only SELECT",
	} {
		err := usual.guard(sql)
		require.ErrorIs(t, err, source.ErrRefused, sql)
		require.ErrorContains(t, err, says, sql)
	}
}

// FuzzGuard: whatever comes, neither the scanner nor the guard crashes, and nothing with text after a semicolon outside of
// quotes and comments gets through.
func FuzzGuard(f *testing.F) {
	for _, s := range []string{"SELECT 1;DROP TABLE t", "SELECT ';'", "$__timeFilter(", "/*", "'", "SELECT `a;b`", "-- \n;x", "SELECT \"\\\";\""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		out, err := expanded(sql)
		if err != nil {
			require.ErrorIs(t, err, source.ErrRefused)
			out = sql
		}
		if usual.guard(out) != nil {
			return
		}
		rest, ended := "", false
		for i := 0; i < len(out); {
			if end := usual.skip(out, i); end != i {
				i = end
				continue
			}
			if out[i] == ';' {
				ended = true
			} else if ended {
				rest += string(out[i])
			}
			i++
		}
		require.Empty(t, strings.Trim(rest, "\x00\x01\x02\x03\x04\x05\x06\x07\x08\t\n\v\f\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f ;"))
	})
}
