package logs

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/forewarn/earlywarning/pkg/series"
	"github.com/forewarn/earlywarning/pkg/source"
	"github.com/forewarn/earlywarning/pkg/source/mysql"
	"github.com/forewarn/earlywarning/tests/mariaserver"
)

// maria is a real server that the tests of this package share; nil where this machine has none.
var maria *mariaserver.Server

func TestMain(m *testing.M) { mariaserver.Main(m, &maria) }

// modes are ways in which servers read backslashes and quotes.
var modes = map[string]string{
	"as MySQL and MariaDB come":    "DEFAULT",
	"a backslash is a character":   "'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES'",
	"with names in double quotes":  "'ANSI_QUOTES'",
	"standard SQL in both regards": "'ANSI,NO_BACKSLASH_ESCAPES'",
}

// level is one that servers read differently when it stands in a statement.
const level = `SYS\ERR'`

var began = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

// inMode gives a source over a server of that mode whose table app_logs has the messages, one a minute.
func inMode(t *testing.T, mode string, messages []string) *Source {
	t.Helper()
	mariaserver.Need(t, maria)
	require.NoError(t, maria.Exec(t.Context(), "CREATE OR REPLACE TABLE app_logs (ts DATETIME, container VARCHAR(32), level VARCHAR(16), message TEXT) DEFAULT CHARSET utf8mb4"))
	for i, m := range messages {
		require.NoError(t, maria.Exec(t.Context(), "INSERT INTO app_logs VALUES (FROM_UNIXTIME(?), 'api', ?, ?)", began.Unix()+int64(60*i), level, m))
	}
	require.NoError(t, maria.Exec(t.Context(), "SET GLOBAL sql_mode = "+mode))
	t.Cleanup(func() { _ = maria.Exec(context.WithoutCancel(t.Context()), "SET GLOBAL sql_mode = DEFAULT") })
	db, err := mysql.New(mysql.Config{URL: maria.Address, User: "forewarn", Password: "forewarn", Database: "metrics"})
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return New(db)
}

// counts gives how many messages each keyword or pattern counted.
func counts(t *testing.T, s *Source, spec source.Spec) map[string]float64 {
	t.Helper()
	set, err := s.Read(t.Context(), source.Request{Spec: spec, From: began, To: began.Add(time.Hour), Step: 5 * time.Minute})
	require.NoError(t, err)
	out := map[string]float64{}
	for _, one := range set.Series {
		for _, v := range one.Values {
			if v > 0 {
				out[one.Labels["keyword"]+one.Labels[patternLabel]] += v
			}
		}
	}
	return out
}

// What is looked for is found as it is written, in whatever mode the server runs; nothing else is.
func TestKeywordsAreReadAlikeInEveryMode(t *testing.T) {
	messages := []string{`cannot open C:\temp\new`, "cannot open C:temp", `cannot open C:\\temp`, "disk at 100% of heap_used", "disk at 100X of heapXused", "it's a | b",
		`say "no"`, "what?", `ends with \`, "内存不足", "CANNOT"}
	want := map[string]float64{
		`C:\temp`: 1, `C:\\temp`: 1, `\`: 3, `\n`: 1, "100%": 1, "heap_used": 1, "_": 1, "%": 1, "it's": 1, "'": 1, "|": 1, "a | b": 1, `"no"`: 1, "?": 1, "内存": 1, "cannot": 4, `\'`: 0,
	}
	spec := source.Spec{Kind: source.Logs, Table: "app_logs", Time: "ts", Message: "message", Level: "level", Levels: []string{level}}
	for keyword := range want {
		spec.Keywords = append(spec.Keywords, keyword)
	}
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			s := inMode(t, mode, messages)
			got := counts(t, s, spec)
			for keyword, n := range want {
				require.Equal(t, n, got[keyword], "%q", keyword)
			}
			other := spec
			other.Levels = []string{`SYSERR'`}
			require.Empty(t, counts(t, s, other), "a level is as it is written, too")
		})
	}
}

// Patterns hold backslashes, per cent signs and pipes of the messages they were learnt from.
func TestPatternsAreReadAlikeInEveryMode(t *testing.T) {
	var messages []string
	for _, one := range []string{`cannot open C:\temp\x for user 7`, "100% of heap_used by it's", "a | b took 5 ms"} {
		messages = append(messages, one, one, one)
	}
	for name, mode := range modes {
		t.Run(name, func(t *testing.T) {
			got := counts(t, inMode(t, mode, messages), source.Spec{Kind: source.Logs, Table: "app_logs", Time: "ts", Message: "message", Patterns: 5})
			require.Equal(t, map[string]float64{`cannot open C:\temp\x for user …`: 3, "… of heap_used by it's": 3, "a | b took … ms": 3}, got)
		})
	}
}

func TestTheExecutedStatementSaysItsTexts(t *testing.T) {
	s := inMode(t, "DEFAULT", []string{"x"})
	spec := source.Spec{Kind: source.Logs, Table: "app_logs", Time: "ts", Message: "message", Keywords: []string{`50%\`}}
	set, err := s.Read(t.Context(), source.Request{Spec: spec, From: began, To: began.Add(time.Hour), Step: 5 * time.Minute})
	require.NoError(t, err)
	require.Contains(t, set.Executed, "`message` LIKE ? ESCAPE '|' GROUP BY 1\n-- ? = [\"50%\\\\\" \"%50|%\\\\%\"]")
	require.Equal(t, series.NewGrid(began, began.Add(time.Hour), 5*time.Minute), set.Grid)
}
