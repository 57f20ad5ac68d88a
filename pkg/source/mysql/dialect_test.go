package mysql

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/source"
)

func TestTheModeSaysHowTextsAreRead(t *testing.T) {
	for mode, want := range map[string]dialect{
		"":                                     {},
		"STRICT_TRANS_TABLES,NO_ZERO_DATE":     {},
		"NO_BACKSLASH_ESCAPES":                 {plainBackslash: true},
		"ANSI_QUOTES":                          {ansiQuotes: true},
		"REAL_AS_FLOAT,ANSI_QUOTES,ANSI":       {ansiQuotes: true},
		"ANSI_QUOTES,NO_BACKSLASH_ESCAPES":     {true, true},
		"MY_NO_BACKSLASH_ESCAPES,ANSI_QUOTESX": {},
	} {
		require.Equal(t, want, dialectOf(mode), mode)
	}
	for text, ends := range map[string]map[dialect]int{
		`'a\' b'`: {{}: 7, {plainBackslash: true}: 4, {ansiQuotes: true}: 7},
		`"a\" b"`: {{}: 7, {plainBackslash: true}: 4, {ansiQuotes: true}: 4, {true, true}: 4},
		"`a\\` b": {{}: 4, {plainBackslash: true}: 4, {ansiQuotes: true}: 4},
		`'a''b'`:  {{}: 6, {plainBackslash: true}: 6},
		`'a\\'`:   {{}: 5, {plainBackslash: true}: 5},
	} {
		for d, end := range ends {
			require.Equal(t, end, d.skip(text, 0), "%s as %+v", text, d)
		}
	}
}

// A text that ends at a backslash for the server must end there for the guard and the macros as well, in the server's own mode.
func TestTextsEndWhereTheSessionEndsThem(t *testing.T) {
	const (
		whole   = `SELECT $__timeGroup(ts, '5m') AS time, v FROM paths WHERE p = 'C:\' AND $__timeFilter(ts) AND q = 'x'`
		hidden  = `SELECT '\' FROM paths INTO OUTFILE '/tmp/x'`
		quoting = `SELECT 1 AS time, "a\" FROM paths INTO OUTFILE '/tmp/"'`
		escaped = `SELECT $__timeGroup(ts, '5m') AS time, v FROM paths WHERE q = 'x' AND q <> 'it\'s into it' AND $__timeFilter(ts)`
	)
	for name, c := range map[string]struct {
		mode          string
		runs, refused []string
		words         string
	}{
		"as it comes":           {"DEFAULT", []string{escaped}, []string{"SELECT 1 INTO OUTFILE '/x'"}, "INTO is not allowed"},
		"backslashes are plain": {"'NO_BACKSLASH_ESCAPES'", []string{whole}, []string{hidden, quoting}, "INTO is not allowed"},
		"double quotes name":    {"'ANSI_QUOTES'", []string{escaped}, []string{quoting}, "INTO is not allowed"},
	} {
		t.Run(name, func(t *testing.T) {
			real(t)
			tableOf(t, "paths", "ts DATETIME, p VARCHAR(20), q VARCHAR(20), v INT", `('2026-03-01 10:02:00', CONCAT('C:', CHAR(92)), 'x', 7)`)
			require.NoError(t, maria.Exec(t.Context(), "SET GLOBAL sql_mode = "+c.mode))
			t.Cleanup(func() { _ = maria.Exec(context.WithoutCancel(t.Context()), "SET GLOBAL sql_mode = DEFAULT") })
			client := real(t)
			for _, sql := range c.runs {
				set, err := client.Read(t.Context(), reading(sql))
				require.NoError(t, err, sql)
				require.Len(t, set.Series, 1, sql)
				require.Equal(t, map[int]float64{0: 7}, known(set.Series[0]), sql)
			}
			for _, sql := range c.refused {
				_, err := client.Read(t.Context(), reading(sql))
				require.ErrorIs(t, err, source.ErrRefused, sql)
				require.ErrorContains(t, err, c.words, sql)
			}
		})
	}
}

// Without a backslash a statement is refused before anything is asked of a server.
func TestWhatIsRefusedInEveryModeAsksNobody(t *testing.T) {
	c, err := New(Config{URL: "127.0.0.1:1", User: "u"})
	require.NoError(t, err)
	_, err = c.Read(t.Context(), reading("DROP TABLE x"))
	require.ErrorIs(t, err, source.ErrRefused)
	_, err = c.Read(t.Context(), reading(`SELECT '\' INTO OUTFILE 'x'`))
	require.ErrorIs(t, err, source.ErrUnreachable)
}
