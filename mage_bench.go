//go:build mage

package main

import (
	"cmp"
	"os"
	"path/filepath"

	"github.com/magefile/mage/mg"
)

// Bench groups the benchmarks. BENCH_DIR is the folder with the data (dev/, warn/) and the scorers, ../shared/bench if empty; BENCH_DATA
// another folder laid out like dev/; BENCH_PYTHON an interpreter with numpy, python3 if empty.
type Bench mg.Namespace

func benchDir() string { return cmp.Or(os.Getenv("BENCH_DIR"), filepath.Join("..", "shared", "bench")) }

func benchData() string { return cmp.Or(os.Getenv("BENCH_DATA"), filepath.Join(benchDir(), "dev")) }

func benchPython() string { return cmp.Or(os.Getenv("BENCH_PYTHON"), "python3") }
