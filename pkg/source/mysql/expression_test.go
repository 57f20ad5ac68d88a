package mysql

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/source"
)

// TestWhatAnExpressionGives holds what a server answers to expressions that people write; its type is not that of a column.
func TestWhatAnExpressionGives(t *testing.T) {
	c := real(t)
	tableOf(t, "orders", "ts DATETIME, n INT, u INT UNSIGNED, price DECIMAL(12,2), ratio FLOAT, ok BOOLEAN, note TEXT, j JSON, b BLOB",
		`('2026-03-01 10:17:00', 3, 4000000000, 10.25, 0.1, TRUE, '12', '{"ms": 7}', 'x')`, `('2026-03-01 10:18:00', 5, 1, NULL, 0.3, FALSE, 'abc', NULL, NULL)`)
	for expression, want := range map[string]float64{
		"COUNT(*)": 2, "COUNT(price)": 1, "SUM(n)": 8, "AVG(n)": 4, "MAX(u)": 4_000_000_000, "SUM(u)": 4_000_000_001, "SUM(price)": 10.25, "MIN(price)": 10.25,
		"STDDEV_POP(n)": 1, "SUM(ok)": 1, "SUM(n > 3)": 1, "100 * SUM(ok) / COUNT(*)": 50, "SUM(n) - SUM(u)": -3_999_999_993, "-SUM(price)": -10.25,
		"ROUND(AVG(ratio), 3)": 0.2, "SUM(CASE WHEN note = 'abc' THEN 1 ELSE 0 END)": 1, "COUNT(DISTINCT note)": 2, "BIT_OR(n)": 7, "MAX(n) DIV 2": 2, "MAX(n) / 2": 2.5,
		"COALESCE(SUM(NULL), 0)": 0, "CAST('12.5' AS DECIMAL(10,3))": 12.5, "CAST(MAX(n) AS UNSIGNED)": 5, "1e3": 1000, "TIMESTAMPDIFF(SECOND, MIN(ts), MAX(ts))": 60,
		"SUM(LENGTH(note))": 5, "PI()": 3.141593, "CAST(18446744073709551615 AS UNSIGNED)": 18446744073709551615, "SUM(9007199254740993)": 2 * 9007199254740992,
		"JSON_VALUE(MAX(j), '$.ms') + 0": 7, "IF(SUM(n) > 7, 1, 0)": 1, "YEAR(MAX(ts))": 2026, "HOUR(MAX(ts))": 10, "UNIX_TIMESTAMP(MAX(ts))": 1772360280,
	} {
		set, err := c.Read(t.Context(), reading("SELECT '2026-03-01 10:17:00' AS time, "+expression+" AS v FROM orders"))
		require.NoError(t, err, expression)
		require.Len(t, set.Series, 1, expression)
		got := known(set.Series[0])
		require.Len(t, got, 1, expression)
		require.InDelta(t, want, got[3], 1e-9*math.Abs(want), expression)
	}
}

func TestWhatIsNoNumberIsALabelOrMissing(t *testing.T) {
	c := real(t)
	tableOf(t, "mixed", "ts DATETIME, v INT, note TEXT, at TIME, j JSON", `('2026-03-01 10:17:00', NULL, 'a', '11:12:13', '{"a":1}')`)
	set, err := c.Read(t.Context(), reading("SELECT ts AS time, v FROM mixed"))
	require.NoError(t, err)
	require.Empty(t, known(set.Series[0]), "NULL is missing")
	set, err = c.Read(t.Context(), reading("SELECT ts AS time, note, at, j, 1 AS v FROM mixed"))
	require.NoError(t, err)
	require.Equal(t, map[string]string{"note": "a", "at": "11:12:13", "j": `{"a":1}`}, map[string]string(set.Series[0].Labels))
	for _, alone := range []string{"note", "at", "j", "'7'", "ts", "NULL"} {
		_, err = c.Read(t.Context(), reading("SELECT ts AS time, "+alone+" FROM mixed"))
		require.ErrorIs(t, err, source.ErrBadQuery, alone)
		require.ErrorContains(t, err, "no column is a number", alone)
	}
}

