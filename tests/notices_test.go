package tests

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// told are the names under which the back end keeps what readers are told: notices of answers, reasons of choices, what a preview says.
var told = regexp.MustCompile(`^(?:\w*[nN]otices|Why|Reason|Text|Message)$`)

// teller collects the formats of the sentences that one package tells.
type teller struct {
	values  map[string][]ast.Expr // what constants, and variables of any function, are set to, by name
	returns map[string][]ast.Expr // what functions and methods give back, by name
	seen    map[ast.Node]bool
	formats map[string]string // with the place that tells it
	files   *token.FileSet
}

// tellers gives the formats of all sentences told by the packages below the folders.
func tellers(t *testing.T, folders ...string) map[string]string {
	t.Helper()
	formats := map[string]string{}
	for _, folder := range folders {
		require.NoError(t, filepath.WalkDir(root("pkg", folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.IsDir() || d.Name() == "testdata" {
				return err
			}
			p := teller{map[string][]ast.Expr{}, map[string][]ast.Expr{}, map[ast.Node]bool{}, formats, token.NewFileSet()}
			return p.read(path)
		}))
	}
	return formats
}

func (p *teller) read(folder string) error {
	paths, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return err
	}
	var all []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(p.files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		all = append(all, file)
		ast.Inspect(file, p.learn)
	}
	for _, file := range all {
		ast.Inspect(file, p.find)
	}
	return nil
}

// learn notes what names stand for.
func (p *teller) learn(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if i < len(n.Values) {
				p.values[name.Name] = append(p.values[name.Name], n.Values[i])
			}
		}
	case *ast.AssignStmt:
		for i, to := range n.Lhs {
			if name, ok := to.(*ast.Ident); ok {
				p.values[name.Name] = append(p.values[name.Name], n.Rhs[min(i, len(n.Rhs)-1)])
			}
		}
	case *ast.FuncDecl:
		ast.Inspect(n, func(inner ast.Node) bool {
			if r, ok := inner.(*ast.ReturnStmt); ok {
				p.returns[n.Name.Name] = append(p.returns[n.Name.Name], r.Results...)
			}
			return true
		})
	}
	return true
}

// find follows what is told to the formats that it is made of.
func (p *teller) find(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, to := range n.Lhs {
			if told.MatchString(nameOf(to)) {
				p.follow(n.Rhs[min(i, len(n.Rhs)-1)])
			}
		}
	case *ast.KeyValueExpr:
		if told.MatchString(nameOf(n.Key)) {
			p.follow(n.Value)
		}
	case *ast.CallExpr:
		// what is too short is told as a notice, too
		if nameOf(n.Fun) == "Errorf" && slices.ContainsFunc(n.Args, func(a ast.Expr) bool { return nameOf(a) == "ErrTooShort" }) {
			p.follow(n.Args[0])
		}
	}
	return true
}

func (p *teller) follow(e ast.Expr) {
	if e == nil || p.seen[e] {
		return
	}
	p.seen[e] = true
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && len(word.FindAllString(verb.ReplaceAllString(text, ""), -1)) > 2 {
			p.formats[text] = p.files.Position(e.Pos()).String()
		}
	case *ast.Ident:
		for _, v := range p.values[e.Name] {
			p.follow(v)
		}
	case *ast.BinaryExpr:
		p.follow(e.X)
		p.follow(e.Y)
	case *ast.CompositeLit:
		for _, one := range e.Elts {
			p.follow(one)
		}
	case *ast.CallExpr:
		switch name := nameOf(e.Fun); name {
		case "append":
			for _, one := range e.Args[1:] {
				p.follow(one)
			}
		case "Sprintf":
			p.follow(e.Args[0])
		default:
			for _, r := range p.returns[name] {
				p.follow(r)
			}
		}
	}
}

// nameOf is the last name of an expression: Notices of out.Notices, Why of out.Why[j].
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.IndexExpr:
		return nameOf(e.X)
	}
	return ""
}

// Whatever readers are told has a sample that src/api/phrases.test.ts holds to be told in Chinese, too: a new notice without one fails here.
func TestEveryNoticeIsTranslated(t *testing.T) {
	var samples []struct{ Said string }
	require.NoError(t, json.Unmarshal(read(t, filepath.Join("testdata", "phrases.json")), &samples))
	formats := tellers(t, "calendar", "detect", "forecast", "query", "source", "train")
	require.Greater(t, len(formats), 50)
	for _, known := range []string{"no outlier: all instances agree", "outliers held back by maintenance: %d", "%w: the series has %d known values, %s needs %d",
		"the series is quarantined at times: %d points were not flagged because %d alerts within a day had been as bad"} {
		require.Contains(t, formats, known, "a constant, a function's result, an error, a literal: all are found")
	}
	for _, format := range slices.Sorted(maps.Keys(formats)) {
		said := pattern(format)
		if strings.IndexAny(format, " ;,:") == 0 { // another one comes before
			said = regexp.MustCompile(strings.TrimPrefix(said.String(), "^"))
		}
		if !slices.ContainsFunc(samples, func(s struct{ Said string }) bool { return said.MatchString(s.Said) }) {
			t.Errorf("%s: no sample in testdata/phrases.json says %q", formats[format], format)
		}
	}
}
