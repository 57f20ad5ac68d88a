// Command docs writes a page for every algorithm from its registry entry, with an example that the algorithm itself computed:
// `go tool mage docs` or `go run ./tools/docs -out docs/algorithms`.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	out := flag.String("out", filepath.Join("docs", "algorithms"), "folder to write to; files that no algorithm has are removed")
	flag.Parse()
	if err := write(context.Background(), *out); err != nil {
		fmt.Fprintln(os.Stderr, "docs:", err)
		os.Exit(1)
	}
}

// write replaces the folder's pages and plots.
func write(ctx context.Context, out string) error {
	files, err := pages(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(out, "img"), 0o755); err != nil {
		return err
	}
	for _, pattern := range []string{"*.md", "img/*.svg"} {
		old, err := filepath.Glob(filepath.Join(out, filepath.FromSlash(pattern)))
		if err != nil {
			return err
		}
		for _, path := range old {
			name, err := filepath.Rel(out, path)
			if err != nil {
				return err
			}
			if _, ok := files[filepath.ToSlash(name)]; !ok {
				if err := os.Remove(path); err != nil {
					return err
				}
			}
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(out, filepath.FromSlash(name)), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// pages makes every file: its name below the folder, and its text.
func pages(ctx context.Context) (map[string]string, error) {
	var all []page
	for _, make := range []func(context.Context) ([]page, error){forecasters, detectors, groups, composites} {
		some, err := make(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	files := map[string]string{"README.md": index(all)}
	for _, p := range all {
		if slices.ContainsFunc([]string{p.id, p.title, p.summary, p.reference}, func(s string) bool { return s == "" }) {
			return nil, fmt.Errorf("%s %q lacks a title, a summary or a reference", p.kind.name, p.id)
		}
		files[p.file()] = p.markdown()
		files[p.plotFile()] = p.plot.svg()
	}
	return files, nil
}
