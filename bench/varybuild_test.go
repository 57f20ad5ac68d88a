package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// How variants are built and run, with a stand-in for the Go command: what it builds writes down how it was called, and one table for the
// program as it is, another for a variant.

const (
	plainFolders   = foldersHead + "kpi,a,1,10.0,10,4,5,6,0,10,20,\nkpi,b,1,10.0,10,4,5,6,0,10,20,\nkpi,all,2,20.0,20,8,10,12,0,20,40,\n"
	variantFolders = foldersHead + "kpi,a,1,10.0,10,4,7,8,0,10,20,\nkpi,b,1,10.0,10,4,6,7,0,10,20,\nkpi,all,2,20.0,20,8,13,15,0,20,40,\n"
)

// standIn puts a Go command in front of the path, and gives the folder where it and its programs keep what they were told.
func standIn(t *testing.T, compiles string) (notes string) {
	t.Helper()
	t.Chdir("..")
	bin, notes := t.TempDir(), t.TempDir()
	plainFile(t, notes, "plain.csv", plainFolders)
	plainFile(t, notes, "variant.csv", variantFolders)
	script := `#!/bin/sh
echo "$@" >> NOTES/builds
kind=plain
if [ "$4" = -overlay ]; then kind=variant; cp "$5" "NOTES/overlay.$(wc -l < NOTES/builds | tr -d ' ')"; fi
COMPILES
cat > "$3" <<END
#!/bin/sh
echo "\$@" >> NOTES/runs
cp NOTES/$kind.csv "\$3"
END
chmod +x "$3"
`
	require.NoError(t, os.Chmod(plainFile(t, bin, "go", strings.NewReplacer("NOTES", notes, "COMPILES", compiles).Replace(script)), 0o700))
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return notes
}

// told gives the lines that were written down.
func told(t *testing.T, notes, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(notes, name))
	require.NoError(t, err)
	return strings.Split(strings.TrimSpace(string(text)), "\n")
}

// The program is built as it is and with each constant a quarter less and more, each time with an overlay for that one file, and run on the
// data asked for.
func TestVariantsAreBuiltWithOneConstantChanged(t *testing.T) {
	notes := standIn(t, "")
	text := printed(t, func() error {
		return run(t.Context(), []string{"vary", "-data", "some/data", "-sets", "kpi", "-constants", "autoUrgent,autoScales", "-workers", "2"})
	})
	builds, runs := told(t, notes, "builds"), told(t, notes, "runs")
	require.Len(t, builds, 1+2*2)
	require.Len(t, runs, len(builds))
	for i, build := range builds {
		require.Equal(t, i > 0, strings.Contains(build, " -overlay "), build)
		require.True(t, strings.HasPrefix(build, "build -o ") && strings.HasSuffix(build, " ./bench"), build)
		require.True(t, strings.HasPrefix(runs[i], "detect -folders "), runs[i])
		require.True(t, strings.HasSuffix(runs[i], " -data some/data -sets kpi -workers 2"), runs[i])
	}
	source, err := filepath.Abs(filepath.Join(detectRoom, "auto.go"))
	require.NoError(t, err)
	for i := 2; i <= len(builds); i++ {
		overlay := strings.Join(told(t, notes, "overlay."+string(rune('0'+i))), "")
		require.True(t, strings.HasPrefix(overlay, `{"Replace":{"`+source+`":"`), overlay)
	}
	rows := strings.Split(strings.TrimSpace(text), "\n")
	require.Regexp(t, `^recall, false alerts a week +\| kpi: medium, high`, rows[0])
	require.Regexp(t, `^as it is +\|  0\.50  1\.00   0\.60  2\.00`, rows[1])
	for k, name := range []string{"autoScales", "autoScales", "autoUrgent", "autoUrgent"} {
		require.Regexp(t, `^`+name+` = \S+ +\| \+0\.15 \+0\.00  \+0\.15 \+0\.00`, rows[2+k], "in the order of the source")
	}
	require.NotContains(t, strings.Join(rows[6:], "\n"), "autoScales", "the band's width is varied, but not chosen")
	require.Regexp(t, `(?m)^kpi/a +autoUrgent = \S+ +0\.\d{3} +0\.\d{3}$`, text)
	require.Regexp(t, `is better on 2 of 2$`, rows[len(rows)-1])
	_, err = os.Stat(strings.Fields(builds[0])[2])
	require.ErrorIs(t, err, os.ErrNotExist, "what was built is taken away")
}

func TestAVariantThatDoesNotCompileIsNamed(t *testing.T) {
	notes := standIn(t, `if [ "$kind" = variant ]; then echo "auto.go:7: constant overflows" >&2; exit 2; fi`)
	err := run(t.Context(), []string{"vary", "-data", "x", "-sets", "kpi", "-constants", "earlyAlone"})
	require.ErrorContains(t, err, "earlyAlone = ")
	require.ErrorContains(t, err, "auto.go:7: constant overflows")
	require.ErrorContains(t, err, "exit status 2")
	require.Len(t, told(t, notes, "builds"), 2)
	require.Len(t, told(t, notes, "runs"), 1, "only what was built is run")
}

func TestAProgramThatWritesNoTableIsRefused(t *testing.T) {
	for text, says := range map[string]string{"": "folders.csv has no header", foldersHead: "folders.csv has 1 rows", "set,folder\na,b\n": "folders.csv has the columns set,folder, "} {
		notes := standIn(t, "")
		plainFile(t, notes, "plain.csv", text)
		require.ErrorContains(t, run(t.Context(), []string{"vary", "-data", "x", "-sets", "kpi"}), says)
		require.Len(t, told(t, notes, "runs"), 1)
		t.Chdir("bench")
	}
}

func TestWithoutACommandToBuildWithNothingIsMeasured(t *testing.T) {
	t.Chdir("..")
	t.Setenv("PATH", t.TempDir())
	require.ErrorContains(t, run(t.Context(), []string{"vary", "-data", "x"}), `as it is: : exec: "go": executable file not found`)
}
