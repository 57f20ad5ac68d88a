//go:build mage

package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/magefile/mage/sh"
)

// Forecast forecasts the benchmark's data sets, scores them and prints one table. BENCH_EARLIER=N ends the series N horizons earlier.
func (Bench) Forecast() error {
	dir, data := benchDir(), benchData()
	out := filepath.Join("artifacts", "bench", "forecast")
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	back := cmp.Or(os.Getenv("BENCH_EARLIER"), "0")
	if err := sh.RunV("go", "run", "./bench", "forecast", "-data", data, "-out", out, "-earlier", back); err != nil {
		return err
	}
	fmt.Printf("\n%-19s %6s %8s %7s %7s %8s %9s %9s\n", "set", "series", "sMAPE", "MASE", "OWA", "MSIS", "cover 95", "cover 80")
	for _, set := range []struct{ name, folder, file string }{
		{"m4_hourly", "m4", "hourly"}, {"m4_weekly", "m4", "weekly"}, {"bitbrains_h48", "bitbrains", "h48"},
		{"bitbrains_h168gaps", "bitbrains", "h168gaps"}, {"planetlab", "", ""}, {"ett", "", ""},
	} {
		split := filepath.Join(data, set.folder, set.file)
		series, truth := split+"_series.csv.gz", split+"_truth.csv.gz"
		if set.folder == "" || back != "0" {
			series, truth = filepath.Join(out, set.name+"_series.csv"), filepath.Join(out, set.name+"_truth.csv")
		}
		forecasts := filepath.Join(out, set.name+".csv")
		if !exists(forecasts) {
			fmt.Printf("%-19s not run: the data are absent\n", set.name)
			continue
		}
		if !exists(series) {
			fmt.Printf("%-19s left out: no series is long enough without a gap in its test part\n", set.name)
			continue
		}
		eighty, err := swapLevels(forecasts)
		if err != nil {
			return err
		}
		score := func(file, level string, extra ...string) ([]string, error) {
			args := append([]string{filepath.Join(dir, "score_forecast.py"), "--series", series, "--truth", truth, "--forecast", file,
				"--name", set.name, "--level", level}, extra...)
			text, err := sh.Output(benchPython(), args...)
			return strings.Split(strings.TrimSpace(text), "\n"), err
		}
		lines, err := score(forecasts, "0.95", "--by-category")
		if err != nil {
			return err
		}
		narrow, err := score(eighty, "0.80", "--by-category")
		if err != nil {
			return err
		}
		for i, line := range lines[1:] {
			if set.folder != "bitbrains" && i > 0 {
				break
			}
			// name, series, sMAPE, MASE, OWA, MSIS, cover, ACD
			f, g := strings.Split(line, ","), strings.Split(narrow[i+1], ",")
			name := strings.TrimPrefix(f[0], set.name+"[")
			if i > 0 {
				name = "  " + strings.TrimSuffix(name, "]")
			}
			fmt.Printf("%-19s %6s %8s %7s %7s %8s %9s %9s\n", name, f[1], f[2], f[3], f[4], f[5], f[6], g[6])
		}
	}
	return nil
}

// swapLevels writes a copy in which the scorer finds the 80 % band where it looks for the 95 % one.
func swapLevels(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	text := strings.Replace(string(b), "lo80,hi80,lo95,hi95", "lo95,hi95,lo80,hi80", 1)
	out := strings.TrimSuffix(path, ".csv") + ".level80.csv"
	return out, os.WriteFile(out, []byte(text), 0o644)
}
