package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/forecast"
)

const peersUsage = `usage: go run ./bench peers -data DIR [flags]

Forecasts the same series with Forewarn and with the peers that are installed, one thread each, and prints one table: accuracy,
interval, processor time per series (median), and how many times ours that is. Peers: statsforecast, augurs and Prophet in the
Python given by -python, R's forecast package in the Rscript given by -rscript; "go tool mage bench:peers" installs the former.
All methods but "auto" are told the seasonal periods; "auto" finds them, and backtests.
flags:
`

// peersSets are what can be compared: the file, and the periods that the methods are told.
var peersSets = map[string]struct {
	file    string
	step    time.Duration
	periods []int
}{
	"m4_hourly":     {"m4/hourly_series.csv.gz", time.Hour, []int{24, 168}},
	"m4_weekly":     {"m4/weekly_series.csv.gz", 7 * 24 * time.Hour, []int{52}},
	"bitbrains_h48": {"bitbrains/h48_series.csv.gz", time.Hour, []int{24, 168}},
}

// ownMethods are Forewarn's rows of the table.
var ownMethods = []struct {
	name, algorithm string
	params          map[string]any
	told            int // how many of the periods, the shortest first; -1 finds them
}{
	{"seasonal naive", "seasonal-naive", nil, 1},
	{"theta", "theta", nil, 1},
	{"ETS", "ets", nil, 1},
	{"MSTL + theta", "theta", nil, 2},
	{"MSTL + ETS", "mstl", nil, 2},
	{"MSTL + ARIMA", "arima", nil, 2},
	{"sparse-lag AR", "ar", nil, 2},
	{"piecewise", "piecewise", nil, 2},
	{"auto", forecast.Auto, nil, -1},
}

// twins says with which of ours a peer's method is compared, by a part of its name; the first that fits counts.
var twins = []struct{ peer, own string }{
	{"auto.arima", "MSTL + ARIMA"}, {"AutoARIMA", "MSTL + ARIMA"}, {"MSTL", "MSTL + ETS"}, {"mstl", "MSTL + ETS"},
	{"Prophet", "piecewise"}, {"heta", "theta"}, {"naive", "seasonal naive"}, {"Naive", "seasonal naive"}, {"ETS", "ETS"},
}

func peers(ctx context.Context, args []string) error {
	flags := newFlags("peers", peersUsage)
	data := flags.String("data", "", "folder with the data sets")
	set := flags.String("set", "m4_hourly", "data set: m4_hourly, m4_weekly or bitbrains_h48")
	n := flags.Int("n", 40, "series, chosen by the hash of their names; 0 = all")
	out := flags.String("out", filepath.Join("artifacts", "bench", "peers"), "folder for the forecasts")
	python := flags.String("python", "python3", "Python with statsforecast, augurs and Prophet")
	rscript := flags.String("rscript", "Rscript", "Rscript with the package forecast")
	scripts := flags.String("scripts", filepath.Join("bench", "peers"), "folder of peers.py and peers.R")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s, ok := peersSets[*set]
	if !ok {
		return fmt.Errorf("-set is %q, known are: m4_hourly, m4_weekly, bitbrains_h48", *set)
	}
	if *data == "" {
		return errors.New("-data is needed:\n" + peersUsage)
	}
	problems, err := seriesFile(s.file, s.step)(*data)
	if err != nil {
		return err
	}
	if err := readTruth(filepath.Join(*data, filepath.FromSlash(strings.Replace(s.file, "_series", "_truth", 1))), problems); err != nil {
		return err
	}
	problems = sampled(problems, *n)
	if err := os.MkdirAll(*out, 0o755); err != nil {
		return err
	}
	prefix := filepath.Join(*out, *set)
	if err := writeForecasts(prefix, problems, make([]answer, len(problems))); err != nil {
		return err
	}
	rows, err := ownRows(ctx, problems, s.periods)
	if err != nil {
		return err
	}
	rows = append(rows, peerRows(ctx, problems, prefix+"_python", *python, filepath.Join(*scripts, "peers.py"), prefix+"_series.csv", prefix+"_python",
		fmt.Sprint(s.step.Seconds()), joinInts(s.periods))...)
	rows = append(rows, peerRows(ctx, problems, prefix+"_r", *rscript, filepath.Join(*scripts, "peers.R"), prefix+"_series.csv", prefix+"_r", joinInts(s.periods))...)
	fmt.Printf("%s, %d series, one thread, %s, %s/%s, %s\n", *set, len(problems), time.Now().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, runtime.Version())
	printPeers(os.Stdout, problems, rows)
	return nil
}

// sampled gives n of the problems, always the same ones.
func sampled(problems []problem, n int) []problem {
	if n <= 0 || n >= len(problems) {
		return problems
	}
	out := slices.Clone(problems)
	slices.SortFunc(out, func(a, b problem) int {
		x, y := sha256.Sum256([]byte("peers:"+a.name)), sha256.Sum256([]byte("peers:"+b.name))
		return slices.Compare(x[:], y[:])
	})
	return out[:n]
}

// ownRows runs Forewarn's methods on one processor.
func ownRows(ctx context.Context, problems []problem, periods []int) ([]peerRow, error) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var out []peerRow
	for _, m := range ownMethods {
		progress("running Forewarn: %s", m.name)
		row := peerRow{method: "Forewarn: " + m.name, own: true, answers: map[string]answer{}}
		for _, p := range problems {
			in := forecast.Input{Values: p.train, Step: p.step}
			if m.told >= 0 {
				in.Periods = periods[:min(m.told, len(periods))]
			}
			a, ms, err := timed(ctx, in, forecast.Options{Algorithm: m.algorithm, Params: m.params, Horizon: p.horizon, Confidence: 0.95})
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", m.name, p.name, err)
			}
			row.answers[p.name], row.ms = a, append(row.ms, ms)
		}
		out = append(out, row)
	}
	return out, nil
}

// timed repeats short runs, so that the clock's grain does not count.
func timed(ctx context.Context, in forecast.Input, opt forecast.Options) (a answer, ms float64, err error) {
	begin, times := processorTime(), 0
	for times == 0 || times < 20 && processorTime()-begin < 5*time.Millisecond {
		r, err := forecast.Run(ctx, in, opt)
		if err != nil {
			return a, 0, err
		}
		a = answer{mean: r.Mean, lo95: r.Lower, hi95: r.Upper}
		times++
	}
	return a, (processorTime() - begin).Seconds() * 1000 / float64(times), nil
}

// peerRows runs a script and reads what it wrote; a peer that cannot run is named and left out.
func peerRows(ctx context.Context, problems []problem, prefix, program string, args ...string) []peerRow {
	c := exec.CommandContext(ctx, program, args...)
	c.Stderr = os.Stderr
	if err := c.Run(); err != nil {
		progress("left out: %s %s: %v", program, args[0], err)
	}
	rows, err := readPeers(prefix, problems)
	if err != nil {
		progress("left out: %v", err)
	}
	return rows
}

func joinInts(x []int) string {
	parts := make([]string, len(x))
	for i, v := range x {
		parts[i] = fmt.Sprint(v)
	}
	return strings.Join(parts, ",")
}
