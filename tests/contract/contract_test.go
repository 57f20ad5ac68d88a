// Package contract holds a sample of every request and answer of the resource API. The tests here hold the Go types to the
// files, src/api/contract.test.ts holds the TypeScript types to them.
package contract

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the files anew from the samples")

// encode writes a sample as the file has it.
func encode(t *testing.T, sample any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	require.NoError(t, enc.Encode(sample))
	return b.Bytes()
}

func TestTheFilesAreWhatTheTypesWrite(t *testing.T) {
	for name, sample := range samples() {
		t.Run(name, func(t *testing.T) {
			got := encode(t, sample)
			if *update {
				require.NoError(t, os.WriteFile(name+".json", got, 0o644))
			}
			want, err := os.ReadFile(name + ".json")
			require.NoError(t, err)
			require.Equal(t, string(want), string(got), "go test ./tests/contract -update writes the files anew")
		})
	}
}

func TestEveryFileIsASample(t *testing.T) {
	files, err := filepath.Glob("*.json")
	require.NoError(t, err)
	require.Len(t, files, len(samples()))
	for _, f := range files {
		require.Contains(t, samples(), f[:len(f)-len(".json")])
	}
}

func TestTheTypesReadEveryFieldOfTheFiles(t *testing.T) {
	for name, sample := range samples() {
		if name == "algorithms" {
			continue // defaults of parameters are of any type, and constructors are not written
		}
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(name + ".json")
			require.NoError(t, err)
			read := reflect.New(reflect.TypeOf(sample))
			dec := json.NewDecoder(bytes.NewReader(raw))
			dec.DisallowUnknownFields()
			require.NoError(t, dec.Decode(read.Interface()))
			require.Equal(t, string(raw), string(encode(t, read.Elem().Interface())))
		})
	}
}
