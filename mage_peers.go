//go:build mage

package main

import (
	"cmp"
	"os"
	"path/filepath"
	"runtime"

	"github.com/magefile/mage/sh"
)

// Peers forecasts the same series with Forewarn, statsforecast, augurs, Prophet and R's forecast, one thread each, and prints one
// table. BENCH_SET is the data set, BENCH_N the number of series; see bench/peers/README.md.
func (Bench) Peers() error {
	venv := filepath.Join("artifacts", "bench", "python")
	python := filepath.Join(venv, "bin", "python")
	if runtime.GOOS == "windows" {
		python = filepath.Join(venv, "Scripts", "python.exe")
	}
	if _, err := os.Stat(python); err != nil {
		step("Installing statsforecast, augurs and Prophet (some minutes the first time)")
		if err := quiet(benchPython(), "-m", "venv", venv); err != nil {
			return err
		}
		if err := quiet(python, "-m", "pip", "install", "--quiet", "--requirement", filepath.Join("bench", "peers", "requirements.txt")); err != nil {
			_ = os.RemoveAll(venv) // so that the next run tries again
			return err
		}
	}
	return sh.RunV("go", "run", "./bench", "peers", "-data", benchData(), "-python", python,
		"-set", cmp.Or(os.Getenv("BENCH_SET"), "m4_hourly"), "-n", cmp.Or(os.Getenv("BENCH_N"), "40"))
}
