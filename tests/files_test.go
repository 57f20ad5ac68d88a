// Package tests holds what is checked across rooms: the files that ship beside the program agree with the program and
// with each other. The Playwright tests of the same folder check what a person sees in a real Grafana.
package tests

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

const (
	appID        = "forewarn-earlywarning-app"
	datasourceID = "forewarn-earlywarning-datasource"
	sourceUID    = "forewarn"
)

// root gives a path below the repository's top folder.
func root(parts ...string) string { return filepath.Join(append([]string{".."}, parts...)...) }

func read(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	return raw
}

// readYAML decodes strictly, so that a misspelt key fails.
func readYAML(t *testing.T, path string, into any) {
	t.Helper()
	dec := yaml.NewDecoder(strings.NewReader(string(read(t, path))))
	dec.KnownFields(true)
	require.NoError(t, dec.Decode(into), path)
}

func files(t *testing.T, pattern ...string) []string {
	t.Helper()
	found, err := filepath.Glob(root(pattern...))
	require.NoError(t, err)
	require.NotEmpty(t, found, "no file matches %v", pattern)
	return found
}

func toJSON(t *testing.T, v any) []byte {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return raw
}
