package main

import (
	"compress/gzip"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// zipped writes a file of a benchmark's folder.
func zipped(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	f, err := os.Create(path)
	require.NoError(t, err)
	z := gzip.NewWriter(f)
	_, err = z.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.NoError(t, f.Close())
}

// printed gives what work writes to standard output. Tests that use it do not run side by side.
func printed(t *testing.T, work func() error) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "stdout")
	f, err := os.Create(path)
	require.NoError(t, err)
	before := os.Stdout
	os.Stdout = f
	err = work()
	os.Stdout = before
	require.NoError(t, f.Close())
	require.NoError(t, err)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

func TestUsageHasAsManySeriesAsEachSizeSelects(t *testing.T) {
	start := time.Unix(1_700_000_000, 0)
	metrics := usage(benchSizes, start, 24*time.Hour)
	count := map[string]int{}
	names := map[string]bool{}
	for _, m := range metrics {
		count[m.Labels["set"]]++
		names[m.Labels["instance"]] = true
		require.Len(t, m.Values, 24*60)
		require.Equal(t, time.Minute, m.Step)
		for _, v := range m.Values {
			require.True(t, v >= 0 && v <= 100 && !math.IsNaN(v))
		}
	}
	require.Len(t, names, 100)
	require.Equal(t, map[string]int{"1": 1, "10": 9, "100": 90}, count)
	require.Equal(t, `bench_cpu_percent{set=~"1|10"}`, usageExpr(10))
	require.Equal(t, usage(benchSizes, start, time.Hour)[7].Values, usage(benchSizes, start, time.Hour)[7].Values, "the same in every run")
}

func TestMedianOfTimes(t *testing.T) {
	require.Equal(t, 2*time.Second, quantile([]time.Duration{9 * time.Second, time.Second, 2 * time.Second}, 0.5))
	require.Equal(t, 3*time.Second, quantile([]time.Duration{4 * time.Second, 2 * time.Second}, 0.5))
}

func TestWrongCallsSayWhatIsRight(t *testing.T) {
	require.ErrorContains(t, run(t.Context(), nil), "overhead")
	require.ErrorContains(t, run(t.Context(), []string{"nothing"}), "usage")
	require.ErrorIs(t, run(t.Context(), []string{"overhead", "-h"}), flag.ErrHelp)
	require.ErrorContains(t, run(t.Context(), []string{"overhead", "-rounds", "0"}), "-rounds is 0")
	require.ErrorContains(t, run(t.Context(), []string{"overhead", "-shown", "1d,x"}), `"x" is not a duration`)
	require.ErrorContains(t, run(t.Context(), []string{"detectors", "-step", "90s"}), "-step is 1m30s")
	require.NoError(t, run(t.Context(), []string{"detectors", "-step", "30m", "-days", "6", "-rounds", "1"}), "every detector answers")
}

func TestAMachineWithoutPrometheusSkips(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	require.NoError(t, run(t.Context(), []string{"overhead"}))
}
