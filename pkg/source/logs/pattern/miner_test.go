package pattern

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestMessagesOfOneFormShareATemplate(t *testing.T) {
	for name, c := range map[string]struct {
		messages []string
		want     []string
	}{
		"numbers and addresses differ": {
			[]string{"user 17 logged in from 10.0.0.1", "user 4 logged in from 10.0.0.99"},
			[]string{"user <*> logged in from <*>"},
		},
		"a word differs": {
			[]string{"lease of volume alpha was renewed by node", "lease of volume beta was renewed by node"},
			[]string{"lease of volume <*> was renewed by node"},
		},
		"too much differs": {
			[]string{"connection refused by peer", "connection closed after timeout"},
			[]string{"connection refused by peer", "connection closed after timeout"},
		},
		"another length": {
			[]string{"job done", "job done at last"},
			[]string{"job done", "job done at last"},
		},
		"a word turned wildcard stays one": {
			[]string{"cache of tenant red is warm now", "cache of tenant blue is warm now", "cache of tenant red is warm now"},
			[]string{"cache of tenant <*> is warm now"},
		},
		"nothing but blanks": {[]string{"", "  ", "\t"}, []string{""}},
		"only a number":      {[]string{"1", "22"}, []string{"<*>"}},
		"Chinese":            {[]string{"连接 10.1.1.1 超时", "连接 10.1.1.2 超时"}, []string{"连接 <*> 超时"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := NewMiner()
			for _, text := range c.messages {
				m.Add(text, 1)
			}
			var got []string
			total := 0
			for i, one := range m.Templates() {
				require.Equal(t, i, one.ID)
				got = append(got, one.String())
				total += one.Count
			}
			require.Equal(t, c.want, got)
			require.Equal(t, len(c.messages), total)
		})
	}
}

func TestCountsAreTaken(t *testing.T) {
	m := NewMiner()
	first := m.Add("disk sda is slow", 40)
	require.Same(t, first, m.Add("disk sda is slow", 2))
	require.Equal(t, 42, first.Count)
	require.Equal(t, len("disksdaisslow"), first.Literal())
	require.Zero(t, m.Add("7 8", 1).Literal())
}

// A node that has its full number of branches puts what is new in the wildcard's, so that the tree stays small.
func TestManyFirstWordsShareABranch(t *testing.T) {
	m := NewMiner()
	for i := range mostBranch + 50 {
		m.Add(word(i)+" was started by the operator", 1)
	}
	list := m.Templates()
	require.Len(t, list, mostBranch+1)
	last := list[mostBranch]
	require.Equal(t, "<*> was started by the operator", last.String())
	require.Equal(t, 50, last.Count)
	require.Len(t, m.tree[6], mostBranch+1)
}

// word spells a number in letters, since a token with a digit is a wildcard.
func word(i int) string {
	return strings.Map(func(r rune) rune { return 'a' + r - '0' }, fmt.Sprint(i)) + "x"
}

func TestTheTemplateUnusedForLongestIsForgotten(t *testing.T) {
	m := NewMiner()
	for i := range mostPattern {
		m.Add(fmt.Sprintf("alpha %s %s %s", word(i/mostBranch), word(i), word(i)), 1)
	}
	require.Len(t, m.Templates(), mostPattern)
	kept := m.Add(fmt.Sprintf("alpha %s %s %s", word(0), word(0), word(0)), 1)
	require.Equal(t, 0, kept.ID)
	m.Add("something else came", 1)
	require.Len(t, m.Templates(), mostPattern)
	ids := map[int]bool{}
	for _, one := range m.Templates() {
		ids[one.ID] = true
	}
	require.True(t, ids[0], "used again, so it stays")
	require.False(t, ids[1], "the one unused for longest")
	again := m.Add(fmt.Sprintf("alpha %s %s %s", word(0), word(1), word(1)), 1)
	require.Equal(t, mostPattern+1, again.ID, "what was forgotten is new when it comes back")
}

func TestLongMessagesAreCut(t *testing.T) {
	long := strings.Repeat("word ", 2*mostTokens)
	m := NewMiner()
	one := m.Add(strings.TrimSpace(long), 1)
	require.Len(t, one.Tokens, mostTokens)
	require.True(t, strings.HasSuffix(one.Like(), "word%"), one.Like())
	require.True(t, like(one.Like(), strings.TrimSpace(long)))
}

func TestLike(t *testing.T) {
	for name, c := range map[string]struct{ messages, want, others []string }{
		"plain":             {[]string{"heap is full"}, []string{"heap is full"}, []string{"heap is full now", "the heap is full", "heap was full"}},
		"wildcards":         {[]string{"user 1 10.0.0.1 left"}, []string{"user % left"}, []string{"user left", "user 1 stays"}},
		"a wildcard at end": {[]string{"took 12"}, []string{"took %"}, []string{"took"}},
		"escapes":           {[]string{`100% of heap_used in C:\temp`}, []string{`% of heap|_used in C:\temp`}, []string{"100% of heapXused in C:\\temp"}},
		"other white space": {[]string{"a\tb   c "}, []string{"%a%b%c%"}, []string{"c b a"}},
		"a pipe":            {[]string{"a|b | c"}, []string{"a||b || c"}, []string{"a|b % c", "ab  c"}},
		"a percent sign":    {[]string{"all% done"}, []string{`all|% done`}, []string{"allXX done"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := NewMiner()
			for i, text := range c.messages {
				got := m.Add(text, 1).Like()
				require.Equal(t, c.want[i], got)
				require.True(t, like(got, text))
				for _, other := range c.others {
					require.False(t, like(got, other), "%q matches %q", got, other)
				}
			}
		})
	}
}

// like is SQL's LIKE ... ESCAPE '|', written apart from what is tested.
func like(pattern, text string) bool {
	p, s := []rune(pattern), []rune(text)
	if len(p) == 0 {
		return len(s) == 0
	}
	switch {
	case p[0] == '%':
		for i := 0; i <= len(s); i++ {
			if like(string(p[1:]), string(s[i:])) {
				return true
			}
		}
		return false
	case p[0] == '|' && len(p) > 1:
		return len(s) > 0 && s[0] == p[1] && like(string(p[2:]), string(s[1:]))
	default:
		return len(s) > 0 && (p[0] == '_' || p[0] == s[0]) && like(string(p[1:]), string(s[1:]))
	}
}

// Whatever comes, every message is matched by the template that took it in, also after that template changed.
func TestEachMessageIsMatchedByItsTemplate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.StringMatching(`[ab%_|\\]{0,3}( {1,2}|\t)?([a-c]{1,2}|[0-9]{1,3}) (x|y|[0-9]) ?[ab_%]{0,2}`), 1, 12).Draw(t, "messages")
		m := NewMiner()
		taken := make([]*Template, len(texts))
		total := 0
		for i, text := range texts {
			taken[i] = m.Add(text, i+1)
			total += i + 1
		}
		for i, text := range texts {
			if !like(taken[i].Like(), text) {
				t.Fatalf("%q is not matched by %q", text, taken[i].Like())
			}
		}
		for _, one := range m.Templates() {
			total -= one.Count
		}
		if total != 0 {
			t.Fatalf("%d messages are in no template", total)
		}
	})
}
