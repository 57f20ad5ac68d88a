package tests

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// verb of a format, with its flags.
var verb = regexp.MustCompile(`%[+#]?[0-9.]*[a-z]|%%`)

// word of a sentence.
var word = regexp.MustCompile(`[A-Za-z]+`)

// sentences are all texts in the back end's code, and the patterns of those of several words, their verbs standing for anything.
func sentences(t *testing.T) (texts []string, patterns []*regexp.Regexp) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(root("pkg"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				text, err := strconv.Unquote(lit.Value)
				if err != nil {
					return true
				}
				texts = append(texts, text)
				if len(word.FindAllString(verb.ReplaceAllString(text, ""), -1)) > 2 {
					patterns = append(patterns, pattern(text))
				}
			}
			return true
		})
		return nil
	}))
	return texts, patterns
}

func pattern(format string) *regexp.Regexp {
	var b strings.Builder
	at := 0
	for _, m := range verb.FindAllStringIndex(format, -1) {
		b.WriteString(regexp.QuoteMeta(format[at:m[0]]))
		if format[m[0]:m[1]] == "%%" {
			b.WriteString("%")
		} else if strings.ContainsAny(format[m[1]-1:m[1]], "sw") { // texts and errors have words of their own
			b.WriteString(".+")
		} else {
			b.WriteString(`\S+`)
		}
		at = m[1]
	}
	return regexp.MustCompile("^" + b.String() + regexp.QuoteMeta(format[at:]) + "$")
}

// The pages tell the back end's sentences in the reader's language (src/api/phrases.test.ts reads the same samples): each is one that the
// back end says, whole or put together of its parts.
func TestTranslatedSentencesAreSaid(t *testing.T) {
	var samples []struct {
		Said  string
		Parts []string
	}
	require.NoError(t, json.Unmarshal(read(t, filepath.Join("testdata", "phrases.json")), &samples))
	texts, patterns := sentences(t)
	var invented []string
	for _, s := range samples {
		for _, part := range s.Parts {
			if !slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, part) }) {
				invented = append(invented, part)
			}
		}
		if s.Parts == nil && !slices.ContainsFunc(patterns, func(p *regexp.Regexp) bool { return p.MatchString(s.Said) }) {
			invented = append(invented, s.Said)
		}
	}
	require.Empty(t, invented, "no code in pkg says these")
}