func TestAFillIsSaidOnceForTheStatement(t *testing.T) {
	for in, want := range map[string]struct {
		previous bool
		value    *float64
	}{
		"$__timeGroup(ts, '5m')": {}, "$__timeGroup(ts, '5m', NULL)": {}, "$__timeGroup(ts, '5m', null)": {}, "$__timeGroup(ts, '5m', previous)": {previous: true},
		"$__timeGroupAlias(ts, '5m', PREVIOUS)": {previous: true}, "$__timeGroup(ts, '5m', 0)": {value: new(float64)}, "$__unixEpochGroup(e, '5m', -1.5)": {value: p(-1.5)},
		"$__unixEpochGroupAlias(e, '5m', 1e3)": {value: p(1000)}, "$__timeFilter(ts)": {},
	} {
		e := expansion{from: t0, to: t1, step: time.Minute}
		_, err := e.expand(in)
		require.NoError(t, err, in)
		require.Equal(t, fill{want.previous, want.value}, e.fill, in)
	}
}

func p(v float64) *float64 { return &v }

// quiet are pieces of a statement that no macro and no word of the guard is looked for in.
var quiet = []string{"'it''s $__now()'", `"$__x; DROP"`, "`a``b;`", "-- DELETE ; $__x\n", "# UPDATE\n", "/* INSERT; $__y */", `'\'; DROP TABLE x; --'`}

func TestTextAndCommentsAreLeftAsTheyAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom(append([]string{"a", ", ", "b + 1", "x.sleep", "(c)"}, quiet...)), 0, 8).Draw(t, "parts")
		statement := "SELECT " + strings.Join(parts, " ") + " FROM t"
		got, err := expanded(statement)
		require.NoError(t, err)
		require.Equal(t, statement, got)
		require.NoError(t, usual.guard(statement))
		for _, word := range []string{"; DROP TABLE t", " INTO OUTFILE '/x'", " FOR UPDATE", "; SELECT 1", " LOCK IN SHARE MODE"} {
			require.ErrorIs(t, usual.guard(statement+word), source.ErrRefused, word)
		}
	})
}

func TestNoTextMakesTheGuardOrTheMacrosFail(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("aZ09 '\"`\\/*-#;$_().,!\n\t\x00é华"))).Draw(t, "text")
		_ = usual.guard(text)
		out, err := expanded(text)
		if err == nil && !strings.Contains(text, "$__") {
			require.Equal(t, text, out, "what has no macro stays")
		}
		if err != nil {
			require.ErrorIs(t, err, source.ErrRefused)
		}
	})
}

func TestAStatementThatEndsInTheMiddleIsRefused(t *testing.T) {
	for _, statement := range []string{"", " ", ";", "-- SELECT 1", "/* SELECT 1", "'SELECT 1'", "(", "SELEC 1", "EXPLAIN SELECT 1", "SHOW TABLES", "SET @a = 1", "DO SLEEP(1)", "HANDLER t OPEN",
		"TABLE t", "VALUES (1)", "DESCRIBE t", "USE mysql", "BEGIN", "COMMIT", "PREPARE s FROM 'x'", "EXECUTE s", "LOAD DATA INFILE 'x' INTO TABLE t", "REPLACE INTO t VALUES (1)", "RENAME TABLE a TO b"} {
		require.ErrorIs(t, usual.guard(statement), source.ErrRefused, statement)
	}
	for _, statement := range []string{"SELECT 1;", "SELECT 1 ; -- done", "  select 1", "WITH x AS (SELECT 1) SELECT * FROM x", "SELECT 1 UNION ALL SELECT 2", "/* why */ SELECT 1", "SELECT updated, deleted_at, `update` FROM t",
		"SELECT t.lock FROM t", "SELECT sleep FROM naps", "SELECT INSERT('abc', 1, 1, 'x')", "SELECT TRUNCATE(1.5, 0)"} {
		require.NoError(t, usual.guard(statement), statement)
	}
}
