package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/forewarn/earlywarning/pkg/forecast"
	"github.com/forewarn/earlywarning/pkg/parallel"
)

const forecastUsage = `usage: go run ./bench forecast -data DIR -out DIR [flags]

Forecasts the benchmark's data sets, with 80 % and 95 % bands, and prints what each series cost.
DIR of -data holds m4/, bitbrains/, planetlab/ and ett/ as described beside the data; what is absent is skipped.
Writes OUT/<set>.csv with the columns series,step,mean,lo80,hi80,lo95,hi95 for
  m4_hourly, m4_weekly, bitbrains_h48, bitbrains_h168gaps: the given training and test parts;
  planetlab: CPU of every VM of a day at 5 minutes, three origins (12, 16 and 20 hours of history), 4 hours ahead;
  ett: every column of an hourly file, 8 weeks of history, an origin every 28 days, 48 hours ahead.
For the last two it also writes the split itself: OUT/<set>_series.csv and OUT/<set>_truth.csv. With -earlier N it does so for all,
as the first four then end N horizons earlier, and what follows is their test part.
flags:
`

// problem is one series to forecast.
type problem struct {
	name, category string
	period         int // of the scorers' scale, not told to the forecaster
	horizon        int
	step           time.Duration
	train, truth   []float64 // truth is empty where a file of the data holds it
}

// answer is the forecast of a problem.
type answer struct {
	result                       *forecast.Result
	mean, lo80, hi80, lo95, hi95 []float64
	seconds                      float64
	err                          error
}

func forecasts(ctx context.Context, args []string) error {
	flags := newFlags("forecast", forecastUsage)
	data := flags.String("data", "", "folder with the data sets")
	out := flags.String("out", "", "folder for the forecasts")
	algorithm := flags.String("algorithm", forecast.Auto, "forecaster")
	only := flags.String("sets", "", "data sets to run, separated by commas; empty = all")
	workers := flags.Int("workers", runtime.GOMAXPROCS(0), "series forecast at the same time")
	back := flags.Int("earlier", 0, "horizons by which series end earlier that have a test part of their own")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *data == "" || *out == "" {
		return fmt.Errorf("-data and -out are needed:\n%s", forecastUsage)
	}
	if err := known("sets", *only, forecastSets, func(s forecastSet) string { return s.name }); err != nil {
		return err
	}
	if *back < 0 {
		return fmt.Errorf("-earlier is %d: it is a number of horizons, 0 for none", *back)
	}
	if err := enough(*workers); err != nil {
		return err
	}
	if *algorithm != forecast.Auto {
		if _, err := forecast.Lookup(*algorithm); err != nil {
			return fmt.Errorf("-algorithm: %w", err)
		}
	}
	if err := os.MkdirAll(*out, 0o755); err != nil {
		return err
	}
	fmt.Printf("%-19s %7s %11s %11s %11s %11s %6s  %s\n", "set", "series", "mean s", "median s", "longest s", "processor s", "daily", "what was found and chosen")
	for _, set := range forecastSets {
		err := eachSet(set.name, *only, func() ([]problem, error) { return set.load(*data) }, func(problems []problem) error {
			problems = earlier(problems, *back)
			begin := processorTime()
			answers, err := solveAll(ctx, problems, *algorithm, *workers)
			if err != nil {
				return err
			}
			each := (processorTime() - begin).Seconds() / float64(max(len(problems), 1))
			if err := writeForecasts(filepath.Join(*out, set.name), problems, answers); err != nil {
				return err
			}
			summarise(os.Stdout, set.name, problems, answers, each)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// solveAll forecasts every problem on several cores; the order of the answers is that of the problems.
func solveAll(ctx context.Context, problems []problem, algorithm string, workers int) ([]answer, error) {
	answers := make([]answer, len(problems))
	err := parallel.Each(ctx, len(problems), workers, func(ctx context.Context, i int) error {
		answers[i] = solve(ctx, problems[i], algorithm)
		return ctx.Err() // what was interrupted is no refusal
	})
	return answers, err
}

// solve forecasts one problem. Where the forecaster refuses, the answer says why and repeats the last known value, so that
// the other series can be scored.
func solve(ctx context.Context, p problem, algorithm string) answer {
	begin := time.Now()
	r, err := forecast.Run(ctx, forecast.Input{Values: p.train, Step: p.step},
		forecast.Options{Algorithm: algorithm, Horizon: p.horizon, Confidence: 0.95})
	if err != nil {
		last := 0.0
		for _, v := range p.train {
			if !math.IsNaN(v) {
				last = v
			}
		}
		flat := slices.Repeat([]float64{last}, p.horizon)
		return answer{err: fmt.Errorf("%s: %w", p.name, err), mean: flat, lo80: flat, hi80: flat, lo95: flat, hi95: flat}
	}
	a := answer{result: r, mean: r.Mean, lo95: r.Lower, hi95: r.Upper}
	a.lo80, a.hi80 = r.Band(0.80)
	a.seconds = time.Since(begin).Seconds()
	return a
}

// summarise prints one line of times and choices, and one for every series that was refused: processor is the mean time of all
// threads for a series, daily the share of the series in which a season of a day was found.
func summarise(w io.Writer, name string, problems []problem, answers []answer, processor float64) {
	var times []float64
	daily := 0
	sum := 0.0
	found := map[string]int{}
	for i, a := range answers {
		if a.err != nil {
			fmt.Fprintf(w, "%-19s refused: %v\n", name, a.err)
			continue
		}
		times = append(times, a.seconds)
		sum += a.seconds
		if slices.Contains(a.result.Periods, int(24*time.Hour/problems[i].step)) {
			daily++
		}
		found[fmt.Sprintf("%s%v", a.result.Algorithm, a.result.Periods)]++
	}
	if len(times) == 0 {
		return
	}
	slices.Sort(times)
	keys := slices.SortedFunc(maps.Keys(found), func(a, b string) int { return cmp.Or(found[b]-found[a], cmp.Compare(a, b)) })
	text := make([]string, 0, len(keys))
	for _, k := range keys[:min(len(keys), 6)] {
		text = append(text, fmt.Sprintf("%s %d", k, found[k]))
	}
	fmt.Fprintf(w, "%-19s %7d %11.6f %11.6f %11.6f %11.6f %5.1f%%  %s\n", name, len(answers), sum/float64(len(times)), times[len(times)/2],
		times[len(times)-1], processor, 100*float64(daily)/float64(len(times)), strings.Join(text, ", "))
}
