package main

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/forewarn/earlywarning/pkg/detect/composite"
)

// What is written and printed is the same in every run, however many work on it: only what something cost may differ.

// written gives the files below a folder by name.
func written(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		out[filepath.ToSlash(name)] = string(text)
		return err
	}))
	return out
}

// waves writes an hourly file of n series of which each differs, the longest first, so that they do not end in their order.
func waves(t *testing.T, dir string, n int) {
	t.Helper()
	text := "series,category,m,h,train\n"
	for k := range n {
		x := make([]float64, 120+40*(n-k))
		for i := range x {
			x[i] = math.Round(1000*(50+10*math.Sin(2*math.Pi*float64(i)/24+float64(k))+float64((i*7919+k)%11))) / 1000
		}
		text += fmt.Sprintf("S%d,Hourly,24,%d,%s\n", k, 3+k, joined(x))
	}
	plainFile(t, dir, "m4/hourly_series.csv", text)
}

func TestForecastsAreInTheOrderOfTheirSeriesWhoeverWorks(t *testing.T) {
	dir := t.TempDir()
	waves(t, dir, 7)
	var first map[string]string
	for _, workers := range []string{"1", "3", "16"} {
		out := t.TempDir()
		require.NoError(t, run(t.Context(), []string{"forecast", "-data", dir, "-out", out, "-algorithm", "theta", "-workers", workers}))
		got := written(t, out)
		if first == nil {
			first = got
		}
		require.Equal(t, first, got, "%s workers", workers)
	}
	require.Len(t, first, 1, "where the file of the data has the truth, no split is written")
	rows := strings.Split(strings.TrimSpace(first["m4_hourly.csv"]), "\n")[1:]
	for k := range 7 {
		for step := range 3 + k {
			require.True(t, strings.HasPrefix(rows[0], fmt.Sprintf("S%d,%d,", k, step+1)), rows[0])
			rows = rows[1:]
		}
	}
	require.Empty(t, rows)
}

func TestMarksAreTheSameWhoeverWorks(t *testing.T) {
	dir := detectData(t)
	var first map[string]string
	for _, workers := range []string{"1", "4"} {
		out := t.TempDir()
		require.NoError(t, run(t.Context(), []string{"detect", "-data", dir, "-out", out, "-folders", filepath.Join(out, "folders.csv"), "-workers", workers}))
		if first == nil {
			first = written(t, out)
		}
		require.Equal(t, first, written(t, out), "%s workers", workers)
	}
	require.Len(t, first, 1+3)
	require.True(t, strings.HasPrefix(first["folders.csv"], foldersHead))
}

// A set is written beside what another run wrote, and the folder that stands for itself is not made twice.
func TestAnotherRunWritesOverTheSameFolder(t *testing.T) {
	dir, out := detectData(t), t.TempDir()
	call := []string{"detect", "-data", dir, "-out", out, "-sets", "wsd"}
	require.NoError(t, run(t.Context(), call))
	before := written(t, out)
	plainFile(t, out, "wsd/1.csv", "half a fi")
	require.NoError(t, run(t.Context(), call))
	require.Equal(t, before, written(t, out))
	link, err := os.Readlink(filepath.Join(out, "wsd", "data"))
	require.NoError(t, err)
	require.Equal(t, ".", link)
}

func TestWarningsAreInTheOrderOfTheirCasesWhoeverWorks(t *testing.T) {
	var rows []string
	for k := range 5 {
		rows = append(rows, fmt.Sprintf("case%d,ramp,3600,90,0,100,%d,20,%s", k, 240-10*k, ramp(60, 0.02*float64(k), 280)))
	}
	data := warnFileOf(t, rows...)
	var first string
	for _, workers := range []string{"1", "4"} {
		out := filepath.Join(t.TempDir(), "a.csv")
		require.NoError(t, run(t.Context(), []string{"warn", "-data", data, "-out", out, "-workers", workers}))
		text, err := os.ReadFile(out)
		require.NoError(t, err)
		if first == "" {
			first = string(text)
		}
		require.Equal(t, first, string(text), "%s workers", workers)
	}
	got := regexp.MustCompile(`(?m)^(case\d,\d+),`).FindAllStringSubmatch(first, -1)
	k := 0
	for c := range 5 {
		for at := 240 - 10*c; at < 280; at += 20 {
			require.Equal(t, fmt.Sprintf("case%d,%d", c, at), got[k][1])
			k++
		}
	}
	require.Len(t, got, k, "every evaluation point once")
}

