package logs

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// like is SQL's LIKE ... ESCAPE '|', written apart from what is tested.
func like(pattern, text string) bool {
	p, s := []rune(pattern), []rune(text)
	switch {
	case len(p) == 0:
		return len(s) == 0
	case p[0] == '%':
		for i := 0; i <= len(s); i++ {
			if like(string(p[1:]), string(s[i:])) {
				return true
			}
		}
		return false
	case p[0] == '|' && len(p) > 1:
		return len(s) > 0 && s[0] == p[1] && like(string(p[2:]), string(s[1:]))
	}
	return len(s) > 0 && (p[0] == '_' || p[0] == s[0]) && like(string(p[1:]), string(s[1:]))
}

// asked gives the name and the pattern of each keyword as the server is given them.
func asked(t require.TestingT, sql SQL) (names, patterns []string) {
	args := sql.Args
	for one := range strings.SplitSeq(sql.Text, " UNION ALL ") {
		name, pattern := args[0].(string), "%"
		if args = args[1:]; strings.Contains(one, "`message` LIKE ? ESCAPE '|'") {
			pattern, args = args[0].(string), args[1:]
		}
		names, patterns = append(names, name), append(patterns, pattern)
	}
	require.Empty(t, args, "each text has its place")
	return names, patterns
}

func TestAKeywordIsFoundAsItIsWritten(t *testing.T) {
	for keyword, c := range map[string]struct{ in, out []string }{
		"timeout":            {[]string{"timeout", "a timeout of 5 s", "timeouts"}, []string{"time out", "timeou"}},
		"100%":               {[]string{"disk at 100% now"}, []string{"disk at 1000", "100"}},
		"heap_used":          {[]string{"heap_used=7"}, []string{"heapXused"}},
		`C:\temp`:            {[]string{`in C:\temp\x`}, []string{"in C:temp", `C:\\temp`}},
		"it's":               {[]string{"it's full"}, []string{"its", "it''s"}},
		`\'; DROP TABLE x--`: {[]string{`a \'; DROP TABLE x-- b`}, []string{"'; DROP TABLE x--"}},
		"内存不足":               {[]string{"容器内存不足，已重启"}, []string{"内存充足"}},
		"🔥":                  {[]string{"disk 🔥"}, []string{"disk 💧"}},
		" ":                  {[]string{"a b"}, []string{"ab"}},
		"%":                  {[]string{"5%"}, []string{"5"}},
		"a|b_c":              {[]string{"a|b_c"}, []string{"ab_c", "a|bXc", "a||b_c"}},
		`\`:                  {[]string{`\`, `a\b`}, []string{"/"}},
		"''":                 {[]string{"''"}, []string{"'"}},
	} {
		spec := table
		spec.Keywords = []string{keyword}
		sql, err := Statement(spec)
		require.NoError(t, err)
		names, patterns := asked(t, sql)
		require.Equal(t, []string{keyword}, names)
		for _, text := range c.in {
			require.True(t, like(patterns[0], text), "%q in %q", keyword, text)
		}
		for _, text := range c.out {
			require.False(t, like(patterns[0], text), "%q in %q", keyword, text)
		}
	}
}

// Whatever the keywords are made of, the statement has one SELECT for each, and a message is counted where it holds the keyword as written.
func TestKeywordsOfAnything(t *testing.T) {
	letters := rapid.SampledFrom([]rune(`ab%_|\'"; -?` + "`\n错😀"))
	text := rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(letters, 0, 8).Draw(t, "runes")) })
	rapid.Check(t, func(t *rapid.T) {
		spec := table
		for range rapid.IntRange(1, 4).Draw(t, "n") {
			spec.Keywords = append(spec.Keywords, text.Draw(t, "keyword"))
		}
		sql, err := Statement(spec)
		require.NoError(t, err)
		names, patterns := asked(t, sql)
		require.Equal(t, spec.Keywords, names)
		message := text.Draw(t, "message")
		if rapid.Bool().Draw(t, "hold it") {
			message += spec.Keywords[0] + text.Draw(t, "rest")
		}
		for i, keyword := range spec.Keywords {
			require.Equal(t, strings.Contains(message, keyword), like(patterns[i], message), "%q in %q by %q", keyword, message, patterns[i])
		}
	})
}

func TestWithoutKeywordsAllRowsCount(t *testing.T) {
	for name, keywords := range map[string][]string{"none": nil, "an empty one": {""}} {
		spec := table
		spec.Keywords, spec.Entity = keywords, ""
		sql, err := Statement(spec)
		require.NoError(t, err)
		require.Equal(t, SQL{"SELECT $__timeGroup(`ts`, $__interval) AS time, ? AS keyword, COUNT(*) AS count FROM `shop`.`app_logs` WHERE $__timeFilter(`ts`) GROUP BY 1", []any{""}}, sql, name)
	}
}

func TestLevelsAreTextsToo(t *testing.T) {
	spec := table
	spec.Level, spec.Levels = "severity", []string{"ERROR", "FATAL", "it's", "错误"}
	sql, err := Statement(spec)
	require.NoError(t, err)
	require.Contains(t, sql.Text, " AND `severity` IN (?, ?, ?, ?) GROUP BY")
	require.Equal(t, []any{"", "ERROR", "FATAL", "it's", "错误"}, sql.Args)
}
