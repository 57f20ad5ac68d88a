// Package pattern finds the templates behind log messages: "user <*> logged in from <*>".
package pattern

import (
	"slices"
	"strings"
	"unicode"
)

// Wildcard stands for a token that differs from message to message.
const Wildcard = "<*>"

const (
	leading     = 2    // first tokens that a tree branches on
	mostBranch  = 100  // branches of a node; further tokens share the wildcard's
	alike       = 0.7  // part of the tokens that must be equal to join a template
	mostTokens  = 64   // of a message; the rest is cut
	mostPattern = 1000 // templates that are kept; the one unused for longest goes first
)

// Template is a group of messages of one form.
type Template struct {
	Tokens []string // Wildcard where messages differ
	Count  int      // messages
	ID     int      // in order of first appearance, from 0
	used   int      // when it last got a message
	loose  bool     // a message of it has other white space than one blank between its tokens
}

// String writes the template with blanks between its tokens.
func (t *Template) String() string { return strings.Join(t.Tokens, " ") }

// Miner groups messages one by one by Drain's fixed-depth tree (He, Zhu, Zheng, Lyu: Drain: an online log parsing approach with
// fixed depth tree, ICWS 2017): messages of as many tokens that begin alike are compared with the templates there; one that is
// like enough takes the message in, and its tokens that differ become wildcards. Tokens with a digit (numbers, addresses,
// identifiers) are wildcards from the start. It is not safe for concurrent use.
type Miner struct {
	tree  map[int]map[string]map[string][]*Template // by tokens, first, second
	all   []*Template
	next  int
	clock int
}

// NewMiner makes an empty miner.
func NewMiner() *Miner { return &Miner{tree: map[int]map[string]map[string][]*Template{}} }

// Add takes count messages of the same text in and gives their template.
func (m *Miner) Add(message string, count int) *Template {
	tokens := Tokens(message)
	m.clock++
	first := m.tree[len(tokens)]
	if first == nil {
		first = map[string]map[string][]*Template{}
		m.tree[len(tokens)] = first
	}
	var head [leading]string
	for i := range head {
		if head[i] = ""; i < len(tokens) {
			head[i] = tokens[i]
		}
	}
	if first[head[0]] == nil && len(first) >= mostBranch {
		head[0] = Wildcard
	}
	second := first[head[0]]
	if second == nil {
		second = map[string][]*Template{}
		first[head[0]] = second
	}
	if second[head[1]] == nil && len(second) >= mostBranch {
		head[1] = Wildcard
	}
	t := closest(second[head[1]], tokens)
	if t == nil {
		m.forget()
		t = &Template{Tokens: tokens, ID: m.next}
		m.next++
		second[head[1]] = append(second[head[1]], t)
		m.all = append(m.all, t)
	} else {
		for i, token := range tokens {
			if t.Tokens[i] != token {
				t.Tokens[i] = Wildcard
			}
		}
	}
	t.Count += count
	t.used = m.clock
	t.loose = t.loose || irregular(message)
	return t
}

// closest gives the template with the most equal tokens, where those are enough; nil else. Of two that are as close the one with
// more wildcards is taken, as in the paper.
func closest(among []*Template, tokens []string) (best *Template) {
	most, mostWild := -1.0, -1
	for _, t := range among {
		equal, wild := 0, 0 // a wildcard on both sides is no difference
		for i, token := range t.Tokens {
			if token == Wildcard {
				wild++
			}
			if token == tokens[i] {
				equal++
			}
		}
		part := 1.0
		if n := len(tokens); n > 0 {
			part = float64(equal) / float64(n)
		}
		if part > most || part == most && wild > mostWild {
			most, mostWild, best = part, wild, t
		}
	}
	if most < alike {
		return nil
	}
	return best
}

// forget drops the template that was unused for longest when there are too many.
func (m *Miner) forget() {
	if len(m.all) < mostPattern {
		return
	}
	oldest := 0
	for i, t := range m.all {
		if t.used < m.all[oldest].used {
			oldest = i
		}
	}
	gone := m.all[oldest]
	m.all = slices.Delete(m.all, oldest, oldest+1)
	for _, second := range m.tree[len(gone.Tokens)] {
		for word, list := range second {
			if i := slices.Index(list, gone); i >= 0 {
				second[word] = slices.Delete(list, i, i+1)
				return
			}
		}
	}
}

// Templates gives what was found, in order of first appearance.
func (m *Miner) Templates() []*Template { return slices.Clone(m.all) }

// Tokens splits a message at blanks and masks what is a value and no word: tokens with a digit.
func Tokens(message string) []string {
	tokens := strings.Fields(message)
	if len(tokens) > mostTokens {
		tokens = tokens[:mostTokens]
	}
	for i, t := range tokens {
		if strings.ContainsFunc(t, unicode.IsDigit) {
			tokens[i] = Wildcard
		}
	}
	return tokens
}

// irregular tells whether a message has other white space than single blanks between its words.
func irregular(message string) bool {
	blank := true
	for _, r := range message {
		if unicode.IsSpace(r) && (blank || r != ' ') {
			return true
		}
		blank = unicode.IsSpace(r)
	}
	return blank && message != ""
}

// EscapedBy is LIKE's ESCAPE that the patterns of this package are written for. It is no backslash: servers can be told to read those as
// plain characters, in texts and in patterns.
const EscapedBy = "|"

var escaper = strings.NewReplacer(EscapedBy, EscapedBy+EscapedBy, "%", EscapedBy+"%", "_", EscapedBy+"_")

// Escape writes a text so that SQL's LIKE ... ESCAPE EscapedBy takes no character of it for a wildcard.
func Escape(text string) string { return escaper.Replace(text) }

// Like writes a template as an operand of SQL's LIKE ... ESCAPE EscapedBy: neighbouring wildcards become one %. What was cut
// off, and white space that is no single blank, are a % as well: every message of the template is matched, and where messages were
// irregular some others may be.
func (t *Template) Like() string {
	blank := " "
	if t.loose {
		blank = "%"
	}
	var b strings.Builder
	for i, token := range t.Tokens {
		if token == Wildcard && i > 0 && t.Tokens[i-1] == Wildcard {
			continue
		}
		if i > 0 {
			b.WriteString(blank)
		} else if t.loose {
			b.WriteByte('%')
		}
		if token == Wildcard {
			b.WriteByte('%')
		} else {
			b.WriteString(Escape(token))
		}
	}
	if t.loose || len(t.Tokens) == mostTokens {
		b.WriteByte('%')
	}
	return b.String()
}

// Literal counts the letters of a template that are no wildcard: the more, the more it says.
func (t *Template) Literal() (n int) {
	for _, token := range t.Tokens {
		if token != Wildcard {
			n += len(token)
		}
	}
	return n
}