func TestQuietTablesAreTheSameWhoeverWorks(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a", "b", "c"} {
		zipped(t, dir, "nab/data/real/"+name+".csv.gz", curve(6, time.DateTime))
	}
	table := func(workers string) string {
		return printed(t, func() error {
			return run(t.Context(), []string{"warn", "-quiet", dir, "-kinds", "nab", "-every", "6h", "-workers", workers})
		})
	}
	one := table("1")
	require.Equal(t, one, table("3"))
	require.Regexp(t, `(?m)^nab +3 +36 +1\.3 +above +0\.0000 +0\.00%$`, one, "three series, an answer every six hours of three days")
	require.Regexp(t, `(?m)^nab +3 +36 +1\.3 +below +0\.0000 +0\.00%$`, one)
}

// The answers of a table of times are the same in every run; the times are cut out.
func TestGroupingsFindTheSameInEveryRun(t *testing.T) {
	dir := clusterData(t)
	results := func() []string {
		var out []string
		for line := range strings.Lines(printed(t, func() error { return run(t.Context(), []string{"cluster", "-data", dir, "-runs", "1", "-draws", "4"}) })) {
			out = append(out, regexp.MustCompile(` +\d+\.\d{3}  `).ReplaceAllString(line, " "))
		}
		return out
	}
	first := results()
	require.Equal(t, first, results())
	require.Greater(t, len(first), 10)
}

func TestWeightsAndDrawsAreTheSameInEveryRun(t *testing.T) {
	dir := compositeData(t)
	files := func() map[string]string {
		out := t.TempDir()
		require.NoError(t, run(t.Context(), []string{"composite", "-data", dir, "-out", out, "-draws", "0"}))
		return written(t, out)
	}
	first := files()
	require.Equal(t, first, files())
	require.Len(t, first, len(composite.Methods())+1)
	var one, two pairs
	for seed := range uint64(3) {
		require.NoError(t, one.draw(t.Context(), seed))
	}
	for _, seed := range []uint64{2, 0, 1} {
		require.NoError(t, two.draw(t.Context(), seed))
	}
	require.Equal(t, one, two, "a draw is its seed's")
}

func TestTheIndexIsReadByNameNotByOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.Permutation([]string{"a.csv", "b.csv", "deep/c.csv"}).Draw(t, "order of the index")
		dir, err := os.MkdirTemp("", "index")
		require.NoError(t, err)
		defer os.RemoveAll(dir)
		text := "step_s,file,train_rows\n"
		for _, name := range names {
			path := filepath.Join(dir, "kpi", "data", filepath.FromSlash(name))
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
			require.NoError(t, os.WriteFile(path, []byte("value\n1\n"), 0o600))
			text += fmt.Sprintf("%d,%s,%d\n", name[0], name, len(name))
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, "kpi", "index.csv"), []byte(text), 0o600))
		files, err := detectSet{name: "kpi"}.list(dir)
		require.NoError(t, err)
		for i, want := range []string{"a.csv", "b.csv", "deep/c.csv"} {
			require.Equal(t, filepath.FromSlash(want), files[i].rel, "in the order of the names")
			require.Equal(t, len(want), files[i].train)
			require.Equal(t, time.Duration(want[0])*time.Second, files[i].step)
		}
	})
}

// Origins move from one end to the other: each problem of a VM or column begins where the series does and ends at its origin.
func TestEarlierEndsAreNested(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, h := rapid.IntRange(1, 200).Draw(t, "values"), rapid.IntRange(1, 20).Draw(t, "horizon")
		x := make([]float64, n)
		for i := range x {
			x[i] = float64(i)
		}
		given := []problem{{name: "a", horizon: h, train: x}}
		require.Equal(t, given, earlier(given, 0), "none is as it was")
		last := n
		for back := 1; back < 8; back++ {
			got := earlier(given, back)
			if n-back*h < 5*h {
				require.Empty(t, got)
				continue
			}
			p := got[0]
			require.Len(t, p.truth, h)
			require.Equal(t, float64(len(p.train)), p.truth[0], "the truth follows")
			require.Equal(t, last, len(p.train)+h, "and ends where the later run's history does")
			last = len(p.train)
		}
		require.Len(t, given[0].train, n, "what was read is left as it is")
	})
}
