//go:build mage

package main

import (
	"cmp"
	"os"
	"path/filepath"

	"github.com/magefile/mage/sh"
)

// Warn answers the time-to-threshold cases and scores them, a line a kind; then it counts warnings on real series that never
// cross. BENCH_WARN is the prefix of another pair of <prefix>_series.csv.gz and <prefix>_truth.csv.
func (Bench) Warn() error {
	dir := benchDir()
	cases := cmp.Or(os.Getenv("BENCH_WARN"), filepath.Join(dir, "warn", "dev"))
	answers := filepath.Join("artifacts", "bench", "warn.csv")
	if err := sh.RunV("go", "run", "./bench", "warn", "-data", cases+"_series.csv.gz", "-out", answers); err != nil {
		return err
	}
	if err := sh.RunV(benchPython(), filepath.Join(dir, "score_warn.py"), "--series", cases+"_series.csv.gz",
		"--truth", cases+"_truth.csv", "--answers", answers, "--per-kind"); err != nil {
		return err
	}
	return sh.RunV("go", "run", "./bench", "warn", "-quiet", filepath.Join(dir, "dev"))
}
