//go:build mage

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/magefile/mage/sh"
)

// Vary prints what each of the anomaly detector's constants, a quarter smaller and larger, does to recall and false alerts, and what
// choosing among them is worth on folders that had no part in it. It takes half an hour.
func (Bench) Vary() error {
	return sh.RunV("go", "run", "./bench", "vary", "-data", benchData())
}

// Detect scores the benchmark's data sets for anomalies and prints tables by folder and of what the scorers say. BENCH_SETS are the data sets,
// separated by commas (default all).
func (Bench) Detect() error {
	dir, data := benchDir(), benchData()
	out := filepath.Join("artifacts", "bench", "detect")
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := sh.RunV("go", "run", "./bench", "detect", "-data", data, "-out", out, "-folders", filepath.Join(out, "folders.csv"), "-sets", os.Getenv("BENCH_SETS")); err != nil {
		return err
	}
	scorer := func(script, set string, extra ...string) ([]string, error) {
		args := append([]string{filepath.Join(dir, script), "--truth", filepath.Join(data, set, "data"), "--scores", filepath.Join(out, set), "--name", set}, extra...)
		if index := filepath.Join(data, set, "index.csv"); exists(index) {
			args = append(args, "--index", index)
		}
		text, err := sh.Output(benchPython(), args...)
		return strings.Split(strings.TrimSpace(text), "\n"), err
	}
	sets := []string{"nab", "kpi", "wsd", "tsbu", "mscloud", "smd", "asd", "jumpstarter"}
	fmt.Printf("\n%-12s %-7s %7s %8s %11s %12s %12s %10s\n", "set", "setting", "events", "recall", "delay min", "false/week", "worst curve", "precision")
	for _, set := range sets {
		if !exists(filepath.Join(out, set)) || set == "tsbu" { // copies of other sets' files
			continue
		}
		for _, column := range []string{"alert_low", "alert", "alert_high"} {
			lines, err := scorer("score_alerts.py", set, "--column", column, "--per-file")
			if err != nil {
				return err
			}
			worst := 0.0
			for _, line := range lines[:len(lines)-2] {
				v, err := strconv.ParseFloat(line[strings.LastIndexByte(line, ',')+1:], 64)
				if err != nil {
					return fmt.Errorf("score_alerts.py: %q: %w", line, err)
				}
				worst = max(worst, v)
			}
			f := strings.Split(lines[len(lines)-1], ",")
			name := map[string]string{"alert_low": "low", "alert": "medium", "alert_high": "high"}[column]
			fmt.Printf("%-12s %-7s %7s %8s %11s %12s %12.2f %10s\n", set, name, f[3], f[4], f[5], f[6], worst, f[9])
		}
	}
	fmt.Printf("\n%-12s %s\n", "set", "score_tsad.py")
	for _, set := range sets {
		if !exists(filepath.Join(out, set)) {
			continue
		}
		lines, err := scorer("score_tsad.py", set)
		if err != nil {
			return err
		}
		for _, line := range lines {
			fmt.Printf("%-12s %s\n", set, line)
		}
	}
	windows := filepath.Join(data, "nab", "combined_windows.json")
	if !exists(filepath.Join(out, "nab")) || !exists(windows) {
		return nil
	}
	fmt.Println()
	return sh.RunV(benchPython(), filepath.Join(dir, "score_nab.py"), "--windows", windows, "--results", filepath.Join(out, "nab"),
		"--name", "forewarn", "--by-folder")
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
