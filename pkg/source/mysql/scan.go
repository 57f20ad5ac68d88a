package mysql

import "strings"

// dialect is how a session reads quoted texts, which its sql_mode says; the zero value is MySQL's own.
type dialect struct {
	plainBackslash bool // NO_BACKSLASH_ESCAPES: a backslash is a character as any other
	ansiQuotes     bool // ANSI_QUOTES: what stands in double quotes is a name
}

func dialectOf(sqlMode string) (d dialect) {
	for mode := range strings.SplitSeq(sqlMode, ",") {
		d.plainBackslash = d.plainBackslash || mode == "NO_BACKSLASH_ESCAPES"
		d.ansiQuotes = d.ansiQuotes || mode == "ANSI_QUOTES"
	}
	return d
}

// skip gives the end of what starts at i when that is a quoted text, a quoted name or a comment, else i: macros and keywords
// inside those are not looked at.
func (d dialect) skip(s string, i int) int {
	switch {
	case s[i] == '\'' || s[i] == '"' || s[i] == '`':
		return d.quoted(s, i)
	case s[i] == '#', strings.HasPrefix(s[i:], "--") && (i+2 == len(s) || s[i+2] <= ' '):
		if end := strings.IndexByte(s[i:], '\n'); end >= 0 {
			return i + end + 1
		}
		return len(s)
	case strings.HasPrefix(s[i:], "/*"):
		if end := strings.Index(s[i+2:], "*/"); end >= 0 {
			return i + 2 + end + 2
		}
		return len(s)
	}
	return i
}

// quoted gives the end of the quoted text that starts at i; a doubled quote, and in texts one after a backslash, does not end it.
func (d dialect) quoted(s string, i int) int {
	q := s[i]
	escapes := !d.plainBackslash && (q == '\'' || q == '"' && !d.ansiQuotes)
	for k := i + 1; k < len(s); k++ {
		switch {
		case s[k] == '\\' && escapes:
			k++
		case s[k] == q && k+1 < len(s) && s[k+1] == q:
			k++
		case s[k] == q:
			return k + 1
		}
	}
	return len(s)
}

func isWord(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
