package tests

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The architecture's table has every room of pkg/, and none uses a room that stands above it.
func TestRoomsUseOnlyRoomsBelow(t *testing.T) {
	page := string(read(t, root("docs", "architecture.md")))
	place := map[string]int{}
	for _, row := range regexp.MustCompile(`(?m)^\| .*$`).FindAllString(page, -1) {
		first, _, _ := strings.Cut(row[2:], " | ")
		for _, m := range regexp.MustCompile("`pkg/(\\w+)[^`]*`").FindAllStringSubmatch(first, -1) {
			place[m[1]] = len(place) + 1
		}
	}
	folders, err := os.ReadDir(root("pkg"))
	require.NoError(t, err)
	for _, f := range folders {
		if f.IsDir() {
			require.Positive(t, place[f.Name()], "pkg/%s is not in the table of docs/architecture.md", f.Name())
		}
	}
	require.NoError(t, filepath.WalkDir(root("pkg"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		own := strings.Split(filepath.ToSlash(path), "/")[2]
		for _, i := range file.Imports {
			other, ours := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), "github.com/forewarn/earlywarning/pkg/")
			other, _, _ = strings.Cut(other, "/")
			if ours && other != own && place[own] > 0 {
				require.Greater(t, place[other], place[own], "%s uses pkg/%s, which stands above it in docs/architecture.md", path, other)
			}
		}
		return nil
	}))
}
