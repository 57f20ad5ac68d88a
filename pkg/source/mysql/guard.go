package mysql

import (
	"fmt"
	"strings"

	"github.com/forewarn/earlywarning/pkg/source"
)

// forbidden words do not belong into a statement that only reads rows: they write, lock, wait, or reach beyond tables.
var forbidden = map[string]string{
	"into": "SELECT … INTO writes", "outfile": "it writes a file", "dumpfile": "it writes a file", "load_file": "it reads a file of the server",
	"sleep": "it waits", "master_pos_wait": "it waits", "source_pos_wait": "it waits", "wait_for_executed_gtid_set": "it waits", "benchmark": "it burns time", "get_lock": "it locks", "release_lock": "it locks", "lock": "it locks",
	"insert": "it writes", "update": "it writes or locks", "delete": "it writes", "drop": "it writes", "alter": "it writes", "create": "it writes", "truncate": "it writes",
	"grant": "it changes rights", "call": "it runs a procedure",
	"session_user": "it tells account names", "current_user": "it tells account names", "system_user": "it tells account names",
}

// guard refuses everything but one SELECT or WITH … SELECT; the error wraps source.ErrRefused and says why. It is the first of
// three fences: the statement also runs in a read-only transaction, and should run as a user that may only SELECT.
func (d dialect) guard(sql string) error {
	first, previous, ended := "", "", false
	for i := 0; i < len(sql); {
		if strings.HasPrefix(sql[i:], "/*!") || strings.HasPrefix(sql[i:], "/*M!") {
			return refuse("executable comments (/*! … */) are not allowed")
		}
		if end := d.skip(sql, i); end != i {
			if c := sql[i]; ended && (c == '\'' || c == '"' || c == '`') {
				return refuse("one statement is allowed, text follows the semicolon")
			}
			i = end
			continue
		}
		c := sql[i]
		switch {
		case c == ';':
			ended = true
			i++
		case isWord(c):
			k := i
			for k < len(sql) && isWord(sql[k]) {
				k++
			}
			if ended {
				return refuse("one statement is allowed, text follows the semicolon")
			}
			word := strings.ToLower(sql[i:k])
			if first == "" {
				first = word
			}
			if why, bad := forbidden[word]; bad && !(i > 0 && sql[i-1] == '.') && !callOnly(word, sql[k:]) {
				return refuse(fmt.Sprintf("%s is not allowed: %s", strings.ToUpper(word), why))
			}
			if word == "share" && previous == "for" {
				return refuse("FOR SHARE is not allowed: it locks")
			}
			previous, i = word, k
		default:
			if ended && c > ' ' {
				return refuse("one statement is allowed, text follows the semicolon")
			}
			i++
		}
	}
	if first != "select" && first != "with" {
		return refuse(fmt.Sprintf("it starts with %q, only SELECT or WITH … SELECT is allowed", first))
	}
	return nil
}

// callOnly tells whether a word that is only dangerous as a function is used as something else, such as a column named sleep.
func callOnly(word, rest string) bool {
	switch word {
	case "sleep", "master_pos_wait", "source_pos_wait", "wait_for_executed_gtid_set", "benchmark", "get_lock", "release_lock", "load_file", "truncate", "insert", "session_user", "system_user":
		called := strings.HasPrefix(strings.TrimLeft(rest, " \t\r\n"), "(")
		// INSERT() and TRUNCATE() are harmless functions; the others are harmless unless called.
		return called == (word == "truncate" || word == "insert")
	}
	return false
}

func refuse(why string) error { return fmt.Errorf("%w: mysql: %s", source.ErrRefused, why) }
